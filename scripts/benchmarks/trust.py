"""``scripts/bench trust``: what is taken that was no command, what is understood of commands, and the trade-off."""

from __future__ import annotations

import json
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from scripts.benchmarks.engines import (
    BARE_POCKETSPHINX,
    BARE_VOSK,
    FILLER_COSTS,
    OURS,
    OURS_POCKETSPHINX,
    Engine,
    lexicon_model,
)
from scripts.benchmarks.targets import Figure, show, wide_console
from scripts.benchmarks.trade_off import Curve, WorkingPoint, draw
from scripts.benchmarks.trust_recordings import CONDITIONS
from scripts.benchmarks.trust_runs import (
    Context,
    FalseAccept,
    Kind,
    Recalled,
    TrustTask,
    begin_worker,
    every_word,
    run_task,
)
from scripts.testbed.own_home import own_home
from scripts.testbed.product import our_model
from scripts.train_model.corpora import HoldOut

SETS = {
    "idle": "idle",
    "in a session": "holding",
    "getting into position": "positioning",
    "a question is open": "confirming",
}
"""The sentence sets in which false accepts are counted, and their phases: most of a session is holding; the other two
pass in seconds, but take more single words."""

SETS_OF_PEERS = ("idle", "in a session")

SHARES = {OURS: 1.0, OURS_POCKETSPHINX: 0.1, BARE_VOSK: 0.5, BARE_POCKETSPHINX: 0.2}
"""How much of each recording without commands an engine is given: PocketSphinx takes four times as long as Vosk."""

SHARE_OF_TRADE_OFF = 0.2
RECALL_TARGETS = {"clean": 97.0, "10 dB noise": 92.0, "3 m room": 90.0}
_SYNTHETIC = 84


@dataclass(frozen=True)
class TrustOptions:
    """What to measure.

    Attributes:
        speech: The folder with the recordings.
        model: Another model of our own.
        out: The file for the figures; the picture is written beside it.
        hold_out: Who was not trained on.
        share: The part of everything that is heard: 1, or less for a quick look.
        workers: Processes at a time.
        trade_off: Whether the other working points are measured, too.
        peers: Whether the other engines are.
    """

    speech: Path
    model: Path | None
    out: Path
    hold_out: HoldOut
    share: float = 1.0
    workers: int = 2
    trade_off: bool = True
    peers: bool = True


@dataclass
class EngineTrust:
    """What one engine at one working point came to.

    Attributes:
        engine: It.
        seconds: Of recordings without commands, by phase.
        accepted: The false accepts.
        recalled: The commands.
    """

    engine: Engine
    seconds: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    accepted: list[FalseAccept] = field(default_factory=list)
    recalled: list[Recalled] = field(default_factory=list)

    def an_hour(self, phase: str, threshold: float = 0.0) -> float | None:
        """False accepts an hour at or above a confidence; None where nothing was heard."""
        if not self.seconds[phase]:
            return None
        found = sum(accept.phase == phase and accept.confidence >= threshold for accept in self.accepted)
        return 3600 * found / self.seconds[phase]

    def recall(self, source: str, condition: str | None, threshold: float = 0.0) -> float | None:
        """Per cent of the commands understood, in one condition or (None) in all; None where there were none."""
        meant = [r for r in self.recalled if r.source == source and condition in {r.condition, None}]
        right = sum(r.right and r.confidence >= threshold for r in meant)
        return 100 * right / len(meant) if meant else None

    def curve(self, steps: int = 8) -> list[WorkingPoint]:
        """Recall against false accepts an hour in a session, for thresholds on the engine's own confidence."""
        seen = sorted({0.0, *(a.confidence for a in self.accepted), *(r.confidence for r in self.recalled)})
        picked = sorted({seen[round(n * (len(seen) - 1) / steps)] for n in range(steps + 1)})
        points = []
        for threshold in picked:
            alarms, recall = self.an_hour(SETS["in a session"], threshold), self.recall("an4", None, threshold)
            if alarms is not None and recall is not None:
                points.append(WorkingPoint(round(threshold, 4), alarms, recall))
        return points


def main(options: TrustOptions) -> None:
    """Measure, show the tables, write the figures and the picture."""
    if not options.speech.is_dir():
        sys.exit(
            f"There are no recordings in {options.speech}.\nThe measurement needs them.\n"
            "Name their folder with --speech."
        )
    with tempfile.TemporaryDirectory(prefix="trust-") as name:
        engines, tasks = _tasks(options, our_model(options.model).resolve(), Path(name))
        measured = _measure(options, Path(name), engines, tasks)
    figures = _figures(measured)
    console = wide_console()
    show(console, figures)
    _show_false_accepts(console, measured)
    result = {
        "command": "scripts/bench trust",
        "model": our_model(options.model).name,
        "share": options.share,
        "figures": [figure.row() for figure in figures],
        "engines": [_row(one) for one in measured if one.engine.filler_cost is None],
    }
    options.out.parent.mkdir(parents=True, exist_ok=True)
    if options.trade_off:
        curves = _curves(measured)
        result["trade_off"] = [curve.row() for curve in curves]
        for suffix in (".svg", ".png"):
            draw(curves, options.out.with_name("trade-off").with_suffix(suffix))
    options.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    console.print(f"Written: {options.out}", highlight=False)


