"""The front end of a microphone that hears the loudspeaker: the listener is spared the assistant's own voice.

The echo is cancelled and what is left of it covered; the voice is ducked, or falls silent, where somebody seems to
speak into it (barge-in); and what was heard of it nevertheless is rejected.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TypeAlias

import numpy as np

from assistant.audio.formats import RATE, Samples
from assistant.hearing.decision import NEVER_ASKED_ABOUT
from assistant.hearing.front_end.ducking import Ducking
from assistant.hearing.front_end.echo_canceller import DELAY, LOUD_DBFS, Cleaned, EchoCanceller
from assistant.hearing.front_end.own_voice import OwnVoice, Whose
from assistant.hearing.listener import AnyListener, Utterance
from intents.sentences import Sentences

STOPS = "Stop"

HUSHED_GAIN = 0.0
"""Gain of the voice while "stop" or the like seems to be said: silent at once, and on again if it was nothing."""

HUSH_HOLD_S = 0.4
"""How long it stays silent after that: what was said may be said again, and is not to be drowned again."""

RINGS_ON_S = 0.6
"""How long the voice may ring on in the room once it is silent."""

INAUDIBLE_ECHO_DB = -45.0
"""An echo this much fainter than the voice makes no words: headphones, or a loudspeaker in another room."""

NEAR_SHARE = 0.5
"""Where somebody beside the voice is heard for so much of an utterance, it can't be the voice's echo."""

OWN_SHARE = 0.33
"""Where somebody is heard for less of it, it is the echo. Who says "stop" into the voice is for two fifths at least."""

CLEAR_SHARE = 0.1
"""So much of a "stop" or "it hurts" is clearly somebody's if it is: at least a seventh of each of 84 said into either
voice. Of what the echo of a natural voice's lines was taken for, it was a thirteenth at most."""

DOUBTED_BELOW = 0.5
"""What the recogniser believes in less is somebody's only if `NEAR_SHARE` of it clearly is: each of 87 said into either
voice had .95, while "step one of four" and "rest", said by a natural voice, were taken for "stop" with .14."""

UNCLEAR_SHARE = 0.75
"""Where nothing is clear, somebody must be heard for so much of a "stop"; that is the way out of everything."""

BEGINS_S = 0.1
"""So much before the first word counts as part of it: a recogniser's times are off by some hundredths of a second."""

_REMEMBERED_S = 15.0


ReadReference: TypeAlias = Callable[[int, float], Samples]
"""The reference signal: given a number of samples n and the sample of the session that sounded, what the loudspeaker
played from there on, int16, shape ``(n,)``; see `assistant.audio.reference`."""


