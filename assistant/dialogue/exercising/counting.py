"""Counting holds down and reps up: every count is handed over ahead of its time, to begin on its exact sample."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

from assistant.dialogue import lines
from assistant.dialogue.actions import Chime, Hush, Say, Tick
from assistant.dialogue.line import line
from assistant.dialogue.state.doses import hold_of, rep_time, reps_of
from assistant.dialogue.state.phases import Holding, Moving
from assistant.dialogue.turn import Turn
from assistant.routines import Reps
from assistant.routines.model import BREATH_S

COUNTS = frozenset(
    {
        *("hold.count", "hold.halfway", "hold.breathe", "hold.breathe_in", "hold.breathe_out"),
        *("reps.count", "reps.then", "reps.number"),
    }
)
"""Keys of the lines that are said as it counts."""

LEAD_S = 1.0
"""How long before its time a count is handed over, so that it begins on its exact sample."""

START_TONE_S = 0.4
"""How long before a hold its start tone sounds, so that tone and first count don't collide."""

FULL_COUNT_S = 10
LAST_COUNTS = 5

LONG_HOLD_S = 30
"""Holds as long as this get a number before they are half over."""

LONGEST_SILENCE_S = 20
"""After more seconds without a word, somebody with closed eyes wonders: a word for the breath is said in between."""

EVERY_SECOND_BELOW = 60
"""More seconds than these take longer than a second to say: of them only the tens are counted."""


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
    if hold_of(phase.under_way).breaths is not None:
        _breathe_aloud(turn, whole - remaining, at)
        return
    if remaining == whole and counting == "tones":
        return  # the start tone has just sounded
    sayable = remaining < EVERY_SECOND_BELOW or remaining % 10 == 0
    counted = remaining <= LAST_COUNTS or whole <= FULL_COUNT_S or (counting == "all" and sayable)
    halfway = whole > FULL_COUNT_S and remaining == whole // 2 and remaining > LAST_COUNTS
    number, breaths = early_number(whole), breath_cues(whole)
    if counting == "tones" or turn.session.speaking:
        # Somebody is being answered: the second still gets its sign, but never a second voice.
        if remaining <= LAST_COUNTS:
            turn.do(Chime("tick", at))
    elif halfway and counting != "all":
        turn.do(Say(line("hold.halfway"), at))
    elif counted or remaining == number:
        turn.do(Say(line("hold.count", n=remaining), at))
    elif remaining in breaths and counting != "all":
        turn.do(Say(line("hold.breathe"), at))


def early_number(whole: int) -> int | None:
    """Which seconds left of a long hold are said before it is half over: a round number, after about a quarter."""
    return whole * 3 // 40 * 10 if whole >= LONG_HOLD_S else None


def breath_cues(whole: int) -> frozenset[int]:
    """At how many seconds left something is said for the breath, so that no silence lasts too long."""
    if whole <= FULL_COUNT_S:
        return frozenset()
    marks = sorted({whole, early_number(whole) or whole, whole // 2, LAST_COUNTS}, reverse=True)
    cues: set[int] = set()
    for before, after in itertools.pairwise(marks):
        parts = math.ceil((before - after) / LONGEST_SILENCE_S)
        cues |= {before - round((before - after) * part / parts) for part in range(1, parts)}
    return frozenset(cues)


def _breathe_aloud(turn: Turn, passed: int, at: float) -> None:
    """A hold that lasts some breaths is counted in them: in, and half a breath later out."""
    if passed % (BREATH_S // 2):
        return
    breathes_in = passed % BREATH_S == 0
    if turn.session.preferences.counting == "tones" or turn.session.speaking:
        turn.do(Chime("tick", at))
    elif breathes_in:
        turn.do(Say(line("hold.breathe_in", n=passed // BREATH_S + 1), at))
    else:
        turn.do(Say(line("hold.breathe_out"), at))


def _schedule_reps(turn: Turn, phase: Moving) -> None:
    dose = reps_of(phase.under_way)
    upcoming = phase.upcoming
    while upcoming <= dose.count + 1 and (at := rep_time(phase, dose, upcoming)) - LEAD_S <= turn.now:
        if upcoming > dose.count:
            turn.do(Chime("end", at))
        elif turn.session.preferences.counting == "tones" or turn.session.speaking:
            turn.do(Chime("tick", at))
        else:
            _count_rep(turn, phase, upcoming, at)
        upcoming += 1
    turn.change(phase=replace(phase, upcoming=upcoming))


def _count_rep(turn: Turn, phase: Moving, rep: int, at: float) -> None:
    """The number of a rep, and what to do on each of its beats."""
    under_way = phase.under_way
    beats = under_way.step.beats_of(under_way.so_far.form)
    if not beats:
        turn.do(Say(line("reps.number", n=rep), at))
        return
    apart = reps_of(under_way).pace / len(beats)
    turn.do(Say(lines.told_of(under_way, "reps.count", beats[0], n=rep), at))
    for number, text in enumerate(beats[1:], start=1):
        turn.do(Say(lines.told_of(under_way, "reps.then", text), at + number * apart))


def next_rep(phase: Moving, dose: Reps, now: float) -> int:
    """The first rep that has not begun yet; one more than there are: none is left."""
    begun = math.floor((now - phase.starts_at) / dose.pace + 1e-9) + 1 if now >= phase.starts_at else 0
    return min(dose.count + 1, phase.first + begun)


def drop_scheduled(turn: Turn) -> None:
    """Forget the counts that were handed over, and hand them over anew with the dose as it is now."""
    turn.do(Hush(scheduled=True))
    turn.change(speaking=())
    phase = turn.session.phase
    if isinstance(phase, Holding | Moving) and turn.now < phase.starts_at - START_TONE_S:
        turn.do(Chime("start", phase.starts_at - START_TONE_S))
    if isinstance(phase, Holding):
        left = phase.ends_at - max(turn.now, phase.starts_at)
        turn.change(phase=replace(phase, upcoming=math.floor(left + 1e-9)))
        schedule(turn)
    elif isinstance(phase, Moving):
        turn.change(phase=replace(phase, upcoming=next_rep(phase, reps_of(phase.under_way), turn.now)))
        schedule(turn)
