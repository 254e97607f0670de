"""Progress over weeks: the user's own aim, what may be expected when, and when a stronger form is due.

* What may be expected is said once, at the end of a routine: ease in about two weeks, recovery in four to six, carry on
  for six to eight (CSP); without a change in two weeks, ask for help (INF).
* An aim is only ever counted towards, never held against anybody.
* A milder form that went well on three days is told to have a usual one; nothing gets stronger by itself. No source
  says when: ours, cautious.
"""

from __future__ import annotations

from assistant.dialogue.line import Line, line
from assistant.dialogue.state.session import Session
from assistant.dialogue.state.under_way import UnderWay

MILESTONES = (6, 2)
"""In weeks, the latest first."""

LATE_BY_DAYS = 14
"""So long after its day a milestone is still told."""

WENT_WELL_DAYS = 3


def milestone_due(session: Session) -> int | None:
    """The weeks of which it is to be said now what may be expected after them; None: of none."""
    practice = session.user.practice
    due = (
        weeks
        for weeks in MILESTONES
        if weeks not in practice.milestones and 0 <= practice.days - 7 * weeks < LATE_BY_DAYS
    )
    return next(due, None)


def aim_reached(session: Session, *, with_today: bool = False) -> tuple[Line, ...]:
    """How much of the week's aim is done; nothing where there is none, or no diary.

    Args:
        session: The session.
        with_today: Whether today counts, though the diary may not have it yet.
    """
    aim, diary = session.user.practice.aim, session.diary
    if aim is None or diary is None:
        return ()
    days = diary.week_days + (1 if with_today and diary.last_stretch != 0 else 0)
    if not days:
        return ()
    return (line("progress.aim_met", n=days) if days >= aim else line("progress.aim", n=days, of=aim),)


def stronger_due(session: Session, at: UnderWay) -> tuple[Line, ...]:
    """That the milder form went well several times: the user may say so, and has the usual one."""
    went_well = session.user.practice.went_well.get(at.step.key, 0)
    if at.so_far.form == "easier" and not session.user.milder and went_well >= WENT_WELL_DAYS:
        return (line("progress.try_usual"),)
    return ()
