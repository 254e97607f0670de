"""Where a PulseAudio or PipeWire server has put our streams.

Where a device is unplugged, such a server moves its streams to another one, and tells nobody who doesn't ask: callbacks
go on, and what is heard may be another room, or nothing but the loudspeaker. So it is asked, beside PortAudio.
"""

from __future__ import annotations

import importlib
import os
import sys
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from assistant.audio.portaudio import Direction

ASKS_EVERY_S = 5.0
"""The server tells of every change; without one it is asked so often, lest a word was lost."""

TRIES_EVERY_S = 0.5
"""How often a server that isn't there is looked for."""

_NO_SINK = 2**32 - 1  # PA_INVALID_INDEX

_Key = tuple[Direction, int]


class Stream(Protocol):
    """What pulsectl says of a stream: its number, and what its client says of itself."""

    index: int
    proplist: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Placed:
    """A stream of ours and where it is.

    Attributes:
        stream: Its number; a stream that is opened again has another one.
        device: The device's number; one that is unplugged and comes back has another one.
        is_monitor: The device is no microphone but what a loudspeaker plays.
    """

    stream: int
    device: int
    is_monitor: bool = False


class Placement:
    """Notes where our streams are and were, and so which of them were moved since their device has gone.

    Args:
        monitors_are_wanted: Whether what a loudspeaker plays is a microphone, too: only if it was named.
    """

    def __init__(self, *, monitors_are_wanted: bool) -> None:
        self._monitors_are_wanted = monitors_are_wanted
        self._homes: dict[_Key, int] = {}
        self._misplaced: frozenset[Direction] = frozenset()

    @property
    def misplaced(self) -> frozenset[Direction]:
        """The sides that are elsewhere than they were opened, as that has gone, or on no real microphone."""
        return self._misplaced

    def note(self, placed: Mapping[Direction, Iterable[Placed]], devices: Mapping[Direction, Iterable[int]]) -> None:
        """Take in where they are now.

        Args:
            placed: Our streams by side.
            devices: Which devices there are. A stream that was moved though its device is still there was moved by
                the user.
        """
        there = {side: frozenset(numbers) for side, numbers in devices.items()}
        now = {(side, stream.stream): stream for side, streams in placed.items() for stream in streams}
        homes = {key: self._home(key, stream.device, there[key[0]]) for key, stream in now.items()}
        self._homes = {key: home for key, home in homes.items() if home is not None}
        self._misplaced = frozenset(
            side
            for (side, number), stream in now.items()
            if stream.device in there[side] and self._is_misplaced(self._homes[side, number], side, stream)
        )

    def _home(self, key: _Key, device: int, there: frozenset[int]) -> int | None:
        """Where a stream belongs; None if that isn't known yet."""
        home = self._homes.get(key)
        if device not in there:  # on its way, or on one that came after the devices were listed
            return home
        return device if home is None or home in there else home

    def _is_misplaced(self, home: int, side: Direction, stream: Placed) -> bool:
        return home != stream.device or (side == "input" and stream.is_monitor and not self._monitors_are_wanted)

    def forget(self) -> None:
        """The server is gone, and its numbers with it."""
        self._homes.clear()
        self._misplaced = frozenset()


class SoundServerWatch:
    """Asks in a thread of its own, which nobody waits for: a server may hang.

    Args:
        monitors_are_wanted: See `Placement`.
    """

    def __init__(self, *, monitors_are_wanted: bool) -> None:
        self._placement = Placement(monitors_are_wanted=monitors_are_wanted)
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def misplaced(self) -> frozenset[Direction]:
        """See `Placement.misplaced`; none where there is no such server."""
        return self._placement.misplaced

    def start(self) -> None:
        """Begin to ask, if this is a system that may have such a server."""
        if sys.platform == "linux" and self._thread is None:
            self._thread = threading.Thread(target=self._watch, name="sound server", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Ask no more; not waited for."""
        self._ended.set()

    def _watch(self) -> None:
        try:
            pulsectl = importlib.import_module("pulsectl")
        except OSError:  # no client library, no server
            return
        while not self._ended.is_set():
            try:
                self._ask(pulsectl)
            except Exception:  # noqa: BLE001 - pulsectl raises several kinds, and sound works without its word
                self._placement.forget()
                self._ended.wait(TRIES_EVERY_S)

    def _ask(self, pulsectl: Any) -> None:
        with pulsectl.Pulse("stretch-assistant: watches its streams", connect=False) as pulse:
            pulse.connect()  # its timeout would always pass to the end

            changed = threading.Event()

            def note_change(_event: object) -> None:
                changed.set()  # may come while it is asked, when stopping its loop is in vain
                raise pulsectl.PulseLoopStop

            pulse.event_mask_set("sink", "source", "sink_input", "source_output")
            pulse.event_callback_set(note_change)
            while not self._ended.is_set():
                changed.clear()
                self._note(pulse)
                if not changed.is_set():
                    pulse.event_listen(timeout=ASKS_EVERY_S)

    def _note(self, pulse: Any) -> None:
        sources = {source.index: source for source in pulse.source_list()}
        monitors = {index for index, source in sources.items() if source.monitor_of_sink != _NO_SINK}
        heard = [
            Placed(stream.index, stream.source, stream.source in monitors)
            for stream in _ours(pulse.source_output_list())
        ]
        sinks = [sink.index for sink in pulse.sink_list()]
        played = [Placed(stream.index, stream.sink) for stream in _ours(pulse.sink_input_list())]
        self._placement.note({"input": heard, "output": played}, {"input": sources, "output": sinks})


def _ours(streams: Iterable[Any]) -> list[Any]:
    return [stream for stream in streams if stream.proplist.get("application.process.id") == str(os.getpid())]
