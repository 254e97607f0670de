"""Recognition models, and what can be fetched: models and voices. Data, found alike in a wheel and in a checkout."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Download:
    """A file that can be fetched.

    Attributes:
        name: What it is called here.
        url: Where it is.
        size_bytes: Its length.
        sha256: Its checksum, in lower-case hexadecimal digits.

    Raises:
        ValueError: The name is no plain file name, or the size or the checksum can't be one.
    """

    name: str
    url: str
    size_bytes: int
    sha256: str

    def __post_init__(self) -> None:
        if not _FILE_NAME.fullmatch(self.name):
            raise ValueError(f"{self.name!r} can't be the name of a file or folder")
        if self.size_bytes <= 0:
            raise ValueError(f"{self.name}: a file of {self.size_bytes} bytes")
        if not _SHA256.fullmatch(self.sha256):
            raise ValueError(f"{self.name}: {self.sha256!r} is no SHA-256 checksum")


@dataclass(frozen=True, slots=True)
class Model(Download):
    """A recognition model: a zip archive with one folder in it, which gets the model's name.

    Attributes:
        engine: The recogniser that takes it, for instance ``vosk``.
        language: What it understands, for instance ``en-us``.
        licence: SPDX identifier.
    """

    engine: str
    language: str
    licence: str


@dataclass(frozen=True, slots=True)
class Voice(Download):
    """A voice of Piper: a file ``NAME.onnx`` and one more beside it, whose address and name are longer by ``.json``.

    Attributes:
        licence: Of the recordings, as the voice's card states it.
        config_size_bytes: Length of the second file.
        config_sha256: Its checksum.
    """

    licence: str
    config_size_bytes: int
    config_sha256: str

    @property
    def speaker(self) -> str:
        """What people call it: ``alba`` for ``en_GB-alba-medium``."""
        return self.name.split("-")[1]

    def files(self) -> tuple[Download, Download]:
        """Both of its files, the one that speaks last: where that is, there is the whole voice."""
        file = f"{self.name}.onnx"
        return (
            Download(f"{file}.json", f"{self.url}.json", self.config_size_bytes, self.config_sha256),
            Download(file, self.url, self.size_bytes, self.sha256),
        )


Entry = TypeVar("Entry", Model, Voice)


def folder() -> Path:
    """The folder of this package; each model that comes with it is a folder in it."""
    return Path(str(files(__name__)))


def read_manifest(text: str, entry: type[Entry]) -> Mapping[str, Entry]:
    """The models, or the voices, that a manifest lists, by name.

    Args:
        text: TOML, a table ``[[model]]`` or ``[[voice]]`` for each.
        entry: Which of the two to read.

    Raises:
        ValueError: It is not TOML, an entry lacks a key or has one too many, a value can't be, or a name comes twice.
    """
    kind = entry.__name__.lower()
    types = {field.name: int if field.name.endswith("size_bytes") else str for field in fields(entry)}
    found: dict[str, Entry] = {}
    entries = tomllib.loads(text).get(kind, [])
    for written in entries if isinstance(entries, list) else [entries]:
        if not isinstance(written, dict) or {key: type(value) for key, value in written.items()} != types:
            raise ValueError(f"a {kind} has the keys {', '.join(types)}, all text but the sizes; found {written}")
        listed = entry(**written)
        if listed.name in found:
            raise ValueError(f"{listed.name} is listed twice")
        found[listed.name] = listed
    return MappingProxyType(found)


_MANIFEST = (folder() / "manifest.toml").read_text(encoding="utf-8")

MODELS: Mapping[str, Model] = read_manifest(_MANIFEST, Model)
"""The models that can be fetched, by name; the first is the one to take where none is named."""

VOICES: Mapping[str, Voice] = read_manifest(_MANIFEST, Voice)
"""The voices that can be fetched, by name."""
