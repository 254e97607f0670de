"""Words a minute as a listener counts them, against what an engine means by its rate.

Imported by the engine's process, so nothing heavy may be imported here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TypeAlias

Measured: TypeAlias = Sequence[tuple[float, float]]
"""The engine's own rate and the words a minute that come of it, the slowest first."""

ESPEAK: Measured = (
    (80, 102.7),
    (100, 121.9),
    (120, 146.7),
    (140, 172.8),
    (165, 203.8),
    (200, 249.0),
    (250, 313.0),
    (300, 381.9),
)
"""espeak-ng, over all lines of the assistant; below 80 it doesn't go."""

NATURAL: Mapping[str, Measured] = {
    "en_US-joe-medium": ((0.5, 116.8), (0.6, 139.6), (0.7, 162.2), (0.85, 195.6), (1.0, 216.4), (1.25, 250.1))
}
"""Natural voices by name, over all lines of the assistant (`scripts/bench voice`), pauses within lines included."""

PASSAGE = (
    "Lie on your back, with both knees bent and your feet flat on the floor.",
    "Ten seconds to go.",
    "Breathe calmly. Stop at once if your back or your leg hurts more.",
)
"""Read by a voice that was not measured: it stands for all lines."""

_SPEEDS = (0.6, 1.0)


def espeak_rate(rate: float) -> int:
    """What espeak-ng has to be told for words a minute."""
    return max(round(ESPEAK[0][0]), round(_at(ESPEAK, rate)))


def piper_speed(voice: str, rate: float, seconds_of: Callable[[str, float], float]) -> float:
    """How many times its own speed a natural voice has to speak at.

    Args:
        voice: Path of its file.
        rate: Words a minute.
        seconds_of: How long it takes for a text at a speed.
    """
    return _at(NATURAL.get(Path(voice).stem) or _of_passage(voice, seconds_of), rate)


@cache
def _of_passage(_voice: str, seconds_of: Callable[[str, float], float]) -> Measured:
    words = sum(len(text.split()) for text in PASSAGE)
    return [(speed, 60 * words / sum(seconds_of(text, speed) for text in PASSAGE)) for speed in _SPEEDS]


def _at(measured: Measured, rate: float) -> float:
    """The engine's rate for words a minute; beyond what was measured, in proportion."""
    slowest, fastest = measured[0], measured[-1]
    if rate <= slowest[1]:
        return slowest[0] * rate / slowest[1]
    for (below, fewer), (above, more) in pairwise(measured):
        if rate <= more:
            return below + (above - below) * (rate - fewer) / (more - fewer)
    return fastest[0] * rate / fastest[1]
