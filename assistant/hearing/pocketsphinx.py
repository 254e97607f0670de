"""PocketSphinx as a recogniser: true grammars, new words, and a model that comes in its wheel.

While an utterance lasts it is decoded as it comes, for partial results; at its end it is decoded once more as a whole,
brought to the level that the model is used to, which is what counts. The grammar is closed: a filler, a loop over all
phones, would tell when none of its sentences was said, but takes this decoder minutes for a second of sound.
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pocketsphinx

from assistant.audio.formats import FULL_SCALE, RATE, Samples
from assistant.hearing.endpointer import Endpointer, Speech, speech_part
from assistant.hearing.pronunciation import pronounce
from assistant.hearing.recogniser import Final, Partial, Transcript, Word
from intents.graph import WordGraph

GRAMMAR_WEIGHT = 3.0
"""How much more a likely sentence counts than an unlikely one, against the sound."""

LONGEST_UTTERANCE_S = 12.0
PARTIAL_EVERY_S = 0.09
TARGET_PEAK = 16_000.0
"""Half scale: the level the model likes."""

QUIETEST_PEAK = 60.0
"""Below this an utterance is hiss: lifting it would make words of it."""

_PADDING_S = 0.2
_FRAME_S = 0.01


class PocketSphinxRecogniser:
    """The recogniser; see `assistant.hearing.recogniser.Recogniser`."""

    name = "pocketsphinx"
    unsure_below = 0.0  # what was not said is often believed as firmly as what was
    usual_only = True  # a grammar of ten thousand arcs takes it minutes
    partials_are_steady = False  # "stop" it is for half a second when somebody says "start"; the endpoint comes as fast

    def __init__(self) -> None:
        self._decoder = _decoder()
        self._known: set[str] = set()
        self._graphs: dict[int, tuple[WordGraph, str]] = {}
        self._endpointer = Endpointer()
        self._speech: list[Samples] = []
        self._since_partial_s = 0.0
        self._streaming = False
        self._noise = np.random.default_rng(0)

    def listen_for(self, graph: WordGraph) -> None:
        """Take only the sentences of this graph from now on, also for the utterance in progress."""
        if id(graph) not in self._graphs:
            self._learn(graph)
            name = f"graph{len(self._graphs)}"
            self._decoder.add_fsg(name, self._grammar(name, graph))
            self._graphs[id(graph)] = (graph, name)  # holding the graph keeps its id from being used again
        speaking = self._streaming
        if speaking:
            self._decoder.end_utt()
            self._streaming = False
        self._decoder.activate_search(self._graphs[id(graph)][1])
        if speaking:
            self._stream(np.concatenate(self._speech))

    def prepare(self, graph: WordGraph) -> None:
        """Nothing: its one decoder is given the grammar when that is listened for."""

    def accept(self, block: Samples) -> Sequence[Transcript]:
        """Take the next block of sound and say what was heard."""
        return [said for speech in self._endpointer.accept(block) for said in self._take(speech)]

    def replace_last(self, sound: Samples) -> None:
        """Leave it at what was heard: its endpointer has passed it over or taken it, and can't go back."""

    def skip(self, silence: Samples) -> Sequence[Transcript]:
        """Take it like any other: its voice activity detector, which costs little, must go on learning the noise."""
        return self.accept(silence)

    def over_talk(self, heard: Transcript) -> float:  # noqa: ARG002 - its grammar is all that it has
        """It can't tell."""
        return math.inf

    def flush(self) -> Sequence[Final]:
        """The stream has ended: finish the utterance in progress."""
        speeches = self._endpointer.flush()
        return [said for speech in speeches for said in self._take(speech) if isinstance(said, Final)]

    def close(self) -> None:
        """Free the decoder."""
        self._graphs.clear()
        del self._decoder

    def _take(self, speech: Speech) -> list[Transcript]:
        if speech.begins:
            self._speech = []
            self._since_partial_s = 0.0
        elif not self._speech:
            return []  # of what was given up
        self._speech.append(speech.sound)
        length_s = sum(map(len, self._speech)) / RATE
        if speech.ends:
            return [self._finish(speech.start_s)]
        if length_s > LONGEST_UTTERANCE_S:
            return [self._give_up(speech.start_s, length_s)]
        self._stream(speech.sound)
        self._since_partial_s += len(speech.sound) / RATE
        if self._since_partial_s < PARTIAL_EVERY_S:
            return []
        self._since_partial_s = 0.0
        return [Partial(self._words(speech.start_s), speech.start_s + length_s)]

    def _stream(self, sound: Samples) -> None:
        if not self._streaming:
            self._decoder.start_utt()
            self._streaming = True
        self._decoder.process_raw(sound.astype("<i2").tobytes(), no_search=False, full_utt=False)

    def _end_stream(self) -> None:
        if self._streaming:
            self._decoder.end_utt()
            self._streaming = False

    def _finish(self, start_s: float) -> Final:
        """Decode the whole utterance anew, at the right level and with its own mean taken off."""
        self._end_stream()
        sound = np.concatenate(self._speech)
        self._speech = []
        begin, end = speech_part(sound)
        start_s, end_s = start_s + begin / RATE, start_s + end / RATE
        samples = sound[begin:end].astype(np.float64)
        samples -= samples.mean()
        peak = float(np.abs(samples).max(initial=0.0))
        if peak < QUIETEST_PEAK:
            return Final((), start_s, end_s, 0.0, "noise")
        padding = np.zeros(round(_PADDING_S * RATE))
        level = np.concatenate([padding, samples * (TARGET_PEAK / peak), padding])
        level += self._noise.normal(0.0, 2.0, len(level))
        self._decoder.start_utt()
        self._decoder.process_raw(
            np.clip(level, -FULL_SCALE, FULL_SCALE - 1).astype("<i2").tobytes(), no_search=False, full_utt=True
        )
        self._decoder.end_utt()
        words = self._words(start_s - _PADDING_S)
        confidence = min((word.confidence for word in words), default=0.0)
        return Final(words, start_s, end_s, confidence, None if words else "noise")

    def _give_up(self, start_s: float, length_s: float) -> Final:
        """Somebody talks on and on, or a machine runs: no command is that long."""
        self._end_stream()
        self._speech = []
        return Final((), start_s, start_s + length_s, 0.0, "noise")

    def _words(self, start_s: float) -> tuple[Word, ...]:
        """The words of the best path."""
        words: list[Word] = []
        if self._decoder.hyp() is None:
            return ()
        logmath = self._decoder.get_logmath()
        for segment in self._decoder.seg() or ():
            text = segment.word.split("(")[0]
            if text and not text.startswith("<") and not text.startswith("["):
                begin = start_s + segment.start_frame * _FRAME_S
                until = start_s + (segment.end_frame + 1) * _FRAME_S
                words.append(Word(text, begin, until, min(1.0, float(logmath.exp(segment.prob)))))
        return tuple(words)

    def _learn(self, graph: WordGraph) -> None:
        for word in sorted(graph.words - self._known):
            for number, phones in enumerate(pronounce(word), start=1):
                name = word if number == 1 else f"{word}({number})"
                self._decoder.add_word(name, " ".join(phones), update=False)
            self._known.add(word)

    def _grammar(self, name: str, graph: WordGraph) -> Any:
        logmath = self._decoder.get_logmath()
        grammar = pocketsphinx.FsgModel(name, logmath, 1.0, graph.states)
        grammar.set_start_state(0)
        grammar.set_final_state(graph.final)

        def cost(log_prob: float) -> int:
            return int(logmath.log(math.exp(max(log_prob * GRAMMAR_WEIGHT, -600.0))))

        for arc in graph.arcs:
            if arc.word is None:
                grammar.null_trans_add(arc.source, arc.target, cost(arc.log_prob))
            else:
                grammar.trans_add(arc.source, arc.target, cost(arc.log_prob), grammar.word_add(arc.word))
        return grammar


def _decoder() -> Any:
    with tempfile.NamedTemporaryFile("w", suffix=".dict") as dictionary:
        dictionary.write("")
        dictionary.flush()
        return pocketsphinx.Decoder(
            hmm=pocketsphinx.get_model_path("en-us/en-us"),
            dict=dictionary.name,
            lm=None,
            samprate=float(RATE),
            bestpath=False,
            cmn="batch",
            # Wider than usual, as grammars are small and a pruned sentence comes out as a short wrong one.
            beam=1e-80,
            wbeam=1e-60,
            pbeam=1e-80,
            wip=0.2,
            loglevel="FATAL",
        )


def model_folder() -> Path:
    """Where PocketSphinx's own model lies, in its wheel."""
    return Path(pocketsphinx.get_model_path("en-us/en-us"))
