"""What every sound card looks like, real or simulated."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from assistant.audio.formats import Samples

Render = Callable[[int], Samples]
"""Asked for this many samples to play next; answers with exactly so many."""

Hear = Callable[[Samples, float], None]
"""Given the next samples from the microphone, about `BLOCK` at a time, and the sample (counted from the first one
rendered since `SoundCard.open`, perhaps between two) that sounded at the loudspeaker when the first was captured."""


class SoundCard(Protocol):
    """A loudspeaker that asks for sound and a microphone that brings some.

    Both callbacks may come from a thread of the card's own: they copy and count, nothing else.
    """

    @property
    def lost(self) -> str | None:
        """``"microphone"`` or ``"loudspeaker"`` while one of them has gone, else None."""

    def open(self, render: Render, hear: Hear) -> None:
        """Start both streams.

        Raises:
            MicrophoneUnavailable: No microphone can be opened.
            SpeakerUnavailable: No loudspeaker can be opened.
            SoundLibraryMissing: PortAudio is not installed.
        """

    def close(self) -> None:
        """Stop both streams; never hangs, also where the device has gone."""
