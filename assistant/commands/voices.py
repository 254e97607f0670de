"""Voices as the user sees them: which there are, how they sound, and which one speaks."""

from __future__ import annotations

import json
import os
import re
import tomllib
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from assistant.audio.files import WavWriter
from assistant.diary.files import put_in_place
from assistant.errors import FileUnwritable, SettingsInvalid, VoiceUnavailable
from assistant.home import folders
from assistant.home.settings import Settings, named_by_environment, settings_file, settings_from
from assistant.loop.speaking import voice_settings
from assistant.voice.natural import chosen, natural_voices, piper_version, speaker
from assistant.voice.renderer import Renderer
from assistant.voice.synthesiser import Synthesiser
from models import VOICES

SAMPLE = "Lie on your back, and draw one knee towards your chest. Hold it for twenty seconds. Three. Two. One."


_OURS = "en"
_SETTING = re.compile(
    r"""^[ \t]*(?:voice|"voice"|'voice')[ \t]*=[ \t]*(?:"(?:[^"\\\r\n]|\\.)*"|'[^'\r\n]*')(?=[ \t]*(?:#|\r?$))""",
    re.MULTILINE,
)
_TABLE = re.compile(r"^[ \t]*\[", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Known:
    """A voice that can speak here.

    Attributes:
        name: What to write for it.
        kind: What makes it speak.
        about: Its language, or its file.
    """

    name: str
    kind: str
    about: str


def known_voices(renderer: Renderer) -> list[Known]:
    """All voices for our lines: natural ones first, then those of the system's engine in their language.

    Raises:
        VoiceUnavailable: There is no engine at all.
    """
    files = natural_voices([folders.voices()]) if piper_version() else {}
    natural = [Known(speaker(name), "natural", name) for name in files]
    try:
        engine = renderer.engine()
        others = [voice for voice in renderer.voices() if voice.language.casefold().startswith(_OURS)]
    except VoiceUnavailable:
        if not natural:
            raise
        others, engine = [], ""
    return natural + [Known(voice.language.casefold(), engine, voice.name.replace("_", " ")) for voice in others]


def show_voices(settings: Settings, console: Console) -> None:
    """List them, with the one that speaks marked.

    Raises:
        VoiceUnavailable: There is no engine at all.
    """
    table = Table("", "name", "kind", "", box=None, pad_edge=False)
    speaks = chosen(settings.voice, [folders.voices()])
    with closing(Renderer()) as renderer:
        for voice in known_voices(renderer):
            mark = "→" if chosen(voice.name, [folders.voices()]) == speaks else ""
            table.add_row(mark, voice.name, voice.kind, voice.about)
    console.print(table)
    console.print("To take one: stretch-assistant voices NAME. To hear them: stretch-assistant voices --out FOLDER.")
    here = natural_voices([folders.voices()])
    if more := [voice.speaker for name, voice in VOICES.items() if name not in here]:
        console.print(f"To fetch one of {', '.join(more)}: stretch-assistant fetch-model NAME.")


def write_samples(settings: Settings, name: str | None, folder: Path, console: Console) -> None:
    """Write a sample of each voice, or of one, into a folder.

    Raises:
        VoiceUnavailable: The voice is unknown or can't speak.
        FileUnwritable: The folder can't be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileUnwritable(
            f"The samples can't be written to {folder}.", f"{error.strerror or error}.", "Choose another folder."
        ) from error
    with closing(Renderer()) as renderer:
        names = [name] if name is not None else [voice.name for voice in known_voices(renderer)]
    for each in names:
        path = folder / f"{re.sub(r'[^A-Za-z0-9+-]+', '-', Path(each).stem)}.wav"
        with _speaking(settings, each) as synthesiser, WavWriter(path) as file:
            file.write(synthesiser.clip(SAMPLE).samples)
        console.print(f"{escape(each)}: {escape(str(path))}", highlight=False, soft_wrap=True)


def set_voice(settings: Settings, name: str, config: Path | None, console: Console) -> None:
    """Write a voice into the settings file, once it has spoken.

    Raises:
        VoiceUnavailable: The voice is unknown or can't speak.
        FileUnwritable: The file can't be written.
    """
    voice = os.path.abspath(name) if os.path.isfile(name) else name  # noqa: PTH100, PTH113 - Path's raise for long names
    with _speaking(settings, voice) as synthesiser:
        synthesiser.clip("One.")
    path = config or named_by_environment() or settings_file()
    line = f"voice = {json.dumps(voice, ensure_ascii=False)}"  # TOML's quotes are JSON's
    try:
        text = path.read_bytes().decode("utf-8-sig") if path.exists() else ""
        changed = _with_setting(text, line)
        _check(text, changed, voice)
        path.parent.mkdir(parents=True, exist_ok=True)
        with put_in_place(path, "voice", changed=True) as part:
            part.write_bytes(changed.encode("utf-8"))
    except (OSError, ValueError, SettingsInvalid) as error:
        why = f"{error.strerror or error}." if isinstance(error, OSError) else "It would not be valid any more."
        raise FileUnwritable(f"The voice can't be written into {path}.", why, f"Write it there: {line}") from error
    console.print(f"{escape(name)} speaks from now on: {escape(str(path))}", highlight=False, soft_wrap=True)


def _check(before: str, after: str, voice: str) -> None:
    """Make sure that the voice is what has changed.

    Raises:
        ValueError: Something else has, too.
        SettingsInvalid: They are not valid any more.
    """
    settings = tomllib.loads(after)
    if settings != tomllib.loads(before) | {"voice": voice}:
        raise ValueError("another one was changed")
    settings_from(settings, "", after)


def _speaking(settings: Settings, voice: str) -> Synthesiser:
    """A synthesiser that has no fallback: what can't speak is told."""

    def refuse(error: VoiceUnavailable) -> None:
        raise error

    return Synthesiser(voice_settings(replace(settings, voice=voice)), tell=refuse)


def _with_setting(text: str, line: str) -> str:
    """The settings with one of them changed, all else as it was."""
    table = _TABLE.search(text)
    top = text[: table.start()] if table else text
    rest = text[len(top) :]
    if _SETTING.search(top):
        return _SETTING.sub(lambda _: line, top, count=1) + rest
    end = "\r\n" if "\r\n" in top else "\n"
    gap = "" if not top or top.endswith("\n") else end
    return f"{top}{gap}{line}{end}{rest}"
