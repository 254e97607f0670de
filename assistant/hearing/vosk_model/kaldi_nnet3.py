"""Kaldi's nnet3 as it is in the file: nodes, what each of them takes in, and the components that they apply.

Read without regard to what the network is; `kaldi_network` and the training, which begins from another maker's
network, make sense of it. Source: Kaldi's documentation of nnet3 ("dnn3_code_data_types") and its ``Write`` functions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from assistant.hearing.vosk_model.kaldi_stream import FloatArray, KaldiFormatError, KaldiReader

_NODE = re.compile(r"(input|output|component)-node (.*)")
_PROPERTY = re.compile(r"(\w+)=(.*?)(?= [\w-]+=|$)")
_WORDS = re.compile(r"[(),]|[^\s(),]+")

Value = int | float | bool | list[int] | FloatArray | tuple[int, int] | tuple[float, float] | None


@dataclass(frozen=True)
class Term:
    """A node's output at some frame, times a number.

    Attributes:
        node: The node.
        offset: The frame, relative to the present one.
        scale: What it is multiplied with.
        once: Whether it is the same at all frames, as an i-vector is.
    """

    node: str
    offset: int = 0
    scale: float = 1.0
    once: bool = False


Source = tuple[tuple[Term, ...], ...]
"""What a node takes in: parts that are put side by side, each of them a sum of terms."""


@dataclass(frozen=True)
class Node:
    """A step of the network.

    Attributes:
        kind: ``input``, ``component`` or ``output``.
        name: Its name.
        properties: What the file says of it, but for its name and what it takes in.
        source: What it takes in; nothing for an input.
    """

    kind: str
    name: str
    properties: Mapping[str, str]
    source: Source = ()


@dataclass(frozen=True)
class Component:
    """What a node does.

    Attributes:
        name: Its name, which is mostly the node's too.
        kind: Kaldi's class, such as ``TdnnComponent``.
        fields: Everything that is written down of it, by the field's token.
    """

    name: str
    kind: str
    fields: Mapping[str, Value]

    def array(self, field: str) -> FloatArray:
        """A vector or matrix.

        Raises:
            KaldiFormatError: There is none.
        """
        value = self.fields.get(field)
        if not isinstance(value, np.ndarray):
            raise KaldiFormatError(f"the component {self.name} has no {field}")
        return value

    def number(self, field: str) -> float:
        """A number.

        Raises:
            KaldiFormatError: There is none.
        """
        value = self.fields.get(field)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise KaldiFormatError(f"the component {self.name} has no {field}")
        return value


@dataclass(frozen=True)
class Nnet3:
    """A network as it is in the file.

    Attributes:
        nodes: In the order of the file.
        components: By name.
    """

    nodes: tuple[Node, ...]
    components: Mapping[str, Component]


def read_nnet3(reader: KaldiReader) -> Nnet3:
    """Read a network of any shape, made of the component kinds that TDNNs and TDNN-Fs are made of.

    Raises:
        KaldiFormatError: The bytes are cut or altered, or hold a kind of component that is not known here.
    """
    reader.expect("<Nnet3>")
    nodes = tuple(_read_node(line) for line in reader.lines())
    reader.expect("<NumComponents>")
    components = {}
    for _ in range(reader.integer()):
        reader.expect("<ComponentName>")
        component = _read_component(reader)
        components[component.name] = component
    reader.expect("</Nnet3>")
    for node in nodes:
        if node.kind == "component" and node.properties.get("component") not in components:
            raise KaldiFormatError(f"the node {node.name} has no component")
    return Nnet3(nodes, components)


def read_source(text: str) -> Source:
    """What a node takes in, from Kaldi's words for it: ``Append``, ``Sum``, ``Offset``, ``Scale``, ``ReplaceIndex``.

    Raises:
        KaldiFormatError: It can't be read, or sums up things that are put side by side.
    """
    words: list[str] = _WORDS.findall(text)
    source, rest = _read_source(words, 0)
    if rest != len(words):
        raise KaldiFormatError(f"there is something behind the end of '{text}'")
    return source


def _read_node(line: str) -> Node:
    match = _NODE.fullmatch(line.strip())
    if match is None:
        raise KaldiFormatError(f"the network's line '{line[:40]}' is not known here")
    properties = {name: value.strip() for name, value in _PROPERTY.findall(match[2])}
    if "name" not in properties:
        raise KaldiFormatError(f"the network's line '{line[:40]}' has no name")
    source = properties.pop("input", None)
    return Node(match[1], properties.pop("name"), properties, read_source(source) if source is not None else ())


def _read_source(words: Sequence[str], at: int) -> tuple[Source, int]:
    if at >= len(words):
        raise KaldiFormatError("a description of what a node takes in is cut")
    if at + 1 >= len(words) or words[at + 1] != "(":
        return ((Term(words[at]),),), at + 1
    kind, at = words[at], at + 2
    arguments: list[tuple[str, Source]] = []
    while True:
        first = words[at] if at < len(words) else ""
        source, at = _read_source(words, at)
        arguments.append((first, source))
        if at >= len(words) or words[at] not in ",)":
            raise KaldiFormatError("a description of what a node takes in is cut")
        at += 1
        if words[at - 1] == ")":
            return _combined(kind, arguments), at


def _combined(kind: str, arguments: Sequence[tuple[str, Source]]) -> Source:
    (first, source), *others = arguments
    try:
        match kind, others:
            case "Append", _:
                return tuple(part for _, each in arguments for part in each)
            case "Sum", [(_, other)] if len(source) == len(other) == 1:
                return ((*source[0], *other[0]),)
            case "Scale", [(_, scaled)]:
                factor = float(first)
                return tuple(tuple(replace(term, scale=term.scale * factor) for term in part) for part in scaled)
            case "Offset", [(frames, _)]:
                return tuple(tuple(replace(term, offset=term.offset + int(frames)) for term in part) for part in source)
            case "ReplaceIndex", [("t", _), _]:
                return tuple(tuple(replace(term, once=True) for term in part) for part in source)
    except ValueError as error:
        raise KaldiFormatError(f"a number was expected in {kind}") from error
    raise KaldiFormatError(f"{kind} of {len(arguments)} is not known here")


def _two_integers(reader: KaldiReader) -> tuple[int, int]:
    return reader.integer(), reader.integer()


def _two_reals(reader: KaldiReader) -> tuple[float, float]:
    return reader.real(), reader.real()


def _nothing(_: KaldiReader) -> None:
    return None


_FIELDS: Mapping[str, Callable[[KaldiReader], Value]] = {
    **dict.fromkeys(("<Dim>", "<BlockDim>", "<TimePeriod>", "<RankIn>", "<RankOut>"), KaldiReader.integer),
    **dict.fromkeys(("<UpdatePeriod>",), KaldiReader.integer),
    **dict.fromkeys(("<MaxChange>", "<L2Regularize>", "<LearningRateFactor>", "<LearningRate>"), KaldiReader.real),
    **dict.fromkeys(("<Epsilon>", "<TargetRms>", "<Count>", "<OderivCount>", "<BackpropScale>"), KaldiReader.real),
    **dict.fromkeys(("<NumDimsSelfRepaired>", "<NumDimsProcessed>", "<SelfRepairScale>"), KaldiReader.real),
    **dict.fromkeys(("<DropoutProportion>", "<OrthonormalConstraint>", "<NumSamplesHistory>"), KaldiReader.real),
    **dict.fromkeys(("<Alpha>",), KaldiReader.real),
    **dict.fromkeys(("<TestMode>", "<UseNaturalGradient>", "<IsGradient>"), KaldiReader.truth),
    **dict.fromkeys(("<LinearParams>", "<Params>"), KaldiReader.matrix),
    **dict.fromkeys(("<BiasParams>", "<ValueAvg>", "<DerivAvg>", "<OderivRms>"), KaldiReader.vector),
    **dict.fromkeys(("<StatsMean>", "<StatsVar>", "<Scales>", "<Bias>"), KaldiReader.vector),
    "<TimeOffsets>": KaldiReader.integers,
    "<AlphaInOut>": _two_reals,
    "<RankInOut>": _two_integers,
    "<Continuous>": _nothing,
}
"""How each field's value is written; fields of one name are alike in all the kinds of components that are met."""

KINDS = frozenset(
    {
        "FixedAffineComponent", "NaturalGradientAffineComponent", "LinearComponent", "TdnnComponent",
        "FixedScaleComponent", "FixedBiasComponent", "BatchNormComponent", "RectifiedLinearComponent",
        "LogSoftmaxComponent", "NoOpComponent", "GeneralDropoutComponent",
    }
)  # fmt: skip


def _read_component(reader: KaldiReader) -> Component:
    name, kind = reader.token(), reader.token().strip("<>")
    if kind not in KINDS:
        raise KaldiFormatError(f"the component {name[:40]} of kind {kind[:40]} is not known here")
    fields: dict[str, Value] = {}
    while (token := reader.token()) != f"</{kind}>":
        if token not in _FIELDS:
            raise KaldiFormatError(f"the component {name[:40]} has something unknown in it: {token[:40]}")
        fields[token] = _FIELDS[token](reader)
    return Component(name, kind, fields)
