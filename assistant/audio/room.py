"""A room, as far as sound goes: what of the loudspeaker arrives at the microphone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assistant.audio.formats import RATE, Samples


@dataclass(frozen=True, slots=True, eq=False)
class Room:
    """The way from loudspeaker to microphone.

    Attributes:
        response: Impulse response at 16 kHz, shape ``(n,)``; ``[1.0]`` is a plain echo.
        gain: Linear, on top of the response.
        delay_s: From the sample being rendered to its sounding: the loudspeaker's latency.
    """

    response: npt.NDArray[np.float64] | Sequence[float] = (1.0,)
    gain: float = 1.0
    delay_s: float = 0.0

    def __post_init__(self) -> None:
        """Raises ValueError for what is no response or no delay."""
        response = np.asarray(self.response, np.float64)
        if response.ndim != 1 or not len(response) or not np.isfinite(response).all():
            raise ValueError("a room's response is a row of finite numbers")
        if not self.delay_s >= 0.0:
            raise ValueError(f"sound cannot arrive {-self.delay_s} s before it is played")


class RoomEcho:
    """Convolves what is played with a room, block by block (overlap-add), and remembers the tail.

    Args:
        room: The room.
        block: Samples in every block, fixed so that one transform serves all.
    """

    def __init__(self, room: Room, block: int) -> None:
        self._block = block
        self._delay = round(room.delay_s * RATE)
        response = np.asarray(room.response, np.float64) * room.gain
        self._size = 1 << (block + len(response) - 2).bit_length()
        self._spectrum = np.fft.rfft(response, self._size)
        self._tail = np.zeros(self._delay + max(self._size, block))
        self._sounding = 0  # blocks until the tail has died away

    def hear(self, played: Samples) -> npt.NDArray[np.float64]:
        """What arrives at the microphone while this block is rendered; both of shape ``(block,)``, 16 bit scale."""
        if played.any():
            echo = np.fft.irfft(np.fft.rfft(played, self._size) * self._spectrum, self._size)
            self._tail[self._delay : self._delay + self._size] += echo
            self._sounding = -(-len(self._tail) // self._block)
        if not self._sounding:  # most of a session is silence
            return np.zeros(self._block)
        self._sounding -= 1
        heard = self._tail[: self._block].copy()
        self._tail[: -self._block] = self._tail[self._block :]
        self._tail[-self._block :] = 0.0
        return heard
