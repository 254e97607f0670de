"""How a routine is announced: its name and length, what of it is left out, and its cautions, as far as they are due."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.dialogue.line import Line, line
from assistant.dialogue.state.one_exercise import known_routine
from assistant.dialogue.state.phases import Choosing
from assistant.dialogue.state.plan import TO_SOMEBODY_NEW, Task, Telling, plan, seconds_of
from assistant.dialogue.state.session import Session
from assistant.dialogue.state.told import cautions_for, due_of, telling_of
from assistant.dialogue.state.under_way import UnderWay
from assistant.routines import Routine
from assistant.routines.model import Caution
from assistant.routines.naming import MOST_AT_ONCE

GROUP = 8
"""Routines that are read out at once, where there are too many of them for one list."""

_MOST_COUNTED = 999

TELL_IF_IT_HURTS = line("caution.outro_short")


def numbered_group(session: Session, phase: Choosing) -> tuple[list[str], int]:
    """The routines that are read out at once, and how many come after them.

    Their numbers begin with one in each group: higher ones than ten are not listened for.
    """
    keys = list(phase.keys or session.routines)
    at_once = len(keys) if len(keys) <= MOST_AT_ONCE else GROUP
    group = keys[phase.begins : phase.begins + at_once]
    return group, len(keys) - phase.begins - len(group)


def numbered_routines(session: Session, phase: Choosing) -> tuple[Line, ...]:
    """The list of routines, or a group of them, and how to choose one."""
    group, more = numbered_group(session, phase)
    listed = [
        line(f"choosing.routine{_half(length)}", n=number, title=routine.title, minutes=int(length))
        for number, routine in enumerate((session.routines[key] for key in group), start=1)
        for length in [_minutes_for(session, routine, plan(routine, session.user.sore_side))]
    ]
    how = line("choosing.how_with_more", n=min(more, _MOST_COUNTED)) if more else line("choosing.how")
    return (line("choosing.next" if phase.begins else "choosing.intro"), *listed, how)


def announcement(
    session: Session, under_way: UnderWay, left_out: Sequence[str] = (), instead: Sequence[tuple[str, str]] = ()
) -> tuple[Line, ...]:
    """Name, length and side of the routine, and what of it is left out or done otherwise; not what was just said."""
    routine = under_way.routine
    lines: list[Line] = []
    named = session.announced == routine.key
    if not named:
        length = _minutes_for(session, routine, under_way.plan)
        lines = [line(f"routine.announce{_half(length)}", title=routine.title, minutes=int(length))]
    lines += [line("adapted.instead", name=name, other=other) for name, other in instead]
    if left_out:
        lines.append(line("adapted.without", names=tuple(line("adapted.name", name=name) for name in left_out)))
    if routine.asks_for_side and session.user.sore_side and not named and not session.side_told:
        lines.append(line("side.known", side=session.user.sore_side))
    return tuple(lines)


def cautions(session: Session, routine: Routine) -> tuple[Line, ...]:
    """All cautions of a routine, but for those about what the user has denied."""
    return _cautions(cautions_for(session, routine))


def cautions_due(session: Session, routine: Routine) -> tuple[Line, ...]:
    """The cautions of a routine that were not heard in the last week, or where all were: what to do if it hurts.

    That is said before the second exercise to who has just told of little pain, or none.
    """
    due = due_of(session, routine)
    if due and len(due) < len(cautions_for(session, routine)):
        return _cautions(due)[1:]  # something of it was asked or said before: this is not the first
    return _cautions(due) if due else () if _is_reminded_later(session, routine) else (TELL_IF_IT_HURTS,)


def _is_reminded_later(session: Session, routine: Routine) -> bool:
    told = [level for level in (session.pain.before, session.pain.before_in_leg) if level is not None]
    return bool(told) and max(told) <= session.safety.pain.goes_on.up_to and len(routine.steps) > 1


def _cautions(said: Sequence[Caution]) -> tuple[Line, ...]:
    return (line("caution.intro"), *(line("caution.say", text=caution.say) for caution in said), line("caution.outro"))


def routine_in_short(session: Session, key: str) -> tuple[Line, ...]:
    """Which routine it is, and for which leg, in few words."""
    routine, side = known_routine(session, key), session.user.sore_side
    if routine.asks_for_side and side:
        return (line("routine.this_side", title=routine.title, side=side),)
    return (line("routine.this", title=routine.title),)


def news(session: Session, routine: str | None) -> Line:
    """Whether anything is new: in few words to who was here lately and has heard the cautions of the routine."""
    if routine is None or not session.user.practice.in_habit or due_of(session, known_routine(session, routine)):
        return line("screening.news")
    return line("screening.news_short", what=routine_in_short(session, routine))


def news_and_since(session: Session, routine: str) -> Line:
    """Whether anything is new, or was worse after the last time."""
    return line("screening.news_and_since", what=routine_in_short(session, routine))


def minutes_of(routine: Routine, tasks: Sequence[Task], telling: Telling = TO_SOMEBODY_NEW) -> float:
    """How long a routine is said to take, in minutes and halves of them; see `seconds_of`."""
    return max(1.0, round(seconds_of(routine, tuple(tasks), telling) / 30) / 2)


def _minutes_for(session: Session, routine: Routine, tasks: Sequence[Task]) -> float:
    """The same for this user."""
    return minutes_of(routine, tasks, telling_of(session, routine))


def _half(minutes: float) -> str:
    return "" if minutes == int(minutes) else "_and_a_half"
