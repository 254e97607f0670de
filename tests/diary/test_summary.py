"""What was done, by day, of the exercises, and the course of the pain; days that are dated ahead do no harm."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from assistant.diary.entries import Entry
from assistant.diary.store import Diary
from assistant.diary.summary import (
    day_summaries,
    exercise_summaries,
    last_pain,
    last_stretch,
    mean_pain,
    questions_left_open,
    session_summaries,
)
from scripts.testbed.made_diary import BEGUN, NAMES, key, made_session

TODAY = BEGUN.date()


@pytest.fixture
def diary(tmp_path: Path) -> Diary:
    return Diary(tmp_path / "d" / "diary.sqlite3", NAMES)


def add(diary: Diary, *sessions: tuple[int, int, int]) -> None:
    """Sessions by the day after the first, with the pain before and after."""
    for number, (days, before, after) in enumerate(sessions):
        made = made_session(number, BEGUN + timedelta(days=days, hours=number), before, after)
        diary.write_all((made.key, n, entry) for n, entry in made.numbered)


def test_days_and_exercises_add_up(diary: Diary) -> None:
    add(diary, (0, 6, 5), (0, 4, 3), (2, 2, 2))
    first, second = day_summaries(session_summaries(diary))
    assert (first.day, first.sessions, first.before, first.after, first.worst) == (TODAY, 2, 5.0, 4.0, 6)
    assert first.seconds == 2 * (32 + 40 + 60)
    assert (second.day, second.sessions) == (TODAY + timedelta(days=2), 1)
    assert mean_pain([first, second]) == 3.5
    assert [(e.name, e.sessions, e.seconds, e.reps) for e in exercise_summaries(diary)] == [
        ("child's pose", 3, 180.0, None),
        ("press up", 3, 96.0, 24),
        ("single knee to chest", 3, 120.0, None),
    ]
    assert [s.day for s in session_summaries(diary, TODAY + timedelta(days=1))] == [TODAY + timedelta(days=2)]


def test_a_session_in_which_nothing_was_stretched_is_no_stretching(diary: Diary) -> None:
    diary.write(key(), 1, Entry("pain", 1.0, level=3, detail="between"))
    (day,) = day_summaries(session_summaries(diary))
    assert (day.sessions, day.seconds, day.worst) == (0, 0.0, 3)
    assert last_stretch(diary, TODAY) is None
    assert last_pain(diary, TODAY) == (TODAY, 3)


def test_what_is_dated_ahead_of_today_is_not_the_last_time(diary: Diary) -> None:
    """The clock was a month ahead, and was set back."""
    add(diary, (0, 5, 4), (30, 9, 9))
    assert last_stretch(diary, TODAY + timedelta(days=1)) == TODAY
    assert last_pain(diary, TODAY + timedelta(days=1)) == (TODAY, 4)


def test_pain_during_an_exercise_is_not_the_pain_of_the_day(diary: Diary) -> None:
    diary.write(key(), 1, Entry("pain", 1.0, exercise="press up", level=8, detail="exercise"))
    (session,) = session_summaries(diary)
    assert (session.before, session.after, session.between) == (None, None, None)
    assert last_pain(diary, TODAY) is None


def test_questions_left_open_are_counted_back_to_the_last_number(diary: Diary) -> None:
    kinds = ("pain not said", "pain", "pain not said", "held", "pain not said")
    for n, kind in enumerate(kinds, start=1):
        level = 4 if kind == "pain" else None
        diary.write(key(), n, Entry(kind, 1.0, level=level, detail="before"))  # type: ignore[arg-type]
    assert questions_left_open(diary, "before", 3) == 2
    assert questions_left_open(diary, "after", 3) == 0
    diary.write(key("later", BEGUN + timedelta(days=1)), 1, Entry("pain not said", 1.0, detail="before"))
    assert questions_left_open(diary, "before", 3) == 3
    assert questions_left_open(diary, "before", 2) == 2
    diary.write(key("last", BEGUN + timedelta(days=2)), 1, Entry("pain", 1.0, level=2, detail="between"))
    assert questions_left_open(diary, "before", 3) == 0


def test_an_empty_diary_says_nothing(diary: Diary) -> None:
    assert day_summaries(session_summaries(diary)) == []
    assert (last_pain(diary, TODAY), last_stretch(diary, TODAY), questions_left_open(diary, "after", 3)) == (
        None,
        None,
        0,
    )
    assert mean_pain([]) is None
    assert exercise_summaries(diary) == []
    assert diary.span().first is None
    assert session_summaries(diary, date.min, date.max) == []
