"""Where an utterance begins and ends: the voice activity detector that comes with PocketSphinx, kept from drifting."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np
import pocketsphinx

from assistant.audio.formats import FULL_SCALE, RATE, Samples

WINDOW_S = 0.36
"""Speech has begun, or ended, when most of so long a window is on that side."""

RATIO = 0.8
DITHER = 8.0
"""Standard deviation of the noise that is added, as digital silence teaches the detector that any hiss is speech."""

_LONGEST_WAIT_S = 2.0
_SPEECH_RANGE_DB = 30.0
_LEAST_ABOVE_FLOOR_DB = 3.0
_MARGIN_S = 0.1
_FRAME_S = 0.01


@dataclass(frozen=True, slots=True)
class Speech:
    """A piece of an utterance.

    Attributes:
        sound: Its samples.
        begins: Whether the utterance begins with it.
        ends: Whether the utterance ends with it.
        start_s: Where the utterance begins, in seconds on the stream clock.
    """

    sound: Samples
    begins: bool
    ends: bool
    start_s: float


class Endpointer:
    """Finds the utterances in a stream."""

    def __init__(self) -> None:
        self._noise = np.random.default_rng(0)
        self._before_s = 0.0
        self._start_s = 0.0
        self._rest = np.zeros(0, np.int16)
        self._renew()

    def _renew(self) -> None:
        self._frames = 0
        self._waiting: deque[Samples] = deque()
        self._detector = pocketsphinx.Endpointer(
            window=WINDOW_S, ratio=RATIO, vad_mode=pocketsphinx.Vad.MEDIUM_LOOSE, sample_rate=RATE
        )
        self._frame = int(self._detector.frame_bytes) // 2

    def accept(self, block: Samples) -> list[Speech]:
        """Take the next block of sound and give what of it, or of blocks before it, is speech."""
        sound = np.concatenate([self._rest, block])
        whole = len(sound) // self._frame * self._frame
        self._rest = sound[whole:]
        frames = (self._take(sound[at : at + self._frame]) for at in range(0, whole, self._frame))
        return [speech for speech in frames if speech]

    def flush(self) -> list[Speech]:
        """The stream has ended: give what was still waited for."""
        was_in_speech = self._detector.in_speech
        if was_in_speech:
            self._detector.end_stream(self._dithered(self._rest))
            sound = np.concatenate([*self._waiting, self._rest])
            return [Speech(sound, begins=False, ends=True, start_s=self._start_s)]
        return []

    def _take(self, frame: Samples) -> Speech | None:
        was_in_speech = self._detector.in_speech
        speech = self._detector.process(self._dithered(frame))
        self._frames += 1
        self._waiting.append(frame)
        if speech is None:
            if len(self._waiting) * self._frame > _LONGEST_WAIT_S * RATE:
                self._waiting.popleft()
            return None
        if not was_in_speech:
            start_s = float(self._detector.speech_start)
            self._start_s = self._before_s + start_s
            for _ in range(len(self._waiting) - (self._frames - round(start_s * RATE / self._frame))):
                self._waiting.popleft()
        sound = self._waiting.popleft()  # without the dither
        ends = not self._detector.in_speech
        if ends:
            # What it has learnt of the noise during speech makes it deaf or jumpy for the next utterance.
            self._before_s += self._frames * self._frame / RATE
            self._renew()
        return Speech(sound, not was_in_speech, ends, self._start_s)

    def _dithered(self, frame: Samples) -> bytes:
        noisy = frame + self._noise.normal(0.0, DITHER, len(frame))
        return np.clip(noisy, -FULL_SCALE, FULL_SCALE - 1).astype("<i2").tobytes()


def speech_part(sound: Samples) -> tuple[int, int]:
    """First and last sample (exclusive) of what stands out of an utterance's own noise, with a margin.

    The detector lets go late, and trailing noise becomes words.
    """
    frame = round(_FRAME_S * RATE)
    frames = sound[: len(sound) // frame * frame].reshape(-1, frame).astype(np.float64)
    if len(frames) == 0:
        return 0, len(sound)
    level_db = 10 * np.log10(frames.var(axis=1) + 1.0)
    floor_db = float(np.percentile(level_db, 10))
    loud = np.flatnonzero(level_db >= max(level_db.max() - _SPEECH_RANGE_DB, floor_db + _LEAST_ABOVE_FLOOR_DB))
    if len(loud) == 0:
        return 0, len(sound)
    margin = round(_MARGIN_S * RATE)
    return max(0, int(loud[0]) * frame - margin), min(len(sound), (int(loud[-1]) + 1) * frame + margin)
