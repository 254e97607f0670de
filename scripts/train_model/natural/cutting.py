"""Finds the pauses between the things that a clip says, so that each can also be trained on alone."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from assistant.audio.formats import RATE, Sound

_STEP = RATE // 100
_SILENT_DB = -42.0  # below the clip's loudest hundredth of a second; the voices come without noise
_SHORTEST_PAUSE_S = 0.15
_CLEARLY_LONGER = 1.3


def spans_of_parts(sound: Sound, count: int) -> list[tuple[float, float]]:
    """Begin and end, in seconds, of each of so many parts; none if the pauses between them can't be told for sure.

    The longest silences are taken for the pauses, unless another one is nearly as long.
    """
    steps = len(sound) // _STEP
    power = np.square(sound[: steps * _STEP], dtype=np.float64).reshape(steps, _STEP).mean(1) + 1e-12
    loud = 10 * np.log10(power / power.max()) > _SILENT_DB
    places = np.flatnonzero(loud)
    gaps = sorted(
        ((int(after - before - 1), int(before + 1)) for before, after in pairwise(places)),
        reverse=True,
    )
    pauses, others = gaps[: count - 1], gaps[count - 1 :]
    if len(pauses) < count - 1 or not pauses:
        return []
    shortest = pauses[-1][0]
    if shortest < _SHORTEST_PAUSE_S * RATE / _STEP or (others and shortest < _CLEARLY_LONGER * others[0][0]):
        return []
    middles = sorted(begin + length // 2 for length, begin in pauses)
    edges = [0, *middles, steps]
    return [(begin * _STEP / RATE, end * _STEP / RATE) for begin, end in pairwise(edges)]
