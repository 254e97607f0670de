"""One output that never stops, mixed on a sample clock.

The main thread puts sounds on a timeline; the sound card asks for the next samples. A sound begins on its exact
sample whatever the card's block size, so a countdown that is scheduled ahead cannot drift and cannot be late.

Two threads meet here and share no lock: commands go in through one deque, notices come out through another, and
appending to and popping from a deque is atomic. A command takes effect at the first sample of the next block that
is rendered; from there on everything is counted in samples, so the output does not depend on how the rendering is
divided into blocks.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from operator import itemgetter

import numpy as np
import numpy.typing as npt

from assistant.audio.formats import BLOCK, RATE, Samples, to_int16
from assistant.audio.history import History
from assistant.audio.ramp import Ramp

FADE = RATE * 8 // 1000
"""Samples that a hushed sound takes to fall silent: 8 ms, short to the ear and too long to click."""

GAIN_RAMP = RATE * 20 // 1000
"""Samples over which the master gain moves to a new value: 20 ms."""

DUCK_RAMP = RATE * 60 // 1000
"""Samples over which a layer's gain moves to a new value: 60 ms."""

MAX_GAIN = 16.0
"""The largest gain taken, 24 dB: more can only be a mistake."""


VOICE_LAYER = "voice"
"""The layer of spoken lines: what is ducked; tones and counts stay."""


@dataclass(frozen=True, slots=True)
class SoundStarted:
    """A sound began.

    Attributes:
        tag: What `Mixer.play` was given.
        sample: Its first sample on the mixer's clock.
    """

    tag: object
    sample: int


@dataclass(frozen=True, slots=True)
class SoundFinished:
    """A sound was played to its end.

    Attributes:
        tag: What `Mixer.play` was given.
        sample: The first sample after it.
    """

    tag: object
    sample: int


@dataclass(frozen=True, slots=True)
class SoundCut:
    """A sound was hushed or cancelled; no `SoundFinished` follows.

    Attributes:
        tag: What `Mixer.play` was given.
        sample: The first sample at which it is silent; for one that never began, the sample at which it was dropped.
        started: False if nothing of it was ever played.
    """

    tag: object
    sample: int
    started: bool


Notice = SoundStarted | SoundFinished | SoundCut


@dataclass(slots=True, eq=False)
class _Item:
    """A sound on the timeline. Once played it belongs to the rendering thread; others only read."""

    samples: Samples
    tag: object
    at: int | None
    gain: np.float32
    layer: str
    start: int = 0
    started: bool = False
    settled: bool = False
    """Started or dropped: no longer to be cancelled."""
    fade_start: int | None = None

    @property
    def stop(self) -> int:
        """First sample after it, fade taken into account."""
        end = self.start + len(self.samples)
        return end if self.fade_start is None else min(end, self.fade_start + FADE)


@dataclass(frozen=True, slots=True)
class _Play:
    item: _Item


@dataclass(frozen=True, slots=True)
class _Hush:
    layer: str | None


@dataclass(frozen=True, slots=True)
class _Drop:
    items: tuple[_Item, ...]


@dataclass(frozen=True, slots=True)
class _SetGain:
    gain: float


@dataclass(frozen=True, slots=True)
class _Duck:
    layer: str
    gain: float


_Command = _Play | _Hush | _Drop | _SetGain | _Duck

_Dated = tuple[int, bool, Notice]
"""A notice behind its sample and whether its sound began there: the order in which any division into blocks gives them.

An end is known in the block before its sample, a start only in the block that begins with it.
"""

_FADE_OUT: npt.NDArray[np.float32] = (0.5 + 0.5 * np.cos(np.pi * np.arange(1, FADE + 1) / FADE)).astype(np.float32)


