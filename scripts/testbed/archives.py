"""Zip archives for tests: one of a tiny model, and those that nobody should unpack."""

from __future__ import annotations

import hashlib
import io
import random
import stat
import struct
import zipfile
from collections.abc import Mapping

from models import Model

NAME = "tiny-model"
FILES = {
    "README": b"tiny\n",
    "am/final.mdl": random.Random(1).randbytes(150_000),
    "conf/mfcc.conf": b"--sample-frequency=16000\n" * 40,
}


def zipped(files: Mapping[str, bytes], *, mode: int = stat.S_IFREG | 0o644, deflated: bool = True) -> bytes:
    """An archive of files by the names that they have in it."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED if deflated else zipfile.ZIP_STORED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name)
            entry.filename = name
            entry.external_attr = mode << 16
            entry.compress_type = archive.compression
            archive.writestr(entry, content)
    return made.getvalue()


def in_folder(files: Mapping[str, bytes], root: str = NAME) -> dict[str, bytes]:
    return {f"{root}/{name}": content for name, content in files.items()}


TINY = zipped(in_folder(FILES))


def tiny_model(url: str, archive: bytes = TINY) -> Model:
    """The manifest's entry of an archive."""
    digest = hashlib.sha256(archive).hexdigest()
    return Model(NAME, url, len(archive), digest, "vosk", "en-us", "Apache-2.0")


def with_central(archive: bytes, offset: int, form: str, value: int, entry: int = 0) -> bytes:
    """An archive whose directory says something else of an entry; offset is that within its record."""
    at = -1
    for _ in range(entry + 1):
        at = archive.index(b"PK\x01\x02", at + 1)
    changed = bytearray(archive)
    struct.pack_into(form, changed, at + offset, value)
    return bytes(changed)


def _renamed(old: bytes, new: bytes) -> bytes:
    return zipped(in_folder({"one": b"1", old.decode(): b"2"})).replace(old, new)


_PLAIN = zipped(in_folder({"a": b"one" * 100, "b": b"two" * 100}), deflated=False)
_FLAGS, _METHOD, _CRC, _PACKED, _LENGTH = 8, 10, 16, 20, 24

HOSTILE: dict[str, bytes] = {
    "parent folder": zipped({f"{NAME}/a": b"", f"{NAME}/../../evil": b"evil"}),
    "parent folder as root": zipped({"../evil": b"evil"}),
    "absolute": zipped({"/evil/a": b"evil"}),
    "absolute inside": zipped({f"{NAME}//evil": b"evil"}),
    "this folder": zipped({f"{NAME}/./evil": b"evil"}),
    "backslash": zipped({f"{NAME}/..\\..\\evil": b"evil"}),
    "drive": zipped({f"{NAME}/C:evil": b"evil"}),
    "stream": zipped({f"{NAME}/a:evil": b"evil"}),
    "null": _renamed(b"nul_here", b"nul\0here"),
    "escape sequence": _renamed(b"es_[2J", b"es\x1b[2J"),
    "right to left": zipped({f"{NAME}/a\u202etxt": b""}),
    "trailing dot": zipped({f"{NAME}/a.": b""}),
    "trailing space": zipped({f"{NAME}/a ": b""}),
    "device": zipped({f"{NAME}/NUL": b""}),
    "device with ending": zipped({f"{NAME}/com1.txt": b""}),
    "long name": zipped({f"{NAME}/{'x' * 300}": b""}),
    "no name": zipped({f"{NAME}/a": b"", "": b""}),
    "symlink": zipped({f"{NAME}/a": b"/etc"}, mode=stat.S_IFLNK | 0o777),
    "device file": zipped({f"{NAME}/a": b""}, mode=stat.S_IFCHR | 0o666),
    "pipe": zipped({f"{NAME}/a": b""}, mode=stat.S_IFIFO | 0o666),
    "folder with content": zipped({f"{NAME}/": b"evil", f"{NAME}/a": b""}, mode=0),
    "twice by case": zipped({f"{NAME}/README": b"1", f"{NAME}/readme": b"2"}),
    "twice by accents": zipped({f"{NAME}/caf\u00e9": b"1", f"{NAME}/cafe\u0301": b"2"}),
    "twice": _renamed(b"two", b"one"),
    "file as folder": zipped({f"{NAME}/a": b"1", f"{NAME}/A/b": b"2"}),
    "two roots": zipped({f"{NAME}/a": b"1", "other/a": b"2"}),
    "no folder": zipped({"a": b"1"}),
    "empty": zipped({}),
    "no archive": b"not an archive" * 10,
    "nothing": b"",
    "cut": TINY[:-100],
    "overlap": with_central(_PLAIN, _PACKED, "<I", len(_PLAIN)),
    "encrypted": with_central(_PLAIN, _FLAGS, "<H", 0x1),
    "strongly encrypted": with_central(_PLAIN, _FLAGS, "<H", 0x40),
    "unknown method": with_central(_PLAIN, _METHOD, "<H", 14),
    "longer than it says": with_central(TINY, _LENGTH, "<I", 100, entry=1),
    "shorter than it says": with_central(TINY, _LENGTH, "<I", 150_001, entry=1),
    "wrong checksum": with_central(TINY, _CRC, "<I", 1),
    "damaged": TINY[:90_000] + bytes(b ^ 0xFF for b in TINY[90_000:90_010]) + TINY[90_010:],
    "bomb by file": with_central(TINY, _LENGTH, "<I", (1 << 30) + 1),
}
