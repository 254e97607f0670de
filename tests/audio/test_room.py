from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.audio.formats import RATE
from assistant.audio.room import Room, RoomEcho


def in_blocks(echo: RoomEcho, played: np.ndarray, block: int) -> np.ndarray:
    return np.concatenate([echo.hear(played[first : first + block]) for first in range(0, len(played), block)])


@given(
    taps=st.integers(1, 900),
    block=st.sampled_from([1, 64, 320]),
    delay=st.integers(0, 500),
    sounding=st.integers(0, 700),
    seed=st.integers(0, 99),
)
def test_the_echo_is_the_convolution_with_the_response_however_long_it_is(
    taps: int, block: int, delay: int, sounding: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    response = rng.standard_normal(taps) / taps
    played = np.zeros(-(-2_500 // block) * block, np.int16)
    played[100 : 100 + sounding] = rng.integers(-9_000, 9_000, sounding, np.int16)
    echo = RoomEcho(Room(response, gain=0.5, delay_s=delay / RATE), block)
    expected = np.concatenate([np.zeros(delay), 0.5 * np.convolve(played, response)])[: len(played)]
    np.testing.assert_allclose(in_blocks(echo, played, block), expected, atol=1e-6)


def test_silence_makes_no_echo() -> None:
    echo = RoomEcho(Room([0.5, 0.25]), 320)
    assert not echo.hear(np.zeros(320, np.int16)).any()


@pytest.mark.parametrize("response", [[], [float("nan")], np.ones((2, 2))])
def test_a_response_is_a_row_of_finite_numbers(response: object) -> None:
    with pytest.raises(ValueError, match="finite numbers"):
        Room(response)  # type: ignore[arg-type]


@pytest.mark.parametrize("delay_s", [-0.1, float("nan")])
def test_sound_does_not_arrive_before_it_is_played(delay_s: float) -> None:
    with pytest.raises(ValueError, match="before"):
        Room(delay_s=delay_s)
