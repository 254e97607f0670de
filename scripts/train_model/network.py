"""The network: layers over neighbouring frames (TDNN), small enough for two per cent of a core.

Each layer is a matrix over a few frames side by side, then ReLU, then batch normalisation, which is folded into the
next layer's matrix on export. The frames are put side by side by slicing and multiplied in one go: torch's Conv1d
plans anew for every length and is many times slower here.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from assistant.hearing.pronunciation import PHONES

PHONE_COUNT = 1 + len(PHONES)
"""Silence, number 0, and the 39 phones of ARPAbet from 1."""

SUBSAMPLING = 3
"""Input frames for each output frame."""


@dataclass(frozen=True)
class Shape:
    """How large the network is.

    Attributes:
        inputs: Features a frame.
        channels: Outputs of each inner layer.
        deep_layers: Layers that look three input frames to either side.
        dropout: Share of the inner outputs that are left out at random in training. None by default: a small network
            that sees each utterance a handful of times doesn't learn it by heart, and dice cost a tenth of the time.
    """

    inputs: int = 40
    channels: int = 320
    deep_layers: int = 5
    dropout: float = 0.0

    @property
    def offsets(self) -> tuple[tuple[int, ...], ...]:
        """Which input frames each inner layer looks at, relative to the present one.

        The first works at 100 frames a second, the rest at 33: offsets of three are neighbours there, and Kaldi
        computes only the frames that are asked for.
        """
        return ((-2, -1, 0, 1, 2), (-1, 0, 1), *((-SUBSAMPLING, 0, SUBSAMPLING),) * self.deep_layers)

    @property
    def context(self) -> int:
        """Input frames needed on either side of the first and last."""
        return sum(offsets[-1] for offsets in self.offsets)

    def as_dict(self) -> dict[str, Any]:
        """For a checkpoint."""
        return asdict(self)


class Tdnn(nn.Module):
    """From features, shape (batch, frames + 2 x context, inputs), to scores, shape (batch, frames / 3, phones, 2).

    The last axis is the phone's first frame and each further one. `frames` must be a multiple of three.
    """

    mean: Tensor
    deviation: Tensor

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.register_buffer("mean", torch.zeros(shape.inputs))
        self.register_buffer("deviation", torch.ones(shape.inputs))
        widths = [shape.inputs, *[shape.channels] * (len(shape.offsets) - 1)]
        self.affine = nn.ModuleList(
            nn.Linear(width * len(offsets), shape.channels)
            for width, offsets in zip(widths, shape.offsets, strict=True)
        )
        self.norm = nn.ModuleList(nn.BatchNorm1d(shape.channels) for _ in shape.offsets)
        self.output = nn.Linear(shape.channels, 2 * PHONE_COUNT)
        nn.init.zeros_(self.output.weight)
        nn.init.zeros_(self.output.bias)

    def forward(self, features: Tensor) -> Tensor:
        """Scores; see the class."""
        inner = (features - self.mean) / self.deviation
        for place, (affine, norm) in enumerate(zip(self.affine, self.norm, strict=True)):
            spliced = _spliced(inner, self.shape.offsets[place], place)
            batch, frames, width = spliced.shape
            outputs = norm(functional.relu(affine(spliced.reshape(batch * frames, width))))
            if self.shape.dropout:
                outputs = functional.dropout(outputs, self.shape.dropout, self.training)
            inner = outputs.reshape(batch, frames, -1)
        scores: Tensor = self.output(inner)
        return scores.reshape(*scores.shape[:2], PHONE_COUNT, 2)


def _spliced(inner: Tensor, offsets: tuple[int, ...], place: int) -> Tensor:
    """Neighbouring frames side by side; the second layer takes every third place only."""
    count = inner.shape[1]
    if place == 0:
        return torch.cat([inner[:, k : count - 4 + k] for k in range(len(offsets))], 2)
    if place == 1:
        kept = (count - 3) // SUBSAMPLING + 1
        return torch.cat([inner[:, k : k + SUBSAMPLING * kept : SUBSAMPLING][:, :kept] for k in range(3)], 2)
    return torch.cat([inner[:, :-2], inner[:, 1:-1], inner[:, 2:]], 2)
