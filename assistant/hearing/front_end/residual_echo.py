"""Residual echo: whether what acoustic echo cancellation leaves is somebody, or just the rest of the voice.

It is faint, but recognisers make words of it. How loud it may be is known: from the doubt of the filter about the room,
from how much was left of such an echo before (a loudspeaker that distorts leaves more), and from the noise. What is
louder than that in several bands of the spectrum is somebody (double talk), and passes untouched; what is not sinks
into the noise of the room as a whole, so that no scraps of words are cut out of it.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.audio.formats import FULL_SCALE, RATE, Sound

Powers = npt.NDArray[np.floating[Any]]

EDGES_HZ = (50, 150, 275, 450, 675, 1000, 1500, 2250, 3500, 5000, 7500)
"""Of ten bands, about as wide as the ear's in pairs."""

SOMEBODY_DB = 11.0
"""What exceeds the expected residual echo by this much, in the second of the bands that exceed it most, is somebody.
At 10 a "slump" that rang on in the room was a "stop" once in 21 whole sessions; as many of those said into it were
heard."""

CLEARLY_DB = 12.0
"""What exceeds it by this much is somebody for certain. In whole sessions of the voice alone, with its echo up to 12 dB
above a user, nothing exceeded 11.4; of 60 times that "stop" was said into it, all but one exceeded 13.4."""

SOMETHING_DB = 2.0
"""What exceeds it by this much may be somebody: it is, if somebody follows without a break."""

TAIL = 10 ** (-20 / 10)
"""Of an echo's power, what may still be in the room when the learnt response is over."""

TAIL_FALL = 10 ** (-1.2 / 10)
"""By how much that falls in a frame of 20 ms: 60 dB in a second, as in a large bare room."""

HOLD_FRAMES = 15
"""Frames for which somebody is expected to go on: the gap in "stop", a breath; 0.3 s of 20 ms."""

UNDER_NOISE = 0.3
"""Level of what is not somebody, against the noise that covers it: 10 dB less."""

_SMOOTHING = 0.5
_FALL, _RISE = 0.1, 0.01  # shares a frame by which the estimates follow downwards and upwards
_FIRST_NOISE = 10.0 / FULL_SCALE
_LEAST_NOISE = 4.0 / FULL_SCALE


class ResidualEcho:
    """Judges frame by frame and covers what is not somebody.

    Args:
        frame: Samples in a frame.
    """

    def __init__(self, frame: int) -> None:
        edges = np.array(EDGES_HZ) * 2 * frame // RATE
        self._edges = edges
        self._widths = np.diff(edges)
        self._bins = int(self._widths.sum())
        self._frame = frame
        self._padded: Sound = np.zeros(2 * frame, np.float32)  # with a frame of zeros behind, as transforms go
        taper = np.hanning(frame)
        self._taper: Sound = (taper / np.sqrt(np.mean(taper**2))).astype(np.float32)
        bands = len(edges) - 1
        self._leak: Powers = np.ones(bands)
        self._noise: Powers = self._widths * frame * _FIRST_NOISE**2
        self._least_noise: Powers = self._widths * frame * _LEAST_NOISE**2
        self._smooth: Powers = np.zeros((3, bands))  # what is left, the echo, and the doubt about it
        self._tail: Powers = np.zeros(bands)
        self._held = 0
        self.near_db = 0.0
        """By how much the last frame exceeds the expected residual echo, in the second of the bands that do most."""
        self._hiss = np.random.default_rng(0)  # its own: the same session sounds the same

    @property
    def somebody(self) -> bool:
        """Whether somebody besides the assistant is heard."""
        return self._held > 0

    @property
    def stands_out(self) -> bool:
        """Whether the last frame that was covered may hold somebody."""
        return self.near_db > SOMETHING_DB

    @property
    def lingers(self) -> bool:
        """Whether the voice may still ring in the room after the learnt response is over."""
        return bool((self._tail > self._noise).any())

    def note_silence(self, sound: Sound) -> None:
        """Take in a frame in which the voice can't be heard: this is the room's own noise."""
        now = self._bands(self._power(sound))
        self._held = 0
        self._smooth[0] += (now - self._smooth[0]) * _SMOOTHING
        self._follow_noise(now, _RISE)

    def cover(self, left: Sound, powers: Powers, *, tone_rings: bool = False) -> Sound:
        """What shall be heard of a frame.

        Args:
            left: What cancelling left, shape ``(frame,)``, float32, 1.0 is full scale.
            powers: Of that, of what was taken out, and of what may have been missed, by bin of a transform over two
                frames, shape ``(3, frame + 1)``.
            tone_rings: Whether a chime may still ring: a single line of the spectrum, which shall stay within its band.
        """
        bands = self._bands(powers)
        if tone_rings:
            bands[0] = self._bands(self._power(left * self._taper))
        self._smooth += (bands - self._smooth) * _SMOOTHING
        now, (still, echo, doubt) = bands[0], self._smooth
        self._tail = np.maximum(self._tail * TAIL_FALL, TAIL * echo)
        expected = np.maximum(self._leak * echo, self._tail) + doubt + self._noise
        excess = sorted((np.maximum(now, still) / expected).tolist())[-2]
        self.near_db = 10 * math.log10(max(excess, 1e-9))
        self._held = HOLD_FRAMES if self.near_db > SOMEBODY_DB else max(0, self._held - 1)
        self._follow(now, still, echo)
        if self._held:
            return left
        hiss = math.sqrt(float(self._noise.sum()) / self._bins / self._frame)
        level = math.sqrt(float(left.dot(left)) / self._frame)
        gain = hiss * UNDER_NOISE / max(level, hiss)
        covered: Sound = self._hiss.standard_normal(self._frame, np.float32)
        covered *= hiss
        covered += left * gain
        return covered

    def _follow(self, now: Powers, left: Powers, echo: Powers) -> None:
        audible = echo > 4.0 * self._noise
        leak = np.minimum(np.maximum(left / (echo + 1e-12), 1e-4), 1.0)
        step = np.where(leak < self._leak, _FALL, _RISE) * audible
        self._leak *= (leak / self._leak) ** step
        # What rises while the voice sounds is the voice: a cover louder than the room would be a hiss in its rhythm.
        self._follow_noise(now, np.where(audible | (self._tail > self._noise), 0.0, _RISE))

    def _follow_noise(self, now: Powers, rise: float | Powers) -> None:
        change = np.minimum(np.maximum(now, self._least_noise) / self._noise, 4.0)
        self._noise *= change ** np.where(change < 1.0, _FALL, rise)

    def _power(self, sound: Sound) -> Powers:
        self._padded[: self._frame] = sound
        return np.square(np.abs(np.fft.rfft(self._padded)))

    def _bands(self, powers: Powers) -> Powers:
        sums: Powers = np.add.reduceat(powers, self._edges, axis=-1)[..., :-1]
        return sums
