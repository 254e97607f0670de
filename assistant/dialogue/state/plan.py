"""A routine laid out in the order in which it is done: one task for each hold or set of reps."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from assistant.dialogue.facts import Side
from assistant.routines import Hold, Routine, Step
from intents.sided import for_side

LETTERS_A_SECOND = 15.3
"""How fast the voice reads at its usual rate, whose words have 4.8 letters each over all lines."""

USUAL_RATE = 185
"""Words a minute."""

GETTING_INTO_POSITION_S = 8.0
"""How long somebody is taken to need until they say that they are there."""

BETWEEN_LINES_S = 0.3
"""The pause after each line."""

_CHANGE_SIDES_S = 8.0
_GET_READY_S = 2.2
_BEGINNING_S = 1.3  # of a movement of which was just said how often
_GETTING_INTO_A_HOLD_S = 3.0
_RELEASE_S = 0.9
_LEAVING_THE_FLOOR_S = 11.0  # of somebody who needs no help with it
_NAMING_THE_SIDE_S = 1.6
_NAMING_S = 2.6  # "step one of three", and the exercise's name
_ASKING_WHEN_THERE_S = 2.4
_TELLING_THE_DOSE_S = 2.4
_ASKING_FOR_THE_LEG_S = 10.0
_ANNOUNCING_S = 7.5  # title and length, and what surrounds the cautions

# The same to somebody who has heard it before.
_SAYING_READY_S = 1.0
_DOSE_ALONE_S = 1.3
_LEG_IN_FEW_WORDS_S = 8.2
_ANNOUNCING_WITHOUT_CAUTIONS_S = 5.0

Amount = Literal["full", "short", "name"]
"""How much of a movement is told: all of it, a few words, or the exercise's name alone."""


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


@dataclass(frozen=True, slots=True)
class Telling:
    """How much of a routine is told to somebody: its length depends on it.

    Attributes:
        amounts: How much of each exercise is told, by its key; in full where nothing stands here.
        cautions: Those of the routine that are spoken; None: all but those about an answer to the questions.
        heard: Cautions of exercises that are not said again where they are told in few words.
        in_habit: Whether the leg is asked for in few words.
        speed: How fast the voice speaks, against its usual rate.
    """

    amounts: Mapping[str, Amount] = field(default_factory=dict)
    cautions: Sequence[str] | None = None
    heard: Collection[str] = ()
    in_habit: bool = False
    speed: float = 1.0


TO_SOMEBODY_NEW = Telling()


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


def seconds_of(routine: Routine, tasks: tuple[Task, ...], telling: Telling = TO_SOMEBODY_NEW) -> float:
    """About how long a routine takes, from its announcement to its last word.

    Args:
        routine: The routine.
        tasks: All that are done.
        telling: How much of it is told.
    """
    cautions = telling.cautions
    if cautions is None:
        cautions = [caution.say for caution in routine.cautions if not caution.about]
    announcing = _ANNOUNCING_S if cautions else _ANNOUNCING_WITHOUT_CAUTIONS_S
    return (announcing + _reading(*cautions)) / telling.speed + seconds_left(routine, tasks, telling)


def seconds_left(routine: Routine, tasks: tuple[Task, ...], telling: Telling = TO_SOMEBODY_NEW) -> float:
    """About how long these tasks and the closing words take, with all that is said and the changes of position.

    Args:
        routine: The routine.
        tasks: Those that are left of it.
        telling: How much of it is told.
    """
    spoken, total = _reading(routine.closing), 0.0 if routine.steps[-1].seated else _LEAVING_THE_FLOOR_S
    before: Task | None = None
    for index, task in enumerate(tasks):
        step = routine.steps[task.step]
        begins = before is None or before.step != task.step
        if begins:
            moves = before is None or routine.steps[before.step].position != step.position
            spoken += _telling(step, task, telling, moves=moves)
            total += GETTING_INTO_POSITION_S if moves else 0.0
        elif before is not None and before.side != task.side:
            spoken += _CHANGE_SIDES_S
        elif isinstance(step.dose, Hold):
            total += step.dose.rest
        dose, last = step.dose, is_last_of_step(tasks, index)
        if isinstance(dose, Hold):
            into, release = step.into_of("usual") or "", step.release or ""
            spoken += _reading(into) + _reading(release) * last
            total += _GETTING_INTO_A_HOLD_S + dose.seconds + _RELEASE_S * last
        else:
            total += (_BEGINNING_S if begins else _GET_READY_S) + dose.count * dose.pace
        if step.directional and last:
            spoken += _LEG_IN_FEW_WORDS_S if telling.in_habit else _ASKING_FOR_THE_LEG_S
        before = task
    return total + spoken / telling.speed


def _telling(step: Step, task: Task, telling: Telling, *, moves: bool) -> float:
    """How long it takes to tell a step, into its position and out of the user's question whether they are there."""
    amount = telling.amounts.get(step.key, "full")
    side = _NAMING_THE_SIDE_S if task.side else 0.0
    if amount == "full" or step.short is None:
        asking = _ASKING_WHEN_THERE_S if moves else 0.0
        told = _reading(step.getting_there, step.caution, step.movement, step.cue)
        return _NAMING_S + told + _TELLING_THE_DOSE_S + side + asking
    way = _reading(f"{step.name}. {step.short_way or step.getting_there}") + _SAYING_READY_S
    caution = 0.0 if step.caution in telling.heard else _reading(step.caution)
    says_what_to_do = isinstance(step.dose, Hold) and step.into_of("usual") is not None
    movement = _reading(step.short) if amount == "short" and not says_what_to_do else 0.0
    return (way if moves else _reading(step.name)) + caution + movement + _DOSE_ALONE_S


def _reading(*texts: str) -> float:
    return sum(len(for_side(text, "right")) / LETTERS_A_SECOND + BETWEEN_LINES_S for text in texts)
