"""Kaldi's binary stream: the acoustic model, as much of it as a chain model made of plain layers needs.

Layout, all little endian: the file begins with ``\\0B``; a token is ASCII and one space; an int32 or float is a byte
4 (its size) and its four bytes; a vector of int32 is a byte 4, a bare count and the numbers; ``FV`` and ``FM`` are a
vector and a row-major matrix of float32.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]
Activation = Literal["none", "relu", "log_softmax"]

BINARY_MARK = b"\0B"

_CONTEXT_OF_SOURCE = "input"
_SIMPLE_COMPONENTS: dict[Activation, str] = {
    "relu": "RectifiedLinearComponent",
    "log_softmax": "LogSoftmaxComponent",
}


class KaldiUnreadable(ValueError):
    """The bytes are not the Kaldi object that was expected."""


@dataclass(frozen=True, slots=True)
class PhoneOutputs:
    """Which outputs of the network score a phone.

    Attributes:
        phone: Phone id, from 1.
        forward: Output for the phone's first frame, from 0.
        self_loop: Output for each further frame; may be the same one.
    """

    phone: int
    forward: int
    self_loop: int


@dataclass(frozen=True)
class Layer:
    """An affine layer over frames around the present one, and what follows it.

    Attributes:
        name: Unique within the network, without spaces.
        weights: Shape (outputs, inputs x number of offsets): first all inputs of the first offset, and so on.
        biases: Shape (outputs,).
        offsets: Frames that are looked at, relative to the present one, ascending.
        activation: What is done to the sums.
    """

    name: str
    weights: FloatArray
    biases: FloatArray
    offsets: tuple[int, ...] = (0,)
    activation: Activation = "none"


@dataclass(frozen=True)
class Network:
    """A feed-forward network; its last layer's outputs are the scores.

    Attributes:
        input_dim: Features a frame.
        layers: From input to output.
    """

    input_dim: int
    layers: tuple[Layer, ...]


@dataclass(frozen=True)
class TransitionModel:
    """What is read of a transition model of any topology.

    Attributes:
        phones: All phone ids, ascending.
        transition_ids: Number of transition-ids; they count from 1.
        outputs: Per context-dependent phone state: its phone id and its outputs, in the order of transition-ids.
    """

    phones: tuple[int, ...]
    transition_ids: int
    outputs: tuple[PhoneOutputs, ...]


@dataclass(frozen=True)
class AcousticModel:
    """The contents of ``am/final.mdl``.

    Attributes:
        transitions: Phones and transition-ids.
        network: The network.
        priors: Logarithm of each output's prior probability, taken off its score; shape (outputs,), or (0,) for none.
    """

    transitions: TransitionModel
    network: Network
    priors: FloatArray = field(default_factory=lambda: np.zeros(0, np.float32))


def acoustic_model_bytes(
    outputs: Sequence[PhoneOutputs], network: Network, priors: FloatArray | None = None
) -> bytes:
    """``am/final.mdl`` for phones of one state each (chain topology).

    Args:
        outputs: One entry a phone, ids ascending; with ids 1, 2, 3 … phone k has the transition-ids 2k-1 (self-loop)
            and 2k (forward).
        network: The network.
        priors: Logarithm of each output's prior probability; None for a network trained with LF-MMI.

    Raises:
        ValueError: Phones are out of order, or a layer's shape doesn't fit its input.
    """
    _check(outputs, network)
    writer = _Writer()
    _write_transitions(writer, outputs)
    _write_network(writer, network)
    writer.token("<LeftContext>").int(0)  # both are computed again on loading
    writer.token("<RightContext>").int(0)
    writer.token("<Priors>").vector(np.zeros(0, np.float32) if priors is None else priors)
    return bytes(writer.data)


def read_acoustic_model(data: bytes) -> AcousticModel:
    """Read back what `acoustic_model_bytes` writes.

    Raises:
        KaldiUnreadable: The bytes are cut or altered, or hold a kind of layer that this project doesn't write.
    """
    reader = _Reader(data)
    transitions = _read_transitions(reader)
    network = _read_network(reader)
    for token in ("<LeftContext>", "<RightContext>"):
        reader.expect(token)
        reader.int()
    reader.expect("<Priors>")
    priors = reader.vector()
    if reader.rest():
        raise KaldiUnreadable("there are bytes after the end of the model")
    return AcousticModel(transitions, network, priors)


def read_transition_model(data: bytes) -> TransitionModel:
    """Read the transition model that any ``final.mdl`` begins with.

    Raises:
        KaldiUnreadable: The bytes are cut or altered.
    """
    return _read_transitions(_Reader(data))


def _check(outputs: Sequence[PhoneOutputs], network: Network) -> None:
    phones = [entry.phone for entry in outputs]
    if phones != sorted(set(phones)) or not phones or phones[0] < 1:
        raise ValueError("phone ids must be ascending, each once, from 1")
    inputs = network.input_dim
    for layer in network.layers:
        if layer.weights.shape != (len(layer.biases), inputs * len(layer.offsets)):
            raise ValueError(f"layer {layer.name}: weights {layer.weights.shape} don't fit {inputs} inputs")
        inputs = len(layer.biases)
    if max(max(entry.forward, entry.self_loop) for entry in outputs) >= inputs:
        raise ValueError(f"a phone's output is not among the network's {inputs}")


class _Writer:
    def __init__(self) -> None:
        self.data = bytearray(BINARY_MARK)

    def token(self, token: str) -> _Writer:
        self.data += token.encode("ascii") + b" "
        return self

    def int(self, value: int) -> _Writer:
        self.data += b"\x04" + struct.pack("<i", value)
        return self

    def float(self, value: float) -> _Writer:
        self.data += b"\x04" + struct.pack("<f", value)
        return self

    def ints(self, values: Sequence[int]) -> _Writer:
        self.data += b"\x04" + struct.pack(f"<i{len(values)}i", len(values), *values)
        return self

    def vector(self, values: FloatArray) -> _Writer:
        self.token("FV").int(len(values))
        self.data += np.ascontiguousarray(values, "<f4").tobytes()
        return self

    def matrix(self, values: FloatArray) -> _Writer:
        self.token("FM").int(values.shape[0]).int(values.shape[1])
        self.data += np.ascontiguousarray(values, "<f4").tobytes()
        return self

    def text(self, text: str) -> _Writer:
        self.data += text.encode("ascii")
        return self


def _write_transitions(writer: _Writer, outputs: Sequence[PhoneOutputs]) -> None:
    phones = [entry.phone for entry in outputs]
    topology_of_phone = [-1] * (phones[-1] + 1)
    for phone in phones:
        topology_of_phone[phone] = 0
    writer.token("<TransitionModel>").token("<Topology>").ints(phones).ints(topology_of_phone)
    writer.int(-1)  # a state has separate classes for its forward transition and its self-loop
    writer.int(1).int(2)  # one topology of two states
    writer.int(0).int(1)  # the emitting state's two classes
    writer.int(2).int(0).float(0.5).int(1).float(0.5)  # it stays or goes on, both at one half
    writer.int(-1).int(-1).int(0)  # the final state
    writer.token("</Topology>").token("<Tuples>").int(len(outputs))
    for entry in outputs:
        writer.int(entry.phone).int(0).int(entry.forward).int(entry.self_loop)
    writer.token("</Tuples>").token("<LogProbs>")
    log_probs = np.full(1 + 2 * len(outputs), np.log(0.5), np.float32)
    log_probs[0] = 0.0
    writer.vector(log_probs).token("</LogProbs>").token("</TransitionModel>")


def _write_network(writer: _Writer, network: Network) -> None:
    config = [f"input-node name={_CONTEXT_OF_SOURCE} dim={network.input_dim}"]
    components = _Writer()
    components.data.clear()
    count = 0
    source = _CONTEXT_OF_SOURCE
    for layer in network.layers:
        node = f"{layer.name}.affine"
        config.append(f"component-node name={node} component={node} input={_splice(source, layer.offsets)}")
        components.token("<ComponentName>").token(node).token("<FixedAffineComponent>")
        components.token("<LinearParams>").matrix(layer.weights).token("<BiasParams>").vector(layer.biases)
        components.token("</FixedAffineComponent>")
        source = node
        count += 1
        if layer.activation != "none":
            node = f"{layer.name}.{layer.activation}"
            config.append(f"component-node name={node} component={node} input={source}")
            _write_activation(components, node, _SIMPLE_COMPONENTS[layer.activation], len(layer.biases))
            source = node
            count += 1
    config.append(f"output-node name=output input={source} objective=linear")
    writer.token("<Nnet3>").text("\n" + "\n".join(config) + "\n\n")
    writer.token("<NumComponents>").int(count)
    writer.data += components.data
    writer.token("</Nnet3>")


def _write_activation(writer: _Writer, node: str, kind: str, dim: int) -> None:
    nothing = np.zeros(0, np.float32)
    writer.token("<ComponentName>").token(node).token(f"<{kind}>").token("<Dim>").int(dim)
    writer.token("<ValueAvg>").vector(nothing).token("<DerivAvg>").vector(nothing)
    for statistic in ("<Count>", "<NumDimsSelfRepaired>", "<NumDimsProcessed>", "<SelfRepairScale>"):
        writer.token(statistic).float(0.0)
    writer.token(f"</{kind}>")


def _splice(source: str, offsets: Sequence[int]) -> str:
    parts = [source if offset == 0 else f"Offset({source}, {offset})" for offset in offsets]
    return parts[0] if len(parts) == 1 else f"Append({', '.join(parts)})"


class _Reader:
    """Steps through the bytes; whatever isn't there raises `KaldiUnreadable`."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        if not data.startswith(BINARY_MARK):
            raise KaldiUnreadable("it doesn't begin like a binary Kaldi file")
        self._at = len(BINARY_MARK)

    def rest(self) -> int:
        return len(self._data) - self._at

    def _take(self, size: int) -> bytes:
        if not 0 <= size <= self.rest():
            raise KaldiUnreadable(f"it ends at byte {len(self._data)}, in the middle of its contents")
        self._at += size
        return self._data[self._at - size : self._at]

    def _sized(self, fmt: str) -> bytes:
        size = struct.calcsize(fmt)
        if self._take(1) != bytes([size]):
            raise KaldiUnreadable(f"a number of {size} bytes was expected at byte {self._at - 1}")
        return self._take(size)

    def int(self) -> int:
        value: int = struct.unpack("<i", self._sized("<i"))[0]
        return value

    def float(self) -> float:
        value: float = struct.unpack("<f", self._sized("<f"))[0]
        return value

    def ints(self) -> list[int]:
        if self._take(1) != b"\x04":
            raise KaldiUnreadable(f"a vector of integers was expected at byte {self._at - 1}")
        count = int.from_bytes(self._take(4), "little", signed=True)
        return list(struct.unpack(f"<{count}i", self._take(4 * count)))

    def vector(self) -> FloatArray:
        self.expect("FV")
        return self._floats(self.int())

    def matrix(self) -> FloatArray:
        self.expect("FM")
        rows, columns = self.int(), self.int()
        if rows < 0 or columns < 0:
            raise KaldiUnreadable("a matrix has a negative size")
        return self._floats(rows * columns).reshape(rows, columns)

    def _floats(self, count: int) -> FloatArray:
        return np.frombuffer(self._take(4 * count), "<f4").astype(np.float32)

    def token(self) -> str:
        end = self._data.find(b" ", self._at, self._at + 200)
        if end < 0:
            raise KaldiUnreadable(f"a token was expected at byte {self._at}")
        token = self._take(end - self._at)
        self._take(1)
        try:
            return token.decode("ascii")
        except UnicodeDecodeError as error:
            raise KaldiUnreadable(f"a token was expected at byte {self._at}") from error

    def expect(self, *tokens: str) -> str:
        token = self.token()
        if token not in tokens:
            raise KaldiUnreadable(f"{tokens[0]} was expected, {token!r} found")
        return token

    def config(self) -> list[str]:
        """The lines up to the first empty one."""
        end = self._data.find(b"\n\n", self._at)
        if end < 0:
            raise KaldiUnreadable("the network's description has no end")
        text = self._take(end + 2 - self._at)
        return text.decode("ascii", "replace").strip().splitlines()


