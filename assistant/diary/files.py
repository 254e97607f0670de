"""Files that are handed over: wholly there or not at all, and for the user alone until they pass them on."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from assistant.errors import FileUnwritable

_DATABASE = b"SQLite format 3\0"


def _begin(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(len(_DATABASE))


@contextmanager
def put_in_place(path: Path, what: str = "diary") -> Iterator[Path]:
    """Gives another file to write to, and puts it in place once that is done; an older one is lost only then.

    Args:
        path: The file.
        what: What is written, in words, for the error.

    Raises:
        FileUnwritable: It can't be written there.
    """
    part: Path | None = None
    path = Path(os.path.realpath(path))  # behind a link the file is replaced, not the link
    if os.path.exists(path) and not path.is_file():  # noqa: PTH110 - Path.exists raises where a name is too long
        why = "It is a folder." if path.is_dir() else "It is a device or a pipe, not a file."
        raise FileUnwritable(f"The {what} can't be written to {path}.", why, "Name a file.")
    try:
        if path.is_file() and _begin(path) == _DATABASE:  # the diary itself, perhaps
            why = "There is a database, which would be lost."
            raise FileUnwritable(f"The {what} can't be written to {path}.", why, "Name another file.")
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=path.suffix)
        os.close(handle)
        part = Path(name)
        yield part
        part.replace(path)
    except OSError as error:
        raise FileUnwritable(
            f"The {what} can't be written to {path}.", f"{error.strerror or error}.", "Name another file or folder."
        ) from error
    finally:
        if part is not None:
            with suppress(OSError):
                part.unlink(missing_ok=True)
