"""A gain that moves to new values without a click."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


class Ramp:
    """A linear gain over a sample clock, 1.0 at first.

    Args:
        length: Samples over which it moves to a new value.
    """

    def __init__(self, length: int) -> None:
        self._length = length
        self._start = -length
        self._from = 1.0
        self._to = 1.0

    def move(self, gain: float, now: int) -> None:
        """Begin to move to a new value at sample ``now``."""
        self._from = self.at(now)
        self._to = gain
        self._start = now

    def at(self, sample: int) -> float:
        """The gain at a sample, not before the last move."""
        part = min(max((sample - self._start) / self._length, 0.0), 1.0)
        return self._from * (1.0 - part) + self._to * part

    def over(self, begin: int, end: int) -> np.float32 | npt.NDArray[np.float32]:
        """The gains from one sample to another (exclusive): one number where they are all the same."""
        if begin >= self._start + self._length:
            return np.float32(self._to)
        part = np.clip((np.arange(begin, end) - self._start) / self._length, 0.0, 1.0)
        return (self._from * (1.0 - part) + self._to * part).astype(np.float32)
