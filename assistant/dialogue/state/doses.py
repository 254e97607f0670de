"""How much of a dose there is and how much of it is done, from the phase and the time alone."""

from __future__ import annotations

from dataclasses import replace

from assistant.dialogue.state.phases import Holding, Moving, Paused, Phase
from assistant.dialogue.state.plan import Task
from assistant.dialogue.state.under_way import UnderWay
from assistant.routines import Dose, Hold, Reps, Step
from assistant.routines.dose_ranges import LONGEST_HOLD_S, least_allowed, most_allowed
from assistant.routines.model import BREATH_S

SHORTEST_HOLD_S = 3
SLOWEST_REP_S = 15

_SLACK_S = 1e-9  # times are floats: a rep that ends now has ended


def dose_of(at: UnderWay) -> Dose:
    """The dose of a task with what the user has added or taken, within what the exercise allows."""
    step, here, so_far = at.step, at.here, at.so_far
    added = here.evens is None  # what makes the sides even is neither more nor less
    match _usual(at):
        case Hold() as hold:
            whole = with_seconds(step, hold, so_far.extra_seconds if added else 0)
            return whole if not so_far.already else _rest_of(whole, so_far.already)
        case Reps() as reps:
            pace = min(SLOWEST_REP_S, reps.pace + so_far.extra_pace)
            count = reps_with(step, reps, so_far.extra_reps if added else 0)
            return replace(reps, count=max(1, count - so_far.already), pace=max(pace, reps.pace))


def _rest_of(hold: Hold, already: int) -> Hold:
    """What is left of a hold of which some has been held; counted in seconds, as it begins in mid-breath."""
    return replace(hold, seconds=max(SHORTEST_HOLD_S, hold.seconds - already), breaths=None)


def _usual(at: UnderWay) -> Dose:
    """The dose before anything is added: on the second side what the first side got, round by round."""
    step, here = at.step, at.here
    first = [amount for side, amount in at.so_far.given if side != here.side]
    if here.evens is not None:
        amount = here.evens
    elif here.side is not None and here.round <= len(first):
        amount = first[here.round - 1]
    else:
        return step.dose
    if isinstance(step.dose, Hold):
        breaths = None if step.dose.breaths is None else max(1, round(amount / BREATH_S))
        return replace(step.dose, seconds=amount, breaths=breaths, times=here.rounds)
    return replace(step.dose, count=amount)


def owed_to_first_side(at: UnderWay) -> Task | None:
    """What the first side has to get, for having got less than the second, after the last task of a step."""
    here, step, given = at.here, at.step, at.so_far.given
    sides = [side for side, _ in given]
    if here.evens is not None or here.side is None or sides[0] == here.side:
        return None
    more = sum(amount if side == here.side else -amount for side, amount in given)
    least = SHORTEST_HOLD_S if isinstance(step.dose, Hold) else 1
    return Task(here.step, sides[0], 1, 1, evens=more) if more >= least else None


def with_seconds(step: Step, hold: Hold, extra: int) -> Hold:
    """A hold made longer or shorter; one that is counted in breaths by whole breaths."""
    if hold.breaths is not None:
        most = most_allowed(step.allowed, "breaths") or hold.breaths
        least = least_allowed(step.allowed, "breaths") or 1
        breaths = _within(least, hold.breaths, most, round(extra / BREATH_S))
        return replace(hold, breaths=breaths, seconds=breaths * BREATH_S)
    longest = min(LONGEST_HOLD_S, most_allowed(step.allowed, "seconds") or LONGEST_HOLD_S)
    shortest = least_allowed(step.allowed, "seconds") or SHORTEST_HOLD_S
    return replace(hold, seconds=_within(shortest, hold.seconds, longest, extra))


def _within(least: int, usual: int, most: int, extra: int) -> int:
    """A figure with what the user adds or takes; the usual one stands, wherever the limits are."""
    return max(min(least, usual), min(max(most, usual), usual + extra))


def reps_with(step: Step, reps: Reps, extra: int) -> int:
    """A number of reps with some more or fewer, within what the exercise allows.

    Of what has a limit a day, those done before it was begun anew are taken off: that may leave fewer.
    """
    least = 1 if step.most_a_day is not None else least_allowed(step.allowed, "count") or 1
    return _within(least, reps.count, most_allowed(step.allowed, "count") or reps.count, extra)


def hold_of(at: UnderWay) -> Hold:
    """The dose of a task that is known to be held."""
    dose = dose_of(at)
    assert isinstance(dose, Hold)
    return dose


def reps_of(at: UnderWay) -> Reps:
    """The dose of a task that is known to be repeated."""
    dose = dose_of(at)
    assert isinstance(dose, Reps)
    return dose


def seconds_remaining(phase: Holding, now: float) -> float:
    """Seconds of a hold that are still to be held."""
    return max(0.0, phase.ends_at - max(now, phase.starts_at))


def rep_time(phase: Moving, dose: Reps, rep: int) -> float:
    """When a rep begins; one past the last: when all are over."""
    return phase.starts_at + (rep - phase.first) * dose.pace


def reps_done(phase: Phase, now: float) -> int:
    """Reps that have been done to their end; of a paused set, those before the pause."""
    if isinstance(phase, Paused) and isinstance(phase.resume, Moving):
        return phase.resume.first - 1
    if not isinstance(phase, Moving):
        return 0
    dose = reps_of(phase.under_way)
    since_start = max(0.0, now - phase.starts_at)
    return min(dose.count, phase.first - 1 + int((since_start + _SLACK_S) // dose.pace))
