"""PortAudio, by way of sounddevice: loading it, listing devices, choosing one and its format.

sounddevice is imported on first use: where PortAudio is missing, everything that needs no sound device works.
"""

from __future__ import annotations

import importlib
import sys
from dataclasses import dataclass
from typing import Any, Literal

from assistant.audio.formats import RATE
from assistant.errors import AssistantError, MicrophoneUnavailable, SoundLibraryMissing, SpeakerUnavailable

Direction = Literal["input", "output"]

_LIST = "`stretch-assistant devices` lists what is there."


@dataclass(frozen=True, slots=True)
class Device:
    """A sound device as PortAudio sees it.

    Attributes:
        index: Its number, valid until PortAudio is started again.
        name: Its name.
        inputs: Channels it can record, 0 for a mere loudspeaker.
        outputs: Channels it can play, 0 for a mere microphone.
        default_rate: Its own samples a second.
        is_default_input: It is what is recorded from if none is named.
        is_default_output: It is what is played on if none is named.
    """

    index: int
    name: str
    inputs: int
    outputs: int
    default_rate: int
    is_default_input: bool
    is_default_output: bool


@dataclass(frozen=True, slots=True)
class DeviceFormat:
    """A device and a format that it takes.

    Attributes:
        index: The device's number.
        name: Its name.
        rate: Samples a second.
        channels: 1 for a loudspeaker where possible; 2 for a microphone that has them, as a driver that makes one
            of two may take the dead one.
    """

    index: int
    name: str
    rate: int
    channels: int


def library() -> Any:
    """The sounddevice module, with PortAudio started.

    Raises:
        SoundLibraryMissing: PortAudio is not installed.
    """
    try:
        return importlib.import_module("sounddevice")
    except OSError as error:
        command = (
            "sudo apt install libportaudio2" if sys.platform == "linux" else "pip install --force-reinstall sounddevice"
        )
        raise SoundLibraryMissing(
            "No sound can be played or recorded: the PortAudio library is missing.", f"{error}.", f"Run: {command}"
        ) from error


def devices() -> list[Device]:
    """All sound devices, in PortAudio's order.

    Raises:
        SoundLibraryMissing: PortAudio is not installed.
    """
    sounddevice = library()
    default_input, default_output = sounddevice.default.device
    return [
        Device(
            index=found["index"],
            name=found["name"],
            inputs=found["max_input_channels"],
            outputs=found["max_output_channels"],
            default_rate=round(found["default_samplerate"]),
            is_default_input=found["index"] == default_input,
            is_default_output=found["index"] == default_output,
        )
        for found in sounddevice.query_devices()
    ]


def choose(direction: Direction, wanted: str | int | None) -> DeviceFormat:
    """The device that is meant, and a format that it takes: 16 kHz if it does, else what comes closest.

    Args:
        direction: ``"input"`` for a microphone, ``"output"`` for a loudspeaker.
        wanted: Its number (also as text), a part of its name, or None for the default.

    Raises:
        MicrophoneUnavailable: There is no such microphone, or it takes no format that is known here.
        SpeakerUnavailable: The same of a loudspeaker.
        SoundLibraryMissing: PortAudio is not installed.
    """
    sounddevice = library()
    if isinstance(wanted, str) and wanted.isdecimal():
        wanted = int(wanted)
    try:
        found = sounddevice.query_devices(wanted, direction)
    except (ValueError, sounddevice.PortAudioError) as error:
        # a name that fits none or several is a ValueError, a number that does not exist a PortAudioError
        if wanted is None:
            raise unavailable(direction, "There is none on this machine.") from error
        raise unavailable(direction, f"There is not exactly one that fits {wanted!r}: {error}.") from error
    most = found[f"max_{direction}_channels"]
    if not most:
        raise unavailable(direction, f"{found['name']!r} has no {direction} channels.")
    own_rate = round(found["default_samplerate"])
    check = sounddevice.check_input_settings if direction == "input" else sounddevice.check_output_settings
    refusal = None
    fewest = min(2, most) if direction == "input" else 1
    for rate in dict.fromkeys((RATE, own_rate, 48_000, 44_100)):
        for channels in dict.fromkeys((fewest, 1, min(2, most), most)):
            try:
                check(device=found["index"], channels=channels, dtype="int16", samplerate=rate)
            except sounddevice.PortAudioError as error:
                refusal = error
            else:
                return DeviceFormat(found["index"], found["name"], rate, channels)
    raise unavailable(direction, f"{found['name']!r} cannot be opened: {refusal}.") from refusal


def unavailable(direction: Direction, why: str) -> AssistantError:
    """The error for a side that cannot be opened."""
    if direction == "input":
        return MicrophoneUnavailable("No microphone can be opened.", why, f"Plug one in, or name another one: {_LIST}")
    return SpeakerUnavailable("No loudspeaker can be opened.", why, f"Plug one in, or name another one: {_LIST}")


def restart() -> None:
    """Start PortAudio again, so that it sees devices that came or came back. No stream may be open.

    Raises:
        SoundLibraryMissing: PortAudio is not installed.
    """
    sounddevice = library()
    # PortAudio lists the devices when it is started and never again; sounddevice has no public name for this.
    sounddevice._terminate()
    sounddevice._initialize()
