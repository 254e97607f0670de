"""An adaptive filter that learns a room's response: what of the loudspeaker arrives at the microphone.

A Kalman filter in the frequency domain, the response cut into frames (partitioned overlap-save), the errors of its
coefficients taken as independent. Each coefficient's uncertainty says how much of what is left may be learnt from,
against the level of what is left: so somebody speaking slows the learning down by itself, with no detector of
double talk to go wrong, and what was learnt stays through silences.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.audio.formats import Sound

Spectra = npt.NDArray[np.complex64]
Powers = npt.NDArray[np.float32]

PERSISTENCE = 0.9998
"""By how much the response is expected to be the same a frame later: rooms change within minutes."""

FORGETS_EVERY = 8
"""Frames after which that is reckoned with, for all of them at once."""

FIRST_UNCERTAINTY = 1.0
"""Expected squared response of the first frame of the room, before anything is known."""

DECAY = 0.5
"""By how much, in nepers, the room is expected to be fainter from frame to frame: it rings off."""

SMOOTHING = 0.6
"""Share of the past in the level of what is left: over two or three frames."""

CERTAINTY = 0.25
"""How much of what a step should teach is believed: half of each transform is zeros, and the bins are not independent.
With the 0.5 of theory it is soon too sure of itself to learn the rest."""

WORSENS, WORSENS_IN = 2.0, 0.1
"""Where so much more is left than there was, in so large a share of the spectrum, the response is another room's: the
loudspeaker was moved, or samples were lost on the way. Who speaks can't bring that about: they are in both."""

INAUDIBLE_DBFS = -70.0
"""What is left is of no matter if it is fainter, and there are microphones that are silent without an echo."""

TONE_SHARE = 0.75
"""A tone has more than this of its power in a single line of the spectrum: chimes have 0.85 and more, one in thirty
frames of speech as much."""

_LINE_BINS = 3
"""How far a line's power reaches to either side, in bins of 25 Hz."""

_WORSENS_OVER = 0.9
"""Share of the past in the powers that are compared for that: over ten frames."""

_FLOOR = 1e-9
"""Of the level of what is left: far below any microphone's noise."""


