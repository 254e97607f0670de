"""Numerator and denominator against writing out every way through, on cases small enough for that."""

from __future__ import annotations

import itertools
import math
from typing import Any, TypeAlias

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is only in the training's own environment")

from scripts.train_model.lfmmi import NumeratorBatch, denominator, numerator  # noqa: E402
from scripts.train_model.phone_graphs import PhoneBigramHistory, PhoneGraph, phone_history, utterance_graph  # noqa: E402

Tensor: TypeAlias = Any
"""torch's, which is not installed where this is checked."""

PHONES = 4


def scores(batch: int, frames: int, seed: int = 1) -> Tensor:
    return torch.randn(batch, frames, PHONES, 2, generator=torch.Generator().manual_seed(seed), dtype=torch.float32)


def random_graph(states: int, seed: int) -> PhoneGraph:
    chance = np.random.default_rng(seed)
    steps = chance.random((states, states)) * (chance.random((states, states)) < 0.6)
    return PhoneGraph(
        list(chance.integers(0, PHONES, states)), steps, chance.random(states), chance.random(states) + 0.1
    )


def every_way(graph: PhoneGraph, score: np.ndarray) -> float:
    """Every row of states with, at each frame, whether the state is entered or stayed in."""
    total = 0.0
    states, frames = range(len(graph.phones)), len(score)
    for row in itertools.product(states, repeat=frames):
        for entered in itertools.product([True, False], repeat=frames - 1):
            weight = graph.initial[row[0]] * math.exp(score[0, graph.phones[row[0]], 0])
            for t in range(1, frames):
                if entered[t - 1]:
                    weight *= graph.steps[row[t - 1], row[t]] * math.exp(score[t, graph.phones[row[t]], 0])
                else:
                    weight *= (row[t] == row[t - 1]) * math.exp(score[t, graph.phones[row[t]], 1])
            total += weight * graph.final[row[-1]]
    return math.log(total)


@pytest.mark.parametrize("seed", range(5))
def test_the_numerator_is_the_sum_over_every_way(seed: int) -> None:
    graphs = [random_graph(3, seed), random_graph(2, seed + 10)]
    lengths = torch.tensor([4, 3])
    score = scores(2, 4, seed)
    found = numerator(score, lengths, NumeratorBatch.of(graphs))
    for place, graph in enumerate(graphs):
        assert found[place].item() == pytest.approx(every_way(graph, score[place, : lengths[place]].numpy()), abs=1e-4)


def random_history(seed: int) -> PhoneBigramHistory:
    chance = torch.Generator().manual_seed(seed)
    steps = torch.rand(PHONES, PHONES, PHONES, generator=chance)
    return PhoneBigramHistory(
        steps / PHONES, torch.rand(PHONES, generator=chance), torch.rand(PHONES, PHONES, generator=chance)
    )


@pytest.mark.parametrize("seed", range(3))
def test_the_denominator_is_the_sum_over_every_row_of_phones(seed: int) -> None:
    history = random_history(seed)
    pairs = list(itertools.product(range(PHONES), repeat=2))  # states as a plain graph: phone before, present phone
    steps = np.zeros((len(pairs), len(pairs)))
    for (i, (before, present)), (j, (middle, following)) in itertools.product(enumerate(pairs), repeat=2):
        if middle == present:
            steps[i, j] = history.steps[before, present, following]
    initial = np.array([history.initial[present] if before == 0 else 0.0 for before, present in pairs])
    final = np.array([history.final[before, present] for before, present in pairs])
    graph = PhoneGraph([present for _, present in pairs], steps, initial, final)
    lengths = torch.tensor([6, 4])
    score = scores(2, 6, seed)
    found = denominator(score, lengths, history)
    same = numerator(score, lengths, NumeratorBatch.of([graph, graph]))
    assert torch.allclose(found, same, atol=1e-4)


@pytest.mark.parametrize("which", ["numerator", "denominator"])
def test_the_gradient_is_that_of_small_changes(which: str) -> None:
    lengths = torch.tensor([4, 3])
    graphs = NumeratorBatch.of([random_graph(3, 1), random_graph(3, 2)])
    history = random_history(3)

    def value(score: Tensor) -> Tensor:
        found = numerator(score, lengths, graphs) if which == "numerator" else denominator(score, lengths, history)
        return (found * torch.tensor([1.0, 2.0])).sum()

    score = scores(2, 4).requires_grad_()
    value(score).backward()
    assert score.grad is not None
    for place in itertools.product(range(2), range(4), range(PHONES), range(2)):
        nudge = torch.zeros_like(score)
        nudge[place] = 1e-2
        slope = (value(score.detach() + nudge) - value(score.detach() - nudge)).item() / 2e-2
        assert score.grad[place].item() == pytest.approx(slope, abs=2e-3)


def test_an_utterance_too_short_for_its_words_counts_for_nothing() -> None:
    row = PhoneGraph([1, 2, 3], np.eye(3, k=1), np.array([1.0, 0, 0]), np.array([0, 0, 1.0]))
    score = scores(1, 2).requires_grad_()
    found = numerator(score, torch.tensor([2]), NumeratorBatch.of([row]))
    assert found.item() == -math.inf
    found.sum().backward()
    assert score.grad is not None
    assert not score.grad.any()


def test_an_utterance_holds_every_pronunciation_and_silence_at_its_ends() -> None:
    graph = utterance_graph("read the")
    assert graph is not None
    assert graph.phones.count(0) == 3
    assert graph.shortest == 7  # R IY D or R EH D, DH AH or DH IY, silence at both ends but not between
    assert graph.initial.sum() == pytest.approx(1.0)
    assert (graph.steps.sum(1) + graph.final)[:-1] == pytest.approx(1.0)


def test_the_history_is_a_probability() -> None:
    history = phone_history(["start the stretch", "yes", "no"], seed=1)
    assert torch.allclose(history.steps.sum(2) + history.final, torch.ones_like(history.final), atol=1e-5)
    assert history.initial.sum().item() == pytest.approx(1.0, abs=1e-5)
