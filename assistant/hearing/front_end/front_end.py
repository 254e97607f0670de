"""What every front end looks like to whoever feeds it sound; and the two that have no echo to cancel."""

from __future__ import annotations

from typing import Protocol

from assistant.audio.formats import Samples
from assistant.hearing.front_end.own_voice import OwnVoice
from assistant.hearing.listener import AnyListener, Utterance
from intents.sentences import Sentences


class FrontEnd(Protocol):
    """Takes the microphone's blocks; gives utterances on the session's clock."""

    @property
    def at_rest(self) -> bool:
        """Whether nothing is said, by the assistant or by anybody else: blocks may come a little later then."""

    def listen_for(self, sentences: Sentences) -> None:
        """Take these sentences from now on; the same ones again change nothing."""

    def accept(self, block: Samples, sounding: float) -> list[Utterance]:
        """Take the next block.

        Args:
            block: int16, 16 kHz, any length.
            sounding: The sample that the loudspeaker played when its first one was captured.
        """

    def flush(self) -> list[Utterance]:
        """The stream has ended: decide about the utterance in progress."""


class DirectFrontEnd:
    """The front end of a microphone that does not hear the loudspeaker: its blocks are left as they are.

    Args:
        listener: Hears them.
        own_voice: Knows what the assistant says.
    """

    def __init__(self, listener: AnyListener, own_voice: OwnVoice) -> None:
        self._listener = listener
        self._own_voice = own_voice

    @property
    def at_rest(self) -> bool:
        """Whether nothing has stirred for long."""
        return self._listener.at_rest

    def listen_for(self, sentences: Sentences) -> None:
        """Take these sentences from now on."""
        self._listener.listen_for(sentences)

    def accept(self, block: Samples, sounding: float) -> list[Utterance]:  # noqa: ARG002 - nothing of it is in the block
        """Take the next block."""
        return [self._own_voice.judge(utterance) for utterance in self._listener.accept(block)]

    def flush(self) -> list[Utterance]:
        """The stream has ended: decide about the utterance in progress."""
        return [self._own_voice.judge(utterance) for utterance in self._listener.flush()]


class DeafFrontEnd:
    """Hears nothing: where commands are typed, or come from a script."""

    at_rest = True

    def listen_for(self, sentences: Sentences) -> None:
        """See `FrontEnd`."""

    def accept(self, block: Samples, sounding: float) -> list[Utterance]:  # noqa: ARG002 - it hears nothing
        """See `FrontEnd`."""
        return []

    def flush(self) -> list[Utterance]:
        """See `FrontEnd`."""
        return []
