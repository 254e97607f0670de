"""Reading a file of which it is known how large it can be at most: a device has no end."""

from __future__ import annotations

import errno
import os
import select
import stat
from pathlib import Path
from typing import IO

_PIPE_WAITS_MS = 5_000


def read_at_most(path: Path, most_bytes: int) -> bytes:
    """What a file holds, or what a pipe brings.

    Raises:
        OSError: It can't be read, holds more, or is a pipe that nobody writes into.
    """
    with opened(path) as file:
        content = file.read(most_bytes + 1)
    if len(content) > most_bytes:
        raise OSError(errno.EFBIG, "It is far larger than such a file can be")
    return content


def opened(path: Path) -> IO[bytes]:
    """A file to read from, or a pipe that somebody writes into.

    Raises:
        OSError: It can't be read, or is a pipe that nobody writes into.
    """
    return open(path, "rb", opener=_open)


def _open(path: str, flags: int) -> int:
    """Opens a file; a pipe only if something comes out of it: who opens one as usual waits for ever."""
    handle = os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
    if stat.S_ISFIFO(os.fstat(handle).st_mode):
        pipe = select.poll()
        pipe.register(handle, select.POLLIN)
        if not pipe.poll(_PIPE_WAITS_MS):
            os.close(handle)
            raise OSError(errno.ETIMEDOUT, "It is a pipe, and nobody writes into it")
    os.set_blocking(handle, True)
    return handle
