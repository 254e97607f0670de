"""What the microphone brings, made fit for a recogniser: no direct voltage, and quiet speech lifted to a usual level.

Measured with our Vosk model on 59 commands of real people: at peaks of -30 dBFS and above all are heard, at -40 88 of
100, at -50 59, at -60 24; lifted, these are 100, 98 and 88, and PocketSphinx gains more. A direct voltage does no harm,
but would be lifted too. What the microphone has clipped stays hard to understand, and can only be told. A television
that is the only thing to be heard is lifted as well, and is then as much of a danger as a loud one is anyway.

The gain must never make words of silence, of hiss or of a knock. So it is learnt from speech only, that is from what
stands clearly out of the room's own noise for longer than a knock; it never lifts that noise above
`LOUDEST_FLOOR_DBFS`; and it moves in pauses only, never within a word.
"""

from __future__ import annotations

import math
from collections import deque
from itertools import islice

import numpy as np
import numpy.typing as npt

from assistant.audio.formats import FULL_SCALE, RATE, Samples, to_int16

CUTOFF_HZ = 30.0
"""Of the first-order high-pass: below every voice, above the drift of cheap inputs."""

TARGET_PEAK_DBFS = -20.0
"""Where the peaks of speech are brought to: from here on upwards words are heard no better, while every further decibel
would lift the television in the next room too. Louder speech stays as it is."""

MOST_GAIN_DB = 24.0
"""More would lift the converter's own steps to the level of a soft voice."""

LOUDEST_FLOOR_DBFS = -45.0
"""The room's noise (root mean square) is not lifted above this; speech stands 12 dB and more out of it."""

ABOVE_FLOOR_DB = 12.0
"""Speech stands so far out of the noise; less may be the noise itself, which comes and goes."""

STIRS_DB = 3.0
"""A frame that stands so far above the floor may hold something; even noise rarely does. No word that can be understood
stays below it."""

QUIETEST_SPEECH_DBFS = -72.0
"""Below this (root mean square of a frame) it is no speech, however silent the room: a few steps of the converter."""

QUIETEST_STIR_DBFS = -75.0
"""Below this nothing stirs either. A microphone that gives no noise at all would else stir with every hiss that covers
the assistant's voice."""

SHORTEST_SPEECH_S = 0.2
"""So much of it must stand out, or it was a knock."""

PAUSE_S = 0.3
"""Speech is over after so long without any: the gaps within words are shorter."""

DB_A_SECOND = 15.0
"""How fast the gain moves in pauses: within a breath, and slow enough to be no sound of its own."""

TRUST = 0.4
"""How far one more utterance moves what is known of the speaker's level."""

CLIP_RUN = 3
"""So many samples in a row on the same loudest value are cut off: a voice doesn't stand still at its peak."""

_REMEMBERED_S = 20.0
_WINDOW, _VOICE_HZ = 512, (80.0, 1200.0)
_FRAME = RATE // 50
_PIECE = RATE // 25  # samples that are high-passed at a time
_FLOOR_WINDOW_S = 5.0
_FLOOR_EVERY = 5  # frames
_CLIPPING_DBFS = -1.0
_DROP_DB_A_SECOND = 120.0


