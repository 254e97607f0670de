"""Reminders on disk: they outlive a kill, are given once, and a damaged file is set aside."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from assistant.reminders.reminder import DAILY, Reminder, Schedule
from assistant.reminders.store import Reminders, RemindersUnusable

MADE = datetime(2026, 11, 30, 9, 30, tzinfo=UTC)
DAILY_AT_EIGHT = Schedule(480, DAILY)
ONCE = Schedule(450, on=date(2026, 12, 24), zone="Europe/Berlin")


def test_what_is_kept_is_there_again_in_order_and_for_the_user_alone(tmp_path: Path) -> None:
    path = tmp_path / "r" / "reminders.sqlite3"
    with Reminders(path) as kept:
        kept.add(ONCE, MADE, "notify")
        kept.add(DAILY_AT_EIGHT, MADE)
        kept.add(DAILY_AT_EIGHT, datetime(2027, 1, 1, tzinfo=UTC))  # the same again is the same
    with Reminders(path) as kept:
        assert kept.all() == [Reminder(DAILY_AT_EIGHT, MADE), Reminder(ONCE, MADE, "notify")]
        kept.remove([ONCE.uid, "there is none"])
        kept.add(DAILY_AT_EIGHT, MADE, "notify")
        assert kept.all() == [Reminder(DAILY_AT_EIGHT, MADE, "notify")]
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0


def test_of_two_processes_one_gives_it(tmp_path: Path) -> None:
    path, day = tmp_path / "reminders.sqlite3", date(2026, 12, 1)
    with Reminders(path) as one, Reminders(path) as other:
        one.add(DAILY_AT_EIGHT, MADE)
        assert one.give(DAILY_AT_EIGHT.uid, day)
        assert not other.give(DAILY_AT_EIGHT.uid, day)
        assert not other.give(DAILY_AT_EIGHT.uid, date(2026, 11, 30))
        assert other.give(DAILY_AT_EIGHT.uid, date(2026, 12, 2))
        assert one.all()[0].given == date(2026, 12, 2)


def test_what_add_has_returned_from_outlives_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "reminders.sqlite3"
    code = f"""
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from assistant.reminders.reminder import DAILY, Schedule
from assistant.reminders.store import Reminders
kept = Reminders(Path({str(path)!r}))
for minute in range(1440):
    kept.add(Schedule(minute, DAILY), datetime.now(UTC))
    print(minute, flush=True)
    if minute == 20:
        os.kill(os.getpid(), signal.SIGKILL)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL
    with Reminders(path) as kept:
        assert [reminder.schedule.minute for reminder in kept.all()] == list(range(21))


def test_a_damaged_file_is_set_aside_and_told(tmp_path: Path) -> None:
    path = tmp_path / "reminders.sqlite3"
    path.write_bytes(b"no database at all" * 100)
    with Reminders(path) as kept:
        assert kept.notice is not None
        assert "set aside" in kept.notice
        kept.add(DAILY_AT_EIGHT, MADE)
        assert len(kept.all()) == 1
    assert len(list(tmp_path.glob("*.damaged-*"))) == 1


def test_that_of_a_newer_version_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "reminders.sqlite3"
    with Reminders(path) as kept:
        kept._connection.execute("PRAGMA user_version = 99")
    with pytest.raises(RemindersUnusable, match="can't be used"):
        Reminders(path)


@pytest.mark.skipif(os.getuid() == 0, reason="root may write everywhere")
def test_a_folder_that_refuses_is_told(tmp_path: Path) -> None:
    (tmp_path / "shut").mkdir(mode=0o500)
    with pytest.raises(RemindersUnusable):
        Reminders(tmp_path / "shut" / "r" / "reminders.sqlite3")


def test_a_file_in_the_place_of_the_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "r").write_text("a file")
    with pytest.raises(RemindersUnusable) as told:
        Reminders(tmp_path / "r" / "reminders.sqlite3")
    assert all(told.value.lines())
