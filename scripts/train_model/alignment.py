"""The step ``align``: when a model that is there already hears each phone of what is said.

The objective doesn't mind when a phone is heard, as long as all are: a network that begins from another's layers hears
them as late as those did, and one that looks less far ahead learns to wait instead. Taught which phones a quick model
hears at each frame, it hears them then too. Kaldi's recipes bound their supervision in the same way, by alignments of
an earlier system (Povey et al., "Purely sequence-trained neural networks for ASR based on lattice-free MMI", 2016).
"""

# ruff: noqa: S311 - chance in training keeps no secrets
from __future__ import annotations

import multiprocessing
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from assistant.hearing.vosk_model import Network
from assistant.hearing.vosk_model.kaldi import read_acoustic_model
from scripts.train_model.batches import batched, usable
from scripts.train_model.features import Store, Stored
from scripts.train_model.lfmmi import NumeratorBatch, numerator
from scripts.train_model.phone_graphs import utterance_graph
from scripts.train_model.plain_network import heard
from scripts.train_model.shape import PHONE_COUNT, SUBSAMPLING

NOT_ALIGNED = 255
"""Stands for the phone where an utterance could not be aligned."""

_FILE, _MODEL = "alignment.npy", "alignment.txt"
_BATCH_FRAMES = 6_000
_REPORT_S = 20.0

Phones = npt.NDArray[np.uint8]


class Alignments:
    """Which phone is heard at each output frame of the utterances in a store.

    Args:
        folder: The store's folder, in which `align` has written.
        utterances: All that is stored.

    Attributes:
        model: The name of the model that they are of.

    Raises:
        SystemExit: There are none, or they are of other features.
    """

    def __init__(self, folder: Path, utterances: Sequence[Stored]) -> None:
        path = folder / _FILE
        self._begins = _begins(utterances)
        if not path.is_file() or len(phones := np.load(path, mmap_mode="r")) != _total(utterances):
            raise SystemExit(f"The features in {folder} have no alignment, or one of other features: step align.")
        self._phones: Phones = phones
        self.model = (folder / _MODEL).read_text("utf-8").strip()

    def phones(self, utterance: Stored) -> Phones:
        """Shape (output frames,); `NOT_ALIGNED` where none is known."""
        begin = self._begins[utterance.offset]
        return self._phones[begin : begin + _outputs(utterance)]

    def outside(self, batch: Sequence[Stored], frames: int, early: int, late: int) -> Tensor:
        """Where a phone isn't among those that may be heard.

        Args:
            batch: The utterances.
            frames: Output frames that they are padded to.
            early: How many frames before its time a phone may be heard.
            late: How many after.

        Returns:
            Shape (batch, frames, phones).
        """
        allowed = np.zeros((len(batch), frames + early + late, PHONE_COUNT), bool)
        for place, utterance in enumerate(batch):
            phones = self.phones(utterance)[:frames]
            if not len(phones) or phones[0] == NOT_ALIGNED:
                allowed[place] = True
                continue
            for shift in range(early + late + 1):
                allowed[place, np.arange(len(phones)) + shift, phones] = True
            allowed[place, early + len(phones) :, phones[-1]] = True
            allowed[place, :early, phones[0]] = True
        return torch.from_numpy(~allowed[:, early : early + frames])


def align(folder: Path, model: Path, processes: int, *, add: bool = False) -> None:
    """Let a model hear all that is stored, knowing what is said, and keep when it hears which phone.

    Args:
        folder: The store.
        model: The folder of a model whose outputs are ours.
        processes: How many at a time.
        add: Keep what is aligned, if by this model, and align what has been put behind it.
    """
    store = Store(folder)
    kept: Phones = np.empty(0, np.uint8)
    if add and (folder / _FILE).is_file() and (folder / _MODEL).read_text("utf-8").strip() == model.name:
        kept = np.load(folder / _FILE)
    longest = max(utterance.frames for utterance in store.utterances)
    good, unusable = usable(store.utterances, longest)
    begins = _begins(store.utterances)
    good = [utterance for utterance in good if begins[utterance.offset] >= len(kept)]
    batches = batched(good, _BATCH_FRAMES, random.Random(0))
    phones = np.full(_total(store.utterances), NOT_ALIGNED, np.uint8)
    phones[: len(kept)] = kept
    context = multiprocessing.get_context("fork")
    begin = reported = time.monotonic()
    with context.Pool(processes, _set_up, (folder, model)) as pool:
        for done, (batch, found) in enumerate(zip(batches, pool.imap(_aligned, batches), strict=True), 1):
            for utterance, row in zip(batch, found, strict=True):
                at = begins[utterance.offset]
                phones[at : at + len(row)] = row
            if (now := time.monotonic()) - reported > _REPORT_S:
                left_s = (now - begin) / done * (len(batches) - done)
                print(f"aligned {done}/{len(batches)} batches, {left_s / 60:.1f} min left", flush=True)
                reported = now
    np.save(folder / _FILE, phones)
    (folder / _MODEL).write_text(f"{model.name}\n", "utf-8")
    lost = np.mean(phones == NOT_ALIGNED)
    print(f"Aligned with {model.name}: {len(good)} utterances, {unusable} not usable, {lost:.2%} without", flush=True)


_store: Store
_network: Network


def _set_up(folder: Path, model: Path) -> None:
    global _store, _network  # a worker process has nowhere else to keep what it was started with
    torch.set_num_threads(1)
    _store, _network = Store(folder), read_acoustic_model((model / "am" / "final.mdl").read_bytes()).network


def _aligned(batch: Sequence[Stored]) -> list[Phones]:
    return list(aligned(_network, _store, batch))


def aligned(network: Network, store: Store, batch: Sequence[Stored]) -> Iterator[Phones]:
    """For each utterance, the phone that is most probable at each output frame, given what is said."""
    graphs = [utterance_graph(utterance.text) for utterance in batch]
    lengths = [_outputs(utterance) for utterance in batch]
    scores = torch.zeros(len(batch), max(lengths), PHONE_COUNT, 2)
    with torch.no_grad():
        for place, utterance in enumerate(batch):
            found = heard(network, store.features(utterance), lengths[place])
            scores[place, : lengths[place]] = found.reshape(lengths[place], PHONE_COUNT, 2)
    scores.requires_grad_()
    possible = numerator(scores, torch.tensor(lengths), NumeratorBatch.of([graph for graph in graphs if graph]))
    (occupied,) = torch.autograd.grad(torch.where(torch.isfinite(possible), possible, 0.0).sum(), scores)
    for place, length in enumerate(lengths):
        row = occupied[place, :length].sum(2)
        phones = row.argmax(1).to(torch.uint8).numpy()
        yield phones if bool(torch.isfinite(possible[place])) else np.full(length, NOT_ALIGNED, np.uint8)


def _outputs(utterance: Stored) -> int:
    return -(-utterance.frames // SUBSAMPLING)


def _begins(utterances: Sequence[Stored]) -> dict[int, int]:
    begins, at = {}, 0
    for utterance in utterances:
        begins[utterance.offset] = at
        at += _outputs(utterance)
    return begins


def _total(utterances: Sequence[Stored]) -> int:
    return sum(map(_outputs, utterances))
