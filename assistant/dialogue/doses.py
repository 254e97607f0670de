"""How much of a dose there is and how much of it is done, from the phase and the time alone."""

from __future__ import annotations

from dataclasses import replace

from assistant.dialogue.phases import Holding, Moving, Paused, Phase
from assistant.dialogue.session import Session
from assistant.routines import Dose, Hold, Reps, Step
from assistant.routines.model import BREATH_S

SHORTEST_HOLD_S = 3
LONGEST_HOLD_S = 60
"""Static stretches of a minute and more cost strength before activity, and nobody was told to hold longer."""

SLOWEST_REP_S = 15

_SLACK_S = 1e-9  # times are floats: a rep that ends now has ended


def dose_of(session: Session, task: int) -> Dose:
    """The dose of a task with what the user has added or taken, within what the exercise allows."""
    step = session.step_of(task)
    match step.dose:
        case Hold() as hold:
            return with_seconds(step, hold, session.extra_seconds)
        case Reps() as reps:
            pace = min(SLOWEST_REP_S, reps.pace + session.extra_pace)
            return replace(reps, count=reps_with(step, reps, session.extra_reps), pace=max(pace, reps.pace))


def with_seconds(step: Step, hold: Hold, extra: int) -> Hold:
    """A hold made longer or shorter; one that is counted in breaths by whole breaths."""
    shortest, longest = _span(step.allowed.seconds if step.allowed else None, hold.seconds, SHORTEST_HOLD_S)
    if hold.breaths is not None:
        fewest, most = _span(step.allowed.breaths if step.allowed else None, hold.breaths, 1)
        breaths = max(fewest, min(most, hold.breaths + round(extra / BREATH_S)))
        return replace(hold, breaths=breaths, seconds=breaths * BREATH_S)
    return replace(hold, seconds=max(shortest, min(longest, LONGEST_HOLD_S, hold.seconds + extra)))


def _span(allowed: tuple[int, int] | None, usual: int, least: int) -> tuple[int, int]:
    low, high = allowed or (least, LONGEST_HOLD_S)
    return min(low, least, usual), max(high, usual)


def reps_with(step: Step, reps: Reps, extra: int) -> int:
    """A number of reps with some more or fewer, never above what the exercise allows."""
    most = step.allowed.count[1] if step.allowed and step.allowed.count else reps.count
    return max(1, min(max(most, reps.count), reps.count + extra))


def hold_of(session: Session, task: int) -> Hold:
    """The dose of a task that is known to be held."""
    dose = dose_of(session, task)
    assert isinstance(dose, Hold)
    return dose


def reps_of(session: Session, task: int) -> Reps:
    """The dose of a task that is known to be repeated."""
    dose = dose_of(session, task)
    assert isinstance(dose, Reps)
    return dose


def seconds_remaining(phase: Holding, now: float) -> float:
    """Seconds of a hold that are still to be held."""
    return max(0.0, phase.ends_at - max(now, phase.starts_at))


def rep_time(phase: Moving, dose: Reps, rep: int) -> float:
    """When a rep begins; one past the last: when all are over."""
    return phase.starts_at + (rep - phase.first) * dose.pace


def reps_done(session: Session, phase: Phase, now: float) -> int:
    """Reps that have been done to their end; of a paused set, those before the pause."""
    if isinstance(phase, Paused) and isinstance(phase.resume, Moving):
        return phase.resume.first - 1
    if not isinstance(phase, Moving):
        return 0
    dose = reps_of(session, phase.task)
    since_start = max(0.0, now - phase.starts_at)
    return min(dose.count, phase.first - 1 + int((since_start + _SLACK_S) // dose.pace))
