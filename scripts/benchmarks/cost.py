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

from assistant.home.folders import HOME_VARIABLE
from scripts.benchmarks.engines import OURS, Engine, lexicon_model
from scripts.benchmarks.live.whole_session import run_live
from scripts.benchmarks.trust_runs import every_word
from scripts.testbed.sound_server import missing, sound_server

_WARM_STARTS = 3
LIVE_S = 90.0
"""How long a live session is measured from when it listens: cautions, positions, instructions, and most of a hold."""

_SESSION = """
import json, os, resource, sys
from pathlib import Path
import numpy
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
numpy.save(Path(folder) / "heard.npy", recorded.heard)
"""

_PEER = """
import json, resource, sys, time
from pathlib import Path
import numpy, vosk
vosk.SetLogLevel(-1)
recogniser = vosk.KaldiRecognizer(vosk.Model(sys.argv[1]), 16000, json.dumps(json.loads(sys.argv[2])))
print("ready", flush=True)
print(int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1e6, flush=True)
heard = numpy.load(sys.argv[3])
before = time.process_time()
for at in range(0, len(heard), 640):
    recogniser.AcceptWaveform(heard[at : at + 640].tobytes())
    recogniser.PartialResult()
print(100 * (time.process_time() - before) / (len(heard) / 16000), flush=True)
"""


@dataclass(frozen=True)
class Cost:
    """What it costs; None where it could not be measured.

    Attributes:
        share: Per cent of a core in a simulated session, the simulated room included.
        live_share: Per cent of a core in a live one on a real sound server, led by voice into a hold; what can be kept
            from earlier sessions is there.
        memory_mb: Resident in that live session, the voice's process included.
        held_s: Seconds of the hold that were counted in it.
        start_s: From the start of the command to its saying that it listens, with everything in its caches.
        first_start_s: The same the first time.
        first_memory_mb: Resident in the first session of all.
        peer_memory_mb: Resident in a process that has done no more than load Vosk with a grammar.
        peer_start_s: From its start until then.
        peer_share: Per cent of a core that it takes for hearing the simulated session, at a stretch: how fast this
            machine is.
        note: Why something is missing.
    """

    share: float | None
    live_share: float | None
    memory_mb: float | None
    held_s: int
    start_s: float | None
    first_start_s: float | None
    first_memory_mb: float | None
    peer_memory_mb: float
    peer_start_s: float
    peer_share: float
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
        peer = _peer(model, folder, environment)
        note = missing() or ""
        if note:
            return Cost(share, None, None, 0, None, None, None, *peer, note)
        with sound_server(_made(folder / "pulse")) as server:
            # All that is kept for the next time is made in the first one.
            first = run_live(server, folder / "live", model, LIVE_S)
            warm = [run_live(server, folder / "live", model, 0.0).started_s for _ in range(_WARM_STARTS)]
            live = run_live(server, folder / "live", model, LIVE_S)
        return Cost(
            share,
            live.share,
            live.memory_mb,
            live.held_s,
            statistics.median(warm),
            first.started_s,
            first.memory_mb,
            *peer,
            note,
        )


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _peer(model: Path, folder: Path, environment: dict[str, str]) -> tuple[float, float, float]:
    """Its memory, its start and its share."""
    engine = Engine(OURS, model, folder)
    grammar = json.dumps([*sorted(every_word()), "[unk]"])
    lexicon = lexicon_model(engine.model, every_word(), folder)
    begun = time.perf_counter()
    call = [sys.executable, "-c", _PEER, str(lexicon), grammar, str(folder / "heard.npy")]
    with subprocess.Popen(call, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as peer:
        assert peer.stdout is not None
        peer.stdout.readline()
        ready = time.perf_counter() - begun
        return float(peer.stdout.readline()), ready, float(peer.stdout.readline())
