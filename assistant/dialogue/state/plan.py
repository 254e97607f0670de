"""A routine laid out in the order in which it is done: one task for each hold or set of reps."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from assistant.dialogue.facts import Side
from assistant.routines import Hold, Routine, Step
from intents.sided import for_side

LETTERS_A_SECOND = 15.3
"""How fast the voice reads at its usual rate; measured over whole sessions."""

GETTING_INTO_POSITION_S = 8.0
"""How long somebody is taken to need until they say that they are there."""

BETWEEN_LINES_S = 0.3
"""The pause after each line."""

_CHANGE_SIDES_S = 8.0
_GET_READY_S = 2.2
_GETTING_INTO_A_HOLD_S = 3.0
_RELEASE_S = 0.9
_LEAVING_THE_FLOOR_S = 11.0  # of somebody who needs no help with it
_NAMING_THE_SIDE_S = 1.6
_NAMING_S = 2.6  # "step one of three", and the exercise's name
_ASKING_WHEN_THERE_S = 2.4
_TELLING_THE_DOSE_S = 2.4
_ASKING_FOR_THE_LEG_S = 10.0
_ANNOUNCING_S = 10.0  # title and length, and what surrounds the cautions


@dataclass(frozen=True, slots=True)
class Task:
    """One hold, or one set of reps, on one side.

    Attributes:
        step: Index of the step in the routine.
        side: The side, if the step has sides.
        round: Which of the ``rounds`` holds on this side it is, from 1.
        rounds: Holds in a row on this side.
        evens: Seconds or reps of a task that was added because the other side got so much more; None for all others.
        trial: Whether it was added to try the milder form, a few reps or seconds of it: ``evens`` says how many.
    """

    step: int
    side: Side | None
    round: int
    rounds: int
    evens: int | None = None
    trial: bool = False


def plan(routine: Routine, sore_side: Side | None) -> tuple[Task, ...]:
    """All tasks of a routine in order; for sided steps left, then right, or only the sore side."""
    tasks = []
    for index, step in enumerate(routine.steps):
        rounds = step.dose.times if isinstance(step.dose, Hold) else 1
        tasks += [
            Task(index, side, round_, rounds) for side in sides_of(step, sore_side) for round_ in range(1, rounds + 1)
        ]
    return tuple(tasks)


def sides_of(step: Step, sore_side: Side | None) -> tuple[Side | None, ...]:
    """The sides on which a step is done, in order."""
    match step.sides:
        case "one":
            return (None,)
        case "both":
            return ("left", "right")
        case "sore":
            return (sore_side or "left",)


def is_last_of_step(tasks: Sequence[Task], task: int) -> bool:
    """Whether another step, or none, comes after a task."""
    return task + 1 >= len(tasks) or tasks[task + 1].step != tasks[task].step


def seconds_of(
    routine: Routine, tasks: tuple[Task, ...], in_short: Collection[str] = (), cautions: Sequence[str] | None = None
) -> float:
    """About how long a routine takes, from its announcement to its last word.

    Args:
        routine: The routine.
        tasks: All that are done.
        in_short: As in `seconds_left`.
        cautions: Those that are spoken; None: all but those about an answer to the questions.
    """
    if cautions is None:
        cautions = [caution.say for caution in routine.cautions if not caution.about]
    return _ANNOUNCING_S + _reading(*cautions) + seconds_left(routine, tasks, in_short)


def seconds_left(routine: Routine, tasks: tuple[Task, ...], in_short: Collection[str] = ()) -> float:
    """About how long these tasks and the closing words take, with all that is said and the changes of position.

    Args:
        routine: The routine.
        tasks: Those that are left of it.
        in_short: Keys of exercises whose movement is told in few words.
    """
    total = _reading(routine.closing) + (0.0 if routine.steps[-1].seated else _LEAVING_THE_FLOOR_S)
    before: Task | None = None
    for index, task in enumerate(tasks):
        step = routine.steps[task.step]
        if before is None or before.step != task.step:
            moves = before is None or routine.steps[before.step].position != step.position
            movement = (step.short,) if step.short and step.key in in_short else (step.movement, step.cue)
            total += _NAMING_S + _reading(step.getting_there, step.caution, *movement) + _TELLING_THE_DOSE_S
            total += _NAMING_THE_SIDE_S if task.side else 0.0
            total += _ASKING_WHEN_THERE_S + GETTING_INTO_POSITION_S if moves else 0.0
        elif before.side != task.side:
            total += _CHANGE_SIDES_S
        elif isinstance(step.dose, Hold):
            total += step.dose.rest
        dose, last = step.dose, is_last_of_step(tasks, index)
        if isinstance(dose, Hold):
            into, release = step.into_of("usual") or "", step.release or ""
            total += _GETTING_INTO_A_HOLD_S + _reading(into) + dose.seconds + (_RELEASE_S + _reading(release)) * last
        else:
            total += _GET_READY_S + dose.count * dose.pace
        total += _ASKING_FOR_THE_LEG_S if step.directional and last else 0.0
        before = task
    return total


def _reading(*texts: str) -> float:
    return sum(len(for_side(text, "right")) / LETTERS_A_SECOND + BETWEEN_LINES_S for text in texts)