class RoomFilter:
    """Predicts the echo of a reference, and learns from what arrived instead.

    Args:
        frame: Samples taken at a time.
        partitions: Frames of the response that are learnt, two or more.
    """

    def __init__(self, frame: int, partitions: int) -> None:
        self._frame = frame
        bins = frame + 1
        self._inaudible = frame * 10 ** (INAUDIBLE_DBFS / 10)
        self._latest: Sound = np.zeros(2 * frame, np.float32)
        # What is transformed together: what arrived, with the echo and without, with a frame of zeros before; and two
        # parts of the response with one behind.
        self._arrived: npt.NDArray[np.float32] = np.zeros((4, 2 * frame), np.float32)
        self._inverted: Spectra = np.zeros((3, bins), np.complex64)
        self._echoes: Spectra = np.zeros((partitions, bins), np.complex64)
        # Of the reference, newest first from a place that moves to the front; there the latest are copied to the end.
        self._past_spectra: Spectra = np.zeros((2 * partitions, bins), np.complex64)
        self._past_powers: Powers = np.zeros((2 * partitions, bins), np.float32)
        self._newest = partitions
        self._response: Spectra = np.zeros((partitions, bins), np.complex64)
        self._seen_to = 0
        self._learnt_frames = 0
        decay = np.exp(-DECAY * np.arange(partitions, dtype=np.float32))
        self._first_uncertainty: Powers = np.repeat(np.float32(FIRST_UNCERTAINTY) * decay[:, np.newaxis], bins, axis=1)
        self._uncertainty = self._first_uncertainty.copy()
        self._left: Powers = np.full(bins, 1e-6, np.float32)
        self._last_powers: Powers = np.zeros((3, bins), np.float32)
        self._smooth: Powers = np.zeros((2, bins), np.float32)  # powers with the echo and without

    @property
    def powers(self) -> Powers:
        """Of the last frame, by bin of a transform over two frames: what was left, the echo, and what that missed.

        Shape ``(3, frame + 1)``; the last is the expected power.
        """
        return self._last_powers

    @property
    def reference_is_a_tone(self) -> bool:
        """Whether the reference of the last two frames is a single tone, as of a chime."""
        whole = self._past_spectra[self._newest]
        tapered = whole[1:-1] - 0.5 * (whole[:-2] + whole[2:])  # by a Hann window: in the spectrum, a sum of neighbours
        power = _power(tapered)
        peak = int(power.argmax())
        line = power[max(0, peak - _LINE_BINS) : peak + _LINE_BINS + 1]
        return bool(line.sum() > TONE_SHARE * power.sum())

    def echo(self, microphone: Sound, reference: Sound) -> Sound:
        """The echo expected in a frame, from what was known before it; then learns from the frame.

        Args:
            microphone: Shape ``(frame,)``, float32, 1.0 is full scale.
            reference: The same.
        """
        frame = self._frame
        spectra, reference_powers = self._take(reference)
        # Each part of the response is as long as a frame, not one that wraps round. That is seen to in the first, where
        # most happens, and in one other by turns: as good as in all of them, better while the response is being learnt,
        # and far cheaper; cheaper still together with the transforms of the sound.
        self._seen_to = self._seen_to % (len(self._response) - 1) + 1
        rows = [0, self._seen_to]
        np.multiply(spectra, self._response, out=self._echoes).sum(axis=0, out=self._inverted[0])
        self._inverted[1:] = self._response[rows]
        expected, *parts = np.fft.irfft(self._inverted)
        # A microphone that clips hears no more of a louder echo; nor must the filter make of that another room.
        echo: Sound = expected[frame:].clip(-1.0, 1.0)
        self._arrived[0, frame:] = microphone
        np.subtract(microphone, echo, out=self._arrived[1, frame:])
        self._arrived[2, :frame], self._arrived[3, :frame] = parts[0][:frame], parts[1][:frame]
        transformed = _transform(self._arrived)
        arrived, self._response[rows] = transformed[:2], transformed[2:]
        powers = _power(arrived)
        self._last_powers[0] = powers[1]
        self._last_powers[1] = _power(arrived[0] - arrived[1])
        if self._worsens(powers):
            # As far off as it is strong: where there is no echo, nothing is to be doubted, or users would be covered.
            strength = _power(self._response).sum(axis=0)
            self._uncertainty = np.maximum(self._uncertainty, self._first_uncertainty * strength)
        self._learn(spectra, reference_powers, arrived[1], powers[1])
        return echo

    def _take(self, reference: Sound) -> tuple[Spectra, Powers]:
        """The spectra of the reference and their powers, newest first, with the next frame."""
        frame, partitions = self._frame, len(self._response)
        self._latest[:frame] = self._latest[frame:]
        self._latest[frame:] = reference
        spectrum = _transform(self._latest)
        if not self._newest:
            for past in (self._past_spectra, self._past_powers):
                past[partitions + 1 :] = past[: partitions - 1]
            self._newest = partitions + 1
        self._newest -= 1
        self._past_spectra[self._newest] = spectrum
        self._past_powers[self._newest] = _power(spectrum)
        known = slice(self._newest, self._newest + partitions)
        return self._past_spectra[known], self._past_powers[known]

    def _worsens(self, powers: Powers) -> bool:
        self._smooth += (1.0 - _WORSENS_OVER) * (powers - self._smooth)
        with_echo, without = self._smooth
        worse = np.count_nonzero(without > WORSENS * with_echo + self._inaudible)
        return bool(worse > WORSENS_IN * len(without))

    def _learn(self, spectra: Spectra, powers: Powers, error: Spectra, power_of_error: Powers) -> None:
        self._left = SMOOTHING * self._left + (1.0 - SMOOTHING) * power_of_error
        # Half of each transform is zeros, hence the factor of two between signals and errors.
        missing = self._uncertainty * powers
        missed = missing.sum(axis=0)
        self._last_powers[2] = 0.5 * missed
        gain = 1.0 / (missed + 2.0 * self._left + _FLOOR)
        step = spectra.conj()
        step *= error * gain
        step *= self._uncertainty
        self._response += step
        missing *= CERTAINTY * gain
        np.subtract(1.0, missing, out=missing)
        self._uncertainty *= missing
        self._learnt_frames += 1
        if self._learnt_frames % FORGETS_EVERY == 0:
            kept = PERSISTENCE**FORGETS_EVERY
            self._response *= kept
            self._uncertainty *= kept**2
            self._uncertainty += (1.0 - kept**2) * _power(self._response)


def _transform(sounds: npt.NDArray[Any]) -> Spectra:
    return np.fft.rfft(sounds).astype(np.complex64, copy=False)  # single it is already, whatever its types say


def _power(spectra: Spectra) -> Powers:
    return np.square(np.abs(spectra))
