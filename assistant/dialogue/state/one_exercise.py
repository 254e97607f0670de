"""Routines that nobody has written: a single exercise, a set of one's own, and what a user has put together by voice.

Their cautions, their purpose and how to get up come from the routine that is nearest to them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.dialogue.facts import Prescribed
from assistant.dialogue.state.session import Session
from assistant.routines import Hold, Reps, Routine, Step
from assistant.routines.dose_ranges import least_allowed


def routine_of(session: Session, key: str) -> Routine | None:
    """The routine of that key: a written one, one of the user's own, or a single exercise by its key."""
    if key in session.routines:
        return session.routines[key]
    if key in session.user.own_routines:
        steps = [step for set_ in session.user.own_routines[key] if (step := _step(session, set_)) is not None]
        return _around(session, key, key, steps) if steps else None
    exercise = session.exercises.get(key)
    if exercise is None:
        return None
    wanted = session.wanted if session.wanted is not None and session.wanted.exercise == key else None
    step = with_amount(exercise.step(), wanted) if wanted else exercise.step()
    return _around(session, key, exercise.name, [step])


def known_routine(session: Session, key: str) -> Routine:
    """The same, of a key that is known to be one."""
    routine = routine_of(session, key)
    assert routine is not None, key
    return routine


def _step(session: Session, wanted: Prescribed) -> Step | None:
    exercise = session.exercises.get(wanted.exercise)
    return with_amount(exercise.step(), wanted) if exercise else None


def with_amount(step: Step, wanted: Prescribed) -> Step:
    """A step with another amount, if it is counted in that unit; below what the sources name it is a short form."""
    dose = step.dose
    if isinstance(dose, Reps) and wanted.unit == "reps":
        short = wanted.amount < (least_allowed(step.allowed, "count") or 0)
        return replace(step, reps=replace(dose, count=wanted.amount, short_form=dose.short_form or short))
    if isinstance(dose, Hold) and wanted.unit == "seconds":
        short = wanted.amount < (least_allowed(step.allowed, "seconds") or 0)
        hold = replace(dose, seconds=wanted.amount, breaths=None, short_form=dose.short_form or short)
        return replace(step, hold=hold)
    if isinstance(dose, Hold) and wanted.unit == "times":
        short = wanted.amount < (least_allowed(step.allowed, "times") or 0)
        return replace(step, hold=replace(dose, times=wanted.amount, short_form=dose.short_form or short))
    return step


def _around(session: Session, key: str, title: str, steps: Sequence[Step]) -> Routine:
    """A routine of these steps, those of one position one after the other, so that nobody turns over twice."""
    positions = list(dict.fromkeys(step.position for step in steps))
    ordered = sorted(steps, key=lambda step: positions.index(step.position))
    return replace(_nearest(session, ordered), key=key, title=title, names=(title,), steps=tuple(ordered))


def _nearest(session: Session, steps: Sequence[Step]) -> Routine:
    """The written routine with most of these exercises, else of their positions; it ends where they end."""
    keys, positions = {step.key for step in steps}, {step.position for step in steps}

    def likeness(routine: Routine) -> tuple[bool, int, int, int]:
        theirs = routine.steps
        return (
            theirs[-1].seated == steps[-1].seated,
            len(keys & {step.key for step in theirs}),
            len(positions & {step.position for step in theirs}),
            -len(theirs),
        )

    return max(session.routines.values(), key=likeness)


def sets_of(steps: Sequence[Step]) -> tuple[Prescribed, ...]:
    """The steps with their amounts, to be kept."""
    return tuple(
        Prescribed(step.exercise, step.dose.seconds, "seconds")
        if isinstance(step.dose, Hold)
        else Prescribed(step.exercise, step.dose.count, "reps")
        for step in steps
        if step.exercise
    )
