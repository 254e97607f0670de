"""What is worth remembering of a session."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.dialogue.plan import Side


@dataclass(frozen=True, slots=True)
class Held:
    """A position was held.

    Attributes:
        routine: Key of the routine.
        step: Name of the exercise.
        side: The side, if it has sides.
        seconds: How long it was held, pauses left out.
        whole: Whether that was all of it.
    """

    routine: str
    step: str
    side: Side | None
    seconds: float
    whole: bool


@dataclass(frozen=True, slots=True)
class Moved:
    """A movement was repeated.

    Attributes:
        routine: Key of the routine.
        step: Name of the exercise.
        side: The side, if it has sides.
        reps: Repetitions that were counted to their end.
        whole: Whether that was all of them.
    """

    routine: str
    step: str
    side: Side | None
    reps: int
    whole: bool


@dataclass(frozen=True, slots=True)
class SoreSide:
    """The user said which leg hurts."""

    side: Side


@dataclass(frozen=True, slots=True)
class DisclaimerHeard:
    """The words that this is general information were spoken to their end."""


Fact = Held | Moved | SoreSide | DisclaimerHeard
