"""Trials in a session: somebody says "stop" over the assistant's voice, or asks for something in a hold."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from assistant.audio.formats import RATE, Samples
from assistant.dialogue.state.plan import LETTERS_A_SECOND
from assistant.keeping.journal import Row
from assistant.routines.loading import load_routines, own_routine_files
from scripts.benchmarks.sessions import User
from scripts.testbed.rooms import end_of_speech

LONG_LINE = 45
"""Letters of a line that takes three seconds."""

WITHIN_S = 1.5
"""Understood is what is taken within this time of its end."""

_PATIENCE_S = 45.0
_SETTLE_S = 0.6
_PAST_THE_LINES = frozenset({"getting-ready", "moving", "holding"})
"""The routine goes on with short words: no line came that is long enough."""

ROUTINES = tuple(routine.title for routine in load_routines(own_routine_files())[0].values())
"""Their spoken names, all that come along."""


@dataclass(frozen=True)
class CommandVoice:
    """Somebody's recording of a command: who, whether the model was trained on them, and the sound."""

    name: str
    held_out: bool
    clip: Samples


@dataclass(frozen=True)
class Trial:
    """A command over the assistant's voice.

    Attributes:
        routine: The routine under way.
        readies: How often "ready" was said before: 0 in the cautions, 1 in the positioning, 2 in the instructions.
        line: Which of the long lines from there on is spoken into.
        place: How far into the line: 0 its beginning, 1 its end.
        voice: Who says it.
    """

    routine: str
    readies: int
    line: int
    place: float
    voice: CommandVoice


@dataclass(frozen=True)
class Tried:
    """What came of it.

    Attributes:
        trial: The trial.
        understood: Whether it was taken for what it was, in time, while the assistant spoke.
        misheard: What was taken instead, before or during the trial.
        silence_s: From the end of the command to silence at the loudspeaker.
        compute_s: The processor's time for the block that decided.
    """

    trial: Trial
    understood: bool
    misheard: tuple[str, ...]
    silence_s: float | None
    compute_s: float


def trials(voices: Sequence[CommandVoice], count: int, seed: int) -> list[Trial]:
    """Where and by whom the command is said: all voices in turn, places drawn.

    Args:
        voices: Who may say it.
        count: How many.
        seed: The same seed gives the same trials.
    """
    chance = random.Random(seed)  # noqa: S311 - the same trials every time
    return [
        Trial(
            routine=ROUTINES[number % len(ROUTINES)],
            readies=chance.choice((0, 0, 1, 2)),
            line=chance.choice((0, 1)),
            place=chance.uniform(0.05, 0.75),
            voice=voices[number % len(voices)],
        )
        for number in range(count)
    ]


