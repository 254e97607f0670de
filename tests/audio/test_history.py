from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.audio.formats import BLOCK, RATE
from assistant.audio.history import KEPT_S, History
from assistant.audio.mixer import Mixer
from assistant.audio.reference import LEAD, LOST, Reference


@given(st.lists(st.integers(0, 3_000), min_size=1, max_size=20), st.integers(-50, 9_000), st.integers(0, 500))
def test_what_was_rendered_is_read_again_and_the_rest_is_silence(blocks: list[int], first: int, count: int) -> None:
    history = History()
    sound = np.random.default_rng(1).integers(-9_000, 9_000, sum(blocks), np.int16)
    at = 0
    for size in blocks:
        history.write(sound[at : at + size])
        at += size
    assert history.end == len(sound)
    around = np.concatenate([np.zeros(50, np.int16), sound, np.zeros(12_000, np.int16)])
    np.testing.assert_array_equal(history.read(first, count), around[50 + first : 50 + first + count])


def test_what_is_too_long_ago_is_silence() -> None:
    history = History()
    for _ in range(KEPT_S + 2):
        history.write(np.full(RATE, 7, np.int16))
    assert not history.read(2 * RATE - 100, 100).any()
    assert (history.read(2 * RATE, 100) == 7).all()
    history.write(np.full((KEPT_S + 1) * RATE, 9, np.int16))
    assert (history.read(history.end - KEPT_S * RATE, 100) == 9).all()


def test_between_two_samples_it_is_interpolated() -> None:
    history = History()
    history.write(np.array([0, 100, 300, -100], np.int16))
    np.testing.assert_array_equal(history.read(0.25, 3), [25, 150, 200])
    np.testing.assert_array_equal(history.read(-0.5, 2), [0, 50])


def test_the_mixer_keeps_what_it_rendered_gain_and_all() -> None:
    mixer = Mixer()
    mixer.gain = 0.5
    mixer.play(np.random.default_rng(1).integers(-9_000, 9_000, 2_000, np.int16), "a", at=100)
    played = np.concatenate([mixer.render(size) for size in (320, 7, 1_000, 900)])
    np.testing.assert_array_equal(mixer.history.read(0, len(played)), played)


def rendered(seconds: float) -> History:
    history = History()
    history.write(np.arange(round(seconds * RATE), dtype=np.int16))
    return history


def test_the_reference_runs_ahead_by_what_was_rendered_ahead_and_then_stays() -> None:
    history = rendered(1.0)
    reference = Reference(history)
    assert reference.of(BLOCK, 1_000.0)[0] == 1_000 + LEAD
    assert reference.of(BLOCK, 1_000.0 + BLOCK)[0] == 1_000 + BLOCK + LEAD
    late = Reference(history)
    assert late.of(BLOCK, RATE - BLOCK - 100.0)[0] == RATE - BLOCK
    history.write(np.arange(RATE, dtype=np.int16))
    assert late.of(BLOCK, RATE - 100.0)[0] == 0, "100 ahead, as before: another lead is another room"


def test_after_a_loss_the_reference_finds_a_new_lead() -> None:
    history = rendered(1.0)
    reference = Reference(history)
    reference.of(BLOCK, float(RATE))  # nothing was rendered there
    assert reference.of(BLOCK, 2_000.0 + LOST)[0] == 2_000 + LOST + LEAD


@pytest.mark.parametrize("gain", [0.25, 0.0])
def test_a_layer_is_ducked_smoothly_and_comes_back(gain: float) -> None:
    mixer = Mixer()
    for layer in ("voice", "tone"):
        mixer.play(np.full(8 * RATE, 1_000, np.int16), layer, layer=layer)
    mixer.render(RATE)
    mixer.duck("voice", gain)
    down = mixer.render(RATE).astype(int)
    assert np.abs(np.diff(down)).max() <= 3
    assert set(down[RATE // 2 :].tolist()) == {1_000 + round(1_000 * gain)}
    mixer.duck("voice", 1.0)
    assert set(mixer.render(RATE)[RATE // 2 :].tolist()) == {2_000}


def test_ducking_does_not_depend_on_the_blocks() -> None:
    def played(blocks: list[int]) -> np.ndarray:
        mixer = Mixer()
        mixer.play(np.random.default_rng(1).integers(-9_000, 9_000, 6_000, np.int16), "a", at=50)
        mixer.duck("voice", 0.3)
        return np.concatenate([mixer.render(size) for size in blocks])

    np.testing.assert_array_equal(played([5_000]), played([1, 319, 700, 80, 3_900]))


def test_a_layers_gain_is_checked() -> None:
    with pytest.raises(ValueError, match="gain"):
        Mixer().duck("voice", -1.0)
