"""The tables, and how a database of an earlier version becomes one of this.

``user_version`` says which of the migrations have been done. A migration that has been released is never changed.
Statements may call ``key_of_exercise`` and ``key_of_routine``, which give the key of what is or was called so.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import suppress

_KINDS = (
    "'routine begun', 'routine done', 'held', 'moved', 'set done', 'skipped', 'form', 'pain', 'pain not said', "
    "'leg', 'leg settled', 'sore side', 'sign', 'prescribed', 'health answer', 'cleared', 'screened'"
)

_KINDS_4 = f"{_KINDS}, 'since last'"
_KINDS_5 = f"{_KINDS_4}, 'activity', 'note'"


def _entries(table: str, kinds: str) -> str:
    """The statement that makes the table of entries, by the kinds that it may hold."""
    return f"""
        CREATE TABLE {table} (
            session INTEGER NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
            n INTEGER NOT NULL CHECK (n > 0),
            kind TEXT NOT NULL CHECK (kind IN ({kinds})),
            at_s REAL NOT NULL,
            routine TEXT,
            exercise TEXT,
            side TEXT CHECK (side IN ('left', 'right')),
            seconds REAL CHECK (seconds >= 0),
            reps INTEGER CHECK (reps >= 0),
            level INTEGER CHECK (level BETWEEN 0 AND 10),
            a_day INTEGER CHECK (a_day > 0),
            whole INTEGER CHECK (whole IN (0, 1)),
            yes INTEGER CHECK (yes IN (0, 1)),
            detail TEXT,
            PRIMARY KEY (session, n)
        ) STRICT, WITHOUT ROWID
        """


MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        # The day is kept, not computed: it is the user's own, whatever clock or zone the machine has later.
        """
        CREATE TABLE sessions (
            id INTEGER PRIMARY KEY,
            uid TEXT NOT NULL UNIQUE CHECK (length(uid) BETWEEN 1 AND 64),
            started_at TEXT NOT NULL,
            utc_offset_s INTEGER NOT NULL CHECK (utc_offset_s BETWEEN -86399 AND 86399),
            day TEXT NOT NULL CHECK (day GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]')
        ) STRICT
        """,
        "CREATE INDEX sessions_by_day ON sessions (day)",
        _entries("entries", _KINDS),
    ),
    (
        # Keys in place of the names that are spoken.
        "UPDATE entries SET routine = key_of_routine(routine), exercise = key_of_exercise(exercise)",
    ),
    (
        # One row: which session was written last, and the number of the fact that was.
        "CREATE TABLE written_last (session TEXT NOT NULL, run TEXT NOT NULL, number INTEGER NOT NULL) STRICT",
        "INSERT INTO written_last SELECT uid, '', 0 FROM sessions ORDER BY id DESC LIMIT 1",
    ),
    (
        # One more kind of entry: which are allowed is part of the table.
        _entries("entries_4", _KINDS_4),
        "INSERT INTO entries_4 SELECT * FROM entries",
        "DROP TABLE entries",
        "ALTER TABLE entries_4 RENAME TO entries",
    ),
    (
        _entries("entries_5", _KINDS_5),
        "INSERT INTO entries_5 SELECT * FROM entries",
        "DROP TABLE entries",
        "ALTER TABLE entries_5 RENAME TO entries",
    ),
)
"""The statements of each version, from the first on."""


class MadeByNewerVersion(Exception):
    """The database has tables of which this version knows nothing."""


def version_of(connection: sqlite3.Connection) -> int:
    """Which migrations have been done."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def migrate(connection: sqlite3.Connection, migrations: Sequence[Sequence[str]] = MIGRATIONS) -> None:
    """Bring a database to the present version: each step wholly, or not at all.

    Args:
        connection: In autocommit mode.
        migrations: The statements of each version.

    Raises:
        MadeByNewerVersion: It is ahead of us; nothing was changed.
        sqlite3.Error: A step failed; the database is as it was before that step.
    """
    if version_of(connection) > len(migrations):
        raise MadeByNewerVersion
    while version_of(connection) < len(migrations):
        connection.execute("BEGIN IMMEDIATE")
        try:
            version = version_of(connection)  # another process may have been quicker
            if version < len(migrations):
                for statement in migrations[version]:
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {version + 1}")
            connection.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):  # a full disk has rolled it back already, and is what there is to tell
                connection.execute("ROLLBACK")
            raise
