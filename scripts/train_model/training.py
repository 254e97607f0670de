"""The step ``train``: batches, the schedule over a budget of time, checkpoints to go on from."""

# ruff: noqa: S311 - chance in training keeps no secrets
from __future__ import annotations

import math
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from scripts.train_model.alignment import Alignments
from scripts.train_model.batches import batched, collated, usable
from scripts.train_model.card.credits import KOREAN_PACKAGE
from scripts.train_model.corpora import NATURAL, HoldOut
from scripts.train_model.features import Store, Stored, part_of
from scripts.train_model.lfmmi import NumeratorBatch, denominator, numerator, silence_loss
from scripts.train_model.network import TdnnF
from scripts.train_model.phone_graphs import PhoneBigramHistory, PhoneGraph, phone_history, utterance_graph
from scripts.train_model.shape import SUBSAMPLING, Shape
from scripts.train_model.source import measure_norm, start_from, take_encoder
from scripts.train_model.team import Team, run_team

_REPORT_S = 20.0
_WARM_UP_STEPS = 200
_OUTSIDE_COST = 5.0  # of a phone at a frame at which the alignment doesn't have it; none would lose whole utterances
_JUDGED_UTTERANCES = 240
_NORM_UTTERANCES = 60


@dataclass(frozen=True)
class Recipe:
    """The numbers of a training run.

    Attributes:
        budget_s: How long to train in all; the learning rates fall along a cosine over this time.
        frozen_s: How long the head alone is trained. At first its gradients are those of chance, which would spoil
            what the layers below have learnt.
        rate: Highest learning rate of the head.
        encoder_rate: Highest learning rate of the layers below: 5e-4 destroys them within a minute.
        batch_frames: Input frames in a batch, padding included.
        output_penalty: Weight of the outputs' mean square, which keeps them small.
        silence_weight: Weight of what keeps silence silence: see `silence_loss`.
        alignment: Output frames that a phone may be heard before and after its time in the alignment, which the step
            ``align`` wrote; None where it may be heard at any time.
        weight_decay: AdamW's.
        largest_gradient: Longer gradients are cut to this length.
        longest_frames: Utterances that are longer are left out.
        natural_share: How much of the natural synthetic voices' guises an epoch takes, drawn anew each time.
        checkpoint_s: Time between checkpoints.
        seed: Of weights and order.
        threads: CPU threads of each process.
        half: Whether the matrices are multiplied in half precision (bfloat16), which is nearly twice as fast where
            the processor can.
        encoder: A ``final.mdl`` whose layers to begin from; None begins with chance.
        start_from: A ``final.mdl`` that was exported, to go on from instead.
    """

    budget_s: float = 3_300.0
    frozen_s: float = 240.0
    rate: float = 2e-3
    encoder_rate: float = 1.2e-4
    batch_frames: int = 6_000
    output_penalty: float = 5e-4
    silence_weight: float = 0.1
    alignment: tuple[int, int] | None = None
    weight_decay: float = 1e-2
    largest_gradient: float = 2.0
    longest_frames: int = 1_400
    natural_share: float = 1.0
    checkpoint_s: float = 300.0
    seed: int = 1
    threads: int = 1
    half: bool = True
    encoder: Path | None = None
    start_from: Path | None = None


@dataclass
class State:
    """How far a run has come.

    Attributes:
        spent_s: Time trained so far, over all sittings.
        steps: Batches so far.
        epochs: Times that everything has been seen.
        in_epoch: Steps of the present epoch that are done.
        frozen_steps: Batches by which the head alone was trained.
    """

    spent_s: float = 0.0
    steps: int = 0
    epochs: int = 0
    in_epoch: int = 0
    frozen_steps: int = 0


