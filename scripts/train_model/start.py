"""Going on from a model that was exported: its layers, taken apart into weights and normalisation again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from assistant.hearing.vosk.compiled_sentences import ACOUSTIC
from assistant.hearing.vosk_model import Layer
from assistant.hearing.vosk_model.kaldi import read_acoustic_model
from scripts.train_model.features import Matrix
from scripts.train_model.network import Tdnn

_LEAST_SPREAD = 1e-3
Doubles = npt.NDArray[np.float64]


def start_from(network: Tdnn, model: Path, samples: Sequence[Matrix]) -> None:
    """Give a network the weights of an exported model of the same shape.

    Export works each normalisation into the layer that follows. Training needs it back, at about the mean and spread
    that its batches will have, or the first step would change what the network does; so these are measured.

    Args:
        network: Its input's mean and deviation are set already, and stay.
        model: The model's folder.
        samples: Features of some utterances, each of shape (frames, inputs).

    Raises:
        SystemExit: The model has another shape.
    """
    layers = read_acoustic_model((model / ACOUSTIC).read_bytes()).network.layers
    modules = [*network.affine, network.output]
    shapes = [tuple(layer.weights.shape) for layer in layers]
    if shapes != [tuple(module.weight.shape) for module in modules]:
        raise SystemExit(f"The model in {model} has layers {shapes}.\nGive the --channels and --layers that fit them.")
    mean, spread = network.mean.double().numpy(), network.deviation.double().numpy()
    statistics = [(mean, spread), *_statistics(layers[:-1], samples)]
    for layer, module, (centre, scale) in zip(layers, modules, statistics, strict=True):
        copies = len(layer.offsets)
        assert isinstance(module, nn.Linear)
        weights = layer.weights.astype(np.float64)
        with torch.no_grad():
            module.weight.copy_(torch.from_numpy(weights * np.tile(scale, copies)))
            module.bias.copy_(torch.from_numpy(layer.biases + weights @ np.tile(centre, copies)))
    for norm, (centre, scale) in zip(network.norm, statistics[1:], strict=True):
        assert isinstance(norm, nn.BatchNorm1d)
        assert norm.running_mean is not None
        assert norm.running_var is not None
        norm.running_mean.copy_(torch.from_numpy(centre))
        norm.running_var.copy_(torch.from_numpy(scale**2 - norm.eps))


def _statistics(layers: Sequence[Layer], samples: Sequence[Matrix]) -> list[tuple[Doubles, Doubles]]:
    """Mean and spread of what each layer gives after its activation."""
    inner: list[Doubles] = [sample.astype(np.float64) for sample in samples]
    found = []
    for layer in layers:
        first, last = layer.offsets[0], layer.offsets[-1]
        outputs = []
        for frames in inner:
            count = len(frames) - (last - first)
            if count <= 0:
                continue
            spliced = np.concatenate([frames[at - first : at - first + count] for at in layer.offsets], axis=1)
            outputs.append(np.maximum(spliced @ layer.weights.T.astype(np.float64) + layer.biases, 0.0))
        every = np.concatenate(outputs)
        found.append((every.mean(axis=0), np.maximum(every.std(axis=0), _LEAST_SPREAD)))
        inner = outputs
    return found
