"""Vosk with any model: the grammar is given at run time, which Vosk turns into pairs of neighbouring words."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from pathlib import Path

import platformdirs
import vosk

from assistant.audio.formats import RATE
from assistant.errors import ModelCorrupt
from assistant.hearing.recogniser import Word
from assistant.hearing.vosk.decoder import Decoder, load_model, translated
from assistant.hearing.vosk.vocabulary import ModelWords, Phrases
from assistant.hearing.vosk_model.model_check import check_model
from assistant.hearing.vosk_model.phones import UNKNOWN_WORD
from intents.graph import WordGraph

GRAMMARS_KEPT = 8
"""Recognisers that wait for their grammar to come back; the one not used for longest goes first."""


class RuntimeGrammars:
    """Decoders for word graphs, from one model; see `assistant.hearing.vosk.recogniser.Decoders`.

    A model with a static graph takes no grammar: it hears the sentences that were compiled into it, and the word
    graph only tells which of its words the model lacks.

    Args:
        folder: The model's folder.
        sounds_like: Words that a model may lack, with spellings out of other words: ``{"sciatic": ["sigh attic"]}``.
        checked: Folder in which it is remembered which models were found in order; None for the user's cache.

    Raises:
        ModelMissing: There is no model in the folder.
        ModelCorrupt: The model lacks a file, or one is damaged.
    """

    exact = False
    lag_s = 0.35
    usual_only = True
    unsure_below = 0.0  # a closed grammar makes confidence nearly always 1

    def __init__(
        self, folder: Path, sounds_like: Mapping[str, Sequence[str]] | None = None, checked: Path | None = None
    ) -> None:
        self.folder = folder
        passed = checked or platformdirs.user_cache_path("stretch-assistant") / "checked-models"
        self._takes_grammar = check_model(folder, passed).takes_grammar
        self._model = load_model(folder)
        self._vocabulary = ModelWords(self._has_word, sounds_like or {})
        self._phrases: OrderedDict[WordGraph, Phrases] = OrderedDict()
        self._decoders: OrderedDict[tuple[str, ...], Decoder] = OrderedDict()

    def decoder_for(self, graph: WordGraph) -> Decoder:
        """A decoder that takes these sentences; the same one where the phrases are the same.

        Raises:
            ModelCorrupt: The model has none of the graph's words.
        """
        return self._decoder_for(self._phrases_for(graph).texts if self._takes_grammar else ())

    def prepare(self, graph: WordGraph) -> None:
        """Nothing: making a decoder takes a few milliseconds."""

    def talk(self) -> None:
        """None: what such a model takes for ordinary language is in the grammars already, as far as there is any."""

    def missing_words(self, graph: WordGraph) -> frozenset[str]:
        """Words of the graph that can't be heard."""
        return self._phrases_for(graph).missing

    def restore(self, words: Sequence[Word]) -> tuple[Word, ...]:
        """The words that were meant, in the place of those that spell them."""
        return self._vocabulary.restore(words)

    def close(self) -> None:
        """Free the recognisers and the model."""
        self._decoders.clear()
        del self._model

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
                        f"The model in {self.folder} can't hear any of the commands.",
                        "It has none of their words.",
                        "Use a model for English, or a larger one.",
                    )
                unknown = [UNKNOWN_WORD] if self._has_word(UNKNOWN_WORD) else []
                arguments.append(json.dumps([*texts, *unknown], ensure_ascii=False))
            with translated(self.folder):
                self._decoders[texts] = Decoder(lambda: vosk.KaldiRecognizer(*arguments))
            while len(self._decoders) > GRAMMARS_KEPT:
                self._decoders.popitem(last=False)
        self._decoders.move_to_end(texts)
        return self._decoders[texts]

    def _has_word(self, word: str) -> bool:
        find = getattr(self._model, "vosk_model_find_word", None)  # older packages can't tell
        return find is None or find(word) >= 0
