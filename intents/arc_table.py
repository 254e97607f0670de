"""The arcs of a graph in columns: as objects they take ten times the memory, and a session has a dozen graphs."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import overload

from intents.graph import Arc
from intents.tagged_graph import Tag, TaggedArc

Meaning = tuple[tuple[Tag, ...], bool]
"""What an arc says of the meaning, and whether it is said aside."""


class ArcTable(Sequence[Arc]):
    """All arcs of a graph, by state and word; as a sequence they are a `WordGraph`'s. Never changes.

    Args:
        arcs: The arcs that leave each state.
    """

    def __init__(self, arcs: Sequence[Sequence[TaggedArc]] = ()) -> None:
        words = sorted({arc.word for leaving in arcs for arc in leaving if arc.word is not None})
        self._words: tuple[str | None, ...] = (None, *words)
        self._numbers = {word: number for number, word in enumerate(self._words)}
        self._first = array("i", [0])  # of each state, and one more: where the arcs end
        self._target, self._word, self._meaning = array("i"), array("i"), array("i")
        self._log_prob = array("d")
        meanings: dict[Meaning, int] = {}
        for leaving in arcs:
            for arc in sorted(leaving, key=lambda arc: self._numbers[arc.word]):
                self._target.append(arc.target)
                self._word.append(self._numbers[arc.word])
                self._meaning.append(meanings.setdefault((arc.tags, arc.aside), len(meanings)))
                self._log_prob.append(arc.log_prob)
            self._first.append(len(self._target))
        self._meanings: tuple[Meaning, ...] = tuple(meanings)

    def columns(self) -> tuple[Sequence[str | None], Sequence[Meaning], Sequence[array[int] | array[float]]]:
        """The words, the meanings, and the numbers of each arc, as `of_columns` takes them."""
        return self._words, self._meanings, (self._first, self._target, self._word, self._meaning, self._log_prob)

    @classmethod
    def of_columns(
        cls,
        words: Sequence[str | None],
        meanings: Sequence[Meaning],
        numbers: tuple[array[int], array[int], array[int], array[int], array[float]],
    ) -> ArcTable:
        """The table that has given these `columns`."""
        table = cls()
        table._words, table._meanings = tuple(words), tuple(meanings)
        table._numbers = {word: number for number, word in enumerate(table._words)}
        table._first, table._target, table._word, table._meaning, table._log_prob = numbers
        return table

    @property
    def states(self) -> int:
        """How many states there are."""
        return len(self._first) - 1

    def leaving(self, state: int, word: str | None) -> Iterator[TaggedArc]:
        """The arcs that leave a state with a word, or without one."""
        number = self._numbers.get(word)
        if number is None:
            return
        end = self._first[state + 1]
        at = bisect_left(self._word, number, self._first[state], end)
        while at < end and self._word[at] == number:
            yield TaggedArc(self._target[at], word, self._log_prob[at], *self._meanings[self._meaning[at]])
            at += 1

    def __len__(self) -> int:
        return len(self._target)

    @overload
    def __getitem__(self, at: int) -> Arc: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[Arc]: ...

    def __getitem__(self, at: int | slice) -> Arc | Sequence[Arc]:
        if isinstance(at, slice):
            return [self[place] for place in range(*at.indices(len(self)))]
        place = range(len(self))[at]
        source = bisect_right(self._first, place) - 1
        return Arc(source, self._target[place], self._words[self._word[place]], self._log_prob[place])

    def __iter__(self) -> Iterator[Arc]:
        for source in range(self.states):
            for at in range(self._first[source], self._first[source + 1]):
                yield Arc(source, self._target[at], self._words[self._word[at]], self._log_prob[at])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ArcTable) and self._columns == other._columns

    def __hash__(self) -> int:
        return hash((self._words, self._target.tobytes(), self._log_prob.tobytes()))

    @property
    def _columns(self) -> tuple[object, ...]:
        """What tells one graph of words from another; what the words mean does not."""
        return self._words, self._first, self._target, self._word, self._log_prob
