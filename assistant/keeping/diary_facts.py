"""Facts of the dialogue as entries of the diary."""

from __future__ import annotations

from dataclasses import replace

from assistant.dialogue.facts import (
    ActivityRated,
    Cleared,
    Fact,
    FormTaken,
    HealthAnswer,
    Held,
    LegAnswer,
    LegSettled,
    Moved,
    NoteForPhysio,
    PainNotRated,
    PainRated,
    PainSaid,
    Prescribed,
    RoutineBegun,
    RoutineDone,
    ScreeningComplete,
    SetDone,
    SignNoticed,
    SignTakenBack,
    SinceLast,
    Skipped,
    SoreSide,
)
from assistant.diary.entries import Entry


def entry_of(fact: Fact) -> Entry | None:  # noqa: C901, PLR0911, PLR0912 - a table
    """A fact as the diary has it; None for one that is of no interest later."""
    match fact:
        case RoutineBegun(routine=routine):
            return Entry("routine begun", routine=routine)
        case RoutineDone(routine=routine):
            return Entry("routine done", routine=routine)
        case Held():
            done = Entry("held", routine=fact.routine, exercise=fact.exercise, side=fact.side, whole=fact.whole)
            return replace(done, seconds=float(fact.seconds))
        case Moved():
            done = Entry("moved", routine=fact.routine, exercise=fact.exercise, side=fact.side, whole=fact.whole)
            return replace(done, seconds=float(fact.seconds), reps=fact.reps)
        case SetDone(exercise=exercise):
            return Entry("set done", exercise=exercise)
        case Skipped(exercise=exercise):
            return Entry("skipped", exercise=exercise)
        case FormTaken(exercise=exercise, form=form):
            return Entry("form", exercise=exercise, detail=form)
        case PainRated(moment=moment, level=level):
            return Entry("pain", level=level, detail=f"leg {moment}" if fact.in_leg else moment)
        case ActivityRated(activity=activity, level=level):
            return Entry("activity", level=level, detail=activity)
        case NoteForPhysio(note=note):
            return Entry("note", detail=note)
        case SinceLast(since=since):
            return Entry("since last", detail=since)
        case PainNotRated(moment=moment):
            return Entry("pain not said", detail=moment)
        case PainSaid():
            place = "leg" if fact.in_leg else "exercise"
            return Entry("pain", exercise=fact.exercise, level=fact.level, detail=place)
        case LegAnswer(exercise=exercise, moved=moved):
            return Entry("leg", exercise=exercise, detail=moved)
        case LegSettled(exercise=exercise):
            return Entry("leg settled", exercise=exercise)
        case SoreSide(side=side):
            return Entry("sore side", side=side)
        case SignNoticed():
            return Entry("sign", exercise=fact.exercise, detail=fact.symptom)
        case SignTakenBack():
            return Entry("sign", detail=fact.symptom, yes=False)
        case Prescribed(unit="reps"):
            return Entry("prescribed", exercise=fact.exercise, reps=fact.amount, a_day=fact.a_day)
        case Prescribed():
            return Entry("prescribed", exercise=fact.exercise, seconds=float(fact.amount), a_day=fact.a_day)
        case HealthAnswer(question=question, yes=yes):
            return Entry("health answer", yes=yes, detail=question)
        case Cleared(question=question, yes=yes):
            return Entry("cleared", yes=yes, detail=question)
        case ScreeningComplete():
            return Entry("screened")
        case _:
            return None
