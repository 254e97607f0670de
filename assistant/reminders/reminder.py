"""A reminder: a wall time on some days, and when that is on the clock of the world.

* Eight in the morning is eight in the morning, wherever the user is and whatever daylight saving does; only one with a
  zone of its own is at eight there.
* An hour that a day does not have (02:30 when the clocks go forward) is told by the offset before it, so it comes an
  hour later; one that a day has twice comes the first time. RFC 5545 says so, and PEP 495.
* What was given is known by its day. So whatever the clock does, nothing is given twice for a day; only what a
  clock has noted that was days ahead of the right time counts for nothing, as there would be no reminder till then.

No clock is read here.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Literal
from zoneinfo import ZoneInfo

How = Literal["speak", "notify"]

DAILY = (0, 1, 2, 3, 4, 5, 6)
WEEKDAYS = (0, 1, 2, 3, 4)
WEEKEND = (5, 6)

_NAMESPACE = uuid.UUID("b5f0a2a4-6f0e-5f6b-9a52-0d2b4f4f8a10")
_WEEK = 7

_ANY_ZONE = timedelta(days=2)
"""No journey puts a clock back so far: what lies further ahead was noted by a clock that was wrong."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a reminder comes.

    Attributes:
        minute: Of the day, 0 to 1439, by the clock on the wall.
        days: Weekdays on which it comes each week, Monday is 0; none where it comes once.
        on: The day on which it comes once.
        zone: IANA's name of the zone whose wall time it is; None: that of wherever the user is.
    """

    minute: int
    days: tuple[int, ...] = ()
    on: date | None = None
    zone: str | None = None

    @property
    def at(self) -> time:
        """The time of day."""
        return time(*divmod(self.minute, 60))

    @property
    def uid(self) -> str:
        """The same for the same schedule: who takes it in twice has it once."""
        when = self.on.isoformat() if self.on else "".join(map(str, self.days))
        return str(uuid.uuid5(_NAMESPACE, f"{self.minute} {when} {self.zone or ''}"))

    def comes_on(self, day: date) -> bool:
        """Whether it comes on a day."""
        return day == self.on if self.on else day.weekday() in self.days

    def instant(self, day: date, here: tzinfo | None = None) -> datetime:
        """When it comes on a day, in UTC.

        Args:
            day: The day.
            here: The user's zone; None for that of the system.
        """
        zone = ZoneInfo(self.zone) if self.zone else here
        wall = datetime.combine(day, self.at)
        return (wall.replace(tzinfo=zone) if zone else wall).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Reminder:
    """A reminder that is kept.

    Attributes:
        schedule: When it comes.
        made_at: When it was made, in UTC: it is not late for what lies before.
        how: Spoken, or shown on the desktop.
        given: The last day for which it was given.
    """

    schedule: Schedule
    made_at: datetime
    how: How = "speak"
    given: date | None = None

    def owed(self, now: datetime, here: tzinfo | None = None) -> date | None:
        """The last day for which it is due and has not been given; None: it isn't.

        Args:
            now: With an offset.
            here: As for `Schedule.instant`.
        """
        for day in _around(now, -_WEEK) if self.schedule.on is None else (self.schedule.on,):
            instant = self.schedule.instant(day, here) if self.schedule.comes_on(day) else None
            if instant is not None and self._since(now) < instant <= now:
                return day if self._ungiven(day, now) else None
        return None

    def coming(self, now: datetime, here: tzinfo | None = None) -> date | None:
        """The next day for which it comes after now; None: it has come for the last time."""
        for day in _around(now, _WEEK + 1) if self.schedule.on is None else (self.schedule.on,):
            if self._ungiven(day, now) and self.schedule.comes_on(day) and self.schedule.instant(day, here) > now:
                return day
        return None

    def _since(self, now: datetime) -> datetime:
        """What lies before is not late."""
        return self.made_at if self.made_at - now < _ANY_ZONE else now - _ANY_ZONE / 2

    def _ungiven(self, day: date, now: datetime) -> bool:
        """Whether it has not been given for a day; for one far ahead it was given by a clock that was wrong."""
        return self.given is None or self.given < day or self.given - now.date() > _ANY_ZONE


def in_order(reminders: Sequence[Reminder]) -> list[Reminder]:
    """Those of each week first, then those that come once, each by their time."""
    return sorted(reminders, key=lambda r: (r.schedule.on or date.min, r.schedule.minute, r.schedule.days))


def _around(now: datetime, reach: int) -> list[date]:
    """Days from now on, or back into the past; the first may be another zone's tomorrow or yesterday."""
    step = 1 if reach > 0 else -1
    first = now.astimezone(UTC).date() - timedelta(days=step)
    return [first + timedelta(days=step * n) for n in range(abs(reach) + 3)]
