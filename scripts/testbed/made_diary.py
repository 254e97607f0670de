"""Made-up diaries: somebody whose pain slowly gets better, with days that are missing and days that are bad."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

from assistant.diary.entries import DiarySession, Entry, SessionKey, Side
from assistant.loop.library import Library
from assistant.routines.loading import load_routines, own_routine_files

BERLIN = timezone(timedelta(hours=1))
BEGUN = datetime(2026, 3, 2, 7, 30, tzinfo=BERLIN)
NAMES = Library(*load_routines(own_routine_files())).names
SIDES: tuple[Side, ...] = ("left", "right")


def key(uid: str = "one", started_at: datetime = BEGUN) -> SessionKey:
    return SessionKey(uid, started_at)


def made_session(number: int, started_at: datetime, before: int, after: int, *, short: bool = False) -> DiarySession:
    """A lower back routine from its first question to its last, or ended early."""
    entries = [
        Entry("pain", 1.0, level=before, detail="before"),
        Entry("routine begun", 2.0, routine="lumbar-extension"),
        Entry("moved", 70.0, "lumbar-extension", "press-up", seconds=32.0, reps=8, whole=not short),
    ]
    if not short:
        entries.append(Entry("set done", 70.0, exercise="press-up"))
        entries.append(Entry("leg", 80.0, exercise="press-up", detail="higher" if number % 3 else "same"))
        for n in range(4):
            side = SIDES[n // 2]
            held = Entry("held", 120.0 + 15 * n, "lumbar-extension", "single-knee-to-chest", side, 10.0, whole=True)
            entries.append(held)
        entries.append(Entry("set done", 180.0, exercise="single-knee-to-chest"))
        if number % 5 == 0:
            entries.append(Entry("form", 200.0, exercise="childs-pose", detail="easier"))
        entries += [
            Entry("held", 210.0 + 30 * n, "lumbar-extension", "childs-pose", seconds=20.0, whole=True) for n in range(3)
        ]
        entries.append(Entry("set done", 300.0, exercise="childs-pose"))
        entries.append(Entry("routine done", 300.0, routine="lumbar-extension"))
        entries.append(Entry("pain", 320.0, level=after, detail="after"))
    numbered = tuple(enumerate(entries, start=1))
    return DiarySession(SessionKey(f"{number:032x}", started_at), numbered)


def made_diary(days: int, seed: int = 1, *, share: float = 0.8, begins: datetime = BEGUN) -> Iterator[DiarySession]:
    """Sessions on so many days, of which a share has one."""
    rng = random.Random(seed)
    for day in range(days):
        if rng.random() > share:
            continue
        trend = 6.5 - 4.5 * min(1.0, day / 60)
        before = max(0, min(10, round(rng.gauss(trend, 1.1))))
        after = max(0, before - rng.choice((0, 0, 1, 1, 2)))
        started_at = begins + timedelta(days=day, minutes=rng.randrange(90))
        yield made_session(day, started_at, before, after, short=rng.random() < 0.1)


def in_utc(session: DiarySession) -> datetime:
    return session.key.started_at.astimezone(UTC)
