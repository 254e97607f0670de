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
"""What the bare engine says: the assistant begins with a whole line."""

_RESOURCES = """
import resource, sys, time
begun = time.perf_counter()
def told():
    own, ended = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    print(time.perf_counter() - begun, own.ru_utime + own.ru_stime + ended.ru_utime + ended.ru_stime)
"""
_OURS = (
    _RESOURCES
    + """
from assistant.commands import session
from assistant.home.settings import Settings
from assistant.keeping.journal import Journal
from assistant.loop.session_keeper import guest
settings = Settings(voice=sys.argv[1])
voice = session.make_synthesiser(settings)
voice.prepare_next(session.first_texts())
library = session.load_library(settings)
session.assemble(settings, library.routines, voice, Journal(), guest(), lambda: None)
voice.clip(session.first_texts()[0])
heard = time.perf_counter()
voice.close()
begun += time.perf_counter() - heard
told()
"""
)
_BARE = (
    _RESOURCES
    + """
from piper import PiperVoice
next(iter(PiperVoice.load(sys.argv[1]).synthesize(sys.argv[2])))
told()
"""
)


@dataclass(frozen=True, slots=True)
class FirstSound:
    """From the start of the process until the first line is there.

    Attributes:
        seconds: By the clock; on a busy machine more than it takes.
        cpu_s: The processor's time, that of the engine's process included.
        bare_seconds: The same of Piper by itself, with one word; None for other engines.
        bare_cpu_s: The same.
    """

    seconds: float
    cpu_s: float
    bare_seconds: float | None
    bare_cpu_s: float | None


def first_sound(voice: str) -> FirstSound:
    """Start once, with an empty home."""
    with tempfile.TemporaryDirectory() as home:
        ours = _timed(_OURS, voice, home=Path(home))
    bare = _timed(_BARE, voice, TEXT) if is_natural(voice) else (None, None)
    return FirstSound(*ours, *bare)


def _timed(code: str, *arguments: str, home: Path | None = None) -> tuple[float, float]:
    environment = {**os.environ, **({HOME_VARIABLE: str(home)} if home else {})}
    call = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(call, env=environment, capture_output=True, text=True, check=True)
    seconds, cpu_s = done.stdout.split()
    return float(seconds), float(cpu_s)
