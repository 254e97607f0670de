"""The routine under way, how far it is, and what the user has changed about the present step: one value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from assistant.dialogue.facts import Side
from assistant.dialogue.state.plan import Task
from assistant.routines import Form, Routine, Step


@dataclass(frozen=True, slots=True)
class StepSoFar:
    """What the user has changed about a step, and what was done of it.

    Attributes:
        form: In which form it is done.
        given: Side and seconds or reps of each whole hold or set.
        extra_seconds: What the user has added to its holds on this side; may be negative.
        extra_reps: The same for its reps.
        extra_pace: Seconds by which the user has slowed each of its reps down.
        already: Seconds or reps of the present task that were done before it was begun anew in another form.
    """

    form: Form = "usual"
    given: tuple[tuple[Side | None, int], ...] = ()
    extra_seconds: int = 0
    extra_reps: int = 0
    extra_pace: int = 0
    already: int = 0


@dataclass(frozen=True, slots=True)
class UnderWay:
    """A routine that is being done.

    Attributes:
        routine: The routine as it is for this user.
        plan: Its tasks.
        task: Index of the task that is done now, or comes next.
        position: Index of the last step whose position the user has taken.
        so_far: What is particular about the step of this task.
    """

    routine: Routine
    plan: tuple[Task, ...]
    task: int = 0
    position: int | None = None
    so_far: StepSoFar = StepSoFar()

    @property
    def here(self) -> Task:
        """The task that is done now, or comes next."""
        return self.plan[self.task]

    @property
    def step(self) -> Step:
        """The step of that task."""
        return self.step_of(self.task)

    def step_of(self, task: int) -> Step:
        """The step of another task."""
        return self.routine.steps[self.plan[task].step]

    def first_of_step(self, step: int) -> UnderWay:
        """The same routine at the first task of a step, given by its index; the step is in the plan."""
        return replace(self, task=next(i for i, task in enumerate(self.plan) if task.step == step))

    def with_step(self, **changes: Any) -> UnderWay:
        """The same with fields of `so_far` replaced."""
        return replace(self, so_far=replace(self.so_far, **changes))
