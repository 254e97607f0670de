"""The network: layers in, Kaldi's nnet3 out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from assistant.hearing.vosk_model.kaldi_nnet3 import Component, Node, read_nnet3
from assistant.hearing.vosk_model.kaldi_stream import FloatArray, KaldiFormatError, KaldiReader, KaldiWriter

Activation = Literal["none", "relu", "log_softmax"]

_INPUT = "input"
_ACTIVATION_COMPONENTS: dict[Activation, str] = {
    "relu": "RectifiedLinearComponent",
    "log_softmax": "LogSoftmaxComponent",
}
_ACTIVATIONS = {component: activation for activation, component in _ACTIVATION_COMPONENTS.items()}
_STATISTICS = ("<Count>", "<NumDimsSelfRepaired>", "<NumDimsProcessed>", "<SelfRepairScale>")


@dataclass(frozen=True)
class Bypass:
    """An earlier layer's output, which is added to a later one's.

    Attributes:
        source: The earlier layer's name; its outputs are as many.
        scale: What they are multiplied with.
    """

    source: str
    scale: float


@dataclass(frozen=True)
class Layer:
    """An affine layer over frames around the present one, and what follows it.

    Attributes:
        name: Unique within the network, without spaces.
        weights: Shape (outputs, inputs x number of offsets): first all inputs of the first offset, and so on.
        biases: Shape (outputs,).
        offsets: Frames that are looked at, relative to the present one, ascending.
        activation: What is done to the sums.
        bypass: What is added to that, of the same frame.
    """

    name: str
    weights: FloatArray
    biases: FloatArray
    offsets: tuple[int, ...] = (0,)
    activation: Activation = "none"
    bypass: Bypass | None = None


@dataclass(frozen=True)
class Network:
    """A feed-forward network; its last layer's outputs are the scores.

    Attributes:
        input_dim: Features a frame.
        layers: From input to output.
    """

    input_dim: int
    layers: tuple[Layer, ...]

    def check(self) -> None:
        """Make sure that every layer fits what it takes in.

        Raises:
            ValueError: One doesn't.
        """
        inputs = self.input_dim
        outputs: dict[str, int] = {}
        for layer in self.layers:
            if layer.weights.shape != (len(layer.biases), inputs * len(layer.offsets)):
                raise ValueError(f"layer {layer.name}: weights {layer.weights.shape} don't fit {inputs} inputs")
            inputs = len(layer.biases)
            if layer.bypass is not None and outputs.get(layer.bypass.source) != inputs:
                raise ValueError(f"layer {layer.name}: there is no earlier layer {layer.bypass.source} of its size")
            outputs[layer.name] = inputs


def write_network(writer: KaldiWriter, network: Network) -> None:
    """Write the network: its nodes as text, then its components."""
    config = [f"input-node name={_INPUT} dim={network.input_dim}"]
    components = KaldiWriter(mark=False)
    count = 0
    source = _INPUT
    ends: dict[str, str] = {}  # the last node of each layer

    def add(node: str, taken: str, kind: str) -> KaldiWriter:
        nonlocal count, source
        config.append(f"component-node name={node} component={node} input={taken}")
        count += 1
        source = node
        return components.token("<ComponentName>").token(node).token(f"<{kind}>")

    for layer in network.layers:
        add(f"{layer.name}.affine", _splice(source, layer.offsets), "FixedAffineComponent")
        components.token("<LinearParams>").matrix(layer.weights).token("<BiasParams>").vector(layer.biases)
        components.token("</FixedAffineComponent>")
        if layer.activation != "none":
            kind = _ACTIVATION_COMPONENTS[layer.activation]
            add(f"{layer.name}.{layer.activation}", source, kind)
            _write_activation(components, kind, len(layer.biases))
        if layer.bypass is not None:
            taken = f"Sum(Scale({float(np.float32(layer.bypass.scale))!r}, {ends[layer.bypass.source]}), {source})"
            add(f"{layer.name}.sum", taken, "NoOpComponent").token("<Dim>").integer(len(layer.biases))
            components.token("<BackpropScale>").real(1.0).token("</NoOpComponent>")
        ends[layer.name] = source
    config.append(f"output-node name=output input={source} objective=linear")
    writer.token("<Nnet3>").lines(config)
    writer.token("<NumComponents>").integer(count)
    writer.data += components.data
    writer.token("</Nnet3>")


def _write_activation(writer: KaldiWriter, kind: str, dim: int) -> None:
    nothing = np.zeros(0, np.float32)
    writer.token("<Dim>").integer(dim).token("<ValueAvg>").vector(nothing).token("<DerivAvg>").vector(nothing)
    for statistic in _STATISTICS:
        writer.token(statistic).real(0.0)
    writer.token(f"</{kind}>")


def _splice(source: str, offsets: Sequence[int]) -> str:
    parts = [source if offset == 0 else f"Offset({source}, {offset})" for offset in offsets]
    return parts[0] if len(parts) == 1 else f"Append({', '.join(parts)})"


def read_network(reader: KaldiReader) -> Network:
    """Read a network that `write_network` wrote; any other raises `KaldiFormatError`."""
    nnet = read_nnet3(reader)
    dims = [node.properties.get("dim", "") for node in nnet.nodes if node.kind == "input"]
    if len(dims) != 1 or not dims[0].isdecimal():
        raise KaldiFormatError("the network hasn't one input")
    layers: list[Layer] = []
    last = next(node.name for node in nnet.nodes if node.kind == "input")
    ends: dict[str, str] = {}  # the layer whose outputs a node gives; later nodes of a layer take its place
    for node in nnet.nodes:
        if node.kind == "component":
            component = nnet.components[node.properties["component"]]
            if component.kind == "FixedAffineComponent":
                layers.append(_read_affine(node, component, last))
            elif layers:
                layers[-1] = _read_addition(layers[-1], node, component, last, ends)
            else:
                raise KaldiFormatError(f"the network begins with a {component.kind}")
            ends = {name: layer for name, layer in ends.items() if layer != layers[-1].name}
            ends[node.name] = layers[-1].name
            last = node.name
        elif node.kind == "output" and [[term.node for term in part] for part in node.source] != [[last]]:
            raise KaldiFormatError("the network's output is not its last layer's")
    return Network(int(dims[0]), tuple(layers))


def _read_affine(node: Node, component: Component, last: str) -> Layer:
    terms = [part[0] for part in node.source if len(part) == 1]
    if len(terms) != len(node.source) or any(term.node != last or term.scale != 1 or term.once for term in terms):
        raise KaldiFormatError(f"the layer {node.name} takes in something else than the layer before it")
    weights, biases = component.array("<LinearParams>"), component.array("<BiasParams>")
    if weights.ndim != 2 or biases.shape != weights.shape[:1]:
        raise KaldiFormatError(f"the layer {node.name} has weights and biases that don't fit each other")
    return Layer(node.name.rpartition(".")[0], weights, biases, tuple(term.offset for term in terms))


def _read_addition(layer: Layer, node: Node, component: Component, last: str, ends: dict[str, str]) -> Layer:
    if node.name.rpartition(".")[0] != layer.name or len(node.source) != 1:
        raise KaldiFormatError(f"the node {node.name} doesn't go with the layer {layer.name}")
    terms = list(node.source[0])
    own = next((term for term in terms if (term.node, term.offset, term.scale) == (last, 0, 1.0)), None)
    if own is None:
        raise KaldiFormatError(f"the node {node.name} doesn't take in its layer")
    terms.remove(own)
    if component.kind in _ACTIVATIONS and not terms and (layer.activation, layer.bypass) == ("none", None):
        return replace(layer, activation=_ACTIVATIONS[component.kind])
    if component.kind == "NoOpComponent" and len(terms) == 1 and layer.bypass is None:
        (term,) = terms
        if term.node in ends and not term.offset and not term.once:
            return replace(layer, bypass=Bypass(ends[term.node], term.scale))
    raise KaldiFormatError(f"the node {node.name} of kind {component.kind} is not known here")
