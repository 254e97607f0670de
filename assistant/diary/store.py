"""The database: every entry in its own transaction, on the disk before anything else happens.

SQLite with a write-ahead log that is synced at each commit: what was written outlives a killed process and a power
cut. File and folder are for the user alone. Nothing here knows of sound or dialogue.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import astuple, dataclass, fields
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from assistant.closing import ClosedAfterUse
from assistant.diary.entries import DiarySession, Entry, Kind, SessionKey
from assistant.diary.naming import NO_NAMES, Names
from assistant.diary.schema import MadeByNewerVersion, migrate
from assistant.errors import DiaryUnusable

BUSY_S = 2.0
"""How long a write waits for another process."""

_COLUMNS = tuple(field.name for field in fields(Entry))
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT}
_WRITE = f"INSERT OR REPLACE INTO entries (session, n, {', '.join(_COLUMNS)}) VALUES (?, ?{', ?' * len(_COLUMNS)})"  # noqa: S608
_READ = f"""
    SELECT s.uid, s.started_at, s.utc_offset_s, e.n, {", ".join("e." + name for name in _COLUMNS)}
    FROM sessions s JOIN entries e ON e.session = s.id
    WHERE s.day BETWEEN ? AND ? ORDER BY s.started_at, s.id, e.n
"""  # noqa: S608
_FIRST_DAY, _LAST_DAY = date.min.isoformat(), date.max.isoformat()


class DiaryDamaged(Exception):
    """The file is no database, or one whose pages contradict each other."""


@dataclass(frozen=True, slots=True)
class Span:
    """How much there is.

    Attributes:
        sessions: Number of sessions.
        first: The day of the first; None without any.
        last: The day of the last.
    """

    sessions: int
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class WrittenLast:
    """What the process that wrote last had come to.

    Attributes:
        session: The session's uid.
        run: The process; empty where facts have no numbers.
        number: Of its last fact that was written.
    """

    session: str
    run: str = ""
    number: int = 0


class Diary(ClosedAfterUse):
    """An open diary.

    Args:
        path: The database; made where there is none, with its folder.
        names: What exercises and routines are called: for a diary from when it held names, for people and for tables.

    Raises:
        DiaryDamaged: It can't be read as a database.
        DiaryUnusable: It can't be opened, or a newer version made it.
    """

    def __init__(self, path: Path, names: Names = NO_NAMES) -> None:
        self.path = path
        self.names = names
        self._connection: sqlite3.Connection
        try:
            _make_private(path)
            self._connection = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None)
        except (OSError, sqlite3.Error) as error:
            raise _unusable(path, error) from error
        try:
            with self._translated():
                self._prepare()
        except BaseException:
            self._connection.close()
            raise

    def _prepare(self) -> None:
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.execute("PRAGMA fullfsync = ON")  # macOS says "synced" before it is, without this
        self._connection.execute("PRAGMA wal_autocheckpoint = 256")  # pages: a log of a megabyte
        self._connection.execute("PRAGMA foreign_keys = ON")
        self._connection.execute("PRAGMA secure_delete = ON")
        self._connection.execute("PRAGMA temp_store = MEMORY")  # nothing of it in the system's temporary folder
        if self._connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise DiaryDamaged
        self._connection.create_function("key_of_exercise", 1, self.names.key_of_exercise)
        self._connection.create_function("key_of_routine", 1, self.names.key_of_routine)
        try:
            migrate(self._connection)
        except MadeByNewerVersion as error:
            raise DiaryUnusable(
                f"The diary can't be used: {self.path}.",
                "A newer version of this assistant made it.",
                "Use that version, or move the file away to begin a new diary.",
            ) from error

    def close(self) -> None:
        """Close it; the log is folded into the database if nobody else uses it."""
        with suppress(sqlite3.Error):
            self._connection.close()

    def write(self, session: SessionKey, n: int, entry: Entry) -> None:
        """Write one entry, or write it anew; it is on the disk when this returns.

        Args:
            session: Where it belongs; it is made with its first entry.
            n: Its number in the session, from 1.
            entry: The entry.

        Raises:
            DiaryDamaged: The database is damaged.
            DiaryUnusable: It can't be written.
        """
        self.write_all([(session, n, entry)])

    def write_all(self, rows: Iterable[tuple[SessionKey, int, Entry]], last: WrittenLast | None = None) -> None:
        """The same for many, all or none, and with them what has been written last then; None leaves that as it is."""
        with self._transaction():
            if last is not None:
                self._connection.execute("DELETE FROM written_last")
                self._connection.execute("INSERT INTO written_last VALUES (?, ?, ?)", astuple(last))
            ids: dict[str, int] = {}
            for session, n, entry in rows:
                if session.uid not in ids:
                    ids[session.uid] = self._id_of(session)
                self._connection.execute(_WRITE, (ids[session.uid], n, *astuple(entry)))

    def written_last(self) -> WrittenLast | None:
        """What was written last; None where nothing was.

        Raises:
            DiaryDamaged: The database is damaged.
            DiaryUnusable: It can't be read.
        """
        rows = self.query("SELECT session, run, number FROM written_last")
        return WrittenLast(*rows[0]) if rows else None

    def _id_of(self, session: SessionKey) -> int:
        self._connection.execute(
            "INSERT OR IGNORE INTO sessions (uid, started_at, utc_offset_s, day) VALUES (?, ?, ?, ?)",
            (session.uid, *_stored_time(session.started_at), session.day.isoformat()),
        )
        return int(self._connection.execute("SELECT id FROM sessions WHERE uid = ?", (session.uid,)).fetchone()[0])

    def sessions(self, first: date | None = None, last: date | None = None) -> tuple[DiarySession, ...]:
        """All sessions of these days, both included, in order of time, with their entries.

        Raises:
            DiaryDamaged: The database is damaged.
            DiaryUnusable: It can't be read.
        """
        found: dict[str, tuple[SessionKey, list[tuple[int, Entry]]]] = {}
        with self._translated():
            for uid, started_at, offset, n, *values in self._connection.execute(_READ, _days(first, last)):
                if uid not in found:
                    found[uid] = SessionKey(uid, time_of(started_at, offset)), []
                found[uid][1].append((n, _entry_of(values)))
        return tuple(DiarySession(key, tuple(entries)) for key, entries in found.values())

    def session(self, uid: str) -> DiarySession | None:
        """One session, if there is such a one.

        Raises:
            DiaryDamaged: The database is damaged.
            DiaryUnusable: It can't be read.
        """
        days = [date.fromisoformat(day) for (day,) in self.query("SELECT day FROM sessions WHERE uid = ?", (uid,))]
        found = self.sessions(days[0], days[0]) if days else ()
        return next((session for session in found if session.key.uid == uid), None)

    def query(self, statement: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Rows of a question in SQL, for summaries.

        Raises:
            DiaryDamaged: The database is damaged.
            DiaryUnusable: It can't be read.
        """
        with self._translated():
            return self._connection.execute(statement, parameters).fetchall()

    def span(self) -> Span:
        """How many sessions there are, and from when to when."""
        ((number, first, last),) = self.query("SELECT count(*), min(day), max(day) FROM sessions")
        return Span(number, first and date.fromisoformat(first), last and date.fromisoformat(last))

    def forget(self, kinds: Sequence[Kind]) -> None:
        """Delete all entries of these kinds, so that no page of the file holds them any more.

        Raises:
            DiaryDamaged: The database is damaged.
            DiaryUnusable: It can't be written.
        """
        with self._transaction():
            marks = ", ".join("?" * len(kinds))
            self._connection.execute(f"DELETE FROM entries WHERE kind IN ({marks})", tuple(kinds))  # noqa: S608
            self._connection.execute("DELETE FROM sessions WHERE id NOT IN (SELECT session FROM entries)")
        self._leave_nothing()

    def erase(self, before: date | None = None) -> int:
        """Delete the sessions before a day, or all, so that nothing of them stays in the file or in its log.

        Returns:
            How many there were.

        Raises:
            DiaryDamaged: The database is damaged.
            DiaryUnusable: It can't be written, or another process is reading it.
        """
        with self._transaction():
            limit = before.isoformat() if before else "~"  # sorts after every day
            erased = self._connection.execute("DELETE FROM sessions WHERE day < ?", (limit,)).rowcount
            self._connection.execute("DELETE FROM written_last WHERE session NOT IN (SELECT uid FROM sessions)")
        self._leave_nothing()
        return int(erased)

    def _leave_nothing(self) -> None:
        """Deleted pages were overwritten in the log: bring that into the database, then shrink both."""
        with self._translated():
            self._checkpoint()
            self._connection.execute("VACUUM")
            self._checkpoint()

    def _checkpoint(self) -> None:
        busy = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        if busy:
            raise DiaryUnusable(
                "Not all traces could be erased yet.",
                f"The diary is being used by another session: {self.path}.",
                "End the session, and erase again.",
            )

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._translated():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    self._connection.execute("ROLLBACK")
                raise

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF
            if code in _DAMAGED:
                raise DiaryDamaged from error
            raise _unusable(self.path, error) from error


