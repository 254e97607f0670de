"""Made rooms answer as rooms do."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from assistant.audio.formats import RATE
from scripts.train_model.rooms import direct_first, image_response, made_rooms, real_rooms

SIZE, MOUTH, EAR = (5.0, 4.0, 2.5), (1.0, 2.0, 1.5), (3.0, 2.0, 1.5)


def test_the_direct_sound_comes_first_and_as_late_as_the_way_is_long() -> None:
    response = image_response(SIZE, MOUTH, EAR, 0.7)
    first = int(np.flatnonzero(response > 1e-6)[0])
    assert first == int(2.0 / 343.0 * RATE)
    assert np.argmax(response) in (first, first + 1)
    assert response[first : first + 2].sum() == pytest.approx(1 / 2.0, rel=1e-6)


def test_the_first_echoes_are_those_of_the_nearest_walls() -> None:
    response = image_response(SIZE, MOUTH, EAR, 0.7)
    way = np.sqrt(2.0**2 + 2.0**2)  # up to the ceiling, 1 m above both, and down again
    at = way / 343.0 * RATE
    echo = response[int(at) : int(at) + 2].sum()
    assert echo == pytest.approx(0.7 / way, rel=1e-6)


def test_walls_that_reflect_more_let_it_ring_longer() -> None:
    def late_share(reflected: float) -> float:
        energy = np.square(image_response(SIZE, MOUTH, EAR, reflected))
        return float(energy[RATE // 10 :].sum() / energy.sum())

    assert late_share(0.6) < 0.01 < 0.1 < late_share(0.93)


def test_made_rooms_differ_and_begin_with_the_direct_sound() -> None:
    rooms = made_rooms(20, np.random.default_rng(1))
    assert len({len(room) for room in rooms}) > 5
    for room in rooms:
        assert np.sum(np.square(room)) == pytest.approx(1.0, abs=1e-3)
        assert np.argmax(np.abs(room)) <= 16
    shares = [float(np.sum(np.square(room[:160]))) for room in rooms]
    assert min(shares) < 0.4 < 0.7 < max(shares)  # from far and bare to near and furnished


def test_a_recorded_room_loses_its_delay_and_nothing_else(tmp_path: Path) -> None:
    response = np.zeros(2_000, np.float32)
    response[[500, 900]] = 0.8, -0.4
    soundfile.write(tmp_path / "room.flac", response, RATE)
    (room,) = real_rooms([tmp_path / "room.flac"])
    assert np.flatnonzero(np.abs(room) > 0.01).tolist() == [16, 416]
    assert room[416] / room[16] == pytest.approx(-0.5, abs=1e-3)
    assert np.array_equal(room, direct_first(room))
