"""Acoustic echo cancellation (AEC): the assistant's own voice, taken out of what the microphone hears.

The room's way from loudspeaker to microphone is learnt while something sounds, and what it makes of the reference
is subtracted. Nothing else is done to the sound while somebody speaks: cancellers that suppress by the band (WebRTC's,
Speex's) leave less echo, but mute or chop the user's words along with it, and recognisers make commands of the scraps.
While nobody does, the residual echo is covered as a whole. That somebody speaks beside the voice (double talk) is told
by `Cleaned.somebody`.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field

import numpy as np

from assistant.audio.formats import FULL_SCALE, Samples, Sound
from assistant.hearing.front_end.residual_echo import CLEARLY_DB, ResidualEcho
from assistant.hearing.front_end.room_filter import RoomFilter

FRAME = 320
"""Samples that the canceller takes at a time: 20 ms."""

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

WORKS_DB = 10.0
"""A canceller that removes this much can tell somebody from the echo."""

_JUDGED_FRAMES = 12
"""A judgement of how much was removed is made over a quarter of a second of loud reference."""

_JUDGEMENTS = 8
"""The best of so many counts: near speech spoils some of them, and not all."""

NOTHING: Samples = np.zeros(0, np.int16)

_LEAST_POWER = FRAME * FULL_SCALE**-2  # of a frame: one step of 16 bits
_LOUD_POWER = FRAME * 10 ** (LOUD_DBFS / 10)


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
        near_db: By how much the loudest frame exceeds what cancelling may leave; see `ResidualEcho`. Infinite while
            nothing sounds: whatever is heard then is no echo.
    """

    samples: Samples
    reference_dbfs: float
    echo_dbfs: float
    microphone_dbfs: float
    left_dbfs: float
    somebody: bool
    removed_db: float | None
    uncovered: Samples = field(default_factory=lambda: NOTHING)
    near_db: float = math.inf

    @property
    def works(self) -> bool:
        """Whether cancelling is known to work here."""
        return self.removed_db is not None and self.removed_db >= WORKS_DB

    @property
    def clearly_somebody(self) -> bool:
        """Whether it is certain that somebody was heard besides the assistant, where cancelling works."""
        return self.near_db >= CLEARLY_DB


