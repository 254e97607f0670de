"""What will be said soon, rendered before it is due: a natural voice takes a tenth as long as it speaks.

The core is a pure function, so what comes can be tried: what is said if nobody says anything, and what the answers to
it would be. To be wrong here costs a moment of silence, no word.
"""

from __future__ import annotations

import logging
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from types import TracebackType
from typing import Any, Protocol, Self

from assistant.dialogue.actions import Action, Hush, Say
from assistant.dialogue.events import DeadlineReached, Event, Heard, SpeechFinished
from assistant.dialogue.line import Line
from assistant.dialogue.manager import next_deadline, respond
from assistant.dialogue.state.plan import LETTERS_A_SECOND
from assistant.dialogue.state.session import Session
from assistant.dialogue.state.takes import TAKES
from assistant.loop.observers import Transition
from assistant.routines import Routine
from intents import Command

LINES_AHEAD = 24
"""As far as the quiet course is followed: most of a step, with its counts."""

LINES_AFTER_ANSWER = 3

_LONGEST_S = 90.0
_LIKELY: Mapping[str, Sequence[Mapping[str, Any]]] = {
    "Ready": ({},),
    "Yes": ({},),
    "No": ({},),
    "Side": ({"side": "left"}, {"side": "right"}),
    "Next": ({},),
    "LegPain": ({"moved": "none"}, {"moved": "same"}),
    "SinceLast": ({"since": "better"}, {"since": "same"}),
    "Number": ({"number": 2}, {"number": 5}),
    "Resume": ({},),
    "Stop": ({},),
    "Pause": ({},),
    "Repeat": ({},),
}
"""Answers that come often, the likeliest first."""

_log = logging.getLogger(__name__)


class Renders(Protocol):
    """What is needed of the synthesiser."""

    def prepare_next(self, texts: Iterable[str]) -> object:
        """Render these before all else that is not asked for yet; they take the place of those given before."""

    def prepare(self, texts: Iterable[str]) -> object:
        """Render these while there is nothing else to do."""


class RenderingAhead:
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

    def close(self) -> None:
        """Look ahead no more."""
        self._newest = None
        self._thinking.shutdown(cancel_futures=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _look(self, transition: Transition, unsaid: tuple[Line, ...]) -> None:
        if self._newest is not transition:
            return  # things have moved on
        texts: dict[str, None] = {}
        for line, later in coming_lines(transition.after, unsaid, transition.now):
            texts[self._text_of(line, later)] = None
        self._voice.prepare_next(list(texts))


def coming_lines(session: Session, unsaid: Sequence[Line], now: float) -> Iterator[tuple[Line, int]]:
    """What will be said, and after how many others of its key.

    First if nobody says anything, then in answer to what is often said.

    Args:
        session: Where it has come to.
        unsaid: Lines that are being said, or wait to be.
        now: The time, in seconds on the sample clock.
    """
    quiet = islice(_course(session, deque(unsaid), now), LINES_AHEAD)
    waiting = session
    said: Counter[str] = Counter()
    for line, after in quiet:
        waiting = after
        if line is not None:
            yield line, said[line.key]
            said[line.key] += 1
    places = [session] if type(waiting.phase) is type(session.phase) else [session, waiting]
    for here in places:
        for command in _likely(here):
            try:
                after, actions = respond(here, Heard(command, 1.0, now, now), now)
            except (KeyError, ValueError):  # not in this phase
                continue
            lines = deque(_said(actions))
            yield from ((line, 0) for line in lines)
            yield from ((line, 0) for line, _ in islice(_course(after, lines, now), LINES_AFTER_ANSWER) if line)


def _likely(session: Session) -> Iterator[Command]:
    takes = TAKES[type(session.phase)]
    for intent, answers in _LIKELY.items():
        if intent in takes:
            yield from (Command(intent, dict(slots)) for slots in answers)
    if "StartRoutine" in takes and session.under_way is None:
        yield from (Command("StartRoutine", {"routine": key}) for key in session.routines)


def _course(session: Session, unsaid: deque[Line], now: float) -> Iterator[tuple[Line | None, Session]]:
    """What is said, one line after the other, while nobody says anything, and the session after each event."""
    end = now + _LONGEST_S
    while now < end:
        due = next_deadline(session)
        over = now + _seconds(unsaid[0]) if unsaid else None
        if over is not None and (due is None or over <= due):
            event: Event = SpeechFinished(unsaid.popleft())
            now = over
        elif due is not None:
            event = DeadlineReached()
            now = max(now, due)
        else:
            return
        session, actions = respond(session, event, now)
        if any(isinstance(action, Hush) for action in actions):
            unsaid.clear()
        unsaid.extend(action.line for action in actions if isinstance(action, Say) and action.at is None)
        lines = list(_said(actions))
        yield from ((line, session) for line in lines)
        if not lines:
            yield None, session


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


def _seconds(line: Line) -> float:
    """About how long a line lasts: what it is called tells nothing, so all are alike but for their slots."""
    return 2.0 + sum(len(value) for _, value in line.slots if isinstance(value, str)) / LETTERS_A_SECOND
