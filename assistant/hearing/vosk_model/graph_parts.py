"""What both kinds of graph are made of: phones, optional silence, the unknown word, the table of words.

A phone is one arc with its forward transition-id into a state of its own, which repeats the self-loop's id. Such a
state belongs to that phone alone; it is left by an arc without input or by the next phone's forward arc. The
transitions' own probabilities are all one half and cancel, so they are left out.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.hearing.vosk_model.openfst import EPSILON, Fst
from assistant.hearing.vosk_model.phones import SILENCE, PhoneSet, forward, self_loop

Pronunciations = Mapping[str, Sequence[Sequence[str]]]
"""Per word, its pronunciations; each is a sequence of phone names."""

ModelFiles = dict[str, bytes]
"""Contents of files by their path within the model folder, with forward slashes."""

WORDS = "graph/words.txt"
WORD_BOUNDARY = "graph/phones/word_boundary.int"
PHONES = "graph/phones.txt"


@dataclass(frozen=True)
class Pause:
    """Silence that may be there or not, and what either costs."""

    probability: float

    @property
    def with_silence(self) -> float:
        """Cost of passing through silence."""
        return -math.log(self.probability)

    @property
    def without_silence(self) -> float:
        """Cost of going on at once."""
        return -math.log(1.0 - self.probability)

    def add(self, fst: Fst, source: int, target: int, silence: int, cost: float = 0.0) -> None:
        """Join two states directly and through a silence state made by `add_silence`, either way at this cost."""
        fst.add_arc(source, target, cost=self.without_silence + cost)
        fst.add_arc(source, silence, forward(SILENCE), cost=self.with_silence + cost)


@dataclass(frozen=True)
class UnknownWord:
    """States of the word that any phones make up.

    Attributes:
        body: States within the word.
        ends: States of its last phones.
    """

    body: list[int]
    ends: list[int]


def add_silence(fst: Fst, target: int) -> int:
    """Add a state of silence that leads to another state, and give its number."""
    state = fst.add_state()
    fst.add_arc(state, state, self_loop(SILENCE))
    fst.add_arc(state, target)
    return state


def add_phone(fst: Fst, source: int, phone: int, word: int = EPSILON, cost: float = 0.0) -> int:
    """Add a phone after a state, writing a word at its first frame; give the phone's state."""
    state = fst.add_state()
    fst.add_arc(source, state, forward(phone), word, cost)
    fst.add_arc(state, state, self_loop(phone))
    return state


def add_unknown_word(fst: Fst, phones: PhoneSet, source: int, word: int, phone_cost: float) -> UnknownWord:
    """Add a word of two or more phones, whichever they are, after a state.

    Args:
        fst: The graph.
        phones: The model's phones.
        source: The state before the word.
        word: The word's id.
        phone_cost: What every phone of it costs: the dearer, the seldomer it is preferred to the known words.
    """
    hub = fst.add_state()
    body, ends = [hub], []
    for name in phones.names:
        first = add_phone(fst, source, phones.phone_id(name, "begin"), word, phone_cost)
        inside = add_phone(fst, hub, phones.phone_id(name, "internal"), cost=phone_cost)
        for state in (first, inside):
            fst.add_arc(state, hub)
            body.append(state)
        ends.append(add_phone(fst, hub, phones.phone_id(name, "end"), cost=phone_cost))
    return UnknownWord(body, ends)


def table_files(phones: PhoneSet, word_ids: Mapping[str, int]) -> ModelFiles:
    """The tables of words and phones that belong to a graph."""
    words = ["<eps> 0", *(f"{word} {number}" for word, number in sorted(word_ids.items(), key=lambda item: item[1]))]
    return {
        WORDS: ("\n".join(words) + "\n").encode("utf-8"),
        WORD_BOUNDARY: phones.word_boundaries().encode("ascii"),
        PHONES: phones.table().encode("utf-8"),
    }
