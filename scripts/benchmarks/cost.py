"""What listening costs: a share of a core, memory, and the time until it listens; beside a bare Vosk process."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.app.folders import HOME_VARIABLE
from scripts.benchmarks.engines import OURS, Engine, lexicon_model
from scripts.benchmarks.trust_runs import every_word
from tests.audio.soundserver import missing, sound_server

_WARM_STARTS = 3
_PATIENCE_S = 60.0
_LIVE_S = 30.0

_SESSION = """
import json, os, resource, sys
from pathlib import Path
from scripts.benchmarks.engines import Engine
from scripts.benchmarks.sessions import Guide, echo_room, run_session
name, model, folder, seconds = sys.argv[1:]
room = echo_room(0.0, 1)
def cpu():
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime
class Watched(Guide):
    began = None
    def notice(self, row):
        self.began = self.began or cpu()  # everything is loaded when the first line is said
        super().notice(row)
user = Watched("cool down", leave_at=float(seconds))
recorded = run_session(Engine(name, Path(model), Path(folder)), user, room)
print(json.dumps({"cpu_s": cpu() - user.began, "seconds": len(recorded.heard) / 16000}))
"""

_PEER = """
import json, resource, sys, time
from pathlib import Path
import numpy, vosk
vosk.SetLogLevel(-1)
recogniser = vosk.KaldiRecognizer(vosk.Model(sys.argv[1]), 16000, json.dumps(json.loads(sys.argv[2])))
print("ready", flush=True)
print(int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1e6, flush=True)
"""


@dataclass(frozen=True)
class Cost:
    """What it costs; None where it could not be measured.

    Attributes:
        share: Per cent of a core in a simulated session, the simulated room included.
        live_share: Per cent of a core in a live one on a real sound server.
        memory_mb: Resident in that live session, the voice's process included.
        start_s: From the start of the command to its saying that it listens, with everything in its caches.
        first_start_s: The same the first time.
        peer_memory_mb: Resident in a process that has done no more than load Vosk with a grammar.
        peer_start_s: From its start until then.
        note: Why something is missing.
    """

    share: float | None
    live_share: float | None
    memory_mb: float | None
    start_s: float | None
    first_start_s: float | None
    peer_memory_mb: float
    peer_start_s: float
    note: str

    def row(self) -> dict[str, Any]:
        """As a JSON object."""
        return {name: round(value, 2) if isinstance(value, float) else value for name, value in vars(self).items()}


def measure(model: Path, seconds: float = 300.0) -> Cost:
    """Measure all of it, in processes of their own.

    Args:
        model: Our acoustic model's folder.
        seconds: How long the simulated session lasts at most.
    """
    with tempfile.TemporaryDirectory(prefix="cost-") as name:
        folder = Path(name)
        environment = {**os.environ, HOME_VARIABLE: str(folder / "home"), "PYTHONPATH": ".", "PYTHONUNBUFFERED": "1"}
        call = [sys.executable, "-c", _SESSION, OURS, str(model), str(folder), str(seconds)]
        done = subprocess.run(call, env=environment, capture_output=True, text=True, check=True)
        simulated = json.loads(done.stdout.splitlines()[-1])
        share = 100 * simulated["cpu_s"] / simulated["seconds"]
        peer_memory, peer_start = _peer(model, folder, environment)
        note = missing() or ""
        if note:
            return Cost(share, None, None, None, None, peer_memory, peer_start, note)
        environment["STRETCH_ASSISTANT_MODEL"] = str(model)
        with sound_server(_made(folder / "pulse")) as server:
            live = {**environment, **{k: v for k, v in server.env.items() if k.startswith(("PULSE", "ALSA"))}}
            live[HOME_VARIABLE] = str(folder / "first")
            first, _, _ = _live(live, 0.0)
            warm = [_live(live, 0.0)[0] for _ in range(_WARM_STARTS)]
            _, live_share, memory = _live(live, _LIVE_S)
        return Cost(share, live_share, memory, statistics.median(warm), first, peer_memory, peer_start, note)


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _peer(model: Path, folder: Path, environment: dict[str, str]) -> tuple[float, float]:
    engine = Engine(OURS, model, folder)
    grammar = json.dumps([*sorted(every_word()), "[unk]"])
    lexicon = lexicon_model(engine.model, every_word(), folder)
    begun = time.perf_counter()
    call = [sys.executable, "-c", _PEER, str(lexicon), grammar]
    with subprocess.Popen(call, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as peer:
        assert peer.stdout is not None
        peer.stdout.readline()
        ready = time.perf_counter() - begun
        return float(peer.stdout.readline()), ready


def _live(environment: dict[str, str], seconds: float) -> tuple[float, float, float]:
    """Start the real command and let it listen: seconds until then, per cent of a core afterwards, megabytes."""
    begun = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "assistant"],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as live:
        assert live.stdout is not None
        try:
            said = ""
            while not said.startswith("Listening") and time.perf_counter() < begun + _PATIENCE_S:
                said = live.stdout.readline()
            started = time.perf_counter() - begun
            before, at = _cpu_s(live.pid), time.perf_counter()
            time.sleep(seconds)
            passed = time.perf_counter() - at
            share = 100 * (_cpu_s(live.pid) - before) / passed if seconds else 0.0
            return started, share, sum(_resident_mb(pid) for pid in _family(live.pid))
        finally:
            live.kill()


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    return [pid, *(one for child in children for one in _family(int(child)))]


def _cpu_s(pid: int) -> float:
    total = 0.0
    for one in _family(pid):
        fields = Path(f"/proc/{one}/stat").read_text("ascii").rpartition(")")[2].split()
        total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return total


def _resident_mb(pid: int) -> float:
    """What the process has in memory, with its part of what it shares with others."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024 / 1e6
    return 0.0
