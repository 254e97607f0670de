"""OpenFst's binary files: the two kinds a Vosk graph is made of, written and read without OpenFst.

``const`` is a plain table of states and arcs. ``olabel_lookahead`` wraps one, and adds for every state the set of
output labels that can be read next from there; Vosk needs it to compose the lexicon with a grammar on the fly.

Layout, all little endian, nothing aligned: a header (magic number, the two type names, version, flags, properties,
start, number of states and arcs), then 20 bytes a state and 16 bytes an arc.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Self

import numpy as np
import numpy.typing as npt

EPSILON = 0
"""The label of an arc that reads or writes nothing."""

CONST = "const"
OLABEL_LOOKAHEAD = "olabel_lookahead"

_MAGIC = 2125659606
_ADDON_MAGIC = 446681434
_CONST_VERSION = 2
_LOOKAHEAD_VERSION = 1
_HAS_SYMBOLS = 0b11
_ALIGNED = 0b100

_EXPANDED = 0x1
_ACCEPTOR = 0x10000
_INPUT_SORTED = 0x10000000
_OUTPUT_SORTED = 0x40000000

_STATE = np.dtype(
    [("final", "<f4"), ("first", "<u4"), ("arcs", "<u4"), ("input_epsilons", "<u4"), ("output_epsilons", "<u4")]
)
_ARC = np.dtype([("input", "<i4"), ("output", "<i4"), ("cost", "<f4"), ("target", "<i4")])

_NUMBERS = struct.Struct("<iiQqqq")


class FstFormatError(ValueError):
    """The bytes are not an FST of the expected kind, or contradict themselves."""


class FstKindError(FstFormatError):
    """It is an FST, of a kind or with extras that this module doesn't read; it may well be in order."""


class FstArc(NamedTuple):
    """An arc; labels count from 1, `EPSILON` is none; the cost is a negative logarithm."""

    input: int
    output: int
    cost: float
    target: int


@dataclass
class Fst:
    """A transducer under construction; state 0 is the start.

    Its arcs are kept as bare numbers: a graph of sentences has eighty thousand, and as objects they took 15 MB, much of
    which stayed with the process after they were gone.

    Attributes:
        states: How many there are.
        finals: The cost of ending in a state, for those in which one may.
    """

    states: int = 0
    finals: dict[int, float] = field(default_factory=dict)
    _numbers: array[int] = field(default_factory=lambda: array("i"))  # source, input, output, target of each arc
    _costs: array[float] = field(default_factory=lambda: array("f"))

    @classmethod
    def of(cls, arcs: Iterable[Iterable[FstArc]], finals: Mapping[int, float]) -> Self:
        """Make one of the arcs that leave each state."""
        fst = cls(finals=dict(finals))
        for leaving in arcs:
            state = fst.add_state()
            for arc in leaving:
                fst.add_arc(state, arc.target, arc.input, arc.output, arc.cost)
        return fst

    def add_state(self) -> int:
        """Add a state without arcs and give its number."""
        self.states += 1
        return self.states - 1

    def add_arc(self, source: int, target: int, label: int = EPSILON, output: int = EPSILON, cost: float = 0.0) -> None:
        """Add an arc that reads ``label`` and writes ``output``."""
        self._numbers.extend((source, label, output, target))
        self._costs.append(cost)

    def table(self) -> tuple[npt.NDArray[np.int32], npt.NDArray[Any]]:
        """The states that arcs leave and the arcs, in the order in which they were added; see `FstTable.arcs`."""
        numbers = np.array(self._numbers, np.int32).reshape(-1, 4)
        arcs = np.empty(len(numbers), _ARC)
        arcs["input"], arcs["output"], arcs["target"] = numbers[:, 1:].T
        arcs["cost"] = self._costs
        return numbers[:, 0], arcs

    def arcs(self) -> list[list[FstArc]]:
        """The arcs that leave each state, in the order in which they were added."""
        leaving: list[list[FstArc]] = [[] for _ in range(self.states)]
        sources, arcs = self.table()
        for source, arc in zip(sources.tolist(), arcs.tolist(), strict=True):
            leaving[source].append(FstArc(*arc))
        return leaving


Interval = tuple[int, int]
"""Labels from the first up to, but without, the second."""


@dataclass(frozen=True)
class Header:
    """The header that every OpenFst file begins with.

    Attributes:
        kind: Type of the transducer, for instance ``const``.
        weights: Type of its arcs; Kaldi and Vosk take ``standard``.
        version: Version of that type's format.
        flags: What follows the header: symbol tables, padding.
        properties: OpenFst's property bits.
        start: The start state.
        states: Number of states.
        arcs: Number of arcs.
    """

    kind: str
    weights: str
    version: int
    flags: int
    properties: int
    start: int
    states: int
    arcs: int

    @property
    def plain(self) -> bool:
        """Whether the contents follow at once: no symbol tables, no padding."""
        return not self.flags & (_HAS_SYMBOLS | _ALIGNED)

    @property
    def has_symbols(self) -> bool:
        """Whether the file brings a symbol table of its own."""
        return bool(self.flags & _HAS_SYMBOLS)

    @property
    def symbol_tables(self) -> int:
        """How many symbol tables come before the contents: the input's, the output's."""
        return (self.flags & _HAS_SYMBOLS).bit_count()

    @property
    def aligned(self) -> bool:
        """Whether its parts begin at multiples of 16 bytes."""
        return bool(self.flags & _ALIGNED)


