"""Makes the model in steps; ``all`` does one after the other."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

from scripts.testbed.speech import SPEECH
from scripts.train_model.corpora import AN4, HoldOut

ROOT = Path(__file__).resolve().parents[2]
NAME = "stretch-en-2"


def main() -> None:
    """Do the step that was named."""
    options = _parser().parse_args()
    # Idle threads must sleep: by default they spin, which ruins everything as soon as another program needs a core.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    os.environ.setdefault("KMP_BLOCKTIME", "0")
    options.folder.mkdir(parents=True, exist_ok=True)
    steps = {
        "voices": _voices,
        "features": _features,
        "align": _align,
        "train": _train,
        "export": _export,
        "evaluate": _evaluate,
        "card": _card,
    }
    all_of_them = [step for step in steps if step != "align" or options.align_with is not None]
    for step in all_of_them if options.step == "all" else [options.step]:
        steps[step](options)


def _downloads(options: argparse.Namespace) -> Path:
    folder: Path = options.folder / "downloads" if options.downloads is None else options.downloads
    return folder


def _voices(options: argparse.Namespace) -> None:
    from scripts.train_model.natural.downloads import assembled  # noqa: PLC0415 - only this step needs its packages
    from scripts.train_model.natural.held_out_texts import TEXTS  # noqa: PLC0415
    from scripts.train_model.natural.speaking import speak_for, speak_held_out  # noqa: PLC0415

    files = assembled(_downloads(options), options.folder / "kokoro")
    if options.held_out_voices:
        speak_held_out(files, options.folder / "natural-held-out", TEXTS, options.processes)
    else:
        folder = options.folder / "natural"
        speak_for(files, folder, 60 * options.voices_minutes, options.processes, options.seed)


def _features(options: argparse.Namespace) -> None:
    from scripts.train_model.preparation import prepare  # noqa: PLC0415 - without torch

    folder, made = options.folder / "features", (options.synthetic, options.seed, options.processes, options.limit)
    prepare(folder, options.speech, *made, natural=options.folder / "natural", add=options.add)


def _align(options: argparse.Namespace) -> None:
    from scripts.train_model.alignment import align  # noqa: PLC0415 - torch takes seconds to load

    if options.align_with is None:
        raise SystemExit("Nothing was aligned.\nThe step needs a model that hears quickly.\nName it with --align-with.")
    align(options.folder / "features", options.align_with, options.processes, add=options.add)


def _train(options: argparse.Namespace) -> None:
    from scripts.train_model.shape import Shape  # noqa: PLC0415 - torch takes seconds to load
    from scripts.train_model.source import korean_network  # noqa: PLC0415
    from scripts.train_model.training import Recipe, train  # noqa: PLC0415

    encoder = None
    if options.start_from is None:
        encoder = options.folder / "korean.mdl"
        if not encoder.is_file():
            encoder.write_bytes(korean_network(_downloads(options)))
    recipe = Recipe(
        budget_s=60 * options.budget_minutes,
        frozen_s=60 * options.frozen_minutes,
        rate=options.rate,
        encoder_rate=options.encoder_rate,
        natural_share=options.natural_share,
        alignment=None if options.alignment is None else tuple(options.alignment),
        seed=options.seed,
        threads=options.threads,
        half=not options.full_precision,
        encoder=encoder,
        start_from=None if options.start_from is None else options.start_from / "am" / "final.mdl",
    )
    shape = Shape(layers=options.layers, backward_layers=options.backward_layers, backward_head=options.backward_head)
    train(options.folder, recipe, shape, _hold_out(options), options.processes)


def _export(options: argparse.Namespace) -> None:
    from scripts.train_model.export import export  # noqa: PLC0415 - torch takes seconds to load

    export(options.folder / "checkpoint.pt", options.model)


def _evaluate(options: argparse.Namespace) -> None:
    from scripts.train_model.training import load_checkpoint  # noqa: PLC0415 - torch takes seconds to load

    # Who was held out is what the checkpoint says, so that nobody who was trained on is ever measured.
    hold_out = json.dumps(load_checkpoint(options.folder / "checkpoint.pt")["hold_out"])
    named = {"--speech": options.speech, "--model": options.model, "--out": options.figures, "--hold-out": hold_out}
    measure = [sys.executable, "-m", "scripts.benchmarks", "hearing"]
    subprocess.run([*measure, *(word for pair in named.items() for word in map(str, pair))], cwd=ROOT, check=True)


def _card(options: argparse.Namespace) -> None:
    from scripts.train_model.card.text import Measured, write_card  # noqa: PLC0415
    from scripts.train_model.training import load_checkpoint  # noqa: PLC0415 - torch takes seconds to load

    checkpoint = load_checkpoint(options.folder / "checkpoint.pt")
    measured = Measured.read(options.figures, options.runs)
    write_card(checkpoint, options.folder / "features", options.model, options.speech, measured)


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
    parser.add_argument("step", choices=["voices", "features", "align", "train", "export", "evaluate", "card", "all"])
    parser.add_argument("--folder", type=Path, default=ROOT / ".train", help="working folder (features, checkpoint)")
    parser.add_argument("--downloads", type=Path, help="where the packages with the Korean model and Kokoro lie")
    parser.add_argument("--speech", type=Path, default=SPEECH, help="the recordings")
    parser.add_argument("--model", type=Path, default=ROOT / "models" / NAME, help="the folder that export writes")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2, help="that work together (voices, features, train)")
    voices = parser.add_argument_group("voices")
    voices.add_argument("--voices-minutes", type=float, default=40.0, help="how long they speak; again: go on")
    voices.add_argument("--held-out-voices", action="store_true", help="those that are measured, instead")
    features = parser.add_argument_group("features")
    features.add_argument("--synthetic", type=int, default=3_000, help="utterances of espeak-ng and flite")
    features.add_argument("--limit", type=int, help="so many utterances only, for a trial")
    parser.add_argument("--align-with", type=Path, help="align: the folder of a model that hears quickly")
    features.add_argument("--add", action="store_true", help="keep those there, make (and align) what is new")
    _add_training_options(parser.add_argument_group("train"))
    figures = ROOT / "scripts" / "benchmarks" / "figures"
    measured = "where measured figures are, for the card"
    parser.add_argument("--figures", type=Path, default=figures / "hearing.json", help=measured)
    parser.add_argument("--runs", type=Path, default=figures / "models.json", help=measured)
    return parser


def _add_training_options(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--budget-minutes", type=float, default=80.0, help="training time over all sittings")
    group.add_argument("--frozen-minutes", type=float, default=4.0, help="of it, for the head alone")
    group.add_argument("--rate", type=float, default=2e-3, help="the head's highest learning rate")
    group.add_argument("--encoder-rate", type=float, default=1.2e-4, help="that of the layers below; 5e-4 ruins them")
    group.add_argument("--natural-share", type=float, default=1.0, help="of the natural voices' guises, in an epoch")
    alignment = "output frames that a phone may be heard before and after its time in the alignment of the step align"
    group.add_argument("--alignment", type=int, nargs=2, metavar=("EARLY", "LATE"), help=alignment)
    group.add_argument("--start-from", type=Path, help="folder of an exported model to go on from")
    group.add_argument("--layers", type=int, default=12, help="of the Korean model's 15")
    group.add_argument("--backward-layers", type=int, default=0, help="uppermost layers that look back only")
    group.add_argument("--backward-head", action="store_true", help="the head looks back only")
    group.add_argument("--full-precision", action="store_true", help="multiply in float32 rather than bfloat16")
    group.add_argument("--threads", type=int, default=1, help="CPU threads of each process in training")
    group.add_argument("--fold", type=int, default=0, help="AN4's speakers that are held out; -1: none")
    group.add_argument("--folds", type=int, default=3, help="into how many parts AN4's speakers are divided")
    group.add_argument("--hold-out-corpus", help="leave out a whole corpus: an4, speechocean, kathleen, words …")
    group.add_argument("--everybody", action="store_true", help="hold out no tenth of the other corpora's speakers")


if __name__ == "__main__":
    main()
