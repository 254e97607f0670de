"""Whether what is left after cancelling is somebody, or just what cancelling leaves.

A remnant of the voice is faint, but recognisers make words of it. How loud it may be is known: from the doubt of the
filter about the room, from how much was left of such an echo before (a loudspeaker that distorts leaves more), and
from the noise. What is louder than that in several bands of the spectrum is somebody, and passes untouched; what is
not sinks into the noise of the room as a whole, so that no scraps of words are cut out of it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from assistant.audio.formats import RATE

Powers = npt.NDArray[np.float64]

EDGES_HZ = (50, 150, 275, 450, 675, 1000, 1500, 2250, 3500, 5000, 7500)
"""Of ten bands, about as wide as the ear's in pairs."""

SOMEBODY_DB = 10.0
"""What exceeds the expected remnant by this much, in the second of the bands that exceed it most, is somebody."""

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
_FIRST_NOISE = 10.0 / 32768.0
_LEAST_NOISE = 4.0 / 32768.0


class Remnant:
    """Judges frame by frame and covers what is not somebody.

    Args:
        frame: Samples in a frame.
    """

    def __init__(self, frame: int) -> None:
        edges = np.array(EDGES_HZ) * 2 * frame // RATE
        self._edges = edges
        self._widths = np.diff(edges)
        self._frame = frame
        taper = np.hanning(frame)
        self._taper: npt.NDArray[np.float64] = taper / np.sqrt(np.mean(taper**2))
        self._leak: Powers = np.ones(len(edges) - 1)
        self._noise: Powers = self._widths * frame * _FIRST_NOISE**2
        self._least_noise: Powers = self._widths * frame * _LEAST_NOISE**2
        self._left: Powers = np.zeros(len(edges) - 1)
        self._echo: Powers = np.zeros(len(edges) - 1)
        self._doubt: Powers = np.zeros(len(edges) - 1)
        self._tail: Powers = np.zeros(len(edges) - 1)
        self._held = 0
        self.stands_out = False
        """Whether the last frame that was covered may hold somebody."""
        self._hiss = np.random.default_rng(0)  # its own: the same session sounds the same

    @property
    def somebody(self) -> bool:
        """Whether somebody besides the assistant is heard."""
        return self._held > 0

    @property
    def lingers(self) -> bool:
        """Whether the voice may still ring in the room after the learnt response is over."""
        return bool((self._tail > self._noise).any())

    def note_silence(self, sound: npt.NDArray[np.float64]) -> None:
        """Take in a frame in which the voice can't be heard: this is the room's own noise."""
        now = self._bands(sound)
        self._held = 0
        self._left += (now - self._left) * _SMOOTHING
        self._follow_noise(now, _RISE)

    def cover(
        self, left: npt.NDArray[np.float64], echo: npt.NDArray[np.float64], doubt: Powers, *, tone_rings: bool = False
    ) -> npt.NDArray[np.float64]:
        """What shall be heard of a frame.

        Args:
            left: What cancelling left, shape ``(frame,)``, 1.0 is full scale.
            echo: What it took out, of the same shape.
            doubt: Power of what it may have missed, by bin of a transform over two frames, shape ``(frame + 1,)``.
            tone_rings: Whether a chime may still ring: a single line of the spectrum, which shall stay within its band.
        """
        now = self._bands(left * self._taper if tone_rings else left)
        self._left += (now - self._left) * _SMOOTHING
        self._echo += (self._bands(echo) - self._echo) * _SMOOTHING
        self._doubt += (self._sums(doubt) - self._doubt) * _SMOOTHING
        self._tail = np.maximum(self._tail * TAIL_FALL, TAIL * self._echo)
        expected = np.maximum(self._leak * self._echo, self._tail) + self._doubt + self._noise
        excess = np.sort(np.maximum(now, self._left) / expected)[-2]
        self.stands_out = bool(excess > 10 ** (SOMETHING_DB / 10))
        self._held = HOLD_FRAMES if excess > 10 ** (SOMEBODY_DB / 10) else max(0, self._held - 1)
        self._follow(now)
        if self._held:
            return left
        hiss = float(np.sqrt(self._noise.sum() / self._widths.sum() / self._frame))
        level = float(np.sqrt(np.mean(left**2)))
        gain = hiss * UNDER_NOISE / max(level, hiss)
        return left * gain + self._hiss.normal(0.0, hiss, self._frame)

    def _follow(self, now: Powers) -> None:
        audible = self._echo > 4.0 * self._noise
        leak = np.clip(self._left / (self._echo + 1e-12), 1e-4, 1.0)
        step = np.where(leak < self._leak, _FALL, _RISE)
        self._leak = np.where(audible, self._leak ** (1.0 - step) * leak**step, self._leak)
        # What rises while the voice sounds is the voice: a cover louder than the room would be a hiss in its rhythm.
        self._follow_noise(now, np.where(audible | (self._tail > self._noise), 0.0, _RISE))

    def _follow_noise(self, now: Powers, rise: float | Powers) -> None:
        noise = np.clip(now, self._least_noise, self._noise * 4.0)
        step = np.where(noise < self._noise, _FALL, rise)
        self._noise = self._noise ** (1.0 - step) * noise**step

    def _bands(self, sound: npt.NDArray[np.float64]) -> Powers:
        spectrum = np.fft.rfft(sound, 2 * self._frame)
        return self._sums(spectrum.real**2 + spectrum.imag**2)

    def _sums(self, powers: Powers) -> Powers:
        sums: Powers = np.add.reduceat(powers, self._edges)[:-1]
        return sums
