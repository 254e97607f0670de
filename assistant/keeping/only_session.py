"""One session at a time: two would hear each other, and write over what the other one keeps."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from assistant.errors import AssistantError
from assistant.home import folders


class AlreadyRunning(AssistantError):
    """Another session of this user is running."""


def lock_file() -> Path:
    """The file that the session which runs holds."""
    return folders.state() / "session.lock"


class OnlySession:
    """Held while a session runs; the system lets go of it however that ends. Where it can't be held, nothing is said.

    Raises:
        AlreadyRunning: On entering, if another process holds it.
    """

    def __init__(self) -> None:
        self._file: IO[bytes] | None = None

    def __enter__(self) -> Self:
        with suppress(OSError, ImportError):  # no such folder, a disk that has no locks, or Windows
            import fcntl  # noqa: PLC0415 - not on Windows

            folders.make_private(lock_file().parent)
            self._file = os.fdopen(os.open(lock_file(), os.O_RDWR | os.O_CREAT, 0o600), "r+b", buffering=0)
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                process = self._file.read(20).decode(errors="replace").strip()
                self._file.close()
                raise AlreadyRunning(
                    "Another session is running already.",
                    f"It is process {process or 'unknown'}. Two would hear each other, and note things twice.",
                    "Say goodbye to it, or end it with Ctrl-C.",
                ) from error
            self._file.truncate(0)
            self._file.write(str(os.getpid()).encode())  # at once: nothing is tried again on closing
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()
