"""``scripts/bench reaction``: stop over the assistant's own voice, self-triggers, delays, and what listening costs."""

from __future__ import annotations

import json
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from rich.table import Table

from assistant.voice.natural import called
from scripts.benchmarks import cost
from scripts.benchmarks.engines import BARE_POCKETSPHINX, BARE_VOSK, OURS, Engine, lexicon_model
from scripts.benchmarks.live import stops as live_stops
from scripts.benchmarks.reaction_runs import (
    Job,
    Questions,
    Result,
    Stops,
    Triggers,
    Where,
    Whole,
    run_job,
    stop_voices,
)
from scripts.benchmarks.sessions import reference_voice
from scripts.benchmarks.stop_trials import ROUTINES, Answered, Tried
from scripts.benchmarks.targets import Figure, show, wide_console
from scripts.benchmarks.trust_runs import every_word
from scripts.testbed.own_home import own_home
from scripts.testbed.product import our_model
from scripts.train_model.corpora import HoldOut

ECHOES_DB = {0.0: 98.0, 6.0: 95.0, 12.0: 85.0}
"""Levels of the echo against the user, and how many per cent of "stop" are to be understood at each."""

BATCHES = 3
"""So many rooms at each level."""

SHARE_OF_PEERS = 0.5
"""The part of the trials that the bare engines are given, too."""

ANSWERS = 36
STOP_S, STOP_95_S, ANSWER_95_S = 0.200, 0.350, 0.800
SHARE, MEMORY_MB, START_S = 8.0, 150.0, 1.5


@dataclass(frozen=True)
class ReactionOptions:
    """What to measure.

    Attributes:
        speech: The folder with the recordings.
        model: Another model of our own.
        out: The file for the figures.
        hold_out: Who was not trained on.
        trials: Of "stop" at each level.
        only: Parts, by the names that the command takes.
        workers: Processes at a time.
        peers: Whether the bare engines are measured, too.
        voices: The assistant's, each measured by itself: as they are set.
    """

    speech: Path
    model: Path | None
    out: Path
    hold_out: HoldOut
    trials: int
    only: Sequence[str]
    workers: int
    peers: bool
    voices: Sequence[str]


@dataclass
class Results:
    """What came of all jobs."""

    stops: list[tuple[Stops, list[Tried]]]
    triggers: list[Triggers]
    asked: list[tuple[str, Answered]]

    def of_voice(self, voice: str) -> Results:
        """Only what was measured with one voice of the assistant's."""
        return Results(
            [(job, tried) for job, tried in self.stops if job.voice == voice],
            [triggers for triggers in self.triggers if triggers.voice == voice],
            [(spoke, answered) for spoke, answered in self.asked if spoke == voice],
        )

    def tried(self, engine: str, echo_db: float | None) -> list[Tried]:
        """An engine's trials at a level."""
        found = (r for job, r in self.stops if job.engine.name == engine and job.echo_db == echo_db)
        return [tried for results in found for tried in results]


def main(options: ReactionOptions) -> None:
    """Measure, show the tables, write the figures."""
    if not options.speech.is_dir():
        sys.exit(
            f"There are no recordings in {options.speech}.\nThe measurement needs them.\n"
            "Name their folder with --speech."
        )
    model = our_model(options.model).resolve()
    # Nobody else works the processor while its time is taken.
    spent = cost.measure(model) if "cost" in options.only else None
    live = live_stops.measure(model, stop_voices(_where(options))) if "live-stop" in options.only else None
    with tempfile.TemporaryDirectory(prefix="reaction-") as name:
        jobs = [job for voice in options.voices for job in _jobs(options, model, Path(name), voice)]
        results = _run(options, jobs, Path(name))
    figures = [row for voice in options.voices for row in _figures(results.of_voice(voice), called(voice))]
    figures += _costs(spent, live)
    console = wide_console()
    show(console, figures)
    _show_triggers(results)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    row = {
        "command": "scripts/bench reaction",
        "model": model.name,
        "figures": [figure.row() for figure in figures],
        "stop": [_stop_row(results.of_voice(voice), voice, *key) for voice in options.voices for key in _keys(results)],
        "self_triggers": [vars(triggers) | {"voice": called(triggers.voice)} for triggers in results.triggers],
        "answers": [{"to": called(voice)} | vars(asked) for voice, asked in results.asked],
        "cost": spent.row() if spent else None,
        "live_stop": live.row() if live else None,
        "delays": "time is samples in blocks of 20 ms; the processor's time for the block that decided is added",
    }
    options.out.write_text(json.dumps(row, indent=1) + "\n", encoding="utf-8")
    console.print(f"Written: {options.out}", highlight=False)


