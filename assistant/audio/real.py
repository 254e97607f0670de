"""The machine's own microphone and loudspeaker, by way of PortAudio.

Two streams, as a stream of both directions has died in the middle of a session. Their callbacks copy and count,
nothing else. PortAudio tells nobody when a device has gone: the callbacks just stop, and stopping such a stream
then waits for ever. So whether sound flows is told from the time of the last callback, and streams are aborted,
not stopped, by a helper that is not waited for longer than `CLOSE_TIMEOUT_S`. A sound server moves the streams of a
device that has gone instead, so it is watched, too.
"""

from __future__ import annotations

import atexit
import math
import threading
import time
from collections.abc import Callable, Collection, Iterable
from typing import Any, Literal

from assistant.audio import portaudio
from assistant.audio.alignment import Alignment, StreamClock
from assistant.audio.card import Hear, Render
from assistant.audio.edge import Frames, FromDevice, ToDevice
from assistant.audio.formats import BLOCK, RATE, Samples
from assistant.audio.portaudio import DeviceFormat, Direction
from assistant.audio.sound_server import SoundServerWatch
from assistant.errors import AssistantError, MicrophoneUnavailable, SoundLibraryMissing

WATCHDOG_S = 2.0
"""A stream whose last callback lies further back has lost its device."""

CLOSE_TIMEOUT_S = 2.0
"""How long closing may take."""

_SIDES: dict[Direction, str] = {"output": "loudspeaker", "input": "microphone"}


class RealCard:
    """A `SoundCard` made of two devices, each with a clock of its own.

    One thread (the main one) calls all methods; `render` and `hear` are called from PortAudio's threads.

    Args:
        microphone: Number or part of the name of the device; None for the default.
        loudspeaker: The same.
        latency: Asked of PortAudio, in seconds or as its own ``"low"`` or ``"high"``: short makes a hushed voice
            fall silent sooner, long survives a busy processor.
        listen: False for no microphone at all, where commands are typed.
    """

    def __init__(
        self,
        microphone: str | int | None = None,
        loudspeaker: str | int | None = None,
        latency: float | Literal["low", "high"] = 0.1,
        *,
        listen: bool = True,
    ) -> None:
        self._wanted: dict[Direction, str | int | None] = {"output": loudspeaker}
        if listen:
            self._wanted["input"] = microphone
        self._latency = latency
        self._server = SoundServerWatch(monitors_are_wanted=microphone is not None)
        self._render: Render | None = None
        self._hear: Hear | None = None
        self._streams: dict[Direction, _Stream] = {}
        self._played: StreamClock | None = None
        self._closing: threading.Thread | None = None
        self._rendered = 0

    @property
    def lost(self) -> str | None:
        """``"loudspeaker"`` or ``"microphone"`` while no sound flows there though the card is open, else None.

        One whose device has gone counts as lost though the sound server has moved it to another one: it is for
        `reopen` to find out which one is meant now.

        A device may come back by itself (one that was suspended); otherwise `reopen` brings it back.
        """
        if self._render is None:
            return None
        return next((_SIDES[direction] for direction in self._wanted if not self._flows(direction)), None)

    @property
    def latency_s(self) -> float:
        """Seconds from a sample being rendered to its sounding, as PortAudio states it; 0 while not open."""
        stream = self._streams.get("output")
        return 0.0 if stream is None else stream.latency_s

    @property
    def sounding_s(self) -> float:
        """Seconds of what was rendered since `open` that have sounded by now; any thread may ask.

        By the times of two seconds of buffers: single ones are some milliseconds off.
        """
        rendered_s, played = self._rendered / RATE, self._played
        if played is None or not played.buffers:
            return rendered_s
        return min(rendered_s, time.monotonic() - played.origin_s(stated=False))

    @property
    def glitches(self) -> int:
        """Buffers so far that came too late or were not fetched in time, both sides together."""
        return sum(stream.glitches for stream in self._streams.values())

    @property
    def formats(self) -> dict[str, DeviceFormat]:
        """The devices in use with the formats they were opened in, by side; for a log or a bug report."""
        return {_SIDES[direction]: stream.device for direction, stream in self._streams.items()}

    def look(self) -> None:
        """Whether the devices are there, before much is done for them. Raises what `open` does where they aren't."""
        failures: dict[Direction, AssistantError] = {}
        for direction, wanted in self._wanted.items():
            try:
                portaudio.choose(direction, wanted)
            except SoundLibraryMissing:  # the one thing to say
                raise
            except AssistantError as error:
                failures[direction] = error
        if failures:
            raise _worst(failures)

    def open(self, render: Render, hear: Hear) -> None:
        """Start both streams.

        Raises:
            MicrophoneUnavailable: There is no microphone, or it cannot be opened; the text says if the loudspeaker
                is missing as well.
            SpeakerUnavailable: There is no loudspeaker, or it cannot be opened.
            SoundLibraryMissing: PortAudio is not installed.
        """
        portaudio.library()  # if that is missing, it is the one thing to say
        self._rendered = 0

        def counted(frames: int) -> Samples:
            self._rendered += frames
            return render(frames)

        self._render, self._hear = counted, hear
        failures = self._start(self._wanted, trusted=set(self._wanted))
        if failures:
            self.close()
            raise _worst(failures)
        self._server.start()

    def reopen(self, *, interrupt: bool = True) -> None:
        """Look again at which devices are there and start both streams on them.

        What can be opened is: a session that has lost its microphone can still speak. `lost` names the rest.

        Args:
            interrupt: Whether a side that works may be interrupted, too. Only then devices are found that PortAudio
                did not see before; those of a sound server it always sees.

        Raises:
            MicrophoneUnavailable: The microphone is not there.
            SpeakerUnavailable: The loudspeaker is not there, or the old streams still hang in the sound system.
            RuntimeError: The card was never opened, or was closed.
        """
        if self._render is None or self._hear is None:
            raise RuntimeError("the sound card is not open")
        flowing = {direction for direction in self._wanted if self._flows(direction)}
        stays = set() if interrupt else flowing & {"output"}  # the microphone's places follow from the loudspeaker's
        self._abort(stays)
        if self._closing is not None and self._closing.is_alive():  # PortAudio would hang again, and this thread in it
            raise portaudio.unavailable("output", "The sound system does not answer.")
        if not stays:
            portaudio.restart()
        failures = self._start([side for side in self._wanted if side not in stays], trusted=flowing)
        if failures:
            raise _worst(failures)

    def close(self) -> None:
        """Stop both streams; done within `CLOSE_TIMEOUT_S`, also where the device has gone."""
        self._render = self._hear = None
        self._server.close()
        self._abort()

    def _flows(self, direction: Direction) -> bool:
        stream = self._streams.get(direction)
        return stream is not None and stream.flows(time.monotonic()) and direction not in self._server.misplaced

    def _start(self, sides: Iterable[Direction], *, trusted: set[Direction]) -> dict[Direction, AssistantError]:
        """Start what can be started. A side that is not trusted counts as lost until its first callback."""
        assert self._render is not None
        assert self._hear is not None
        failures: dict[Direction, AssistantError] = {}
        for direction in sides:
            try:
                device = portaudio.choose(direction, self._wanted[direction])
                clock = StreamClock(device.rate, self._rendered if direction == "output" else 0)
                if direction == "output":
                    handle: Callable[[Frames], None] = ToDevice(self._render, device.rate).fill
                    self._played = clock
                else:
                    handle = FromDevice(self._hear, device.rate, self._placing(self._played, clock)).take
                self._streams[direction] = _Stream(
                    direction, device, self._latency, handle, clock, trusted=direction in trusted
                )
            except AssistantError as error:
                failures[direction] = error
        return failures

    def _placing(self, played: StreamClock | None, heard: StreamClock) -> Callable[[int], float]:
        """From samples of the microphone to those that sounded; before anything did, to the next one rendered."""
        alignment = None if played is None else Alignment(played, heard)

        def place(captured: int) -> float:
            if alignment is None or played is None or not played.buffers:
                return float(self._rendered)
            return alignment.sounding(captured)

        return place

    def _abort(self, but: Collection[Direction] = ()) -> None:
        if "output" not in but:
            self._played = None
        streams = [self._streams.pop(side) for side in list(self._streams) if side not in but]
        if not streams:
            return
        self._closing = threading.Thread(target=_abort_all, args=(streams,), name="closing sound", daemon=True)
        self._closing.start()
        self._closing.join(CLOSE_TIMEOUT_S)
        if self._closing.is_alive():
            # sounddevice would close the streams once more when Python ends, and hang there
            atexit.unregister(portaudio.library()._exit_handler)


