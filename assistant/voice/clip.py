"""A spoken text as samples, made fit for mixing: cut close, free of clicks, and as loud as every other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import soxr

from assistant.audio.formats import FULL_SCALE, RATE, Samples, Sound
from assistant.voice.loudness import SILENCE_LUFS, loudness_lufs, true_peak

MARGIN_S = 0.02
"""Silence kept before the first and after the last sound, so that every clip sets in at the same distance."""

FADE_S = 0.005

LOUDNESS_LUFS = -21.0
"""Of every clip, by EBU R128; the tones are as loud."""

TRUE_PEAK_DBFS = -1.0
"""No peak goes beyond this, between the samples neither."""

_LIMIT = 10 ** ((TRUE_PEAK_DBFS - 0.5) / 20)
_LIMITING_S = 0.004
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


def make_clip(text: str, sound: Sound, rate: float) -> Clip:
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
    """As loud as every other clip, its few highest peaks held down for some milliseconds."""
    loudness = loudness_lufs(speech)
    if loudness <= SILENCE_LUFS:
        return speech
    limited = _limit(speech * np.float32(10 ** ((LOUDNESS_LUFS - loudness) / 20)))
    return limited * np.float32(min(1.0, 10 ** (TRUE_PEAK_DBFS / 20) / true_peak(limited)))


def _limit(speech: Sound) -> Sound:
    needed = _LIMIT / np.maximum(np.abs(speech), _LIMIT)
    if needed.min() == 1.0:
        return speech
    width = round(_LIMITING_S * RATE)
    around = np.pad(needed, width, constant_values=1.0)
    lowest = np.lib.stride_tricks.sliding_window_view(around, width + 1).min(axis=1)
    window = np.hanning(width + 3)[1:-1]
    gain = np.convolve(lowest, window / window.sum(), "valid")
    return speech * gain.astype(np.float32)


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
