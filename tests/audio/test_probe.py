"""The probe: found where it is, as loud as it is, as late as it is; and not found where it isn't."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.audio.formats import RATE, Samples
from assistant.audio.mixer import Mixer
from assistant.audio.probe import LONGEST_DELAY_S, find_echo, probe
from assistant.audio.room import Room
from assistant.audio.simulated import SimulatedCard
from assistant.audio.tones import LEVEL_DBFS

PLAYED_AT = RATE


def ringing_room(t60_s: float = 0.4, seed: int = 3) -> np.ndarray:
    """Direct sound, then a diffuse tail: energy 1."""
    n = round(t60_s * RATE)
    response = np.random.default_rng(seed).normal(0.0, 0.08, n) * np.exp(-6.9 * np.arange(n) / n)
    response[0] = 1.0
    return np.asarray(response / np.sqrt((response**2).sum()))


def heard(echo_db: float, delay_s: float, noise_rms: float = 5.0) -> Samples:
    """A second before the probe is rendered, and two and a half after."""
    mixer = Mixer()
    mixer.play(probe(), "probe", at=PLAYED_AT)
    blocks: list[Samples] = []
    card = SimulatedCard(room=Room(ringing_room(), gain=10 ** (echo_db / 20), delay_s=delay_s))
    card.open(mixer.render, lambda block, _: blocks.append(block))
    card.advance(round(3.5 * 50))
    sound = np.concatenate(blocks)
    return np.clip(sound + np.random.default_rng(1).normal(0.0, noise_rms, len(sound)), -32768, 32767).astype(np.int16)


@pytest.mark.parametrize("delay_s", [0.0, 0.045, 0.2, 0.8])
@pytest.mark.parametrize("echo_db", [-40.0, -20.0, 0.0, 12.0])
def test_it_is_found_with_its_level_and_its_delay(echo_db: float, delay_s: float) -> None:
    echo = find_echo(heard(echo_db, delay_s), PLAYED_AT)
    assert echo is not None
    assert echo.delay_s == pytest.approx(delay_s, abs=0.003)
    assert echo.level_dbfs == pytest.approx(LEVEL_DBFS + echo_db, abs=1.5)


def test_it_is_found_in_noise_as_loud_as_itself() -> None:
    echo = find_echo(heard(-20.0, 0.1, noise_rms=327.0), PLAYED_AT)
    assert echo is not None
    assert echo.delay_s == pytest.approx(0.1, abs=0.003)
    assert echo.level_dbfs == pytest.approx(LEVEL_DBFS - 20.0, abs=2.5)


@pytest.mark.parametrize("seed", range(8))
def test_noise_is_not_taken_for_it(seed: int) -> None:
    rng = np.random.default_rng(seed)
    assert find_echo(rng.normal(0.0, 300.0, 4 * RATE).astype(np.int16), PLAYED_AT) is None


def test_silence_a_hum_and_a_recording_that_is_too_short_hold_no_echo() -> None:
    assert find_echo(np.zeros(4 * RATE, np.int16), PLAYED_AT) is None
    hum = (3_000 * np.sin(2 * np.pi * 100 * np.arange(4 * RATE) / RATE)).astype(np.int16)
    assert find_echo(hum, PLAYED_AT) is None
    assert find_echo(np.zeros(0, np.int16), 0) is None
    assert find_echo(probe(), len(probe())) is None


def test_what_came_before_it_was_played_is_not_it() -> None:
    early = heard(0.0, 0.0)
    assert find_echo(early, PLAYED_AT + RATE // 2) is None
    assert LONGEST_DELAY_S > 1.0


def test_it_is_as_loud_as_speech_and_does_not_click() -> None:
    samples = probe().astype(float)
    assert 20 * np.log10(np.sqrt(np.mean(samples**2)) / 32768) == pytest.approx(LEVEL_DBFS, abs=0.1)
    assert abs(samples[0]) < 50
    assert abs(samples[-1]) < 50
