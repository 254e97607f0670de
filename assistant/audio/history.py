"""What was played, kept for a while: the reference that an echo is cancelled with."""

from __future__ import annotations

import math

import numpy as np

from assistant.audio.formats import RATE, Samples

KEPT_S = 16
"""Seconds kept: more than the recogniser may lag behind."""


class History:
    """The last `KEPT_S` seconds of what was rendered, by its sample on the mixer's clock.

    One thread writes, another reads. The reader stays seconds away from where the writer will be next, as the ring
    is longer than anything that waits to be heard.
    """

    def __init__(self) -> None:
        self._ring = np.zeros(KEPT_S * RATE, np.int16)
        self._end = 0

    @property
    def end(self) -> int:
        """The first sample that has not been rendered yet."""
        return self._end

    def write(self, samples: Samples) -> None:
        """Append what was rendered, shape ``(n,)`` with any n."""
        kept = samples[-len(self._ring) :]
        first = self._end + len(samples) - len(kept)
        at = first % len(self._ring)
        head = kept[: len(self._ring) - at]
        self._ring[at : at + len(head)] = head
        self._ring[: len(kept) - len(head)] = kept[len(head) :]
        self._end += len(samples)

    def read(self, first: float, count: int) -> Samples:
        """``count`` samples from a place that may lie between two samples; there it is interpolated linearly.

        What was never rendered, or is no longer kept, is silence.
        """
        whole = math.floor(first)
        part = first - whole
        if part < 1e-6:
            return self._at(whole, count)
        sound = self._at(whole, count + 1).astype(np.float32)
        between = sound[:-1] + (sound[1:] - sound[:-1]) * np.float32(part)
        return np.rint(between).astype(np.int16)

    def _at(self, first: int, count: int) -> Samples:
        samples = np.zeros(count, np.int16)
        begin = max(first, self._end - len(self._ring), 0)
        end = min(first + count, self._end)
        if begin < end:
            at = begin % len(self._ring)
            head = self._ring[at : at + end - begin]
            tail = end - begin - len(head)
            samples[begin - first : end - first - tail] = head
            samples[end - first - tail : end - first] = self._ring[:tail]
        return samples
