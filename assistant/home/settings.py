"""The user's settings: one TOML file, and options that override it, checked alike."""

from __future__ import annotations

import difflib
import os
import re
import reprlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ConfigDict, Field, TypeAdapter, ValidationError

from assistant.errors import SettingsInvalid
from assistant.home import folders

CONFIG_VARIABLE = "STRETCH_ASSISTANT_CONFIG"
"""Names another settings file, which then has to be there."""

LARGEST_FILE_BYTES = 1 << 20

_OPTIONS = "the command line"
_Text = Annotated[str, Field(strict=True, min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]*\S[^\x00-\x1f]*$")]
_Device = _Text | Annotated[int, Field(strict=True, ge=0, le=10_000)] | None


def _usable(path: Path) -> Path:
    if "\0" in str(path) or path == Path():
        raise ValueError("no path")
    return Path(os.path.expanduser(path))  # noqa: PTH111 - Path.expanduser raises where there is no such user


_Number = Annotated[str, Field(strict=True, pattern=r"^[0-9](?:[ -]?[0-9]){2,19}$")] | None
_Path = Annotated[Path, AfterValidator(_usable)] | None


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set. The file's keys are these names, with ``-`` or ``_``.

    Attributes:
        voice: The text-to-speech engine's name of a voice, ``auto`` for a natural one where one is installed, or the
            path of a voice of Piper.
        rate: Words a minute.
        volume: 0 to 1.
        clear_speech: Whether the voice is slower and lower, for the hard of hearing.
        count: Count every second of a hold, the last five (holds up to ten seconds in full), or tones only.
        ready_after: ``"ask"``, or seconds after which the user is taken to be in position.
        engine: Recogniser: ``auto`` is Vosk with the model that comes along.
        model: Folder of a Vosk model.
        microphone: Number or part of the name of the device; None for the default.
        loudspeaker: The same.
        routines: Folder of the user's own routines; None for the one in the data folder.
        household_number: A number to call for help, read out after a sign of danger; None where none is set.
        keep_audio: Minutes of sound kept on disk to find out what went wrong; 0 keeps none.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    voice: _Text = "en-gb"
    rate: Annotated[int, Field(strict=True, ge=80, le=300)] = 185
    volume: Annotated[float, Field(strict=True, ge=0.0, le=1.0)] = 1.0
    clear_speech: Annotated[bool, Field(strict=True)] = False
    count: Literal["all", "last five", "tones"] = "last five"
    ready_after: Literal["ask"] | Annotated[int, Field(strict=True, ge=5, le=120)] = "ask"
    engine: Literal["auto", "vosk", "pocketsphinx"] = "auto"
    model: _Path = None
    microphone: _Device = None
    loudspeaker: _Device = None
    routines: _Path = None
    household_number: _Number = None
    keep_audio: Annotated[int, Field(strict=True, ge=0, le=120)] = 0

    @property
    def ready_after_s(self) -> float | None:
        """Seconds after which the user is taken to be in position; None waits for a word."""
        return None if self.ready_after == "ask" else float(self.ready_after)

    @classmethod
    def load(cls, path: Path | None = None, **defaults: Any) -> Settings:
        """Read the settings file. Relative paths in it count from the folder in which it lies.

        Args:
            path: The file; None for the one that ``STRETCH_ASSISTANT_CONFIG`` names, else the usual one, which need
                not be there.
            defaults: What holds for settings that the file does not name.

        Raises:
            SettingsInvalid: It can't be read, is no TOML, holds an unknown key or a wrong value; names key and line.
        """
        named = path or named_by_environment()
        file = named or settings_file()
        text = _read(file, must_exist=named is not None)
        try:
            written = tomllib.loads(text)
        except (ValueError, RecursionError) as error:  # ValueError also for an impossible date
            raise _invalid(
                str(file), f"It is not valid TOML: {error}.", 'Write lines such as: count = "all"'
            ) from error
        read = settings_from(written, str(file), text)
        named_there = {key.replace("-", "_") for key in written}
        unnamed = {key: value for key, value in defaults.items() if key not in named_there}
        return _from_folder(read, file.parent).with_options(**unnamed)

    def with_options(self, **options: Any) -> Settings:
        """The settings with the options that were given (not None), checked like the file's.

        Raises:
            SettingsInvalid: There is no such setting, or its value is wrong.
        """
        given = {name: value for name, value in options.items() if value is not None}
        checked = settings_from(given, _OPTIONS)
        return replace(self, **{name: getattr(checked, name) for name in given})


EXPECTED: Mapping[str, str] = {
    "voice": '"auto", the name of a voice, for instance "en-gb", or the path of a voice of Piper',
    "rate": "words a minute, a whole number from 80 to 300",
    "volume": "a number from 0, silent, to 1",
    "clear_speech": "true, for slower and lower speech, or false",
    "count": '"all", "last five" or "tones"',
    "ready_after": '"ask", or seconds, a whole number from 5 to 120',
    "engine": '"auto", "vosk" or "pocketsphinx"',
    "model": "the path of a Vosk model's folder",
    "microphone": "the number of a device or part of its name; stretch-assistant devices lists them",
    "loudspeaker": "the number of a device or part of its name; stretch-assistant devices lists them",
    "routines": "the path of a folder",
    "household_number": 'a telephone number, digits with spaces between, for instance "020 7946 0000"',
    "keep_audio": "minutes, a whole number from 0, none, to 120",
}
"""What each key takes, in words for the user."""

_ADAPTER = TypeAdapter(Settings)
_NAMES = tuple(field.name for field in fields(Settings))


def settings_file() -> Path:
    """Where the settings are looked for unless another file is named."""
    return folders.config() / "settings.toml"


def settings_from(data: Mapping[Any, Any], source: str, text: str = "") -> Settings:
    """Check values from anywhere.

    Args:
        data: Names, with ``-`` or ``_``, and values.
        source: Where they come from, for the message.
        text: The TOML they were read from, to tell lines.

    Raises:
        SettingsInvalid: A key is unknown or there twice, or a value is wrong; names the key.
    """
    values: dict[str, Any] = {}
    for written, value in data.items():
        name = written.replace("-", "_") if isinstance(written, str) else written
        if name not in _NAMES:
            why = f"The key {reprlib.repr(written)}{_where(written, text)} is not known."
            raise _invalid(source, why, _advice(name))
        if name in values:
            why = f"The key {written!r}{_where(written, text)} is there twice."
            raise _invalid(source, why, "Write it once, with - or with _.")
        values[name] = value
    try:
        return _ADAPTER.validate_python(values)
    except ValidationError as error:
        name = str(error.errors()[0]["loc"][0])
        written = next(key for key in data if key.replace("-", "_") == name)
        why = f"The value of {written!r}{_where(written, text)} is {reprlib.repr(values[name])}."
        raise _invalid(source, why, f"Expected: {EXPECTED[name]}.") from error


def load_settings(path: Path | None = None, **defaults: Any) -> Settings:
    """The same as `Settings.load`."""
    return Settings.load(path, **defaults)


def with_options(settings: Settings, **options: Any) -> Settings:
    """The same as `Settings.with_options`."""
    return settings.with_options(**options)


def named_by_environment() -> Path | None:
    """The settings file that the environment names."""
    named = os.environ.get(CONFIG_VARIABLE)
    return Path(os.path.expanduser(named)) if named else None  # noqa: PTH111 - as above


def _read(file: Path, *, must_exist: bool) -> str:
    try:
        with file.open("rb") as opened:
            content = opened.read(LARGEST_FILE_BYTES + 1)
        if len(content) > LARGEST_FILE_BYTES:
            raise _invalid(str(file), "It is longer than a settings file can be.", "Check that it is the right file.")
        return content.decode("utf-8-sig")
    except FileNotFoundError as error:
        if not must_exist:
            return ""
        raise _invalid(str(file), "There is no such file.", "Check the name.") from error
    except OSError as error:
        raise _invalid(str(file), f"It can't be read: {error.strerror}.", "Check what it is.") from error
    except ValueError as error:
        raise _invalid(str(file), "It is not plain text in UTF-8.", "Save it as UTF-8.") from error


def _where(key: object, text: str) -> str:
    """``" in line 3"``, as far as it can be told: TOML's parser keeps no lines."""
    if not isinstance(key, str):
        return ""
    name = rf"[\"']?{re.escape(key)}[\"']?"
    found = re.search(rf"^[ \t]*(?:{name}[ \t]*[.=]|\[+[ \t]*{name}[ \t]*[.\]])", text, re.MULTILINE)
    return f" in line {text.count(chr(10), 0, found.start()) + 1}" if found else ""


def _advice(name: object) -> str:
    known = f"Keys that are known: {', '.join(_NAMES)}."
    close = difflib.get_close_matches(name[:100], _NAMES, n=1) if isinstance(name, str) else []
    return f"Did you mean {close[0]!r}? {known}" if close else known


def _from_folder(settings: Settings, folder: Path) -> Settings:
    return replace(
        settings,
        model=settings.model and folder / settings.model,
        routines=settings.routines and folder / settings.routines,
    )


def _invalid(source: str, why: str, fix: str) -> SettingsInvalid:
    return SettingsInvalid(f"The settings are not valid: {source}.", why, fix)
