"""Reminders for a session: read with the time of day, kept as the dialogue records them. No session fails for them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, tzinfo
from pathlib import Path

from assistant.dialogue.events import ComingReminder, RemindersRead
from assistant.dialogue.facts import Fact
from assistant.dialogue.reminder_facts import ReminderGiven, ReminderSet, RemindersForgotten
from assistant.reminders import timer
from assistant.reminders.reminder import Reminder, Schedule
from assistant.reminders.store import Reminders, RemindersUnusable

REMINDER_FACTS = (ReminderSet, ReminderGiven, RemindersForgotten)


class ReminderKeeper:
    """Keeps one user's reminders.

    Args:
        path: The database.
        tell: Called with a sentence for the user where something is wrong with it; once for each thing.
        clock: The time, with an offset.
        here: The user's zone; None for that of the system.
        on_change: Called when reminders were set or forgotten, with those that are left: for the system's timer.
    """

    def __init__(
        self,
        path: Path,
        tell: Callable[[str], None],
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        here: tzinfo | None = None,
        on_change: Callable[[list[Reminder]], None] = lambda _: None,
    ) -> None:
        self._tell_user = tell
        self._told: set[str] = set()
        self._clock = clock
        self._here = here
        self._on_change = on_change
        self._kept: Reminders | None = None
        try:
            self._kept = Reminders(path)
        except RemindersUnusable as error:
            self._refused(error)
        else:
            if self._kept.notice:
                self._tell(self._kept.notice)

    def read(self) -> RemindersRead | None:
        """What there is, and what time it is; None where it can't be read."""
        if self._kept is None:
            return None
        try:
            reminders = self._kept.all()
        except RemindersUnusable as error:
            self._refused(error)
            return None
        now = self._clock()
        coming = [one for one in (self._coming(reminder, now) for reminder in reminders) if one is not None]
        return RemindersRead(
            wall=now.astimezone(self._here).replace(tzinfo=None),
            schedules=tuple(r.schedule for r in reminders if r.owed(now, self._here) or r.coming(now, self._here)),
            coming=tuple(sorted(coming, key=lambda one: one.in_s)),
            rings=timer.is_set(),
        )

    def _coming(self, reminder: Reminder, now: datetime) -> ComingReminder | None:
        """What a session is to give of it: what it missed, or else the next; what the desktop shows is not said."""
        if reminder.how == "notify":
            return None
        day = reminder.owed(now, self._here) or reminder.coming(now, self._here)
        if day is None:
            return None
        return ComingReminder(
            reminder.schedule, day, (reminder.schedule.instant(day, self._here) - now).total_seconds()
        )

    def note(self, fact: Fact) -> None:
        """Keep what the dialogue records of reminders; the same again changes nothing."""
        if self._kept is None or not isinstance(fact, REMINDER_FACTS):
            return
        try:
            match fact:
                case ReminderSet():
                    on = date.fromisoformat(fact.on) if fact.on else None
                    self._kept.add(Schedule(fact.minute, tuple(fact.days), on), self._clock().astimezone(UTC))
                case ReminderGiven(uid=uid, day=day):
                    self._kept.give(uid, date.fromisoformat(day))
                case RemindersForgotten(uids=uids):
                    self._kept.remove(uids)
            if not isinstance(fact, ReminderGiven):
                self._on_change(self._kept.all())
        except RemindersUnusable as error:
            self._refused(error)

    def close(self) -> None:
        """Close it."""
        if self._kept is not None:
            self._kept.close()

    def _refused(self, error: RemindersUnusable) -> None:
        self._tell(f"{error.what} {error.why}")

    def _tell(self, sentence: str) -> None:
        if sentence not in self._told:
            self._told.add(sentence)
            self._tell_user(sentence)
