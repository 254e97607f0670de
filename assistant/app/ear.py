"""The ear: a listener that is spared the assistant's own voice, and a voice that steps back where it must."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from assistant.audio.formats import RATE, Samples
from assistant.audio.mixer import Mixer
from assistant.audio.reference import Reference
from assistant.hearing.ducking import Ducking
from assistant.hearing.echo import DELAY, Cleaned, EchoCanceller
from assistant.hearing.listener import Listener, Utterance
from intents.sentences import Sentences

VOICE_LAYER = "voice"
"""What of the mixer steps back; tones and counts stay."""


class Ear:
    """Takes the microphone's blocks with what sounded meanwhile; gives utterances on the session's clock.

    Everything but `listen_for` and `flush` runs where the blocks come from, one after the other.

    Args:
        listener: Hears what is left.
        mixer: Knows what was played; its voice is ducked.
    """

    def __init__(self, listener: Listener, mixer: Mixer) -> None:
        self._listener = listener
        self._mixer = mixer
        self._reference = Reference(mixer.history)
        self._canceller = EchoCanceller()
        self._ducking = Ducking()
        self._heard = 0
        self._ahead = 0.0
        self.cleaned: Cleaned | None = None
        """The last block with its levels."""

    def accept(self, block: Samples, sounding: float) -> list[Utterance]:
        """Take the next block.

        Args:
            block: int16, 16 kHz, any length.
            sounding: The mixer's sample that sounded when its first one was captured.
        """
        before = self._ducking.gain
        self.cleaned = self._canceller.cancel(block, self._reference.of(len(block), sounding))
        gain = self._ducking.note(self.cleaned)
        if gain != before:
            self._mixer.duck(VOICE_LAYER, gain)
        # The recogniser counts what it is given; the session counts what is played.
        self._ahead = (sounding - DELAY - self._heard) / RATE
        self._heard += len(block)
        return list(self._on_session_clock(self._listener.accept(self.cleaned.samples)))

    def listen_for(self, sentences: Sentences) -> None:
        """Take these sentences from now on."""
        self._listener.listen_for(sentences)

    def flush(self) -> list[Utterance]:
        """The stream has ended: decide about the utterance in progress."""
        return list(self._on_session_clock(self._listener.flush()))

    def _on_session_clock(self, utterances: list[Utterance]) -> Iterator[Utterance]:
        for utterance in utterances:
            yield replace(utterance, start_s=utterance.start_s + self._ahead, end_s=utterance.end_s + self._ahead)
