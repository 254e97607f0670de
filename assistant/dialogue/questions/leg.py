"""The leg-pain rule: where the pain in the leg is after a set that bends the spine far in one direction.

* Nearer the spine, unchanged or gone: it goes on.
* Further down: the milder form is tried, a few reps of it, and it is asked again. A second time, all that bends in that
  direction is left out for the day. The next day it is asked about.
"""

from __future__ import annotations

from dataclasses import replace

from assistant.dialogue.exercising import flow
from assistant.dialogue.facts import FormTaken, LeftOut, LegAnswer, LegMove
from assistant.dialogue.line import line
from assistant.dialogue.state.phases import AskingLeg
from assistant.dialogue.state.plan import Task
from assistant.dialogue.state.session import Session
from assistant.dialogue.state.under_way import UnderWay
from assistant.dialogue.turn import Turn
from assistant.routines import Hold, Step

TRIAL_REPS = 3
TRIAL_HOLD_S = 10
"""How much of the milder form is tried; no source says how much, so it is little."""


def take_answer(turn: Turn, phase: AskingLeg, moved: LegMove) -> None:
    """Where the leg pain is after a set."""
    at, step = phase.under_way, phase.under_way.step
    turn.record(LegAnswer(step.key, moved))
    turn.hush()
    if moved == "none":
        turn.learn(no_leg_pain=True)
    if moved != "lower":
        turn.say(line(f"leg.{moved}"))
        flow.go_to(turn, at, at.task + 1)
    elif at.so_far.form != "easier" and not step.leave_at_once:
        _try_milder_form(turn, at)
    else:
        leave_out(turn, _in_the_same_direction(turn.session, at, step) | {step.key})
        turn.say(line("leg.leave_out"))
        flow.go_to(turn, at, at.task + 1)


def _try_milder_form(turn: Turn, at: UnderWay) -> None:
    """A few reps, or a short hold, in the milder form, for the sore leg if it is one at a time."""
    here = at.here
    amount = TRIAL_HOLD_S if isinstance(at.step.dose, Hold) else TRIAL_REPS
    side = here.side and (turn.session.user.sore_side or here.side)
    trial = Task(here.step, side, 1, 1, evens=amount, trial=True)
    tried = replace(at, plan=(*at.plan[: at.task + 1], trial, *at.plan[at.task + 1 :]), task=at.task + 1)
    turn.record(FormTaken(at.step.key, "easier"))
    turn.say(line("leg.further_down"))
    flow.instruct(turn, tried.with_step(form="easier"))


def _in_the_same_direction(session: Session, at: UnderWay, sent_down: Step) -> set[str]:
    """All that bends the spine the way that sent the pain down, in this routine and in every other."""
    library = {
        key
        for key, exercise in session.exercises.items()
        if exercise.directional and exercise.forwards == sent_down.forwards
    }
    return library | {s.key for s in at.routine.steps if s.directional and s.forwards == sent_down.forwards}


def leave_out(turn: Turn, exercises: set[str]) -> None:
    """Leave exercises out for the rest of the day."""
    for exercise in sorted(exercises - turn.session.user.left_out):
        turn.record(LeftOut(exercise))
    turn.learn(left_out=turn.session.user.left_out | exercises)
