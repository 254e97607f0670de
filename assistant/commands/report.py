"""``stretch-assistant report``: what a bug report needs, in one file on the user's own disk. Nothing is sent."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import sys
import zipfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from assistant.errors import AssistantError, FileUnwritable
from assistant.home.settings import Settings
from assistant.keeping.kept_audio import audio_folder, erase_audio, kept_files, kept_seconds
from assistant.keeping.kept_events import erase_events, events_files
from assistant.loop.engines import installed_models
from assistant.screen.doors import erase_token
from assistant.screen.own_certificate import erase_certificate
from assistant.version import VERSION

PACKAGES = (
    "vosk",
    "pocketsphinx",
    "pyttsx3",
    "espeakng-loader",
    "sounddevice",
    "soundfile",
    "soxr",
    "numpy",
    "pyaec",
    "hassil",
    "pydantic",
    "PyYAML",
    "platformdirs",
    "typer",
    "rich",
    "matplotlib",
    "segno",
    "paho-mqtt",
)
"""Whose versions tell something."""

_PRIVATE = frozenset({"household_number", "host", "username", "password"})
"""Settings that nobody needs to know who looks for a fault."""

_MODEL_FILES = ("am/final.mdl", "SHA256SUMS", "graph/HCLr.fst", "graph/HCLG.fst")


@dataclass(frozen=True, slots=True)
class ReportPart:
    """A file of the report.

    Attributes:
        name: Its name in the report.
        content: What is in it: bytes, or the file that it is copied from.
        bytes: Its length.
    """

    name: str
    content: bytes | Path
    bytes: int


@dataclass(frozen=True, slots=True)
class Heading:
    """Parts that belong together, as the user is shown them.

    Attributes:
        what: In plain words.
        parts: The files; none where nothing of the kind was kept.
    """

    what: str
    parts: tuple[ReportPart, ...]

    @property
    def bytes(self) -> int:
        """Their length together."""
        return sum(part.bytes for part in self.parts)


def collect(settings: Settings) -> list[Heading]:
    """Everything that a report is made of, from what is on this machine now."""
    audio = [_copied(path, f"audio/{path.name}") for path in kept_files(audio_folder())]
    seconds = sum(kept_seconds(path) for path in kept_files(audio_folder()))
    told = f"sound, {seconds / 60:.1f} minutes: what the microphone heard, and what was played"
    events = [_copied(path, path.name) for path in events_files() if path.exists()]
    return [
        Heading(told if audio else "no sound: none was kept", tuple(part for part in audio if part)),
        Heading(
            "words that were heard and said in the last sessions, and when" if events else "no words: none were kept",
            tuple(part for part in events if part),
        ),
        Heading("your settings", (_json("settings.json", _settings(settings)),)),
        Heading("versions of the programs, models and sound devices", (_json("versions.json", versions(settings)),)),
    ]


def versions(settings: Settings) -> dict[str, Any]:
    """What is installed: nothing about the user, and no name of the machine."""
    return {
        "stretch-assistant": VERSION,
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.release()} {platform.machine()}",
        "packages": {name: _version(name) for name in PACKAGES},
        "engine": settings.engine,
        "models": [_model(folder) for folder in ([settings.model] if settings.model else installed_models())],
        "sound devices": _devices(),
    }


def default_file(now: datetime) -> Path:
    """Where a report goes unless another file is named: a new one in the current folder."""
    name = f"stretch-assistant-report-{now:%Y-%m-%d-%H%M%S}.zip"
    try:
        return Path.cwd() / name
    except OSError:  # the folder has gone: writing the report says so
        return Path(name)


def write_report(file: Path, headings: Sequence[Heading]) -> None:
    """Pack a report, for the user alone to read.

    Raises:
        FileUnwritable: It can't be written there, or there is a file of that name.
    """
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise _unwritable(file, error) from error
    try:
        with os.fdopen(handle, "wb") as opened, zipfile.ZipFile(opened, "w", zipfile.ZIP_DEFLATED) as archive:
            for part in (part for heading in headings for part in heading.parts):
                content = part.content if isinstance(part.content, bytes) else part.content.read_bytes()
                archive.writestr(part.name, content)
    except OSError as error:
        file.unlink(missing_ok=True)
        raise _unwritable(file, error) from error


def erase() -> tuple[int, int, int]:
    """Delete all that was kept for a report, the screen's token and certificate; reports that were written stay.

    Returns:
        Files of sound, files of words, tokens.

    Raises:
        FileUnwritable: One can't be deleted.
    """
    try:
        return erase_audio(audio_folder()), erase_events(), erase_token() + erase_certificate()
    except OSError as error:
        raise FileUnwritable(
            "What was kept can't be deleted.", f"{error.filename}: {error.strerror}.", "Delete it by hand."
        ) from error


def lines_of(headings: Sequence[Heading]) -> list[str]:
    """What the user is shown before anything is written."""
    lines = ["The report will hold:"]
    for heading in headings:
        lines.append(f"  {heading.what}" + (f", {in_words(heading.bytes)}" if heading.parts else ""))
        if len(heading.parts) > _LISTED:
            first, last = heading.parts[0].name, heading.parts[-1].name
            lines.append(f"      {len(heading.parts)} files, {first} … {last}")
        else:
            lines += [f"      {part.name}, {in_words(part.bytes)}" for part in heading.parts]
    return lines


_LISTED = 4


def in_words(size: int) -> str:
    """A length in bytes as people read it."""
    if size < 1_000:
        return f"{size} bytes"
    return f"{size / 1_000:.1f} kB" if size < 1_000_000 else f"{size / 1_000_000:.1f} MB"


def _copied(path: Path, name: str) -> ReportPart | None:
    with suppress(OSError):  # deleted meanwhile by a session that runs
        return ReportPart(name, path, path.stat().st_size)
    return None


def _json(name: str, content: object) -> ReportPart:
    text = json.dumps(content, indent=1, ensure_ascii=False).encode() + b"\n"
    return ReportPart(name, text, len(text))


def _settings(settings: Settings) -> dict[str, Any]:
    """All settings; of what is private, that it is set; the user's folder, which often is their name, as ``~``."""
    return {name: _told(name, value) for name, value in asdict(settings).items()}


