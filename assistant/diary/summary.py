"""What a diary says in short: by session and by day, of the exercises, and the course of the pain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from assistant.diary.store import Diary, time_of

WEEK = timedelta(days=7)
BAD_DAY = 6
"""Pain from which on a day is a bad one: what hurts so much is left out."""

_SESSIONS = """
    SELECT s.day, s.uid, coalesce(sum(e.seconds) FILTER (WHERE e.kind IN ('held', 'moved')), 0.0),
        max(CASE WHEN e.kind = 'pain' AND e.detail = 'before' THEN e.level END),
        max(CASE WHEN e.kind = 'pain' AND e.detail = 'after' THEN e.level END),
        max(CASE WHEN e.kind = 'pain' AND e.detail = 'between' THEN e.level END),
        max(e.kind IN ('held', 'moved'))
    FROM sessions s JOIN entries e ON e.session = s.id
    WHERE s.day BETWEEN ? AND ? GROUP BY s.id ORDER BY s.started_at, s.id
"""
_EXERCISES = """
    SELECT e.exercise, count(DISTINCT e.session), sum(e.seconds), sum(e.reps)
    FROM sessions s JOIN entries e ON e.session = s.id
    WHERE s.day BETWEEN ? AND ? AND e.kind IN ('held', 'moved') AND e.exercise IS NOT NULL
    GROUP BY e.exercise
"""
_LAST_PAIN = """
    SELECT s.day, e.level FROM sessions s JOIN entries e ON e.session = s.id
    WHERE e.kind = 'pain' AND e.detail IN ('before', 'after', 'between') AND s.day <= ?
    ORDER BY s.started_at DESC, s.id DESC, e.n DESC LIMIT 1
"""
_LAST_STRETCH = """
    SELECT max(s.day) FROM sessions s WHERE s.day <= ?
    AND EXISTS (SELECT 1 FROM entries e WHERE e.session = s.id AND e.kind IN ('held', 'moved'))
"""
_LAST_SESSION = """
    SELECT s.started_at, s.utc_offset_s FROM sessions s WHERE s.day <= ?
    AND EXISTS (SELECT 1 FROM entries e WHERE e.session = s.id AND e.kind IN ('held', 'moved'))
    ORDER BY s.started_at DESC LIMIT 1
"""
_LAST_ROUTINE = """
    SELECT e.routine FROM sessions s JOIN entries e ON e.session = s.id
    WHERE e.kind = 'routine begun' AND s.day <= ? ORDER BY s.started_at DESC, s.id DESC, e.n DESC LIMIT 1
"""
_ANSWERS = """
    SELECT e.kind FROM sessions s JOIN entries e ON e.session = s.id
    WHERE (e.kind IN ('pain', 'pain not said') AND e.detail = ?) OR (e.kind = 'pain' AND e.detail = 'between')
    ORDER BY s.started_at DESC, s.id DESC, e.n DESC LIMIT ?
