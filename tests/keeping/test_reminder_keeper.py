"""Reminders of a session: kept as they are said, whatever happens to the process, and given once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from assistant.dialogue.reminder_facts import ReminderGiven, ReminderSet, RemindersForgotten
from assistant.dialogue.state.session import Session
from assistant.keeping.memory import Memory
from assistant.keeping.progress import Progress
from assistant.keeping.reminder_keeper import ReminderKeeper
from assistant.loop.session_keeper import SessionKeeper
from assistant.reminders.reminder import DAILY, Schedule
from assistant.reminders.store import Reminders

BERLIN = ZoneInfo("Europe/Berlin")
DAILY_AT_EIGHT = Schedule(480, DAILY)


class Clock:
    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def test_what_is_said_is_kept_and_comes_at_its_wall_time_over_a_change_of_the_clocks(tmp_path: Path) -> None:
    clock = Clock(datetime(2027, 3, 27, 12, tzinfo=UTC))  # the clocks go forward in the night
    keeper = ReminderKeeper(tmp_path / "r.sqlite3", print, clock, BERLIN)
    keeper.note(ReminderSet(480, DAILY))
    read = keeper.read()
    assert read is not None
    assert (read.wall, read.schedules) == (datetime(2027, 3, 27, 13), (DAILY_AT_EIGHT,))
    (coming,) = read.coming
    assert coming.day == date(2027, 3, 28)
    assert coming.in_s == 18 * 3600  # nineteen hours on the wall
    keeper.close()
    again = ReminderKeeper(tmp_path / "r.sqlite3", print, clock, BERLIN)
    assert again.read() == read


def test_it_is_late_once_and_then_the_next_day_is_waited_for(tmp_path: Path) -> None:
    clock = Clock(datetime(2026, 12, 1, 12, tzinfo=UTC))
    changed: list[int] = []
    keeper = ReminderKeeper(tmp_path / "r.sqlite3", print, clock, UTC, lambda left: changed.append(len(left)))
    keeper.note(ReminderSet(480, DAILY))
    clock.now += timedelta(days=3)
    read = keeper.read()
    assert read is not None
    assert [(one.day, one.in_s) for one in read.coming] == [(date(2026, 12, 4), -4 * 3600)]
    keeper.note(ReminderGiven(DAILY_AT_EIGHT.uid, "2026-12-04"))
    read = keeper.read()
    assert read is not None
    assert [one.day for one in read.coming] == [date(2026, 12, 5)]
    keeper.note(RemindersForgotten((DAILY_AT_EIGHT.uid,)))
    read = keeper.read()
    assert read is not None
    assert (read.schedules, read.coming) == ((), ())
    assert changed == [1, 0]


def test_one_for_the_desktop_is_told_and_not_said(tmp_path: Path) -> None:
    with Reminders(tmp_path / "r.sqlite3") as kept:
        kept.add(DAILY_AT_EIGHT, datetime(2026, 12, 1, tzinfo=UTC), "notify")
    read = ReminderKeeper(tmp_path / "r.sqlite3", print, Clock(datetime(2026, 12, 3, tzinfo=UTC)), UTC).read()
    assert read is not None
    assert (read.schedules, read.coming) == ((DAILY_AT_EIGHT,), ())


def test_a_process_killed_between_yes_and_the_disk_has_left_it_to_the_next(tmp_path: Path) -> None:
    clock = Clock(datetime(2026, 12, 1, 12, tzinfo=UTC))
    progress = Progress(tmp_path / "progress.json")
    fact = ReminderSet(450, (), "2026-12-02")
    progress.keep(Session({}), 1.0, [fact])  # what is written ahead; then the process is gone
    for _ in range(2):  # whoever is killed again hands it over again
        reminders = ReminderKeeper(tmp_path / "r.sqlite3", print, clock, UTC)
        SessionKeeper(Memory(None), progress=Progress(tmp_path / "progress.json"), reminders=reminders)
        read = reminders.read()
        assert read is not None
        assert read.schedules == (Schedule(450, on=date(2026, 12, 2)),)
        reminders.close()


def test_a_disk_that_refuses_is_told_once_and_ends_nothing(tmp_path: Path) -> None:
    (tmp_path / "r").write_text("a file where the folder should be")
    told: list[str] = []
    keeper = ReminderKeeper(tmp_path / "r" / "r.sqlite3", told.append)
    assert keeper.read() is None
    keeper.note(ReminderSet(450))
    assert len(told) == 1
    assert "can't be used" in told[0]