def open_diary(path: Path, now: datetime, names: Names = NO_NAMES) -> tuple[Diary, str | None]:
    """Open a diary; a damaged one is set aside under its date, and a new one begun.

    Args:
        path: The database.
        now: The user's time.
        names: See `Diary`.

    Returns:
        The diary, and a sentence for the user where one was set aside.

    Raises:
        DiaryUnusable: It can't be opened or set aside.
    """
    try:
        return Diary(path, names), None
    except DiaryDamaged:
        aside = set_aside(path, now)
        return _anew(path), damage_notice(aside)


def _anew(path: Path) -> Diary:
    try:
        return Diary(path)
    except DiaryDamaged as error:
        raise _unusable(path, error) from error


def damage_notice(aside: Path) -> str:
    """What the user is told of a diary that was set aside."""
    return f"The diary was damaged. It was set aside as {aside}, and a new one begun."


def set_aside(path: Path, now: datetime) -> Path:
    """Move a damaged diary, with its log, out of the way.

    Raises:
        DiaryUnusable: It can't be moved.
    """
    aside = path.with_name(f"{path.stem}.damaged-{now:%Y-%m-%d-%H%M%S}{path.suffix}")
    try:
        for ending in ("", "-wal", "-shm"):
            with suppress(FileNotFoundError):
                Path(f"{path}{ending}").replace(f"{aside}{ending}")
    except OSError as error:
        raise _unusable(path, error) from error
    return aside


