"""Which sample sounded at the loudspeaker when a sample of the microphone was captured.

Both devices tell for each buffer when its first sample passes the converter. Single times are some milliseconds off
and the two clocks drift apart by some parts in a million, so the times of two seconds are taken together by their
median, and what is made of them moves slowly.
"""

from __future__ import annotations

import math
from collections import deque

from assistant.audio.formats import RATE

REMEMBERED_BUFFERS = 101
"""Buffers whose times count: two seconds."""

SETTLED_BUFFERS = 25
"""Until so many buffers of both sides have come, half a second, the place follows at once."""

SLIDE = 0.005
"""Share of what is missing that is made up with each buffer: a time constant of four seconds."""

JUMP_S = 0.010
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

    Args:
        loudspeaker: Its clock; its samples are those of the mixer.
        microphone: Its clock; its samples are counted from the stream's beginning.
    """

    def __init__(self, loudspeaker: StreamClock, microphone: StreamClock) -> None:
        self._loudspeaker = loudspeaker
        self._microphone = microphone
        self._ahead: float | None = None
        self._stated = False

    def sounding(self, captured: int) -> float:
        """The mixer's sample that sounded when the microphone's sample ``captured`` was; called once a buffer.

        Both clocks must have noted a buffer.
        """
        stated = self._loudspeaker.has_stated_times and self._microphone.has_stated_times
        target = (self._microphone.origin_s(stated=stated) - self._loudspeaker.origin_s(stated=stated)) * RATE
        settling = min(self._loudspeaker.buffers, self._microphone.buffers) < SETTLED_BUFFERS
        if self._ahead is None or settling or stated != self._stated or abs(target - self._ahead) > JUMP_S * RATE:
            self._ahead = target
        else:
            self._ahead += (target - self._ahead) * SLIDE
        self._stated = stated
        return captured + self._ahead
