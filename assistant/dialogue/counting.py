"""Counting holds down and reps up: every count is handed over ahead of its time, to begin on its exact sample."""

from __future__ import annotations

import math
from dataclasses import replace

from assistant.dialogue.actions import Chime, Hush, Say, Tick
from assistant.dialogue.doses import rep_time
from assistant.dialogue.line import line
from assistant.dialogue.phases import Holding, Moving
from assistant.dialogue.session import Turn
from assistant.routines import Reps

LEAD_S = 1.0
"""How long before its time a count is handed over, so that it begins on its exact sample."""

FULL_COUNT_S = 10
LAST_COUNTS = 5


def schedule(turn: Turn) -> None:
    """Hand over the counts and tones whose time is near."""
    phase = turn.session.phase
    if isinstance(phase, Holding):
        _schedule_hold(turn, phase)
    elif isinstance(phase, Moving):
        _schedule_reps(turn, phase)


def _schedule_hold(turn: Turn, phase: Holding) -> None:
    upcoming = phase.upcoming
    while upcoming >= 0 and (at := phase.ends_at - upcoming) - LEAD_S <= turn.now:
        if upcoming == 0:
            turn.do(Chime("end", at))
        else:
            turn.do(Tick(upcoming, at))
            _count_aloud(turn, phase, upcoming, at)
        upcoming -= 1
    turn.change(phase=replace(phase, upcoming=upcoming))


def _count_aloud(turn: Turn, phase: Holding, remaining: int, at: float) -> None:
    counting = turn.session.preferences.counting
    whole = round(phase.seconds)
    if remaining == whole and counting == "tones":
        return  # the start tone has just sounded
    counted = remaining <= LAST_COUNTS or whole <= FULL_COUNT_S or counting == "all"
    halfway = whole > FULL_COUNT_S and remaining == whole // 2 and remaining > LAST_COUNTS
    if counting == "tones" or turn.session.speaking:
        # Somebody is being answered: the second still gets its sign, but never a second voice.
        if remaining <= LAST_COUNTS:
            turn.do(Chime("tick", at))
    elif halfway and counting != "all":
        turn.do(Say(line("hold.halfway"), at))
    elif counted:
        turn.do(Say(line("hold.count", n=remaining), at))


def _schedule_reps(turn: Turn, phase: Moving) -> None:
    dose = turn.session.step_of(phase.task).dose
    assert isinstance(dose, Reps)
    upcoming = phase.upcoming
    while upcoming <= dose.count + 1 and (at := rep_time(phase, dose, upcoming)) - LEAD_S <= turn.now:
        if upcoming > dose.count:
            turn.do(Chime("end", at))
        elif turn.session.preferences.counting == "tones" or turn.session.speaking:
            turn.do(Chime("tick", at))
        else:
            turn.do(Say(line("reps.count", n=upcoming), at))
        upcoming += 1
    turn.change(phase=replace(phase, upcoming=upcoming))


def drop_scheduled(turn: Turn) -> None:
    """Forget the counts that were handed over, and hand them over anew with the hold as it is now."""
    turn.do(Hush(scheduled=True))
    turn.change(speaking=())
    phase = turn.session.phase
    if isinstance(phase, Holding):
        left = phase.ends_at - max(turn.now, phase.starts_at)
        turn.change(phase=replace(phase, upcoming=math.floor(left + 1e-9)))
        schedule(turn)
