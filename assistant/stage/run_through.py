"""A routine played through the real core without sound, by somebody who obeys: how long it takes, and what is done.

Lines last as long as they have letters. The user needs some seconds to get into each position, and answers questions
in the way that goes on.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from assistant.dialogue.actions import Action, Hush, Record, Say
from assistant.dialogue.events import DeadlineReached, Event, Heard, SpeechFinished
from assistant.dialogue.facts import Fact
from assistant.dialogue.line import Line, Slot
from assistant.dialogue.manager import next_deadline, respond
from assistant.dialogue.state.phases import AskingLeg, AskingSide, Idle, Phase, Positioning, Screening
from assistant.dialogue.state.plan import GETTING_INTO_POSITION_S, LETTERS_A_SECOND
from assistant.dialogue.state.session import Health, Session
from assistant.routines import Routine
from assistant.routines.exercise import Exercise
from assistant.routines.safety import own_safety
from assistant.voice.wording import Wording
from intents import Command

BETWEEN_LINES_S = 0.3
ANSWERING_S = 2.0
_LONGEST_S = 4 * 3600.0


@dataclass
class RunThrough:
    """What came of playing a routine.

    Attributes:
        seconds: From its announcement to the end of its closing words.
        facts: What was recorded.
        texts: What was said, in order.
    """

    seconds: float = 0.0
    facts: list[Fact] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)


def run_through(routine: Routine, exercises: Mapping[str, Exercise], **known: Any) -> RunThrough:
    """Play a routine to its end.

    Args:
        routine: The routine.
        exercises: The library.
        known: Fields of the session that are other than those of somebody new who has answered no to all.

    Raises:
        RuntimeError: It never ends: a defect of the core.
    """
    return _Player(routine, exercises, known).play()


class _Player:
    def __init__(self, routine: Routine, exercises: Mapping[str, Exercise], known: Mapping[str, Any]) -> None:
        answers = {question.key: False for question in own_safety().questions}
        usual = {"health": Health(answers, complete=True), "screened": True, "sore_side": "left"}
        self._session = Session(routines={routine.key: routine}, exercises=exercises, **{**usual, **known})
        self._wording = Wording()
        self._queue: deque[Line] = deque()
        self._ends_at: float | None = None
        self._now = 0.0
        self._answers_at: float | None = None
        self._result = RunThrough()

    def play(self) -> RunThrough:
        key = next(iter(self._session.routines))
        self._hear(Command("StartRoutine", {"routine": key}))
        while not (isinstance(self._session.phase, Idle) and not self._queue):
            self._answer_in_time()
            times = [t for t in (self._ends_at, self._answers_at, next_deadline(self._session)) if t is not None]
            if not times or self._now > _LONGEST_S:
                raise RuntimeError(f"{key} stands still in {self._session.phase}")
            self._now = max(self._now, min(times))
            self._step()
        self._result.seconds = self._now
        return self._result

    def _answer_in_time(self) -> None:
        if self._ends_at is None and self._answers_at is None and _answer_to(self._session.phase) is not None:
            thinking = GETTING_INTO_POSITION_S if isinstance(self._session.phase, Positioning) else ANSWERING_S
            self._answers_at = self._now + thinking

    def _step(self) -> None:
        if self._ends_at is not None and self._ends_at <= self._now:
            line = self._queue.popleft()
            self._ends_at = None
            self._feed(SpeechFinished(line))
        elif self._answers_at is not None and self._answers_at <= self._now:
            command = _answer_to(self._session.phase)
            self._answers_at = None
            if command is not None:
                self._hear(command)
        due = next_deadline(self._session)
        if due is not None and due <= self._now:
            self._feed(DeadlineReached())

    def _hear(self, command: Command) -> None:
        self._feed(Heard(command, 1.0, self._now, self._now))

    def _feed(self, event: Event) -> None:
        self._session, actions = respond(self._session, event, self._now)
        for action in actions:
            self._perform(action)
        if self._ends_at is None and self._queue:
            text = self._text(self._queue[0])
            self._result.texts.append(text)
            self._ends_at = self._now + len(text) / LETTERS_A_SECOND + BETWEEN_LINES_S

    def _perform(self, action: Action) -> None:
        match action:
            case Say(line=line, at=None):
                self._queue.append(line)
            case Hush():
                self._queue.clear()
                self._ends_at = None
            case Record(fact=fact):
                self._result.facts.append(fact)
            case _:
                pass

    def _text(self, line: Line) -> str:
        def filled(value: Slot) -> str | int:
            return self._wording.listed([self._text(inner) for inner in value]) if isinstance(value, tuple) else value

        return self._wording.text(line.key, {name: filled(value) for name, value in line.slots})


def _answer_to(phase: Phase) -> Command | None:
    """What somebody says who wants to go on."""
    match phase:
        case Positioning():
            return Command("Ready")
        case AskingSide():
            return Command("Side", {"side": "left"})
        case AskingLeg():
            return Command("LegPain", {"moved": "same"})
        case Screening():
            return Command("No")
        case _:
            return None
