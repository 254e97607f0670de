"""``remind`` as the system's timer starts it: a reminder is heard on a real loudspeaker, once."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from assistant.home.folders import HOME_VARIABLE
from assistant.reminders.reminder import DAILY, Schedule
from assistant.reminders.store import Reminders
from scripts.testbed.sound_server import RATE, SoundServer

pytestmark = pytest.mark.realtime


def test_a_reminder_that_is_due_is_spoken_to_its_end_and_once(soundserver: SoundServer, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    due = now.astimezone() - timedelta(minutes=1)
    path = tmp_path / "data" / "reminders" / "reminders.sqlite3"
    with Reminders(path) as kept:
        kept.add(Schedule(due.hour * 60 + due.minute, DAILY), now - timedelta(days=1))

    def remind() -> str:
        environment = {**soundserver.env, HOME_VARIABLE: str(tmp_path)}
        call = [sys.executable, "-m", "assistant", "remind"]
        done = subprocess.run(call, capture_output=True, text=True, check=False, env=environment, timeout=120)
        assert done.returncode == 0, done.stderr
        return done.stdout

    with soundserver.record_speaker() as recording:
        assert remind().startswith("It is ")
        spoken = recording.samples
    loud = np.flatnonzero(np.abs(spoken.astype(int)) > 500)
    assert loud[-1] - loud[0] > RATE, "more than a second of speech"
    with Reminders(path) as kept:
        assert kept.all()[0].given is not None
    assert remind() == "No reminder is due.\n"
