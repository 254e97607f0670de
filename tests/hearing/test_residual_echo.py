"""What is left of the echo, and when it is somebody."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.audio.formats import RATE
from assistant.hearing.front_end.echo_canceller import FRAME
from assistant.hearing.front_end.residual_echo import HOLD_FRAMES, ResidualEcho

NOTHING = np.zeros(FRAME + 1)
SECOND = RATE // FRAME


def in_a_quiet_room() -> ResidualEcho:
    residual_echo = ResidualEcho(FRAME)
    hiss = np.random.default_rng(3)
    for _ in range(3 * SECOND):
        residual_echo.note_silence(hiss.normal(0.0, 1e-4, FRAME).astype(np.float32))
    return residual_echo


def noticed(residual_echo: ResidualEcho, sound: np.ndarray, *, tone_rings: bool = False) -> bool:
    """Whether somebody is noticed in a sound of any number of frames."""
    found = False
    for at in range(0, len(sound) - FRAME + 1, FRAME):
        left = sound[at : at + FRAME].astype(np.float32)
        power = np.abs(np.fft.rfft(left, 2 * FRAME)) ** 2
        residual_echo.cover(left, np.stack([power, NOTHING, NOTHING]), tone_rings=tone_rings)
        found |= residual_echo.somebody
    return found


@pytest.mark.parametrize("hertz", [523.25, 783.99, 880.0])
def test_a_chime_that_rings_on_in_the_room_is_nobody(hertz: float) -> None:
    time_s = np.arange(SECOND * FRAME // 3) / RATE
    ringing = 0.003 * np.sin(2 * np.pi * hertz * time_s) * 10 ** (-60 / 20 * time_s / 0.5)
    sound = ringing + np.random.default_rng(4).normal(0.0, 1e-4, len(time_s))
    assert not noticed(in_a_quiet_room(), sound, tone_rings=True)


@pytest.mark.parametrize("tone_rings", [False, True])
def test_what_is_louder_than_the_room_in_several_bands_is_somebody(tone_rings: bool) -> None:
    assert noticed(in_a_quiet_room(), np.random.default_rng(5).normal(0.0, 0.003, 5 * FRAME), tone_rings=tone_rings)


def test_somebody_goes_on_through_a_gap_and_no_longer() -> None:
    residual_echo = in_a_quiet_room()
    assert noticed(residual_echo, np.random.default_rng(5).normal(0.0, 0.003, 5 * FRAME))
    still = np.random.default_rng(6).normal(0.0, 1e-4, FRAME)
    held = [noticed(residual_echo, still) for _ in range(2 * HOLD_FRAMES)]
    assert held[HOLD_FRAMES // 2]
    assert not held[-1]
