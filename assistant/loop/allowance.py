"""How often somebody elsewhere may press something."""

from __future__ import annotations

import math


class Allowance:
    """So much may be spent at once, and it comes back with time: who presses a button all the time is slowed down.

    Args:
        at_once: How much in a row.
        a_second: How much comes back in each second.
    """

    def __init__(self, at_once: int, a_second: float) -> None:
        self._most = float(at_once)
        self._a_second = a_second
        self._left = self._most
        self._at = -math.inf

    def spend(self, now: float) -> bool:
        """Take one, at a time in seconds; whether there was one."""
        self._left = min(self._most, self._left + (now - self._at) * self._a_second)
        self._at = now
        if self._left < 1.0:
            return False
        self._left -= 1.0
        return True
