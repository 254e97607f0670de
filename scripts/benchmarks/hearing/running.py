"""``scripts/bench hearing``: the product's models beside bare Vosk and PocketSphinx, all in one run."""

from __future__ import annotations

import json
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from pathlib import Path

from assistant.audio.files import read_recording
from intents.graph import WordGraph
from scripts.benchmarks.engines import BARE_VOSK, OURS, OURS_POCKETSPHINX, Engine, runtime_grammars
from scripts.benchmarks.hearing.measuring import Score, measure
from scripts.benchmarks.hearing.natural import CONTRARY, FOREIGN, NATIVE, TAUGHT_CLOSED, WITHIN_CARRIERS, natural_sets
from scripts.benchmarks.hearing.runs import kept_and_new, rows_of
from scripts.benchmarks.hearing.table import TARGETS, Measure, show, show_mistakes, show_words
from scripts.benchmarks.recordings import RecordingSet, sets_of_people
from scripts.benchmarks.targets import wide_console
from scripts.testbed.own_home import own_home
from scripts.testbed.product import our_model, own_vocabulary
from scripts.train_model.corpora import HoldOut, judging_noises

BEFORE = "stretch-en-1"
"""The model whose processor time the others' is related to, where it is named."""

_SNR_DB = 10.0
_OURS_ALONE = (WITHIN_CARRIERS, CONTRARY, TAUGHT_CLOSED, f"{NATIVE}, 3 m", f"{FOREIGN}, 3 m")
"""What peers are spared: they take the usual wordings alone, with nothing around them, and PocketSphinx its time."""


@dataclass(frozen=True)
class Options:
    """What to measure.

    Attributes:
        models: Folders of models of our own; none: the one that comes along.
        about: What is to be said of each in the runs.
        speech: The folder with the recordings.
        voices: Where the step ``voices --held-out-voices`` wrote; may be missing.
        hold_out: Who was not trained on.
        out: The file for the figures; None writes none.
        runs: The file for what is known of every model; None writes none.
        only: What the names of the measures begin with.
        peers: Whether bare Vosk and PocketSphinx are measured as well.
        workers: Processes at a time.
    """

    models: Sequence[Path]
    about: Sequence[str]
    speech: Path
    voices: Path
    hold_out: HoldOut
    out: Path | None
    runs: Path | None
    only: Sequence[str] = ("",)
    peers: bool = True
    workers: int = 2


@dataclass(frozen=True)
class _Context:
    """What all tasks of a run share."""

    options: Options
    engines: dict[str, Engine]


_contexts: list[_Context] = []


def main(options: Options) -> None:
    """Measure, show the tables, write the figures."""
    if not options.speech.is_dir():
        sys.exit(
            f"There are no recordings in {options.speech}.\nThe measurement needs them.\n"
            "Name their folder with --speech."
        )
    if not options.voices.is_dir():
        print(
            f"There are no natural voices in {options.voices}: what they would say is not measured.\n"
            "They are made on this machine, for they are too large to come along.\n"
            "Type: scripts/train-model voices --held-out-voices, or name their folder with --voices.",
            file=sys.stderr,
        )
    folders = _named(options.models or [our_model()])
    first = next(iter(folders))
    with tempfile.TemporaryDirectory(prefix="hearing-") as name:
        folder = Path(name)
        engines = {name: Engine(OURS, model, folder) for name, model in folders.items()}
        if options.peers:
            engines[BARE_VOSK] = Engine(BARE_VOSK, folders[first], folder)
            engines["PocketSphinx"] = Engine(OURS_POCKETSPHINX, folders[first], folder)
        measures = _measured(_Context(options, engines), folder)
    console = wide_console()
    show(console, measures, list(engines), options.only)
    show_words(console, measures, list(folders))
    show_mistakes(console, measures, list(folders))
    if options.runs is not None and measures:
        known = json.loads(options.runs.read_text(encoding="utf-8")) if options.runs.is_file() else []
        about = dict(zip(folders, options.about, strict=False))
        rows = rows_of(folders, measures, BEFORE if BEFORE in folders else first, about)
        _write(options.runs, kept_and_new(known, rows))
    if options.out is not None:
        rows = [each.row() for each in measures]
        _write(options.out, {"command": "scripts/bench hearing", "models": list(folders), "measures": rows})


def _named(folders: Sequence[Path]) -> dict[str, Path]:
    """Models by their folders' names; where two are called the same, by what leads to them as well."""
    called = Counter(folder.name for folder in folders)
    return {(folder.name if called[folder.name] == 1 else str(folder)): folder.resolve() for folder in folders}


def _measured(context: _Context, folder: Path) -> list[Measure]:
    sets = _sets(context.options)
    with own_home(folder / "home"):  # the workers' caches
        if context.options.peers:  # once, before several workers want it
            closed = [found.grammar.words for found in sets if isinstance(found.grammar, WordGraph)]
            words = own_vocabulary().everything.graph().words.union(*closed)
            runtime_grammars(context.engines[BARE_VOSK].model, words, folder).close()
        scores: dict[str, dict[str, Score]] = {}
        pool = ProcessPoolExecutor(context.options.workers, get_context("spawn"), _begin_worker, (context,))
        with pool:
            for found, heard in zip(sets, pool.map(_measure_set, range(len(sets))), strict=True):
                for engine, score in heard.items():
                    scores.setdefault(found.name, {}).setdefault(engine, Score()).add(score)
                rights = ", ".join(f"{engine} {score.right.total()}" for engine, score in heard.items())
                told = found.grammar if isinstance(found.grammar, str) else "closed grammar"
                said = max(score.said.total() for score in heard.values())
                print(f"{found.name} ({told}), of {said} right: {rights}", file=sys.stderr, flush=True)
    what = {found.name: found.what for found in sets}
    return [Measure(name, what[name], scores[name]) for name in TARGETS if name in scores]


def _sets(options: Options) -> list[RecordingSet]:
    """All sets, the longest first, so that no worker is left with one at the end."""
    noises = [read_recording(path) for path in judging_noises(options.speech)]
    sets = [
        *natural_sets(options.voices, noises, _SNR_DB),
        *sets_of_people(options.speech, noises, _SNR_DB, options.hold_out),
    ]
    wanted = [found for found in sets if found.items and found.name.startswith(tuple(options.only))]
    return sorted(wanted, key=lambda found: -len(found.items))


def _begin_worker(context: _Context) -> None:
    """Called once in each worker process."""
    _contexts[:] = [context]


@cache
def _worker_sets() -> list[RecordingSet]:
    return _sets(_contexts[0].options)


def _measure_set(number: int) -> dict[str, Score]:
    """Every engine on a set; called in a worker process."""
    found = _worker_sets()[number]
    return {
        name: measure(engine, found)
        for name, engine in _contexts[0].engines.items()
        if engine.name == OURS or found.name not in _OURS_ALONE
    }


def _write(path: Path, figures: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    print(f"Written: {path}")
