"""Time without a loudspeaker: for typed sessions on a machine that has none, where the words are read instead."""

from __future__ import annotations

import threading
import time

from assistant.audio.card import Hear, Render
from assistant.audio.formats import BLOCK, RATE


class PacedCard:
    """Asks for sound at the pace at which it would be played, and throws it away. Its microphone hears nothing."""

    lost: str | None = None

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._blocks = 0

    @property
    def sounding_s(self) -> float:
        """Seconds that would have sounded by now."""
        return self._blocks * BLOCK / RATE

    def look(self) -> None:
        """Nothing can be missing."""

    def open(self, render: Render, hear: Hear) -> None:
        """Start the clock."""
        del hear  # nobody speaks here
        self._stop.clear()
        self._thread = threading.Thread(target=self._run, args=(render,), name="paced card", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop the clock."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=1.0)

    def reopen(self, *, interrupt: bool = True) -> None:
        """Nothing can have gone."""

    def _run(self, render: Render) -> None:
        begun = time.monotonic()
        while not self._stop.is_set():
            render(BLOCK)
            self._blocks += 1
            # Against the clock, not block by block: waits that are a little long don't add up.
            self._stop.wait(max(0.0, begun + self._blocks * BLOCK / RATE - time.monotonic()))
