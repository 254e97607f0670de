"""Microphones with several channels: what is dead is left out, what is turned over is turned back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.audio.channels import Downmix
from assistant.audio.edge import FromDevice
from assistant.audio.formats import RATE, Samples

VOICE_RMS = 3_000.0


def voice(seconds: float = 3.0, rate: int = RATE) -> np.ndarray:
    """Noise in the rhythm of syllables, with a pause in the middle."""
    n = round(seconds * rate)
    t = np.arange(n) / rate
    wave = np.random.default_rng(1).normal(0.0, VOICE_RMS, n) * np.abs(np.sin(2 * np.pi * 3 * t))
    wave[n * 2 // 5 : n * 3 // 5] = 0.0
    return np.clip(wave, -20_000, 20_000)


def heard(channels: list[np.ndarray], rate: int = RATE) -> Samples:
    out: list[Samples] = []
    edge = FromDevice(lambda block, _: out.append(block), rate)
    frames = np.rint(np.stack(channels, axis=1)).astype(np.int16)
    for first in range(0, len(frames), rate // 50):
        edge.take(frames[first : first + rate // 50])
    return np.concatenate(out)


def hiss(n: int, rms: float = 2.0, seed: int = 5) -> np.ndarray:
    return np.random.default_rng(seed).normal(0.0, rms, n)


def level(sound: np.ndarray) -> float:
    return float(np.sqrt(np.mean(sound.astype(float) ** 2)))


@pytest.mark.parametrize("rate", [RATE, 44_100, 48_000])
@pytest.mark.parametrize("alive", [0, 1])
def test_a_stereo_device_with_one_live_channel_is_heard_in_full(alive: int, rate: int) -> None:
    said = voice(rate=rate)
    channels = [hiss(len(said)), hiss(len(said), seed=6)]
    channels[alive] = channels[alive] + said
    # the resampler takes what lies above 8 kHz, so the same sound from a device with one channel is the measure
    alone = heard([said], rate)
    assert level(heard(channels, rate)[RATE:]) == pytest.approx(level(alone[RATE:]), rel=0.02)


@pytest.mark.parametrize("gain", [-1.0, -0.5, -1.5])
@pytest.mark.parametrize("rate", [RATE, 48_000])
def test_a_voice_in_antiphase_does_not_cancel(gain: float, rate: int) -> None:
    said = voice(rate=rate)
    sound = heard([said + hiss(len(said)), gain * said + hiss(len(said), seed=6)], rate)
    assert level(sound[RATE:]) == pytest.approx((1 + abs(gain)) / 2 * level(heard([said], rate)[RATE:]), rel=0.02)


def test_two_microphones_side_by_side_are_averaged_bit_for_bit() -> None:
    said = voice()
    left, right = np.rint(said + hiss(len(said))), np.rint(0.8 * said + hiss(len(said), seed=6))
    expected = np.rint((left + right) / 2).astype(np.int16)
    np.testing.assert_array_equal(heard([left, right]), expected)


def test_a_direct_voltage_in_a_dead_channel_is_no_voice() -> None:
    said = voice()
    sound = heard([np.full(len(said), 9_000.0), said])
    assert level(sound[RATE:]) == pytest.approx(level(said[RATE:]), rel=0.02)


def test_what_was_learnt_holds_over_a_pause_and_no_sample_jumps() -> None:
    n = 4 * RATE
    tone = 8_000 * np.sin(2 * np.pi * 200 * np.arange(n) / RATE) * np.repeat([1, 0, 0, 1], RATE)
    sound = heard([hiss(n), tone + hiss(n, seed=6)]).astype(int)
    steps = np.abs(np.diff(sound))
    assert steps.max() < 1.2 * 8_000 * 2 * np.pi * 200 / RATE
    again = sound[3 * RATE : 3 * RATE + RATE // 50]
    assert level(again) == pytest.approx(8_000 / np.sqrt(2), rel=0.1)


def test_eight_channels_of_which_three_are_alive_give_their_mean() -> None:
    said = voice()
    channels = [hiss(len(said), seed=k) for k in range(8)]
    for k in (2, 5, 6):
        channels[k] = channels[k] + said
    assert level(heard(channels)[RATE:]) == pytest.approx(level(said[RATE:]), rel=0.02)


@given(
    st.integers(1, 4),
    st.lists(st.integers(0, 400), min_size=1, max_size=8),
    st.integers(0, 1_000),
)
def test_any_frames_give_as_many_samples_and_never_more_than_was_there(
    channels: int, lengths: list[int], seed: int
) -> None:
    rng = np.random.default_rng(seed)
    downmix = Downmix(RATE)
    for length in lengths:
        frames = rng.integers(-32768, 32768, (length, channels)).astype(np.int16)
        mixed = downmix.mix(frames)
        assert mixed.shape == (length,)
        assert mixed.dtype == np.float32
        assert np.abs(mixed).max(initial=0.0) <= 32769.0
