"""Vosk with a model of our own: each set of sentences is compiled into a graph that decodes exactly these.

The acoustic model knows phones, no words. Every word gets its pronunciation here, so a routine or a sentence file may
hold any. A compiled graph is a model folder in the user's cache, with the acoustic model linked into it.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import vosk

from assistant.audio.formats import RATE
from assistant.errors import ModelCorrupt, ModelMissing
from assistant.hearing.pronunciation import pronounce_all
from assistant.hearing.recogniser import Word
from assistant.hearing.vosk.decoder import Decoder, load_model
from assistant.hearing.vosk.graph_cache import CHECKSUMS, GraphCache, first_altered
from assistant.hearing.vosk.loaded_decoders import LoadedDecoders
from assistant.hearing.vosk.recogniser import Talk
from assistant.hearing.vosk_model import Filler, PhoneSet, sentence_graph_files
from assistant.hearing.vosk_model.graph_parts import ModelFiles, Pronunciations
from assistant.hearing.vosk_model.phones import IN_PART, UNKNOWN_WORD
from assistant.hearing.vosk_model.sentence_graph import NOTHING_DROWNED, Drowned
from intents.graph import WordGraph

PHONES = "phones.txt"
"""In a model's folder: its phones, a name a line, in the order of their ids. Only models of our own have it."""

ACOUSTIC = "am/final.mdl"
SETTINGS = ("conf/mfcc.conf", "conf/model.conf")

TALK = "graph/HCLr.fst"
"""In a model's folder, if it has one: the words of ordinary language, which `Gr.fst` beside it puts in order."""

ALTERNATIVES_OF_TALK = 10
"""Things that other talk may have been at most; the search keeps those that are hardly less likely than the best."""

COMMON_WORDS = "common-words.txt"
"""In a model's folder, if it has one: words that people say, each with its probability's natural logarithm."""

FILLER_COST = 1.0
"""What it costs to hear something else than a sentence: the knob between hearing too much and too little."""

FILLER_PHONE_COST = 6.0
"""What each phone costs that belongs to no word at all."""

URGENT_COST = 5.5
"""What an urgent word costs among others that fit no sentence; as a common word it would cost 8 to 11."""

UNSURE_BELOW = 0.5
"""Of the probability that the decoder gives out: whether a command has the larger part of it."""

_LAYOUT = "7"  # goes into the graphs' names: another one leaves those of older versions behind


def is_acoustic_model(folder: Path) -> bool:
    """Whether a folder holds a model into which sentences can be compiled."""
    return (folder / PHONES).is_file() and (folder / ACOUSTIC).is_file()


