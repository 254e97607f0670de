"""The ladder of pain: what follows from a rating while exercising. One function, wherever a rating comes in.

It goes on, takes the milder form, leaves the exercise and asks whether to go on at all, or ends for today. How far each
of these reaches, and why, stands in ``assistant/routines/safety.yaml``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.routines.safety import PainLimits

STRONG_PAIN = "strong_pain"
"""For what nothing is begun any more today, once the ladder has ended."""

Rung = Literal["go on", "easier", "leave", "end"]


@dataclass(frozen=True, slots=True)
class Rating:
    """Pain as a number.

    Attributes:
        level: 0 to 10.
        in_leg: Whether it is in the leg; else it is in the back, or nothing was said about that.
    """

    level: int
    in_leg: bool = False


def rung(so_far: Sequence[Rating], now: Rating, limits: PainLimits, *, milder_left: bool = True) -> Rung:
    """What follows from a rating.

    Args:
        so_far: What was rated before in this session.
        now: This one.
        limits: Up to where each step reaches.
        milder_left: Whether there is a milder form than the present one.
    """
    if now.level <= limits.goes_on.up_to:
        return "go on"
    if not _too_strong(now, limits):
        return "easier" if milder_left else "leave"
    again = any(_too_strong(before, limits) for before in so_far)
    return "end" if again or now.level > limits.leaves.up_to else "leave"


def _too_strong(rating: Rating, limits: PainLimits) -> bool:
    """Whether an exercise is left for it; the leg is allowed no more than what goes on."""
    return rating.level > (limits.goes_on if rating.in_leg else limits.easier).up_to
