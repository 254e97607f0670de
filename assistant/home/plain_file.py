"""Files that the settings name: who reads a pipe that nobody writes into would wait for ever."""

from __future__ import annotations

import errno
import stat
from pathlib import Path


def check_plain(path: Path) -> None:
    """Make sure that it is a file.

    Raises:
        OSError: There is none, or it is something else.
    """
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(errno.EINVAL, "It is a folder, a device or a pipe, and no file", str(path))
