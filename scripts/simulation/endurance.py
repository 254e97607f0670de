"""Hours of one session in one process: nothing may grow, nothing may drift."""

from __future__ import annotations

import gc
import os
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from assistant.audio.simulated import SimulatedCard
from assistant.home import folders
from assistant.home.settings import Settings
from assistant.keeping.journal import Journal, Row
from assistant.keeping.kept_events import KeptEvents
from assistant.keeping.memory import Memory, memory_file, save_remembered
from assistant.keeping.progress import Progress, usual_path
from assistant.loop.builder import assemble
from assistant.loop.library import load_library
from assistant.loop.session_keeper import SessionKeeper, somebody_known
from assistant.loop.speaking import make_synthesiser
from assistant.stage.simulated_session import Cue, SimulatedSession
from scripts.testbed.answers import GOES_ALONG

ROUTINES = ("start lower back stretch", "start chair stretch", "start sciatic stretch")


@dataclass(frozen=True)
class Reading:
    """The process at a moment.

    Attributes:
        hours: Simulated ones.
        memory_mb: Resident, in megabytes.
        threads: Running.
        files: Open.
    """

    hours: float
    memory_mb: float
    threads: int
    files: int


@dataclass
class Lasted:
    """What came of it.

    Attributes:
        readings: One after each part.
        ticks: How many were counted.
        worst_tick_s: The furthest that a second was off.
        routines: Done to their end.
    """

    readings: list[Reading]
    ticks: int = 0
    worst_tick_s: float = 0.0
    routines: int = 0


class _Person:
    def __init__(self, lasted: Lasted) -> None:
        self._lasted = lasted
        self._tick: Row | None = None
        self.due = [Cue(1.0, ROUTINES[0])]

    def __call__(self, row: Row) -> None:
        if row["kind"] == "tick":
            last, self._tick = self._tick, row
            self._lasted.ticks += 1
            if last is not None and last["remaining"] == row["remaining"] + 1:
                self._lasted.worst_tick_s = max(self._lasted.worst_tick_s, abs(row["t"] - last["t"] - 1.0))
        elif row["kind"] in {"phase", "heard"}:
            self._tick = None
        if row["kind"] == "said" and not row["cut"]:
            if row["line"] == "closing.words":
                self._lasted.routines += 1
                self.due.append(Cue(row["t"] + 3.0, ROUTINES[self._lasted.routines % len(ROUTINES)]))
            elif row["line"] in GOES_ALONG:
                self.due.append(Cue(row["t"] + 1.0, GOES_ALONG[row["line"]]))


def endure(hours: float, parts: int, home: Path, show: Callable[[Reading], None] = lambda _: None) -> Lasted:
    """Stretch for so long.

    Args:
        hours: Simulated ones.
        parts: How many readings are taken.
        home: Takes the place of the user's folders.
        show: Called with each reading.
    """
    os.environ[folders.HOME_VARIABLE] = str(home)
    save_remembered(somebody_known(), memory_file())
    settings, lasted = Settings(), Lasted([])
    person = _Person(lasted)
    with make_synthesiser(settings) as voice, KeptEvents(lambda _: None) as kept:
        library = load_library(settings)
        memory = Memory(memory_file())
        progress = Progress(usual_path())
        journal = Journal(person, kept)
        built = assemble(settings, library.routines, voice, journal, SessionKeeper(memory, progress=progress))
        conversation = built.conversation
        session = SimulatedSession(built, SimulatedCard(block=1600), script=person.due)
        session.start()
        for part in range(1, parts + 1):
            while conversation.now < hours * 3600 * part / parts:
                session.step()
                if conversation.waits and not person.due:  # what may be done in a day has been done
                    person.due.append(Cue(conversation.now + 5.0, ROUTINES[part % len(ROUTINES)]))
            lasted.readings.append(_read(conversation.now / 3600))
            show(lasted.readings[-1])
    return lasted


def _read(hours: float) -> Reading:
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    memory = pages * os.sysconf("SC_PAGE_SIZE") / 1e6
    return Reading(
        round(hours, 3), round(memory, 1), threading.active_count(), sum(1 for _ in Path("/proc/self/fd").iterdir())
    )


def main() -> None:
    """Eight hours, with a reading every half an hour."""
    with tempfile.TemporaryDirectory() as home:
        lasted = endure(8.0, 16, Path(home) / "home", lambda reading: print(reading, flush=True))
    first = next(reading for reading in lasted.readings if reading.hours >= 1.0)
    grown = lasted.readings[-1].memory_mb - first.memory_mb
    print(f"{lasted.routines} routines, {lasted.ticks} ticks, the worst {lasted.worst_tick_s * 1e6:.1f} µs off")
    print(f"memory grew {grown:.1f} MB after the first hour")
    if grown > 5.0 or lasted.readings[-1].threads > first.threads or lasted.readings[-1].files > first.files:
        raise SystemExit("Something grows.")