class Interrupter(User):
    """Makes trials one after the other in one session: begins a routine, says "stop" into a line, begins anew."""

    def __init__(self, wanted: Sequence[Trial]) -> None:
        super().__init__()
        self.tried: list[Tried] = []
        self._waiting = list(wanted)
        self._trial: Trial | None = None
        self._begun_at = self._finished_at = 0.0
        self._first_row = 0
        self._readies = 0
        self._lines = 0
        self._said_at: float | None = None
        self._end_at = 0.0
        self._costs: dict[int, float] = {}
        self._cut_at: dict[int, tuple[float, float]] = {}

    def results(self, played: Samples) -> list[Tried]:
        """What came of each trial, given what the loudspeaker played."""
        found = []
        for number, tried in enumerate(self.tried):
            if number in self._cut_at:
                end_s, cut_s = self._cut_at[number]
                silence_s = until_silence(played, round(end_s * RATE), round(cut_s * RATE))
                found.append(replace(tried, silence_s=silence_s))
            else:
                found.append(tried)
        return found

    def notice(self, row: Row) -> None:
        """Lead to the line that is spoken into."""
        if row["kind"] == "heard":
            self._costs[len(self.rows) - 1] = self.listener.spent_s if self.listener else 0.0
        trial = self._trial
        if trial is None or self._said_at is not None or row["kind"] != "saying":
            return
        if row["text"].startswith("Which leg"):
            self.feed("left", row["t"] + 0.3)
        elif self._readies < trial.readies:
            if self._of_phase() in {"cautioning", "positioning", "instructing"}:
                self._readies += 1
                self.feed("ready", row["t"] + 0.3)
        elif len(row["text"]) >= LONG_LINE and self._lines < trial.line:
            self._lines += 1
        elif len(row["text"]) >= LONG_LINE:
            self._say(trial, row["t"] + 0.3 + trial.place * (len(row["text"]) / LETTERS_A_SECOND - 1.5))

    def act(self, now: float) -> None:
        """Begin and end trials."""
        assert self.conversation is not None
        if self.exhausted:
            return
        if self._trial is None:
            if now > self._begun_at + _SETTLE_S and not self.conversation.speaking and not self._texts:
                self._begin(now)
        elif self._said_at is None and self._no_line_comes(now) and (self._trial.readies or self._trial.line):
            self._waiting.insert(0, replace(self._trial, readies=0, line=0))  # the first line of all is long enough
            self._trial, self._begun_at = None, now
            self.feed("stop", now)
        elif self._said_at is not None and now > self._end_at + WITHIN_S + _SETTLE_S:
            self._finish(self._judge(self._trial), now)
        elif now > self._begun_at + _PATIENCE_S:
            misheard = tuple(self._misheard())
            self._finish(Tried(self._trial, False, (*misheard, "never came to the line"), None, 0.0), now)

    def _no_line_comes(self, now: float) -> bool:
        return self._of_phase() in _PAST_THE_LINES or now > self._begun_at + _PATIENCE_S / 2

    def _begin(self, now: float) -> None:
        if self._of_phase() not in {None, "idle", "introducing"}:  # it did not stop, or went on by itself
            self.exhausted = now > self._finished_at + _PATIENCE_S  # it can't be brought to rest: begin anew
            self.feed("stop", now)
            self._begun_at = now
            return
        if not self._waiting:
            self.exhausted = True
            return
        self._trial = self._waiting.pop(0)
        self._begun_at, self._first_row = now, len(self.rows)
        self._readies = self._lines = 0
        self._said_at = None
        self.feed(f"start {self._trial.routine}", now)

    def _say(self, trial: Trial, at: float) -> None:
        self._said_at = round(at * RATE) / RATE
        self._end_at = self._said_at + end_of_speech(trial.voice.clip) / RATE
        self.speak(trial.voice.clip, self._said_at)

    def _finish(self, tried: Tried, now: float) -> None:
        self.tried.append(tried)
        self._trial = None
        self._begun_at = self._finished_at = now
        if self._of_phase() not in {"idle", "introducing"}:
            self.feed("stop", now)

    def _of_phase(self) -> str | None:
        return next((row["phase"] for row in reversed(self.rows) if row["kind"] == "phase"), None)

    def _misheard(self) -> list[str]:
        return [
            row["intent"]
            for row in self.by_sound
            if row["t"] >= self._begun_at and not (row["intent"] == "Stop" and self._in_time(row))
        ]

    def _in_time(self, row: Row) -> bool:
        return self._said_at is not None and self._said_at < row["t"] <= self._end_at + WITHIN_S

    def _over(self, row: Row) -> bool:
        assert self._said_at is not None
        return bool(row["start"] <= self._said_at <= row["end"])

    def _judge(self, trial: Trial) -> Tried:
        assert self._said_at is not None
        misheard = tuple(self._misheard())
        stops = [
            (number, row)
            for number, row in enumerate(self.rows)
            if number >= self._first_row and row in self.by_sound and row["intent"] == "Stop" and self._in_time(row)
        ]
        spoken_into = next((row for row in self.rows if row["kind"] == "said" and self._over(row)), None)
        for number, _ in stops[:1]:
            if spoken_into is None:  # something misheard had silenced it before
                return Tried(trial, False, (*misheard, "it was silent"), None, 0.0)
            # Where the line ended while the command was being decided, nothing had to fall silent.
            if spoken_into["cut"]:
                self._cut_at[len(self.tried)] = (self._end_at, spoken_into["end"])
            return Tried(trial, True, misheard, None, self._costs[number])
        return Tried(trial, False, misheard, None, 0.0)


@dataclass(frozen=True)
class Answered:
    """A command in a hold, and its answer.

    Attributes:
        intent: What was said.
        voice: By whom.
        answered_s: From the end of the command to the first sample of the answer; None where it was not understood.
        compute_s: The processor's time for the block that decided.
    """

    intent: str
    voice: str
    answered_s: float | None
    compute_s: float