def _told(name: str, value: Any) -> Any:
    if isinstance(value, dict):
        return {inner: _told(inner, of_table) for inner, of_table in value.items()}
    if name in _PRIVATE and value is not None:
        return "set, and not in a report"
    return _without_home(value) if isinstance(value, Path) else value


def _without_home(path: Path) -> str:
    with suppress(ValueError, RuntimeError):
        return str(Path("~") / path.relative_to(Path.home()))
    return str(path)


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def _model(folder: Path) -> dict[str, Any]:
    """A model's name and the checksums of the files that make it what it is."""
    sums: dict[str, str] = {}
    for name in _MODEL_FILES:
        with suppress(OSError), (folder / name).open("rb") as file:
            sums[name] = hashlib.file_digest(file, "sha256").hexdigest()
    return {"name": folder.name, "sha256": sums}


def _devices() -> list[dict[str, Any]] | str:
    from assistant.audio.portaudio import devices  # noqa: PLC0415 - looks for PortAudio

    try:
        return [asdict(device) for device in devices()]
    except AssistantError as error:
        return error.what


def _unwritable(file: Path, error: OSError) -> FileUnwritable:
    return FileUnwritable(
        f"The report can't be written to {file}.", f"{error.strerror or error}.", "Name another file with --out."
    )


def confirmed(ask: Callable[[str], str] = input) -> bool:
    """Whether the user, shown the list, wants it written."""
    try:
        return ask("Write it? Nothing is sent anywhere. [y/N] ").strip().lower() in {"y", "yes"}
    except EOFError:
        return False


def at_a_terminal() -> bool:
    """Whether there is somebody who can be asked."""
    return sys.stdin is not None and sys.stdin.isatty()
