"""The assistant's own voice, taken out of what the microphone hears.

The room's way from loudspeaker to microphone is learnt while something sounds (pyaec: the Speex canceller and its
suppression of what is left over). Cancellers after WebRTC remove more, and "stop" along with it; this one leaves it.
While nothing has sounded for longer than a room rings, the microphone passes bit for bit and nothing is computed.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass

import numpy as np
import pyaec

from assistant.audio.formats import RATE, Samples

FRAME = 160
"""Samples that the canceller takes at a time."""

TAIL = 3200
"""Samples of the room's response that are learnt: 200 ms."""

DELAY = 2 * FRAME
"""Samples by which the cleaned sound is late, always: a frame is gathered, and another is held back by pyaec."""

RINGS_ON = RATE // 2
"""Samples for which a room may be heard after the last sample of the reference: 0.5 s."""

SILENT = 1
"""A reference that nowhere exceeds this, in 16 bit steps, is silent."""

LOUD_DBFS = -45.0
"""A reference above this makes an echo that can be judged."""

_WARM_UP = 4
"""Frames of the past that are given to the canceller when it begins, so that its first output is whole."""

_JUDGED_FRAMES = 25
"""A judgement of how much was removed is made over a quarter of a second of loud reference."""

_JUDGEMENTS = 8
"""The best of so many counts: near speech spoils some of them, and not all."""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A block without the echo.

    Attributes:
        samples: int16, as many as were given, `DELAY` later.
        reference_dbfs: Level of the reference, of the same time as the samples.
        microphone_dbfs: Level of the microphone, of the same time as the samples.
        left_dbfs: Level of the samples.
        removed_db: How much of the echo is removed while nobody else speaks, judged over the last two seconds of
            loud reference; None before it can be judged. A low figure means that cancelling doesn't work here.
    """

    samples: Samples
    reference_dbfs: float
    microphone_dbfs: float
    left_dbfs: float
    removed_db: float | None


class EchoCanceller:
    """Takes blocks of any length of both sides and gives the microphone's without the echo.

    The reference must run along with the microphone or up to some 100 ms ahead of the echo, never behind it.
    """

    def __init__(self) -> None:
        self._engine = pyaec.Aec(FRAME, TAIL, RATE, True)
        self._pending = np.zeros((2, 0), np.int16)  # microphone and reference, less than a frame
        self._past: deque[np.ndarray] = deque([np.zeros((2, FRAME), np.int16)] * _WARM_UP, maxlen=_WARM_UP)
        self._quiet_for = RINGS_ON
        # Cleaned frames wait here with their microphone and reference: rows as named. A frame is gathered beforehand.
        self._ready = np.zeros((3, FRAME), np.int16)
        self._judge = _Judge()

    def cancel(self, microphone: Samples, reference: Samples) -> Cleaned:
        """Take the next samples of both sides.

        Args:
            microphone: Shape ``(n,)``, int16, any n.
            reference: What sounded meanwhile, of the same shape.

        Raises:
            ValueError: The shapes differ.
        """
        if microphone.shape != reference.shape:
            raise ValueError(f"{microphone.shape} of the microphone go with as many of the reference")
        count = len(microphone)
        both = np.concatenate([self._pending, np.stack([microphone, reference])], axis=1)
        whole = both.shape[1] // FRAME * FRAME
        self._pending = both[:, whole:]
        done = [self._frame(both[:, at : at + FRAME]) for at in range(0, whole, FRAME)]
        ready = np.concatenate([self._ready, *done], axis=1)
        given, self._ready = ready[:, :count], ready[:, count:]
        heard, sounded, left = given
        return Cleaned(left, level_dbfs(sounded), level_dbfs(heard), level_dbfs(left), self._judge.removed_db)

    def _frame(self, frame: np.ndarray) -> np.ndarray:
        """One frame of both sides; gives the one before with what is left of its microphone."""
        before = self._past[-1]
        sounds = int(np.abs(frame[1].astype(np.int32)).max()) > SILENT
        if self._quiet_for >= RINGS_ON and sounds:
            for past in self._past:
                self._cancelled(past)
        self._quiet_for = 0 if sounds else self._quiet_for + FRAME
        self._past.append(frame)
        if self._quiet_for >= RINGS_ON:
            return np.stack([before[0], before[1], before[0]])
        result = np.stack([before[0], before[1], self._cancelled(frame)])
        self._judge.note(result)
        return result

    def _cancelled(self, frame: np.ndarray) -> Samples:
        return np.array(self._engine.cancel_echo(frame[0].tolist(), frame[1].tolist()), np.int16)


class _Judge:
    """How much is removed while only the assistant speaks."""

    def __init__(self) -> None:
        self._powers = np.zeros(2)
        self._frames = 0
        self._judged: deque[float] = deque(maxlen=_JUDGEMENTS)

    @property
    def removed_db(self) -> float | None:
        return max(self._judged, default=None)

    def note(self, frame: np.ndarray) -> None:
        """A cancelled frame: microphone, reference, and what is left."""
        if level_dbfs(frame[1]) < LOUD_DBFS:
            return
        self._powers += (frame[[0, 2]].astype(np.float64) ** 2).mean(axis=1)
        self._frames += 1
        if self._frames == _JUDGED_FRAMES:
            self._judged.append(10 * math.log10((self._powers[0] + 1.0) / (self._powers[1] + 1.0)))
            self._powers[:] = 0.0
            self._frames = 0


def level_dbfs(samples: Samples) -> float:
    """The level in decibels below full scale; of digital silence or of nothing, -96."""
    if not len(samples):
        return -96.0
    power = float(np.mean(samples.astype(np.float64) ** 2))
    return 10 * math.log10(max(power / 32768.0**2, 10**-9.6))
