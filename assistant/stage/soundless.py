"""A world without sound: lines last as long as their letters take, and time is only what is counted.

`SoundlessWorld` plays a session of the pure core, for dialogue scripts and for whoever wants to know how long a routine
takes. It keeps the promises that the performer makes: one voice, lines in order with a pause in between, scheduled
counts on their exact time and left out while a line is being said, silence on `Hush`. `SoundlessVoice` is for sessions
of the whole loop that nobody hears.
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import cache
from typing import ClassVar, Self

from assistant.audio.formats import silence
from assistant.dialogue.actions import Action, Chime, ChimeKind, Finish, Hush, Record, Say, Tick
from assistant.dialogue.events import DeadlineReached, Event, Heard, SpeechFinished, Started
from assistant.dialogue.facts import Fact
from assistant.dialogue.line import Line, Slot
from assistant.dialogue.manager import next_deadline, respond
from assistant.dialogue.state.plan import BETWEEN_LINES_S, LETTERS_A_SECOND
from assistant.dialogue.state.session import Session
from assistant.voice.clip import Clip
from assistant.voice.wording import Wording
from intents import Command

_SLACK_S = 1e-9


@cache
def _english() -> Wording:
    return Wording()


class SoundlessVoice:
    """Makes silent clips, each as long as it would take to say its words."""

    def __init__(self) -> None:
        self._pace = 1.0

    def clip(self, text: str) -> Clip:
        """The clip of a text."""
        return Clip(text, silence(len(text) / LETTERS_A_SECOND / self._pace))

    def request(self, text: str) -> Future[Clip]:
        """The same, as the performer wants it."""
        future: Future[Clip] = Future()
        future.set_result(self.clip(text))
        return future

    def speak_as(self, pace: float, voice: str | None = None, *, clear: bool = False) -> None:
        """Speak faster (above 1) or slower from now on; whose voice it is can't be heard."""
        del voice, clear
        self._pace = pace


@dataclass(frozen=True)
class Spoken:
    """A line or a count that was said, perhaps cut short; times in seconds."""

    start: float
    end: float
    line: Line
    text: str
    cut: bool = False


@dataclass
class SoundlessWorld:
    """One session, and what came of it.

    Attributes:
        letters_a_second: How fast lines are said.
        between_lines_s: The pause after each.
        session: The session as it is now.
        now: The time, in seconds.
        spoken: What was said, in order.
        chimes: Tones, with their times.
        ticks: Counted seconds: time, and how many were left.
        facts: What was recorded.
        finished: Whether the assistant has been switched off.
        wording: The words of the lines.
    """

    letters_a_second: ClassVar[float] = LETTERS_A_SECOND
    between_lines_s: ClassVar[float] = BETWEEN_LINES_S

    session: Session
    now: float = 0.0
    spoken: list[Spoken] = field(default_factory=list)
    chimes: list[tuple[float, ChimeKind]] = field(default_factory=list)
    ticks: list[tuple[float, int]] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    finished: bool = False
    wording: Wording = field(default_factory=_english)

    def __post_init__(self) -> None:
        self._queue: deque[Line] = deque()
        self._sounding: Spoken | None = None  # with the end that it will have
        self._free_at = 0.0
        self._scheduled: list[Say | Chime | Tick] = []
        self._turn = self.session.user.practice.sessions

    def start(self) -> Self:
        """Switch the assistant on."""
        self.feed(Started())
        return self

    def feed(self, event: Event) -> tuple[Action, ...]:
        """Let something happen now."""
        self.session, actions = respond(self.session, event, self.now)
        due = next_deadline(self.session)
        assert due is None or due >= self.now - _SLACK_S, f"deadline {due} lies before {self.now}"
        for action in actions:
            self._perform(action)
        self._speak()
        return actions

    def obey(self, command: Command) -> None:
        """Let a command be heard now."""
        self.feed(Heard(command, 1.0, self.now, self.now))

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
        """Let the assistant finish what it is saying, for so many seconds at most."""
        end = self.now + limit
        while self.speaking and self.now < end:
            self.step()

    def until_waiting(self, limit: float = 3600.0) -> None:
        """Let time pass until nothing more happens by itself, so many seconds at most."""
        end = self.now + limit
        while (coming := self._next_time()) is not None and coming < end:
            self._step(coming)

    def step(self) -> None:
        """Let time pass until the next thing has happened, if one does by itself."""
        coming = self._next_time()
        if coming is not None:
            self._step(coming)

    def seconds_of(self, text: str) -> float:
        """How long it takes to say a text."""
        return len(text) / self.letters_a_second

    def text(self, line: Line) -> str:
        """The words of a line; its alternatives take turns from one session to the next."""

        def filled(value: Slot) -> str | int:
            return self.wording.listed([self.text(inner) for inner in value]) if isinstance(value, tuple) else value

        return self.wording.text(line.key, {name: filled(value) for name, value in line.slots}, self._turn)

    def _next_time(self) -> float | None:
        times = [item.at for item in self._scheduled if item.at is not None]
        if self._sounding:
            times.append(self._sounding.end)
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
        if self._sounding and self._sounding.end <= self.now:
            said, self._sounding = self._sounding, None
            self._free_at = said.end + self.between_lines_s
            self.spoken.append(said)
            self.feed(SpeechFinished(said.line))
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
                self.spoken.append(self._said(line, at))

    def _said(self, line: Line, at: float) -> Spoken:
        text = self.text(line)
        return Spoken(at, at + self.seconds_of(text), line, text)

    def _perform(self, action: Action) -> None:
        match action:
            case Say(at=None, line=line):
                self._queue.append(line)
            case Say() | Chime() | Tick():
                assert action.at is None or action.at >= self.now - _SLACK_S, "scheduled in the past"
                self._scheduled.append(action)
            case Hush(scheduled=scheduled):
                self._hush()
                if scheduled:
                    self._scheduled.clear()
            case Record(fact=fact):
                self.facts.append(fact)
            case Finish():
                self.finished = True
            case _:
                pass

    def _hush(self) -> None:
        cut, self._sounding, self._free_at = self._sounding, None, self.now
        self._queue.clear()
        if cut is not None and cut.start <= self.now:
            self.spoken.append(Spoken(cut.start, self.now, cut.line, cut.text, cut=True))

    def _speak(self) -> None:
        if self._sounding is None and self._queue:
            self._scheduled = [item for item in self._scheduled if not isinstance(item, Say)]
            self._sounding = self._said(self._queue.popleft(), max(self.now, self._free_at))