class EchoFrontEnd:
    """Takes the microphone's blocks with what sounded meanwhile; gives utterances on the session's clock.

    Everything but `listen_for` and `flush` runs where the blocks come from, one after the other.

    Args:
        listener: Hears what is left.
        reference: Gives what was played.
        duck: Sets the gain of the assistant's voice, 0 to 1, from now on; its tones and counts stay.
        own_voice: Knows what the assistant says.
    """

    def __init__(
        self, listener: AnyListener, reference: ReadReference, duck: Callable[[float], None], own_voice: OwnVoice
    ) -> None:
        self._listener = listener
        self._reference = reference
        self._duck = duck
        self._own_voice = own_voice
        self._canceller = EchoCanceller()
        self._ducking = Ducking()
        self._heard = 0
        self._ahead = 0.0
        self._gain = 1.0
        self._hushed = 0  # samples for which the voice stays silent, and for which it rings on
        self._ringing = 0
        self._near: deque[tuple[float, bool | None, bool]] = deque()
        self.cleaned: Cleaned | None = None
        """The last block with its levels."""

    @property
    def at_rest(self) -> bool:
        """Whether nothing is said, by the assistant or by anybody else: blocks may come a little later then."""
        return not self._ringing and self._listener.at_rest

    def accept(self, block: Samples, sounding: float) -> list[Utterance]:
        """Take the next block.

        Args:
            block: int16, 16 kHz, any length.
            sounding: The sample that the loudspeaker played when its first one was captured.
        """
        self.cleaned = self._canceller.cancel(block, self._reference(len(block), sounding))
        ducked = self._ducking.note(self.cleaned)
        self._note_near(sounding / RATE, self.cleaned)
        # The recogniser counts what it is given; the session counts what is played.
        self._ahead = (sounding - DELAY - self._heard) / RATE
        self._heard += len(block)
        sounds = self.cleaned.reference_dbfs > LOUD_DBFS
        self._ringing = round(RINGS_ON_S * RATE) if sounds else max(0, self._ringing - len(block))
        samples = self.cleaned.samples
        if len(self.cleaned.uncovered):
            before, now = np.split(self.cleaned.uncovered, [max(0, len(self.cleaned.uncovered) - len(block))])
            samples = np.concatenate([samples[: len(block) - len(now)], now])
            self._listener.replace_last(before)
        heard = self._listener.accept(samples, over_voice=self._ringing > 0)
        if self._listener.suspects:
            self._hushed = round(HUSH_HOLD_S * RATE)
        elif any(utterance.command for utterance in heard):
            self._hushed = 0  # it is answered, or was no command but the voice itself
        else:
            self._hushed = max(0, self._hushed - len(block))
        gain = HUSHED_GAIN if self._hushed else ducked
        if gain != self._gain:
            self._gain = gain
            self._duck(gain)
        return list(self._judged(heard))

    def listen_for(self, sentences: Sentences) -> None:
        """Take these sentences from now on."""
        self._listener.listen_for(sentences)

    def flush(self) -> list[Utterance]:
        """The stream has ended: decide about the utterance in progress."""
        return list(self._judged(self._listener.flush()))

    def _judged(self, utterances: list[Utterance]) -> Iterator[Utterance]:
        """The utterances on the session's clock; those of the voice rejected."""
        for utterance in utterances:
            start_s, end_s = utterance.start_s + self._ahead, utterance.end_s + self._ahead
            whose = self._whose(start_s, end_s, utterance)
            yield self._own_voice.judge(replace(utterance, start_s=start_s, end_s=end_s), whose)

    def _note_near(self, at_s: float, cleaned: Cleaned) -> None:
        self._near.append((at_s, cleaned.somebody if cleaned.works else None, cleaned.clearly_somebody))
        while self._near[0][0] < at_s - _REMEMBERED_S:
            self._near.popleft()

    def _whose(self, start_s: float, end_s: float, utterance: Utterance) -> Whose:
        """Who was heard, as far as that is certain.

        It is not the assistant where its voice makes no echo, or is cancelled well and somebody was heard beside what
        is left of it. It is nobody else where the echo is cancelled well and hardly anything was heard beside, or
        nothing clearly; "stop" needs no clear moment if somebody was heard for most of it, but many if it is doubtful.
        """
        echo_db = self._ducking.echo_db
        if echo_db is not None and echo_db < INAUDIBLE_ECHO_DB:
            return "somebody"
        during = [near for at_s, near, _ in self._near if start_s <= at_s <= end_s]
        if not during:
            return "unknown"
        share = sum(near is True for near in during) / len(during)
        sure = [sure for at_s, _, sure in self._near if start_s - BEGINS_S <= at_s <= end_s]
        command = utterance.command
        if command is None or command.intent not in NEVER_ASKED_ABOUT:
            clearly = any(sure)
        else:
            unclear = command.intent == STOPS and share >= UNCLEAR_SHARE
            least = NEAR_SHARE if utterance.confidence < DOUBTED_BELOW else CLEAR_SHARE
            clearly = unclear or sum(sure) >= least * len(sure)
        if clearly and share >= NEAR_SHARE:
            return "somebody"
        return "assistant" if None not in during and (share < OWN_SHARE or not clearly) else "unknown"