"""


@dataclass(frozen=True, slots=True)
class SessionSummary:
    """A session in short.

    Attributes:
        day: The user's day on which it began.
        uid: Which session.
        seconds: Time in stretches: held or moved.
        before: Pain before, 0 to 10, if it was said.
        after: Pain after.
        between: The highest that was told at another time.
        stretched: Whether anything was held or moved.
    """

    day: date
    uid: str
    seconds: float
    before: int | None
    after: int | None
    between: int | None
    stretched: bool


@dataclass(frozen=True, slots=True)
class DaySummary:
    """A day in short; see `SessionSummary`.

    Attributes:
        day: The day.
        sessions: Sessions in which something was held or moved.
        seconds: Time in stretches.
        before: Mean pain before.
        after: Mean pain after.
        worst: The highest pain that was told.
    """

    day: date
    sessions: int
    seconds: float
    before: float | None
    after: float | None
    worst: int | None


@dataclass(frozen=True, slots=True)
class ExerciseSummary:
    """An exercise in short.

    Attributes:
        name: What the exercise is called.
        sessions: In how many sessions it was done.
        seconds: Time in it.
        reps: Reps, if it has any.
    """

    name: str
    sessions: int
    seconds: float
    reps: int | None


def session_summaries(diary: Diary, first: date = date.min, last: date = date.max) -> list[SessionSummary]:
    """Every session of these days, in order of time.

    Raises:
        DiaryDamaged: The database is damaged.
        DiaryUnusable: It can't be read.
    """
    rows = diary.query(_SESSIONS, (first.isoformat(), last.isoformat()))
    return [
        SessionSummary(date.fromisoformat(day), uid, seconds, before, after, between, bool(stretched))
        for day, uid, seconds, before, after, between, stretched in rows
    ]


def day_summaries(sessions: Sequence[SessionSummary]) -> list[DaySummary]:
    """The days on which there is anything, in order."""
    by_day: dict[date, list[SessionSummary]] = {}
    for session in sessions:
        by_day.setdefault(session.day, []).append(session)
    return [_of_day(day, of_day) for day, of_day in sorted(by_day.items())]


def _of_day(day: date, sessions: Sequence[SessionSummary]) -> DaySummary:
    told = [level for s in sessions for level in (s.before, s.after, s.between) if level is not None]
    return DaySummary(
        day,
        sum(s.stretched for s in sessions),
        sum(s.seconds for s in sessions),
        mean([s.before for s in sessions]),
        mean([s.after for s in sessions]),
        max(told, default=None),
    )


def mean(levels: Sequence[float | None]) -> float | None:
    """The mean of those that are there; None without any."""
    there = [level for level in levels if level is not None]
    return sum(there) / len(there) if there else None


def mean_pain(days: Sequence[DaySummary]) -> float | None:
    """Mean pain of these days: what was told before stretching, or else after."""
    return mean([d.before if d.before is not None else d.after if d.after is not None else d.worst for d in days])


def exercise_summaries(diary: Diary, first: date = date.min, last: date = date.max) -> list[ExerciseSummary]:
    """The exercises of these days, those done most often first.

    Raises:
        DiaryDamaged: The database is damaged.
        DiaryUnusable: It can't be read.
    """
    rows = diary.query(_EXERCISES, (first.isoformat(), last.isoformat()))
    found = [
        ExerciseSummary(diary.names.exercise(key), number, seconds or 0.0, reps) for key, number, seconds, reps in rows
    ]
    return sorted(found, key=lambda exercise: (-exercise.sessions, exercise.name))


def last_pain(diary: Diary, today: date) -> tuple[date, int] | None:
    """The day and the number when the pain was told last, tomorrow's left out: clocks may have been wrong."""
    rows = diary.query(_LAST_PAIN, (today.isoformat(),))
    return (date.fromisoformat(rows[0][0]), rows[0][1]) if rows else None


def last_stretch(diary: Diary, today: date) -> date | None:
    """The last day on which something was held or moved."""
    ((day,),) = diary.query(_LAST_STRETCH, (today.isoformat(),))
    return date.fromisoformat(day) if day else None


def last_session_at(diary: Diary, today: date) -> datetime | None:
    """When the last session began in which something was held or moved, with the user's offset from UTC then."""
    rows = diary.query(_LAST_SESSION, (today.isoformat(),))
    return time_of(*rows[0]) if rows else None


def last_routine(diary: Diary, today: date) -> str | None:
    """Key of the routine that was begun last."""
    rows = diary.query(_LAST_ROUTINE, (today.isoformat(),))
    return rows[0][0] if rows else None


def questions_left_open(diary: Diary, moment: str, most: int) -> int:
    """How often in a row, up to now, the question for the pain got no number.

    Args:
        diary: The diary.
        moment: ``before`` or ``after``; a number that the user wanted noted in between counts for both.
        most: Up to how many are counted.

    Raises:
        DiaryDamaged: The database is damaged.
        DiaryUnusable: It can't be read.
    """
    kinds = [kind for (kind,) in diary.query(_ANSWERS, (moment, most))]
    return next((n for n, kind in enumerate(kinds) if kind == "pain"), len(kinds))
