"""How a reminder is told: "every day at half past seven in the morning"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from assistant.dialogue.line import Line, line
from assistant.reminders.meaning import DAY_NAMES
from assistant.reminders.reminder import DAILY, WEEKDAYS, WEEKEND, Schedule

LATE_AFTER = timedelta(minutes=10)
"""From then on a reminder is told as one that was missed."""

_TOLD_AT_MOST = 6
_HOUR = 60
_WEEK = 7
_GROUPS = {DAILY: "daily", WEEKDAYS: "weekdays", WEEKEND: "weekend"}


def told(schedule: Schedule, today: date) -> Line:
    """When a reminder comes, in full: the day, the time, the part of the day.

    The hour after midnight is told as that of the night before: "tomorrow at midnight" is the end of that day.
    """
    minute = schedule.minute
    if minute < _HOUR:
        on = schedule.on and schedule.on - timedelta(days=1)
        schedule = replace(schedule, on=on, days=tuple(sorted((day - 1) % _WEEK for day in schedule.days)))
    clock = "when.midday" if minute in {0, 12 * 60} else f"when.in_the_{_part(minute)}"
    return line("when.whole", days=(_days(schedule, today),), clock=(line(clock, clock=(_clock(minute),)),))


def due(schedule: Schedule, day: date, wall: datetime) -> Line:
    """A reminder that has come, or is late.

    Args:
        schedule: Which.
        day: For which day.
        wall: What the user's wall clock says now.
    """
    if schedule.zone is None and wall - datetime.combine(day, schedule.at) < LATE_AFTER:
        return line("reminder.due", clock=(_clock(schedule.minute),))
    return line("reminder.late", when=(told(Schedule(schedule.minute, on=day), wall.date()),))


def all_of(schedules: Sequence[Schedule], today: date) -> Line:
    """All reminders that there are, the first of them in full."""
    if not schedules:
        return line("reminder.none")
    shown = [told(schedule, today) for schedule in schedules[:_TOLD_AT_MOST]]
    return line(
        "reminder.one" if len(schedules) == 1 else "reminder.all", n=len(schedules), all=(_joined(shown, "full_stop"),)
    )


def _joined(parts: Sequence[Line], last: str, between: str | None = None) -> Line:
    """Lines one after the other as one: with a comma between them, the last one joined otherwise."""
    whole = parts[0]
    for n, part in enumerate(parts[1:], start=2):
        key = last if between is None or n == len(parts) else between
        whole = line(f"when.{key}", before=(whole,), after=(part,))
    return whole


def _part(minute: int) -> str:
    hour = minute // 60
    for part, ends in (("night", 5), ("morning", 12), ("afternoon", 18), ("evening", 22)):
        if hour < ends:
            return part
    return "night"


def _clock(minute: int) -> Line:
    """A time of day, as people say it."""
    hour, past = divmod(minute, 60)
    if not past:
        return line("when.noon" if hour == 12 else "when.midnight" if hour == 0 else "when.hour", hour=_twelve(hour))
    for key, n in (("quarter_past", 15), ("half_past", 30), ("quarter_to", 45)):
        if past == n:
            return line(f"when.{key}", hour=_twelve(hour + (key == "quarter_to")))
    if past % 5:
        return line("when.past_minutes" if past < 30 else "when.to_minutes", **_beside(hour, past))
    return line("when.past" if past < 30 else "when.to", **_beside(hour, past))


def _beside(hour: int, past: int) -> dict[str, int]:
    """So many minutes past an hour, or, in its second half, to the next one."""
    return {"n": past, "hour": _twelve(hour)} if past < 30 else {"n": 60 - past, "hour": _twelve(hour + 1)}


def _twelve(hour: int) -> int:
    return (hour - 1) % 12 + 1


def _days(schedule: Schedule, today: date) -> Line:
    if schedule.on is not None:
        ahead = (schedule.on - today).days
        near = {-1: "yesterday", 0: "today", 1: "tomorrow", _WEEK: f"next_{DAY_NAMES[schedule.on.weekday()]}"}
        if -_WEEK < ahead <= _WEEK:
            return line(f"when.{near.get(ahead, f'on_{DAY_NAMES[schedule.on.weekday()]}')}")
        return line("when.in_days" if ahead > 0 else "when.days_ago", n=min(abs(ahead), 999))
    if schedule.days in _GROUPS:
        return line(f"when.{_GROUPS[schedule.days]}")
    days = [line(f"when.{DAY_NAMES[day]}") for day in schedule.days]
    return line("when.each", days=(_joined(days, "and", "comma"),))
