"""A world without sound for the pure core: lines take as long as they have letters, time jumps to what comes next.

It keeps the promises that the performer makes: one voice, lines in order, scheduled counts on their exact time and
left out while a line is being said, silence on `Hush`.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from assistant.dialogue.actions import Action, Chime, Finish, Hush, Record, Say, Tick
from assistant.dialogue.events import DeadlineReached, Event, Heard, NotUnderstood, SpeechFinished, Started
from assistant.dialogue.facts import Fact
from assistant.dialogue.line import Line, Slot
from assistant.dialogue.manager import next_deadline, respond
from assistant.dialogue.state.session import Health, Preferences, Session
from assistant.loop.vocabulary import Vocabulary
from assistant.routines.loading import load_exercises, load_routines, own_routine_files
from assistant.routines.safety import own_safety
from assistant.voice.wording import Wording
from intents import Command

LETTERS_A_SECOND = 14.0
ROUTINES, _ERRORS = load_routines(own_routine_files())
EXERCISES = load_exercises()
VOCABULARY = Vocabulary(ROUTINES.values(), EXERCISES.values())
WORDING = Wording()


ANSWERED = Health({question.key: False for question in own_safety().questions}, complete=True)
"""Somebody who has answered every question before a routine with no."""


def new_session(**changes: object) -> Session:
    """A session with our own routines, of somebody who has just been asked how they are, unless told otherwise."""
    usual = {"preferences": Preferences(), "exercises": EXERCISES, "health": ANSWERED, "screened": True}
    return Session(routines=ROUTINES, **{**usual, **changes})  # type: ignore[arg-type]


@dataclass(frozen=True)
class Spoken:
    """A line or a count that was said."""

    start: float
    end: float
    line: Line
    text: str
    cut: bool = False


@dataclass
class World:
    """One session in a soundless world."""

    session: Session
    now: float = 0.0
    spoken: list[Spoken] = field(default_factory=list)
    chimes: list[tuple[float, str]] = field(default_factory=list)
    ticks: list[tuple[float, int]] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    finished: bool = False

    def __post_init__(self) -> None:
        self._queue: deque[Line] = deque()
        self._sounding: tuple[float, float, Line] | None = None
        self._scheduled: list[Say | Chime | Tick] = []
        self._turns: dict[str, int] = {}

    def start(self) -> World:
        """Switch the assistant on."""
        self.feed(Started())
        return self

    def feed(self, event: Event) -> tuple[Action, ...]:
        """Let something happen now."""
        self.session, actions = respond(self.session, event, self.now)
        due = next_deadline(self.session)
        assert due is None or due >= self.now - 1e-9, f"deadline {due} lies before {self.now}"
        for action in actions:
            self._perform(action)
        self._speak()
        return actions

    def hear(self, text: str) -> Command | None:
        """Words are heard now; those that are no sentence here are not understood."""
        command = VOCABULARY.of_phase(type(self.session.phase)).match(text)
        if command is None:
            self.feed(NotUnderstood("not a phrase"))
        else:
            self.feed(Heard(command, 1.0, self.now, self.now))
        return command

    @property
    def speaking(self) -> bool:
        """Whether a line is being said."""
        return self._sounding is not None

    @property
    def waits(self) -> bool:
        """Whether nothing happens any more unless somebody says something."""
        return self._next_time() is None

    def pass_time(self, seconds: float) -> None:
        """Let so much time pass."""
        end = self.now + seconds
        while (coming := self._next_time()) is not None and coming <= end:
            self._step(coming)
        self.now = max(self.now, end)

    def until_quiet(self, limit: float = 600.0) -> None:
        """Let the assistant finish what it is saying."""
        end = self.now + limit
        while self.speaking and self.now < end:
            coming = self._next_time()
            assert coming is not None
            self._step(coming)

    def until_waiting(self, limit: float = 3600.0) -> None:
        """Let time pass until nothing more happens by itself."""
        end = self.now + limit
        while (coming := self._next_time()) is not None and coming < end:
            self._step(coming)

    def _next_time(self) -> float | None:
        times = [item.at for item in self._scheduled if item.at is not None]
        if self._sounding:
            times.append(self._sounding[1])
        due = next_deadline(self.session)
        if due is not None:
            times.append(due)
        return min(times) if times else None

    def _step(self, at: float) -> None:
        self.now = max(self.now, at)
        for item in sorted(
            (i for i in self._scheduled if i.at is not None and i.at <= self.now), key=lambda i: i.at or 0.0
        ):
            self._scheduled.remove(item)
            self._sound(item)
        if self._sounding and self._sounding[1] <= self.now:
            start, end, line = self._sounding
            self._sounding = None
            self.spoken.append(Spoken(start, end, line, self.text(line)))
            self.feed(SpeechFinished(line))
        due = next_deadline(self.session)
        if due is not None and due <= self.now:
            self.feed(DeadlineReached())

    def _sound(self, item: Say | Chime | Tick) -> None:
        assert item.at is not None
        match item:
            case Chime(kind=kind, at=at):
                self.chimes.append((at, kind))
            case Tick(remaining=remaining, at=at):
                self.ticks.append((at, remaining))
            case Say(line=line, at=at) if not self.speaking and at is not None:
                text = self.text(line)
                self.spoken.append(Spoken(at, at + len(text) / LETTERS_A_SECOND, line, text))

    def _perform(self, action: Action) -> None:
        match action:
            case Say(at=None, line=line):
                self._queue.append(line)
            case Say() | Chime() | Tick():
                assert action.at is None or action.at >= self.now - 1e-9, "scheduled in the past"
                self._scheduled.append(action)
            case Hush(scheduled=scheduled):
                if self._sounding:
                    start, _, line = self._sounding
                    self.spoken.append(Spoken(start, self.now, line, self.text(line), cut=True))
                self._sounding = None
                self._queue.clear()
                if scheduled:
                    self._scheduled.clear()
            case Record(fact=fact):
                self.facts.append(fact)
            case Finish():
                self.finished = True
            case _:
                pass

    def _speak(self) -> None:
        if self._sounding is None and self._queue:
            line = self._queue.popleft()
            self._scheduled = [item for item in self._scheduled if not isinstance(item, Say)]
            self._sounding = (self.now, self.now + len(self.text(line)) / LETTERS_A_SECOND, line)

    def text(self, line: Line) -> str:
        """The words of a line, in their first wording."""

        def filled(value: Slot) -> str | int:
            return WORDING.listed([self.text(inner) for inner in value]) if isinstance(value, tuple) else value

        return WORDING.text(line.key, {name: filled(value) for name, value in line.slots})
