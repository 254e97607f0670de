"""What of a hold or of a set of reps is remembered, whenever it is left."""

from __future__ import annotations

from assistant.dialogue.doses import hold_of, reps_done, reps_of, seconds_remaining
from assistant.dialogue.facts import Held, Moved
from assistant.dialogue.phases import GettingReady, Holding, Moving, Paused, Phase
from assistant.dialogue.session import Turn


def keep_record(turn: Turn, *, whole: bool) -> None:
    """Remember what of a hold or of reps was done; nothing where neither was under way."""
    session, phase = turn.session, turn.session.phase
    match phase:
        case Paused(resume=Holding() as held, remaining=float(remaining)):
            done = held.seconds - remaining
        case Holding():
            held = phase
            done = held.seconds - seconds_remaining(held, turn.now)
        case GettingReady(remaining=float(remaining)):
            # Between "resume" and the tone: what was held before the pause still counts.
            done = max(0.0, hold_of(session, phase.task).seconds - remaining)
            held = Holding(phase.task, 0.0, 0.0, done, -1)
        case Moving() | Paused(resume=Moving()) | GettingReady():
            _keep_reps(turn, phase, whole=whole)
            return
        case _:
            return
    assert session.routine is not None
    if done > 0:
        task = session.plan[held.task]
        turn.record(Held(session.routine.key, session.step_of(held.task).name, task.side, round(done, 4), whole))


def _keep_reps(turn: Turn, phase: Phase, *, whole: bool) -> None:
    session = turn.session
    moving = phase.resume if isinstance(phase, Paused) else phase
    if isinstance(moving, Moving):
        reps = reps_of(session, moving.task).count if whole else reps_done(session, phase, turn.now)
    elif isinstance(moving, GettingReady):
        reps = moving.rep - 1
    else:
        return
    assert session.routine is not None
    if reps > 0:
        task, step = session.plan[moving.task], session.step_of(moving.task)
        turn.record(Moved(session.routine.key, step.name, task.side, reps, whole))
        if not whole and step.most_a_day is not None:
            # What has a limit is never done more often for having been begun anew.
            turn.change(extra_reps=session.extra_reps - reps)
