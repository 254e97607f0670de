"""What will be said soon, rendered before it is due: a natural voice takes a tenth as long as it speaks.

The core is a pure function, so what comes can be tried: what is said if nobody says anything, and what the answers to
it would be. To be wrong here costs a moment of silence, no word.
"""

from __future__ import annotations

import logging
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from operator import itemgetter
from typing import Protocol

from assistant.closing import ClosedAfterUse
from assistant.dialogue.actions import Action, Hush, Say
from assistant.dialogue.events import DeadlineReached, Event, Heard, SpeechFinished
from assistant.dialogue.foreseeing import likely_answers
from assistant.dialogue.line import Line
from assistant.dialogue.manager import next_deadline, respond
from assistant.dialogue.state.plan import BETWEEN_LINES_S, LETTERS_A_SECOND
from assistant.dialogue.state.session import Session
from assistant.loop.observers import Transition
from assistant.routines import Routine
from intents import Command

LINES_AHEAD = 24
"""As far as the quiet course is followed: most of a step, with its counts."""

LINES_AFTER_ANSWER = 3

ANSWERING_S = 1.0
"""How soon somebody may answer."""

LESS_LIKELY_S = 2.0
"""As if each answer came so much later than the likelier one before it."""

_LONGEST_S = 90.0

_log = logging.getLogger(__name__)


class Renders(Protocol):
    """What is needed of the synthesiser."""

    def prepare_next(self, texts: Iterable[str]) -> object:
        """Render these before all else that is not asked for yet; they take the place of those given before."""

    def prepare(self, texts: Iterable[str]) -> object:
        """Render these while there is nothing else to do."""


class RenderingAhead(ClosedAfterUse):
    """An observer that has the coming lines rendered, and all of a routine once it has begun.

    Args:
        voice: Renders.
        text_of: The words of a line that is said after so many others of its key.
        texts_of: All that a routine says for certain.
    """

    def __init__(
        self, voice: Renders, text_of: Callable[[Line, int], str], texts_of: Callable[[Routine], Iterable[str]]
    ) -> None:
        self._voice = voice
        self._text_of = text_of
        self._texts_of = texts_of
        self._unsaid: deque[Line] = deque()
        self._begun: set[str] = set()
        self._thinking = ThreadPoolExecutor(1, "rendering-ahead")
        self._newest: object = None

    def __call__(self, transition: Transition) -> None:
        """Look ahead from where the session has come to."""
        self._unsaid = _unsaid_after(self._unsaid, transition)
        under_way = transition.after.under_way
        if under_way is not None and under_way.routine.key not in self._begun:
            self._begun.add(under_way.routine.key)
            self._voice.prepare(self._texts_of(under_way.routine))
        self._newest = transition
        self._thinking.submit(self._look, transition, tuple(self._unsaid))

    def settle(self) -> None:
        """Wait until it has looked as far as it will."""
        self._thinking.submit(int).result()

    def close(self) -> None:
        """Look ahead no more."""
        self._newest = None
        self._thinking.shutdown(cancel_futures=True)

    def _look(self, transition: Transition, unsaid: tuple[Line, ...]) -> None:
        if self._newest is not transition:
            return  # things have moved on

        def seconds(line: Line) -> float:
            return len(self._text_of(line, 0)) / LETTERS_A_SECOND

        lines = coming_lines(transition.after, unsaid, transition.now, seconds)
        self._voice.prepare_next(list(dict.fromkeys(self._text_of(line, later) for line, later in lines)))


def coming_lines(
    session: Session, unsaid: Sequence[Line], now: float, seconds: Callable[[Line], float]
) -> list[tuple[Line, int]]:
    """What will be said, and after how many others of its key; in the order in which it may be due.

    Beside what comes if nobody says anything, these are the answers to what is often said in each silence on the way.

    Args:
        session: Where it has come to.
        unsaid: Lines that are being said, or wait to be.
        now: The time, in seconds on the sample clock.
        seconds: About how long a line lasts.
    """
    due: list[tuple[float, Line, int]] = []
    said: Counter[str] = Counter()
    silences = {type(session.phase): (session, now + sum(map(seconds, unsaid)))}
    for at, after, lines, silent in _course(session, deque(unsaid), now, seconds, LINES_AHEAD):
        for line in lines:
            due.append((at, line, said[line.key]))
            said[line.key] += 1
        if silent:
            silences.setdefault(type(after.phase), (after, at))
    for here, silent_from in silences.values():
        for rank, command in enumerate(likely_answers(here)):
            answers = _answer(here, command, silent_from + ANSWERING_S, seconds)
            due += [(at + rank * LESS_LIKELY_S, line, 0) for at, line in answers]
    return [(line, later) for _, line, later in sorted(due, key=itemgetter(0))]


def _answer(
    session: Session, command: Command, now: float, seconds: Callable[[Line], float]
) -> Iterator[tuple[float, Line]]:
    try:
        after, actions = respond(session, Heard(command, 1.0, now, now), now)
    except (KeyError, ValueError):  # it is not taken there as it is
        return
    lines = list(_said(actions))
    yield from ((now, line) for line in lines)
    for at, _, more, _ in _course(after, deque(lines), now, seconds, LINES_AFTER_ANSWER):
        yield from ((at, line) for line in more)


def _course(
    session: Session, unsaid: deque[Line], now: float, seconds: Callable[[Line], float], most: int
) -> Iterator[tuple[float, Session, list[Line], bool]]:
    """What happens while nobody says anything, event by event.

    When it is due, the session after it, the lines that it brings, and whether there was silence before it.
    """
    end, count = now + _LONGEST_S, 0
    while now < end and count < most:
        deadline = next_deadline(session)
        over = now + seconds(unsaid[0]) + BETWEEN_LINES_S if unsaid else None
        before = now, session
        if over is not None and (deadline is None or over <= deadline):
            event: Event = SpeechFinished(unsaid.popleft())
            now = over
        elif deadline is not None:
            event = DeadlineReached()
            now = max(now, deadline)
        else:
            if not unsaid:
                yield now, session, [], True
            return
        if isinstance(event, DeadlineReached) and not unsaid and now - before[0] >= ANSWERING_S:
            yield *before, [], True
        session, actions = respond(session, event, now)
        if any(isinstance(action, Hush) for action in actions):
            unsaid.clear()
        unsaid.extend(action.line for action in actions if isinstance(action, Say) and action.at is None)
        lines = list(_said(actions))
        count += len(lines)
        yield now, session, lines, False


def _said(actions: Iterable[Action]) -> Iterator[Line]:
    return (action.line for action in actions if isinstance(action, Say))


def _unsaid_after(unsaid: deque[Line], transition: Transition) -> deque[Line]:
    """The lines that are being said, or wait to be, after a transition."""
    left = deque(unsaid)
    event = transition.event
    if isinstance(event, SpeechFinished) and event.line in left:
        left.remove(event.line)
    actions = _again(event, transition)
    if any(isinstance(action, Hush) for action in actions):
        left.clear()
    left.extend(action.line for action in actions if isinstance(action, Say) and action.at is None)
    return left


def _again(event: Event, transition: Transition) -> Sequence[Action]:
    return respond(transition.before, event, transition.now)[1]
