"""The grammar as a graph of words: states joined by arcs that carry a word or nothing.

It is built from hassil's expression tree without ever enumerating the sentences, so it stays small where the
sentences are too many to count. Recognisers take it as it is: PocketSphinx as a finite state grammar, Vosk as
the pairs of words that may follow each other, or compiled down to phones.
"""

from __future__ import annotations

import hashlib
import math
from array import array
from collections import defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple


class Arc(NamedTuple):
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


@dataclass(frozen=True)
class WordGraph:
    """All sentences that may be said, as paths from state 0 to ``final``. There are no loops.

    Attributes:
        states: Number of states; state 0 is the start.
        final: The one state in which a sentence may end.
        arcs: All arcs, in no particular order; can be hashed.
        may_go_on: States in which a sentence may end, but also may go on to mean something else ("a latte", "a latte
            with oat milk"): whoever listens for the end should wait longer there.
        may_say_more: Whether words that are a sentence may be followed by others that say more about the same.
    """

    states: int
    final: int
    arcs: Sequence[Arc]
    may_go_on: frozenset[int] = frozenset()
    may_say_more: Callable[[str], bool] = field(default=lambda _: False, compare=False)

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        """Reckoned once: it takes milliseconds."""
        return hash((self.states, self.final, self.arcs, self.may_go_on))

    @cached_property
    def fingerprint(self) -> str:
        """The same for equal graphs only, also in another process."""
        words = sorted(self.words)
        numbers = {word: number for number, word in enumerate(words, 1)}
        places = array("q", (self.states, self.final, *sorted(self.may_go_on)))
        for source, target, word, _ in self.arcs:
            places.extend((source, target, numbers[word] if word is not None else 0))
        digest = hashlib.sha256("\n".join(words).encode())
        digest.update(len(self.may_go_on).to_bytes(8, "little"))
        for numbers_in_a_row in (places, array("d", [arc.log_prob for arc in self.arcs])):
            digest.update(numbers_in_a_row.tobytes())
        return digest.hexdigest()

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word that occurs."""
        return frozenset(arc.word for arc in self.arcs if arc.word is not None)

    @cached_property
    def leaving(self) -> Mapping[int, tuple[Arc, ...]]:
        """The arcs that leave each state."""
        leaving: dict[int, list[Arc]] = defaultdict(list)
        for arc in self.arcs:
            leaving[arc.source].append(arc)
        return {state: tuple(leaving[state]) for state in range(self.states)}

    def accepts(self, words: Sequence[str]) -> bool:
        """Whether these words are one of the sentences."""
        states = self._closure({0})
        for word in words:
            states = self._closure({a.target for s in states for a in self.leaving[s] if a.word == word})
        return self.final in states

    @cached_property
    def single_words(self) -> frozenset[str]:
        """Words that are a sentence by themselves."""
        first = (arc for state in self._closure({0}) for arc in self.leaving[state])
        return frozenset(arc.word for arc in first if arc.word is not None and arc.target in self.ends)

    @cached_property
    def ends(self) -> frozenset[int]:
        """States in which a sentence may end: no word is needed to reach the final one."""
        return frozenset(state for state in range(self.states) if self.final in self._closure({state}))

    def count(self) -> int:
        """Number of paths from start to end; a sentence with two readings counts twice."""
        ways: dict[int, int] = {}
        for state in self._end_first():
            ways[state] = int(state == self.final) + sum(ways[arc.target] for arc in self.leaving[state])
        return ways.get(0, 0)

    def sample(self, choose: Callable[[Sequence[float]], int]) -> list[str]:
        """A sentence.

        Args:
            choose: Given the probabilities of the ways on, says which to take; ``random.choices`` makes one.
        """
        words: list[str] = []
        state = 0
        while state != self.final:
            arcs = self.leaving[state]
            arc = arcs[choose([math.exp(a.log_prob) for a in arcs])]
            if arc.word is not None:
                words.append(arc.word)
            state = arc.target
        return words

    def covering_sentences(self) -> list[str]:
        """Complete sentences that hold every pair of neighbouring words, every first and every last word.

        Few, where the sentences themselves may be too many to count: enough for a bigram.
        """
        before = self._shortest(forwards=True)
        after = self._shortest(forwards=False)
        seen: set[tuple[str, str]] = set()
        sentences: dict[str, None] = {}
        for first in self._spoken_arcs():
            for second in (*self._next_spoken(first.target), None):
                words = [*before[first.source], first.word or ""]
                if second is None:
                    if self.final not in self._closure({first.target}):
                        continue
                else:
                    words += [second.word or "", *after[second.target]]
                padded = ["<s>", *words, "</s>"]
                pairs = set(pairwise(padded))
                if not pairs <= seen:
                    seen |= pairs
                    sentences[" ".join(words)] = None
        return list(sentences)

    def _spoken_arcs(self) -> list[Arc]:
        return [arc for arc in self.arcs if arc.word is not None]

    def _next_spoken(self, state: int) -> list[Arc]:
        return [arc for s in sorted(self._closure({state})) for arc in self.leaving[s] if arc.word is not None]

    def _closure(self, states: set[int]) -> set[int]:
        reached, todo = set(states), list(states)
        while todo:
            for arc in self.leaving[todo.pop()]:
                if arc.word is None and arc.target not in reached:
                    reached.add(arc.target)
                    todo.append(arc.target)
        return reached

    def _shortest(self, *, forwards: bool) -> dict[int, list[str]]:
        """The fewest words from the start to each state, or from each state to the end."""
        steps: dict[int, list[tuple[int, str | None]]] = defaultdict(list)
        for arc in self.arcs:
            here, there = (arc.source, arc.target) if forwards else (arc.target, arc.source)
            steps[here].append((there, arc.word))
        begin = 0 if forwards else self.final
        best: dict[int, list[str]] = {begin: []}
        queue = deque([begin])
        while queue:
            state = queue.popleft()
            for there, word in steps[state]:
                added = [] if word is None else [word]
                words = best[state] + added if forwards else added + best[state]
                if there not in best or len(words) < len(best[there]):
                    best[there] = words
                    # What costs no word is looked at first, so that all stays in the order of length.
                    queue.appendleft(there) if word is None else queue.append(there)
        return best

    def _end_first(self) -> list[int]:
        order: list[int] = []
        done: set[int] = set()
        visit: list[tuple[int, bool]] = [(0, False)]
        while visit:
            state, left = visit.pop()
            if left:
                order.append(state)
            elif state not in done:
                done.add(state)
                visit.append((state, True))
                visit.extend((arc.target, False) for arc in self.leaving[state] if arc.target not in done)
        return order
