"""What earlier sessions have left behind: how much has become habit, and need not be said again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from assistant.routines.model import Form

PAUSE_DAYS = 7
"""After more days than these nothing is taken for habit: all is told in full again."""

KNOWN_BY_NAME = 4
"""Days on which an exercise was done, after which its name is enough."""


@dataclass(frozen=True, slots=True)
class Added:
    """What a user has added to the dose of an exercise, or taken from it.

    Attributes:
        seconds: To each hold.
        reps: To each set.
        pace: Seconds to each rep.
    """

    seconds: int = 0
    reps: int = 0
    pace: int = 0


@dataclass(frozen=True, slots=True)
class Practice:
    """What is known of the sessions before this one.

    Attributes:
        sessions: How many there were.
        away: Days since the last one; None: there was none.
        days_done: Days on which each exercise was done, since the last pause of more than a week.
        cautions_heard: Cautions that were spoken to their end in the last week: their words, so that a caution whose
            words have changed is heard anew.
        forms: The form in which an exercise was last done, where it was not the usual one; ``chair`` is one of them.
        added: What was added to doses, by the keys of routine and exercise.
        days: Days since the very first session.
        milestones: The weeks after which it was already said what may be expected.
        aim: On how many days of a week the user wants to stretch; None: nothing was said about that.
        went_well: Days on which an exercise was done in the form that it has now, without a complaint.
        no_leg_pain: Whether there was no pain in the leg the last time.
    """

    sessions: int = 0
    away: int | None = None
    days_done: Mapping[str, int] = field(default_factory=dict)
    cautions_heard: frozenset[str] = frozenset()
    forms: Mapping[str, Form | Literal["chair"]] = field(default_factory=dict)
    added: Mapping[tuple[str, str], Added] = field(default_factory=dict)
    days: int = 0
    milestones: frozenset[int] = frozenset()
    aim: int | None = None
    went_well: Mapping[str, int] = field(default_factory=dict)
    no_leg_pain: bool = False

    @property
    def in_habit(self) -> bool:
        """Whether the last session is at most a week ago."""
        return self.away is not None and self.away <= PAUSE_DAYS

    def knows_by_name(self, exercise: str) -> bool:
        """Whether the name of an exercise is enough."""
        return self.in_habit and self.days_done.get(exercise, 0) >= KNOWN_BY_NAME
