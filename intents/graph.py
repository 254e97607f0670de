"""The grammar as a graph of words: states joined by arcs that carry a word or nothing.

It is built from hassil's expression tree without ever enumerating the sentences, so it stays small where the
sentences are too many to count. Recognisers take it as it is: PocketSphinx as a finite state grammar, Vosk as
the pairs of words that may follow each other.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Arc:
    """A step from one state to another.

    Attributes:
        source: State left, from 0.
        target: State entered.
        word: The word spoken, lower case, or None for a step without a word.
        log_prob: Natural logarithm of the arc's probability among those that leave ``source``.
    """

    source: int
    target: int
    word: str | None
    log_prob: float


@dataclass(frozen=True, slots=True)
class WordGraph:
    """All sentences that may be said, as paths from state 0 to ``final``.

    Attributes:
        states: Number of states; state 0 is the start.
        final: The one state in which a sentence may end.
        arcs: All arcs, in no particular order.
    """

    states: int
    final: int
    arcs: tuple[Arc, ...]

    @property
    def words(self) -> frozenset[str]:
        """Every word that occurs."""
        return frozenset(arc.word for arc in self.arcs if arc.word is not None)
