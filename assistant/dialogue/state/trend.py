"""What the pain of today means beside that of the days before; a number alone means little."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

Trend = Literal["none", "rising", "more than usual", "much"]
"""Nothing to notice; risen over the last days; clearly more than on the days before; much, by its number alone."""

CLEARLY_MORE = 2
"""So much above the mean of the days before is more than the usual ups and downs."""

MUCH = 6
"""With nothing to compare it with, the number from which a day is a bad one."""

TOO_MUCH = 8
"""The same whatever the days before were: an exercise would end there."""

_DAYS = 2


def trend_of(days_before: Sequence[int], today: int) -> Trend:
    """What a number means.

    Args:
        days_before: The pain of earlier days on which it was told, 0 to 10, the latest last.
        today: The pain as it was just told.
    """
    if today >= TOO_MUCH or (len(days_before) < _DAYS and today >= MUCH):
        return "much"
    if len(days_before) < _DAYS:
        return "none"
    if days_before[-2] < days_before[-1] < today:
        return "rising"
    if today >= sum(days_before) / len(days_before) + CLEARLY_MORE:
        return "more than usual"
    return "rising" if _has_crept_up([*days_before, today]) else "none"


def _has_crept_up(days: Sequence[int]) -> bool:
    """Whether it is clearly more than on the best of these days, and has not been less on any day since then."""
    best = len(days) - 1 - list(reversed(days)).index(min(days))
    since = days[best:]
    return since[-1] >= since[0] + CLEARLY_MORE and all(a <= b for a, b in pairwise(since))
