"""Many channels of a microphone made one: not what is dead, and never what cancels.

Averaging, which most programs do, loses half of a voice where only one channel is alive (a mono microphone in a
stereo socket), and all of it where the second is the first turned over (a balanced microphone in an unbalanced
socket). So each channel counts with a weight of 1, 0 or -1, learnt from the loud parts, where it can be told.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

Frames = npt.NDArray[np.int16]
"""What a device takes or gives: int16 of shape ``(frames, channels)``."""

DEAD_BELOW_DB = 20.0
"""A channel that is so much quieter than the loudest one has no microphone."""

OPPOSED_BELOW = -0.5
"""A channel whose correlation with the loudest is below this is that one turned over."""

_LEARN_EVERY = 4
_MEMORY_S = 0.5
_LOUD = 0.1  # of the loudest lately, as power: only such sound is learnt from
_FADE_S = 20.0  # how slowly "lately" passes


class Downmix:
    """Makes one channel of several; two that are alike give their average, bit for bit.

    Args:
        rate: Samples a second, for the times over which it learns.
    """

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._weights: npt.NDArray[np.float32] | None = None
        self._products: npt.NDArray[np.float64] | None = None  # channels x channels, mean products
        self._loudest = 0.0

    def mix(self, frames: Frames) -> npt.NDArray[np.float32]:
        """The next samples, shape ``(frames,)``, on the same scale.

        Args:
            frames: Of any length, of as many channels as the time before.
        """
        if self._weights is None:
            self._weights = _mean_of(np.ones(frames.shape[1]))
        if frames.shape[1] == 1 or not len(frames) or self._all_alike(frames):
            return frames[:, 0].astype(np.float32)
        before, after = self._weights, self._learn(frames)
        mixed: npt.NDArray[np.float32]
        if before is after:
            mixed = frames @ after
        else:  # the change is spread over the block, so that it doesn't click
            self._weights = after
            way = np.linspace(0.0, 1.0, len(frames), dtype=np.float32)[:, np.newaxis]
            mixed = (frames * (before + (after - before) * way)).sum(axis=1, dtype=np.float32)
        return mixed

    def _all_alike(self, frames: Frames) -> bool:
        """Whether every channel brings the same, as of a microphone that has one: nothing is to be learnt then."""
        assert self._weights is not None
        return bool((self._weights > 0.0).all() and (frames[:, 1:] == frames[:, :1]).all())

    def _learn(self, frames: Frames) -> npt.NDArray[np.float32]:
        """The weights from now on; the same object where nothing has changed."""
        assert self._weights is not None
        some = frames[::_LEARN_EVERY].astype(np.float64)
        some -= some.sum(axis=0) / len(some)  # a direct voltage is no voice
        products = np.einsum("ij,ik->jk", some, some) / len(some)
        power = float(products.diagonal().max())
        seconds = len(frames) / self._rate
        self._loudest = max(power, self._loudest * math.exp(-seconds / _FADE_S))
        if power < max(1.0, _LOUD * self._loudest):
            return self._weights
        new = 1.0 - math.exp(-seconds / _MEMORY_S)
        self._products = products if self._products is None else self._products + new * (products - self._products)
        weights = _mean_of(_signs(self._products))
        return self._weights if np.array_equal(weights, self._weights) else weights


def _signs(products: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """1 for a channel that is heard, -1 for one that is turned over, 0 for one that is dead."""
    powers = products.diagonal()
    loudest = int(powers.argmax())
    alive = powers > powers[loudest] * 10 ** (-DEAD_BELOW_DB / 10)
    correlation = products[loudest] / np.sqrt(powers * powers[loudest] + 1e-9)
    signs = np.where(correlation < OPPOSED_BELOW, -1.0, 1.0) * alive
    # Of two that are opposed it doesn't matter which is right; the first stays as it is, so that nothing flips.
    first = signs[np.flatnonzero(signs)[0]]
    return np.asarray(signs * first)


def _mean_of(signs: npt.NDArray[np.float64]) -> npt.NDArray[np.float32]:
    return np.asarray(signs / np.abs(signs).sum(), np.float32)
