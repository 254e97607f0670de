"""The network's measures: see `network`, which computes with them; here torch isn't needed."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from assistant.hearing.pronunciation import PHONES

PHONE_COUNT = 1 + len(PHONES)
"""Silence, number 0, and the 39 phones of ARPAbet from 1."""

SUBSAMPLING = 3
"""Input frames for each output frame."""

BYPASS = 0.66
"""What of a layer's input is added to its output."""

FAST_LAYERS = 4
"""Layers that work at 100 frames a second; those above work at 33."""

_NO_CONTEXT_LAYER = 5


@dataclass(frozen=True)
class Shape:
    """How large the network is.

    Attributes:
        inputs: Features a frame.
        channels: Outputs of each inner layer.
        bottleneck: Numbers a frame that a layer's input is squeezed into.
        layers: Inner layers, the first, plain one included. Each above the fifth looks three frames to either side.
        backward_layers: How many of the uppermost ones look back only, at six frames: words are heard 30 ms sooner
            for each of them.
        hidden: Outputs of the head's own layer.
        backward_head: Whether the head looks back only.
    """

    inputs: int = 40
    channels: int = 768
    bottleneck: int = 64
    layers: int = 12
    backward_layers: int = 0
    hidden: int = 256
    backward_head: bool = False

    def reach(self, layer: int) -> tuple[tuple[int, int], ...]:
        """The frames that a layer, counted from 1, looks at: of its input, and of what that is squeezed into."""
        if layer == _NO_CONTEXT_LAYER:
            return (0, 0), (0, 0)
        step = 1 if layer <= FAST_LAYERS else SUBSAMPLING
        return (-step, 0), ((-step, 0) if layer > self.layers - self.backward_layers else (0, step))

    @property
    def head_offsets(self) -> tuple[int, int, int]:
        """The frames that the head looks at."""
        return (-2 * SUBSAMPLING, -SUBSAMPLING, 0) if self.backward_head else (-SUBSAMPLING, 0, SUBSAMPLING)

    @property
    def context(self) -> tuple[int, int]:
        """Input frames needed before the first and after the last."""
        reached = [((-1, 1),), *(self.reach(layer) for layer in range(2, self.layers + 1)), (self.head_offsets,)]
        return (
            -sum(min(offsets) for layer in reached for offsets in layer),
            sum(max(offsets) for layer in reached for offsets in layer),
        )

    def as_dict(self) -> dict[str, Any]:
        """For a checkpoint."""
        return asdict(self)
