"""A graph of words in any order, which Vosk composes with a grammar while it runs.

The words are a trie over phones from one central state: a word's id is written on its last phone's arc, and from
there the way leads back to the centre, through silence or not. The ids follow the trie depth first, so the words
that can be reached from a state are nearly always one interval of ids; that is what the look-ahead needs to know.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

from assistant.hearing.vosk_model.graph_parts import (
    ModelFiles,
    Pause,
    Pronunciations,
    add_phone,
    add_silence,
    add_unknown_word,
    table_files,
)
from assistant.hearing.vosk_model.openfst import Fst, FstArc, Interval, const_bytes, olabel_lookahead_bytes
from assistant.hearing.vosk_model.phones import UNKNOWN_WORD, PhoneSet, forward
from assistant.hearing.vosk_model.word_pairs import WordPairs, word_pairs_bytes


def lexicon_graph_files(
    phones: PhoneSet,
    lexicon: Pronunciations,
    unknown_cost: float | None = None,
    silence_probability: float = 0.5,
    usual: WordPairs | None = None,
) -> ModelFiles:
    """The ``graph/`` part of a model that takes a grammar at run time.

    Args:
        phones: The model's phones.
        lexicon: The words that can be recognised.
        unknown_cost: Natural logarithm by which each phone of ``[unk]`` is dearer than one of a word: 3 rejects
            much, 6 little. None leaves ``[unk]`` out.
        silence_probability: How likely silence is before and after a word, within 0 to 1.
        usual: Which words follow each other where no grammar is given; None takes all of them for as likely.

    Raises:
        PronunciationMissing: A word has none, or one with an unknown phone.
    """
    trie = _trie(phones, lexicon)
    word_ids: dict[str, int] = {}
    _number_words(trie, word_ids)
    unknown_id = len(word_ids) + 1
    if unknown_cost is not None:
        word_ids[UNKNOWN_WORD] = unknown_id
    hcl = _Hcl(phones, word_ids, Pause(silence_probability))
    hcl.add_words(trie)
    if unknown_cost is not None:
        hcl.add_unknown(unknown_id, unknown_cost)
    return {
        "graph/HCLr.fst": hcl.file_bytes(),
        "graph/Gr.fst": _unigram(len(word_ids)) if usual is None else word_pairs_bytes(word_ids, usual),
        "graph/disambig_tid.int": f"{2 * phones.count + 1}\n".encode("ascii"),
        **table_files(phones, word_ids),
    }


@dataclass
class _Node:
    """A place in the trie: what may follow, by phone, and the words that end here."""

    children: dict[int, _Node] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)


def _trie(phones: PhoneSet, lexicon: Pronunciations) -> _Node:
    root = _Node()
    for word, pronunciations in lexicon.items():
        for pronunciation in pronunciations or [()]:
            node = root
            for phone in phones.in_word(word, pronunciation):
                node = node.children.setdefault(phone, _Node())
            if word not in node.words:
                node.words.append(word)
    return root


def _number_words(node: _Node, word_ids: dict[str, int]) -> None:
    for word in node.words:
        word_ids.setdefault(word, len(word_ids) + 1)
    for _, child in sorted(node.children.items()):
        _number_words(child, word_ids)


class _Hcl:
    """The transducer under construction, with the words that can be written next from each state."""

    def __init__(self, phones: PhoneSet, word_ids: dict[str, int], pause: Pause) -> None:
        self._phones = phones
        self._word_ids = word_ids
        self._pause = pause
        self._fst = Fst()
        # Words below the states within the trie; from every other state the centre is near and with it every word.
        self._below: dict[int, set[int]] = {}
        start = self._fst.add_state()
        self._centre = self._fst.add_state()
        self._fst.finals[self._centre] = 0.0
        self._silence = add_silence(self._fst, self._centre)
        pause.add(self._fst, start, self._centre, self._silence)

    def add_words(self, trie: _Node) -> None:
        self._expand(trie, self._centre)

    def add_unknown(self, word: int, phone_cost: float) -> None:
        unknown = add_unknown_word(self._fst, self._phones, self._centre, word, phone_cost)
        for state in unknown.ends:
            self._end_word(state)

    def file_bytes(self) -> bytes:
        final_label = len(self._word_ids) + 1
        everything = [(1, final_label + 1)]
        lookahead = [
            _intervals(self._below[state]) if state in self._below else everything for state in range(self._fst.states)
        ]
        return olabel_lookahead_bytes(self._fst, lookahead, final_label)

    def _expand(self, node: _Node, state: int) -> set[int]:
        """Add what follows a place in the trie; give the ids of the words that do."""
        below: set[int] = set()
        for phone, child in sorted(node.children.items()):
            if child.words:
                ids = [self._word_ids[word] for word in child.words]
                last = add_phone(self._fst, state, phone, ids[0])
                for homophone in ids[1:]:
                    self._fst.add_arc(state, last, forward(phone), homophone)
                self._end_word(last)
                below.update(ids)
            if child.children:
                inside = add_phone(self._fst, state, phone)
                self._below[inside] = self._expand(child, inside)
                below |= self._below[inside]
        return below

    def _end_word(self, state: int) -> None:
        self._pause.add(self._fst, state, self._centre, self._silence)


def _intervals(labels: Iterable[int]) -> list[Interval]:
    intervals: list[Interval] = []
    for label in sorted(labels):
        if intervals and intervals[-1][1] == label:
            intervals[-1] = (intervals[-1][0], label + 1)
        else:
            intervals.append((label, label + 1))
    return intervals


def _unigram(words: int) -> bytes:
    """Every word at the same price, in any order: what Vosk uses where it is given no grammar."""
    cost = math.log(words + 1)
    return const_bytes(Fst.of([[FstArc(word, word, cost, 0) for word in range(1, words + 1)]], {0: cost}))
