"""Two sessions at once: the second says so, and what ends the first in whatever way lets the next one begin."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.home.folders import HOME_VARIABLE
from assistant.keeping.only_session import AlreadyRunning, OnlySession, lock_file

HOLDS = (
    "import time; from assistant.keeping.only_session import OnlySession\n"
    "with OnlySession(): print('held', flush=True); time.sleep(60)"
)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    return tmp_path


def test_the_second_says_so_and_a_killed_one_holds_nothing(home: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    with subprocess.Popen([sys.executable, "-c", HOLDS], stdout=subprocess.PIPE, env=environment) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == b"held\n"
        for _ in range(2):
            with pytest.raises(AlreadyRunning, match="already") as refused, OnlySession():
                pass
            assert f"process {first.pid}." in refused.value.why
        first.kill()
        first.wait()
    for _ in range(2):
        with OnlySession():
            assert lock_file().read_text() == str(os.getpid())


def test_where_nothing_can_be_locked_a_session_runs_all_the_same(home: Path) -> None:
    (home / "state").write_text("no folder")
    with OnlySession():
        pass


def test_a_full_disk_ends_no_session(home: Path) -> None:
    (home / "state").mkdir()
    lock_file().symlink_to("/dev/full")  # the system refuses to write a single byte
    with OnlySession():
        pass
