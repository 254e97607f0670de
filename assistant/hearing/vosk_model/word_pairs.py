"""A graph of general language: which words follow each other, and how usual that is (a bigram with backing off)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.hearing.vosk_model.openfst import Fst, const_bytes
from assistant.hearing.vosk_model.phones import UNKNOWN_WORD

START, END = "<s>", "</s>"
"""What is before an utterance's first word, and after its last."""


@dataclass(frozen=True)
class WordPairs:
    """How usual words are; all costs are negative natural logarithms.

    Attributes:
        words: What each word costs after one that is not usually followed by it; `END` is among them.
        pairs: What words cost after a word that is usually followed by them; `START` counts as a word, `END` too.
        otherwise: What it costs after each of these words to go on with any other one.
        unknown: What a word costs that is none of these, beside its phones.
    """

    words: Mapping[str, float]
    pairs: Mapping[str, Mapping[str, float]]
    otherwise: Mapping[str, float]
    unknown: float


def word_pairs_bytes(word_ids: Mapping[str, int], usual: WordPairs) -> bytes:
    """The graph as a ``Gr.fst``.

    Args:
        word_ids: The lexicon's words; those without a cost can't be heard.
        usual: How usual they are.
    """
    fst = Fst()
    start, anything = fst.add_state(), fst.add_state()
    after = {word: fst.add_state() for word in usual.pairs if word in word_ids}
    for word, following in usual.pairs.items():
        state = start if word == START else after.get(word)
        if state is None:
            continue
        for second, cost in following.items():
            if second == END:
                fst.finals[state] = cost
            elif (label := word_ids.get(second)) is not None:
                fst.add_arc(state, after.get(second, anything), label, label, cost)
        fst.add_arc(state, anything, cost=usual.otherwise[word])
        fst.finals.setdefault(state, usual.otherwise[word] + usual.words[END])
    if START not in usual.pairs:
        fst.add_arc(start, anything)
        fst.finals[start] = usual.words[END]
    for word, cost in usual.words.items():
        if (label := word_ids.get(word)) is not None:
            fst.add_arc(anything, after.get(word, anything), label, label, cost)
    if (label := word_ids.get(UNKNOWN_WORD)) is not None:
        fst.add_arc(anything, anything, label, label, usual.unknown)
    fst.finals[anything] = usual.words[END]
    return sorted_bytes(fst)


def sorted_bytes(fst: Fst) -> bytes:
    """As a ``const`` file, each state's arcs in the order of what they read, which Vosk needs to find them."""
    leaving = [sorted(arcs, key=lambda arc: (arc.input, arc.output)) for arcs in fst.arcs()]
    return const_bytes(Fst.of(leaving, fst.finals))
