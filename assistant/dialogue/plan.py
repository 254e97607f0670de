"""A routine laid out in the order in which it is done: one task for each hold or set of reps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from assistant.routines import Hold, Routine, Step

Side = Literal["left", "right"]

_LETTERS_A_SECOND = 14.0  # how fast the voice reads at its usual rate, pauses included
_CHANGE_SIDES_S = 8.0
_GET_READY_S = 3.0
_GETTING_INTO_POSITION_S = 8.0


@dataclass(frozen=True, slots=True)
class Task:
    """One hold, or one set of reps, on one side.

    Attributes:
        step: Index of the step in the routine.
        side: The side, if the step has sides.
        round: Which of the ``rounds`` holds on this side it is, from 1.
        rounds: Holds in a row on this side.
    """

    step: int
    side: Side | None
    round: int
    rounds: int


def plan(routine: Routine, sore_side: Side | None) -> tuple[Task, ...]:
    """All tasks of a routine in order; for sided steps left, then right, or only the sore side."""
    tasks = []
    for index, step in enumerate(routine.steps):
        rounds = step.dose.times if isinstance(step.dose, Hold) else 1
        tasks += [
            Task(index, side, round_, rounds) for side in _sides(step, sore_side) for round_ in range(1, rounds + 1)
        ]
    return tuple(tasks)


def _sides(step: Step, sore_side: Side | None) -> tuple[Side | None, ...]:
    match step.sides:
        case "one":
            return (None,)
        case "both":
            return ("left", "right")
        case "sore":
            return (sore_side or "left",)


def seconds_left(routine: Routine, tasks: tuple[Task, ...]) -> float:
    """About how long these tasks take, the spoken words and the changes of position included."""
    total = 0.0
    before: Task | None = None
    for task in tasks:
        step = routine.steps[task.step]
        if before is None or before.step != task.step:
            words = " ".join((step.getting_there, step.caution, step.movement, step.cue))
            total += len(words) / _LETTERS_A_SECOND + _GETTING_INTO_POSITION_S
        elif before.side != task.side:
            total += _CHANGE_SIDES_S
        elif isinstance(step.dose, Hold):
            total += step.dose.rest
        dose = step.dose
        total += _GET_READY_S + (dose.seconds if isinstance(dose, Hold) else dose.count * dose.pace)
        before = task
    return total
