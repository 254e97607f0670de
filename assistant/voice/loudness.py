"""How loud a sound is to the ear, as EBU R128 has it: ITU-R BS.1770 with gates, and its true peak.

The usual library needs a second and a hundred megabytes to load, most of it for two filters, while somebody waits for
the first word. The tests hold this against it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import soxr

from assistant.audio.formats import RATE, Sound

SILENCE_LUFS = -70.0
"""What is softer is not measured."""

_BLOCK, _HOP = round(0.4 * RATE), round(0.1 * RATE)
_RELATIVE_GATE_LU = -10.0
_OFFSET = -0.691
_TAIL = RATE // 4
_OVERSAMPLING = 4
_STANDARD_RATE = 48_000
_FILTERS = (  # of the standard: the head's shelf, and the high pass; numerators and denominators
    ((1.53512485958697, -2.69169618940638, 1.19839281085285), (1.0, -1.69065929318241, 0.73248077421585)),
    ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621)),
)


def loudness_lufs(sound: Sound) -> float:
    """The integrated loudness of a sound at 16 kHz, mono; of one shorter than a block, that of the whole.

    Returns:
        Loudness units below full scale; `SILENCE_LUFS` where there is nothing louder.
    """
    if not len(sound):
        return SILENCE_LUFS
    squares = _weighted(sound) ** 2
    block = min(_BLOCK, len(squares))
    summed = np.concatenate([[0.0], np.cumsum(squares)])
    starts = np.arange(0, len(squares) - block + 1, _HOP)
    power = (summed[starts + block] - summed[starts]) / block
    power = power[_lufs(power) > SILENCE_LUFS]
    if not len(power):
        return SILENCE_LUFS
    power = power[_lufs(power) > float(_lufs(power.mean())) + _RELATIVE_GATE_LU]
    return float(_lufs(power.mean()))


def true_peak(sound: Sound) -> float:
    """The largest value between the samples, too, as a part of full scale."""
    if not len(sound):
        return 0.0
    between = soxr.resample(sound, RATE, _OVERSAMPLING * RATE)
    return float(max(np.abs(between).max(initial=0.0), np.abs(sound).max()))


def _lufs(power: npt.ArrayLike) -> npt.NDArray[np.float64]:
    lufs: npt.NDArray[np.float64] = _OFFSET + 10 * np.log10(np.maximum(power, 1e-12))
    return lufs


def _weighted(sound: Sound) -> npt.NDArray[np.float64]:
    """The sound as the ear weighs it. Its ends are far enough apart for the filters to have died away."""
    length = 1 << (len(sound) + _TAIL).bit_length()
    turns = np.exp(-2j * np.pi * np.fft.rfftfreq(length, 1 / RATE) / _STANDARD_RATE)
    spectrum = np.fft.rfft(sound, length)
    for above, below in _FILTERS:
        spectrum *= np.polyval(above[::-1], turns) / np.polyval(below[::-1], turns)
    return np.fft.irfft(spectrum, length)[: len(sound)]
