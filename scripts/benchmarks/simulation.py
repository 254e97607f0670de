"""Thousands of seeded sessions in a world that misbehaves: which violate what must hold, and how fast they run."""

from __future__ import annotations

import json
import multiprocessing
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from scripts.simulation.run import Simulation, told
from scripts.simulation.seeds import plan_of

_CHUNK = 5


@dataclass(frozen=True)
class SimulationOptions:
    """What is run.

    Attributes:
        seeds: Which.
        sound: Real sound or words; None leaves it to the seeds.
        workers: Processes at a time.
        out: Where the figures go; None keeps none.
        show: Whether a seed's course is shown also where nothing is wrong.
    """

    seeds: Sequence[int]
    sound: bool | None
    workers: int
    out: Path | None
    show: bool


@dataclass(frozen=True)
class Ran:
    """What is kept of a seed."""

    seed: int
    sound: bool
    violated: str | None
    told: str
    seconds: float
    rested_s: float
    events: int
    kills: int
    processor_s: float


def main(options: SimulationOptions) -> None:
    """Run the seeds and say what was found.

    Raises:
        SystemExit: Something was violated.
    """
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as cache:  # made with mode 0700
        ran = list(_all(options, Path(cache)))
    elapsed = time.monotonic() - begun
    found = [each for each in ran if each.violated]
    for each in found[:20]:
        print(each.told, end="\n\n")
    figures = _figures(ran, elapsed, options.workers)
    for name, value in figures.items():
        print(f"{name.replace('_', ' '):32} {value}")
    if options.out is not None:
        options.out.write_text(json.dumps(figures, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    if options.show:
        for each in ran:
            print(each.told)
    if found:
        sys.exit(f"{len(found)} of {len(ran)} sessions violate what must hold.")


def _all(options: SimulationOptions, cache: Path) -> Sequence[Ran]:
    chunks = [options.seeds[i : i + _CHUNK] for i in range(0, len(options.seeds), _CHUNK)]
    calls = [(chunk, options.sound, cache) for chunk in chunks]
    # Fresh processes: threads of a voice don't survive a fork.
    with multiprocessing.get_context("spawn").Pool(options.workers) as pool:
        ran: list[Ran] = []
        for part in pool.imap_unordered(_chunk, calls):
            ran += part
            if sys.stderr.isatty():
                print(f"\r{len(ran)} of {len(options.seeds)}", end="", file=sys.stderr)
    return sorted(ran, key=lambda each: each.seed)


_running: dict[int, Simulation] = {}


def _chunk(call: tuple[Sequence[int], bool | None, Path]) -> list[Ran]:
    seeds, sound, cache = call
    own = _running.get(os.getpid())
    if own is None:
        own = _running[os.getpid()] = Simulation(cache)
    ran = []
    for seed in seeds:
        begun = time.process_time()
        outcome = own.run(seed, sound=sound)
        spent = time.process_time() - begun
        ran.append(
            Ran(
                seed,
                outcome.plan.sound,
                outcome.violated,
                told(outcome, 400),
                outcome.seconds,
                outcome.rested_s,
                outcome.events,
                outcome.kills,
                round(spent, 3),
            )
        )
    return ran


def _figures(ran: Sequence[Ran], elapsed: float, workers: int) -> dict[str, object]:
    plans = [plan_of(each.seed, sound=each.sound) for each in ran]
    faults = Counter(fault.kind for plan in plans for fault in plan.faults)
    words = [each.processor_s for each in ran if not each.sound]
    sounds = [each.processor_s for each in ran if each.sound]
    return {
        "sessions": len(ran),
        "sessions_of_real_sound": len(sounds),
        "violated": [each.seed for each in ran if each.violated],
        "sessions_a_second": round(len(ran) / elapsed, 2),
        "processes": workers,
        "simulated_hours": round(sum(each.seconds for each in ran) / 3600, 1),
        "simulated_hours_at_rest": round(sum(each.rested_s for each in ran) / 3600, 1),
        "events_judged": sum(each.events for each in ran),
        "kills": sum(each.kills for each in ran),
        "faults": dict(sorted(faults.items())),
        "processor_s_a_session_of_words": round(sum(words) / len(words), 3) if words else None,
        "processor_s_a_session_of_sound": round(sum(sounds) / len(sounds), 3) if sounds else None,
    }
