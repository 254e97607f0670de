"""Makes the model in steps: ``features``, ``train``, ``export``, ``evaluate``, ``card``, or ``all`` of them."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from scripts.testbed.speech import SPEECH
from scripts.train_model.corpora import AN4, HoldOut

ROOT = Path(__file__).resolve().parents[2]
NAME = "stretch-en-1"


def main() -> None:
    """Do the step that was named."""
    options = _parser().parse_args()
    # Idle threads must sleep: by default they spin, which ruins everything as soon as another program needs a core.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    os.environ.setdefault("KMP_BLOCKTIME", "0")
    options.folder.mkdir(parents=True, exist_ok=True)
    steps = ["features", "train", "export", "evaluate", "card"] if options.step == "all" else [options.step]
    for step in steps:
        {
            "features": _features,
            "train": _train,
            "export": _export,
            "evaluate": _evaluate,
            "card": _card,
        }[step](options)


def _features(options: argparse.Namespace) -> None:
    from scripts.train_model.preparation import prepare  # noqa: PLC0415 - without torch

    folder, made = options.folder / "features", (options.synthetic, options.seed, options.processes, options.limit)
    prepare(folder, options.speech, *made, add=options.add)


def _train(options: argparse.Namespace) -> None:
    from scripts.train_model.network import Shape  # noqa: PLC0415 - torch takes seconds to load
    from scripts.train_model.training import Recipe, train  # noqa: PLC0415

    recipe = Recipe(budget_s=60 * options.budget_minutes, seed=options.seed, threads=options.threads)
    recipe = recipe if options.rate is None else replace(recipe, rate=options.rate)
    if options.start_from is not None:  # it knows already which sound is which phone
        recipe = replace(recipe, start_from=options.start_from, easy_s=0.0)
    shape = Shape(channels=options.channels, deep_layers=options.layers)
    train(options.folder, recipe, shape, _hold_out(options), options.processes)


def _export(options: argparse.Namespace) -> None:
    from scripts.train_model.export import export  # noqa: PLC0415 - torch takes seconds to load

    export(options.folder / "checkpoint.pt", options.model)


def _evaluate(options: argparse.Namespace) -> None:
    from scripts.train_model.training import load_checkpoint  # noqa: PLC0415 - torch takes seconds to load

    # Who was held out is what the checkpoint says, so that nobody who was trained on is ever measured.
    hold_out = json.dumps(load_checkpoint(options.folder / "checkpoint.pt")["hold_out"])
    named = {"--speech": options.speech, "--model": options.model, "--out": options.figures, "--hold-out": hold_out}
    measure = [sys.executable, "-m", "scripts.benchmarks", "hearing", "--no-trust"]
    subprocess.run([*measure, *(word for pair in named.items() for word in map(str, pair))], cwd=ROOT, check=True)


def _card(options: argparse.Namespace) -> None:
    from scripts.train_model.model_card import write_card  # noqa: PLC0415 - torch takes seconds to load

    write_card(options.folder, options.model, options.speech, options.figures)


def _hold_out(options: argparse.Namespace) -> HoldOut:
    fold = None if options.hold_out_corpus == AN4 else options.fold
    return HoldOut(
        fold=None if fold is None or fold < 0 else fold,
        folds=options.folds,
        corpus=options.hold_out_corpus,
        tenth=not options.everybody,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="scripts/train-model", description=__doc__)
    parser.add_argument("step", choices=["features", "train", "export", "evaluate", "card", "all"])
    parser.add_argument("--folder", type=Path, default=ROOT / ".train", help="working folder (features, checkpoint)")
    parser.add_argument("--speech", type=Path, default=SPEECH, help="the recordings")
    parser.add_argument("--model", type=Path, default=ROOT / "models" / NAME, help="the folder that export writes")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--synthetic", type=int, default=12_000, help="synthetic utterances")
    parser.add_argument("--processes", type=int, default=2, help="that work together (features, train)")
    parser.add_argument("--limit", type=int, help="features of so many utterances only, for a trial")
    parser.add_argument("--add", action="store_true", help="features: keep those there, of another seed, too")
    parser.add_argument("--budget-minutes", type=float, default=55.0, help="training time over all sittings")
    parser.add_argument("--rate", type=float, help="highest learning rate")
    parser.add_argument("--start-from", type=Path, help="folder of an exported model to go on from")
    parser.add_argument("--channels", type=int, default=320)
    parser.add_argument("--layers", type=int, default=5, help="layers with far neighbours")
    parser.add_argument("--threads", type=int, default=1, help="CPU threads of each process in training")
    parser.add_argument("--fold", type=int, default=0, help="AN4's speakers that are held out; -1: none")
    parser.add_argument("--folds", type=int, default=3, help="into how many parts AN4's speakers are divided")
    parser.add_argument("--hold-out-corpus", help="leave out a whole corpus: an4, speechocean, kathleen or words")
    parser.add_argument("--everybody", action="store_true", help="hold out no tenth of the other corpora's speakers")
    figures = ROOT / "scripts" / "benchmarks" / "figures" / "hearing.json"
    parser.add_argument("--figures", type=Path, default=figures, help="where measured figures are, for the card")
    return parser


if __name__ == "__main__":
    main()
