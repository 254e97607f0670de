"""The one sound format inside the assistant, and the clock that counts it.

All sound inside is 16 kHz, mono, 16 bit: what the recognisers take. Devices and files of other rates and
channel counts are converted at the edge. One rate for microphone and loudspeaker means one clock: time in
a session is the number of samples played, divided by `RATE`.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Samples: TypeAlias = npt.NDArray[np.int16]

Sound: TypeAlias = npt.NDArray[np.float32]
"""Mono, full scale at -1 and 1, shape ``(n,)``: what is computed with."""

RATE = 16_000
"""Samples a second, microphone and loudspeaker alike."""

BLOCK = 640
"""Samples handed over at a time: 40 ms, short enough for a prompt answer, long enough to be cheap. With 20, waking up
so often took a third more of a core."""


FULL_SCALE = 32_768.0
"""Of 16 bits: the lowest sample is its negative, the highest is one less."""


def to_int16(values: npt.NDArray[np.floating[Any]]) -> Samples:
    """Values on the 16 bit scale as samples, rounded, and cut off at full scale; the array itself is overwritten."""
    np.rint(values, out=values)
    return values.clip(-FULL_SCALE, FULL_SCALE - 1, out=values).astype(np.int16)


def silence(seconds: float) -> Samples:
    """Zeros of the given length in seconds."""
    return np.zeros(round(seconds * RATE), np.int16)
