from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.audio.edge import FromDevice, ToDevice
from assistant.audio.formats import BLOCK, RATE, Samples
from assistant.audio.mixer import Mixer


def sine(hz: float, rate: int, seconds: float = 1.0) -> Samples:
    return (10_000 * np.sin(2 * np.pi * hz * np.arange(round(seconds * rate)) / rate)).astype(np.int16)


def played(mixer: Mixer, rate: int, channels: int, buffers: list[int]) -> np.ndarray:
    edge = ToDevice(mixer.render, rate)
    parts = []
    for frames in buffers:
        parts.append(np.full((frames, channels), -1, np.int16))
        edge.fill(parts[-1])
    return np.concatenate(parts)


def test_a_device_at_16_khz_gets_the_samples_as_they_are_in_every_channel() -> None:
    mixer = Mixer()
    mixer.play(sine(440, RATE), "a")
    out = played(mixer, RATE, 2, [BLOCK] * 10)
    np.testing.assert_array_equal(out, np.repeat(sine(440, RATE)[: 10 * BLOCK, np.newaxis], 2, axis=1))


@given(
    st.sampled_from([44_100, 48_000, 8_000]),
    st.lists(st.integers(1, 1_500), min_size=1, max_size=30),
)
def test_a_device_of_another_rate_gets_the_same_sound_whatever_its_buffers(rate: int, buffers: list[int]) -> None:
    def mixer() -> Mixer:
        fresh = Mixer()
        fresh.play(sine(440, RATE, 4.0), "a")
        return fresh

    whole = played(mixer(), rate, 1, [sum(buffers)])
    np.testing.assert_array_equal(played(mixer(), rate, 1, buffers), whole)


@pytest.mark.parametrize("rate", [44_100, 48_000])
def test_the_pitch_and_the_level_are_right_at_another_rate(rate: int) -> None:
    mixer = Mixer()
    mixer.play(sine(1_000, RATE, 2.0), "a")
    out = played(mixer, rate, 1, [rate // 50] * 75)[rate // 2 :, 0].astype(float)
    assert np.abs(np.fft.rfft(out)).argmax() == 1_000
    assert np.sqrt(np.mean(out**2)) == pytest.approx(10_000 / np.sqrt(2), rel=0.01)


@pytest.mark.parametrize("rate", [44_100, 48_000])
def test_seconds_of_the_mixer_are_seconds_of_the_device(rate: int) -> None:
    mixer = Mixer()
    click = np.full(16, 20_000, np.int16)
    for second in range(5):
        mixer.play(click, second, at=second * RATE)
    out = played(mixer, rate, 1, [rate // 50] * 260)[:, 0]
    peaks = [int(np.abs(out[k * rate : (k + 1) * rate].astype(int)).argmax()) for k in range(5)]
    assert max(peaks) - min(peaks) <= 1


def test_a_microphone_at_16_khz_is_heard_bit_for_bit_and_its_buffer_is_not_kept() -> None:
    heard: list[Samples] = []
    edge = FromDevice(lambda block, place: heard.append(block), RATE)
    buffer = sine(440, RATE)[:BLOCK, np.newaxis].copy()
    edge.take(buffer)
    buffer[:] = 0
    np.testing.assert_array_equal(heard[0], sine(440, RATE)[:BLOCK])


@pytest.mark.parametrize(("rate", "channels"), [(44_100, 1), (48_000, 2), (RATE, 2)])
def test_any_microphone_is_heard_at_16_khz_mono(rate: int, channels: int) -> None:
    heard: list[Samples] = []
    places: list[float] = []

    def hear(block: Samples, place: float) -> None:
        heard.append(block)
        places.append(place)

    edge = FromDevice(hear, rate, lambda captured: captured + 1_000.25)
    frames = np.repeat(sine(1_000, rate, 2.0)[:, np.newaxis], channels, axis=1)
    for first in range(0, len(frames), rate // 50):
        edge.take(frames[first : first + rate // 50])
    samples = np.concatenate(heard)
    assert places == [1_000.25 + sum(map(len, heard[:k])) for k in range(len(heard))]
    assert 2 * RATE - RATE // 10 <= len(samples) <= 2 * RATE
    middle = samples[RATE // 4 : RATE // 4 + RATE].astype(float)
    assert np.abs(np.fft.rfft(middle)).argmax() == 1_000
    assert np.sqrt(np.mean(middle**2)) == pytest.approx(10_000 / np.sqrt(2), rel=0.01)
