"""The beginning of a download, kept until the rest is there."""

from __future__ import annotations

import errno
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path

from assistant.errors import FileUnwritable
from models import Download

_LARGEST_NOTES_BYTES = 4096
_LONGEST_TAG = 200


@contextmanager
def writing_to(folder: Path) -> Iterator[None]:
    """Say in plain words what the disk refuses.

    Raises:
        FileUnwritable: In place of an OSError.
    """
    try:
        yield
    except OSError as error:
        full = error.errno in {errno.ENOSPC, errno.EDQUOT}
        raise FileUnwritable(
            f"What was fetched can't be kept in {folder}.",
            "The disk is full." if full else f"The system says: {error.strerror or error}.",
            "Free 200 MB and type it again: what is here already is kept." if full else "Check who may write there.",
        ) from error


class PartFile:
    """The first bytes of a file that is being fetched, and notes beside it that say of which.

    Args:
        path: The file; the notes' name is longer by ``.json``.
        wanted: What it should become.

    Raises:
        FileUnwritable: By all that write: the disk is full, or refuses.
    """

    def __init__(self, path: Path, wanted: Download) -> None:
        self.path = path
        self._wanted = wanted
        self._notes = path.with_name(f"{path.name}.json")

    def kept(self) -> int:
        """How many bytes can be gone on from; 0 where the file is of something else or longer than the whole."""
        try:
            size = self.path.stat().st_size
        except OSError:
            return 0
        return size if size <= self._wanted.size_bytes and self._noted().get("sha256") == self._wanted.sha256 else 0

    def range_headers(self) -> dict[str, str]:
        """What to ask a server for the rest, or for the whole if that has changed since; nothing for the whole."""
        kept = self.kept()
        if not kept:
            return {}
        tag = self._noted().get("etag")
        return {"Range": f"bytes={kept}-", **({"If-Range": tag} if tag else {})}

    def begin(self, etag: str | None) -> FileIO:
        """Empty it and open it for a new download, without a buffer.

        Args:
            etag: The server's name for this version of the file.
        """
        # A weak tag promises the same meaning, not the same bytes, and other signs have no place in a header.
        usable = etag and len(etag) <= _LONGEST_TAG and etag.startswith('"') and etag.isascii() and etag.isprintable()
        notes = {"sha256": self._wanted.sha256, "etag": etag if usable else None}
        with writing_to(self.path.parent):
            self.path.write_bytes(b"")  # before the notes change: what is noted is never of older bytes
            self._notes.write_text(json.dumps(notes), encoding="utf-8")
        return self.go_on()

    def go_on(self) -> FileIO:
        """Open it to add to what is kept, without a buffer: what was received is there whatever happens next."""
        with writing_to(self.path.parent):
            return self.path.open("ab", buffering=0)

    def append(self, file: FileIO, piece: bytes) -> None:
        """Write to what `begin` or `go_on` has opened; that may take less than it is given."""
        left = memoryview(piece)
        with writing_to(self.path.parent):
            while left:
                left = left[file.write(left) :]

    def is_right(self) -> bool:
        """Whether it is the whole file, of the right checksum."""
        with writing_to(self.path.parent), self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == self._wanted.sha256

    def discard(self) -> None:
        """Remove it and its notes."""
        with writing_to(self.path.parent):
            self.path.unlink(missing_ok=True)
            self._notes.unlink(missing_ok=True)

    def _noted(self) -> dict[str, str]:
        try:
            with self._notes.open("rb") as file:
                noted = json.loads(file.read(_LARGEST_NOTES_BYTES))
        except (OSError, ValueError, RecursionError):
            return {}
        return {k: v for k, v in noted.items() if isinstance(v, str)} if isinstance(noted, dict) else {}
