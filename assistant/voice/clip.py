"""A spoken text as sound, trimmed and brought to one loudness."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import soxr

from assistant.audio.formats import RATE, Samples

LEVEL_DBFS = -20.0
"""Root mean square of the parts that sound, in decibels below full scale."""

_KEPT_SILENCE_S = 0.02
_FADE_S = 0.005
_FRAME_S = 0.01
_QUIET_DB = 45.0  # below the loudest frame by more than this: silence
_ACTIVE_DB = 25.0
_HIGHEST_PEAK = 29_000.0


@dataclass(frozen=True, slots=True, eq=False)
class Clip:
    """A text and its sound.

    Attributes:
        text: The words.
        samples: Shape ``(n,)``, int16, 16 kHz.
    """

    text: str
    samples: Samples

    @property
    def seconds(self) -> float:
        """How long it sounds."""
        return len(self.samples) / RATE


def make_clip(text: str, pcm: Samples, rate: int) -> Clip:
    """Make a clip of what the engine rendered.

    Args:
        text: The words.
        pcm: Shape ``(n,)``, int16.
        rate: Its samples a second.
    """
    sound = soxr.resample(pcm.astype(np.float32), rate, RATE)
    frame = round(_FRAME_S * RATE)
    frames = sound[: len(sound) // frame * frame].reshape(-1, frame)
    power = np.sqrt((frames**2).mean(axis=1))
    loudest = float(power.max(initial=0.0))
    if loudest < 1.0:
        return Clip(text, np.zeros(0, np.int16))
    sounding = np.flatnonzero(power > loudest * 10 ** (-_QUIET_DB / 20))
    kept = round(_KEPT_SILENCE_S * RATE)
    sound = sound[max(0, sounding[0] * frame - kept) : (sounding[-1] + 1) * frame + kept]
    active = power[power > loudest * 10 ** (-_ACTIVE_DB / 20)]
    level = float(np.sqrt((active**2).mean()))
    gain = min(32768 * 10 ** (LEVEL_DBFS / 20) / level, _HIGHEST_PEAK / float(np.abs(sound).max()))
    sound = sound * gain
    fade = np.linspace(0.0, 1.0, round(_FADE_S * RATE), dtype=np.float32)
    sound[: len(fade)] *= fade[: len(sound)]
    sound[-len(fade) :] *= fade[::-1][-len(sound) :]
    return Clip(text, np.rint(sound).astype(np.int16))
