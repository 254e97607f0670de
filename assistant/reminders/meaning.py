"""What people mean by "tomorrow at eight": a schedule, or what is still to be asked.

An hour without "morning" or "evening" is, for today and for no day at all, the next one that comes; else the one at
which people are up: six to eleven in the morning, noon, one to five in the afternoon. It is read back before it counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from assistant.reminders.reminder import DAILY, WEEKDAYS, WEEKEND, Schedule

Part = Literal["morning", "afternoon", "evening", "night"]

DAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_USUAL: Mapping[Part, int] = {"morning": 8, "afternoon": 15, "evening": 19, "night": 21}
"""The hour that is read back where somebody says a part of the day and no hour."""

_EVERY: Mapping[str, tuple[int, ...]] = {"daily": DAILY, "weekdays": WEEKDAYS, "weekend": WEEKEND}
_IN_DAYS = {"today": 0, "tomorrow": 1, "day after tomorrow": 2}
_HOUR = 60
_HALF_DAY = 12 * _HOUR
_NOON = 12
_HALF_A_MINUTE_S = 30
_FIRST_UP = 6


@dataclass(frozen=True, slots=True)
class Meant:
    """What was said of a time, as far as it was.

    Attributes:
        days: ``today``, ``tomorrow``, ``day after tomorrow``, ``daily``, ``weekdays``, ``weekend``, names of weekdays.
        every: Whether those weekdays are meant each week.
        hour: As it was said, 0 to 23; or 24 for midnight.
        minute: Past the hour; below 0: before it.
        part: The part of the day.
        in_minutes: From now, in place of all this.
    """

    days: tuple[str, ...] = ()
    every: bool = False
    hour: int | None = None
    minute: int = 0
    part: Part | None = None
    in_minutes: int | None = None

    @property
    def has_time(self) -> bool:
        """Whether a time of day was said, an hour or a part of the day."""
        return self.hour is not None or self.part is not None

    def with_answer(self, answer: Meant) -> Meant:
        """With what was said afterwards in place of what it corrects."""
        if answer.in_minutes is not None:
            return answer
        merged = replace(self, in_minutes=None)
        if answer.days:
            merged = replace(merged, days=answer.days, every=answer.every)
        if answer.hour is not None:
            merged = replace(merged, hour=answer.hour, minute=answer.minute, part=answer.part)
        elif answer.part is not None:
            merged = replace(merged, part=answer.part)
        return merged


def schedule_of(meant: Meant, wall: datetime) -> Schedule | None:
    """The schedule that is meant; None where it lies in the past.

    Args:
        meant: Of which `Meant.has_time` holds, or which counts from now.
        wall: The user's wall clock, without an offset.
    """
    if meant.in_minutes is not None:
        ends = wall + timedelta(minutes=meant.in_minutes, seconds=_HALF_A_MINUTE_S)
        return Schedule(ends.hour * _HOUR + ends.minute, on=ends.date())
    if meant.days and (days := _each_week(meant)):
        after, minute = divmod(_minute(meant), 2 * _HALF_DAY)
        return Schedule(minute, tuple(sorted((day + after) % 7 for day in days)))
    if not meant.days:
        return _next(meant, wall)
    day = meant.days[0]
    if day == "today":
        found = _next(meant, wall)
        return found if found.on == wall.date() else None
    ahead = _IN_DAYS[day] if day in _IN_DAYS else (DAY_NAMES.index(day) - wall.weekday() - 1) % 7 + 1
    return _on(wall + timedelta(days=ahead), _minute(meant))


def _each_week(meant: Meant) -> tuple[int, ...]:
    named = [day for day in meant.days if day in DAY_NAMES]
    if meant.every or len(named) > 1:
        return tuple(sorted({DAY_NAMES.index(day) for day in named}))
    return _EVERY.get(meant.days[0], ())


def _next(meant: Meant, wall: datetime) -> Schedule:
    """The next time that it is so late, morning or evening."""
    tomorrow = wall + timedelta(days=1)
    times = [_on(day, minute) for day in (wall, tomorrow) for minute in _minutes(meant)]
    now = wall.date(), wall.hour * _HOUR + wall.minute
    return next(found for found in times if found.on and (found.on, found.minute) > now)


def _minutes(meant: Meant) -> list[int]:
    """The minutes of a day that may be meant, the early ones first."""
    if meant.part is None and _of_twelve(meant.hour):
        early = _early(meant)
        return [early, early + _HALF_DAY]
    return [_minute(meant)]


def _minute(meant: Meant) -> int:
    """The minute of the day; 1440 is the midnight at its end, and more is after that."""
    if meant.hour is None:
        return _USUAL[meant.part or "morning"] * _HOUR
    if not _of_twelve(meant.hour):
        return meant.hour * _HOUR + meant.minute
    early = _early(meant)
    match meant.part:
        case "morning":
            return early
        case "evening" | "night" if early < _HOUR:  # that begins with the midnight at the end of the day
            return early + 2 * _HALF_DAY
        case "night":
            return early if early < _FIRST_UP * _HOUR else early + _HALF_DAY
        case None if early >= _FIRST_UP * _HOUR:
            return early
        case _:
            return early + _HALF_DAY


def _of_twelve(hour: int | None) -> bool:
    return hour is not None and 1 <= hour <= _NOON


def _early(meant: Meant) -> int:
    """The minute of the day, if it is before noon: "a quarter to twelve" is 11:45."""
    return ((meant.hour or 0) * _HOUR + meant.minute) % _HALF_DAY


def _on(day: datetime, minute: int) -> Schedule:
    after, minute = divmod(minute, 2 * _HALF_DAY)
    return Schedule(minute, on=(day + timedelta(days=after)).date())
