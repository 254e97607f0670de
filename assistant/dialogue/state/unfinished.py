"""What is kept of a routine that was left unfinished, so that another session can go on with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from assistant.dialogue.facts import Held, Moved
from assistant.dialogue.state.plan import Task
from assistant.dialogue.state.under_way import StepSoFar


@dataclass(frozen=True, slots=True)
class HoldLeft:
    """A hold was under way.

    Attributes:
        seconds: Its whole length.
        remaining: What was left of it, in seconds.
    """

    seconds: float
    remaining: float


@dataclass(frozen=True, slots=True)
class RepsLeft:
    """A set of reps was under way.

    Attributes:
        rep: The next one, from 1.
        seconds: How long those before it took.
    """

    rep: int
    seconds: float = 0.0


Moment: TypeAlias = HoldLeft | RepsLeft | Literal["before", "leg", "pain"]
"""Where in an exercise it was: in the midst, before it, or at a question about it, after a set or because it hurt."""


@dataclass(frozen=True, slots=True)
class Unfinished:
    """Where a routine stood. It holds keys where `UnderWay` holds the routine itself, which may have changed since.

    Attributes:
        routine: Key of the routine.
        steps: Keys of its exercises, as it was for this user.
        here: The task that was under way or came next; None: its cautions were being spoken.
        so_far: What the user had changed about its exercise, and what was done of it.
        moment: Where in that exercise it was.
        exercised: Whether anything of it had been held or moved.
        hurting: Whether it had hurt, and was being asked how bad that is.
        stale: Whether it is too long ago to be gone on with.
    """

    routine: str
    steps: tuple[str, ...]
    here: Task | None = None
    so_far: StepSoFar = field(default_factory=StepSoFar)
    moment: Moment = "before"
    exercised: bool = True
    hurting: bool = False
    stale: bool = False

    @property
    def exercise(self) -> str:
        """Key of the exercise that was under way; empty where there was none yet."""
        return self.steps[self.here.step] if self.here else ""

    @property
    def done(self) -> Held | Moved | None:
        """What had been done of the hold or of the reps that were under way; None where there is nothing."""
        side = self.here.side if self.here else None
        match self.moment:
            case HoldLeft(seconds=seconds, remaining=remaining) if seconds > remaining:
                return Held(self.routine, self.exercise, side, round(seconds - remaining, 4), whole=False)
            case RepsLeft(rep=rep, seconds=seconds) if rep > 1:
                return Moved(self.routine, self.exercise, side, rep - 1, whole=False, seconds=seconds)
            case _:
                return None
