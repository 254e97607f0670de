"""What is kept of a routine that was left unfinished, so that another session can go on with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from assistant.dialogue.facts import Form, Held, Moved
from assistant.dialogue.state.plan import Side

Moment: TypeAlias = Literal["cautions", "before", "hold", "reps", "leg", "pain"]
"""What was under way: the cautions, what comes before an exercise, the exercise itself, or a question about it."""


@dataclass(frozen=True, slots=True)
class Unfinished:
    """Where a routine stood.

    Attributes:
        routine: Its key.
        steps: Keys of its exercises, as it was for this user.
        step: Which of them was under way, from 0.
        side: The side, if it has sides.
        round: Which of the holds on this side, from 1.
        moment: What was under way.
        seconds: Of a hold: its whole length.
        remaining: Of a hold: what was left of it, in seconds.
        rep: Of reps: the next one.
        form: In which form the exercise was done.
        extra_seconds: What the user had added to its holds.
        extra_reps: The same for its reps.
        extra_pace: Seconds by which the user had slowed its reps down.
        given: Side and seconds or reps of each whole hold or set of that exercise.
        evens: Seconds or reps of what was only under way because the other side got so much more; None otherwise.
        stale: Whether it is too long ago to be gone on with.
    """

    routine: str
    steps: tuple[str, ...] = ()
    step: int = 0
    side: Side | None = None
    round: int = 1
    moment: Moment = "cautions"
    seconds: float = 0.0
    remaining: float = 0.0
    rep: int = 1
    form: Form = "usual"
    extra_seconds: int = 0
    extra_reps: int = 0
    extra_pace: int = 0
    given: tuple[tuple[Side | None, int], ...] = ()
    evens: int | None = None
    stale: bool = False

    @property
    def exercise(self) -> str:
        """Key of the exercise that was under way; empty where there was none yet."""
        return self.steps[self.step] if 0 <= self.step < len(self.steps) else ""

    @property
    def done(self) -> Held | Moved | None:
        """What had been done of the hold or of the reps that were under way; None where there is nothing."""
        held = self.seconds - self.remaining
        if self.moment == "hold" and held > 0:
            return Held(self.routine, self.exercise, self.side, round(held, 4), whole=False)
        if self.moment == "reps" and self.rep > 1:
            return Moved(self.routine, self.exercise, self.side, self.rep - 1, whole=False)
        return None
