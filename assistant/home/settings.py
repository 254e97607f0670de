"""The user's settings: one TOML file, and options that override it, checked alike."""

from __future__ import annotations

import difflib
import os
import re
import reprlib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from assistant.errors import SettingsInvalid, UsageError
from assistant.home import folders, mqtt_settings
from assistant.home.mqtt_settings import MqttSettings
from assistant.home.setting_types import NamedPath, Switch, Text
from intents.reading import read_at_most

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

CONFIG_VARIABLE = "STRETCH_ASSISTANT_CONFIG"
"""Names another settings file, which then has to be there."""

LARGEST_FILE_BYTES = 1 << 20

_OPTIONS = "the command line"
_Device = Text | Annotated[int, Field(strict=True, ge=0, le=10_000)] | None
_Number = Annotated[str, Field(strict=True, pattern=r"^[0-9](?:[ -]?[0-9]){2,19}$")] | None


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
        screen: Who may open the page that shows the session: nobody, browsers of this machine (``here``), or whoever in
            the ``network`` is given its link.
        screen_address: This machine's address in the ``network`` that is meant, where it is in several; None: the one
            by which it would reach others.
        screen_port: Where it listens.
        screen_https: Whether a certificate is made that makes its address in the network an https one.
        screen_certificate: A certificate in PEM that does so; None: one is made, or it is http.
        screen_key: Its private key; None: it stands in the same file.
        screen_diary: Whether the page leads to a second one with the course of pain and stretching.
        reminder_summary: What reminders are called in a calendar and on the desktop, where others may read it.
        mqtt: The broker that is told of a session, and may steer it; None: nothing connects to any.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    voice: Text = "en-gb"
    rate: Annotated[int, Field(strict=True, ge=80, le=300)] = 185
    volume: Annotated[float, Field(strict=True, ge=0.0, le=1.0)] = 1.0
    clear_speech: Switch = False
    count: Literal["all", "last five", "tones"] = "last five"
    ready_after: Literal["ask"] | Annotated[int, Field(strict=True, ge=5, le=120)] = "ask"
    engine: Literal["auto", "vosk", "pocketsphinx"] = "auto"
    model: NamedPath = None
    microphone: _Device = None
    loudspeaker: _Device = None
    routines: NamedPath = None
    household_number: _Number = None
    keep_audio: Annotated[int, Field(strict=True, ge=0, le=120)] = 0
    screen: Literal["off", "here", "network"] = "off"
    screen_address: Text | None = None
    screen_port: Annotated[int, Field(strict=True, ge=1024, le=65535)] = 8470
    screen_https: Switch = False
    screen_certificate: NamedPath = None
    screen_key: NamedPath = None
    screen_diary: Switch = False
    reminder_summary: Text = "A few minutes for me"
    mqtt: MqttSettings | None = None

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
            why = f"It is not valid TOML: {_why(error)}."
            raise _invalid(str(file), why, 'Write lines such as: count = "all"') from error
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
        try:
            checked = settings_from(given, _OPTIONS)
        except SettingsInvalid as error:
            error.exit_code = UsageError.exit_code  # it was typed, and stands in no file
            raise
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
    "screen": '"off", "here" for a browser on this machine, or "network" for a phone or tablet',
    "screen_address": 'an address or name of this machine, for instance "192.168.1.20"',
    "screen_port": "a port, a whole number from 1024 to 65535",
    "screen_https": "true, for an https address with a certificate that is made here, or false",
    "screen_certificate": "the path of a certificate in PEM",
    "screen_key": "the path of its key in PEM",
    "screen_diary": "true, for the diary's course on a second page, or false",
    "reminder_summary": "what a reminder is called where others may read it",
    "mqtt": "a table: [mqtt] and below it host, and what else the broker wants; one password at most",
    **{f"mqtt.{name}": words for name, words in mqtt_settings.EXPECTED.items()},
}
"""What each key takes, in words for the user; of a table's keys, too."""