def set_aside_files(path: Path) -> list[Path]:
    """The damaged diaries that were set aside, with their logs."""
    return sorted(path.parent.glob(f"{path.stem}.damaged-*"))


def _make_private(path: Path) -> None:
    """Make folder and file for the user alone, and close them to others where they were open."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.parent.stat().st_mode & 0o077:
        path.parent.chmod(0o700)
    if path.exists() and not path.is_file():
        raise OSError(errno.EINVAL, "It is a folder, a device or a pipe, and no file", str(path))
    # SQLite gives its log the mode of the database.
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    if path.stat().st_mode & 0o077:
        path.chmod(0o600)


def _unusable(path: Path, error: Exception) -> DiaryUnusable:
    why = getattr(error, "strerror", None) or str(error) or "It is damaged"
    return DiaryUnusable(
        f"The diary can't be used: {path}.",
        f"{why}.",
        "Check that the folder is yours, and that the disk has room.",
    )


def _stored_time(time: datetime) -> tuple[str, int]:
    offset = time.utcoffset()
    assert offset is not None, "the time of a session has an offset"
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), int(offset.total_seconds())


def time_of(stored: str, offset_s: int) -> datetime:
    """A time as it was the user's, of what is stored of it."""
    return datetime.fromisoformat(stored).astimezone(timezone(timedelta(seconds=offset_s)))


def _entry_of(values: Sequence[Any]) -> Entry:
    given = dict(zip(_COLUMNS, values, strict=True))
    for name in ("whole", "yes"):
        given[name] = None if given[name] is None else bool(given[name])
    return Entry(**given)


def _days(first: date | None, last: date | None) -> tuple[str, str]:
    return (first.isoformat() if first else _FIRST_DAY), (last.isoformat() if last else _LAST_DAY)
