"""PocketSphinx as a recogniser: true grammars, new words, and a model that comes in its wheel.

The wheel's voice activity detector cuts the stream into utterances. While one lasts it is decoded as it comes, for
partial results; at its end it is decoded once more as a whole, brought to the level that the model is used to, which
is what counts. Beside the sentences the grammar has a filler, a loop over all phones: what fits it better than any
sentence is none of them. A closed grammar would always answer something.
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pocketsphinx

from assistant.audio.formats import RATE, Samples
from assistant.hearing.pronunciation import PHONES, pronounce
from assistant.hearing.recogniser import Final, Partial, Transcript, Word
from intents.graph import WordGraph

FILLERS: tuple[str, ...] = ()
FILLER_COST = 24.0
"""Negative natural logarithm of the probability of leaving the sentences for the filler; see scripts/bench."""

FILLER_PHONE_COST = 2.0
"""The same for each phone of the filler: the knob between hearing too much and too little."""

GRAMMAR_WEIGHT = 3.0
"""How much more a likely sentence counts than an unlikely one, against the sound."""

ENDPOINT_WINDOW_S = 0.42
"""Speech has begun, or ended, when most of so long a window is on that side."""

ENDPOINT_RATIO = 0.8
LONGEST_UTTERANCE_S = 12.0
PARTIAL_EVERY_S = 0.09
TARGET_PEAK = 16_000.0
"""Half scale: the level the model likes."""

QUIETEST_PEAK = 60.0
"""Below this an utterance is hiss: lifting it would make words of it."""

_PADDING_S = 0.2
_FRAME_S = 0.01
_FILLER = "++"


class PocketSphinxRecogniser:
    """The recogniser; see `assistant.hearing.recogniser.Recogniser`."""

    name = "pocketsphinx"

    def __init__(self) -> None:
        self._decoder = _decoder()
        self._known: set[str] = set()
        self._graphs: dict[int, tuple[WordGraph, str]] = {}
        self._endpointer = _endpointer()
        self._frame_bytes = int(self._endpointer.frame_bytes)
        self._rest = b""
        self._speech: list[bytes] = []
        self._speech_start_s = 0.0
        self._since_partial_s = 0.0
        self._streaming = False
        self._offset_s = 0.0
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
            self._stream(b"".join(self._speech))

    def accept(self, block: Samples) -> Sequence[Transcript]:
        """Take the next block of sound and say what was heard."""
        self._rest += block.astype("<i2", copy=False).tobytes()
        transcripts: list[Transcript] = []
        whole = len(self._rest) // self._frame_bytes * self._frame_bytes
        frames, self._rest = self._rest[:whole], self._rest[whole:]
        for at in range(0, whole, self._frame_bytes):
            transcripts += self._take(frames[at : at + self._frame_bytes])
        return transcripts

    def flush(self) -> Sequence[Final]:
        """The stream has ended: finish the utterance in progress."""
        if self._rest:
            speech = self._endpointer.end_stream(self._rest.ljust(self._frame_bytes, b"\0"))
            self._rest = b""
            if speech:
                self._speech.append(speech)
        return [self._finish()] if self._speech else []

    def close(self) -> None:
        """Free the decoder."""
        self._graphs.clear()
        del self._decoder

    def _take(self, frame: bytes) -> list[Transcript]:
        was_in_speech = self._endpointer.in_speech
        speech = self._endpointer.process(frame)
        if speech is None:
            return []
        if not was_in_speech:
            self._speech_start_s = self._offset_s + self._endpointer.speech_start
            self._since_partial_s = 0.0
        self._speech.append(speech)
        self._stream(speech)
        seconds = len(speech) / 2 / RATE
        if not self._endpointer.in_speech:
            return [self._finish()]
        if sum(map(len, self._speech)) / 2 / RATE > LONGEST_UTTERANCE_S:
            return [self._give_up()]
        self._since_partial_s += seconds
        if self._since_partial_s < PARTIAL_EVERY_S:
            return []
        self._since_partial_s = 0.0
        length = sum(map(len, self._speech)) / 2 / RATE
        return [Partial(self._words(self._speech_start_s)[0], self._speech_start_s + length)]

    def _stream(self, speech: bytes) -> None:
        if not self._streaming:
            self._decoder.start_utt()
            self._streaming = True
        self._decoder.process_raw(speech, no_search=False, full_utt=False)

    def _finish(self) -> Final:
        """Decode the whole utterance anew, at the right level and with its own mean taken off."""
        if self._streaming:
            self._decoder.end_utt()
            self._streaming = False
        samples = np.frombuffer(b"".join(self._speech), "<i2").astype(np.float32)
        self._speech = []
        start, end = self._speech_start_s, self._speech_start_s + len(samples) / RATE
        samples -= samples.mean()
        peak = float(np.abs(samples).max(initial=0.0))
        if peak < QUIETEST_PEAK:
            return Final((), start, end, 0.0, "noise")
        padding = np.zeros(round(_PADDING_S * RATE), np.float32)
        level = np.concatenate([padding, samples * (TARGET_PEAK / peak), padding])
        level += self._noise.normal(0.0, 2.0, len(level)).astype(np.float32)
        self._decoder.start_utt()
        self._decoder.process_raw(np.clip(level, -32768, 32767).astype("<i2").tobytes(), no_search=False, full_utt=True)
        self._decoder.end_utt()
        words, filler = self._words(start - _PADDING_S)
        if not words and not filler:
            return Final((), start, end, 0.0, "noise")
        confidence = min((word.confidence for word in words), default=0.0)
        return Final(words, start, end, confidence, "unsure" if filler else None)

    def _give_up(self) -> Final:
        """Somebody talks on and on, or a machine runs: no command is that long."""
        if self._streaming:
            self._decoder.end_utt()
            self._streaming = False
        length = sum(map(len, self._speech)) / 2 / RATE
        self._speech = []
        return Final((), self._speech_start_s, self._speech_start_s + length, 0.0, "noise")

    def _words(self, start_s: float) -> tuple[tuple[Word, ...], bool]:
        """The words of the best path, and whether it went through the filler."""
        words: list[Word] = []
        filler = False
        hypothesis = self._decoder.hyp()
        if hypothesis is None:
            return (), False
        logmath = self._decoder.get_logmath()
        for segment in self._decoder.seg() or ():
            text = segment.word.split("(")[0]
            if text.startswith(_FILLER):
                filler = True
            elif text and not text.startswith("<") and not text.startswith("["):
                begin = start_s + segment.start_frame * _FRAME_S
                until = start_s + (segment.end_frame + 1) * _FRAME_S
                words.append(Word(text, begin, until, min(1.0, float(logmath.exp(segment.prob)))))
        return tuple(words), filler

    def _learn(self, graph: WordGraph) -> None:
        for word in sorted(graph.words - self._known):
            for number, phones in enumerate(pronounce(word), start=1):
                name = word if number == 1 else f"{word}({number})"
                self._decoder.add_word(name, " ".join(phones), update=False)
            self._known.add(word)

    def _grammar(self, name: str, graph: WordGraph) -> Any:
        logmath = self._decoder.get_logmath()
        hub = graph.states
        grammar = pocketsphinx.FsgModel(name, logmath, 1.0, graph.states + 1)
        grammar.set_start_state(0)
        grammar.set_final_state(graph.final)

        def cost(log_prob: float) -> int:
            return int(logmath.log(math.exp(max(log_prob * GRAMMAR_WEIGHT, -600.0))))

        for arc in graph.arcs:
            if arc.word is None:
                grammar.null_trans_add(arc.source, arc.target, cost(arc.log_prob))
            else:
                grammar.trans_add(arc.source, arc.target, cost(arc.log_prob), grammar.word_add(arc.word))
        if not FILLERS:
            return grammar
        grammar.null_trans_add(0, hub, cost(-FILLER_COST))
        for phone in FILLERS:
            word = grammar.word_add(_FILLER + phone)
            grammar.trans_add(hub, hub, cost(-FILLER_PHONE_COST), word)
            grammar.trans_add(hub, graph.final, cost(-FILLER_PHONE_COST), word)
        return grammar


def _decoder() -> Any:
    with tempfile.NamedTemporaryFile("w", suffix=".dict") as dictionary:
        dictionary.writelines(f"{_FILLER}{phone} {phone}\n" for phone in PHONES)  # words follow with the graphs
        dictionary.flush()
        return pocketsphinx.Decoder(
            hmm=pocketsphinx.get_model_path("en-us/en-us"),
            dict=dictionary.name,
            lm=None,
            samprate=float(RATE),
            bestpath=False,
            cmn="batch",
            loglevel="FATAL",
        )


def _endpointer() -> Any:
    return pocketsphinx.Endpointer(
        window=ENDPOINT_WINDOW_S,
        ratio=ENDPOINT_RATIO,
        vad_mode=pocketsphinx.Vad.MEDIUM_LOOSE,
        sample_rate=RATE,
    )


def model_folder() -> Path:
    """Where PocketSphinx's own model lies, in its wheel."""
    return Path(pocketsphinx.get_model_path("en-us/en-us"))