def _jobs(options: ReactionOptions, model: Path, folder: Path, voice: str) -> list[Job]:
    ours, *peers = (Engine(name, model, folder) for name in (OURS, BARE_VOSK, BARE_POCKETSPHINX))
    peers = peers if options.peers else []
    where = _where(options)
    jobs: list[Job] = []
    if "self-triggers" in options.only:
        jobs += [Whole(ours, tuple(peers), n, db, voice) for n in range(len(ROUTINES)) for db in ECHOES_DB]
    if "stop" in options.only:
        for engine in (ours, *peers):
            count = options.trials if engine is ours else max(1, round(options.trials * SHARE_OF_PEERS))
            rooms = min(BATCHES, count)
            sizes = [len(part) for part in np.array_split(range(count), rooms)]
            jobs += [Stops(engine, where, db, size, n, voice) for db in ECHOES_DB for n, size in enumerate(sizes)]
        jobs.append(Stops(ours, where, None, max(1, options.trials // 2), BATCHES, voice))
    if "answers" in options.only:
        jobs.append(Questions(ours, min(ANSWERS, options.trials), voice))
    return jobs


def _where(options: ReactionOptions) -> Where:
    return Where(options.speech, options.hold_out)


def _run(options: ReactionOptions, jobs: Sequence[Job], folder: Path) -> Results:
    results = Results([], [], [])
    if not jobs:
        return results
    with own_home(folder / "home"):  # the workers' caches
        lexicon_model(our_model(options.model).resolve(), every_word(), folder)  # once, before several want it
        for voice in options.voices:
            reference_voice(voice)  # and so the voice's cache
        with ProcessPoolExecutor(options.workers, get_context("spawn")) as pool:
            for number, (job, result) in enumerate(zip(jobs, pool.map(run_job, jobs), strict=True), start=1):
                _sort_in(results, job, result)
                print(f"\r{number} of {len(jobs)}", end="", file=sys.stderr, flush=True)
            print(file=sys.stderr)
    return results


def _sort_in(results: Results, job: Job, result: Result) -> None:
    if isinstance(job, Stops) and isinstance(result, list):
        results.stops.append((job, [tried for tried in result if isinstance(tried, Tried)]))
    elif isinstance(result, Triggers):
        results.triggers.append(result)
    else:
        results.asked += [(job.voice, asked) for asked in result if isinstance(asked, Answered)]


def share_understood(tried: Sequence[Tried]) -> float | None:
    """Per cent of the trials; None without any."""
    return round(100 * sum(one.understood for one in tried) / len(tried), 1) if tried else None


def silences(tried: Sequence[Tried]) -> list[float]:
    """Seconds from the end of "stop" to silence, the processor's time included, where a line was cut."""
    return [one.silence_s + one.compute_s for one in tried if one.silence_s is not None]


def _figures(results: Results, voice: str) -> list[Figure]:
    figures = []
    names = list(dict.fromkeys(job.engine.name for job, _ in results.stops if job.engine.name != OURS))
    if results.stops:
        for echo_db, target in ECHOES_DB.items():
            tried = results.tried(OURS, echo_db)
            peers = {name: share_understood(results.tried(name, echo_db)) for name in names}
            measure = f"stop over {voice}, echo {echo_db:+.0f} dB"
            figures.append(Figure(measure, share_understood(tried), target, "%", True, peers, str(len(tried))))
    for echo_db in ECHOES_DB:
        found = [triggers for triggers in results.triggers if triggers.echo_db == echo_db]
        if found:
            counted = sum((Counter({name: len(t.taken[name]) for name in t.taken}) for t in found), Counter())
            all_names = [name for name in found[0].taken if name != OURS]
            others: dict[str, float | None] = {name: counted[name] for name in all_names}
            minutes = sum(triggers.seconds for triggers in found) / 60
            measure = f"self-triggers of {voice} in all routines, echo {echo_db:+.0f} dB"
            figures.append(Figure(measure, counted[OURS], 0, "", False, others, f"{minutes:.0f} min"))
    if results.stops:
        for what, percent, target in (("median", 50, STOP_S), ("95 %", 95, STOP_95_S)):
            ours = [s for db in (None, *ECHOES_DB) for s in silences(results.tried(OURS, db))]
            peers = {
                n: _percentile([s for db in ECHOES_DB for s in silences(results.tried(n, db))], percent) for n in names
            }
            measure = f"from the end of stop to silence of {voice}, {what}"
            figures.append(
                Figure(measure, _percentile(ours, percent), 1000 * target, "ms", False, peers, str(len(ours)))
            )
    if results.asked:
        delays = [a.answered_s + a.compute_s for _, a in results.asked if a.answered_s is not None]
        of = f"{len(delays)} of {len(results.asked)}"
        measure = f"from the end of another command to the answer of {voice}, 95 %"
        figures.append(Figure(measure, _percentile(delays, 95), 1000 * ANSWER_95_S, "ms", False, {}, of))
    return figures


def _costs(spent: cost.Cost | None, live: live_stops.LiveStops | None) -> list[Figure]:
    figures = []
    if live is not None:
        of = live.note or f"{len(live.silences)} of {live.trials}, latency {1000 * live.latency_s:.0f} ms"
        for what, percent in (("median", 50), ("95 %", 95)):
            measure = f"from the end of stop to silence, live, {what}"
            figures.append(Figure(measure, _percentile(live.silences, percent), None, "ms", False, {}, of))
    if spent is not None:
        bare = "Vosk, loaded only"
        decoding: dict[str, float | None] = {BARE_VOSK: spent.peer_share}
        of = spent.note or f"{cost.LIVE_S:.0f} s, {spent.held_s} s held"
        figures += [
            Figure("a core's share, simulated session", spent.share, SHARE, "%", False, decoding, "5 min"),
            Figure("a core's share, live on a sound server", spent.live_share, SHARE, "%", False, decoding, of),
            Figure("resident memory, live", spent.memory_mb, MEMORY_MB, "MB", False, {bare: spent.peer_memory_mb}),
            Figure("resident memory, live, the first time", spent.first_memory_mb, MEMORY_MB, "MB", False, {}),
            Figure("from start to listening", spent.start_s, START_S, "s", False, {bare: spent.peer_start_s}),
        ]
    return figures


def _percentile(seconds: Sequence[float], percent: float) -> float | None:
    """In milliseconds; None without any."""
    return round(1000 * float(np.percentile(seconds, percent)), 0) if seconds else None


def _keys(results: Results) -> list[tuple[str, float | None]]:
    return list(dict.fromkeys((job.engine.name, job.echo_db) for job, _ in results.stops))


def _stop_row(results: Results, voice: str, engine: str, echo_db: float | None) -> dict[str, Any]:
    tried = results.tried(engine, echo_db)
    unseen = [one for one in tried if one.trial.voice.held_out]
    delays = silences(tried)
    missed = Counter(one.trial.voice.name for one in tried if not one.understood)
    misheard = Counter(intent for one in tried for intent in one.misheard)
    return {
        "engine": engine,
        "voice": called(voice),
        "echo_db": echo_db,
        "trials": len(tried),
        "understood": sum(one.understood for one in tried),
        "trials_of_voices_not_trained_on": len(unseen),
        "understood_of_voices_not_trained_on": sum(one.understood for one in unseen),
        "silence_ms_median": _percentile(delays, 50),
        "silence_ms_95": _percentile(delays, 95),
        "compute_ms_95": _percentile([one.compute_s for one in tried if one.understood], 95),
        "not_understood_by_voice": dict(missed.most_common()),
        "taken_instead": dict(misheard.most_common()),
    }


def _show_triggers(results: Results) -> None:
    """What was taken from the assistant's own voice, by intent; and routines that did not come to their end."""
    if not results.triggers:
        return
    names = list(results.triggers[0].taken)
    counted = {name: Counter(i for t in results.triggers for i in t.taken[name]) for name in names}
    table = Table("self-triggers by intent", *names, box=None, pad_edge=False)
    for intent, _ in sum(counted.values(), Counter()).most_common():
        table.add_row(intent, *(str(counted[name][intent] or "") for name in names))
    console = wide_console()
    console.print(table)
    for triggers in results.triggers:
        if not triggers.finished:
            told = f"{triggers.routine} by {called(triggers.voice)} at {triggers.echo_db:+.0f} dB"
            console.print(f"{told} did not come to its end", highlight=False)