_ADAPTER = TypeAdapter(Settings)
_TABLES: Mapping[str, type[DataclassInstance]] = {"": Settings, "mqtt": MqttSettings}
_NAMES = {table: tuple(field.name for field in fields(kind)) for table, kind in _TABLES.items()}


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
    values = _named(data, "", source, text)
    try:
        return _ADAPTER.validate_python(values)
    except ValidationError as error:
        first = error.errors()[0]
        table, name = _place(first["loc"])
        inner = values if not table else values[table]
        key = f"{table}.{name}" if table else name
        written = next((key for key in (data[table] if table else data) if key.replace("-", "_") == name), name)
        where = _where(written, text, table)
        written = f"--{name.replace('_', '-')}" if source == _OPTIONS else written
        if name not in inner:
            why = f"The key {written!r} of [{table}] is missing."
        elif name == "password":
            why = f"The value of {written!r}{where} is no such thing."
        else:
            why = f"The value of {written!r}{where} is {reprlib.repr(inner[name])}."
        raise _invalid(source, why, f"Expected: {EXPECTED[key]}.") from error


def _named(data: Mapping[Any, Any], table: str, source: str, text: str) -> dict[str, Any]:
    """The values of a table, and of those in it, by the names of the settings."""
    values: dict[str, Any] = {}
    for written, value in data.items():
        name = written.replace("-", "_") if isinstance(written, str) else written
        where = _where(written, text, table)
        if name not in _NAMES[table]:
            raise _invalid(source, f"The key {reprlib.repr(written)}{where} is not known.", _advice(name, table))
        if name in values:
            raise _invalid(source, f"The key {written!r}{where} is there twice.", "Write it once, with - or with _.")
        is_table = not table and name in _TABLES and isinstance(value, Mapping)
        values[name] = _named(value, name, source, text) if is_table else value
    return values


def _place(where: Sequence[int | str]) -> tuple[str, str]:
    """The table ("" for none) and the key that pydantic found something wrong with."""
    first = str(where[0])
    return (first, str(where[1])) if first in _TABLES and len(where) > 1 and where[1] in _NAMES[first] else ("", first)


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


def _why(error: ValueError | RecursionError) -> str:
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    return "a number has far too many digits" if "int_max_str_digits" in str(error) else str(error)


def _read(file: Path, *, must_exist: bool) -> str:
    try:
        if not must_exist and file.exists() and not (file.is_file() or file.is_dir()):
            raise _invalid(str(file), "It is a device or a pipe, and no file.", "Check what it is.")
        return read_at_most(file, LARGEST_FILE_BYTES).decode("utf-8-sig")
    except FileNotFoundError as error:
        if not must_exist:
            return ""
        raise _invalid(str(file), "There is no such file.", "Check the name.") from error
    except OSError as error:
        raise _invalid(str(file), f"It can't be read: {error.strerror}.", "Check what it is.") from error
    except ValueError as error:
        raise _invalid(str(file), "It is not plain text in UTF-8.", "Save it as UTF-8.") from error


def _where(key: object, text: str, table: str = "") -> str:
    """``" in line 3"``, as far as it can be told: TOML's parser keeps no lines."""
    if not isinstance(key, str):
        return ""
    header = re.search(rf"^[ \t]*\[[ \t]*{table}[ \t]*\]", text, re.MULTILINE) if table else None
    name = rf"[\"']?{re.escape(key)}[\"']?"
    looked_for = re.compile(rf"^[ \t]*(?:{name}[ \t]*[.=]|\[+[ \t]*{name}[ \t]*[.\]])", re.MULTILINE)
    found = looked_for.search(text, header.end() if header else 0)
    return f" in line {text.count(chr(10), 0, found.start()) + 1}" if found else ""


def _advice(name: object, table: str) -> str:
    names = _NAMES[table]
    known = f"Keys that are known{f' in [{table}]' if table else ''}: {', '.join(names)}."
    close = difflib.get_close_matches(name[:100], names, n=1) if isinstance(name, str) else []
    return f"Did you mean {close[0]!r}? {known}" if close else known


def _from_folder(settings: Settings, folder: Path) -> Settings:
    """The settings with relative paths counted from there."""
    return replace(
        settings,
        model=settings.model and folder / settings.model,
        routines=settings.routines and folder / settings.routines,
        screen_certificate=settings.screen_certificate and folder / settings.screen_certificate,
        screen_key=settings.screen_key and folder / settings.screen_key,
        mqtt=settings.mqtt
        and replace(
            settings.mqtt,
            password_file=settings.mqtt.password_file and folder / settings.mqtt.password_file,
            ca_certificate=settings.mqtt.ca_certificate and folder / settings.mqtt.ca_certificate,
        ),
    )


def _invalid(source: str, why: str, fix: str) -> SettingsInvalid:
    return SettingsInvalid(f"The settings are not valid: {source}.", why, fix)
