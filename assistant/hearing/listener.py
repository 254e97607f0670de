"""From sound to commands: drives a recogniser with what may be said now, and decides what is taken.

The policy, all in one place:

* The sound is made fit first: see `assistant.hearing.levels`. While nothing stirs, nothing is decoded.
* The whole text must be a sentence; what is not has the reason it was rejected for.
* What ordinary language explains better is talk: the engine hears a command once more with a general model of language,
  which must not make other and likelier words of it. A carrier makes "I want to hold on" of "I want to know how old".
  Only where nothing was asked, and not over the assistant's own voice.
* Where the engine has alternatives (an n-best list), those that mean the same count together: whether it was "no" or
  "nope" matters to nobody.
* What something else might have been just as well, by the engine's own belief, is asked about rather than done; not so
  "stop" and "it hurts": better to stop for nothing.
* The few intents that must be quick are taken from partial results, once those have stood still for a moment; the
  rest waits for the endpoint, and so do several words that may be the beginning of another command ("hold it longer")
  and signs, of which the end may say where. What was taken from a partial is not taken again from its final. Words that
  follow and can't change the meaning any more ("stop the …") don't count as movement.
* A word that was heard in part, without the hiss of "stop", counts over the assistant's own voice alone.
* Over the assistant's own voice (barge-in) the moment is shorter: what is left of the voice, and of its ringing on in
  the room once it is silent, makes other words of "stop" in a quarter of a second. And where it makes something else of
  it altogether, "stop" is still taken if it is among the alternatives. In 320 trials other utterances, said into the
  voice, were never taken for it.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from assistant.audio.formats import RATE, Samples
from assistant.hearing.decision import (
    AT_ONCE_WORDS,
    LEAD_S,
    LEAST_VOICE_SHARE,
    NEAR_ABOVE_FLOOR_DB,
    NEAR_S,
    NEAR_WORDS,
    NEVER_ASKED_ABOUT,
    OVER_TALK,
    OVER_VOICE_ODDS,
    QUICK_INTENTS,
    SHORTEST_S,
    STABLE_OVER_VOICE_S,
    STABLE_S,
    STILL_S,
    URGENT_SHARE,
    WORD_AND_ENDPOINT_S,
)
from assistant.hearing.levels import InputConditioner, voice_share
from assistant.hearing.recogniser import Final, Partial, Recogniser, Transcript, Word
from intents import Command
from intents.language import ENGLISH, Language
from intents.sentences import Sentences


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
        hint: The urgent intent to which a word of it belongs, though it is no sentence; None: no such word.
        near: Whether it was clearly speech, from near by.
        written: Whether it was written, not spoken.
    """

    start_s: float
    end_s: float
    text: str
    confidence: float
    command: Command | None
    rejected: str | None
    hint: str | None = None
    near: bool = False
    written: bool = False


@dataclass(slots=True)
class _Candidate:
    """What may be taken from partial results.

    Attributes:
        meaning: What must not change: the one intent that the words lead to whatever follows, or else the words.
        since_s: Stream time of the first partial result that meant it.
        command: The last whole sentence among these results.
        words: Its words.
        at_once: Whether it is taken before the endpoint; else the voice only makes way for it.
        stands: Whether it has stood still for so long that it would have been taken.
        talk: Whether it then turned out to be other talk.
    """

    meaning: str
    since_s: float
    command: Command
    words: tuple[Word, ...]
    at_once: bool
    stands: bool = False
    talk: bool = False


@dataclass(slots=True)
class _Meaning:
    """What some of the alternatives mean: the likeliest of them, and how likely they are together."""

    command: Command
    words: tuple[Word, ...]
    probability: float

    def is_that_of(self, command: Command) -> bool:
        return (self.command.intent, self.command.slots) == (command.intent, command.slots)