def _read_transitions(reader: _Reader) -> TransitionModel:
    reader.expect("<TransitionModel>")
    reader.expect("<Topology>")
    phones = reader.ints()
    topology_of_phone = reader.ints()
    topologies = reader.int()
    has_self_loop_class = topologies == -1
    if has_self_loop_class:
        topologies = reader.int()
    transitions_of_state = [_read_topology(reader, has_self_loop_class) for _ in range(topologies)]
    reader.expect("</Topology>")
    kind = reader.expect("<Tuples>", "<Triples>")
    outputs = []
    transition_ids = 0
    for _ in range(reader.int()):
        phone, state, forward_output = reader.int(), reader.int(), reader.int()
        self_loop_output = reader.int() if kind == "<Tuples>" else forward_output
        outputs.append(PhoneOutputs(phone, forward_output, self_loop_output))
        try:
            transition_ids += transitions_of_state[topology_of_phone[phone]][state]
        except IndexError as error:
            raise KaldiUnreadable(f"phone {phone} has no state {state}") from error
    reader.expect(kind.replace("<", "</"))
    reader.expect("<LogProbs>")
    if len(reader.vector()) != transition_ids + 1:
        raise KaldiUnreadable("there is not one probability for each transition")
    reader.expect("</LogProbs>")
    reader.expect("</TransitionModel>")
    return TransitionModel(tuple(phones), transition_ids, tuple(outputs))


