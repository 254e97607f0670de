"""What of a hold or of a set of reps is remembered whenever it is left, and what of it has been done so far."""

from __future__ import annotations

from dataclasses import replace

from assistant.dialogue.facts import Held, Moved
from assistant.dialogue.state.doses import hold_of, reps_done, reps_of, seconds_remaining
from assistant.dialogue.state.phases import (
    Confirming,
    ConfirmingDose,
    GettingReady,
    Holding,
    Moving,
    Paused,
    Phase,
    task_of,
)
from assistant.dialogue.state.session import Session
from assistant.dialogue.turn import Turn


def keep_record(turn: Turn, *, whole: bool) -> None:
    """Remember what of a hold or of reps was done; nothing where neither was under way."""
    fact = done_so_far(turn.session, turn.now, whole=whole)
    if fact is None:
        return
    turn.record(fact)
    if isinstance(fact, Moved) and not whole:
        task = task_of(turn.session.phase)
        assert task is not None
        if turn.session.step_of(task).most_a_day is not None:
            # What has a limit is never done more often for having been begun anew.
            turn.change(extra_reps=turn.session.extra_reps - fact.reps)


def done_so_far(session: Session, now: float, *, whole: bool = False) -> Held | Moved | None:
    """What of the hold or of the reps under way has been done; None where there is none.

    Args:
        session: The session.
        now: Seconds on the sample clock.
        whole: Whether that is all of it.
    """
    phase = session.phase
    match phase:
        case Paused(resume=Holding() as held, remaining=float(remaining)):
            done = held.seconds - remaining
        case Confirming(paused=Paused() as paused) | ConfirmingDose(paused=Paused() as paused):
            return done_so_far(replace(session, phase=paused), now, whole=whole)
        case Holding():
            held = phase
            done = held.seconds - seconds_remaining(held, now)
        case GettingReady(remaining=float(remaining)):
            # Between "resume" and the tone: what was held before the pause still counts.
            done = max(0.0, hold_of(session, phase.task).seconds - remaining)
            held = Holding(phase.task, 0.0, 0.0, done, -1)
        case Moving() | Paused(resume=Moving()) | GettingReady():
            return _reps(session, phase, now, whole=whole)
        case _:
            return None
    assert session.routine is not None
    if done <= 0:
        return None
    task = session.plan[held.task]
    return Held(session.routine.key, session.step_of(held.task).key, task.side, round(done, 4), whole)


def _reps(session: Session, phase: Phase, now: float, *, whole: bool) -> Moved | None:
    moving = phase.resume if isinstance(phase, Paused) else phase
    if isinstance(moving, Moving):
        reps = reps_of(session, moving.task).count if whole else reps_done(session, phase, now)
    elif isinstance(moving, GettingReady):
        reps = moving.rep - 1
    else:
        return None
    assert session.routine is not None
    if reps <= 0:
        return None
    task = session.plan[moving.task]
    seconds = float(reps * reps_of(session, moving.task).pace)
    return Moved(session.routine.key, session.step_of(moving.task).key, task.side, reps, whole, seconds)