def _tasks(options: TrustOptions, model: Path, folder: Path) -> tuple[list[Engine], list[TrustTask]]:
    """All engines, and their tasks, the longest first."""
    engines = [Engine(name, model, folder) for name in SHARES if options.peers or name == OURS]
    tasks = []
    for number, engine in enumerate(engines):
        share = SHARES[engine.name] * options.share
        sets = SETS if engine.name == OURS else SETS_OF_PEERS
        tasks += [TrustTask(number, engine, SETS[name], "no_commands", share) for name in sets]
        kinds: tuple[Kind, ...] = ("an4",) if engine.name == OURS_POCKETSPHINX else ("an4", "synthetic")
        tasks += [TrustTask(number, engine, None, kind, options.share) for kind in kinds]
    if options.trade_off:
        for number, cost in enumerate(FILLER_COSTS, start=len(engines)):
            engine = Engine(OURS, model, folder, filler_cost=cost)
            engines.append(engine)
            tasks.append(
                TrustTask(number, engine, SETS["in a session"], "no_commands", SHARE_OF_TRADE_OFF * options.share)
            )
            tasks.append(TrustTask(number, engine, None, "an4", options.share))
    return engines, sorted(tasks, key=lambda task: task.kind != "no_commands")


def _measure(
    options: TrustOptions, folder: Path, engines: Sequence[Engine], tasks: Sequence[TrustTask]
) -> list[EngineTrust]:
    context = Context(options.speech, options.hold_out, _SYNTHETIC)
    measured = [EngineTrust(engine) for engine in engines]
    with own_home(folder / "home"):  # the workers' caches
        lexicon_model(engines[0].model, every_word(), folder)  # once, before several workers want it
        pool = ProcessPoolExecutor(options.workers, get_context("spawn"), begin_worker, (context,))
        with pool:
            parts = [part for task in tasks for part in task.parts()]
            for number, outcome in enumerate(pool.map(run_task, parts), start=1):
                one = measured[outcome.engine]
                for phase, seconds in outcome.seconds.items():
                    one.seconds[phase] += seconds
                one.accepted += outcome.accepted
                one.recalled += outcome.recalled
                print(f"\r{number} of {len(parts)}", end="", file=sys.stderr, flush=True)
            print(file=sys.stderr)
    return measured


def _figures(measured: Sequence[EngineTrust]) -> list[Figure]:
    ours = measured[0]
    peers = {one.engine.name: one for one in measured if one.engine.name != OURS}
    figures = []
    for name, phase in SETS.items():
        target = 0.0 if phase == "idle" else 1.0
        others = {peer: _rounded(one.an_hour(phase)) for peer, one in peers.items()}
        heard = f"{ours.seconds[phase] / 60:.0f} min"
        measure = f"false accepts an hour, {name}"
        figures.append(Figure(measure, _rounded(ours.an_hour(phase)), target, "", False, others, heard))
    for source, whose in (("an4", "AN4 commands"), ("synthetic", "all commands, held-out voices")):
        for condition in CONDITIONS:
            others = {peer: _rounded(one.recall(source, condition)) for peer, one in peers.items()}
            count = sum(r.source == source and r.condition == condition for r in ours.recalled)
            value = _rounded(ours.recall(source, condition))
            measure = f"recall, {whose}, {condition}"
            figures.append(Figure(measure, value, RECALL_TARGETS[condition], "%", True, others, str(count)))
    return figures


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


def _show_false_accepts(console: Console, measured: Sequence[EngineTrust]) -> None:
    """False accepts by intent and by kind of recording, ours and the peers'."""
    chosen = [one for one in measured if one.engine.filler_cost is None]
    table = Table("false accepts by intent", *(one.engine.name for one in chosen), box=None, pad_edge=False)
    for name, phase in SETS.items():
        counted = [Counter(a.intent for a in one.accepted if a.phase == phase) for one in chosen]
        for intent, _ in sum(counted, Counter()).most_common():
            table.add_row(f"{name}: {intent}", *(str(count[intent] or "") for count in counted))
    console.print(table)


def _row(one: EngineTrust) -> dict[str, Any]:
    """One engine as a JSON object."""
    recall: dict[str, Any] = {}
    for source in ("an4", "synthetic"):
        for condition in CONDITIONS:
            meant = [r for r in one.recalled if r.source == source and r.condition == condition]
            missed = Counter(f"{r.intent} {r.text!r} heard as {r.heard}" for r in meant if not r.right)
            recall[f"{source}, {condition}"] = {
                "said": len(meant),
                "right": sum(r.right for r in meant),
                "missed": [[what, count] for what, count in missed.most_common(20)],
            }
    alarms = {}
    for name, phase in SETS.items():
        found = [accept for accept in one.accepted if accept.phase == phase]
        alarms[name] = {
            "minutes": round(one.seconds[phase] / 60, 1),
            "an_hour": _rounded(one.an_hour(phase)),
            "by_intent": dict(Counter(accept.intent for accept in found).most_common()),
            "by_recordings": dict(Counter(accept.kind for accept in found).most_common()),
            "list": [accept.row() for accept in found],
        }
    return {"engine": one.engine.name, "false_accepts": alarms, "recall": recall}


def _curves(measured: Sequence[EngineTrust]) -> list[Curve]:
    """The trade-off: ours along its filler's cost, the peers along their confidence."""
    ours = []
    for one in measured:
        if one.engine.filler_cost is not None:
            alarms, recall = one.an_hour(SETS["in a session"]), one.recall("an4", None)
            if alarms is not None and recall is not None:
                ours.append(WorkingPoint(one.engine.filler_cost, alarms, recall))
    curves = [Curve("ours", "filler cost", tuple(ours))]
    curves += [
        Curve(one.engine.name, "confidence", tuple(one.curve()))
        for one in measured
        if one.engine.filler_cost is None and one.engine.name != OURS
    ]
    chosen = measured[0].curve()[:1]
    return [*curves, Curve("ours, as it is used", "", tuple(chosen))]
