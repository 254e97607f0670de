"""A short sound that finds itself again: how loud the loudspeaker arrives at the microphone, and how late.

The sound rises from low to high, so that one moment of it is like no other: laid over what was heard, it fits in one
place only, also in a room that rings and in noise as loud as itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from assistant.audio.formats import FULL_SCALE, RATE, Samples
from assistant.audio.tones import LEVEL_DBFS

LENGTH_S = 0.8
LOWEST_HZ, HIGHEST_HZ = 250.0, 4500.0
"""What small loudspeakers play and voices are made of."""

LONGEST_DELAY_S = 1.2
"""Bluetooth takes a third of a second; more than this is no echo that could be cancelled."""

STANDS_OUT = 8.0
"""The place where it fits must be so many times better than the places where it doesn't: noise alone reaches 5."""

_RINGING_S = 0.3
_FADE_S = 0.02
_ONSET = 0.5  # the direct sound comes first, but an echo of it may be louder


@dataclass(frozen=True, slots=True)
class MeasuredEcho:
    """How a loudspeaker arrives at a microphone.

    Attributes:
        level_dbfs: Root mean square of what arrives of the probe, in dBFS; its own is that of speech, `LEVEL_DBFS`.
        delay_s: From the sample being rendered to the one that brought it back: both devices' latencies and the way.
    """

    level_dbfs: float
    delay_s: float


@cache
def probe() -> Samples:
    """The sound: int16, 16 kHz, as loud as speech, shape ``(n,)``, read-only."""
    time_s = np.arange(round(LENGTH_S * RATE)) / RATE
    octaves = np.log(HIGHEST_HZ / LOWEST_HZ)
    phase = 2 * np.pi * LOWEST_HZ * LENGTH_S / octaves * (np.exp(time_s / LENGTH_S * octaves) - 1)
    wave = np.sin(phase)
    fade = round(_FADE_S * RATE)
    rise = 0.5 - 0.5 * np.cos(np.pi * np.arange(fade) / fade)
    wave[:fade] *= rise
    wave[-fade:] *= rise[::-1]
    wave *= FULL_SCALE * 10 ** (LEVEL_DBFS / 20) / np.sqrt(np.mean(wave**2))
    samples: Samples = np.rint(wave).astype(np.int16)
    samples.setflags(write=False)
    return samples


def find_echo(heard: Samples, played_at: int) -> MeasuredEcho | None:
    """Find the probe in what was heard.

    Args:
        heard: What the microphone brought, int16, 16 kHz, with some sound from before the probe.
        played_at: The sample of ``heard`` at which the probe was rendered.

    Returns:
        How it arrived; None where it isn't to be found: the loudspeaker is off, or far too soft.
    """
    sound = heard.astype(np.float64)
    sound -= sound.mean() if len(sound) else 0.0
    last = min(played_at + round(LONGEST_DELAY_S * RATE), len(sound) - len(probe()))
    if last <= played_at:
        return None
    fit = _fit(sound)
    window = fit[played_at:last]
    best = float(window.max())
    if best <= STANDS_OUT * float(np.median(fit)) or best <= 0.0:
        return None
    delay = int(np.argmax(window >= _ONSET * best))
    begin = played_at + delay
    during = sound[begin : begin + len(probe()) + round(_RINGING_S * RATE)]
    noise = float(np.mean(sound[:played_at] ** 2)) if played_at else 0.0
    # All its energy, the ringing's too, as if it had come within the probe's own length.
    power = max(0.0, float(np.sum(during**2)) - noise * len(during)) / len(probe())
    return MeasuredEcho(10 * np.log10(power / FULL_SCALE**2 + 1e-10), delay / RATE)


def _fit(sound: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """How well the probe fits at each place: the size of the correlation, all frequencies counting alike."""
    size = 1 << (len(sound) + len(probe())).bit_length()
    reference = np.fft.rfft(probe().astype(np.float64), size)
    spectrum = np.fft.rfft(sound, size) * np.conj(reference)
    # The analytic signal: its size doesn't swing with the carrier.
    half = np.zeros(size, np.complex128)
    half[: len(spectrum)] = spectrum
    half[1 : len(spectrum) - 1] *= 2
    return np.asarray(np.abs(np.fft.ifft(half))[: len(sound)])