def _read_topology(reader: _Reader, has_self_loop_class: bool) -> list[int]:
    """The number of transitions out of each state."""
    transitions = []
    for _ in range(reader.int()):
        reader.int()
        if has_self_loop_class:
            reader.int()
        count = reader.int()
        for _ in range(count):
            reader.int()
            reader.float()
        transitions.append(count)
    return transitions


def _read_network(reader: _Reader) -> Network:
    reader.expect("<Nnet3>")
    config = reader.config()
    reader.expect("<NumComponents>")
    dims = [line.rpartition("dim=")[2] for line in config if line.startswith("input-node")]
    if len(dims) != 1 or not dims[0].isdigit():
        raise KaldiUnreadable("the network hasn't one input")
    offsets = _read_offsets(config)
    layers: list[Layer] = []
    for _ in range(reader.int()):
        reader.expect("<ComponentName>")
        node = reader.token()
        name = node.rpartition(".")[0]
        kind = reader.token()
        if kind == "<FixedAffineComponent>":
            reader.expect("<LinearParams>")
            weights = reader.matrix()
            reader.expect("<BiasParams>")
            layers.append(Layer(name, weights, reader.vector(), offsets.get(node, (0,))))
        elif layers and layers[-1].name == name:
            last = layers[-1]
            layers[-1] = Layer(name, last.weights, last.biases, last.offsets, _read_activation(reader, kind))
        else:
            raise KaldiUnreadable(f"the component {node} of kind {kind} is not known here")
        reader.expect(kind.replace("<", "</"))
    reader.expect("</Nnet3>")
    return Network(int(dims[0]), tuple(layers))


