"""The network: layers in, Kaldi's nnet3 out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from assistant.hearing.vosk_model.kaldi_stream import FloatArray, KaldiFormatError, KaldiReader, KaldiWriter

Activation = Literal["none", "relu", "log_softmax"]

_INPUT = "input"
_ACTIVATION_COMPONENTS: dict[Activation, str] = {
    "relu": "RectifiedLinearComponent",
    "log_softmax": "LogSoftmaxComponent",
}
_STATISTICS = ("<Count>", "<NumDimsSelfRepaired>", "<NumDimsProcessed>", "<SelfRepairScale>")
_TERM = re.compile(r"Offset\([^,]+, (-?\d+)\)|[^\s,()]+")


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


def write_network(writer: KaldiWriter, network: Network) -> None:
    """Write the network: its nodes as text, then its components."""
    config = [f"input-node name={_INPUT} dim={network.input_dim}"]
    components = KaldiWriter(mark=False)
    count = 0
    source = _INPUT
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
            _write_activation(components, node, _ACTIVATION_COMPONENTS[layer.activation], len(layer.biases))
            source = node
            count += 1
    config.append(f"output-node name=output input={source} objective=linear")
    writer.token("<Nnet3>").lines(config)
    writer.token("<NumComponents>").integer(count)
    writer.data += components.data
    writer.token("</Nnet3>")


def _write_activation(writer: KaldiWriter, node: str, kind: str, dim: int) -> None:
    nothing = np.zeros(0, np.float32)
    writer.token("<ComponentName>").token(node).token(f"<{kind}>").token("<Dim>").integer(dim)
    writer.token("<ValueAvg>").vector(nothing).token("<DerivAvg>").vector(nothing)
    for statistic in _STATISTICS:
        writer.token(statistic).real(0.0)
    writer.token(f"</{kind}>")


def _splice(source: str, offsets: Sequence[int]) -> str:
    parts = [source if offset == 0 else f"Offset({source}, {offset})" for offset in offsets]
    return parts[0] if len(parts) == 1 else f"Append({', '.join(parts)})"


def read_network(reader: KaldiReader) -> Network:
    """Read a network that `write_network` wrote; any other raises `KaldiFormatError`."""
    reader.expect("<Nnet3>")
    config = reader.lines()
    reader.expect("<NumComponents>")
    dims = [line.rpartition("dim=")[2] for line in config if line.startswith("input-node")]
    if len(dims) != 1 or not dims[0].isdigit():
        raise KaldiFormatError("the network hasn't one input")
    offsets = _read_offsets(config)
    layers: list[Layer] = []
    for _ in range(reader.integer()):
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
            raise KaldiFormatError(f"the component {node} of kind {kind} is not known here")
        reader.expect(kind.replace("<", "</"))
    reader.expect("</Nnet3>")
    return Network(int(dims[0]), tuple(layers))


def _read_offsets(config: Sequence[str]) -> dict[str, tuple[int, ...]]:
    offsets = {}
    for line in config:
        if line.startswith("component-node"):
            name = line.split("name=", 1)[-1].split(" ", 1)[0]
            source = line.split("input=", 1)[-1]
            if source.startswith("Append("):
                source = source.removeprefix("Append(").removesuffix(")")
            offsets[name] = tuple(int(term[1] or 0) for term in _TERM.finditer(source))
    return offsets


def _read_activation(reader: KaldiReader, kind: str) -> Activation:
    for activation, component in _ACTIVATION_COMPONENTS.items():
        if kind == f"<{component}>":
            reader.expect("<Dim>")
            reader.integer()
            for token in ("<ValueAvg>", "<DerivAvg>"):
                reader.expect(token)
                reader.vector()
            for token in _STATISTICS:
                reader.expect(token)
                reader.real()
            return activation
    raise KaldiFormatError(f"the component kind {kind} is not known here")
