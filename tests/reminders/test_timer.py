"""The timer: units that systemd itself takes, and the days on which it rings by systemd's own reckoning."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from assistant.reminders import timer
from assistant.reminders.reminder import DAILY, WEEKDAYS, Reminder, Schedule

MADE = datetime(2026, 11, 30, tzinfo=UTC)
SCHEDULES = [Schedule(480, (0, 2, 4)), Schedule(450, DAILY, zone="Europe/Berlin"), Schedule(5, on=date(2027, 1, 2))]
ANALYZE = shutil.which("systemd-analyze")


@pytest.fixture
def units(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the units lie; a systemd of this user's is out of reach."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    return tmp_path / "config" / "systemd" / "user"


@pytest.mark.skipif(ANALYZE is None, reason="there is no systemd-analyze")
def test_systemd_takes_the_units(units: Path) -> None:
    for reminders in ([Reminder(schedule, MADE) for schedule in SCHEDULES], []):
        file, to_type = timer.set_timer(reminders)
        assert file == units / timer.TIMER
        assert to_type[0] == "systemctl --user daemon-reload"
        done = subprocess.run([str(ANALYZE), "verify", "--user", file], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")
    assert timer.is_set()
    assert timer.remove_timer()
    assert not timer.is_set()
    assert list(units.iterdir()) == []


@pytest.mark.skipif(ANALYZE is None, reason="there is no systemd-analyze")
@pytest.mark.parametrize("schedule", [*SCHEDULES, Schedule(1439, WEEKDAYS), Schedule(150, DAILY, zone="Europe/Berlin")])
def test_systemd_rings_when_it_comes(schedule: Schedule) -> None:
    begins = datetime(2027, 3, 24, 12, tzinfo=UTC) if schedule.on is None else MADE  # before the clocks go forward
    call = [str(ANALYZE), "calendar", "--iterations=9", f"--base-time={begins:%Y-%m-%d %H:%M:%S} UTC"]
    done = subprocess.run([*call, *timer.calendar_times(schedule)], capture_output=True, text=True, check=True)
    rings = {
        datetime.strptime(line[-27:].strip(), "%a %Y-%m-%d %H:%M:%S UTC").replace(tzinfo=UTC)
        for line in done.stdout.splitlines()
        if line.endswith(" UTC") and ("elapse" in line or "Iter" in line)
    }
    days = [(begins + timedelta(days=n)).date() for n in range(1, 7)]
    days = [day for day in days if schedule.comes_on(day)] if schedule.on is None else [schedule.on]
    assert days
    assert {schedule.instant(day, ZoneInfo("UTC")) for day in days} <= rings
