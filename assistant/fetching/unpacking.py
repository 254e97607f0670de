"""Unpacking a zip archive that may have been made to do harm.

Everything that the archive says of itself is judged before the first file is written: one entry that could land
outside the folder, hide another, or grow without end, and nothing is unpacked at all. What it then turns out to hold
is measured again while it is written, as what it says may be a lie.
"""

from __future__ import annotations

import os
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

CHUNK_BYTES = 1 << 18

_ENCRYPTED = 0x1 | 0x40 | 0x2000  # flag bits: encrypted, strongly encrypted, names masked
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DEVICES = frozenset(
    [
        "con",
        "prn",
        "aux",
        "nul",
        "conin$",
        "conout$",
        *(f"{port}{n}" for port in ("com", "lpt") for n in "0123456789¹²³"),
    ]
)
_NO_NAME_HAS = frozenset('<>:"|?*\\')
# What zipfile and zlib raise on archives with altered bytes.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)


class ArchiveRefused(Exception):
    """An archive is damaged, or holds what no model's archive holds.

    Args:
        why: What was found, one sentence.
    """

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Limits:
    """How large an archive may get.

    Attributes:
        entries: Files and folders in it.
        file_bytes: The longest file, unpacked.
        total_bytes: All files, unpacked.
    """

    entries: int = 1000
    file_bytes: int = 1 << 30
    total_bytes: int = 2 << 30


USUAL_LIMITS = Limits()
"""Beyond the largest models that a home machine can load into its memory."""


def unpack(archive: BinaryIO, folder: Path, limits: Limits = USUAL_LIMITS) -> None:
    """Unpack an archive without its one outermost folder.

    Args:
        archive: The zip archive, open for reading; stays open.
        folder: Where to; must not exist. What was unpacked of an archive that turns out to be bad is left in it.
        limits: How large it may get.

    Raises:
        ArchiveRefused: The archive is damaged or may do harm.
        OSError: A file or folder can't be written.
    """
    with _reading():
        archive_bytes = archive.seek(0, os.SEEK_END)
        opened = zipfile.ZipFile(archive)
    with opened:
        entries = opened.infolist()
        _check_sizes(entries, archive_bytes, limits)
        places = _places(entries)
        folder.mkdir(mode=0o700)
        for entry, parts in zip(entries, places, strict=True):
            place = folder.joinpath(*parts)
            if entry.is_dir():
                place.mkdir(parents=True, exist_ok=True)
            else:
                place.parent.mkdir(parents=True, exist_ok=True)
                _write(_pieces(opened, entry), place)


@contextmanager
def _reading() -> Iterator[None]:
    try:
        yield
    except _DAMAGE as error:
        raise ArchiveRefused("The archive is damaged.") from error


def _check_sizes(entries: list[zipfile.ZipInfo], archive_bytes: int, limits: Limits) -> None:
    if len(entries) > limits.entries:
        raise ArchiveRefused(f"The archive has {len(entries)} entries, more than {limits.entries}.")
    if sum(entry.file_size for entry in entries) > limits.total_bytes:
        raise ArchiveRefused(f"The archive would unpack to more than {limits.total_bytes} bytes.")
    if sum(entry.compress_size for entry in entries) > archive_bytes:
        raise ArchiveRefused("The archive says that its files are longer than itself: they overlap.")
    for entry in entries:
        if entry.file_size > limits.file_bytes:
            raise ArchiveRefused(f"The file {_shown(entry)} would be longer than {limits.file_bytes} bytes.")
        if entry.flag_bits & _ENCRYPTED:
            raise ArchiveRefused(f"The file {_shown(entry)} is encrypted.")
        if entry.compress_type not in _METHODS:
            raise ArchiveRefused(f"The file {_shown(entry)} is compressed in a way that is not read.")


def _places(entries: list[zipfile.ZipInfo]) -> list[tuple[str, ...]]:
    """Where each entry goes, as parts of a path below the outermost folder."""
    all_parts = [_parts(entry) for entry in entries]
    if len({parts[0] for parts in all_parts}) != 1 or not any(len(parts) > 1 for parts in all_parts):
        raise ArchiveRefused("The archive is not one folder with everything in it.")
    taken: dict[tuple[str, ...], bool] = {}
    for entry, parts in zip(entries, all_parts, strict=True):
        # Some file systems take two spellings for one name: a later entry could replace an earlier one.
        key = tuple(unicodedata.normalize("NFC", part).casefold() for part in parts)
        if key in taken:
            raise ArchiveRefused(f"The archive holds {_shown(entry)} twice.")
        taken[key] = entry.is_dir()
    for key in taken:
        if any(not taken.get(key[:depth], True) for depth in range(1, len(key))):
            raise ArchiveRefused("The archive uses the name of a file as that of a folder.")
    return [parts[1:] for parts in all_parts]


def _parts(entry: zipfile.ZipInfo) -> tuple[str, ...]:
    parts = tuple(entry.filename.removesuffix("/").split("/"))
    # zipfile cuts names at a NUL and replaces separators of its own system: it should have had nothing to do.
    if entry.orig_filename != entry.filename or len(entry.filename) > 500 or not all(map(_is_plain, parts)):
        raise ArchiveRefused(f"The name {_shown(entry)} could lead out of the folder.")
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFDIR if entry.is_dir() else stat.S_IFREG) or (entry.is_dir() and entry.file_size):
        raise ArchiveRefused(f"The entry {_shown(entry)} is a link or a device, not a file or a folder.")
    return parts


def _is_plain(name: str) -> bool:
    """Whether a name means one file in its folder, and the same one, on every system."""
    return (
        name.isprintable()
        and 0 < len(name.encode("utf-8", "replace")) <= 255
        and not name.endswith((".", " "))
        and _NO_NAME_HAS.isdisjoint(name)
        and name.partition(".")[0].rstrip().casefold() not in _DEVICES
    )


def _pieces(opened: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    left = entry.file_size
    with _reading(), opened.open(entry) as file:
        # zipfile stops at the length that the header gives and checks the CRC of what it has read by then.
        while piece := file.read(CHUNK_BYTES):
            left -= len(piece)
            yield piece
    if left:
        raise ArchiveRefused(f"The file {_shown(entry)} is not as long as the archive says.")


def _write(pieces: Iterator[bytes], place: Path) -> None:
    with place.open("xb") as file:
        for piece in pieces:
            file.write(piece)


def _shown(entry: zipfile.ZipInfo) -> str:
    """A name from an archive is shown without what could steer a terminal."""
    return ascii(entry.orig_filename[:100])
