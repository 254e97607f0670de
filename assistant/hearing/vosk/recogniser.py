"""Vosk as a recogniser, with any model folder.

How libvosk behaves decides how it is used here:

* Its grammar is no list: pairs of neighbouring words with a way back to any word. It is given phrases that hold every
  pair, and what comes out must be compared with the sentences by the caller.
* A phrase with a word that the model lacks is shortened in silence, so every word is asked for first.
* Word times in partial results come with a delay of two seconds. A plain partial result is prompt and has no times,
  so here they are told from when each word turned up. The final's times are the decoder's own.
* Its clock counts the samples that this one of its recognisers was given.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np

from assistant.audio.formats import RATE, Samples
from assistant.hearing.recogniser import Final, Hypothesis, Partial, Transcript, Word
from assistant.hearing.vosk.decoder import Decoder, translated
from assistant.hearing.vosk.slow_speech import ONE_WORD_S, PIECES_AT_MOST, STIRS_FOR_S, Kept, Piece, piece_of, speech_in
from assistant.hearing.vosk_model.phones import IN_PASSING, UNKNOWN_WORD
from intents.graph import WordGraph

PIECE = 320
"""Samples that are decoded at a time, with a partial result after each: 20 ms, so that a word is told of as soon as the
decoder has it."""

KEPT_BEFORE_SPEECH = 2 * RATE
"""Samples kept for a change of grammar while no word has turned up: they may hold one that is just beginning."""

HEARD_ANEW_BEFORE = RATE // 2
"""Samples before those that are restated that are heard anew with them, where nothing was said."""

KEPT_OF_SPEECH = 30 * RATE
"""Samples of an utterance kept for a change of grammar at most."""

AROUND_S = 0.35
"""Seconds kept before and after the words of an utterance that is heard once more."""

GONE_S = 0.5
"""An utterance whose words were taken back for so long is over: they were none, or none of the sentences that are taken
now. The decoder itself would go on with it until somebody speaks again, and what they say would belong to it."""

LETTER_S = 0.1
"""About how long a word takes, a letter; for the times of partial results."""


NOTHING_TAKEN = WordGraph(2, 1, ())


class Talk(NamedTuple):
    """Ordinary language beside the sentences.

    Attributes:
        decoder: Takes it.
        sound_alike: Whether two texts are pronounced the same, or can be.
    """

    decoder: Decoder
    sound_alike: Callable[[str, str], bool]


class Decoders(Protocol):
    """Where decoders for word graphs come from: `RuntimeGrammars` or `CompiledSentences`.

    Attributes:
        folder: The model's folder.
        unsure_below: See `assistant.hearing.recogniser.Recogniser`.
        usual_only: The same.
        exact: Whether known words in a partial result are always the beginning of a sentence.
        lag_s: About how long after its end a word turns up in a partial result: the network looks ahead, and in pieces.
    """

    folder: Path
    exact: bool
    lag_s: float
    unsure_below: float
    usual_only: bool

    def decoder_for(self, graph: WordGraph) -> Decoder:
        """A decoder that takes these sentences; it may be one that was given before, in any state."""

    def prepare(self, graph: WordGraph) -> None:
        """Do ahead what takes time, for a graph that will be asked for soon; from any thread."""

    def talk(self) -> Talk | None:
        """What takes anything that people say, in ordinary language; None where the model has nothing of the kind."""

    def missing_words(self, graph: WordGraph) -> frozenset[str]:
        """Words of the graph that can't be heard."""

    def restore(self, words: Sequence[Word]) -> tuple[Word, ...]:
        """The words that were meant, in the place of those that spell them."""

    def close(self) -> None:
        """Free everything."""