class AnyListener(Protocol):
    """What takes sound and gives utterances: a `Listener`, or one that is measured or compared with it."""

    @property
    def suspects(self) -> bool:
        """Whether something seems to be said that the voice should make way for."""

    @property
    def at_rest(self) -> bool:
        """Whether nothing has stirred for long."""

    def listen_for(self, sentences: Sentences) -> None:
        """Take these sentences from now on."""

    def accept(self, block: Samples, *, over_voice: bool = False) -> list[Utterance]:
        """Take the next block of sound; the assistant's own voice may sound meanwhile."""

    def replace_last(self, sound: Samples) -> None:
        """Replace the sound that was given last; see `Listener.replace_last`."""

    def flush(self) -> list[Utterance]:
        """The stream has ended: decide about the utterance in progress."""


class Listener:
    """A recogniser with the policy of what is taken.

    Args:
        recogniser: The engine.
        sentences: What may be said at first.
        quick: Intents that are taken from partial results, where the recogniser's can be relied on.
        language: Whose urgent words are never passed over.
    """

    def __init__(
        self,
        recogniser: Recogniser,
        sentences: Sentences,
        quick: Collection[str] = QUICK_INTENTS,
        language: Language = ENGLISH,
    ) -> None:
        self._input = InputConditioner()
        self._recogniser = recogniser
        self._quick = frozenset(quick if recogniser.partials_are_steady else ())
        self._language = language
        self._sentences = sentences
        self._candidate: _Candidate | None = None
        self._lead: deque[Samples] = deque()  # heard by nobody yet
        self._spent_s: float | None = None  # where what was taken from a partial result begins, until its final
        self._since_voice_s = math.inf
        self._listen()

    @property
    def suspects(self) -> bool:
        """Whether one of the quick intents seems to be said just now, too shortly yet to be taken."""
        return self._candidate is not None and not self._candidate.talk

    @property
    def at_rest(self) -> bool:
        """Whether nothing has stirred for so long that nothing is decoded."""
        return self._input.still_s >= STILL_S

    def listen_for(self, sentences: Sentences) -> None:
        """Take these sentences from now on, also for the utterance in progress."""
        if sentences is not self._sentences:
            self._sentences = sentences
            self._candidate = None
            self._listen()

    def prepare(self, sentences: Sentences) -> None:
        """Get ready to take these sentences soon; from any thread.

        Raises:
            AssistantError: The recogniser can't be used for them.
        """
        self._recogniser.prepare(self._heard(sentences).graph())
        sentences.index()

    def _listen(self) -> None:
        self._recogniser.listen_for(self._heard(self._sentences).graph())

    def _heard(self, sentences: Sentences) -> Sentences:
        return sentences.usual() if self._recogniser.usual_only else sentences

    def accept(self, block: Samples, *, over_voice: bool = False) -> list[Utterance]:
        """Take the next block of sound.

        Args:
            block: int16, 16 kHz, any length.
            over_voice: Whether the assistant's own voice sounds in the room meanwhile, or rings on.
        """
        self._since_voice_s = 0.0 if over_voice else self._since_voice_s + len(block) / RATE
        self._lead.append(self._input.accept(block))
        return list(self._decide(self._hear_stirs()))

    def replace_last(self, sound: Samples) -> None:
        """Replace the sound that was given last: the front end had covered somebody there, and notices it only now.

        As far as its utterance has not ended, that is decoded again with this sound.

        Args:
            sound: int16, 16 kHz, any length; it ends where the last block did.
        """
        sound = self._input.again(sound)
        lead = np.concatenate([*self._lead, sound[:0]])
        late = max(0, len(sound) - len(lead))  # of which the recogniser has heard something else
        if late:
            self._recogniser.replace_last(sound[:late])
        self._lead = deque([lead[: len(lead) - len(sound) + late], sound[late:]])

    def flush(self) -> list[Utterance]:
        """The stream has ended: decide about the utterance in progress."""
        return list(self._decide([*self._hear_all(), *self._recogniser.flush()]))

    @property
    def _over_voice(self) -> bool:
        """Whether the voice sounds, or sounded in an utterance that is just over."""
        return self._since_voice_s < WORD_AND_ENDPOINT_S

    def _hear_stirs(self) -> list[Transcript]:
        """Decode what came, or keep the latest of it where nothing stirs and leave the rest out."""
        if not self.at_rest:
            return self._hear_all()
        found: list[Transcript] = []
        while sum(map(len, self._lead)) > LEAD_S * RATE:
            found += self._recogniser.skip(self._lead.popleft())
        return found

    def _hear_all(self) -> list[Transcript]:
        found: list[Transcript] = []
        while self._lead:
            found += self._recogniser.accept(self._lead.popleft())
        return found

    def _decide(self, transcripts: Collection[Transcript]) -> Iterator[Utterance]:
        for transcript in transcripts:
            if isinstance(transcript, Final):
                stood, self._candidate = self._candidate, None
                since_s = stood.words[0].start_s if stood is not None else self._spent_s
                if since_s is not None and transcript.end_s <= since_s:  # said before, and kept as it might go on
                    self._candidate = stood
                    if self._spent_s is None:
                        yield self._decide_final(transcript)
                    continue
                spent, self._spent_s = self._spent_s is not None, None
                if not spent:
                    decided = self._decide_final(transcript)
                    if stood is not None and stood.stands and not stood.talk and decided.rejected == "not a phrase":
                        decided = _taken(stood)  # nothing came of what was waited for
                    yield decided
            elif self._spent_s is None and (utterance := self._decide_partial(transcript)):
                self._spent_s, self._candidate = utterance.start_s, None
                yield utterance

    def _decide_partial(self, partial: Partial) -> Utterance | None:
        if partial.in_part and not self._over_voice:
            self._candidate = None
            return None
        command = self._sentences.match(partial.text)
        intents = self._sentences.leads_to(partial.text)
        meaning = next(iter(intents)) if len(intents) == 1 else partial.text
        quick = command is not None and command.intent in self._quick
        at_once = quick and command is not None and self._is_settled(command, partial, intents)
        if self._candidate is None or meaning not in {self._candidate.meaning, self._candidate.command.intent}:
            self._candidate = (
                _Candidate(meaning, partial.at_s, command, partial.words, at_once) if command and quick else None
            )
            return None
        found = self._candidate
        if command is not None:
            found.command, found.words, found.at_once = command, partial.words, at_once
        # The sound after the word counts, too: "stop" may be how "start" begins, for as long as somebody speaks.
        stable_s = STABLE_S if self._since_voice_s else STABLE_OVER_VOICE_S
        found.stands = partial.at_s - max(found.since_s, found.words[-1].end_s) >= stable_s
        if not (found.stands and found.at_once) or found.talk:
            return None
        found.talk = self._is_talk(partial, found.command)
        return None if found.talk else _taken(found)

    def _is_settled(self, command: Command, partial: Partial, intents: frozenset[str]) -> bool:
        """Whether a command is taken before it is known what follows: nothing else that counts may come of it."""
        if command.slots:
            return False  # "numb" may go on with where, and that is another sign
        if len(partial.words) == 1 or (command.intent == "Hurts" and len(partial.words) <= AT_ONCE_WORDS):
            return True
        last = self._sentences.match(partial.words[-1].text)
        if last is not None and last.intent == command.intent:
            return True
        if intents != {command.intent}:
            return False
        return len(partial.words) <= AT_ONCE_WORDS or self._sentences.leads_to(partial.text, around=True) == intents

    def _decide_final(self, final: Final) -> Utterance:
        final = self._most_meant(final if self._over_voice else final.in_full())
        start = final.words[0].start_s if final.words else final.start_s
        end = final.words[-1].end_s if final.words else final.end_s
        command: Command | None = None
        rejected = final.rejected
        if not final.words:
            rejected = rejected or "noise"
        elif rejected is None and end - start < SHORTEST_S:
            rejected = "too short"
        elif rejected is None and final.sound is not None and voice_share(final.sound) < LEAST_VOICE_SHARE:
            rejected = "noise"
        elif rejected is None:
            command = self._sentences.match(final.text)
            if command is None:
                rejected = "not a phrase"
            elif final.confidence < self._recogniser.unsure_below and command.intent not in NEVER_ASKED_ABOUT:
                command, rejected = None, "unsure"
            elif self._is_talk(final, command):
                command, rejected = None, "not a phrase"
        heard = Utterance(start, end, final.text, final.confidence, command, rejected)
        if rejected is None or self._over_voice:
            return heard
        return replace(heard, hint=self._urgent(final), near=self._is_near(final, start, end))

    def _is_talk(self, heard: Transcript, command: Command) -> bool:
        """Whether something else was said that sounds like a command; a word of what must be quick is never asked."""
        # What is left of the voice is talk, too; answers are ordinary words; and who brings sentences means them.
        if self._over_voice or self._sentences.answers or self._sentences.phase is None:
            return False
        if command.intent in NEVER_ASKED_ABOUT and isinstance(heard, Partial) and len(heard.words) <= AT_ONCE_WORDS:
            return False
        return self._recogniser.over_talk(heard) < OVER_TALK

    def _urgent(self, final: Final) -> str | None:
        """The urgent intent that is likely among all that was heard, though it is no sentence or might be another."""
        shares: dict[str, float] = {}
        for hypothesis in final.alternatives:
            command = self._sentences.match(hypothesis.text) if hypothesis.whole else None
            if command is None and hypothesis.whole and self._sentences.is_decoy(hypothesis.text):
                intent = None  # "don't stop" is no "stop"
            elif command is None:
                words = {word.text for word in hypothesis.words} | hypothesis.in_passing
                intent = self._language.urgent_intent(words)
            else:
                intent = command.intent if command.intent in self._language.urgent.values() else None
            if intent is not None:
                shares[intent] = shares.get(intent, 0.0) + hypothesis.probability
        likeliest = max(shares, key=lambda intent: shares[intent], default=None)
        return likeliest if sum(shares.values()) >= URGENT_SHARE else None

    def _is_near(self, final: Final, start_s: float, end_s: float) -> bool:
        """Whether it was clearly speech, from near by: as long as some words, words in it, and loud."""
        words = max((len(one.words) + one.others for one in final.alternatives[:1]), default=len(final.words))
        return (
            words >= NEAR_WORDS
            and end_s - start_s >= NEAR_S
            and self._input.above_floor_db(start_s, end_s) >= NEAR_ABOVE_FLOOR_DB
        )

    def _most_meant(self, final: Final) -> Final:
        """The final as the command that most of its alternatives mean: "no" and "nope" stand together."""
        meanings: list[_Meaning] = []
        nothing = 0.0
        for hypothesis in final.alternatives:
            command = self._sentences.match(hypothesis.text) if hypothesis.whole else None
            if command is None:
                nothing += hypothesis.probability
                continue
            for meaning in meanings:
                if meaning.is_that_of(command):
                    meaning.probability += hypothesis.probability
                    break
            else:
                meanings.append(_Meaning(command, hypothesis.words, hypothesis.probability))
        best = max(meanings, key=self._weight, default=None)
        # What is heard only to be told apart is whole, too, and nothing that is taken.
        first_is_taken = final.rejected is None and self._sentences.match(final.text) is not None
        if best is None or (self._weight(best) < nothing and not first_is_taken):
            return final
        return replace(final, words=best.words, confidence=best.probability, rejected=None)

    def _weight(self, meaning: _Meaning) -> float:
        urgent = self._over_voice and meaning.command.intent in NEVER_ASKED_ABOUT
        return meaning.probability * (OVER_VOICE_ODDS if urgent else 1.0)


def _taken(found: _Candidate) -> Utterance:
    confidence = min(word.confidence for word in found.words)
    text = " ".join(word.text for word in found.words)
    return Utterance(found.words[0].start_s, found.words[-1].end_s, text, confidence, found.command, None)
