"""What others may know of a session while it runs: one value, complete at any time, for a screen or a bridge.

As JSON, version 1; times are seconds on the session's sample clock::

    version, clock     1; the clock as it is heard now
    at                 since when this is so: a moment ahead, where the sound card is given its sound ahead of time
    condition          idle asking caution getting-ready holding repeating resting paused lost alert closing ended
    phase              the phase, more exactly; null where it asks something, which may be about health
    lost               device that is missing, or null; what is said about a sign of danger keeps its condition
    routine            {id, name} or null
    exercise           {id, name, form: easier | usual | harder} or null
    side               left | right | null: the exercise has no sides
    step, steps        from 1, or null
    next, next_side    name of the next exercise; side that comes before it, if one does
    countdown          {began, ends, seconds} of a hold or a rest, or null. Left are ends - max(clock, began) of
                       `seconds`: began may lie a moment ahead, and after a pause began to ends is the rest of it
    left               {seconds, of} while that stands still, or null
    rep                {number, of, began, lasts, beats} or null: rep `number` begins at `began`, the others follow
                       each other; began is null while they stand still
    set                {number, of, amount, unit: seconds | reps | breaths} or null: so many holds in a row on a side
    line, line_at      words being said, from when on; null: none, or (private: true) none that may be shown
    heard              {words, taken, why, at} or null: the words where they may be shown; why they were not taken
    buttons            [{say, label, intent, urgent}]: what may be said instead of pressed, the most needed first
    alert              what to do about a sign of danger, or null
    figure             {exercise, form, side} where there is one, or null
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from assistant.dialogue.facts import Side
from assistant.loop.buttons import Button
from assistant.routines import Form

VERSION = 1

Condition = Literal[
    "idle",
    "asking",
    "caution",
    "getting-ready",
    "holding",
    "repeating",
    "resting",
    "paused",
    "lost",
    "alert",
    "closing",
    "ended",
]


@dataclass(frozen=True, slots=True)
class Named:
    """A routine: its key and its title."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class ShownExercise:
    """An exercise: its key, its name, and the form in which it is done."""

    id: str
    name: str
    form: Form


@dataclass(frozen=True, slots=True)
class Countdown:
    """A hold or a rest that runs; all in seconds, `seconds` is its whole length."""

    began: float
    ends: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of a hold or a rest that stands still, in seconds, and its whole length."""

    seconds: float
    of: float


@dataclass(frozen=True, slots=True)
class Rep:
    """Rep `number` begins at `began` and `lasts` so many seconds, each of its beats an equal part; others follow it."""

    number: int
    of: int
    began: float | None
    lasts: float
    beats: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SetOfStep:
    """Which hold of how many in a row on a side, and its dose."""

    number: int
    of: int
    amount: int
    unit: Literal["seconds", "reps", "breaths"]


@dataclass(frozen=True, slots=True)
class ShownFigure:
    """What is drawn."""

    exercise: str
    form: Form
    side: Side | None


@dataclass(frozen=True, slots=True)
class HeardWords:
    """What was heard last, if it may be shown; or why it was not taken."""

    words: str | None
    taken: bool
    why: str | None
    at: float


@dataclass(frozen=True, slots=True)
class Published:
    """The state; see the module."""

    condition: Condition
    phase: str | None = None
    lost: str | None = None
    routine: Named | None = None
    exercise: ShownExercise | None = None
    side: Side | None = None
    step: int | None = None
    steps: int | None = None
    next: str | None = None
    next_side: Side | None = None
    countdown: Countdown | None = None
    left: Left | None = None
    rep: Rep | None = None
    set: SetOfStep | None = None
    line: str | None = None
    line_at: float | None = None
    private: bool = False
    heard: HeardWords | None = None
    buttons: tuple[Button, ...] = ()
    alert: str | None = None
    figure: ShownFigure | None = None
    at: float = field(default=0.0, compare=False)

    def data(self, clock: float) -> dict[str, Any]:
        """The state for JSON, at a time of the clock."""
        return {"version": VERSION, "clock": clock, **asdict(self)}

    def rep_at(self, clock: float) -> int:
        """Which rep is being done at a time of the clock; 0 before the first."""
        if self.rep is None or self.rep.began is None or clock < self.rep.began:
            return 0 if self.rep is None else self.rep.number - 1
        return min(self.rep.of, self.rep.number + int((clock - self.rep.began) // self.rep.lasts))
