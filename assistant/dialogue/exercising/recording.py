"""What of a hold or of a set of reps is remembered whenever it is left, and what of it has been done so far."""

from __future__ import annotations

from assistant.dialogue.facts import Held, Moved
from assistant.dialogue.state.doses import hold_of, reps_done, reps_of, seconds_remaining
from assistant.dialogue.state.phases import (
    AskingAllRight,
    AskingHowBad,
    AskingLeg,
    AskingToGoOn,
    AskingWhetherToStop,
    CheckingIn,
    Confirming,
    ConfirmingDose,
    GettingReady,
    Holding,
    InRoutine,
    Moving,
    Paused,
    Phase,
    ReadingBack,
    WakingUp,
    beneath,
)
from assistant.dialogue.state.under_way import UnderWay
from assistant.dialogue.state.unfinished import HoldLeft, Moment, RepsLeft
from assistant.dialogue.turn import Turn


def keep_record(turn: Turn) -> Held | Moved | None:
    """Remember what of a hold or of reps was done before it is left; nothing where neither was under way."""
    fact = done_so_far(turn.session.phase, turn.now)
    if fact is not None:
        turn.record(fact)
    return fact


def leave(turn: Turn, at: UnderWay) -> UnderWay:
    """Remember what was done of an exercise that is about to be begun anew, or done in another way.

    Returns:
        The routine under way, from which what has a limit is taken off: it is never done more often for that.
    """
    fact = keep_record(turn)
    if isinstance(fact, Moved) and at.step.most_a_day is not None:
        return at.with_step(extra_reps=at.so_far.extra_reps - fact.reps)
    return at


def the_rest(turn: Turn, at: UnderWay) -> UnderWay:
    """Remember what was done of an exercise that is gone on with in another form.

    Returns:
        The routine under way, with just what is left of the present task.
    """
    fact = keep_record(turn)
    if fact is None:
        return at
    done = fact.reps if isinstance(fact, Moved) else round(fact.seconds)
    return at.with_step(already=at.so_far.already + done)


def done_so_far(phase: Phase, now: float, *, whole: bool = False) -> Held | Moved | None:
    """What of the hold or of the reps under way has been done; None where there is none.

    Args:
        phase: The phase, which may be a pause or a question in between.
        now: Seconds on the sample clock.
        whole: Whether that is all of it.
    """
    inner = beneath(phase)
    if not isinstance(inner, InRoutine):
        return None
    at = inner.under_way
    match moment_of(phase, now):
        case HoldLeft(seconds=seconds, remaining=remaining) if seconds > remaining:
            return Held(at.routine.key, at.step.key, at.here.side, round(seconds - remaining, 4), whole)
        case RepsLeft(rep=rep) if whole or rep > 1:
            dose = reps_of(at)
            reps = dose.count if whole else rep - 1
            return Moved(at.routine.key, at.step.key, at.here.side, reps, whole, float(reps * dose.pace))
        case _:
            return None


def moment_of(phase: Phase, now: float) -> Moment:
    """Where in an exercise a phase of a routine stands; see `Moment`."""
    match phase:
        case Paused(resume=Holding(seconds=seconds), remaining=float(remaining)):
            return HoldLeft(seconds, min(seconds, remaining))
        case Paused(resume=Moving(first=first) as moving):
            return _reps_left(moving, first)
        case (
            Paused(resume=inner)
            | Confirming(paused=inner)
            | ConfirmingDose(paused=Paused() as inner)
            | AskingWhetherToStop(paused=inner)
            | CheckingIn(paused=inner)
            | AskingHowBad(paused=Paused() as inner)
            | WakingUp(paused=Paused() as inner)
            | AskingToGoOn(paused=inner)
            | ReadingBack(question=inner)
            | AskingAllRight(question=inner)
        ):
            return moment_of(inner, now)
        case Holding(seconds=seconds):
            return HoldLeft(seconds, min(seconds, seconds_remaining(phase, now)))
        case Moving():
            return _reps_left(phase, reps_done(phase, now) + 1)
        case GettingReady(remaining=float(remaining)):
            # Between "resume" and the tone: what was held before the pause still counts.
            seconds = float(hold_of(phase.under_way).seconds)
            return HoldLeft(seconds, min(seconds, remaining))
        case GettingReady(rep=rep) if rep > 1:
            return _reps_left(phase, rep)
        case AskingLeg():
            return "leg"
        case _:
            return "before"


def _reps_left(phase: Moving | GettingReady, rep: int) -> RepsLeft:
    return RepsLeft(rep, float((rep - 1) * reps_of(phase.under_way).pace))
