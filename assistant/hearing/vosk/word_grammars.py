"""Vosk with a model whose words are given, as the official ones: each set of sentences becomes a grammar over them.

Such a model takes a grammar at run time, too, but makes pairs of words of it; see `runtime_grammars`. Here the
sentences are compiled into the graph that the model is loaded with, beside its own common words, so that it decodes
exactly these and rejects the rest. A compiled grammar is a model folder in the user's cache; all but the grammar is
linked into it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from assistant.errors import ModelCorrupt
from assistant.hearing.recogniser import Word
from assistant.hearing.vosk.decoder import Decoder
from assistant.hearing.vosk.graph_cache import GraphCache
from assistant.hearing.vosk.loaded_decoders import LoadedDecoders
from assistant.hearing.vosk.vocabulary import ModelWords
from assistant.hearing.vosk_model.graph_parts import ModelFiles
from assistant.hearing.vosk_model.known_words import KnownWords, read_known_words
from assistant.hearing.vosk_model.model_check import Layout, check_model, fingerprint, layout_of
from assistant.hearing.vosk_model.model_folder import ENDPOINTING, Decoding, settings_with_endpointing
from assistant.hearing.vosk_model.openfst import FstFormatError
from assistant.hearing.vosk_model.word_grammar import WordFiller, word_grammar_files
from intents.graph import WordGraph

FILLER_COST = 8.0
"""What it costs to hear something else than a sentence. Its words cost what they do in the model besides, some six
each. Tried with the official small Korean model and espeak-ng's Korean voice, which it hears badly: of five sentences
one was heard at a cost of 1, three at 8, all without a filler; of six other utterances none, none, and all."""

UNSURE_BELOW = 0.5
"""Of the probability that the decoder gives out: whether a command has the larger part of it."""

SoundsAlike = Callable[[frozenset[str], frozenset[str]], frozenset[str]]
"""Of the second words, those that sound like one of the first."""

_LAYOUT = "1"  # goes into the grammars' names: another one leaves those of older versions behind
_SILENCE_PHONES = "1:2:3:4:5:6:7:8:9:10"  # what Vosk takes for silence in a model that brings no settings


def takes_word_grammar(folder: Path) -> bool:
    """Whether a model's graph is in two parts, of which the grammar can be replaced."""
    layout = layout_of(folder)
    return (folder / layout.lexicon).is_file() and not (folder / layout.static_graph).exists()


class WordGrammars:
    """Decoders for word graphs, each with its sentences as the model's grammar; see `recogniser.Decoders`.

    Args:
        folder: The model's folder.
        cache: Folder for compiled grammars; made where it is missing.
        sounds_like: Words that a model may lack, with spellings out of other words: ``{"sciatic": ["sigh attic"]}``.
        checked: Folder in which it is remembered which models were found in order.
        filler_cost: What it costs to hear something else than a sentence; None hears everything as a sentence.
        sounds_alike: Tells which common words sound like a word of the sentences; None: none does.

    Raises:
        ModelMissing: There is no model in the folder.
        ModelCorrupt: The model lacks a file, or one is damaged.
    """

    exact = False
    lag_s = 0.35
    usual_only = True
    unsure_below = UNSURE_BELOW

    def __init__(
        self,
        folder: Path,
        cache: Path,
        sounds_like: Mapping[str, Sequence[str]],
        checked: Path,
        filler_cost: float | None = FILLER_COST,
        sounds_alike: SoundsAlike | None = None,
    ) -> None:
        self.folder = folder
        check_model(folder, checked)
        self._layout: Layout = layout_of(folder)
        self._fingerprint = fingerprint(folder)
        self._cache = GraphCache(cache)
        self._filler_cost = filler_cost
        self._sounds_alike = sounds_alike
        self._vocabulary = ModelWords(lambda word: word in self._known.ids, sounds_like)
        self._decoders = LoadedDecoders(self._compiled)

    @cached_property
    def _known(self) -> KnownWords:
        """The model's words; half a million take a second to read."""
        try:
            return read_known_words(self.folder / self._layout.words, self.folder / self._layout.grammar)
        except FstFormatError as error:
            raise ModelCorrupt(
                f"The model in {self.folder} can't be used.",
                f"Its words can't be read: {error}.",
                "Unpack the model anew.",
            ) from error

    def decoder_for(self, graph: WordGraph) -> Decoder:
        """The decoder for these sentences.

        Raises:
            ModelCorrupt: The model has none of the graph's words.
            FileUnwritable: The cache can't be written.
        """
        return self._decoders.use(graph)

    def prepare(self, graph: WordGraph) -> None:
        """Compile and load ahead what will be asked for soon; from any thread. Raises what `decoder_for` does."""
        self._decoders.prepare(graph)

    def talk(self) -> None:
        """None: what such a model takes for ordinary language is in the grammars already, as far as there is any."""

    def missing_words(self, graph: WordGraph) -> frozenset[str]:
        """Words of the graph that the model lacks, and that can't be spelled with those it has."""
        return frozenset(word for word in graph.words if not self._vocabulary.spellings(word))

    def restore(self, words: Sequence[Word]) -> tuple[Word, ...]:
        """The words that were meant, in the place of those that spell them."""
        return self._vocabulary.restore(words)

    def close(self) -> None:
        """Free the recognisers and their models."""
        self._decoders.close()

    def _compiled(self, graph: WordGraph) -> Path:
        spellings = {word: self._vocabulary.spellings(word) for word in sorted(graph.words)}
        if not any(spellings.values()):
            raise ModelCorrupt(
                f"The model in {self.folder} can't hear any of the commands.",
                "It has none of their words.",
                "Use a model for English, or a larger one.",
            )

        def make() -> ModelFiles:
            files = word_grammar_files(self._known, graph, spellings, self._filler(graph))
            return files | {"conf/model.conf": self._settings().encode("utf-8")}

        ingredients = (_LAYOUT, self._fingerprint, self._filler_cost, graph.fingerprint, spellings)
        return self._cache.get(ingredients, make, self._links())

    def _filler(self, graph: WordGraph) -> WordFiller | None:
        if self._filler_cost is None:
            return None
        filler = WordFiller(self._filler_cost)
        if self._sounds_alike is None:
            return filler
        names = {number: word for word, number in self._known.ids.items()}
        common = frozenset(names[number] for number, _ in self._known.commonest(filler.words))
        return replace(filler, alike=self._sounds_alike(graph.words, common))

    def _settings(self) -> str:
        """The model's own settings with our endpoints."""
        if self._layout.settings is None:
            own = Decoding().text().replace("silence-phones=1\n", f"silence-phones={_SILENCE_PHONES}\n")
        else:
            own = (self.folder / self._layout.settings).read_text("utf-8")
        return settings_with_endpointing(own, ENDPOINTING)

    def _links(self) -> dict[str, Path]:
        """All of the model but its language models: what they know of other sentences is of no use here."""
        names = {
            "am/final.mdl": self._layout.acoustic,
            **{f"conf/{Path(name).name}": name for name in self._layout.features},
            "graph/HCLr.fst": self._layout.lexicon,
            "graph/disambig_tid.int": self._layout.disambiguation,
            "graph/phones/word_boundary.int": self._layout.word_boundary,
            "ivector": "ivector",
        }
        return {place: self.folder / name for place, name in names.items() if (self.folder / name).exists()}
