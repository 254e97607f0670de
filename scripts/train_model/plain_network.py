"""What a network of plain layers gives: computed with torch, and only as much of it as is needed."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from assistant.hearing.vosk_model import Network
from scripts.train_model.features import Matrix
from scripts.train_model.shape import SUBSAMPLING


def heard(network: Network, features: Matrix, outputs: int) -> Tensor:
    """What a network gives.

    Args:
        network: The layers.
        features: Shape (frames, inputs); the first and last frame are repeated as far as need be.
        outputs: How many output frames, each three input frames after the other.

    Returns:
        Shape (outputs, scores).
    """
    numbers = {layer.name: number for number, layer in enumerate(network.layers)}
    needed: list[npt.NDArray[np.int64]] = [np.empty(0, np.int64) for _ in network.layers]
    needed[-1] = np.arange(outputs, dtype=np.int64) * SUBSAMPLING
    inputs = needed[-1]
    for number in range(len(network.layers) - 1, -1, -1):
        layer = network.layers[number]
        inputs = np.unique(needed[number][:, None] + np.asarray(layer.offsets)[None])
        if number:
            needed[number - 1] = np.union1d(needed[number - 1], inputs)
        if layer.bypass is not None:
            source = numbers[layer.bypass.source]
            needed[source] = np.union1d(needed[source], needed[number])
    made: list[Tensor] = []
    before, frames = torch.from_numpy(features[np.clip(inputs, 0, len(features) - 1)]), inputs
    for number, layer in enumerate(network.layers):
        wanted = needed[number]
        spliced = torch.cat([before[np.searchsorted(frames, wanted + offset)] for offset in layer.offsets], 1)
        inner = torch.addmm(torch.from_numpy(layer.biases), spliced, torch.from_numpy(layer.weights).T)
        if layer.activation == "relu":
            inner = inner.relu_()
        if layer.bypass is not None:
            source = numbers[layer.bypass.source]
            inner += layer.bypass.scale * made[source][np.searchsorted(needed[source], wanted)]
        made.append(inner)
        before, frames = inner, wanted
    return before
