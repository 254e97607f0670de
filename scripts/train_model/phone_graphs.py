"""Phones in order: what an utterance may sound like, and how usual it is that one phone follows two others."""

# ruff: noqa: S311 - chance in training keeps no secrets
from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from assistant.hearing.pronunciation import PHONES, PronunciationUnknown, pronounce

SILENCE = 0
_NUMBER = {phone: number for number, phone in enumerate(PHONES, 1)}
_MOST_VARIANTS = 3
_PAUSE_BETWEEN = 0.3
"""How usual silence is between two words. At both ends of an utterance there always is some: it was put there."""

Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True)
class PhoneGraph:
    """The ways to say an utterance: each state is a phone.

    Attributes:
        phones: The phone of each state.
        steps: Probability of the step from state to state.
        initial: Probability to begin in each state.
        final: Probability to end in each state.
    """

    phones: list[int]
    steps: Doubles
    initial: Doubles
    final: Doubles

    @property
    def shortest(self) -> int:
        """Phones of the shortest way through."""
        reached, count = self.initial > 0, 1
        while not np.any(reached & (self.final > 0)):
            reached, count = (reached.astype(float) @ self.steps) > 0, count + 1
        return count


@lru_cache(maxsize=50_000)
def variants(word: str) -> tuple[tuple[int, ...], ...]:
    """A word's pronunciations as numbers of phones; none if nobody knows how it is said."""
    try:
        said = pronounce(word)[:_MOST_VARIANTS]
    except PronunciationUnknown:
        return ()
    return tuple(tuple(_NUMBER[phone] for phone in each) for each in said if all(phone in _NUMBER for phone in each))


@lru_cache(maxsize=20_000)
def utterance_graph(text: str) -> PhoneGraph | None:
    """All pronunciations of all words, silence around them and perhaps between; None if a word has none."""
    words = [variants(word) for word in text.split()]
    if not words:  # nobody speaks
        return PhoneGraph([SILENCE], np.zeros((1, 1)), np.ones(1), np.ones(1))
    if not all(words):
        return None
    phones: list[int] = []
    chains: list[list[tuple[int, int]]] = []  # per word, first and last state of each pronunciation
    silences: list[int] = []
    for word in words:
        silences.append(len(phones))
        phones.append(SILENCE)
        chains.append([])
        for said in word:
            chains[-1].append((len(phones), len(phones) + len(said) - 1))
            phones += said
    silences.append(len(phones))
    phones.append(SILENCE)
    size = len(phones)
    steps, initial, final = np.zeros((size, size)), np.zeros(size), np.zeros(size)
    for place, chain in enumerate(chains):
        share = 1.0 / len(chain)
        last = place == len(chains) - 1
        for first, end in chain:
            steps[silences[place], first] = share
            for state in range(first, end):
                steps[state, state + 1] = 1.0
            pause = 1.0 if last else _PAUSE_BETWEEN
            steps[end, silences[place + 1]] = pause
            if not last:
                for following, _ in chains[place + 1]:
                    steps[end, following] = (1.0 - pause) / len(chains[place + 1])
    initial[silences[0]] = 1.0
    final[silences[-1]] = 1.0
    return PhoneGraph(phones, steps, initial, final)


@dataclass(frozen=True)
class PhoneBigramHistory:
    """How usual each phone is after the two before it: a trigram, smoothed with bigram and unigram.

    Attributes:
        steps: Probability of the next phone, shape (before, present, next). The rest to 1 is the end's.
        initial: Probability of the first phone, shape (phones,).
        final: Probability of the end, shape (before, present).
    """

    steps: Tensor
    initial: Tensor
    final: Tensor


def phone_history(texts: Sequence[str], seed: int) -> PhoneBigramHistory:
    """Count phones in random readings of these texts and smooth the counts (Witten-Bell)."""
    chance = random.Random(seed)
    size = len(PHONES) + 1
    end = size
    trigrams = np.zeros((size, size, size + 1))
    starts = np.full(size, 0.1)
    for text in texts:
        row = _reading(text, chance)
        if not row:
            continue
        starts[row[0]] += 1
        before = SILENCE
        for present, following in zip(row, [*row[1:], end], strict=True):
            trigrams[before, present, following] += 1
            before = present
    bigrams = trigrams.sum(0)
    unigrams = bigrams.sum(0) + 1.0
    unigrams /= unigrams.sum()
    smooth = _smoothed(trigrams, _smoothed(bigrams, unigrams))
    smooth[:, SILENCE, SILENCE] = 1e-8
    smooth /= smooth.sum(2, keepdims=True)
    return PhoneBigramHistory(
        steps=torch.tensor(smooth[..., :size], dtype=torch.float32),
        initial=torch.tensor(starts / starts.sum(), dtype=torch.float32),
        final=torch.tensor(smooth[..., end], dtype=torch.float32),
    )


def _smoothed(counts: Doubles, shorter: Doubles) -> Doubles:
    """Counts mixed with what a shorter history says, the more the fewer there are."""
    kinds = (counts > 0).sum(-1, keepdims=True) + 1.0
    mixed: Doubles = (counts + kinds * shorter) / (counts.sum(-1, keepdims=True) + kinds)
    return mixed


def _reading(text: str, chance: random.Random) -> list[int]:
    words = [variants(word) for word in text.split()]
    if not words or not all(words):
        return []
    row = [SILENCE] if chance.random() < 0.9 else []
    for place, word in enumerate(words):
        if place and chance.random() < _PAUSE_BETWEEN:
            row.append(SILENCE)
        row += chance.choice(word)
    if chance.random() < 0.9:
        row.append(SILENCE)
    return row
