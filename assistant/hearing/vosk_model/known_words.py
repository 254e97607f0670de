"""Which words a model of the official layout knows, and how common each is: its table of words, its language model.

The table is ``words.txt``, or lies within ``Gr.fst``. Of the language model only the unigrams are read, from a
``const`` table or an ``ngram`` file; what can't be read has none, and every word counts as equally common.

An ``ngram`` file (OpenFst's NGramFst; Sorensen and Allauzen, "Unary Data Structures for Language Models", 2011) has
after its header and tables of words:

* three uint64: states, words that may follow, final states;
* rows of bits in whole uint64: contexts (two bits a state and one), futures (a zero for each state, then a one for each
  word that may follow it), finals (a bit a state);
* int32: the contexts' words (one a state and one more), the words that may follow;
* float32: costs of backing off (one a state and one more), of ending, and of the words that may follow.

State 0 has no context: what may follow it are the unigrams.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.hearing.vosk_model.openfst import (
    CONST,
    EPSILON,
    FstFormatError,
    Header,
    read_fst,
    read_header_and_place,
)

_NGRAM = "ngram"
_SYMBOLS_MAGIC = 2125658996
_BITS = 64
_NO_WORDS = frozenset({"<eps>", "<s>", "</s>"})


@dataclass(frozen=True)
class KnownWords:
    """The words of a model.

    Attributes:
        ids: The number of each word, as the model's graphs have it.
        costs: Natural logarithm of how uncommon each word is, by its number; the same for all where that is not known.
    """

    ids: Mapping[str, int]
    costs: Mapping[int, float]

    def commonest(self, count: int) -> list[tuple[int, float]]:
        """The numbers of so many words, the commonest first, with their costs."""
        return sorted(self.costs.items(), key=lambda item: (item[1], item[0]))[:count]


def read_known_words(table: Path, grammar: Path) -> KnownWords:
    """The words of a model.

    Args:
        table: Its ``words.txt``, which may be missing.
        grammar: Its ``Gr.fst``.

    Raises:
        FstFormatError: Neither has a table of words, or one of them is damaged.
    """
    data = grammar.read_bytes()
    header, at = read_header_and_place(data)
    embedded: dict[int, str] = {}
    for _ in range(header.symbol_tables):  # the output's is the last
        embedded, at = _read_symbols(data, at)
    names = embedded if not table.is_file() else _read_table(table)
    if not names:
        raise FstFormatError("there is no table of its words")
    ids = {name: number for number, name in names.items() if name not in _NO_WORDS and not name.startswith("#")}
    numbers = set(ids.values())
    costs = {word: cost for word, cost in _unigrams(data, header, at).items() if word in numbers}
    if not costs:
        costs = dict.fromkeys(sorted(numbers), math.log(len(numbers) + 1))
    return KnownWords(ids, costs)


def _read_table(table: Path) -> dict[int, str]:
    columns = [line.split() for line in table.read_text("utf-8").splitlines()]
    if any(len(entry) != 2 or not entry[1].isdecimal() for entry in columns):
        raise FstFormatError("its table of words has a line that is not a word and its number")
    return {int(number): word for word, number in columns}


def _unigrams(data: bytes, header: Header, at: int) -> dict[int, float]:
    """The words that may be said in no context, with their costs; none where the file's kind is not read here."""
    if header.kind == CONST and header.plain:
        return _unigrams_of_table(data)
    if header.kind == _NGRAM and not header.aligned:
        return _unigrams_of_ngrams(data, at)
    return {}


def _unigrams_of_table(data: bytes) -> dict[int, float]:
    """Of the state from which most words are said: the one that others back off to."""
    table = read_fst(data)
    first, counts = table.states["first"], table.states["arcs"]
    state = int(np.argmax(counts))
    arcs = table.arcs[first[state] : first[state] + counts[state]]
    said = arcs[arcs["input"] != EPSILON]
    return dict(zip(said["input"].tolist(), said["cost"].tolist(), strict=True))


def _unigrams_of_ngrams(data: bytes, at: int) -> dict[int, float]:
    states, futures, finals = (int(number) for number in _row(data, "<u8", 3, at))
    if max(states, futures, finals) > len(data):
        raise FstFormatError("its language model is shorter than it says")
    at += 3 * 8 + 8 * _words_of_bits(2 * states + 1)
    bits = _row(data, "<u8", _words_of_bits(futures + states + 1), at)
    ones = np.unpackbits(bits.view(np.uint8), bitorder="little")
    ends = np.flatnonzero(ones == 0)
    if len(ends) < 2 or ends[0] != 0:
        raise FstFormatError("its language model doesn't begin with the words that need no context")
    count = int(ends[1]) - 1
    at += len(bits) * 8 + 8 * _words_of_bits(states) + 4 * (states + 1)
    words = _row(data, "<i4", futures, at)[:count]
    at += 4 * futures + 4 * (states + 1) + 4 * finals
    costs = _row(data, "<f4", futures, at)[:count]
    if not np.all(np.isfinite(costs)):
        raise FstFormatError("its language model has a cost that can't be")
    return dict(zip(words.tolist(), costs.tolist(), strict=True))


def _words_of_bits(bits: int) -> int:
    return -(-bits // _BITS)


def _row(data: bytes, kind: str, count: int, at: int) -> npt.NDArray[np.generic]:
    if at + np.dtype(kind).itemsize * count > len(data):
        raise FstFormatError("its language model ends before its contents")
    return np.frombuffer(data, kind, count, at)


def _read_symbols(data: bytes, at: int) -> tuple[dict[int, str], int]:
    """A symbol table: a magic number, its name, the next free number and the count as int64, then text and number."""
    try:
        (magic,) = struct.unpack_from("<i", data, at)
        if magic != _SYMBOLS_MAGIC:
            raise FstFormatError("its table of words doesn't begin as it should")
        _, at = _read_text(data, at + 4)
        _, count = struct.unpack_from("<qq", data, at)
        at += 16
        names: dict[int, str] = {}
        for _ in range(count):
            text, at = _read_text(data, at)
            (number,) = struct.unpack_from("<q", data, at)
            names[number] = text
            at += 8
    except (struct.error, UnicodeDecodeError) as error:
        raise FstFormatError("its table of words is cut or altered") from error
    return names, at


def _read_text(data: bytes, at: int) -> tuple[str, int]:
    (length,) = struct.unpack_from("<i", data, at)
    end = at + 4 + length
    if length < 0 or end > len(data):
        raise FstFormatError("its table of words is cut or altered")
    return data[at + 4 : end].decode("utf-8"), end