def _read_offsets(config: Sequence[str]) -> dict[str, tuple[int, ...]]:
    offsets = {}
    for line in config:
        if line.startswith("component-node"):
            name = line.split("name=", 1)[-1].split(" ", 1)[0]
            source = line.split("input=", 1)[-1].removeprefix("Append(").replace("Offset(", "")
            try:
                # "Offset(x, -1), x, Offset(x, 1)" has become "x, -1), x, x, 1))": numbers belong to what is before them
                found: list[int] = []
                for part in source.split(", "):
                    text = part.rstrip(")")
                    if text.lstrip("-").isdigit():
                        found[-1] = int(text)
                    else:
                        found.append(0)
            except IndexError as error:
                raise KaldiUnreadable(f"the input of {name} is not understood") from error
            offsets[name] = tuple(found)
    return offsets


def _read_activation(reader: _Reader, kind: str) -> Activation:
    for activation, component in _SIMPLE_COMPONENTS.items():
        if kind == f"<{component}>":
            reader.expect("<Dim>")
            reader.int()
            for token in ("<ValueAvg>", "<DerivAvg>"):
                reader.expect(token)
                reader.vector()
            for token in ("<Count>", "<NumDimsSelfRepaired>", "<NumDimsProcessed>", "<SelfRepairScale>"):
                reader.expect(token)
                reader.float()
            return activation
    raise KaldiUnreadable(f"the component kind {kind} is not known here")
