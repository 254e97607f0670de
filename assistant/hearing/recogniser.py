"""What every speech recogniser looks like to the rest of the assistant.

A recogniser is fed sound and answers with transcripts. It knows nothing of intents or phases: it is given a
word graph (what may be said now) and reports words with their times on its own stream clock, which starts
at zero with the first sample it was ever given and never goes back, also not when the grammar changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from assistant.audio.formats import Samples
from intents.graph import WordGraph


@dataclass(frozen=True, slots=True)
class Word:
    """One recognised word.

    Attributes:
        text: The word, lower case.
        start_s: Where it begins, in seconds on the stream clock.
        end_s: Where it ends, in seconds on the stream clock.
        confidence: The engine's own belief, 0 to 1. Not comparable between engines.
        in_part: Whether only so much of it was heard as is left where something louder covers the rest.
    """

    text: str
    start_s: float
    end_s: float
    confidence: float
    in_part: bool = False


class _OfWords:
    """Whatever has words."""

    __slots__ = ()
    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        """The words in one string."""
        return " ".join(word.text for word in self.words)

    @property
    def in_part(self) -> bool:
        """Whether one of the words was heard in part only."""
        return any(word.in_part for word in self.words)


@dataclass(frozen=True, slots=True)
class Partial(_OfWords):
    """What the utterance in progress sounds like so far; may be taken back by the next one."""

    words: tuple[Word, ...]
    at_s: float
    """Stream time up to which sound was taken into account."""


@dataclass(frozen=True, slots=True)
class Hypothesis(_OfWords):
    """One of the things that an utterance may have been.

    Attributes:
        words: Its words, as far as the grammar has them.
        probability: How likely it is among all that the engine still thinks possible, 0 to 1.
        whole: Whether nothing else was said in it but words of the grammar.
        in_passing: Urgent words that were heard among others that fit no sentence.
        others: How many words there were in it beside.
        log_likelihood: Natural logarithm of how likely its words and its sound are together; 0 where the engine doesn't
            tell.
    """

    words: tuple[Word, ...]
    probability: float
    whole: bool = True
    in_passing: frozenset[str] = frozenset()
    others: int = 0
    log_likelihood: float = 0.0


@dataclass(frozen=True, slots=True)
class Final(_OfWords):
    """One whole utterance, ended by an endpoint.

    Attributes:
        words: The words, empty when there was sound in which no word was found.
        start_s: Where the utterance begins, in seconds on the stream clock.
        end_s: Where it ends; the endpoint itself lies a little later.
        confidence: 0 to 1, the engine's own.
        rejected: Why the engine itself doubts that this was one of the sentences (for instance ``"not a phrase"``),
            else None.
        alternatives: The n-best list: everything that it may have been, the likeliest first, which is what the words
            say; none where the engine doesn't tell.
    """

    words: tuple[Word, ...]
    start_s: float
    end_s: float
    confidence: float
    rejected: str | None = None
    alternatives: tuple[Hypothesis, ...] = ()
    sound: Samples | None = field(default=None, compare=False, repr=False)

    def in_full(self) -> Final:
        """The final as it would be if nothing were ever heard in part."""
        if not any(hypothesis.in_part for hypothesis in self.alternatives):
            return self
        known = [hypothesis for hypothesis in self.alternatives if not hypothesis.in_part]
        total = sum(hypothesis.probability for hypothesis in known)
        if not total:
            return replace(self, words=(), rejected="not a phrase", alternatives=())
        shares = tuple(replace(one, probability=one.probability / total) for one in known)
        rejected = None if shares[0].whole else "not a phrase"
        words, confidence = shares[0].words, shares[0].probability
        return replace(self, words=words, confidence=confidence, rejected=rejected, alternatives=shares)


Transcript = Partial | Final


class Recogniser(Protocol):
    """A streaming recogniser with a grammar."""

    @property
    def name(self) -> str:
        """What the user is told is listening, for instance ``pocketsphinx``."""

    @property
    def unsure_below(self) -> float:
        """Finals with a confidence below this may just as well be something else; 0 where confidence tells nothing."""

    @property
    def partials_are_steady(self) -> bool:
        """Whether a partial result that stands still can be acted on before its final."""

    @property
    def usual_only(self) -> bool:
        """Whether its grammars have to be small: it gets the usual wordings alone, with nothing around them."""

    def listen_for(self, graph: WordGraph) -> None:
        """Take only the sentences of this graph from now on.

        An utterance in progress is heard to its end with the new graph: its sound so far is not lost.
        """

    def prepare(self, graph: WordGraph) -> None:
        """Get ready to listen for this graph soon: what takes time is done now. May be called from any thread.

        Raises:
            AssistantError: The model can't be used for it.
        """

    def accept(self, block: Samples) -> Sequence[Transcript]:
        """Take the next block of sound (int16, 16 kHz, any length) and say what was heard."""

    def replace_last(self, sound: Samples) -> None:
        """Replace the sound that was given last: the front end had covered somebody there, and notices it only now.

        As far as its utterance has not ended, that is decoded again with this sound.

        Args:
            sound: int16, 16 kHz, any length; it ends where the last block did.
        """

    def skip(self, silence: Samples) -> Sequence[Transcript]:
        """Pass over a block that follows seconds of silence and is silent itself; what costs nothing is best."""

    def over_talk(self, heard: Transcript) -> float:
        """By how much the sentence that an utterance was taken for is likelier than anything else that people say.

        To be asked before more sound is given, about a final or about what is in progress.

        Returns:
            Natural logarithm of the ratio; infinity where the engine can't tell.
        """

    def flush(self) -> Sequence[Final]:
        """The stream has ended: finish the utterance in progress."""

    def close(self) -> None:
        """Free the engine. Nothing else may be called afterwards."""