class EchoCanceller:
    """Takes blocks of any length of both sides and gives the microphone's without the echo.

    The reference must run along with the microphone or up to some 50 ms ahead of the echo, never behind it. While it
    has been silent for longer than the room may ring, the microphone passes bit for bit and only its noise is noted.
    """

    def __init__(self) -> None:
        self._filter = RoomFilter(FRAME, PARTITIONS)
        self._residual_echo = ResidualEcho(FRAME)
        self._somebody = True
        self._quiet_frames = PARTITIONS + 1
        self._frames_since_tone = TONE_RINGS_FRAMES
        self._pending = np.zeros((2, 0), np.int16)  # microphone and reference, less than a frame
        # Microphone, reference, expected echo, what is left, that before it is covered, and whether it stood out though
        # it was; not handed on yet.
        self._ready = np.zeros((6, DELAY), np.int16)
        self._given: deque[Samples] = deque()  # handed on, not covered enough, and just before what is ready
        self._begins = False
        self._near_db = -math.inf  # of the block so far
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
        both = np.stack([microphone, reference])
        if self._pending.shape[1]:
            both = np.concatenate([self._pending, both], axis=1)
        whole = both.shape[1] // FRAME * FRAME
        self._pending = both[:, whole:]
        begin = self._ready.shape[1]
        ready = np.empty((6, begin + whole), np.int16)
        ready[:, :begin] = self._ready
        self._frames(both[:, :whole], ready[:, begin:])
        given, self._ready = ready[:, : len(microphone)], ready[:, len(microphone) :]
        heard_dbfs, reference_dbfs, echo_dbfs, left_dbfs = _levels_dbfs(given[:4])
        uncovered = self._look_back(given[4], given[5])
        near_db, self._near_db = self._near_db, -math.inf
        return Cleaned(
            given[3],
            reference_dbfs,
            echo_dbfs,
            heard_dbfs,
            left_dbfs,
            self._somebody,
            self._judge.removed_db,
            uncovered,
            near_db,
        )

    def _look_back(self, bare: Samples, stands_out: Samples) -> Samples:
        """Where somebody begins: the bare sound of the frames that were covered just before without a break; else none.

        Remembers such frames for the next call.
        """
        begins, self._begins = self._begins, False
        if not stands_out.any():  # as nearly always
            self._given.clear()
            return NOTHING
        breaks = np.flatnonzero(stands_out == 0)
        if len(breaks):
            self._given.clear()
            bare = bare[breaks[-1] + 1 :]
        self._given.append(bare)
        before = np.concatenate(self._given) if begins else NOTHING
        if self._somebody:
            self._given.clear()
        while sum(map(len, self._given)) > LOOKS_BACK_FRAMES * FRAME:
            self._given.popleft()
        return before

    def _frames(self, both: Samples, ready: Samples) -> None:
        """Clean whole frames of both sides, shape ``(2, n)``, and write the results into ``ready``; see `_ready`."""
        sound = both * np.float32(1.0 / FULL_SCALE)
        sounds = np.abs(sound[1]) > (SILENT + 0.5) / FULL_SCALE
        made = np.empty((3, both.shape[1]), np.float32)
        for at in range(0, both.shape[1], FRAME):
            frame = slice(at, at + FRAME)
            ready[5, frame] = self._frame(sound[:, frame], made[:, frame], sounds=bool(sounds[frame].any()))
        made *= FULL_SCALE
        np.rint(made, out=made)
        ready[:2] = both
        ready[2:5] = made.clip(-FULL_SCALE, FULL_SCALE - 1, out=made)

    def _frame(self, both: Sound, made: Sound, *, sounds: bool) -> bool:
        """Clean one frame, and write into ``made`` the expected echo, what is left, and that before it is covered.

        Returns:
            Whether it is covered although it stands out.
        """
        sound, sounded = both
        self._quiet_frames = 0 if sounds else self._quiet_frames + 1
        before = self._somebody
        if self._quiet_frames > PARTITIONS and not self._residual_echo.lingers:
            self._somebody, self._near_db = True, math.inf
            self._residual_echo.note_silence(sound)
            made[0], made[1:] = 0.0, sound
            return False
        echo = self._filter.echo(sound, sounded)
        left = sound - echo
        self._judge.note(sounded, sound, left)
        self._frames_since_tone = 0 if self._filter.reference_is_a_tone else self._frames_since_tone + 1
        rings = self._frames_since_tone < TONE_RINGS_FRAMES
        made[0], made[2] = echo, left
        made[1] = self._residual_echo.cover(left, self._filter.powers, tone_rings=rings)
        self._somebody = self._residual_echo.somebody
        self._begins |= self._somebody and not before
        self._near_db = max(self._near_db, self._residual_echo.near_db)
        return self._residual_echo.stands_out


class _Judge:
    """How much is removed while only the assistant speaks."""

    def __init__(self) -> None:
        self._heard = self._left = 0.0
        self._frames = 0
        self._judged: deque[float] = deque(maxlen=_JUDGEMENTS)

    @property
    def removed_db(self) -> float | None:
        return max(self._judged, default=None)

    def note(self, reference: Sound, microphone: Sound, left: Sound) -> None:
        """Take in a frame from which an echo was taken out."""
        if reference.dot(reference) < _LOUD_POWER:
            return
        self._heard += float(microphone.dot(microphone))
        self._left += float(left.dot(left))
        self._frames += 1
        if self._frames == _JUDGED_FRAMES:
            self._judged.append(10 * math.log10((self._heard + _LEAST_POWER) / (self._left + _LEAST_POWER)))
            self._heard = self._left = 0.0
            self._frames = 0


def _levels_dbfs(sounds: Samples) -> list[float]:
    """The level of each row in decibels below full scale; of digital silence or of nothing, -96."""
    floats = sounds.astype(np.float32)
    powers = np.einsum("ij,ij->i", floats, floats).tolist()
    most = max(sounds.shape[1], 1) * FULL_SCALE**2
    return [10 * math.log10(max(power / most, 10**-9.6)) for power in powers]