class _Stream:
    """One running PortAudio stream and the pulse of its callback."""

    def __init__(
        self,
        direction: Direction,
        device: DeviceFormat,
        latency: float | str,
        handle: Callable[[Frames], None],
        clock: StreamClock,
        *,
        trusted: bool,
    ) -> None:
        sounddevice = portaudio.library()
        self.device = device
        self.glitches = 0
        self.latency_s = 0.0
        self._pulse_s = time.monotonic() if trusted else -math.inf
        self._ended = False

        def callback(frames: Frames, count: int, times: Any, status: Any) -> None:
            now = self._pulse_s = time.monotonic()
            if direction == "output":
                clock.note(count, times.outputBufferDacTime, times.currentTime, now + self.latency_s)
            else:
                clock.note(count, times.inputBufferAdcTime, times.currentTime, now - count / device.rate)
            if status:
                self.glitches += 1
            handle(frames)

        kind = sounddevice.OutputStream if direction == "output" else sounddevice.InputStream
        try:
            self._stream = kind(
                device=device.index,
                samplerate=device.rate,
                channels=device.channels,
                dtype="int16",
                blocksize=device.rate * BLOCK // RATE,
                latency=latency,
                callback=callback,
                finished_callback=self._end,
            )
        except sounddevice.PortAudioError as error:
            raise portaudio.unavailable(direction, f"{device.name!r} cannot be opened: {error}.") from error
        try:
            self._stream.start()
        except sounddevice.PortAudioError as error:
            self._stream.close()
            raise portaudio.unavailable(direction, f"{device.name!r} does not start: {error}.") from error
        self.latency_s = float(self._stream.latency)

    def flows(self, now: float) -> bool:
        """Whether sound has flowed lately; ``now`` is the monotonic time in seconds."""
        return not self._ended and now - self._pulse_s < WATCHDOG_S

    def abort(self) -> None:
        """End it at once. May wait for ever."""
        self._stream.abort()  # errors are ignored: there is nothing to be done about them
        self._stream.close()

    def _end(self) -> None:
        self._ended = True


def _abort_all(streams: list[_Stream]) -> None:
    for stream in streams:
        stream.abort()


def _worst(failures: dict[Direction, AssistantError]) -> AssistantError:
    """The error to raise; if both sides failed, one that says so."""
    microphone, loudspeaker = failures.get("input"), failures.get("output")
    if microphone is None or loudspeaker is None:
        return next(iter(failures.values()))
    why = microphone.why if microphone.why == loudspeaker.why else f"{microphone.why} {loudspeaker.why}"
    return MicrophoneUnavailable("Neither a microphone nor a loudspeaker can be opened.", why, microphone.fix)
