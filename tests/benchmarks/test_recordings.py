"""What the recognisers are judged by: its grammars take what they should, its noise is as loud as it says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.audio.formats import RATE
from scripts.benchmarks.recordings import mixed, one_of, strings_of

WORDS = ("one", "two", "three")


@given(st.lists(st.sampled_from(WORDS), max_size=6))
def test_strings_of_words_are_taken_up_to_their_length(said: list[str]) -> None:
    assert strings_of(WORDS, 4).accepts(said) == (1 <= len(said) <= 4)


@given(st.sets(st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join), min_size=1))
def test_each_phrase_is_taken_and_nothing_else(phrases: set[str]) -> None:
    graph = one_of(phrases)
    assert all(graph.accepts(phrase.split()) for phrase in phrases)
    assert not graph.accepts([])
    assert not graph.accepts(["one", "two", "three", "one"])


@pytest.mark.parametrize("snr_db", [0.0, 10.0, 20.0])
def test_noise_is_as_loud_as_asked_for(snr_db: float) -> None:
    rng = np.random.default_rng(3)
    speech = (3_000 * np.sin(2 * np.pi * 300 * np.arange(2 * RATE) / RATE)).astype(np.int16)
    noise = rng.normal(0, 77, RATE // 2).astype(np.int16)
    added = mixed(speech, noise, snr_db, seed=1).astype(float) - speech
    assert 20 * np.log10(speech.astype(float).std() / added.std()) == pytest.approx(snr_db, abs=0.3)


def test_pauses_do_not_make_the_noise_fainter() -> None:
    speech = (3_000 * np.sin(2 * np.pi * 300 * np.arange(RATE) / RATE)).astype(np.int16)
    noise = np.random.default_rng(3).normal(0, 77, RATE).astype(np.int16)
    with_pause = np.concatenate([speech, np.zeros(RATE * 3 // 4, np.int16)])
    continuous = mixed(speech, noise, 10.0, seed=1).astype(float) - speech
    in_pause = mixed(with_pause, noise, 10.0, seed=1)[len(speech) :].astype(float)
    assert in_pause.std() == pytest.approx(continuous.std(), rel=0.1)


def test_nothing_clips() -> None:
    loud = np.full(RATE, 32_000, np.int16)
    loud[::2] = -32_000
    assert np.abs(mixed(loud, loud, 0.0, seed=2).astype(int)).max() <= 30_000