class Asker(User):
    """Holds a stretch and says one command after the other, each a few seconds into a hold.

    Args:
        commands: The commands' intents and who says them.
        routine: A routine with holds.
    """

    AFTER_S = 3.0
    _NEXT: ClassVar[Mapping[str, str]] = {
        "cautioning": "ready",
        "positioning": "ready",
        "instructing": "ready",
        "moving": "next",
        "resting": "ready",
        "changing-sides": "ready",
        "asking-side": "left",
    }

    def __init__(self, commands: Sequence[tuple[str, CommandVoice]], routine: str = "cool down") -> None:
        super().__init__()
        self.answers: list[tuple[float, Row | None, Row | None, float, str, CommandVoice]] = []
        self._commands = list(commands)
        self._routine = routine
        self._asked: tuple[str, CommandVoice, float] | None = None
        self._first_row = 0
        self._fed_at = 0.0
        self._held_since: float | None = None
        self._costs: dict[int, float] = {}
        self.leave_at = 90.0 * len(commands)

    def notice(self, row: Row) -> None:
        """Note what a decision cost, and when a hold begins."""
        if row["kind"] == "heard":
            self._costs[len(self.rows) - 1] = self.listener.spent_s if self.listener else 0.0
        if row["kind"] == "phase":
            self._held_since = None
        if row["kind"] == "tick" and self._held_since is None:
            self._held_since = row["t"]

    def act(self, now: float) -> None:
        """Go on to the next hold, or say the next command."""
        assert self.conversation is not None
        if self._asked is not None:
            if now > self._asked[2] + 3.0:
                self._answered()
            return
        if not self._commands:
            self.exhausted = True
            return
        if self._held_since is not None and now > self._held_since + self.AFTER_S and not self.conversation.speaking:
            intent, voice = self._commands.pop(0)
            self.speak(voice.clip, now)
            self._asked = (intent, voice, now + end_of_speech(voice.clip) / RATE)
            self._first_row = len(self.rows)
        elif now > self._fed_at + 1.0 and not self.conversation.speaking:
            phase = next((row["phase"] for row in reversed(self.rows) if row["kind"] == "phase"), "introducing")
            words = f"start {self._routine}" if phase in {"idle", "introducing"} else self._NEXT.get(phase)
            if words is not None:
                self._fed_at = now
                self.feed(words, now)

    def _answered(self) -> None:
        assert self._asked is not None
        intent, voice, end_s = self._asked
        rows = list(enumerate(self.rows))[self._first_row :]
        heard = next(((n, row) for n, row in rows if row["kind"] == "heard" and row["intent"] == intent), None)
        saying = next((row for n, row in rows if heard and n > heard[0] and row["kind"] == "saying"), None)
        cost = self._costs[heard[0]] if heard else 0.0
        self.answers.append((end_s, heard[1] if heard else None, saying, cost, intent, voice))
        self._asked, self._held_since = None, None

    def results(self, played: Samples) -> list[Answered]:
        """What came of each command, given what the loudspeaker played."""
        found = []
        for end_s, _, saying, cost, intent, voice in self.answers:
            first = None if saying is None else first_sound(played, round(saying["t"] * RATE))
            delay = None if first is None else first / RATE - end_s
            found.append(Answered(intent, voice.name, delay, cost))
        return found


def until_silence(played: Samples, end: int, cut: int) -> float:
    """Seconds from the sample `end` to the last sound before the line was cut; 0 if it had fallen silent before."""
    last = last_sound(played, end, cut)
    return 0.0 if last is None else (last + 1 - end) / RATE


def last_sound(played: Samples, begin: int, end: int, above: int = 30) -> int | None:
    """The last sample from `begin` to before `end` that can be heard; None where there is none."""
    found = np.flatnonzero(np.abs(played[begin:end].astype(np.int32)) > above)
    return begin + int(found[-1]) if len(found) else None


def first_sound(played: Samples, begin: int, above: int = 30) -> int | None:
    """The first sample from `begin` on that can be heard: above 60 dB below full scale."""
    found = np.flatnonzero(np.abs(played[begin:].astype(np.int32)) > above)
    return begin + int(found[0]) if len(found) else None
