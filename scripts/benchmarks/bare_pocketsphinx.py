"""PocketSphinx as its own examples use it: its endpointer, a finite-state grammar, nothing else."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pocketsphinx

from assistant.audio.formats import RATE, Samples
from assistant.hearing.pronunciation import pronounce
from assistant.hearing.recogniser import Final, Transcript, Word
from intents.graph import WordGraph

_SCORE_SCALE = 1024
"""It keeps the logarithms of its scores divided by this."""


class BarePocketSphinx:
    """See `assistant.hearing.recogniser.Recogniser`; gives finals only.

    The confidence is the best path's score a frame, as a probability: with a closed grammar its own is always 1.
    """

    name = "bare pocketsphinx"
    partials_are_steady = False
    unsure_below = 0.0
    usual_only = True

    def __init__(self) -> None:
        # A lattice for the best path would take it 20 times as long.
        self._decoder: Any = pocketsphinx.Decoder(lm=None, bestpath=False, samprate=float(RATE), loglevel="FATAL")
        self._endpointer: Any = pocketsphinx.Endpointer(sample_rate=RATE)
        self._frame = int(self._endpointer.frame_bytes) // 2
        self._rest = np.zeros(0, np.int16)
        self._graphs: dict[int, tuple[WordGraph, str]] = {}
        self._waiting: WordGraph | None = None
        self._speaking = False
        self._start_s = 0.0
        self._frames = 0

    def listen_for(self, graph: WordGraph) -> None:
        """Take only the sentences of this graph, from the next utterance on."""
        if self._speaking:
            self._waiting = graph
            return
        self._waiting = None
        if id(graph) not in self._graphs:
            name = f"graph{len(self._graphs)}"
            self._decoder.add_fsg(name, self._grammar(name, graph))
            self._graphs[id(graph)] = (graph, name)  # holding the graph keeps its id from being used again
        self._decoder.activate_search(self._graphs[id(graph)][1])

    def prepare(self, graph: WordGraph) -> None:
        """Nothing."""

    def accept(self, block: Samples) -> Sequence[Transcript]:
        """Take the next block of sound and say what was heard."""
        sound = np.concatenate([self._rest, block])
        whole = len(sound) // self._frame * self._frame
        self._rest = sound[whole:]
        heard: list[Transcript] = []
        for at in range(0, whole, self._frame):
            self._frames += 1
            speech = self._endpointer.process(sound[at : at + self._frame].astype("<i2").tobytes())
            if speech is None:
                continue
            if not self._speaking:
                self._decoder.start_utt()
                self._speaking = True
                self._start_s = float(self._endpointer.speech_start)
            self._decoder.process_raw(speech, no_search=False, full_utt=False)
            if not self._endpointer.in_speech:
                heard.append(self._finish())
        return heard

    def replace_last(self, sound: Samples) -> None:
        """Leave it at what was heard."""

    def skip(self, silence: Samples) -> Sequence[Transcript]:
        """Take it like any other."""
        return self.accept(silence)

    def over_talk(self, heard: Transcript) -> float:  # noqa: ARG002 - it has no policy
        """It can't tell."""
        return math.inf

    def flush(self) -> Sequence[Final]:
        """The stream has ended: finish the utterance in progress."""
        return [self._finish()] if self._speaking else []

    def close(self) -> None:
        """Free the decoder."""
        del self._decoder

    def _finish(self) -> Final:
        self._decoder.end_utt()
        self._speaking = False
        found = self._decoder.hyp()
        end_s = self._frames * self._frame / RATE
        words: tuple[Word, ...] = ()
        confidence = 0.0
        if found is not None and found.hypstr:
            confidence = float(found.best_score) ** (_SCORE_SCALE / max(1, self._decoder.n_frames()))
            confidence = min(1.0, confidence)
            words = tuple(Word(word, self._start_s, end_s, confidence) for word in found.hypstr.split())
        final = Final(words, self._start_s, end_s, confidence, None if words else "noise")
        if self._waiting is not None:
            self.listen_for(self._waiting)
        return final

    def _grammar(self, name: str, graph: WordGraph) -> Any:
        for word in sorted(graph.words):
            if self._decoder.lookup_word(word) is None:
                for number, phones in enumerate(pronounce(word), start=1):
                    written = word if number == 1 else f"{word}({number})"
                    self._decoder.add_word(written, " ".join(phones), update=False)
        logmath = self._decoder.get_logmath()
        grammar = pocketsphinx.FsgModel(name, logmath, 1.0, graph.states)
        grammar.set_start_state(0)
        grammar.set_final_state(graph.final)
        for arc in graph.arcs:
            cost = int(logmath.log(math.exp(max(arc.log_prob, -600.0))))
            if arc.word is None:
                grammar.null_trans_add(arc.source, arc.target, cost)
            else:
                grammar.trans_add(arc.source, arc.target, cost, grammar.word_add(arc.word))
        return grammar
