"""The events of the last sessions, kept for a bug report: words and no sound, two small files, for the user alone."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from assistant.home import folders
from assistant.keeping.journal import Row, json_line
from assistant.version import VERSION

LARGEST_BYTES = 512 << 10
"""Of each of the two files: some hours of stretching."""

_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NONBLOCK", 0)
"""Nothing is waited for, should a pipe be there."""


def events_files() -> tuple[Path, Path]:
    """Where they are kept: the older ones, and those that are written now. Either may be missing."""
    return folders.state() / "events.old.jsonl", folders.state() / "events.jsonl"


class KeptEvents:
    """A journal's sink that keeps the last rows. No session fails for want of it.

    Args:
        tell: Called once with a sentence for the user if they can't be kept.
    """

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._file: IO[bytes] | None = None
        self._older, self._path = events_files()

    def __enter__(self) -> Self:
        try:
            folders.make_private(self._path.parent)
            self._file = self._open()
        except OSError as error:
            self._give_up(error)
        begun = datetime.now(UTC).isoformat(timespec="seconds")
        self({"t": 0.0, "kind": "session", "begun": begun, "version": VERSION})
        return self

    def __call__(self, row: Row) -> None:
        """Keep a row."""
        if self._file is None:
            return
        try:
            if self._file.tell() > LARGEST_BYTES:
                self._file.close()
                self._path.replace(self._older)
                self._file = self._open()
            self._file.write(json_line(row).encode() + b"\n")
        except OSError as error:
            self._give_up(error)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

    def _open(self) -> IO[bytes]:
        file = os.fdopen(os.open(self._path, _FLAGS, 0o600), "ab", buffering=0)
        file.seek(0, os.SEEK_END)
        return file

    def _give_up(self, error: OSError) -> None:
        self._file = None
        self._tell(f"What happens can't be kept for a bug report: {error.strerror or error}.")


def erase_events() -> int:
    """Delete all kept events.

    Returns:
        How many files there were.

    Raises:
        OSError: One can't be deleted.
    """
    found = [path for path in events_files() if path.exists()]
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)
