"""How long it takes from the start until there is something to hear, with nothing kept before; beside bare Piper."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from assistant.home.folders import HOME_VARIABLE
from assistant.voice.natural import is_natural

TEXT = "Hello."
"""What the assistant begins with, and so the bare engine."""

_OURS = """
import os, subprocess, sys, time
begun, start = time.perf_counter(), subprocess.Popen.__init__

def of_child(pid):
    fields = open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

def starting(self, command, *given, **named):
    until_engine = time.process_time()
    start(self, command, *given, **named)
    if "assistant.voice.child" not in command:
        return
    from assistant.keeping.journal import Journal

    def saying(*_):
        own, engine = time.process_time(), of_child(self.pid)
        print(time.perf_counter() - begun, own + engine, max(own, until_engine + engine), flush=True, file=sys.stderr)
        self.kill()
        os._exit(0)

    Journal.saying = saying

subprocess.Popen.__init__ = starting
sys.argv = ["stretch-assistant", "--natural", "--typed", "--loudspeaker", "none of them", "--voice", sys.argv[1]]
from assistant.__main__ import main
main()
"""
_BARE = """
import sys, time
begun = time.perf_counter()
from piper import PiperVoice
next(iter(PiperVoice.load(sys.argv[1]).synthesize(sys.argv[2])))
print(time.perf_counter() - begun, time.process_time(), file=sys.stderr)
"""


@dataclass(frozen=True, slots=True)
class FirstSound:
    """From the start of the process until the first line begins.

    Attributes:
        seconds: By the clock; on a busy machine more than it takes.
        cpu_s: The processor's time, that of the engine's process included.
        chain_s: The longer of the two chains that run side by side: the assistant's own processor's time, and what of
            it passes before the engine's process begins with all of that one's.
        bare_seconds: The clock of Piper by itself, with the same word; None for other engines.
        bare_cpu_s: Its processor's time.
    """

    seconds: float
    cpu_s: float
    chain_s: float
    bare_seconds: float | None
    bare_cpu_s: float | None

    @property
    def against_bare(self) -> float | None:
        """The longer chain in terms of bare Piper's processor's time."""
        return self.chain_s / self.bare_cpu_s if self.bare_cpu_s else None


def first_sound(voice: str) -> FirstSound:
    """Start once, with an empty home."""
    with tempfile.TemporaryDirectory() as home:
        ours = _timed(_OURS, voice, home=Path(home))
    bare = _timed(_BARE, voice, TEXT) if is_natural(voice) else (None, None)
    return FirstSound(*ours, *bare)


def _timed(code: str, *arguments: str, home: Path | None = None) -> tuple[float, ...]:
    environment = {**os.environ, **({HOME_VARIABLE: str(home)} if home else {})}
    call = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(call, env=environment, capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL)
    return tuple(map(float, done.stderr.splitlines()[-1].split()))
