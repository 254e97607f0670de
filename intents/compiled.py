"""The graph of some sentences with what it needs to be matched, and how it is kept from one run to the next."""

from __future__ import annotations

import json
import sys
import zlib
from array import array
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from intents.arc_table import ArcTable, Meaning
from intents.carriers import Arcs
from intents.tagged_graph import INTENT, Addend, may_go_on, slots_follow

_TYPES = "iiiidiBH"
"""Of the columns: five of the arcs; states in which a sentence may go on; for each state whether slots follow, and what
is told from there."""


class Kept(Protocol):
    """Where what was made is kept, by what it was made from."""

    def load(self, *made_from: str | int) -> bytes | None:
        """What was stored under these parts; None where nothing is, or it was damaged."""

    def store(self, content: bytes, *made_from: str | int) -> None:
        """Keep it under these parts, where that can be."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """The graph of some sentences.

    Attributes:
        arcs: Its arcs.
        may_go_on: See `WordGraph`.
        slots_follow: See `intents.tagged_graph.slots_follow`.
        told_from: For each state, what is only told by what comes after it; see `Block.told`.
    """

    arcs: ArcTable
    may_go_on: frozenset[int]
    slots_follow: bytes
    told_from: Sequence[frozenset[str]]

    @classmethod
    def of(cls, arcs: Arcs) -> Compiled:
        """Of the arcs of every state, 0 the start, 1 the end."""
        return cls(ArcTable(arcs), may_go_on(arcs), slots_follow(arcs), _told_from(arcs))

    def packed(self) -> bytes:
        """It as bytes, for this kind of machine."""
        words, meanings, numbers = self.arcs.columns()
        told = {found: place for place, found in enumerate(dict.fromkeys(self.told_from))}
        of_states = (array("B", self.slots_follow), array("H", [told[found] for found in self.told_from]))
        columns = (*numbers, array("i", sorted(self.may_go_on)), *of_states)
        head = {
            "words": words[1:],
            "meanings": [[[[name, _written(value)] for name, value in tags], aside] for tags, aside in meanings],
            "told": [sorted(found) for found in told],
            "lengths": [len(column) for column in columns],
        }
        text = json.dumps(head).encode()
        return zlib.compress(
            b"".join((len(text).to_bytes(4, "big"), text, *(column.tobytes() for column in columns))), 1
        )

    @classmethod
    def unpacked(cls, content: bytes) -> Compiled:
        """What `packed` has given.

        Raises:
            ValueError: It is nothing of that kind.
        """
        try:
            whole = memoryview(zlib.decompress(content))
            at = 4 + int.from_bytes(whole[:4], "big")
            head = json.loads(bytes(whole[4:at]))
            columns: list[array[Any]] = []
            for kind, length in zip(_TYPES, head["lengths"], strict=True):
                column: array[Any] = array(kind)
                end = at + length * column.itemsize
                column.frombytes(whole[at:end])
                columns.append(column)
                at = end
            meanings: list[Meaning] = [
                (tuple((name, _read(value)) for name, value in tags), aside) for tags, aside in head["meanings"]
            ]
            first, target, word, meaning, log_prob, goes_on, follow, told_from = columns
            table = ArcTable.of_columns((None, *head["words"]), meanings, (first, target, word, meaning, log_prob))
            told = [frozenset(found) for found in head["told"]]
            return cls(table, frozenset(goes_on), follow.tobytes(), [told[place] for place in told_from])
        except (zlib.error, KeyError, TypeError, IndexError) as error:
            raise ValueError(f"no compiled sentences: {error}") from error


@dataclass(frozen=True, slots=True)
class Origin:
    """What sentences were loaded from, and where their graphs are kept.

    Attributes:
        made_from: Changes with everything that their graphs depend on.
        kept: Where.
    """

    made_from: str
    kept: Kept

    def compiled(self, ingredients: str, make: Callable[[], Compiled]) -> Compiled:
        """The graph of some of them, made where it is not kept.

        Args:
            ingredients: What tells these from all others of this origin.
            make: Makes it.
        """
        content = self.kept.load(_MACHINE, self.made_from, ingredients)
        if content is not None:
            with suppress(ValueError):
                return Compiled.unpacked(content)
        made = make()
        self.kept.store(made.packed(), _MACHINE, self.made_from, ingredients)
        return made


_MACHINE = f"{sys.byteorder} {[array(kind).itemsize for kind in _TYPES]}"
"""What must be the same where something packed is unpacked."""


def _written(value: object) -> object:
    return {"add": asdict(value)} if isinstance(value, Addend) else value


def _read(value: Any) -> Any:
    return Addend(**value["add"]) if isinstance(value, dict) else value


def _told_from(arcs: Arcs) -> list[frozenset[str]]:
    found: dict[int, frozenset[str]] = {}
    same: dict[frozenset[str], frozenset[str]] = {}  # thousands of states, a few dozen sets

    waiting = list(range(len(arcs)))
    while waiting:  # each is found after those that it leads to; a sentence may be longer than Python's stack is deep
        state = waiting[-1]
        told = [(dict(arc.tags).get(INTENT), arc.target) for arc in arcs[state]]
        unknown = [target for intent, target in told if intent is None and target not in found]
        if unknown and state not in found:
            waiting += unknown
            continue
        waiting.pop()
        if state not in found:
            after = frozenset().union(*(found[at] if intent is None else {str(intent)} for intent, at in told))
            found[state] = same.setdefault(after, after)
    return [found[state] for state in range(len(arcs))]