@dataclass(frozen=True)
class FstTable:
    """A transducer as it was read.

    Attributes:
        start: The start state.
        states: Structured array: ``final`` (cost, infinite where one can't end), ``first`` (arc), ``arcs``.
        arcs: Structured array: ``input``, ``output``, ``cost``, ``target``.
        lookahead: Per state, the intervals of output labels that can be read next; None in a ``const`` file.
        final_label: The label that stands for "may end" in those intervals.
    """

    start: int
    states: npt.NDArray[Any]
    arcs: npt.NDArray[Any]
    lookahead: tuple[tuple[Interval, ...], ...] | None = None
    final_label: int = EPSILON

    def fst(self) -> Fst:
        """The same transducer, open for changes."""
        arcs = [FstArc(*arc) for arc in self.arcs.tolist()]
        rows = self.states.tolist()
        return Fst.of(
            [arcs[first : first + count] for _, first, count, _, _ in rows],
            {state: row[0] for state, row in enumerate(rows) if row[0] != float("inf")},
        )


def const_bytes(fst: Fst) -> bytes:
    """The transducer as a ``const`` file. Properties such as sortedness are found out and noted in it."""
    owner, arcs = fst.table()
    order = np.argsort(owner, kind="stable")
    return _const_bytes(fst, owner[order], arcs[order])


def _const_bytes(fst: Fst, owner: npt.NDArray[np.int32], table: npt.NDArray[Any]) -> bytes:
    counts = np.bincount(owner, minlength=fst.states)
    states = np.zeros(fst.states, _STATE)
    states["final"] = np.inf
    for state, cost in fst.finals.items():
        states["final"][state] = cost
    states["arcs"] = counts
    states["first"] = np.cumsum(counts) - counts
    states["input_epsilons"] = np.bincount(owner[table["input"] == EPSILON], minlength=len(counts))
    states["output_epsilons"] = np.bincount(owner[table["output"] == EPSILON], minlength=len(counts))
    properties = _EXPANDED
    if np.array_equal(table["input"], table["output"]):
        properties |= _ACCEPTOR
    same_owner = owner[1:] == owner[:-1]
    for side, flag in (("input", _INPUT_SORTED), ("output", _OUTPUT_SORTED)):
        if not np.any(same_owner & (table[side][1:] < table[side][:-1])):
            properties |= flag
    header = Header(CONST, "standard", _CONST_VERSION, 0, properties, 0, len(states), len(table))
    return _header_bytes(header) + states.tobytes() + table.tobytes()


def olabel_lookahead_bytes(fst: Fst, lookahead: Sequence[Sequence[Interval]], final_label: int) -> bytes:
    """The transducer as an ``olabel_lookahead`` file.

    Args:
        fst: The transducer; each state's arcs are sorted by output label, or Vosk couldn't use the file.
        lookahead: Per state, the output labels that can be read first from there over arcs without output, as
            ascending intervals.
        final_label: A label no arc has; in an interval it stands for "a final state can be reached".
    """
    owner, arcs = fst.table()
    order = np.lexsort((arcs["input"], arcs["output"], owner))
    inner = _const_bytes(fst, owner[order], arcs[order])
    outer = Header(OLABEL_LOOKAHEAD, "standard", _LOOKAHEAD_VERSION, 0, _EXPANDED | _OUTPUT_SORTED, -1, 0, 0)
    parts = [
        _header_bytes(outer),
        struct.pack("<i", _ADDON_MAGIC),
        inner,
        bytes((1, 0, 1)),  # there is an add-on: nothing for the input side, something for the output side
        bytes((0, 0)),  # which is about output labels, and keeps no map of relabelled ones
        struct.pack("<iq", final_label, len(lookahead)),
    ]
    for intervals in lookahead:
        parts.append(struct.pack("<q", len(intervals)))
        parts.extend(struct.pack("<ii", *interval) for interval in intervals)
        parts.append(struct.pack("<i", sum(end - begin for begin, end in intervals)))
    return b"".join(parts)


def read_header(data: bytes) -> Header:
    """Read the header of any OpenFst file.

    Raises:
        FstFormatError: It isn't one.
    """
    return _read_header(data)[0]


def read_header_and_place(data: bytes) -> tuple[Header, int]:
    """Read the header of any OpenFst file, and where its contents begin.

    Raises:
        FstFormatError: It isn't one.
    """
    return _read_header(data)


