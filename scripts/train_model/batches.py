"""Batches of utterances that are about equally long, as the network takes them."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from scripts.train_model.features import Store, Stored
from scripts.train_model.masking import masked
from scripts.train_model.phone_graphs import utterance_graph
from scripts.train_model.shape import SUBSAMPLING, Shape

_JITTER_FRAMES = 15  # so that an utterance meets others in each epoch


def usable(utterances: Sequence[Stored], longest: int) -> tuple[list[Stored], int]:
    """Those that can be trained on, and how many can't: a word without pronunciation, too short or too long.

    Args:
        utterances: All that are stored.
        longest: Frames that one may have.
    """
    good = []
    for utterance in utterances:
        graph = utterance_graph(utterance.text)
        outputs = (utterance.frames - 2) // SUBSAMPLING
        if graph is not None and utterance.frames <= longest and outputs > graph.shortest:
            good.append(utterance)
    return good, len(utterances) - len(good)


def batched(utterances: Sequence[Stored], frames: int, chance: random.Random) -> list[list[Stored]]:
    """All utterances in batches of at most so many frames, padding included, in random order."""
    batches: list[list[Stored]] = []
    batch: list[Stored] = []
    for utterance in sorted(utterances, key=lambda each: each.frames + chance.random() * _JITTER_FRAMES):
        if batch and max(utterance.frames, *(each.frames for each in batch)) * (len(batch) + 1) > frames:
            batches.append(batch)
            batch = []
        batch.append(utterance)
    if batch:
        batches.append(batch)
    chance.shuffle(batches)
    return batches


def collated(
    store: Store, batch: Sequence[Stored], shape: Shape, shift: int, masks: np.random.Generator | None
) -> tuple[npt.NDArray[np.float32], list[int]]:
    """Features with the first and last frame repeated around them, as Kaldi does it.

    Args:
        store: Where they are.
        batch: Whose.
        shape: The network's measures: how much it looks at on either side.
        shift: Frames that are left out at the beginning, for the decoder begins anywhere too.
        masks: Where the masks of SpecAugment come from; None: nothing is masked.

    Returns:
        Features, shape (batch, frames, inputs), and how many output frames each utterance has.
    """
    before, after = shape.context
    lengths = [-(-(utterance.frames - shift) // SUBSAMPLING) for utterance in batch]
    features = np.empty((len(batch), before + max(lengths) * SUBSAMPLING + after, shape.inputs), np.float32)
    for place, utterance in enumerate(batch):
        found = store.features(utterance)[shift:]
        if masks is not None:
            found = masked(found, masks)
        features[place, :before] = found[0]
        features[place, before : before + len(found)] = found
        features[place, before + len(found) :] = found[-1]
    return features, lengths
