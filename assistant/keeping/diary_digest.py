"""The diary in short, for the dialogue to tell."""

from __future__ import annotations

from datetime import date, timedelta

from assistant.dialogue.digest import Digest
from assistant.dialogue.questions.rating import LEFT_OPEN_AT_MOST
from assistant.diary.store import Diary
from assistant.diary.summary import (
    WEEK,
    DaySummary,
    day_summaries,
    last_pain,
    last_routine,
    last_stretch,
    mean_pain,
    questions_left_open,
    session_summaries,
)

_DAYS_COMPARED = 5
"""With how many of the last days the pain of today is compared."""


def digest_of(diary: Diary, today: date) -> Digest:
    """What a diary says in short.

    Args:
        diary: The diary.
        today: The user's day; what is dated later is left out, as a clock must have been wrong.

    Raises:
        DiaryDamaged: The database is damaged.
        DiaryUnusable: It can't be read.
    """
    begins = today - WEEK + timedelta(days=1)
    days = day_summaries(session_summaries(diary, begins - WEEK, today))
    this_week = [day for day in days if day.day >= begins]
    stretched = [day for day in this_week if day.sessions]
    last = last_stretch(diary, today)
    told = last_pain(diary, today)
    return Digest(
        week_days=len(stretched),
        week_minutes=round(sum(day.seconds for day in stretched) / 60),
        last_stretch=None if last is None else _days_since(last, today),
        last_level=None if told is None else told[1],
        last_told=0 if told is None else _days_since(told[0], today),
        pain_week=_rounded(this_week),
        pain_week_before=_rounded([day for day in days if day.day < begins]),
        pain_days=_pain_days(days, today),
        left_open=questions_left_open(diary, "before", LEFT_OPEN_AT_MOST),
        left_open_after=questions_left_open(diary, "after", LEFT_OPEN_AT_MOST),
        last_routine=last_routine(diary, today),
    )


def _pain_days(days: list[DaySummary], today: date) -> tuple[int, ...]:
    told = [_rounded([day]) for day in days if day.day < today]
    return tuple(pain for pain in told if pain is not None)[-_DAYS_COMPARED:]


def _days_since(day: date, today: date) -> int:
    return min((today - day).days, 999)  # what can be spoken


def _rounded(days: list[DaySummary]) -> int | None:
    pain = mean_pain(days)
    return None if pain is None else round(pain)
