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

import json
from collections import OrderedDict, deque
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import platformdirs
import vosk

from assistant.audio.formats import BLOCK, RATE, Samples
from assistant.errors import ModelCorrupt
from assistant.hearing.recogniser import Final, Partial, Transcript, Word
from assistant.hearing.vosk_decoder import Decoder, load_model, translated
from assistant.hearing.vosk_model.model_check import check_model, find_models, looks_like_model
from assistant.hearing.vosk_model.phones import UNKNOWN_WORD
from assistant.hearing.vosk_vocabulary import Phrases, Vocabulary
from intents.graph import WordGraph

__all__ = ["VoskRecogniser", "find_models", "looks_like_model"]

PARTIAL_EVERY = 3 * BLOCK
"""Samples between two partial results: 60 ms."""

KEPT_BEFORE_SPEECH = 2 * RATE
"""Samples kept for a change of grammar while no word has turned up: they may hold one that is just beginning."""

KEPT_OF_SPEECH = 30 * RATE
"""Samples of an utterance kept for a change of grammar at most."""

GRAMMARS_KEPT = 8
"""Recognisers that wait for their grammar to come back; the one not used for longest goes first."""

LETTER_S = 0.08
"""About how long a word takes, a letter; for the times of partial results."""


class VoskRecogniser:
    """The recogniser; see `assistant.hearing.recogniser.Recogniser`.

    A model with a static graph takes no grammar: it hears the sentences that were compiled into it, and the graph
    given to `listen_for` only tells which of its words the model lacks.

    Args:
        folder: The model's folder.
        sounds_like: Words that a model may lack, with spellings out of other words: ``{"sciatic": ["sigh attic"]}``.
        checked: Folder in which it is remembered which models were found in order; None for the user's cache.

    Attributes:
        missing_words: Words of the graphs so far that can't be heard.

    Raises:
        ModelMissing: There is no model in the folder.
        ModelCorrupt: The model lacks a file, or one is damaged.
    """

    def __init__(
        self, folder: Path, sounds_like: Mapping[str, Sequence[str]] | None = None, checked: Path | None = None
    ) -> None:
        self._folder = folder
        passed = checked or platformdirs.user_cache_path("stretch-assistant") / "checked-models"
        self._takes_grammar = check_model(folder, passed).takes_grammar
        self._model = load_model(folder)
        self._vocabulary = Vocabulary(self._has_word, sounds_like or {})
        self._phrases: OrderedDict[WordGraph, Phrases] = OrderedDict()
        self._decoders: OrderedDict[tuple[str, ...], Decoder] = OrderedDict()
        self._decoder: Decoder | None = None
        self._queue: deque[Samples] = deque()
        self._rest = np.zeros(0, np.int16)
        self._position = 0  # samples of the stream before those in the queue
        self._reported = 0  # samples that the caller has had partial results about
        self._utterance = _Utterance(0)
        self._final_due = False  # words were reported, so the caller waits for their final
        self.missing_words: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """``vosk`` and the model's name."""
        return f"vosk ({self._folder.name})"

    @property
    def partials_are_steady(self) -> bool:
        """Yes: only words that the network has heard to their last phone turn up."""
        return True

    def listen_for(self, graph: WordGraph) -> None:
        """Take only the sentences of this graph from now on; the utterance so far is heard anew with it.

        Raises:
            ModelCorrupt: The model has none of the graph's words.
        """
        phrases = self._phrases_for(graph)
        self.missing_words |= phrases.missing
        decoder = self._decoder_for(phrases.texts if self._takes_grammar else ())
        if decoder is self._decoder:
            return
        if self._decoder is not None:
            self._decoder.rest()
        self._queue.extendleft(reversed(self._utterance.sound))
        self._position -= self._utterance.samples
        self._utterance = _Utterance(self._position)
        self._decoder = decoder
        decoder.begin(self._position)

    def accept(self, block: Samples) -> Sequence[Transcript]:
        """Take the next block of sound and say what was heard."""
        sound = np.concatenate([self._rest, block])
        whole = len(sound) // BLOCK * BLOCK
        self._queue.extend(sound[at : at + BLOCK] for at in range(0, whole, BLOCK))
        self._rest = sound[whole:]
        return list(self._hear_queue())

    def flush(self) -> Sequence[Final]:
        """The stream has ended: finish the utterance in progress."""
        if len(self._rest):
            self._queue.append(self._rest)
            self._rest = self._rest[:0]
        finals = [transcript for transcript in self._hear_queue() if isinstance(transcript, Final)]
        if self._decoder is not None:
            finals += self._end_utterance(self._decoder.finish())
        return finals

    def close(self) -> None:
        """Free the recognisers and the model."""
        self._decoder = None
        self._decoders.clear()
        del self._model

    def _hear_queue(self) -> Iterator[Transcript]:
        while self._queue:
            sound = self._queue.popleft()
            self._position += len(sound)
            self._utterance.add(sound)
            if self._decoder is None:
                continue
            with translated(self._folder):
                ended = self._decoder.feed(sound)
            if ended:
                yield from self._end_utterance(self._decoder.end())
            elif self._utterance.since_partial >= PARTIAL_EVERY:
                yield from self._partial(self._decoder.partial())

    def _partial(self, texts: Sequence[str]) -> Iterator[Partial]:
        """What the utterance sounds like; nothing unless there are words or there were the last time."""
        had_words = bool(self._utterance.words)
        self._utterance.update(texts, self._position / RATE)
        if self._position < self._reported:
            return  # sound that is heard again; the clock never goes back
        self._reported = self._position
        self._final_due |= bool(self._utterance.words)
        if self._utterance.words or had_words:
            yield Partial(self._vocabulary.restore(self._utterance.words), self._position / RATE)

    def _end_utterance(self, words: Sequence[Word]) -> Iterator[Final]:
        """The utterance's final; none where there was nothing but silence."""
        start_s, self._utterance = self._utterance.start_s, _Utterance(self._position)
        due, self._final_due = self._final_due, False
        if words:
            known = [word for word in words if word.text != UNKNOWN_WORD]
            rejected = "unsure" if len(known) < len(words) else None
            confidence = min(word.confidence for word in words)
            yield Final(self._vocabulary.restore(known), words[0].start_s, words[-1].end_s, confidence, rejected)
        elif due:
            yield Final((), start_s, self._position / RATE, 0.0, "noise")

    def _phrases_for(self, graph: WordGraph) -> Phrases:
        if graph not in self._phrases:
            self._phrases[graph] = self._vocabulary.phrases(graph)
            while len(self._phrases) > GRAMMARS_KEPT:
                self._phrases.popitem(last=False)
        self._phrases.move_to_end(graph)
        return self._phrases[graph]

    def _decoder_for(self, texts: tuple[str, ...]) -> Decoder:
        if texts not in self._decoders:
            arguments: list[object] = [self._model, RATE]
            if self._takes_grammar:
                if not texts:
                    raise ModelCorrupt(
                        f"The model in {self._folder} can't hear any of the commands.",
                        "It has none of their words.",
                        "Use a model for English, or a larger one.",
                    )
                unknown = [UNKNOWN_WORD] if self._has_word(UNKNOWN_WORD) else []
                arguments.append(json.dumps([*texts, *unknown], ensure_ascii=False))
            with translated(self._folder):
                self._decoders[texts] = Decoder(vosk.KaldiRecognizer(*arguments))
            while len(self._decoders) > GRAMMARS_KEPT:
                self._decoders.popitem(last=False)
        self._decoders.move_to_end(texts)
        return self._decoders[texts]

    def _has_word(self, word: str) -> bool:
        find = getattr(self._model, "vosk_model_find_word", None)  # older packages can't tell
        return find is None or find(word) >= 0


