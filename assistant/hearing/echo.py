"""The assistant's own voice, taken out of what the microphone hears.

The room's way from loudspeaker to microphone is learnt while something sounds, and what it makes of the reference
is subtracted. Nothing else is done to the sound while somebody speaks: cancellers that suppress by the band (WebRTC's,
Speex's) leave less echo, but mute or chop the user's words along with it, and recognisers make commands of the scraps.
While nobody does, the remnant is covered as a whole.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field

import numpy as np

from assistant.audio.formats import BLOCK, Samples
from assistant.hearing.remnant import Remnant
from assistant.hearing.room_filter import RoomFilter

FRAME = BLOCK
"""Samples that the canceller takes at a time."""

PARTITIONS = 11
"""Frames of the room's response that are learnt: 220 ms, of which 20 are for what the reference runs ahead."""

DELAY = FRAME
"""Samples by which the cleaned sound is late, always: a frame is gathered first."""

SILENT = 1
"""A reference that nowhere exceeds this, in 16 bit steps, is silent."""

TONE_RINGS_FRAMES = 25
"""For so long a chime may ring on in the room: half a second."""

LOUD_DBFS = -45.0
"""A reference above this makes an echo that can be judged."""

LOOKS_BACK_FRAMES = 14
"""Once somebody is noticed beside the voice, what stood out a little just before it counts as theirs, too, but no more
than so many frames: the hiss that "stop" begins with is too faint to be noticed itself."""

_JUDGED_FRAMES = 12
"""A judgement of how much was removed is made over a quarter of a second of loud reference."""

_JUDGEMENTS = 8
"""The best of so many counts: near speech spoils some of them, and not all."""

NOTHING: Samples = np.zeros(0, np.int16)

_FULL_SCALE = 32768.0
_NO = np.zeros(FRAME, np.int16)


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A block without the echo; all levels are of the same time as its samples.

    Attributes:
        samples: int16, as many as were given, `DELAY` later.
        reference_dbfs: Level of the reference; as all levels, -96 for silence.
        echo_dbfs: Level of the echo that was expected, and taken out.
        microphone_dbfs: Level of the microphone.
        left_dbfs: Level of the samples.
        somebody: Whether somebody besides the assistant is heard in the block; True also while nothing sounds.
        removed_db: By how much the echo gets fainter while nobody else speaks, judged over the last two seconds of
            loud reference; None before it can be judged. A low figure means that cancelling doesn't work here.
        uncovered: Where somebody begins to be heard: these samples and those before them that stood out, as they are
            without the cover; else nothing.
    """

    samples: Samples
    reference_dbfs: float
    echo_dbfs: float
    microphone_dbfs: float
    left_dbfs: float
    somebody: bool
    removed_db: float | None
    uncovered: Samples = field(default_factory=lambda: NOTHING)


class EchoCanceller:
    """Takes blocks of any length of both sides and gives the microphone's without the echo.

    The reference must run along with the microphone or up to some 50 ms ahead of the echo, never behind it. While it
    has been silent for longer than the room may ring, the microphone passes bit for bit and only its noise is noted.
    """

    def __init__(self) -> None:
        self._filter = RoomFilter(FRAME, PARTITIONS)
        self._remnant = Remnant(FRAME)
        self._somebody = True
        self._quiet_frames = PARTITIONS + 1
        self._frames_since_tone = TONE_RINGS_FRAMES
        self._pending = np.zeros((2, 0), np.int16)  # microphone and reference, less than a frame
        # Microphone, reference, expected echo, what is left, that before it is covered, and whether it stood out though
        # it was; not handed on yet.
        self._ready = np.zeros((6, DELAY), np.int16)
        self._given: deque[Samples] = deque()  # handed on, not covered enough, and just before what is ready
        self._begins = False
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
        both = np.concatenate([self._pending, np.stack([microphone, reference])], axis=1)
        whole = both.shape[1] // FRAME * FRAME
        self._pending = both[:, whole:]
        done = [self._frame(both[:, at : at + FRAME]) for at in range(0, whole, FRAME)]
        ready = np.concatenate([self._ready, *done], axis=1)
        given, self._ready = ready[:, : len(microphone)], ready[:, len(microphone) :]
        heard, sounded, echo, left, bare, stands_out = given
        levels = (level_dbfs(sounded), level_dbfs(echo), level_dbfs(heard), level_dbfs(left))
        uncovered = self._look_back(bare, stands_out)
        return Cleaned(left, *levels, self._somebody, self._judge.removed_db, uncovered)

    def _look_back(self, bare: Samples, stands_out: Samples) -> Samples:
        """What stood out up to now though it was covered, where somebody begins; notes it for the next time."""
        begins, self._begins = self._begins, False
        before = np.concatenate([*self._given, bare]) if begins else NOTHING
        if self._somebody or not stands_out.any():
            self._given.clear()
        else:
            self._given.append(bare)
            while sum(map(len, self._given)) > LOOKS_BACK_FRAMES * FRAME:
                self._given.popleft()
        return before

    def _frame(self, frame: np.ndarray) -> np.ndarray:
        """One frame of both sides; gives it with the expected echo and what is left."""
        microphone, reference = frame
        sounds = int(np.abs(reference.astype(np.int32)).max()) > SILENT
        self._quiet_frames = 0 if sounds else self._quiet_frames + 1
        sound, before = microphone / _FULL_SCALE, self._somebody
        if self._quiet_frames > PARTITIONS and not self._remnant.lingers:
            self._somebody = True
            self._remnant.note_silence(sound)
            return np.stack([microphone, reference, _NO, microphone, microphone, _NO])
        echo = self._filter.echo(sound, reference / _FULL_SCALE)
        left = sound - echo
        self._judge.note(reference, microphone, _int16(left))
        self._frames_since_tone = 0 if self._filter.reference_is_a_tone else self._frames_since_tone + 1
        rings = self._frames_since_tone < TONE_RINGS_FRAMES
        heard = self._remnant.cover(left, echo, self._filter.doubt, tone_rings=rings)
        self._somebody = self._remnant.somebody
        self._begins |= self._somebody and not before
        stands_out = np.full(FRAME, self._remnant.stands_out, np.int16)
        return np.stack([microphone, reference, _int16(echo), _int16(heard), _int16(left), stands_out])


class _Judge:
    """How much is removed while only the assistant speaks."""

    def __init__(self) -> None:
        self._heard = self._left = 0.0
        self._frames = 0
        self._judged: deque[float] = deque(maxlen=_JUDGEMENTS)

    @property
    def removed_db(self) -> float | None:
        return max(self._judged, default=None)

    def note(self, reference: Samples, microphone: Samples, left: Samples) -> None:
        """Take in a frame from which an echo was taken out."""
        if level_dbfs(reference) < LOUD_DBFS:
            return
        self._heard += float(np.mean(microphone.astype(np.float64) ** 2))
        self._left += float(np.mean(left.astype(np.float64) ** 2))
        self._frames += 1
        if self._frames == _JUDGED_FRAMES:
            self._judged.append(10 * math.log10((self._heard + 1.0) / (self._left + 1.0)))
            self._heard = self._left = 0.0
            self._frames = 0


def level_dbfs(samples: Samples) -> float:
    """The level in decibels below full scale; of digital silence or of nothing, -96."""
    if not len(samples):
        return -96.0
    power = float(np.mean(samples.astype(np.float64) ** 2)) / _FULL_SCALE**2
    return 10 * math.log10(max(power, 10**-9.6))


def _int16(samples: np.ndarray) -> Samples:
    return np.clip(np.rint(samples * _FULL_SCALE), -32768, 32767).astype(np.int16)