def read_fst(data: bytes) -> FstTable:
    """Read a ``const`` or ``olabel_lookahead`` file, and check that nothing in it points outside.

    Raises:
        FstKindError: It is of another kind, or has symbol tables.
        FstFormatError: The bytes are cut or altered.
    """
    header, at = _read_header(data)
    if header.kind == CONST:
        table, at = _read_const(data, 0)
    elif header.kind == OLABEL_LOOKAHEAD:
        table, at = _read_lookahead(data, at)
    else:
        raise FstKindError(f"it is of the kind '{header.kind}', which is not read here")
    if at != len(data):
        raise FstFormatError("there are bytes after its end")
    return table


def _header_bytes(header: Header) -> bytes:
    names = b"".join(struct.pack("<i", len(name)) + name.encode("ascii") for name in (header.kind, header.weights))
    numbers = _NUMBERS.pack(header.version, header.flags, header.properties, header.start, header.states, header.arcs)
    return struct.pack("<i", _MAGIC) + names + numbers


def _read_header(data: bytes, at: int = 0) -> tuple[Header, int]:
    try:
        (magic,) = struct.unpack_from("<i", data, at)
        if magic != _MAGIC:
            raise FstFormatError("it doesn't begin like an OpenFst file")
        at += 4
        names = []
        for _ in range(2):
            (length,) = struct.unpack_from("<i", data, at)
            name = data[at + 4 : at + 4 + max(0, length)]
            if not 0 < length < 100 or not name.isascii():
                raise FstFormatError("its header names no type")
            names.append(name.decode("ascii"))
            at += 4 + length
        numbers = _NUMBERS.unpack_from(data, at)
    except struct.error as error:
        raise FstFormatError("it ends within its header") from error
    return Header(names[0], names[1], *numbers), at + _NUMBERS.size


def _read_const(data: bytes, at: int) -> tuple[FstTable, int]:
    header, at = _read_header(data, at)
    if header.kind != CONST or header.version != _CONST_VERSION or header.weights != "standard" or not header.plain:
        raise FstKindError("it holds a table of a kind that is not read here")
    arcs_at = at + header.states * _STATE.itemsize
    end = arcs_at + header.arcs * _ARC.itemsize
    if min(header.states, header.arcs) < 0 or end > len(data):
        raise FstFormatError("it is shorter than its header says")
    states = np.frombuffer(data, _STATE, header.states, at)
    arcs = np.frombuffer(data, _ARC, header.arcs, arcs_at)
    first, counts = states["first"].astype(np.int64), states["arcs"].astype(np.int64)
    if not 0 <= header.start < header.states or np.any(first != np.cumsum(counts) - counts):
        raise FstFormatError("its states don't fit its arcs")
    if counts.sum() != header.arcs or np.any((arcs["target"] < 0) | (arcs["target"] >= header.states)):
        raise FstFormatError("an arc leads to a state that isn't there")
    if np.any((arcs["input"] < 0) | (arcs["output"] < 0)) or not np.all(np.isfinite(arcs["cost"])):
        raise FstFormatError("an arc has a label or a cost that can't be")
    if np.any(np.isnan(states["final"]) | (states["final"] == -np.inf)):
        raise FstFormatError("a state has a cost that can't be")
    owner = np.repeat(np.arange(len(counts)), counts)
    for side in ("input", "output"):
        epsilons = np.bincount(owner[arcs[side] == EPSILON], minlength=len(counts))
        if np.any(epsilons != states[f"{side}_epsilons"]):
            raise FstFormatError("its states don't count their arcs right")
    return FstTable(header.start, states, arcs), end


def _read_lookahead(data: bytes, at: int) -> tuple[FstTable, int]:
    try:
        (magic,) = struct.unpack_from("<i", data, at)
        if magic != _ADDON_MAGIC:
            raise FstFormatError("its look-ahead part doesn't begin as it should")
        table, at = _read_const(data, at + 4)
        if data[at : at + 5] != bytes((1, 0, 1, 0, 0)):
            raise FstKindError("its look-ahead part is of a kind that is not read here")
        final_label, count = struct.unpack_from("<iq", data, at + 5)
        at += 5 + 12
        if count != len(table.states):
            raise FstFormatError("its look-ahead part has not one entry for each state")
        lookahead = []
        for _ in range(count):
            (intervals,) = struct.unpack_from("<q", data, at)
            if not 0 <= intervals <= len(data):
                raise FstFormatError("its look-ahead part has a size that can't be")
            numbers = struct.unpack_from(f"<{2 * intervals}ii", data, at + 8)
            at += 8 + 8 * intervals + 4
            pairs = tuple(zip(numbers[0:-1:2], numbers[1:-1:2], strict=True))
            if numbers[-1] not in (-1, sum(end - begin for begin, end in pairs)):  # -1: never counted
                raise FstFormatError("its look-ahead part doesn't add up")
            lookahead.append(pairs)
    except struct.error as error:
        raise FstFormatError("it ends within its look-ahead part") from error
    return FstTable(table.start, table.states, table.arcs, tuple(lookahead), final_label), at
