"""Somebody who keeps a diary."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

from assistant.dialogue.digest import Digest
from assistant.dialogue.facts import Held
from assistant.diary.entries import Entry
from assistant.diary.store import Diary
from assistant.keeping.diary_digest import digest_of
from assistant.keeping.diary_keeper import DiaryKeeper

MORNING = datetime(2026, 3, 2, 7, 30, tzinfo=timezone(timedelta(hours=1)))
HELD = Held("after-activity", "hamstring", "left", 20.0, whole=True)


@dataclass
class DiaryUser:
    """A user with a clock and a diary."""

    folder: Path
    clock: datetime = MORNING
    told: list[str] = field(default_factory=list)
    uids: int = 0

    @property
    def path(self) -> Path:
        return self.folder / "diary" / "diary.sqlite3"

    def keeper(self) -> DiaryKeeper:
        def uid() -> str:
            self.uids += 1
            return f"s{self.uids}"

        return DiaryKeeper(self.path, self.told.append, lambda: self.clock, uid)

    def written(self) -> list[tuple[str, tuple[Entry, ...]]]:
        with Diary(self.path) as diary:
            return [(session.key.uid, session.entries) for session in diary.sessions()]

    def days(self) -> list[date]:
        with Diary(self.path) as diary:
            return [session.key.day for session in diary.sessions()]

    def digest(self) -> Digest:
        with Diary(self.path) as diary:
            return digest_of(diary, self.clock.date())
