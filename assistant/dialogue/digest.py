"""What the diary says in short. It reaches the core as an event's data: the core reads no database."""

from __future__ import annotations

from dataclasses import dataclass

ASKS_DIARY = frozenset({"MyAim", "StartRoutine", "Number", "MyWeek", "MyPain", "LastStretch", "LeftToday", "RatePain"})
"""The commands before which the diary is read anew."""


@dataclass(frozen=True, slots=True)
class Digest:
    """The diary in short; a week is the last seven days, today among them.

    Attributes:
        week_days: Days of this week with stretching.
        week_minutes: Minutes in stretches this week.
        last_stretch: Days since something was last stretched, 0: today; None: never.
        last_level: Pain as it was last told, 0 to 10; None: never.
        last_told: Days since then.
        pain_week: Mean pain of this week, rounded.
        pain_week_before: The same of the seven days before.
        pain_days: Mean pain of the last days on which it was told, rounded, today left out, the latest last.
        left_open: How often in a row the question for the pain before a routine got no number.
        left_open_after: The same of the question after one.
        last_routine: Key of the routine that was begun last; None: none was.
    """

    week_days: int = 0
    week_minutes: int = 0
    last_stretch: int | None = None
    last_level: int | None = None
    last_told: int = 0
    pain_week: int | None = None
    pain_week_before: int | None = None
    pain_days: tuple[int, ...] = ()
    left_open: int = 0
    left_open_after: int = 0
    last_routine: str | None = None
