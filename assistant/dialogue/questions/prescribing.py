"""A dose that a physiotherapist set: read back, held against the exercise's range, refused where it is unsafe."""

from __future__ import annotations

from dataclasses import replace

from assistant.dialogue.exercising import flow
from assistant.dialogue.exercising.adjusting import answer
from assistant.dialogue.exercising.recording import leave
from assistant.dialogue.exercising.setting_out import ruled_out, with_prescribed
from assistant.dialogue.facts import Prescribed
from assistant.dialogue.line import Line, line
from assistant.dialogue.state.phases import ConfirmingDose, InRoutine, Introducing, Paused, Positioning
from assistant.dialogue.state.session import Session
from assistant.dialogue.state.under_way import UnderWay
from assistant.dialogue.turn import Turn
from assistant.routines.dose_ranges import most_allowed
from assistant.routines.exercise import Exercise
from intents import Command

MOST_SETS_A_DAY = 6
"""The most sets a day that are noted where no source names a limit: ours, cautious."""


def take(turn: Turn, command: Command) -> None:
    """Read a dose back and ask whether it is right; refuse one that no source allows."""
    session = turn.session
    step = session.step
    key = str(command.slots.get("exercise") or (step.exercise if step else ""))
    exercise = session.exercises.get(key)
    if exercise is None:
        answer(turn, line("prescription.which"))
        return
    unit = command.slots["unit"]
    a_day = command.slots.get("a_day")
    prescribed = Prescribed(
        key,
        int(command.slots["amount"]),
        "seconds" if unit == "seconds" else "reps",
        int(a_day) if a_day is not None else None,
    )
    refusal = why_not(session, exercise, prescribed)
    if refusal is not None:
        answer(turn, refusal)
        return
    paused: Paused | None = None
    if session.under_way is None:
        turn.hush()
    else:
        paused = flow.stand_still(turn)
    turn.ask(ConfirmingDose(prescribed, paused))


def why_not(session: Session, exercise: Exercise, prescribed: Prescribed) -> Line | None:
    """Why a dose is refused; None where it is allowed. Less than usual is always allowed."""
    if ruled_out(session, exercise.step()):
        return line("prescription.not_for_you", name=exercise.name)
    in_reps = prescribed.unit == "reps"
    most = most_allowed(exercise.allowed, "count" if in_reps else "seconds")
    if most is None or in_reps != (exercise.reps is not None):
        return line("prescription.other_unit", name=exercise.name)
    if prescribed.amount > most:
        key = "prescription.too_many" if in_reps else "prescription.too_long"
        return line(key, name=exercise.name, n=prescribed.amount, most=most)
    limit, sets = exercise.most_a_day, prescribed.a_day or 0
    if limit is not None and sets > limit.times:
        return line("prescription.too_often", name=exercise.name, n=sets, most=limit.times)
    if sets > MOST_SETS_A_DAY:
        return line("prescription.too_many_sets", n=sets, most=MOST_SETS_A_DAY)
    return None


def confirm(turn: Turn, phase: ConfirmingDose, *, yes: bool) -> None:
    """Keep the dose and do it from now on, or go on as it was."""
    prescribed, paused = phase.prescribed, phase.paused
    turn.hush()
    if yes:
        turn.record(prescribed)
        turn.learn(prescribed={**turn.session.user.prescribed, prescribed.exercise: prescribed})
    told = line("prescription.noted" if yes else "prescription.dropped")
    if paused is None:
        turn.enter(Introducing())
        turn.say(told)
        return
    here = paused.resume
    if yes and isinstance(here, InRoutine):
        here = replace(here, under_way=_with_dose(here.under_way, prescribed))
        paused = replace(paused, resume=here)
    turn.enter(paused)
    at = turn.session.exercising
    if yes and at is not None and at.step.key == prescribed.exercise and not isinstance(here, Positioning):
        at = leave(turn, at)
        turn.say(told)
        flow.instruct(turn, at)
    else:
        flow.resume(turn, paused, told)


def _with_dose(under_way: UnderWay, prescribed: Prescribed) -> UnderWay:
    routine = under_way.routine
    steps = tuple(with_prescribed(s, prescribed if s.key == prescribed.exercise else None) for s in routine.steps)
    return replace(under_way, routine=replace(routine, steps=steps))
