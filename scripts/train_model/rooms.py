"""Rooms to put speech into: real ones, and many that are made by mirroring the speaker in the walls.

Source of the made ones: Allen and Berkley, "Image method for efficiently simulating small-room acoustics", 1979.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile

from assistant.audio.formats import RATE

Response = npt.NDArray[np.float32]
"""A room's answer to a click, from the direct sound on; its energy is 1."""

_SOUND_M_S = 343.0
_NEAREST_M, _FARTHEST_M = 0.5, 4.0
_LONGEST_S = 0.5
_SIZES_M = ((2.4, 7.0), (2.2, 6.0), (2.2, 3.2))  # length, width, height
_REFLECTED = (0.55, 0.93)  # of the amplitude, at each wall: from a bedroom full of stuff to a bare hall
_LYING_M, _STANDING_M = (0.08, 0.4), (0.9, 1.7)
_FLOOR_M, _TABLE_M = (0.02, 0.1), (0.4, 1.3)
_FROM_WALL_M = 0.15
_LEAD_SAMPLES = 16  # kept before the direct sound


def made_rooms(count: int, random: np.random.Generator) -> list[Response]:
    """So many rooms of any size; people lie or stand, the phone lies on the floor or on a table, 0.5 to 4 m away."""
    return [_made_room(random) for _ in range(count)]


def real_rooms(paths: list[Path]) -> list[Response]:
    """Recorded responses, from files at 16 kHz."""
    return [direct_first(soundfile.read(path, dtype="float32", always_2d=True)[0][:, 0]) for path in paths]


def direct_first(response: npt.NDArray[np.floating]) -> Response:
    """From the direct sound on, so that no word comes later through it; with an energy of 1."""
    begin = max(0, int(np.argmax(np.abs(response))) - _LEAD_SAMPLES)
    kept = response[begin:]
    return np.asarray(kept / np.sqrt(np.sum(np.square(kept, dtype=np.float64)) + 1e-12), np.float32)


def image_response(
    size_m: npt.ArrayLike, speaker_m: npt.ArrayLike, microphone_m: npt.ArrayLike, reflected: float
) -> npt.NDArray[np.float64]:
    """The answer of a room of six walls that reflect alike.

    Args:
        size_m: Length, width and height.
        speaker_m: Where the mouth is, from one corner.
        microphone_m: Where the microphone is.
        reflected: Share of the amplitude that a wall gives back.

    Returns:
        Samples at `RATE`, `_LONGEST_S` of them, the sound's way to the microphone included.
    """
    size, speaker, microphone = (np.asarray(each, np.float64) for each in (size_m, speaker_m, microphone_m))
    longest_m = _LONGEST_S * _SOUND_M_S
    squared, bounces = [], []
    for side, mouth, ear in zip(size, speaker, microphone, strict=True):
        turns = np.arange(-int(longest_m / (2 * side)) - 1, int(longest_m / (2 * side)) + 2)
        places = np.concatenate([2 * turns * side + mouth, 2 * turns * side - mouth])
        squared.append((places - ear) ** 2)
        bounces.append(np.concatenate([2 * np.abs(turns), np.abs(turns - 1) + np.abs(turns)]))
    # The nearest images matter most, and most of the others lie beyond the end: they are left out plane by plane.
    response = np.zeros(int(_LONGEST_S * RATE) + 2)
    across = squared[1][:, None] + squared[2][None]
    bounced = bounces[1][:, None] + bounces[2][None]
    for square, times in zip(squared[0], bounces[0], strict=True):
        kept = across < longest_m**2 - square
        distance = np.sqrt(across[kept] + square)
        arrival = distance / _SOUND_M_S * RATE
        strength = reflected ** (bounced[kept] + times) / np.maximum(distance, 0.1)
        whole = arrival.astype(np.int64)
        response += np.bincount(whole, strength * (1 - (arrival - whole)), len(response))[: len(response)]
        response += np.bincount(whole + 1, strength * (arrival - whole), len(response))[: len(response)]
    return response[:-2]


def _made_room(random: np.random.Generator) -> Response:
    size = np.array([random.uniform(*side) for side in _SIZES_M])
    speaker_height = random.uniform(*(_LYING_M if random.random() < 0.5 else _STANDING_M))
    microphone_height = random.uniform(*(_FLOOR_M if random.random() < 0.5 else _TABLE_M))
    while True:
        speaker = np.array([*random.uniform(_FROM_WALL_M, size[:2] - _FROM_WALL_M), speaker_height])
        microphone = np.array([*random.uniform(_FROM_WALL_M, size[:2] - _FROM_WALL_M), microphone_height])
        if _NEAREST_M <= float(np.linalg.norm(speaker - microphone)) <= _FARTHEST_M:
            break
    response = image_response(size, speaker, microphone, random.uniform(*_REFLECTED))
    # Real walls scatter: what comes after some 20 ms arrives as noise of the same strength.
    late = np.arange(len(response)) > 0.02 * RATE + np.argmax(response)
    response[late] *= random.normal(0.0, 1.0, int(late.sum()))
    return direct_first(response)
