"""The user's settings: one TOML file, and options that override it, checked alike."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from assistant.app import folders
from assistant.errors import SettingsInvalid


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set. The file's keys are these names, with ``-`` or ``_``.

    Attributes:
        voice: The text-to-speech engine's name of a voice.
        rate: Words a minute.
        volume: 0 to 1.
        count: Count every second of a hold, the last five (holds up to ten seconds in full), or tones only.
        ready_after: ``"ask"``, or seconds after which the user is taken to be in position.
        engine: Recogniser: ``auto`` takes Vosk where there is a model, else PocketSphinx.
        model: Folder of a Vosk model.
        microphone: Number or part of the name of the device; None for the default.
        loudspeaker: The same.
        routines: Folder of the user's own routines; None for the one in the data folder.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    voice: Annotated[str, Field(min_length=1, max_length=100)] = "en-gb"
    rate: Annotated[int, Field(strict=True, ge=80, le=300)] = 150
    volume: Annotated[float, Field(strict=True, ge=0.0, le=1.0)] = 1.0
    count: Literal["all", "last five", "tones"] = "last five"
    ready_after: Literal["ask"] | Annotated[int, Field(strict=True, ge=5, le=120)] = "ask"
    engine: Literal["auto", "vosk", "pocketsphinx"] = "auto"
    model: Path | None = None
    microphone: str | int | None = None
    loudspeaker: str | int | None = None
    routines: Path | None = None

    @property
    def ready_after_s(self) -> float | None:
        """Seconds after which the user is taken to be in position; None waits for a word."""
        return None if self.ready_after == "ask" else float(self.ready_after)


_ADAPTER = TypeAdapter(Settings)
_NAMES = tuple(field.name for field in fields(Settings))


def settings_file() -> Path:
    """Where the settings are looked for."""
    return folders.config() / "settings.toml"


def load_settings(path: Path | None = None) -> Settings:
    """Read the settings file.

    Args:
        path: The file; None for the usual one, which need not be there.

    Raises:
        SettingsInvalid: It can't be read, is no TOML, holds an unknown key or a wrong value.
    """
    file = path or settings_file()
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        if path is None:
            return Settings()
        raise _invalid(file, "There is no such file.", "Check the name.") from error
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "It is not plain text in UTF-8"
        raise _invalid(file, f"It can't be read: {why}.", "Check who may read it.") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise _invalid(file, f"It is not valid TOML: {error}.", 'Write lines such as: count = "all"') from error
    return settings_from({name.replace("-", "_"): value for name, value in data.items()}, str(file))


def settings_from(data: Mapping[str, Any], source: str) -> Settings:
    """Check values from anywhere.

    Raises:
        SettingsInvalid: A key is unknown, or a value is wrong; names the key.
    """
    for name in data:
        if name not in _NAMES:
            close = difflib.get_close_matches(name, _NAMES, n=1)
            known = "Keys that are known: " + ", ".join(_NAMES) + "."
            raise _invalid(source, f"The key {name!r} is not known.", f"Did you mean {close[0]!r}?" if close else known)
    try:
        return _ADAPTER.validate_python(dict(data))
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else "?"
        expected = "; or ".join(
            dict.fromkeys(e["msg"].removeprefix("Input should be ") for e in error.errors() if e["loc"][:1] == (name,))
        )
        raise _invalid(source, f"The value of {name!r} is {first['input']!r}.", f"Expected: {expected}.") from error


def with_options(settings: Settings, **options: Any) -> Settings:
    """The settings with the options that were given (not None).

    Raises:
        SettingsInvalid: A value is wrong.
    """
    given = {name: value for name, value in options.items() if value is not None}
    settings_from(given, "the command line")
    return replace(settings, **given)


def _invalid(source: Path | str, why: str, fix: str) -> SettingsInvalid:
    return SettingsInvalid(f"The settings are not valid: {source}.", why, fix)
