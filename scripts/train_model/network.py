"""The network: a factorised TDNN (TDNN-F), as Kaldi's recipes have it, with a head for our own phones.

Each inner layer squeezes its input into a few numbers a frame, looks at two frames of these, and adds what it makes
of them to what came in. Source: Povey et al., "Semi-orthogonal low-rank matrix factorization for deep neural
networks", Interspeech 2018. Its lower layers come from a network that has heard thousands of hours: see `source`.

Kaldi's normalisation, which follows each ReLU, is a number to multiply with and one to add. Both are worked into the
matrices before anything is computed, in training too: relu(s x) is s relu(x) where s is positive, and what is added
goes through the sums as a constant, up to the next layer's biases. So what is trained is what is exported, and the
rows of the matrices keep the scale that they were trained at, which a single learning rate fits.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from scripts.train_model.shape import BYPASS, FAST_LAYERS, PHONE_COUNT, SUBSAMPLING, Shape


class Affine(NamedTuple):
    """An affine layer as it is computed and exported.

    Attributes:
        weights: Shape (outputs, inputs x number of offsets).
        biases: Shape (outputs,).
        offsets: Input frames relative to the present one.
    """

    weights: Tensor
    biases: Tensor
    offsets: tuple[int, ...]


class Factorised(nn.Module):
    """A TDNN-F layer's parameters.

    Args:
        channels: Inputs and outputs.
        bottleneck: Numbers a frame in between.
        offsets: Frames looked at: of the input, and of what is in between. Two that are equal count as one.
    """

    scale: Tensor

    def __init__(self, channels: int, bottleneck: int, offsets: tuple[tuple[int, int], ...]) -> None:
        super().__init__()
        self.offsets = tuple(tuple(sorted(set(pair))) for pair in offsets)
        squeezed, spread = (len(each) for each in self.offsets)
        self.squeeze = nn.Linear(channels * squeezed, bottleneck, bias=False)
        self.spread = nn.Linear(bottleneck * spread, channels)
        self.shift = nn.Parameter(torch.zeros(channels))
        self.register_buffer("scale", torch.ones(channels))

    def affine(self, constant: Tensor) -> tuple[Affine, Affine]:
        """Both matrices with the normalisation worked in.

        Args:
            constant: What is still to be added to the input; shape (channels,).
        """
        before, after = self.offsets
        squeeze = self.squeeze.weight
        spread = self.spread.weight * self.scale[:, None], self.spread.bias * self.scale
        return Affine(squeeze, squeeze @ constant.repeat(len(before)), before), Affine(*spread, after)


class TdnnF(nn.Module):
    """From features, shape (batch, left context + frames + right context, inputs), to scores.

    The scores' shape is (batch, frames / 3, phones, 2); the last axis is the phone's first frame and each further one.
    `frames` must be a multiple of three.
    """

    scale: Tensor

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.first = nn.Linear(3 * shape.inputs, shape.channels)
        self.shift = nn.Parameter(torch.zeros(shape.channels))
        self.register_buffer("scale", torch.ones(shape.channels))
        self.inner = nn.ModuleList(
            Factorised(shape.channels, shape.bottleneck, shape.reach(layer)) for layer in range(2, shape.layers + 1)
        )
        self.hidden = nn.Linear(3 * shape.channels, shape.hidden)
        self.norm = nn.BatchNorm1d(shape.hidden)
        self.output = nn.Linear(shape.hidden, 2 * PHONE_COUNT)
        nn.init.zeros_(self.output.weight)
        nn.init.zeros_(self.output.bias)

    def encoder_parameters(self) -> list[nn.Parameter]:
        """The parameters that come from the other network."""
        return [*self.first.parameters(), self.shift, *self.inner.parameters()]

    def head_parameters(self) -> list[nn.Parameter]:
        """The parameters that begin with chance."""
        return [parameter for module in (self.hidden, self.norm, self.output) for parameter in module.parameters()]

    def folded(self) -> Iterator[Affine]:
        """All affine layers below the head's normalisation, in order, with everything else worked into them.

        The first gives the residual sum's first term; then each pair squeezes the sum and spreads it again, and the
        last is the head's own.
        """
        yield Affine(self.first.weight * self.scale[:, None], self.first.bias * self.scale, (-1, 0, 1))
        constant: Tensor = self.shift
        for layer in self.inner:
            assert isinstance(layer, Factorised)
            yield from layer.affine(constant)
            constant = layer.shift + BYPASS * constant
        biases = self.hidden.bias + self.hidden.weight @ constant.repeat(3)
        yield Affine(self.hidden.weight, biases, self.shape.head_offsets)

    def forward(self, features: Tensor) -> Tensor:
        """Scores; see the class."""
        with torch.autocast(features.device.type, enabled=False):  # constants and features need all their digits
            layers = iter(list(self.folded()))
            total = functional.relu(_applied(features, next(layers), 1))
        if torch.is_autocast_enabled(
            features.device.type
        ):  # the sums, too, are kept in half precision: half the memory
            total = total.to(torch.get_autocast_dtype(features.device.type))
        for number in range(2, self.shape.layers + 1):
            step = 1 if number <= FAST_LAYERS else SUBSAMPLING
            every = SUBSAMPLING if number == FAST_LAYERS else 1  # from here on only each third frame is asked for
            squeeze, spread = next(layers), next(layers)
            made = functional.relu(_applied(_applied(total, squeeze, step), spread, step, every))
            skipped = -(min(squeeze.offsets) + min(spread.offsets)) // step
            total = torch.add(made, total[:, skipped::every][:, : made.shape[1]], alpha=BYPASS)
        hidden = functional.relu(_applied(total, next(layers), SUBSAMPLING))
        batch, frames, width = hidden.shape
        scores: Tensor = self.output(self.norm(hidden.reshape(batch * frames, width)))
        return scores.reshape(batch, frames, PHONE_COUNT, 2)


def _applied(inner: Tensor, layer: Affine, step: int, every: int = 1) -> Tensor:
    """An affine layer at every frame that has the neighbours it needs, or at each second, third … of these.

    A layer that makes fewer numbers than it takes in multiplies each frame once, for all its places, and adds up the
    products: that moves less memory than putting the frames side by side.
    """
    weights, biases, offsets = layer
    starts = [(offset - offsets[0]) // step for offset in offsets]
    count = inner.shape[1] - starts[-1]
    width, outputs = inner.shape[2], len(biases)
    if outputs >= width or len(offsets) == 1:
        beside = [inner[:, at : at + count : every] for at in starts]
        return functional.linear(beside[0] if len(beside) == 1 else torch.cat(beside, 2), weights, biases)
    stacked = weights.reshape(outputs, len(offsets), width).transpose(0, 1).reshape(-1, width)
    bias = torch.cat([biases, biases.new_zeros(outputs * (len(offsets) - 1))])
    products = functional.linear(inner, stacked, bias)
    parts = [products[:, at : at + count : every, n * outputs : (n + 1) * outputs] for n, at in enumerate(starts)]
    result = parts[0]
    for part in parts[1:]:
        result = result + part
    return result
