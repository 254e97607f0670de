"""What it knows of reminders, and its phases that ask about them. What time it is comes from outside, as data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from assistant.reminders.meaning import Meant
from assistant.reminders.reminder import Schedule

ASKS_REMINDERS = frozenset({"SetReminder", "ReminderTime", "WhichReminders", "ForgetReminder"})
"""The commands before which the reminders, and the time of day, are read anew."""


@dataclass(frozen=True, slots=True)
class Due:
    """A reminder that this session gives.

    Attributes:
        schedule: Which.
        day: For which day.
        at: When, in seconds on the sample clock; it may lie before the session.
    """

    schedule: Schedule
    day: date
    at: float


@dataclass(frozen=True, slots=True)
class Reminding:
    """Reminders, as they were read last.

    Attributes:
        read_at: When, in seconds on the sample clock.
        wall: The user's wall clock then, without an offset.
        schedules: All that are kept, in order.
        due: Those that come, or are late, in the order in which they come.
        rings: Whether they are given where no session runs, too.
        saying: Those that are being said.
    """

    read_at: float
    wall: datetime
    schedules: tuple[Schedule, ...] = ()
    due: tuple[Due, ...] = ()
    rings: bool = False
    saying: tuple[Due, ...] = ()

    def wall_at(self, now: float) -> datetime:
        """What the wall clock says, at a time on the sample clock."""
        return self.wall + timedelta(seconds=now - self.read_at)


@dataclass(frozen=True, slots=True)
class AskingReminder:
    """Asks when to remind.

    Attributes:
        meant: What was said of it so far.
    """

    meant: Meant


@dataclass(frozen=True, slots=True)
class ConfirmingReminder:
    """Reads back when it will remind, and asks whether that is right.

    Attributes:
        meant: What was said.
        schedule: What was understood by it.
        today: The user's day: "tomorrow" is told from there.
    """

    meant: Meant
    schedule: Schedule
    today: date


@dataclass(frozen=True, slots=True)
class ForgettingReminders:
    """Asks whether to forget a reminder, one after the other, or all of them at once.

    Attributes:
        schedules: Those that are still to be asked about, the present one first.
        today: As in `ConfirmingReminder`.
        together: Whether they are forgotten all at once.
    """

    schedules: tuple[Schedule, ...]
    today: date
    together: bool = False
