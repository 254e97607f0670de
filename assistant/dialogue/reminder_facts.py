"""What is worth remembering of reminders. Days are written as ISO has them: facts are written as JSON."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReminderSet:
    """The user wants to be reminded; see `assistant.reminders.reminder.Schedule`.

    Attributes:
        minute: Of the day.
        days: Weekdays, Monday is 0; none where it comes once.
        on: The day on which it comes once.
    """

    minute: int
    days: tuple[int, ...] = ()
    on: str | None = None


@dataclass(frozen=True, slots=True)
class ReminderGiven:
    """A reminder was spoken to its end, or answered.

    Attributes:
        uid: Which.
        day: For which day.
    """

    uid: str
    day: str


@dataclass(frozen=True, slots=True)
class RemindersForgotten:
    """The user does not want these reminders any more."""

    uids: tuple[str, ...]
