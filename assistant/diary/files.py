"""Files that are handed over: wholly there or not at all, and for the user alone until they pass them on."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from assistant.errors import FileUnwritable

_TELLS_BYTES = 8
"""So many first bytes tell a kind of file from another: those of PNG, of a database, "%PDF-1.4", "BEGIN:VC"."""


def begin_of(path: Path) -> bytes:
    """The first bytes of a file, which tell its kind; none where there is no file.

    Raises:
        OSError: It can't be read.
    """
    if not path.is_file():
        return b""
    with path.open("rb") as file:
        return file.read(_TELLS_BYTES)


@contextmanager
def put_in_place(path: Path, what: str = "diary", *, changed: bool = False) -> Iterator[Path]:
    """Gives another file to write to, and puts it in place once that is done; an older one is lost only then.

    One of another kind stays, as its name was a slip: the diary itself, the settings, a letter.

    Args:
        path: The file.
        what: What is written, in words, for the error.
        changed: Whether what is written is what was there, changed: then it may begin otherwise.

    Raises:
        FileUnwritable: It can't be written there.
    """
    part: Path | None = None
    path = Path(os.path.realpath(path))  # behind a link the file is replaced, not the link
    if os.path.exists(path) and not path.is_file():  # noqa: PTH110 - Path.exists raises where a name is too long
        why = "It is a folder." if path.is_dir() else "It is a device or a pipe, not a file."
        raise FileUnwritable(f"The {what} can't be written to {path}.", why, "Name a file.")
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=path.suffix)
        os.close(handle)
        part = Path(name)
        yield part
        there = b"" if changed else begin_of(path)
        if there and there != begin_of(part):
            why = "There is a file of another kind, which would be lost."
            raise FileUnwritable(f"The {what} can't be written to {path}.", why, "Name another file.")
        part.replace(path)
    except OSError as error:
        raise FileUnwritable(
            f"The {what} can't be written to {path}.", f"{error.strerror or error}.", "Name another file or folder."
        ) from error
    finally:
        if part is not None:
            with suppress(OSError):
                part.unlink(missing_ok=True)
