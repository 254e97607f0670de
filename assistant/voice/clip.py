"""A spoken text as samples, made fit for mixing: cut close, free of clicks, and as loud as every other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import soxr

from assistant.audio.formats import FULL_SCALE, RATE, Samples, Sound

MARGIN_S = 0.02
"""Silence kept before the first and after the last sound, so that every clip sets in at the same distance."""

FADE_S = 0.005

ACTIVE_LEVEL_DBFS = -20.0
"""Root mean square of the stretches in which something is said, 0 dB being that of a square wave at full scale."""

PEAK = 0.98
"""No sample goes beyond this; a clip that would is left quieter than the others."""

_FRAME_S = 0.02
_ACTIVE_BELOW_LOUDEST_DB = 25.0
_SILENT_BELOW_PEAK_DB = 40.0
_NOTHING_SAID = 10 ** (-60 / 20)


@dataclass(frozen=True, slots=True, eq=False)
class Clip:
    """A text as it sounds.

    Attributes:
        text: What is said.
        samples: int16 at 16 kHz, mono, read-only: clips are shared. Empty where there was nothing to say, for
            instance for a lone dash.
    """

    text: str
    samples: Samples

    @property
    def seconds(self) -> float:
        """How long it sounds."""
        return len(self.samples) / RATE


def make_clip(text: str, sound: Sound, rate: int) -> Clip:
    """Turn what an engine rendered into a clip.

    Args:
        text: What is said.
        sound: The engine's samples.
        rate: Their number a second.
    """
    speech = _cut_silence(soxr.resample(sound, rate, RATE).astype(np.float32))
    return Clip(text, _read_only(np.rint(_fade(_level(speech)) * (FULL_SCALE - 1)).astype(np.int16)))


def at_volume(clip: Clip, volume: float) -> Clip:
    """The clip with its samples multiplied by 0 to 1."""
    if volume == 1.0:
        return clip
    return Clip(clip.text, _read_only(np.rint(clip.samples * volume).astype(np.int16)))


def _cut_silence(sound: Sound) -> Sound:
    """From the first sound to the last, with the margins; empty if there is none."""
    loudness = np.abs(sound)
    peak = float(loudness.max(initial=0.0))
    if peak < _NOTHING_SAID:
        return sound[:0]
    heard = np.flatnonzero(loudness > peak * 10 ** (-_SILENT_BELOW_PEAK_DB / 20))
    margin = round(MARGIN_S * RATE)
    padded: Sound = np.pad(sound, margin)
    return padded[heard[0] : heard[-1] + 1 + 2 * margin]


def _level(speech: Sound) -> Sound:
    """Brought to the active level, pauses left out of the measure."""
    if not len(speech):
        return speech
    frame = round(_FRAME_S * RATE)
    starts = np.arange(0, len(speech), frame)
    power = np.add.reduceat(speech.astype(np.float64) ** 2, starts) / frame
    active = power[power > power.max() * 10 ** (-_ACTIVE_BELOW_LOUDEST_DB / 10)]
    gain = 10 ** (ACTIVE_LEVEL_DBFS / 20) / float(np.sqrt(active.mean()))
    return speech * np.float32(min(gain, PEAK / float(np.abs(speech).max())))


def _fade(speech: Sound) -> Sound:
    length = min(round(FADE_S * RATE), len(speech) // 2)
    ramp = np.linspace(0.0, 1.0, length, dtype=np.float32)
    faded = speech.copy()
    faded[:length] *= ramp
    faded[len(speech) - length :] *= ramp[::-1]
    return faded


def _read_only(samples: Samples) -> Samples:
    samples.flags.writeable = False
    return samples
