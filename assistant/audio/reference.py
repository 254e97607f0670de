"""The reference for cancelling an echo: what sounded while the microphone heard."""

from __future__ import annotations

from assistant.audio.formats import RATE, Samples
from assistant.audio.history import History

LEAD = RATE * 20 // 1000
"""Samples by which the reference is kept ahead of the echo where so much was already rendered: 20 ms. Times from the
sound system are that uncertain, and an echo can't be cancelled with what comes after it."""

LOST = RATE // 10
"""A place that is off by more than this is another one: sound was lost, or a device was opened again."""


class Reference:
    """Reads along in what was played.

    Args:
        history: What was played.
    """

    def __init__(self, history: History) -> None:
        self._history = history
        self._expected: float | None = None
        self._lead = LEAD

    def of(self, count: int, sounding: float) -> Samples:
        """The reference of so many samples of the microphone.

        Args:
            count: How many.
            sounding: The sample that sounded when the first one was captured.
        """
        if self._expected is None or abs(sounding - self._expected) > LOST:
            self._lead = LEAD
        self._expected = sounding + count
        # Never changed without need: the canceller would have to learn the room anew.
        rendered_ahead = int(self._history.end - sounding - count)
        self._lead = max(0, min(self._lead, rendered_ahead))
        return self._history.read(sounding + self._lead, count)
