"""Which sample sounded at the loudspeaker when a sample of the microphone was captured.

Both devices tell for each buffer when its first sample passes the converter. Single times are some milliseconds off,
so those of two seconds are taken together by their median. Clocks that drift apart by some parts in a million are
found out over a minute or so, and followed gradually.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence

import numpy as np

from assistant.audio.formats import BLOCK, RATE

REMEMBERED_BUFFERS = 2 * RATE // BLOCK + 1
"""Buffers whose times count: two seconds."""

SETTLED_BUFFERS = RATE // BLOCK
"""Until so many buffers of both sides have come, a second, the place follows at once."""

STILL_S = 0.008
"""A place that is no further off than this is left alone."""

CREEP = 50e-6
"""Samples a sample by which a place that is further off comes nearer: slowly enough for a canceller to go along."""

BUFFERS_A_POINT = RATE // BLOCK
"""Buffers from one look at the drift to the next: a second."""

DRIFT_POINTS, LEAST_DRIFT_POINTS = 120, 20
"""Looks that a drift is told from, at most and at least."""

LEAST_DRIFT, MOST_DRIFT = 5e-6, 500e-6
"""Drifts between sound devices, in samples a sample: less does no harm, more is none."""

JUMP_S = 0.015
"""A place that is further off than this did not drift away: sound was lost, and it follows at once."""

PLAUSIBLE_S = 5.0
"""How far a stated time may lie from that of the callback."""


class StreamClock:
    """Where a stream's first sample lies, on the clock of the sound system and on the clock of arrivals.

    Args:
        rate: The device's samples a second.
        frames_before: Samples at `RATE` that were handled before this stream began.
    """

    def __init__(self, rate: int, frames_before: int = 0) -> None:
        self._rate = rate
        self._before_s = frames_before / RATE
        self._frames = 0
        self._stated: deque[float] = deque(maxlen=REMEMBERED_BUFFERS)
        self._arrived: deque[float] = deque(maxlen=REMEMBERED_BUFFERS)
        self.buffers = 0

    def note(self, frames: int, stated_s: float, now_s: float, arrived_s: float) -> None:
        """A buffer is handled.

        Args:
            frames: Its length at the device's rate.
            stated_s: When its first sample passes the converter, on the sound system's clock.
            now_s: The time of the callback on that clock.
            arrived_s: The best guess of the same from the time of arrival, on the machine's own clock.
        """
        begins_s = self._before_s + self._frames / self._rate
        if math.isfinite(stated_s) and stated_s > 0.0 and abs(stated_s - now_s) < PLAUSIBLE_S:
            self._stated.append(stated_s - begins_s)
        else:
            self._stated.clear()
        self._arrived.append(arrived_s - begins_s)
        self._frames += frames
        self.buffers += 1

    def forget(self) -> None:
        """Sound was lost: the times so far say nothing any more."""
        for times in (self._stated, self._arrived):
            while len(times) > 1:
                times.popleft()
        self.buffers = 0

    @property
    def has_stated_times(self) -> bool:
        """Whether the sound system's times make sense."""
        return bool(self._stated)

    def origin_s(self, *, stated: bool) -> float:
        """When sample 0 passed the converter: by the sound system's times or by those of arrival."""
        times = sorted(self._stated if stated else self._arrived)
        return times[len(times) // 2]


class Alignment:
    """Joins the clocks of both streams.

    Stated times wander by a millisecond within seconds though nothing drifts, and following that would be worse for a
    canceller than any drift: so the place stands still, or moves along with a drift once that is beyond doubt.

    Args:
        loudspeaker: Its clock; its samples are those of the mixer.
        microphone: Its clock; its samples are counted from the stream's beginning.
    """

    def __init__(self, loudspeaker: StreamClock, microphone: StreamClock) -> None:
        self._loudspeaker = loudspeaker
        self._microphone = microphone
        self._ahead: float | None = None
        self._stated = False
        self._buffers = 0
        self._captured = 0
        self._drift = 0.0
        self._seen: deque[tuple[float, float]] = deque(maxlen=DRIFT_POINTS)

    def sounding(self, captured: int) -> float:
        """The mixer's sample that sounded when the microphone's sample ``captured`` was; called once a buffer.

        Both clocks must have noted a buffer.
        """
        stated = self._loudspeaker.has_stated_times and self._microphone.has_stated_times
        target = (self._microphone.origin_s(stated=stated) - self._loudspeaker.origin_s(stated=stated)) * RATE
        settling = min(self._loudspeaker.buffers, self._microphone.buffers) < SETTLED_BUFFERS
        jumps = self._ahead is not None and not settling and abs(target - self._ahead) > JUMP_S * RATE
        if jumps:
            self._loudspeaker.forget()
            self._microphone.forget()
        if self._ahead is None or settling or jumps or stated != self._stated:
            self._ahead, self._drift, self._buffers = target, 0.0, 0
            self._seen.clear()
        else:
            self._follow(captured, target)
        self._stated, self._captured = stated, captured
        return captured + self._ahead

    def _follow(self, captured: int, target: float) -> None:
        assert self._ahead is not None
        passed = captured - self._captured
        self._ahead += self._drift * passed
        off = target - self._ahead
        if abs(off) > STILL_S * RATE:
            self._ahead += math.copysign(CREEP * passed, off)
        self._buffers += 1
        if self._buffers % BUFFERS_A_POINT == 0:
            self._seen.append((float(captured), target))
            self._drift = _drift(self._seen)


def _drift(seen: Sequence[tuple[float, float]]) -> float:
    """Samples a sample by which a place moves, or 0 where that is not beyond doubt."""
    if len(seen) < LEAST_DRIFT_POINTS:
        return 0.0
    at, place = np.array(seen).T
    at -= at.mean()
    spread = float((at**2).sum())
    slope = float((at * place).sum() / spread)
    rest = place - place.mean() - slope * at
    doubt = math.sqrt(float((rest**2).sum()) / (len(seen) - 2) / spread)
    # The points share some of their buffers, and wander together: more doubt than if they were independent.
    certain = abs(slope) > LEAST_DRIFT + 5.0 * doubt
    return slope if certain and abs(slope) < MOST_DRIFT else 0.0
