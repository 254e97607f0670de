"""A dose that a physiotherapist set: read back, held against the exercise's range, refused where it is unsafe."""

from __future__ import annotations

from dataclasses import replace

from assistant.dialogue.exercising import flow
from assistant.dialogue.exercising.adjusting import answer
from assistant.dialogue.exercising.recording import keep_record
from assistant.dialogue.exercising.setting_out import ruled_out, with_prescribed
from assistant.dialogue.facts import Prescribed
from assistant.dialogue.line import Line, line
from assistant.dialogue.state.phases import ConfirmingDose, Introducing, Paused, Positioning, task_of
from assistant.dialogue.state.session import Session
from assistant.dialogue.turn import Turn
from assistant.routines.dose_ranges import most_allowed
from assistant.routines.exercise import Exercise
from intents import Command


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
    if session.routine is None:
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
    limit = exercise.most_a_day
    if limit is not None and (prescribed.a_day or 0) > limit.times:
        return line("prescription.too_often", name=exercise.name, n=prescribed.a_day or 0, most=limit.times)
    return None


def confirm(turn: Turn, phase: ConfirmingDose, *, yes: bool) -> None:
    """Keep the dose and do it from now on, or go on as it was."""
    session = turn.session
    turn.hush()
    if yes:
        turn.record(phase.prescribed)
        turn.change(prescribed={**session.prescribed, phase.prescribed.exercise: phase.prescribed})
        _apply(turn, phase.prescribed)
    if phase.paused is None:
        turn.enter(Introducing())
        turn.say(line("prescription.noted" if yes else "prescription.dropped"))
        return
    task = task_of(phase.paused)
    turn.enter(phase.paused)
    told = line("prescription.noted" if yes else "prescription.dropped")
    changed = yes and task is not None and turn.session.step_of(task).key == phase.prescribed.exercise
    if changed and task is not None and not isinstance(phase.paused.resume, Positioning):
        keep_record(turn, whole=False)
        turn.say(told)
        flow.instruct(turn, task)
    else:
        flow.resume(turn, phase.paused, told)


def _apply(turn: Turn, prescribed: Prescribed) -> None:
    routine = turn.session.routine
    if routine is not None:
        steps = tuple(with_prescribed(s, prescribed if s.key == prescribed.exercise else None) for s in routine.steps)
        turn.change(routine=replace(routine, steps=steps))
