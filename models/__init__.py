"""Recognition models: where they lie and which can be fetched. Data, found alike in a wheel and in a checkout."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType

_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Model:
    """A model that can be fetched: a zip archive with one folder in it.

    Attributes:
        name: Its name, and that of its folder.
        engine: The recogniser that takes it, for instance ``vosk``.
        language: What it understands, for instance ``en-us``.
        licence: SPDX identifier.
        url: Where the archive is.
        size_bytes: Length of the archive.
        sha256: Checksum of the archive, in lower-case hexadecimal digits.

    Raises:
        ValueError: The name is no plain file name, or the size or the checksum can't be one.
    """

    name: str
    engine: str
    language: str
    licence: str
    url: str
    size_bytes: int
    sha256: str

    def __post_init__(self) -> None:
        if not _FILE_NAME.fullmatch(self.name):
            raise ValueError(f"{self.name!r} can't be the name of a model's folder")
        if self.size_bytes <= 0:
            raise ValueError(f"{self.name}: an archive of {self.size_bytes} bytes")
        if not _SHA256.fullmatch(self.sha256):
            raise ValueError(f"{self.name}: {self.sha256!r} is no SHA-256 checksum")


def folder() -> Path:
    """The folder of this package; each model that comes with it is a folder in it."""
    return Path(str(files(__name__)))


def read_manifest(text: str) -> Mapping[str, Model]:
    """The models that a manifest lists, by name.

    Args:
        text: TOML, a table ``[[model]]`` for each.

    Raises:
        ValueError: It is not TOML, an entry lacks a key or has one too many, a value can't be, or a name comes twice.
    """
    types = {field.name: int if field.name == "size_bytes" else str for field in fields(Model)}
    found: dict[str, Model] = {}
    entries = tomllib.loads(text).get("model", [])
    for entry in entries if isinstance(entries, list) else [entries]:
        if not isinstance(entry, dict) or {key: type(value) for key, value in entry.items()} != types:
            raise ValueError(f"a model has the keys {', '.join(types)}, all text but size_bytes; found {entry}")
        model = Model(**entry)
        if model.name in found:
            raise ValueError(f"{model.name} is listed twice")
        found[model.name] = model
    return MappingProxyType(found)


MANIFEST: Mapping[str, Model] = read_manifest((folder() / "manifest.toml").read_text(encoding="utf-8"))
"""The models that can be fetched, by name; the first is the one to take where none is named."""
