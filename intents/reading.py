"""Reading a file of which it is known how large it can be at most: a device has no end."""

from __future__ import annotations

import errno
from pathlib import Path


def read_at_most(path: Path, most_bytes: int) -> bytes:
    """What a file holds.

    Raises:
        OSError: It can't be read, or holds more.
    """
    with path.open("rb") as file:
        content = file.read(most_bytes + 1)
    if len(content) > most_bytes:
        raise OSError(errno.EFBIG, "It is far larger than such a file can be")
    return content
