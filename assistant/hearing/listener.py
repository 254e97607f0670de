"""From sound to commands: drives a recogniser with what may be said now, and decides what is taken.

The policy, all in one place:

* The sound is made fit first: see `assistant.hearing.levels`.
* The whole text must be a sentence; what is not has the reason it was rejected for.
* What something else might have been just as well, by the engine's own belief, is asked about rather than done; not so
  the quick intents: better to stop for nothing.
* The few intents that must be quick are taken from partial results, once those have stood still for a moment; the
  rest waits for the endpoint. What was taken from a partial is not taken again from its final.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from assistant.audio.formats import Samples
from assistant.hearing.levels import InputConditioner
from assistant.hearing.recogniser import Final, Partial, Recogniser, Transcript
from intents import Command
from intents.sentences import Sentences

QUICK_INTENTS = frozenset({"Stop", "Pause", "Hurts", "Symptom"})
STABLE_S = 0.24
"""How long a partial result must stand still before it is acted on."""

SHORTEST_S = 0.12
"""No word is shorter than this; a knock on the floor is."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """What was made of one stretch of speech, in seconds on the stream clock.

    Attributes:
        start_s: Where its first word begins.
        end_s: Where its last word ends.
        text: The words, as recognised.
        confidence: 0 to 1, the recogniser's own.
        command: What it means; None if it was rejected.
        rejected: Why it is not taken: ``noise``, ``too short``, ``unsure``, ``not a phrase``,
            ``own voice``; None if it is.
        surely_near: Whether it is known to come from somebody in the room rather than from the loudspeaker.
    """

    start_s: float
    end_s: float
    text: str
    confidence: float
    command: Command | None
    rejected: str | None
    surely_near: bool = False


class Listener:
    """A recogniser with the policy of what is taken.

    Args:
        recogniser: The engine.
        sentences: What may be said at first.
        quick: Intents that are taken from partial results, where the recogniser's can be relied on.
    """

    def __init__(self, recogniser: Recogniser, sentences: Sentences, quick: Collection[str] = QUICK_INTENTS) -> None:
        self._input = InputConditioner()
        self._recogniser = recogniser
        self._quick = frozenset(quick if recogniser.partials_are_steady else ())
        self._sentences = sentences
        self._candidate: tuple[str, float] | None = None
        self._spent = False
        self._suspects = False
        recogniser.listen_for(sentences.graph())

    @property
    def suspects(self) -> bool:
        """Whether one of the quick intents seems to be said just now, too shortly yet to be taken."""
        return self._suspects

    def listen_for(self, sentences: Sentences) -> None:
        """Take these sentences from now on, also for the utterance in progress."""
        if sentences is not self._sentences:
            self._sentences = sentences
            self._candidate = None
            self._recogniser.listen_for(sentences.graph())

    def accept(self, block: Samples) -> list[Utterance]:
        """Take the next block of sound."""
        return list(self._decide(self._recogniser.accept(self._input.accept(block))))

    def flush(self) -> list[Utterance]:
        """The stream has ended: decide about the utterance in progress."""
        return list(self._decide(self._recogniser.flush()))

    def _decide(self, transcripts: Collection[Transcript]) -> Iterator[Utterance]:
        for transcript in transcripts:
            self._suspects = isinstance(transcript, Partial) and not self._spent and self._is_quick(transcript.text)
            if isinstance(transcript, Final):
                spent, self._spent, self._candidate = self._spent, False, None
                if not spent:
                    yield self._decide_final(transcript)
            elif not self._spent and (utterance := self._decide_partial(transcript)):
                self._spent, self._candidate = True, None
                yield utterance

    def _decide_partial(self, partial: Partial) -> Utterance | None:
        text = partial.text
        if not text:
            self._candidate = None
            return None
        if self._candidate is None or self._candidate[0] != text:
            self._candidate = (text, partial.at_s)
            return None
        # The sound after the word counts, too: "stop" may be how "start" begins, for as long as somebody speaks.
        if partial.at_s - max(self._candidate[1], partial.words[-1].end_s) < STABLE_S:
            return None
        command = self._sentences.match(text)
        if command is None or not self._is_quick(text):
            return None
        words = partial.words
        confidence = min(word.confidence for word in words)
        return Utterance(words[0].start_s, words[-1].end_s, text, confidence, command, None)

    def _is_quick(self, text: str) -> bool:
        command = self._sentences.match(text) if text else None
        return command is not None and command.intent in self._quick

    def _decide_final(self, final: Final) -> Utterance:
        start = final.words[0].start_s if final.words else final.start_s
        end = final.words[-1].end_s if final.words else final.end_s
        command: Command | None = None
        rejected = final.rejected
        if not final.words:
            rejected = rejected or "noise"
        elif rejected is None and end - start < SHORTEST_S:
            rejected = "too short"
        elif rejected is None:
            command = self._sentences.match(final.text)
            if command is None:
                rejected = "not a phrase"
            elif final.confidence < self._recogniser.unsure_below and command.intent not in self._quick:
                command, rejected = None, "unsure"
        return Utterance(start, end, final.text, final.confidence, command, rejected)