class Training:
    """A run that can be interrupted and gone on with.

    Args:
        folder: The working folder; it holds ``features/``, and ``checkpoint.pt`` goes there.
        recipe: The numbers.
        shape: The network's size.
        hold_out: Who isn't trained on.
        team: Who trains along.
    """

    def __init__(self, folder: Path, recipe: Recipe, shape: Shape, hold_out: HoldOut, team: Team | None = None) -> None:
        self._team = team or Team()
        torch.set_num_threads(recipe.threads)
        torch.set_flush_denormal(True)  # without it, nearly dead units slow everything down many times
        torch.manual_seed(recipe.seed)
        self._checkpoint = folder / "checkpoint.pt"
        self._recipe = recipe
        self._hold_out = hold_out
        self._device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self._store = Store(folder / "features")
        self._alignments = Alignments(folder / "features", self._store.utterances) if recipe.alignment else None
        good, unusable = usable(self._store.utterances, recipe.longest_frames)
        self._trained = [u for u in good if not hold_out.leaves_out(u.corpus, u.speaker)]
        judged = [u for u in good if hold_out.leaves_out(u.corpus, u.speaker)]
        self._judged = judged[:: max(1, len(judged) // _JUDGED_UTTERANCES)]
        hours = sum(utterance.frames for utterance in self._trained) / 360_000
        self._say(
            f"{len(self._trained)} utterances to train on, {hours:.1f} h; {len(judged)} of held-out speakers; "
            f"{unusable} not usable (a word without pronunciation, too short or too long)"
        )
        self._history = _moved(phone_history([u.text for u in self._trained], recipe.seed), self._device)
        self._network = TdnnF(shape).to(self._device)
        if not self._checkpoint.exists():
            self._begin()
        self._optimiser = torch.optim.AdamW(
            [
                {"params": self._network.head_parameters(), "peak": recipe.rate},
                {"params": self._network.encoder_parameters(), "peak": recipe.encoder_rate},
            ],
            lr=recipe.rate,
            weight_decay=recipe.weight_decay,
        )
        self._state = State()
        self._summary = {
            "hours": round(hours, 2),
            "utterances": len(self._trained),
            "unusable": unusable,
            "natural_share": recipe.natural_share,
            "begun_from": "chance" if recipe.encoder is None else KOREAN_PACKAGE,
        }
        if self._alignments is not None and recipe.alignment is not None:
            early, late = recipe.alignment
            self._summary["alignment"] = {"model": self._alignments.model, "early": early, "late": late}
        if recipe.start_from is not None:
            self._summary["begun_from"] = recipe.start_from.parent.parent.name
        if self._checkpoint.exists():
            self._resume()

    def run(self) -> None:
        """Train until the budget is spent."""
        self._sat_down = time.monotonic() - self._state.spent_s
        saved = reported = time.monotonic()
        total = count = 0.0
        while self._state.spent_s < self._recipe.budget_s:
            for batch in self._batches():
                loss, frames = self._step(batch)
                total, count = total + loss * frames, count + frames
                now = time.monotonic()
                if now - reported > _REPORT_S:
                    pace = self._team.size * count * SUBSAMPLING / 100 / (now - reported)
                    self._report(total / max(count, 1), pace)
                    reported, total, count = now, 0.0, 0.0
                if now - saved > self._recipe.checkpoint_s:
                    self._judge_and_save()
                    saved = time.monotonic()
                if self._state.spent_s >= self._recipe.budget_s:
                    break
            else:
                self._state.epochs += 1
                self._state.in_epoch = 0
        self._judge_and_save()

    def _step(self, batch: Sequence[Stored]) -> tuple[float, int]:
        self._network.train()
        state, recipe = self._state, self._recipe
        frozen = state.spent_s < recipe.frozen_s
        for parameter in self._network.encoder_parameters():
            parameter.requires_grad_(not frozen)
        state.frozen_steps += frozen
        self._set_rates()
        shift = random.Random(f"{recipe.seed} {state.steps} {self._team.rank}").randrange(SUBSAMPLING)
        loss, penalty, frames = self._loss(batch, shift, learning=True)
        self._optimiser.zero_grad()
        (loss + penalty).backward()
        # All members must agree on when to stop, so the time spent is shared as well.
        state.spent_s = self._team.share_gradients(self._network.parameters(), time.monotonic() - self._sat_down)
        nn.utils.clip_grad_norm_(self._network.parameters(), recipe.largest_gradient)
        self._optimiser.step()
        state.steps += 1
        state.in_epoch += 1
        return loss.item(), frames

    def _set_rates(self) -> None:
        """A short rise, for the layers below once they take part, then a cosine over the budget."""
        done = min(1.0, self._state.spent_s / self._recipe.budget_s)
        begun = (self._state.steps, self._state.steps - self._state.frozen_steps)
        for group, steps in zip(self._optimiser.param_groups, begun, strict=True):
            rise = min(1.0, (steps + 1) / _WARM_UP_STEPS)
            group["lr"] = group["peak"] * rise * (0.49 * (1 + math.cos(math.pi * done)) + 0.02)

    def _loss(self, batch: Sequence[Stored], shift: int, *, learning: bool) -> tuple[Tensor, Tensor, int]:
        """Objective a frame, what is added to it in training, output frames."""
        features, lengths = self._collate(batch, shift, learning=learning)
        with torch.autocast(self._device.type, torch.bfloat16, enabled=learning and self._recipe.half):
            scores = self._network(features)
        scores = scores.float()
        graphs = NumeratorBatch.of([_graph(utterance.text) for utterance in batch], self._device)
        said = scores
        if learning and self._alignments is not None and self._recipe.alignment is not None:
            outside = self._alignments.outside(batch, scores.shape[1], *self._recipe.alignment)
            said = scores - _OUTSIDE_COST * outside[..., None].to(scores)
        objective = numerator(said, lengths, graphs) - denominator(scores, lengths, self._history)
        good = torch.isfinite(objective)
        frames = int(lengths.sum())
        live = torch.arange(scores.shape[1], device=self._device)[None] < lengths[:, None]
        penalty = self._recipe.output_penalty * scores.square()[live].mean()
        penalty = penalty + self._recipe.silence_weight * silence_loss(scores, lengths)
        return -torch.where(good, objective, torch.zeros_like(objective)).sum() / frames, penalty, frames

    def _collate(self, batch: Sequence[Stored], shift: int, *, learning: bool) -> tuple[Tensor, Tensor]:
        """Features, and each utterance's output frames, on the device."""
        masks = np.random.default_rng([self._recipe.seed, self._state.steps, self._team.rank]) if learning else None
        features, lengths = collated(self._store, batch, self._network.shape, shift, masks)
        return torch.from_numpy(features).to(self._device), torch.tensor(lengths, device=self._device)

    def _batches(self) -> Iterator[list[Stored]]:
        """This member's batches of the present epoch that are still to come, each of utterances about equally long."""
        chance = random.Random(f"{self._recipe.seed} {self._state.epochs}")
        taken = part_of(self._trained, {NATURAL: self._recipe.natural_share}, chance)
        batches = batched(taken, self._recipe.batch_frames, chance)
        size = self._team.size
        steps = max(1, len(batches) // size)  # what is over waits for an epoch in which it comes earlier
        for step in range(self._state.in_epoch, steps):
            yield batches[(step * size + self._team.rank) % len(batches)]

    def _begin(self) -> None:
        """Fill the network with what the recipe names."""
        recipe = self._recipe
        if recipe.start_from is not None:
            start_from(self._network, recipe.start_from.read_bytes())
            chosen = random.Random(recipe.seed).sample(self._trained, min(_NORM_UTTERANCES, len(self._trained)))
            longest = max(utterance.frames for utterance in chosen)
            repeated = [self._store.features(u)[np.arange(longest) % u.frames] for u in chosen]
            measure_norm(self._network, torch.from_numpy(np.stack(repeated)).to(self._device))
        elif recipe.encoder is not None:
            take_encoder(self._network, recipe.encoder.read_bytes())

    def _report(self, loss: float, pace: float) -> None:
        state = self._state
        self._say(
            f"{state.spent_s / 60:.1f} of {self._recipe.budget_s / 60:.0f} min: epoch {state.epochs}, "
            f"step {state.steps}, loss {loss:.4f}, {pace:.0f} times real time"
        )

    def _judge_and_save(self) -> None:
        if self._team.leads:
            self._judge()
            self._save()

    def _say(self, line: str) -> None:
        if self._team.leads:
            print(line, flush=True)

    def _judge(self) -> None:
        self._network.eval()
        total = frames = 0.0
        with torch.no_grad():
            for batch in batched(self._judged, self._recipe.batch_frames, random.Random(0)):
                loss, _, count = self._loss(batch, 0, learning=False)
                total, frames = total + loss.item() * count, frames + count
        if frames:
            self._say(f"== held-out speakers: loss {total / frames:.4f} after step {self._state.steps}")

    def _save(self) -> None:
        new = self._checkpoint.with_suffix(".new")
        torch.save(
            {
                "network": self._network.state_dict(),
                "optimiser": self._optimiser.state_dict(),
                "shape": self._network.shape.as_dict(),
                "state": self._state.__dict__,
                "hold_out": self._hold_out.__dict__,
                "summary": self._summary,
                "torch_randomness": torch.get_rng_state(),
            },
            new,
        )
        new.replace(self._checkpoint)

    def _resume(self) -> None:
        saved = load_checkpoint(self._checkpoint)
        if saved["hold_out"] != self._hold_out.__dict__ or saved["shape"] != self._network.shape.as_dict():
            raise SystemExit(
                f"{self._checkpoint} is of another run (its size or who is held out differs).\n"
                "Name another --folder, or delete the checkpoint to begin anew."
            )
        self._network.load_state_dict(saved["network"])
        self._optimiser.load_state_dict(saved["optimiser"])
        self._state = State(**saved["state"])
        torch.set_rng_state(saved["torch_randomness"])
        self._say(f"Going on after step {self._state.steps}.")


def train(folder: Path, recipe: Recipe, shape: Shape, hold_out: HoldOut, processes: int) -> None:
    """Train with so many processes; with a GPU, one is enough."""
    size = 1 if torch.cuda.is_available() else processes
    run_team(size, _train_along, folder, recipe, shape, hold_out)


def _train_along(team: Team, folder: Path, recipe: Recipe, shape: Shape, hold_out: HoldOut) -> None:
    Training(folder, recipe, shape, hold_out, team).run()


def load_checkpoint(path: Path) -> dict[str, Any]:
    """What `Training` saved."""
    saved: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    return saved


def _graph(text: str) -> PhoneGraph:
    graph = utterance_graph(text)
    assert graph is not None, "unpronounceable utterances are left out beforehand"
    return graph


def _moved(history: PhoneBigramHistory, device: torch.device) -> PhoneBigramHistory:
    return PhoneBigramHistory(history.steps.to(device), history.initial.to(device), history.final.to(device))
