"""Small files for the user alone, written all or nothing."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from assistant.home import folders


def write_private(path: Path, content: bytes, *, durable: bool = True) -> None:
    """Put a file in place as a whole: whatever happens, there is the old one or the new one.

    Args:
        path: Where; its folder is made if it is missing.
        content: What is in it.
        durable: Whether it must be there after a power cut, too; that keeps the disk busy. A process that is killed
            loses nothing either way.

    Raises:
        OSError: The disk refuses it; the old file stays.
    """
    folders.make_private(path.parent)
    part: Path | None = None
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=path.name, suffix=".part", delete=False) as file:
            part = Path(file.name)
            file.write(content)
            file.flush()
            if durable:
                os.fsync(file.fileno())
        part.replace(path)
    except OSError:
        if part is not None:
            with suppress(OSError):
                part.unlink()
        raise


def erase(path: Path) -> int:
    """Delete a file, if it is there.

    Returns:
        How many files there were.

    Raises:
        OSError: It can't be deleted.
    """
    try:
        path.unlink()
    except FileNotFoundError:
        return 0
    return 1


def remove_parts(path: Path) -> None:
    """Remove what was left beside a file by processes that were killed while they wrote it."""
    with suppress(OSError):
        for part in path.parent.glob(f"{path.name}*.part"):
            part.unlink(missing_ok=True)