class VoskRecogniser:
    """The recogniser; see `assistant.hearing.recogniser.Recogniser`.

    Args:
        decoders: Makes a decoder of each graph; closed with the recogniser.

    Attributes:
        missing_words: Words of the graphs so far that can't be heard.
    """

    def __init__(self, decoders: Decoders) -> None:
        self._decoders = decoders
        self._decoder: Decoder | None = None
        self._graph = NOTHING_TAKEN
        self._queue: deque[Samples] = deque()
        self._rest = np.zeros(0, np.int16)
        self._position = 0  # samples of the stream before those in the queue
        self._reported = 0  # samples that the caller has had partial results about
        self._utterance = _Utterance(0)
        self._final_due = False  # words were reported, so the caller waits for their final
        self._last_words_at = 0  # the last sample that the caller was given words for
        self._kept: Kept | None = None  # the beginning of a sentence that may go on
        self.missing_words: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """``vosk`` and the model's name."""
        return f"vosk ({self._decoders.folder.name})"

    @property
    def partials_are_steady(self) -> bool:
        """Yes: only words that the network has heard to their last phone turn up."""
        return True

    @property
    def usual_only(self) -> bool:
        """See `assistant.hearing.recogniser.Recogniser`."""
        return self._decoders.usual_only

    @property
    def unsure_below(self) -> float:
        """As the graph's kind has it."""
        return self._decoders.unsure_below

    def listen_for(self, graph: WordGraph) -> None:
        """Take only the sentences of this graph from now on; the utterance so far is heard anew with it.

        Raises:
            AssistantError: The model can't be used for it.
        """
        self.missing_words |= self._decoders.missing_words(graph)
        decoder = self._decoders.decoder_for(graph)
        if decoder is self._decoder:
            return
        self._graph = graph
        if self._decoder is not None:
            self._decoder.rest()
        if self._kept is not None:  # it was the beginning of a sentence that is not taken any more
            self._kept = replace(self._kept, piece=replace(self._kept.piece, end_s=-math.inf))
        self._queue.extendleft(reversed(self._utterance.sound))
        self._decoder = decoder
        self._begin(self._position - self._utterance.samples)

    def prepare(self, graph: WordGraph) -> None:
        """See `assistant.hearing.recogniser.Recogniser`."""
        self._decoders.prepare(graph)

    def accept(self, block: Samples) -> Sequence[Transcript]:
        """Take the next block of sound and say what was heard."""
        self._take(block)
        return list(self._hear_queue())

    def replace_last(self, sound: Samples) -> None:
        """Hear the utterance anew with its last samples as they are given here."""
        heard = np.concatenate([*self._utterance.sound, *self._queue, self._rest])
        begin = self._position - self._utterance.samples
        if not self._utterance.words:
            surplus = max(0, len(heard) - len(sound) - HEARD_ANEW_BEFORE)
            heard, begin = heard[surplus:], begin + surplus
        better = sound[max(0, len(sound) - len(heard)) :]
        heard[len(heard) - len(better) :] = better
        if self._decoder is not None:
            self._decoder.rest()
        self._queue.clear()
        self._rest = heard[:0]
        self._begin(begin)
        self._take(heard)

    def skip(self, silence: Samples) -> Sequence[Transcript]:
        """Pass over a silent block: nothing is decoded, the clock goes on."""
        finals: list[Final] = []
        if self._utterance.samples and self._decoder is not None:
            finals += self._end_utterance(self._decoder.finish())
        finals += self._give_up()
        self._begin(self._position + len(self._rest) + len(silence))
        self._rest = self._rest[:0]
        return finals

    def flush(self) -> Sequence[Final]:
        """The stream has ended: finish the utterance in progress."""
        if len(self._rest):
            self._queue.append(self._rest)
            self._rest = self._rest[:0]
        finals = [transcript for transcript in self._hear_queue() if isinstance(transcript, Final)]
        if self._decoder is not None:
            finals += self._end_utterance(self._decoder.finish())
        return [*finals, *self._give_up()]

    def close(self) -> None:
        """Free the recognisers and the model."""
        self._decoder = None
        self._decoders.close()

    def _begin(self, position: int) -> None:
        """The utterance in progress begins with this sample of the stream."""
        self._position = position
        self._utterance = _Utterance(position)
        if self._decoder is not None:
            self._decoder.begin(position)

    def _take(self, block: Samples) -> None:
        sound = np.concatenate([self._rest, block])
        whole = len(sound) // PIECE * PIECE
        self._queue.extend(sound[at : at + PIECE] for at in range(0, whole, PIECE))
        self._rest = sound[whole:]

    def _hear_queue(self) -> Iterator[Transcript]:
        while self._queue:
            sound = self._queue.popleft()
            self._position += len(sound)
            self._utterance.add(sound)
            if self._decoder is None:
                continue
            with translated(self._decoders.folder):
                ended = self._decoder.feed(sound)
            if ended:
                yield from self._end_utterance(self._decoder.end())
            else:
                yield from self._partial(self._decoder.partial())
                if not self._utterance.words and not self._may_go_on:
                    yield from self._give_up()

    def _partial(self, texts: Sequence[str]) -> Iterator[Transcript]:
        """What the utterance sounds like; nothing unless there are words or there were the last time."""
        had_words = bool(self._utterance.words)
        texts = [UNKNOWN_WORD if text.endswith(IN_PASSING) else text for text in texts]
        self._utterance.update(texts, self._position / RATE, self._decoders.lag_s)
        if self._position < self._reported:
            return  # sound that is heard again; the clock never goes back
        self._reported = self._position
        if self._utterance.words:
            self._final_due, self._last_words_at = True, self._position
        if self._utterance.words or had_words:
            yield Partial(self._decoders.restore(self._utterance.words), self._position / RATE)
        elif self._final_due and self._position - self._last_words_at > GONE_S * RATE:
            yield from self._end_without_words(self._last_words_at / RATE)

    def _end_utterance(self, found: Sequence[Hypothesis]) -> Iterator[Final]:
        """The utterance's final; none where there was nothing but silence."""
        ended, self._utterance = self._utterance, _Utterance(self._position)
        if found:
            self._final_due = False
            yield from self._join(found, ended)
        elif self._final_due:
            yield from self._end_without_words(ended.start_s)

    def _join(self, found: Sequence[Hypothesis], ended: _Utterance) -> Iterator[Final]:
        """Take an utterance together with the beginning that is kept, or keep it as one; else its final."""
        kept, self._kept = self._kept, None
        piece = piece_of(found[0], ended.sound, self._position - ended.samples)
        known = self._in_the_grammar(found[0])
        began = ended.began or (piece is not None and piece.end_s - piece.start_s <= ONE_WORD_S)
        joined = kept.piece.then(piece) if kept and piece and (kept.whole or not known.whole) else None
        if kept is not None and joined is not None:
            again = self._decode_once(joined)
            together = self._in_the_grammar(again[0]) if again else None
            if together and together.whole and (not kept.whole or together.text.startswith(f"{kept.final.text} ")):
                found, known, piece = again, together, joined
            elif kept.whole:
                joined = None
            else:
                piece = joined
        if kept is not None and joined is None:
            yield kept.final
        sound = joined.sound if joined is not None else self._sound_of(found[0], ended)
        final = replace(self._final(found), sound=sound)
        keeps = self._graph.may_say_more(final.text) if known.whole else began and not known.in_passing
        if piece is not None and self._decoders.exact and keeps and piece.number < PIECES_AT_MOST:
            self._kept = Kept(piece, final, known.whole)
        else:
            yield final

    def _final(self, found: Sequence[Hypothesis]) -> Final:
        first, last = found[0].words[0], found[0].words[-1]
        known = tuple(self._in_the_grammar(hypothesis) for hypothesis in found)
        whole = known[0].whole and not known[0].in_part
        rejected = None if whole else "not a phrase"
        return Final(known[0].words, first.start_s, last.end_s, known[0].probability, rejected, known)

    def _sound_of(self, heard: Hypothesis, utterance: _Utterance) -> Samples:
        start_s, end_s = heard.words[0].start_s - AROUND_S, heard.words[-1].end_s + AROUND_S
        return speech_in(utterance.sound, self._position - utterance.samples, start_s, end_s)

    def over_talk(self, heard: Transcript) -> float:
        """Hear the utterance twice more by itself: as one of the sentences, and as anything at all that people say."""
        talk = self._decoders.talk()
        sound = heard.sound if isinstance(heard, Final) else self._sound_so_far(heard)
        if talk is None or self._decoder is None or sound is None or not len(sound):
            return math.inf
        with translated(self._decoders.folder):
            anything = talk.decoder.by_itself(sound)
            if any(talk.sound_alike(one.text, heard.text) for one in anything):
                return math.inf
            sentences = self._decoder.by_itself(sound)
        likely = [one.log_likelihood for one in map(self._in_the_grammar, sentences) if one.whole and one.words]
        likely += [one.log_likelihood for one in sentences[-1:]]  # of what is less likely than all that is kept
        return likely[0] - anything[0].log_likelihood if likely and anything else math.inf

    def _sound_so_far(self, partial: Partial) -> Samples | None:
        """Of the utterance in progress; a word begins earlier than a partial result can tell."""
        if not self._utterance.samples:
            return None
        begins = self._position - self._utterance.samples
        start_s = partial.words[0].start_s - AROUND_S - self._decoders.lag_s
        return speech_in(self._utterance.sound, begins, start_s, self._position / RATE)

    def _decode_once(self, piece: Piece) -> Sequence[Hypothesis]:
        """What a stretch of sound may have been that has been heard before; between two utterances."""
        assert self._decoder is not None
        self._decoder.begin(round(piece.end_s * RATE) - len(piece.sound))
        with translated(self._decoders.folder):
            ended = self._decoder.feed(piece.sound)
        found = self._decoder.end() if ended else self._decoder.finish()
        self._decoder.begin(self._position)
        return found

    @property
    def _may_go_on(self) -> bool:
        """Whether what follows now may still belong to the beginning that is kept."""
        if self._kept is None:
            return False
        latest = islice(reversed(self._utterance.sound), round(STIRS_FOR_S * RATE / PIECE))
        return self._kept.waits_at(self._position / RATE, list(latest))

    def _give_up(self) -> Iterator[Final]:
        """Nothing followed the beginning of a sentence: it was none."""
        kept, self._kept = self._kept, None
        if kept is not None:
            yield kept.final

    def _end_without_words(self, start_s: float) -> Iterator[Final]:
        self._final_due = False
        yield Final((), start_s, self._position / RATE, 0.0, "noise")

    def _in_the_grammar(self, hypothesis: Hypothesis) -> Hypothesis:
        passed = [word for word in hypothesis.words if word.text.endswith(IN_PASSING)]
        known = [word for word in hypothesis.words if word.text != UNKNOWN_WORD and word not in passed]
        in_passing = frozenset(word.text.removesuffix(IN_PASSING) for word in passed)
        whole = hypothesis.whole and not passed
        others = len(hypothesis.words) - len(known)
        words = self._decoders.restore(known)
        return replace(hypothesis, words=words, whole=whole, in_passing=in_passing, others=others)


