"""The edge of the house: 16 kHz mono inside, whatever rate and channels the device takes outside."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import numpy as np
import soxr

from assistant.audio.card import Hear, Render
from assistant.audio.channels import Downmix, Frames
from assistant.audio.formats import BLOCK, RATE, Samples, to_int16

__all__ = ["Frames", "FromDevice", "ToDevice"]


class ToDevice:
    """Fills a loudspeaker's buffers from a renderer; every channel gets the same.

    Args:
        render: Where the sound comes from.
        rate: The device's samples a second.
    """

    def __init__(self, render: Render, rate: int) -> None:
        self._render = render
        # LQ holds back 6 ms, the better ones 25 to 55 ms in bursts, and a hushed voice must be silent at once. It
        # passes speech up to 6.4 kHz.
        self._resampler = None if rate == RATE else soxr.ResampleStream(RATE, rate, 1, dtype="float32", quality="LQ")
        self._ready: deque[Samples] = deque()

    def fill(self, out: Frames) -> None:
        """Fill a buffer of any length. May run in the sound card's thread."""
        if self._resampler is None:
            out[:] = self._render(len(out))[:, np.newaxis]
            return
        done = 0
        while done < len(out):
            if not self._ready:
                self._ready.append(to_int16(self._resampler.resample_chunk(self._render(BLOCK).astype(np.float32))))
            part = self._ready.popleft()
            used = part[: len(out) - done]
            out[done : done + len(used)] = used[:, np.newaxis]
            done += len(used)
            if len(used) < len(part):
                self._ready.appendleft(part[len(used) :])


class FromDevice:
    """Hands on what a microphone gives, its channels made one.

    Args:
        hear: Where the sound goes.
        rate: The device's samples a second.
        place: From the count of a sample handed on to the one that sounded when it was captured. What the resampler
            holds back counts as not yet handed on.
    """

    def __init__(self, hear: Hear, rate: int, place: Callable[[int], float] = float) -> None:
        self._hear = hear
        self._downmix = Downmix(rate)
        self._place = place
        self._handed_on = 0
        self._resampler = None if rate == RATE else soxr.ResampleStream(rate, RATE, 1, dtype="float32", quality="HQ")

    def take(self, frames: Frames) -> None:
        """Take a buffer of any length; it is copied. May run in the sound card's thread."""
        if self._resampler is None and frames.shape[1] == 1:
            self._hand_on(frames[:, 0].copy())
            return
        mono = self._downmix.mix(frames)
        if self._resampler is not None:
            mono = self._resampler.resample_chunk(mono)
        if len(mono):  # a resampler gathers some sound before it gives any
            self._hand_on(to_int16(mono))

    def _hand_on(self, samples: Samples) -> None:
        self._hear(samples, self._place(self._handed_on))
        self._handed_on += len(samples)
