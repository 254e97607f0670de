"""What earlier sessions have left behind: how much has become habit, and need not be said again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

PAUSE_DAYS = 7
"""After more days than these nothing is taken for habit: all is told in full again."""

KNOWN_BY_NAME = 4
"""Days on which an exercise was done, after which its name is enough."""


@dataclass(frozen=True, slots=True)
class Practice:
    """What is known of the sessions before this one.

    Attributes:
        sessions: How many there were.
        away: Days since the last one; None: there was none.
        days_done: Days on which each exercise was done, since the last pause of more than a week.
        cautions_heard: Cautions that were spoken to their end in the last week: their words, so that a caution whose
            words have changed is heard anew.
    """

    sessions: int = 0
    away: int | None = None
    days_done: Mapping[str, int] = field(default_factory=dict)
    cautions_heard: frozenset[str] = frozenset()

    @property
    def in_habit(self) -> bool:
        """Whether the last session is at most a week ago."""
        return self.away is not None and self.away <= PAUSE_DAYS

    def knows_by_name(self, exercise: str) -> bool:
        """Whether the name of an exercise is enough."""
        return self.in_habit and self.days_done.get(exercise, 0) >= KNOWN_BY_NAME