class Mixer:
    """The timeline of all that is played: 16 kHz, mono, 16 bit.

    One thread (the main one) calls everything but `render`; one thread (the sound card's) calls `render`.

    Attributes:
        history: What was rendered, by its sample.
    """

    def __init__(self) -> None:
        self._commands: deque[_Command] = deque()
        self._notices: deque[Notice] = deque()
        self._scheduled: list[_Item] = []  # the main thread's: what may still be cancelled
        self._gain = 1.0  # the main thread's: the target that was last set

        # From here on the rendering thread's own.
        self._clock = 0
        self._items: list[_Item] = []
        self._mix = np.zeros(4 * BLOCK, np.float32)
        self._master = Ramp(GAIN_RAMP)
        self._layers: dict[str, Ramp] = {}
        self.history = History()

    @property
    def clock(self) -> int:
        """Samples rendered so far; divided by `RATE` it is the time in the session."""
        return self._clock

    @property
    def gain(self) -> float:
        """The master gain, 1.0 at first. A new value is reached within 20 ms, without a click.

        Raises:
            ValueError: On setting, if the value is not between 0 and `MAX_GAIN`.
        """
        return self._gain

    @gain.setter
    def gain(self, value: float) -> None:
        self._gain = _checked_gain(value)
        self._commands.append(_SetGain(self._gain))

    def play(
        self, samples: Samples, tag: object, *, at: int | None = None, gain: float = 1.0, layer: str = VOICE_LAYER
    ) -> None:
        """Put a sound on the timeline. It is mixed with whatever else sounds then.

        Args:
            samples: Shape ``(n,)``, int16, 16 kHz; must not be changed afterwards. With n = 0 it is a marker: a
                `SoundStarted` and a `SoundFinished` when the clock passes its sample.
            tag: Handed back in the notices; anything.
            at: First sample on the mixer's clock. None, or a sample that has passed: the next one rendered.
            gain: Linear, 0 to `MAX_GAIN`.
            layer: Name of the group it is hushed with.

        Raises:
            ValueError: The samples are not one channel of int16, or the gain is out of range.
        """
        if samples.ndim != 1 or samples.dtype != np.int16:
            raise ValueError(f"one channel of int16 is played, not {samples.dtype} of shape {samples.shape}")
        item = _Item(samples, tag, at, np.float32(_checked_gain(gain)), layer)
        self._scheduled = [other for other in self._scheduled if not other.settled]
        self._scheduled.append(item)
        self._commands.append(_Play(item))

    def hush(self, layer: str | None = None) -> None:
        """Fade out within 8 ms what sounds and drop what is scheduled, in one layer or (None) in all of them.

        What is played afterwards is not affected, also when it is played before the next block is rendered.
        """
        self._commands.append(_Hush(layer))

    def duck(self, layer: str, gain: float) -> None:
        """Play a layer softer (or with 1.0 as it was) from the next block on, smoothly. Any thread may call this.

        Raises:
            ValueError: The gain is not between 0 and `MAX_GAIN`.
        """
        self._commands.append(_Duck(layer, _checked_gain(gain)))

    def cancel(self, chosen: Callable[[object], bool]) -> None:
        """Drop what is scheduled and has not begun, where ``chosen(tag)`` holds. What sounds is left alone.

        ``chosen`` is called here and now, in the caller's thread.
        """
        items = tuple(item for item in self._scheduled if not item.settled and chosen(item.tag))
        if items:
            self._commands.append(_Drop(items))

    def notices(self) -> list[Notice]:
        """What has happened since the last call, in the order of the samples at which it did.

        At one sample, what ends comes before what begins.
        """
        drained: list[Notice] = []
        while self._notices:
            drained.append(self._notices.popleft())
        return drained

    def render(self, frames: int) -> Samples:
        """The next samples to play, int16 of shape ``(frames,)``; moves the clock. Never waits for anything."""
        begin, end = self._clock, self._clock + frames
        notices: list[_Dated] = []
        self._obey(begin, notices)
        begun = any(item.start < end for item in self._items)
        played = self._mixed(begin, end, notices) if begun else np.zeros(frames, np.int16)
        self._clock = end
        notices.sort(key=itemgetter(0, 1))
        self._notices.extend(notice for _, _, notice in notices)
        self.history.write(played)
        return played

    def _mixed(self, begin: int, end: int, notices: list[_Dated]) -> Samples:
        """What sounds from one sample to another; notes what begins and ends there."""
        if len(self._mix) < end - begin:
            self._mix = np.zeros(end - begin, np.float32)
        mix = self._mix[: end - begin]
        mix.fill(0.0)
        gains = {layer: ramp.over(begin, end) for layer, ramp in self._layers.items()}
        for item in self._items:
            _add(item, mix, begin, end, notices, gains.get(item.layer))
        self._items = [item for item in self._items if not item.started or item.stop > end]
        mix *= self._master.over(begin, end)
        return to_int16(mix)

    def _obey(self, now: int, notices: list[_Dated]) -> None:
        while self._commands:
            match self._commands.popleft():
                case _Play(item):
                    item.start = now if item.at is None else max(now, item.at)
                    self._items.append(item)
                case _Hush(layer):
                    self._hush(layer, now, notices)
                case _Drop(items):
                    self._drop([item for item in self._items if item in items and not item.started], now, notices)
                case _SetGain(gain):
                    self._master.move(gain, now)
                case _Duck(layer, gain):
                    self._layers.setdefault(layer, Ramp(DUCK_RAMP)).move(gain, now)

    def _hush(self, layer: str | None, now: int, notices: list[_Dated]) -> None:
        meant = [item for item in self._items if layer is None or item.layer == layer]
        for item in meant:
            if item.started and item.fade_start is None:
                item.fade_start = now
        self._drop([item for item in meant if not item.started], now, notices)

    def _drop(self, items: list[_Item], now: int, notices: list[_Dated]) -> None:
        for item in items:
            item.settled = True
            self._items.remove(item)
            notices.append((now, False, SoundCut(item.tag, now, started=False)))


def _add(
    item: _Item,
    mix: npt.NDArray[np.float32],
    begin: int,
    end: int,
    notices: list[_Dated],
    gain: np.float32 | npt.NDArray[np.float32] | None,
) -> None:
    """Mix in what of the item falls between two samples of the clock, and note its start and end."""
    if not item.started:
        if item.start >= end:
            return
        item.started = item.settled = True
        notices.append((item.start, True, SoundStarted(item.tag, item.start)))
    stop = item.stop
    first, last = max(item.start, begin), min(stop, end)
    if last > first:
        part = item.samples[first - item.start : last - item.start] * item.gain
        if item.fade_start is not None:
            part *= _FADE_OUT[first - item.fade_start : last - item.fade_start]
        if gain is not None:
            part *= gain[first - begin : last - begin] if isinstance(gain, np.ndarray) else gain
        mix[first - begin : last - begin] += part
    if stop <= end:
        cut = item.fade_start is not None
        end_notice = SoundCut(item.tag, stop, started=True) if cut else SoundFinished(item.tag, stop)
        notices.append((stop, stop == item.start, end_notice))


def _checked_gain(gain: float) -> float:
    if not (math.isfinite(gain) and 0.0 <= gain <= MAX_GAIN):
        raise ValueError(f"a gain lies between 0 and {MAX_GAIN:g}, not {gain}")
    return float(gain)
