"""The reminders of one user on disk: a small SQLite database of its own, for sessions and the system's timer alike.

It is none of the diary's: whoever erases what they did and felt still wants to be reminded. Each change is a
transaction that is on the disk when the call returns.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any, Self

from assistant.errors import AssistantError
from assistant.home import folders
from assistant.reminders.reminder import How, Reminder, Schedule, in_order

BUSY_S = 2.0
"""How long a write waits for another process."""

_VERSION = 1
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT}
_TABLE = """
    CREATE TABLE IF NOT EXISTS reminders (
        uid TEXT PRIMARY KEY,
        minute INTEGER NOT NULL CHECK (minute BETWEEN 0 AND 1439),
        days TEXT NOT NULL CHECK (days NOT GLOB '*[^0-6]*'),
        once TEXT CHECK (once GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
        zone TEXT,
        how TEXT NOT NULL CHECK (how IN ('speak', 'notify')),
        made_at TEXT NOT NULL,
        given TEXT,
        CHECK ((days = '') = (once IS NOT NULL))
    ) STRICT, WITHOUT ROWID
    """


class RemindersUnusable(AssistantError):
    """The reminders can't be opened, read or written."""


def reminders_file() -> Path:
    """Where they are kept."""
    return folders.data() / "reminders" / "reminders.sqlite3"


class Reminders:
    """An open database of reminders.

    Args:
        path: The file; made where there is none. A damaged one is set aside, and the user told.

    Attributes:
        notice: What the user should be told: that it was set aside; None: nothing.

    Raises:
        RemindersUnusable: It can't be opened, or a newer version made it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.notice: str | None = None
        try:
            self._open()
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode not in _DAMAGED:
                raise _unusable(path, error) from error
            self._set_aside()

    def _open(self) -> None:
        try:
            folders.make_private(self.path.parent)
            self.path.touch(0o600)
        except OSError as error:
            raise _unusable(self.path, error) from error
        self._connection = sqlite3.connect(self.path, timeout=BUSY_S, isolation_level=None)
        try:
            self._connection.execute("PRAGMA synchronous = FULL")
            self._connection.execute("PRAGMA fullfsync = ON")
            version = int(self._connection.execute("PRAGMA user_version").fetchone()[0])
            if version > _VERSION:
                raise RemindersUnusable(
                    f"The reminders can't be used: {self.path}.",
                    "A newer version of this assistant made them.",
                    "Use that version, or move the file away.",
                )
            if version < _VERSION:
                self._connection.execute(_TABLE)
                self._connection.execute(f"PRAGMA user_version = {_VERSION}")
        except BaseException:
            self._connection.close()
            raise

    def _set_aside(self) -> None:
        aside = self.path.with_name(f"{self.path.name}.damaged-{datetime.now():%Y-%m-%d-%H%M%S}")
        try:
            self.path.replace(aside)
            self._open()
        except (OSError, sqlite3.Error) as error:
            raise _unusable(self.path, error) from error
        self.notice = f"Your reminders could not be read; they were set aside as {aside}."

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close it."""
        with suppress(sqlite3.Error):
            self._connection.close()

    def all(self) -> list[Reminder]:
        """All that are kept, in order."""
        with self._translated():
            rows = self._connection.execute("SELECT minute, days, once, zone, how, made_at, given FROM reminders")
            return in_order([_reminder(*row) for row in rows])

    def add(self, schedule: Schedule, made_at: datetime, how: How | None = None) -> None:
        """Keep one; the same again changes nothing but how it is given.

        Args:
            schedule: When it comes.
            made_at: When it was made, in UTC.
            how: How it is given; None: as before, spoken at first.
        """
        once = schedule.on.isoformat() if schedule.on else None
        days = "".join(map(str, schedule.days))
        row = (schedule.uid, schedule.minute, days, once, schedule.zone, how or "speak", made_at.isoformat())
        with self._translated():
            self._connection.execute("INSERT OR IGNORE INTO reminders VALUES (?, ?, ?, ?, ?, ?, ?, NULL)", row)
            if how is not None:
                self._connection.execute("UPDATE reminders SET how = ? WHERE uid = ?", (how, schedule.uid))

    def remove(self, uids: Sequence[str]) -> None:
        """Forget some; what is not there stays away."""
        with self._translated():
            self._connection.executemany("DELETE FROM reminders WHERE uid = ?", [(uid,) for uid in uids])

    def give(self, uid: str, day: date) -> bool:
        """Note that one was given for a day; of two processes that do so, one is told that it was the first."""
        with self._translated():
            changed = self._connection.execute(
                "UPDATE reminders SET given = ?1 WHERE uid = ?2 AND (given IS NULL OR given < ?1)",
                (day.isoformat(), uid),
            )
            return changed.rowcount == 1

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise _unusable(self.path, error) from error


def _reminder(minute: int, days: str, once: str | None, zone: str | None, how: Any, made: str, given: Any) -> Reminder:
    schedule = Schedule(minute, tuple(map(int, days)), date.fromisoformat(once) if once else None, zone)
    return Reminder(schedule, datetime.fromisoformat(made), how, date.fromisoformat(given) if given else None)


def _unusable(path: Path, error: Exception) -> RemindersUnusable:
    why = getattr(error, "strerror", None) or str(error)
    return RemindersUnusable(
        f"The reminders can't be used: {path}.",
        f"{why}.",
        "Check that the folder is yours, and that the disk has room.",
    )