class InputConditioner:
    """Takes the microphone's sound block by block and gives as many samples back, without delay.

    The output doesn't depend on how the stream is divided into blocks, but for rounding.
    """

    def __init__(self) -> None:
        self._high_pass = HighPass()
        self._floor = FloorTracker()
        self._frame: list[npt.NDArray[np.float64]] = []
        self._frame_samples = 0
        self._gain_db = self._next_gain_db = 0.0
        self._speech_db: float | None = None  # peak of the speaker's voice, as learnt
        self._peaks: list[float] = []  # of the frames of speech in progress
        self._since_speech = 0  # frames
        self._since_stir = 0
        self._frames = 0
        self._above_floor_db: deque[float] = deque(maxlen=round(_REMEMBERED_S * RATE / _FRAME))

    def above_floor_db(self, start_s: float, end_s: float) -> float:
        """How far the louder half of a stretch of the last 20 s stands above the room's noise, in dB.

        Args:
            start_s: Where it begins, in seconds of the stream.
            end_s: Where it ends.
        """
        oldest = self._frames - len(self._above_floor_db)
        first, last = (round(at * RATE / _FRAME) - oldest for at in (start_s, end_s))
        levels = sorted(islice(self._above_floor_db, max(0, first), max(0, last)))
        return levels[len(levels) * 3 // 4] if levels else 0.0

    @property
    def still_s(self) -> float:
        """For how long nothing has stirred: no frame stood above the room's noise, not even a little."""
        return self._since_stir * _FRAME / RATE

    @property
    def gain_db(self) -> float:
        """The gain now, 0 to `MOST_GAIN_DB`."""
        return self._gain_db

    @property
    def speech_dbfs(self) -> float | None:
        """Where the peaks of speech lie at the microphone, in dBFS; None before anybody has spoken."""
        return self._speech_db

    @property
    def floor_dbfs(self) -> float:
        """The room's noise at the microphone, root mean square in dBFS."""
        return self._floor.dbfs

    def accept(self, block: Samples) -> Samples:
        """The next block: int16, 16 kHz, any length; as long as it was, digital silence for digital silence."""
        clean = self._high_pass.accept(block)
        out = np.empty(len(clean))
        done = 0
        while done < len(clean):
            part = clean[done : done + _FRAME - self._frame_samples]
            np.multiply(part, self._gains(len(part)), out=out[done : done + len(part)])
            done += len(part)
            self._frame.append(part)
            self._frame_samples += len(part)
            if self._frame_samples == _FRAME:
                self._learn(self._frame[0] if len(self._frame) == 1 else np.concatenate(self._frame))
                self._frame.clear()
                self._frame_samples = 0
        return to_int16(out)

    def again(self, sound: Samples) -> Samples:
        """Another version of what has just been taken, made fit as it was; nothing is learnt from it."""
        louder = HighPass().accept(sound) * 10 ** (self._gain_db / 20)
        return to_int16(louder)

    def _gains(self, count: int) -> npt.NDArray[np.float64] | float:
        """The factors for the next samples of the frame."""
        if self._next_gain_db == self._gain_db:
            return float(10 ** (self._gain_db / 20))
        place = self._frame_samples + np.arange(1, count + 1)
        gain_db = self._gain_db + (self._next_gain_db - self._gain_db) * place / _FRAME
        return np.asarray(10 ** (gain_db / 20))

    def _learn(self, frame: npt.NDArray[np.float64]) -> None:
        """A frame is complete: is it speech, and where does the gain go in the next one?"""
        self._gain_db = self._next_gain_db
        level_db = dbfs(math.sqrt(frame.dot(frame) / len(frame)))
        peak_db = dbfs(max(float(frame.max()), -float(frame.min())))
        stands_out = level_db > max(self._floor.dbfs + ABOVE_FLOOR_DB, QUIETEST_SPEECH_DBFS)
        stirs = level_db > max(self._floor.dbfs + STIRS_DB, QUIETEST_STIR_DBFS)
        self._since_stir = 0 if stirs else self._since_stir + 1
        self._frames += 1
        self._above_floor_db.append(level_db - self._floor.dbfs)
        self._floor.accept(level_db)
        if stands_out:
            self._peaks.append(peak_db)
            self._since_speech = 0
        else:
            self._since_speech += 1
        in_pause = self._since_speech * _FRAME / RATE >= PAUSE_S
        if in_pause and self._peaks:
            self._learn_utterance()
        step = _FRAME / RATE
        if peak_db + self._gain_db > _CLIPPING_DBFS:  # which is worse than a change within a word
            self._next_gain_db = max(0.0, self._gain_db - _DROP_DB_A_SECOND * step)
        elif in_pause:
            target = self._target_db()
            move = DB_A_SECOND * step
            self._next_gain_db += min(move, max(-move, target - self._gain_db))

    def _learn_utterance(self) -> None:
        peaks, self._peaks = self._peaks, []
        if len(peaks) * _FRAME / RATE < SHORTEST_SPEECH_S:
            return
        loudest_db = float(np.percentile(peaks, 95))  # a click among them is no speech
        if self._speech_db is None or loudest_db > self._speech_db:
            self._speech_db = loudest_db
        else:
            self._speech_db += TRUST * (loudest_db - self._speech_db)

    def _target_db(self) -> float:
        if self._speech_db is None:
            return 0.0
        wanted = min(TARGET_PEAK_DBFS - self._speech_db, LOUDEST_FLOOR_DBFS - self._floor.dbfs, MOST_GAIN_DB)
        return max(0.0, wanted)


class HighPass:
    """A first-order high-pass at `CUTOFF_HZ`, its state kept from block to block."""

    def __init__(self) -> None:
        self._pole = math.exp(-2 * math.pi * CUTOFF_HZ / RATE)
        self._powers = self._pole ** np.arange(_PIECE)
        self._last_in: float | None = None
        self._last_out = 0.0

    def accept(self, block: Samples) -> npt.NDArray[np.float64]:
        """The block without what doesn't move, on the same scale."""
        out = np.empty(len(block))
        for first in range(0, len(block), _PIECE):
            part = block[first : first + _PIECE].astype(np.float64)
            if self._last_in is None:
                self._last_in = float(part[0])  # a direct voltage at the beginning is no step
            made = out[first : first + len(part)]
            made[0] = part[0] - self._last_in
            np.subtract(part[1:], part[:-1], out=made[1:])
            # y[n] = steps[n] + pole * y[n-1], as one sum: within a piece the powers stay above 1/2000
            powers = self._powers[: len(part)]
            made /= powers
            made[0] += self._pole * self._last_out
            np.cumsum(made, out=made)
            made *= powers
            self._last_in, self._last_out = float(part[-1]), float(made[-1])
        if abs(self._last_out) < 0.5 and not block.any():
            self._last_out = 0.0  # digital silence stays that, also after the filter's tail
        return out


class FloorTracker:
    """The level of the room's own noise: the quietest it has been lately."""

    def __init__(self) -> None:
        self._levels: deque[float] = deque(maxlen=round(_FLOOR_WINDOW_S * RATE / _FRAME))
        self._taken = 0
        self.dbfs = 0.0

    def accept(self, level_db: float) -> None:
        """Take a frame's level, root mean square in dBFS."""
        self._levels.append(level_db)
        self._taken += 1
        if self._taken % _FLOOR_EVERY and len(self._levels) > _FLOOR_EVERY:
            return
        # Not the least: a microphone that is switched on, or a driver that drops a buffer, gives zeros.
        ordered = sorted(self._levels)
        self.dbfs = ordered[len(ordered) // 10]


def dbfs(amplitude: float) -> float:
    """An amplitude on the 16 bit scale in decibels below full scale; -100 for nothing at all."""
    return 20 * math.log10(max(amplitude, FULL_SCALE * 1e-5) / FULL_SCALE)


def clipped_samples(sound: Samples) -> int:
    """How many samples are cut off: at full scale, or in runs on the very loudest value of a loud sound."""
    if not len(sound):
        return 0
    loud = np.abs(sound.astype(np.int32))
    loudest = int(loud.max())
    if loudest < FULL_SCALE / 8:  # nothing clips so low; equal samples are common where there is little sound
        return 0
    at_top = np.concatenate([[0], (loud >= min(loudest, FULL_SCALE - 1) - 1).astype(np.int8), [0]])
    edges = np.flatnonzero(np.diff(at_top))
    lengths = edges[1::2] - edges[::2]
    return int(lengths[lengths >= CLIP_RUN].sum())


def voice_share(sound: Samples) -> float:
    """How much of a sound's power lies where a voice has most of its own, 0 to 1; 1 for what is too short to tell.

    Args:
        sound: int16, 16 kHz.
    """
    frames = len(sound) // _WINDOW
    if not frames:
        return 1.0
    pieces = sound[: frames * _WINDOW].reshape(frames, _WINDOW).astype(np.float32) * np.hanning(_WINDOW)
    power = np.square(np.abs(np.fft.rfft(pieces))).sum(0)
    hertz = np.fft.rfftfreq(_WINDOW, 1.0 / RATE)
    heard = float(power[hertz >= _VOICE_HZ[0]].sum())
    voice = float(power[(hertz >= _VOICE_HZ[0]) & (hertz < _VOICE_HZ[1])].sum())
    return voice / heard if heard else 1.0
