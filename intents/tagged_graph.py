"""Graphs of words that also know what the words mean: put together, and as small as they can be.

A graph is the list of the arcs that leave each state; 0 is the start, 1 the end. There are no loops.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sized
from dataclasses import dataclass
from itertools import count
from typing import NamedTuple

from intents.types import SlotValue


@dataclass(frozen=True, slots=True)
class Addend:
    """What a word adds to a number in a slot.

    Attributes:
        amount: So much.
        first: Whether the number begins here: what a slot of that name held before is gone.
        multiplier: What the whole number is multiplied with in the end.
    """

    amount: float
    first: bool
    multiplier: float | None = None


Tag = tuple[str, SlotValue | Addend]
"""A slot's name and value, or what is added to it; the intent itself is tagged under `INTENT`."""

INTENT = ""
_MOST_STATES = 300_000


class Unspeakable(ValueError):
    """A template holds something that cannot be put into words, or refers to what is not there."""


class TaggedArc(NamedTuple):
    """A word, or none, with what it says about the meaning.

    Attributes:
        target: The state that it leads to.
        word: The word, or None.
        log_prob: Natural logarithm of its probability.
        tags: What it says.
        aside: Whether it is said around the command and has no part in it.
    """

    target: int
    word: str | None
    log_prob: float
    tags: tuple[Tag, ...] = ()
    aside: bool = False


def slots_of(tags: Iterable[Tag]) -> dict[str, SlotValue]:
    """The slots that these tags fill, and the intent under `INTENT`."""
    slots: dict[str, SlotValue] = {}
    numbers: dict[str, tuple[float, float | None]] = {}
    for name, value in tags:
        if isinstance(value, Addend):
            before = 0 if value.first or name not in numbers else numbers[name][0]
            numbers[name] = (before + value.amount, value.multiplier)
            total, multiplier = numbers[name]
            slots[name] = total * multiplier if multiplier else total
        else:
            slots[name] = value
    return slots


class CommonStates:
    """The states of many graphs, those from which the same follows being one.

    Graphs that are put together have most of their states in common with those that were put together before, and
    uniting them takes a few steps for each of their arcs. Two threads may take in graphs at the same time: a state is
    there before it is known, and one that both have found is there twice, which does no harm.
    """

    def __init__(self) -> None:
        self._numbers = count(2)
        self._arcs: dict[int, list[TaggedArc]] = {}  # the start is never left from here: each graph has its own
        self._known: dict[frozenset[TaggedArc], int] = {}

    def take(self, graph: list[list[TaggedArc]]) -> list[TaggedArc]:
        """Take in a graph, with all its states merged from which the same follows.

        Args:
            graph: The arcs of every state, 0 the start, 1 the end, without loops.

        Returns:
            The arcs that leave its start, to states in here.

        Raises:
            Unspeakable: There are too many states.
        """
        of_state: dict[int, int] = {1: 1}
        for state in end_first(graph, 0, 1):
            outgoing = _joined(TaggedArc(of_state[a.target], *a[1:]) for a in graph[state])
            if state == 0:
                return outgoing
            if state != 1:
                signature = frozenset(outgoing)
                if signature not in self._known:
                    number = next(self._numbers)
                    self._arcs[number] = outgoing
                    self._known.setdefault(signature, number)
                    refuse_too_many(self._arcs)
                of_state[state] = self._known[signature]
        raise AssertionError("a graph has a start")

    def united(self, begins: Iterable[tuple[float, list[TaggedArc]]]) -> list[list[TaggedArc]]:
        """One graph of several that were taken in.

        Args:
            begins: The arcs that leave the start of each, after the natural logarithm of its probability.
        """
        start = _joined(
            TaggedArc(arc.target, arc.word, log_prob + arc.log_prob, arc.tags, arc.aside)
            for log_prob, leaving in begins
            for arc in leaving
        )
        numbers = {1: 1}
        found: list[list[TaggedArc]] = [start, []]
        for leaving in found:  # which grows
            for arc in leaving:
                if arc.target not in numbers:
                    numbers[arc.target] = len(found)
                    found.append(self._arcs[arc.target])
        return [[TaggedArc(numbers[arc.target], *arc[1:]) for arc in leaving] for leaving in found]


def refuse_too_many(arcs: Sized) -> None:
    """Raise `Unspeakable` where there are more states than memory should be spent on."""
    if len(arcs) > _MOST_STATES:
        raise Unspeakable(f"The sentences need more than {_MOST_STATES} states; there are too many ways to say them")


def may_go_on(arcs: list[list[TaggedArc]]) -> frozenset[int]:
    """States in which a sentence may end, and also go on with words that add to its meaning.

    Args:
        arcs: The arcs of every state, 0 the start, 1 the end.
    """
    ends = {1}
    for state in end_first(arcs, 0, 1):
        if any(arc.word is None and arc.target in ends for arc in arcs[state]):
            ends.add(state)
    return frozenset(ends & _words_ahead(arcs, bool) - {0, 1})


def slots_follow(arcs: list[list[TaggedArc]]) -> bytes:
    """For each state, 1 where words may follow that fill a slot; else 0.

    Args:
        arcs: The arcs of every state, 0 the start, 1 the end.
    """
    states = _words_ahead(arcs, lambda tags: any(name != INTENT for name, _ in tags))
    return bytes(state in states for state in range(len(arcs)))


def _words_ahead(arcs: list[list[TaggedArc]], wanted: Callable[[tuple[Tag, ...]], bool]) -> set[int]:
    """States from which words lead on, with or before tags of a kind."""
    tags_ahead, words_ahead = set[int](), set[int]()
    for state in end_first(arcs, 0, 1):
        for arc in arcs[state]:
            if arc.target in tags_ahead or wanted(arc.tags):
                tags_ahead.add(state)
                if arc.word is not None:
                    words_ahead.add(state)
            if arc.word is None and arc.target in words_ahead:
                words_ahead.add(state)
    return words_ahead


def _joined(arcs: Iterable[TaggedArc]) -> list[TaggedArc]:
    """Several arcs that differ in their probability only become one with their sum."""
    sums: dict[tuple[int, str | None, tuple[Tag, ...], bool], float] = defaultdict(float)
    for arc in arcs:
        sums[arc.target, arc.word, arc.tags, arc.aside] += math.exp(arc.log_prob)
    return [TaggedArc(target, word, math.log(p), tags, aside) for (target, word, tags, aside), p in sums.items()]


def end_first(arcs: list[list[TaggedArc]], start: int, end: int) -> Iterator[int]:
    """States in an order in which every state comes after those that its arcs lead to."""
    done: set[int] = set()
    visit: list[tuple[int, bool]] = [(start, False), (end, False)]
    while visit:
        state, left = visit.pop()
        if left:
            yield state
        elif state not in done:
            done.add(state)
            visit.append((state, True))
            visit.extend((arc.target, False) for arc in arcs[state] if arc.target not in done)
