"""The phases within a routine, each with the task that it is about.

`assistant.dialogue.state.phases` has all phases, these among them.
"""

from __future__ import annotations

from dataclasses import dataclass

from assistant.dialogue.state.under_way import UnderWay


@dataclass(frozen=True, slots=True)
class InRoutine:
    """What the phases within a routine have in common; a phase without one can't speak of an exercise.

    Attributes:
        under_way: The routine, and which of its tasks this is about: the present one, or the one that comes next.
    """

    under_way: UnderWay


@dataclass(frozen=True, slots=True)
class Cautioning(InRoutine):
    """Names the routine and speaks its cautions."""


@dataclass(frozen=True, slots=True)
class Positioning(InRoutine):
    """Says how to get into position and waits until the user is there."""


@dataclass(frozen=True, slots=True)
class Instructing(InRoutine):
    """Tells the movement, with its caution and dose."""


@dataclass(frozen=True, slots=True)
class GettingReady(InRoutine):
    """Says that it is about to begin.

    Attributes:
        remaining: Seconds of the hold that are still to be held, where it was paused.
        rep: The rep to begin with.
    """

    remaining: float | None = None
    rep: int = 1


@dataclass(frozen=True, slots=True)
class Holding(InRoutine):
    """A position is being held.

    Attributes:
        starts_at: When the hold (or the rest of it, after a pause) begins; may lie a moment ahead.
        ends_at: When it is over.
        seconds: Its whole length, what was held before a pause included.
        upcoming: Whole seconds left at the next tick to schedule; 0: the end is to be scheduled; -1: it has been.
    """

    starts_at: float
    ends_at: float
    seconds: float
    upcoming: int


@dataclass(frozen=True, slots=True)
class Moving(InRoutine):
    """A movement is being repeated.

    Attributes:
        starts_at: When rep ``first`` begins.
        first: The rep it began with: 1, or a later one after a pause.
        upcoming: The next rep whose count is to be scheduled; one more than there are: the end is to be.
    """

    starts_at: float
    first: int
    upcoming: int


@dataclass(frozen=True, slots=True)
class Resting(InRoutine):
    """A rest before the next hold of the same step.

    Attributes:
        ends_at: When the rest is over.
    """

    ends_at: float


@dataclass(frozen=True, slots=True)
class ChangingSides(InRoutine):
    """Time to change over to the other side.

    Attributes:
        ends_at: When to go on.
    """

    ends_at: float


@dataclass(frozen=True, slots=True)
class AskingLeg(InRoutine):
    """After a directional set: asks where the leg pain is now."""


@dataclass(frozen=True, slots=True)
class Closing:
    """Speaks the closing words, or acknowledges "stop".

    Attributes:
        done: Whether a routine was done to its end.
        acts: What leads up from the floor, where the user lies or kneels on it: keys of `LeavingTheFloor`.
    """

    done: bool = False
    acts: tuple[str, ...] = ()
