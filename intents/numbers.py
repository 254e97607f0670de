"""A range of numbers as a graph of words that stays small: 0 to 999 takes some dozens of states.

Each word of a number says how much it adds, as early as that is known ("two hundred" is 2 and 198 more). What is left
to be added is then the same after every "hundred", and states from which the same follows are one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import lru_cache

from intents.language import ways_to_say
from intents.tagged_graph import Addend, Tag, TaggedArc

_ENDS_HERE = 0.5
"""How likely a number ends where it might also go on: "twenty" and "twenty-three"."""

_ROUND = {100: 20.0, 10: 10.0, 5: 4.0}
"""How much oftener multiples of these are said than other numbers of their size; the first that fits counts. Without
that "ninety" is heard as "nineteen". Round numbers are said oftener in many languages (Dehaene and Mehler, 1992)."""


@dataclass(slots=True)
class _Node:
    """What may follow the first words of a number."""

    following: dict[str, _Node] = field(default_factory=dict)
    number: float | None = None
    least: float = math.inf
    mass: float = 0.0


def how_often(number: float) -> float:
    """How often a number is said, beside others: the smaller and the rounder, the oftener."""
    more = next((more for base, more in _ROUND.items() if number and number % base == 0), 1.0)
    return more / (abs(number) + 1.0)


@lru_cache(maxsize=256)  # every phase's grammar has the same numbers
def number_graph(
    tag: str, slot: str, multiplier: float | None, numbers: tuple[float, ...]
) -> tuple[list[list[TaggedArc]], int]:
    """The graph of some numbers: the arcs of each state, and the state in which it begins; it ends in state 0.

    Args:
        tag: The language's tag.
        slot: The slot that the number fills.
        multiplier: What it is multiplied with.
        numbers: The numbers.
    """
    root = _Node()
    for number in numbers:
        for way in ways_to_say(tag, number):
            node = root
            for word in ("", *way.split()):
                node = node.following.setdefault(word, _Node()) if word else node
                node.least = min(node.least, number)
                node.mass += how_often(number)
            node.number = number
    arcs: list[list[TaggedArc]] = [[]]
    known: dict[frozenset[TaggedArc], int] = {}

    def tags(amount: float, *, first: bool) -> tuple[Tag, ...]:
        return ((slot, Addend(amount, first, multiplier)),) if amount or first else ()

    def state_of(node: _Node, *, first: bool) -> int:
        if node.number is not None and not node.following and node.number == node.least:
            return 0
        share = 1.0 if node.number is None else 1.0 - _ENDS_HERE
        leaving = []
        for word, below in node.following.items():
            added = below.least if first else below.least - node.least
            # Further words are as likely everywhere: else no two numbers had the same behind their first word.
            log_prob = math.log(below.mass / node.mass if first else share / len(node.following))
            leaving.append(TaggedArc(state_of(below, first=False), word, log_prob, tags(added, first=first)))
        if node.number is not None:
            ends = math.log(_ENDS_HERE) if node.following else 0.0
            leaving.append(TaggedArc(0, None, ends, tags(node.number - node.least, first=False)))
        signature = frozenset(leaving)
        if signature not in known:
            known[signature] = len(arcs)
            arcs.append(leaving)
        return known[signature]

    begin = state_of(root, first=True)
    return arcs, begin
