"""Levels and rooms: what is measured is what was made."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.audio.formats import RATE
from scripts.testbed.rooms import (
    convolved,
    decibels,
    end_of_speech,
    level,
    room_response,
    spoken_part,
    three_metres_away,
    with_floor,
)

TONE = (8_000 * np.sin(2 * np.pi * 440 * np.arange(RATE // 2) / RATE)).astype(np.int16)


@given(before=st.integers(0, 4_000), after=st.integers(0, 8_000), hiss=st.integers(0, 60))
def test_speech_ends_where_it_falls_below_forty_decibels(before: int, after: int, hiss: int) -> None:
    """Hiss more than 40 dB below the peak does not make it longer."""
    sound = np.full(before + len(TONE) + after, hiss, np.int16)
    sound[before : before + len(TONE)] = TONE
    assert before + len(TONE) - 40 < end_of_speech(sound) <= before + len(TONE)


def test_silence_ends_before_it_begins() -> None:
    assert end_of_speech(np.zeros(100, np.int16)) == 0
    assert len(spoken_part(np.zeros(0, np.int16))) == 0


def test_the_spoken_part_is_all_of_the_speech_and_little_else() -> None:
    sound = np.concatenate([np.zeros(5_000, np.int16), TONE, np.zeros(9_000, np.int16)])
    part = spoken_part(sound)
    assert len(TONE) <= len(part) <= len(TONE) + RATE // 20
    assert level(part) == pytest.approx(level(TONE), rel=0.02)


def test_pauses_do_not_make_speech_fainter() -> None:
    assert level(np.concatenate([TONE, np.zeros(len(TONE), np.int16)])) == pytest.approx(8_000 / np.sqrt(2), rel=0.01)


@settings(max_examples=20)
@given(seed=st.integers(0, 1000), ratio_db=st.floats(-6.0, 6.0), t60_s=st.floats(0.3, 0.7))
def test_a_room_has_the_reverberation_asked_for(seed: int, ratio_db: float, t60_s: float) -> None:
    response = room_response(seed, t60_s, ratio_db)
    assert (response**2).sum() == pytest.approx(1.0)
    direct, reverberant = response[0] ** 2, (response[1:] ** 2).sum()
    assert 10 * np.log10(direct / reverberant) == pytest.approx(ratio_db, abs=1e-6)
    early, late = (response[1_000:1_800] ** 2).sum(), (response[2_600:3_400] ** 2).sum()
    assert 10 * np.log10(early / late) == pytest.approx(60 * 0.1 / t60_s, abs=2.0)  # 100 ms later


def test_the_same_seed_is_the_same_room_and_another_is_not() -> None:
    assert np.array_equal(room_response(4), room_response(4))
    assert not np.array_equal(room_response(4)[:1000], room_response(5)[:1000])


def test_a_response_is_applied_as_it_says() -> None:
    echo = np.zeros(101)
    echo[[0, 100]] = 1.0, 0.5
    heard = convolved(TONE, echo)
    assert len(heard) == len(TONE) + 100
    assert np.allclose(heard[: len(TONE)], TONE + 0.5 * np.concatenate([np.zeros(100), TONE[:-100]]), atol=1e-6)


def test_three_metres_are_twenty_decibels_and_reverberation() -> None:
    heard = three_metres_away(TONE, seed=1)
    assert decibels(level(heard[: len(TONE)]) / level(TONE)) == pytest.approx(-20.0, abs=0.01)
    assert np.abs(heard[len(TONE) + 800 :]).max() > 10  # the room goes on
    assert with_floor(heard, 1).dtype == np.int16
