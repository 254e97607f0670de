"""Whatever is done to a sound, it stays a sound."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.audio.formats import RATE, Sound
from scripts.train_model.augmentation import (
    Noises,
    Ranges,
    augmented,
    changed_speed,
    coloured_noise,
    companded,
    convolved,
    drawn_noise,
    filtered,
    low_pass_curve,
    muffling_curve,
    quantised,
    random_curve,
    reverberated,
    rms,
    with_peak,
    without_speech,
)


def tone(hertz: float = 440.0, seconds: float = 0.5, loudness: float = 0.3) -> Sound:
    return (loudness * np.sin(2 * np.pi * hertz * np.arange(int(seconds * RATE)) / RATE)).astype(np.float32)


ROOM = np.r_[np.ones(1), np.zeros(700), 0.5 * np.ones(1)].astype(np.float32)
NOISES = Noises(recordings=[tone(100, 0.1)], speech=[tone(300, 0.2), tone(500, 1.5)], rooms=[ROOM])


def assert_recordable(sound: Sound) -> None:
    assert sound.dtype == np.float32
    assert sound.ndim == 1
    assert np.all(np.isfinite(sound))
    assert np.abs(sound).max(initial=0) <= 1.0
    assert np.array_equal(sound * 32_768, np.round(sound * 32_768)), "not in steps of 16 bits"


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.floats(0.05, 1.5), st.floats(0.01, 1.0))
def test_any_guise_is_something_that_a_sound_card_could_give(seed: int, seconds: float, loudness: float) -> None:
    ranges = Ranges()
    sound = augmented(tone(440, seconds, loudness), np.random.default_rng(seed), NOISES)
    assert_recordable(sound)
    padding = (800 + 1_600, 9_600 + 11_200)
    assert seconds * RATE / ranges.speed[1] + padding[0] - 9 <= len(sound)
    assert len(sound) <= seconds * RATE / ranges.speed[0] + padding[1] + 9
    low, high = ranges.peak_dbfs
    peak = float(np.abs(sound).max())
    assert 10 ** ((low - 10) / 20) * 0.9 <= peak <= 10 ** (high / 20)


def test_the_same_seed_gives_the_same_guise() -> None:
    one, same, other = (augmented(tone(), np.random.default_rng(seed), NOISES) for seed in (5, 5, 6))
    assert np.array_equal(one, same)
    assert len(one) != len(other) or not np.array_equal(one, other)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32))
def test_where_nobody_speaks_there_is_sound_too(seed: int) -> None:
    assert_recordable(without_speech(np.random.default_rng(seed), NOISES))


def test_some_guises_hold_digital_silence() -> None:
    sounds = [augmented(tone(), np.random.default_rng(seed), NOISES) for seed in range(40)]
    assert any(np.all(sound[:400] == 0) for sound in sounds)
    assert any(np.any(sound[:400] != 0) for sound in sounds)


@pytest.mark.parametrize("factor", [0.85, 1.0, 1.18])
def test_speed_changes_length_and_pitch(factor: float) -> None:
    changed = changed_speed(tone(1_000, 1.0), factor)
    assert len(changed) == pytest.approx(RATE / factor, abs=2)
    loudest = np.argmax(np.abs(np.fft.rfft(changed))) * RATE / len(changed)
    assert loudest == pytest.approx(1_000 * factor, rel=0.01)


@pytest.mark.parametrize("dbfs", [-30.0, -6.0, 0.0])
def test_the_level_is_what_was_asked_for(dbfs: float) -> None:
    assert 20 * np.log10(np.abs(with_peak(tone(), dbfs)).max()) == pytest.approx(dbfs, abs=0.01)


def test_silence_stays_silence() -> None:
    silence = np.zeros(4_000, np.float32)
    random = np.random.default_rng(1)
    for changed in (with_peak(silence, -3.0), reverberated(silence, random), companded(silence), quantised(silence)):
        assert not changed.any()


def test_a_low_pass_takes_what_is_high_and_leaves_what_is_low() -> None:
    curve = low_pass_curve(3_500)
    assert rms(filtered(tone(1_000), curve)) == pytest.approx(rms(tone(1_000)), rel=0.05)
    assert rms(filtered(tone(6_000), curve)) < 0.02 * rms(tone(6_000))


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32))
def test_a_cushion_muffles(seed: int) -> None:
    curve = muffling_curve(np.random.default_rng(seed))
    low, high = (rms(filtered(tone(hertz), curve)) for hertz in (300.0, 7_000.0))
    assert high < 0.3 * low


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32))
def test_filters_and_rooms_keep_the_length(seed: int) -> None:
    random = np.random.default_rng(seed)
    for changed in (reverberated(tone(), random), filtered(tone(), random_curve(random))):
        assert changed.shape == tone().shape
        assert np.all(np.isfinite(changed))


def test_noise_of_every_kind_is_as_long_and_as_loud_as_it_says() -> None:
    met = set()
    for seed in range(120):
        kind, noise = drawn_noise(5_000, np.random.default_rng(seed), NOISES)
        met.add(kind)
        assert len(noise) == 5_000
        assert rms(noise) == pytest.approx(1.0, abs=0.01)
    assert {"television", "music", "babble", "recording"} <= met


def test_a_room_is_heard_as_it_answers_a_click() -> None:
    click = np.r_[np.zeros(50), 1.0, np.zeros(2_000)].astype(np.float32)
    heard = convolved(click, ROOM)
    assert np.flatnonzero(np.abs(heard) > 0.01).tolist() == [50, 751]


def test_brown_noise_is_lower_than_white() -> None:
    def high_share(slope: float) -> float:
        spectrum = np.abs(np.fft.rfft(coloured_noise(RATE, slope, np.random.default_rng(1)))) ** 2
        return float(spectrum[4_000:].sum() / spectrum.sum())

    assert high_share(0.0) == pytest.approx(0.5, abs=0.03)
    assert high_share(2.0) < 0.05