class CompiledSentences:
    """Decoders for word graphs, each with its sentences compiled in; see `assistant.hearing.vosk.recogniser.Decoders`.

    Args:
        folder: The acoustic model's folder.
        cache: Folder for compiled graphs; made where it is missing.
        filler_cost: What it costs to hear something else than a sentence; None hears everything as a sentence.
        pronounce: Gives words their pronunciations in the model's phones.
        drowned: What is heard of some words where the assistant's voice covers a part of them.
        urgent: Words that are told of though what they are said with is no sentence.

    Raises:
        ModelMissing: There is no such model in the folder.
        ModelCorrupt: One of its files is missing or damaged.
    """

    exact = True
    lag_s = 0.2
    usual_only = False
    unsure_below = UNSURE_BELOW

    def __init__(
        self,
        folder: Path,
        cache: Path,
        filler_cost: float | None = FILLER_COST,
        pronounce: Callable[[Iterable[str]], Pronunciations] = pronounce_all,
        drowned: Drowned = NOTHING_DROWNED,
        urgent: Collection[str] = (),
    ) -> None:
        self.folder = folder
        self._cache = GraphCache(cache)
        self._filler_cost = filler_cost
        self._pronounce = pronounce
        self._drowned = drowned
        self._urgent = sorted(urgent)
        self._fingerprint = _check(folder)
        self._phones = PhoneSet(tuple((folder / PHONES).read_text("ascii").split()))
        self._filler: Filler | None = None
        self._decoders = LoadedDecoders(self._compiled)
        self._loading_talk = threading.Lock()
        self._talk: Talk | None = None

    def decoder_for(self, graph: WordGraph) -> Decoder:
        """The decoder for these sentences.

        Raises:
            PronunciationMissing: A word can't be pronounced.
            FileUnwritable: The cache can't be written.
        """
        return self._decoders.use(graph)

    def prepare(self, graph: WordGraph) -> None:
        """Compile and load ahead what will be asked for soon; from any thread. Raises what `decoder_for` does."""
        self._decoders.prepare(graph)
        self.talk()

    def talk(self) -> Talk | None:
        """The model as it is, with its own graph of words and which of them follow each other."""
        with self._loading_talk:
            if self._talk is None and (self.folder / TALK).is_file():
                model = load_model(self.folder)
                decoder = Decoder(lambda: vosk.KaldiRecognizer(model, RATE), ALTERNATIVES_OF_TALK)
                self._talk = Talk(decoder, self._sound_alike)
        return self._talk

    def _sound_alike(self, text: str, other: str) -> bool:
        """Whether two texts are pronounced the same, or can be: "know" is what a model of language makes of "no"."""
        first, second = text.split(), other.split()
        return len(first) == len(second) and all(
            one == same or not set(self._said(one)).isdisjoint(self._said(same))
            for one, same in zip(first, second, strict=True)
        )

    def _said(self, word: str) -> list[Sequence[str]]:
        return [] if word == UNKNOWN_WORD else list(self._pronounce([word])[word])

    def missing_words(self, graph: WordGraph) -> frozenset[str]:  # noqa: ARG002 - other models lack some
        """None: every word can be pronounced."""
        return frozenset()

    def restore(self, words: Sequence[Word]) -> tuple[Word, ...]:
        """The words as they are, but for the mark on those that were heard in part."""
        return tuple(
            replace(word, text=word.text.removesuffix(IN_PART), in_part=True) if word.text.endswith(IN_PART) else word
            for word in words
        )

    def close(self) -> None:
        """Free the recognisers and their models."""
        self._talk = None
        self._decoders.close()

    def _compiled(self, graph: WordGraph) -> Path:
        pronunciations = self._pronounce(graph.words)
        urgent = (self._urgent, URGENT_COST)
        costs = (self._filler_cost, FILLER_PHONE_COST, sorted(self._drowned.items()), urgent)
        ingredients = (_LAYOUT, self._fingerprint, costs, graph.fingerprint, sorted(pronunciations.items()))

        def make() -> ModelFiles:  # from a copy, with which goes what is worked out on the way
            files = sentence_graph_files(
                self._phones, replace(graph), pronunciations, self._made_filler(), drowned=self._drowned
            )
            return files | {name: (self.folder / name).read_bytes() for name in SETTINGS}

        return self._cache.get(ingredients, make, {ACOUSTIC: self.folder / ACOUSTIC})

    def _made_filler(self) -> Filler | None:
        if self._filler is None and self._filler_cost is not None:
            words: list[tuple[Sequence[str], float]] = []
            if (path := self.folder / COMMON_WORDS).is_file():
                for word, log_prob in map(str.split, path.read_text("utf-8").splitlines()):
                    words += [(choice, -float(log_prob)) for choice in self._pronounce([word])[word]]
            spoken = self._pronounce(self._urgent)
            urgent = [(word, choice, URGENT_COST) for word in self._urgent for choice in spoken[word]]
            self._filler = Filler(FILLER_PHONE_COST, self._filler_cost, words, urgent)
        return self._filler


def _check(folder: Path) -> str:
    """Make sure that all files are the ones that were made; gives what changes with any of them."""
    if not is_acoustic_model(folder):
        raise ModelMissing(
            f"There is no acoustic model in {folder}.",
            f"It has no {PHONES} or no {ACOUSTIC}.",
            "Name a folder that has both, or leave --model out.",
        )
    for name in (CHECKSUMS, *SETTINGS):
        if not (folder / name).is_file():
            raise _corrupt(folder, name, "it is missing")
    if (bad := first_altered(folder)) is not None:
        raise _corrupt(folder, bad, "its checksum is not the one it should have")
    return hashlib.sha256((folder / CHECKSUMS).read_bytes()).hexdigest()


def _corrupt(folder: Path, name: str, why: str) -> ModelCorrupt:
    return ModelCorrupt(
        f"The model in {folder} can't be used.",
        f"Its file {name} is damaged: {why}.",
        "Install stretch-assistant anew, or use --engine pocketsphinx meanwhile.",
    )
