"""The real command on a real sound server, for measuring: somebody starts a routine by voice and goes along with it."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from assistant.audio.formats import Sound
from assistant.keeping.memory import memory_file, save_remembered
from assistant.loop.engines import MODEL_VARIABLE
from assistant.loop.session_keeper import somebody_known
from scripts.benchmarks.sessions import Guide
from scripts.testbed.live_sessions import LiveSession, live_session
from scripts.testbed.own_home import own_home
from scripts.testbed.sound_server import SoundServer
from scripts.train_model.synthesis import HELD_OUT_FLITE, SyntheticUtterance, speak

ROUTINE = "cool down"
_THINKS_S = 1.0
_LOOKS_EVERY_S = 0.2


@dataclass(frozen=True)
class LiveBench:
    """What a live session came to.

    Attributes:
        started_s: From the start of the command to its saying that it listens.
        share: Per cent of a core from then on, all its processes together.
        memory_mb: Resident in the end, the voice's process included.
        held_s: Seconds of holds counted in it.
    """

    started_s: float
    share: float
    memory_mb: float
    held_s: int


def run_live(server: SoundServer, home: Path, model: Path, seconds: float) -> LiveBench:
    """Run it for so long after it listens.

    Args:
        server: Where it speaks and is spoken to.
        home: Its own folder, in which caches stay from one run to the next.
        model: Our acoustic model's folder.
        seconds: How long.
    """
    with live_assistant(server, home, model) as live:
        started_s, pid = live.until_listening(), live.process.pid
        before, at = _cpu_s(pid), time.perf_counter()
        held = _go_along(live, at + seconds)
        passed = time.perf_counter() - at
        share = 100 * (_cpu_s(pid) - before) / passed if seconds else 0.0
        return LiveBench(started_s, share, sum(_resident_mb(one) for one in _family(pid)), held)


@contextmanager
def live_assistant(server: SoundServer, home: Path, model: Path) -> Iterator[LiveSession]:
    """The command, started; it is killed in the end.

    Args:
        server: Where it speaks and is spoken to.
        home: Its own folder, in which caches stay from one run to the next.
        model: Our acoustic model's folder.
    """
    for kept in ("data", "state"):
        shutil.rmtree(home / kept, ignore_errors=True)  # of a run that was cut off: it would be offered to go on
    home.mkdir(exist_ok=True)
    _know_somebody(home)
    environment = {MODEL_VARIABLE: str(model), "PYTHONPATH": str(Path.cwd()), "PYTHONUNBUFFERED": "1"}
    with live_session(server, home, home, _somebody, **environment) as live:
        yield live


def _somebody(words: str) -> Sound:
    return speak(SyntheticUtterance("flite", HELD_OUT_FLITE, words))


def _know_somebody(home: Path) -> None:
    """Nothing is asked about health: the answers are there."""
    with own_home(home):
        memory_file().parent.mkdir(parents=True, exist_ok=True)
        save_remembered(somebody_known(), memory_file())


def _go_along(live: LiveSession, until: float) -> int:
    """Answer by voice what is asked, until then; gives the seconds of holds that were counted."""
    answers = {"greeting.welcome": f"start {ROUTINE}", **Guide.ANSWERS}
    seen = ticks = 0
    while time.perf_counter() < until:
        time.sleep(_LOOKS_EVERY_S)
        rows = live.rows
        for row in rows[seen:]:
            ticks += row["kind"] == "tick"
            if row["kind"] == "said" and row["line"] in answers:
                time.sleep(_THINKS_S)
                live.say(answers[row["line"]])
        seen = len(rows)
    return ticks


def _family(pid: int) -> list[int]:
    children = _told_of(pid, f"task/{pid}/children").split()
    return [pid, *(one for child in children for one in _family(int(child)))]


def _cpu_s(pid: int) -> float:
    total = 0.0
    for one in _family(pid):
        if stat := _told_of(one, "stat"):
            fields = stat.rpartition(")")[2].split()
            total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return total


def _resident_mb(pid: int) -> float:
    """What the process has in memory, with its part of what it shares with others."""
    lines = _told_of(pid, "smaps_rollup").splitlines()
    return sum(int(line.split()[1]) * 1024 / 1e6 for line in lines if line.startswith("Pss:"))


def _told_of(pid: int, what: str) -> str:
    """What the system tells of a process; nothing of one that has just ended."""
    try:
        return Path(f"/proc/{pid}/{what}").read_text("ascii")
    except (FileNotFoundError, ProcessLookupError):
        return ""
