"""The tones of a session: start, end, tick, halfway, attention.

Short sums of sine waves under raised-cosine envelopes, so nothing clicks. Every tone is brought to the level of
speech, about -20 dBFS over the part that sounds, so that one volume suits both. They differ in more than pitch
(rising, falling, one stroke, two strokes, a bell), as pitch alone is hard to name. All of it lies below 2 kHz: what is
higher is the first that ears lose.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from assistant.audio.formats import FULL_SCALE, RATE, Samples

ToneKind = Literal["start", "end", "tick", "halfway", "attention"]

TONE_KINDS: tuple[ToneKind, ...] = get_args(ToneKind)

LEVEL_DBFS = -20.0
"""Root mean square of the sounding part, in decibels below full scale: that of speech."""


@dataclass(frozen=True, slots=True)
class _Note:
    """One stroke.

    Attributes:
        hz: Fundamental frequency.
        start_s: When it begins.
        length_s: How long it lasts.
        attack_s: Raised-cosine rise; the rest of the length is the fall.
        overtones: Amplitudes of the 2nd, 3rd … harmonic relative to the fundamental.
    """

    hz: float
    start_s: float
    length_s: float
    attack_s: float = 0.006
    overtones: tuple[float, ...] = (0.25,)


_NOTES: dict[ToneKind, tuple[_Note, ...]] = {
    "start": (_Note(523.25, 0.0, 0.16), _Note(783.99, 0.12, 0.28)),  # a fifth up: off we go
    "end": (_Note(783.99, 0.0, 0.16), _Note(659.26, 0.13, 0.16), _Note(523.25, 0.26, 0.40)),  # a chord down to rest
    "tick": (_Note(987.77, 0.0, 0.06, attack_s=0.003),),
    "halfway": (_Note(659.26, 0.0, 0.14), _Note(659.26, 0.16, 0.18)),
    "attention": (_Note(880.0, 0.0, 0.60, overtones=(0.5,)),),
}


@cache
def tone(kind: ToneKind) -> Samples:
    """The tone of that kind: int16, 16 kHz, shape ``(n,)``, read-only; under 0.7 s, the tick 60 ms."""
    notes = _NOTES[kind]
    length = max(round((note.start_s + note.length_s) * RATE) for note in notes)
    mix = np.zeros(length)
    sounding = np.zeros(length, bool)
    for note in notes:
        wave = _stroke(note)
        first = round(note.start_s * RATE)
        mix[first : first + len(wave)] += wave[: length - first]
        sounding[first : first + len(wave)] = True
    rms = float(np.sqrt(np.mean(mix[sounding] ** 2)))
    samples: Samples = np.rint(mix * (FULL_SCALE * 10 ** (LEVEL_DBFS / 20) / rms)).astype(np.int16)
    samples.setflags(write=False)
    return samples


def _stroke(note: _Note) -> npt.NDArray[np.float64]:
    """One note with its envelope, amplitude about 1, which begins and ends at zero."""
    count = round(note.length_s * RATE)
    attack = round(note.attack_s * RATE)
    time_s = np.arange(count) / RATE
    wave = np.sin(2 * np.pi * note.hz * time_s)
    for harmonic, amplitude in enumerate(note.overtones, start=2):
        wave += amplitude * np.sin(2 * np.pi * harmonic * note.hz * time_s)
    rise = 0.5 - 0.5 * np.cos(np.pi * np.arange(attack) / attack)
    fall = 0.5 + 0.5 * np.cos(np.pi * np.arange(1, count - attack + 1) / (count - attack))
    envelope: npt.NDArray[np.float64] = np.concatenate([rise, fall])
    return wave * envelope