class _Utterance:
    """The utterance in progress: its sound, in case the grammar changes, and its words so far.

    Args:
        start: The first sample's place in the stream.
    """

    def __init__(self, start: int) -> None:
        self.sound: deque[Samples] = deque()
        self.samples = 0
        self.words: tuple[Word, ...] = ()
        self.start_s = start / RATE
        self.began = False  # like a sentence

    def add(self, sound: Samples) -> None:
        """Keep a piece of sound, and let go of the oldest where there is too much."""
        self.sound.append(sound)
        self.samples += len(sound)
        while self.samples > (KEPT_OF_SPEECH if self.words else KEPT_BEFORE_SPEECH):
            self.samples -= len(self.sound.popleft())

    def update(self, texts: Sequence[str], at_s: float, lag_s: float) -> None:
        """Take in a partial result; words that are new in it have just been said."""
        same = 0
        while same < min(len(texts), len(self.words)) and texts[same] == self.words[same].text:
            same += 1
        words = list(self.words[:same])
        earliest_s = words[-1].end_s if words else self.start_s
        end_s = max(earliest_s, at_s - lag_s)
        new: list[Word] = []
        for text in reversed(texts[same:]):
            start_s = max(earliest_s, end_s - LETTER_S * len(text))
            new.insert(0, Word(text, start_s, end_s, 1.0))
            end_s = start_s
        self.words = (*words, *new)
        self.began = self.began or (bool(self.words) and all(word.text != UNKNOWN_WORD for word in self.words))
