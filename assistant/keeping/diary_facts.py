"""Facts of the dialogue as entries of the diary."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from assistant.dialogue.facts import (
    Cleared,
    Fact,
    FormTaken,
    HealthAnswer,
    Held,
    LegAnswer,
    LegSettled,
    Moved,
    PainNotRated,
    PainRated,
    PainSaid,
    Prescribed,
    RoutineBegun,
    RoutineDone,
    ScreeningComplete,
    SetDone,
    SignNoticed,
    Skipped,
    SoreSide,
)
from assistant.diary.entries import Entry


@dataclass(frozen=True, slots=True)
class Naming:
    """What things are called, by their keys: the diary has them as they are spoken."""

    exercise: Callable[[str], str] = str
    routine: Callable[[str], str] = str


AS_THEY_ARE = Naming()


def entry_of(fact: Fact, names: Naming = AS_THEY_ARE) -> Entry | None:  # noqa: C901, PLR0911, PLR0912 - a table
    """A fact as the diary has it; None for one that is of no interest later.

    Args:
        fact: The fact.
        names: What exercises and routines are called.
    """
    match fact:
        case RoutineBegun(routine=routine):
            return Entry("routine begun", routine=names.routine(routine))
        case RoutineDone(routine=routine):
            return Entry("routine done", routine=names.routine(routine))
        case Held():
            done = Entry(
                "held", routine=names.routine(fact.routine), exercise=fact.step, side=fact.side, whole=fact.whole
            )
            return replace(done, seconds=float(fact.seconds))
        case Moved():
            done = Entry(
                "moved", routine=names.routine(fact.routine), exercise=fact.step, side=fact.side, whole=fact.whole
            )
            return replace(done, seconds=float(fact.seconds), reps=fact.reps)
        case SetDone(exercise=exercise):
            return Entry("set done", exercise=names.exercise(exercise))
        case Skipped(exercise=exercise):
            return Entry("skipped", exercise=names.exercise(exercise))
        case FormTaken(exercise=exercise, form=form):
            return Entry("form", exercise=names.exercise(exercise), detail=form)
        case PainRated(moment=moment, level=level):
            return Entry("pain", level=level, detail=moment)
        case PainNotRated(moment=moment):
            return Entry("pain not said", detail=moment)
        case PainSaid():
            place = "leg" if fact.in_leg else "exercise"
            return Entry("pain", exercise=names.exercise(fact.exercise), level=fact.level, detail=place)
        case LegAnswer(exercise=exercise, moved=moved):
            return Entry("leg", exercise=names.exercise(exercise), detail=moved)
        case LegSettled(exercise=exercise):
            return Entry("leg settled", exercise=names.exercise(exercise))
        case SoreSide(side=side):
            return Entry("sore side", side=side)
        case SignNoticed():
            return Entry("sign", exercise=fact.exercise and names.exercise(fact.exercise), detail=fact.symptom)
        case Prescribed(unit="reps"):
            return Entry("prescribed", exercise=names.exercise(fact.exercise), reps=fact.amount, a_day=fact.a_day)
        case Prescribed():
            return Entry(
                "prescribed", exercise=names.exercise(fact.exercise), seconds=float(fact.amount), a_day=fact.a_day
            )
        case HealthAnswer(question=question, yes=yes):
            return Entry("health answer", yes=yes, detail=question)
        case Cleared(question=question, yes=yes):
            return Entry("cleared", yes=yes, detail=question)
        case ScreeningComplete():
            return Entry("screened")
        case _:
            return None
