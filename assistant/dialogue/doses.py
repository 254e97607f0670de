"""How much of a dose there is and how much of it is done, from the phase and the time alone."""

from __future__ import annotations

from assistant.dialogue.phases import Holding, Moving, Paused, Phase
from assistant.dialogue.session import Session
from assistant.routines import Hold, Reps

SHORTEST_HOLD_S = 3
LONGEST_HOLD_S = 60
"""Static stretches of a minute and more cost strength before activity, and nobody was told to hold longer."""

_SLACK_S = 1e-9  # times are floats: a rep that ends now has ended


def hold_seconds(session: Session, hold: Hold) -> int:
    """Length of a hold with what the user has added or taken."""
    return max(min(SHORTEST_HOLD_S, hold.seconds), min(LONGEST_HOLD_S, hold.seconds + session.extra_seconds))


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
    dose = session.step_of(phase.task).dose
    assert isinstance(dose, Reps)
    since_start = max(0.0, now - phase.starts_at)
    return min(dose.count, phase.first - 1 + int((since_start + _SLACK_S) // dose.pace))