class _Utterance:
    """The utterance in progress: its sound, in case the grammar changes, and its words so far.

    Args:
        start: The first sample's place in the stream.
    """

    def __init__(self, start: int) -> None:
        self.sound: deque[Samples] = deque()
        self.samples = 0
        self.words: tuple[Word, ...] = ()
        self.since_partial = 0
        self.start_s = start / RATE

    def add(self, sound: Samples) -> None:
        """Keep a piece of sound, and let go of the oldest where there is too much."""
        self.sound.append(sound)
        self.samples += len(sound)
        self.since_partial += len(sound)
        while self.samples > (KEPT_OF_SPEECH if self.words else KEPT_BEFORE_SPEECH):
            self.samples -= len(self.sound.popleft())

    def update(self, texts: Sequence[str], at_s: float) -> None:
        """Take in a partial result; words that are new in it have just been said."""
        self.since_partial = 0
        same = 0
        while same < min(len(texts), len(self.words)) and texts[same] == self.words[same].text:
            same += 1
        words = list(self.words[:same])
        earliest_s = words[-1].end_s if words else self.start_s
        end_s = at_s
        new: list[Word] = []
        for text in reversed(texts[same:]):
            start_s = max(earliest_s, end_s - LETTER_S * len(text))
            new.insert(0, Word(text, start_s, end_s, 1.0))
            end_s = start_s
        self.words = (*words, *new)
