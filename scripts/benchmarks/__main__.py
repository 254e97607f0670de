"""Runs measurements: ``python -m scripts.benchmarks hearing``, or several: ``hearing reaction --trials 6``."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from assistant.home import folders
from assistant.routines.exercise_loading import load_exercises
from assistant.voice.natural import FALLBACK, chosen
from scripts.testbed.speech import SPEECH
from scripts.train_model.corpora import HoldOut

FIGURES = Path(__file__).parent / "figures"
"""Where the measured figures are kept."""

VOICES = Path(__file__).parents[2] / ".train" / "natural-held-out"
"""Where natural voices are looked for: there ``scripts/train-model`` puts them."""

_ABOUT = {
    "hearing": "what models of ours, bare Vosk and PocketSphinx make of people and voices nobody was trained on",
    "trust": "what is taken that was no command, what is understood, and the trade-off as a picture",
    "understanding": "words alone: what is understood of files of utterances, and what is taken wrongly",
    "diary": "how quickly a diary of ten years opens, and how large it is",
    "simulation": "seeded sessions in a world that misbehaves; how many, or which one: simulation 2000, --seed 17",
    "endurance": "eight simulated hours in one process: memory, threads, open files, ticks",
    "fuzz": "whatever is read or typed: twenty thousand inputs of each kind",
    "figures": "every pose of every exercise on one sheet (PNG), to be looked at: figures, figures press-up bridge",
    "kills": "a session that is really killed two hundred times, and started again",
    "pace": "how long it takes until the first tone, and how much is talk: first, second and tenth day",
    "reaction": "stop over the assistant's own voice, self-triggers, delays, cost",
    "voice": "words a minute and loudness over all that is said, cost, and late lines in the seven routines",
    "switching": "what a phase costs the first time, from the cache, and when a session goes over into it",
}


def split(arguments: Sequence[str]) -> list[tuple[str, list[str]]]:
    """The measurements named, each with the options that follow its name.

    Raises:
        SystemExit: The first argument names no measurement, or one is named twice.
    """
    calls: list[tuple[str, list[str]]] = []
    for argument in arguments:
        if argument in _ABOUT:
            calls.append((argument, []))
        elif calls:
            calls[-1][1].append(argument)
        else:
            break
    names = [name for name, _ in calls]
    if not calls or len(set(names)) < len(names):
        lines = "\n".join(f"  {name:10} {about}" for name, about in _ABOUT.items())
        sys.exit(f"usage: scripts/bench MEASUREMENT [OPTION ...] [MEASUREMENT [OPTION ...]] ...\n{lines}")
    return calls


def main() -> None:
    """Read the arguments and measure, one after the other."""
    calls = split(sys.argv[1:])
    ready = [_READERS[name](arguments) for name, arguments in calls]  # wrong options are told at once
    for measure in ready:
        measure()


def _parser(name: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=f"scripts/bench {name}", description=f"Measures, against named peers in the same run: {_ABOUT[name]}."
    )
    parser.add_argument("--speech", type=Path, default=SPEECH)
    parser.add_argument("--model", type=Path, help="another model of our own")
    parser.add_argument("--out", type=Path, default=FIGURES / f"{name}.json")
    parser.add_argument("--fold", type=int, default=0, help="the part of AN4's speakers the model was not trained on")
    return parser


def _hearing(arguments: Sequence[str]) -> Callable[[], None]:
    parser = argparse.ArgumentParser(prog="scripts/bench hearing", description=_ABOUT["hearing"])
    parser.add_argument("--speech", type=Path, default=SPEECH)
    parser.add_argument("--voices", type=Path, default=VOICES, help="where train-model voices --held-out-voices wrote")
    parser.add_argument("--model", type=Path, nargs="+", default=[], help="others than the one that comes along")
    parser.add_argument("--about", nargs="+", default=[], help="what is to be said of each; else what was said before")
    parser.add_argument("--only", nargs="+", help="what the names of measures begin with; writes only what is named")
    parser.add_argument("--no-peers", action="store_true", help="models of ours only")
    parser.add_argument("--workers", type=int, default=2, help="processes at a time")
    parser.add_argument("--out", type=Path, help="for the figures")
    parser.add_argument("--runs", type=Path, help="for what is known of every model that was measured")
    parser.add_argument("--fold", type=int, default=0, help="the part of AN4's speakers the model was not trained on")
    parser.add_argument("--hold-out", type=json.loads, help="who the model was not trained on, as its checkpoint says")
    given = parser.parse_args(arguments)
    if len(given.about) > max(1, len(given.model)):
        parser.error("there is more to be said than there are models")
    hold_out = HoldOut(**given.hold_out) if given.hold_out else HoldOut(fold=given.fold)
    kept = None if given.only else FIGURES  # a part of the figures is no table

    def measure() -> None:
        from scripts.benchmarks.hearing import running  # noqa: PLC0415 - each measurement loads its own engines

        running.main(
            running.Options(
                given.model,
                given.about,
                given.speech,
                given.voices,
                hold_out,
                out=given.out or (kept and kept / "hearing.json"),
                runs=given.runs or (kept and kept / "models.json"),
                only=given.only or ("",),
                peers=not given.no_peers,
                workers=given.workers,
            )
        )

    return measure


def _trust(arguments: Sequence[str]) -> Callable[[], None]:
    parser = _parser("trust")
    parser.add_argument("--share", type=float, default=1.0, help="the part of all recordings that is heard")
    parser.add_argument("--workers", type=int, default=2, help="processes at a time")
    parser.add_argument("--no-trade-off", action="store_true", help="the product's own working point only")
    parser.add_argument("--no-peers", action="store_true", help="the product only")
    given = parser.parse_args(arguments)

    def measure() -> None:
        from scripts.benchmarks import trust  # noqa: PLC0415

        hold_out = HoldOut(fold=given.fold)
        wanted = (given.share, given.workers, not given.no_trade_off, not given.no_peers)
        trust.main(trust.TrustOptions(given.speech, given.model, given.out, hold_out, *wanted))

    return measure


def _reaction(arguments: Sequence[str]) -> Callable[[], None]:
    parser = _parser("reaction")
    parts = ("stop", "self-triggers", "answers", "cost", "live-stop")
    parser.add_argument("--only", nargs="+", choices=parts, default=parts, help="parts of the measurement")
    parser.add_argument("--trials", type=int, default=60, help='of "stop" at each level of the echo')
    parser.add_argument("--workers", type=int, default=2, help="processes at a time")
    parser.add_argument("--no-peers", action="store_true", help="the product only")
    parser.add_argument("--voice", nargs="+", default=["auto", FALLBACK], help="the assistant's, each by itself")
    given = parser.parse_args(arguments)

    def measure() -> None:
        from scripts.benchmarks import reaction  # noqa: PLC0415

        hold_out = HoldOut(fold=given.fold)
        voices = list(dict.fromkeys(chosen(voice, [folders.voices()]) for voice in given.voice))
        wanted = (given.trials, given.only, given.workers, not given.no_peers, voices)
        reaction.main(reaction.ReactionOptions(given.speech, given.model, given.out, hold_out, *wanted))

    return measure


def _diary(arguments: Sequence[str]) -> Callable[[], None]:
    given = _parser("diary").parse_args(arguments)

    def measure() -> None:
        from scripts.benchmarks import diary  # noqa: PLC0415

        diary.main(given.out)

    return measure


def _voice(arguments: Sequence[str]) -> Callable[[], None]:
    parser = argparse.ArgumentParser(prog="scripts/bench voice", description=_ABOUT["voice"])
    parser.add_argument("--out", type=Path, default=FIGURES / "voice.json")
    parser.add_argument("--every", type=int, default=1, help="only every so manieth text, to be quick")
    parser.add_argument("--rate", type=int, default=150, help="words a minute; scripts/run asks for 150")
    given = parser.parse_args(arguments)

    def measure() -> None:
        from scripts.benchmarks import voice  # noqa: PLC0415

        voice.main(given.out, given.every, given.rate)

    return measure


def _pace(arguments: Sequence[str]) -> Callable[[], None]:
    parser = argparse.ArgumentParser(prog="scripts/bench pace", description=_ABOUT["pace"])
    parser.add_argument("--out", type=Path, default=FIGURES / "pace.json")
    given = parser.parse_args(arguments)

    def measure() -> None:
        from scripts.benchmarks import pace  # noqa: PLC0415

        pace.main(given.out)

    return measure


def _switching(arguments: Sequence[str]) -> Callable[[], None]:
    parser = argparse.ArgumentParser(prog="scripts/bench switching", description=_ABOUT["switching"])
    parser.add_argument("--model", type=Path, help="folder of our own acoustic model; without it, the product's")
    parser.add_argument("--out", type=Path, default=FIGURES / "switching.json")
    given = parser.parse_args(arguments)

    def measure() -> None:
        from scripts.benchmarks import switching  # noqa: PLC0415

        switching.main(given.model, given.out)

    return measure


def _understanding(arguments: Sequence[str]) -> Callable[[], None]:
    parser = argparse.ArgumentParser(prog="scripts/bench understanding", description=_ABOUT["understanding"])
    parser.add_argument("files", nargs="+", type=Path, help="files of utterances, as hear --words takes them")
    parser.add_argument("--show", action="store_true", help="print what goes wrong; totals only without it")
    parser.add_argument("--part", required=True, help='which part of the data: "looked at while writing", "untouched"')
    parser.add_argument("--out", type=Path, default=FIGURES / "understanding.json")
    given = parser.parse_args(arguments)

    def measure() -> None:
        from scripts.benchmarks.understanding import measuring  # noqa: PLC0415

        measuring.main(measuring.Options(given.files, given.out, given.show, given.part))

    return measure


def _simulation(arguments: Sequence[str]) -> Callable[[], None]:
    parser = argparse.ArgumentParser(prog="scripts/bench simulation", description=_ABOUT["simulation"])
    parser.add_argument("count", nargs="?", type=int, default=2000, help="how many seeds")
    parser.add_argument("--first", type=int, default=0, help="the first of them")
    parser.add_argument("--seed", type=int, help="this one only, and show its course")
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--sound", dest="sound", action="store_true", default=None, help="real sound only")
    kind.add_argument("--words", dest="sound", action="store_false", default=None, help="words only")
    parser.add_argument("--workers", type=int, default=2, help="processes at a time")
    parser.add_argument("--out", type=Path, default=FIGURES / "simulation.json")
    given = parser.parse_args(arguments)

    def measure() -> None:
        from scripts.benchmarks import simulation  # noqa: PLC0415

        one = given.seed is not None
        seeds = [given.seed] if one else range(given.first, given.first + given.count)
        out = None if one else given.out
        simulation.main(simulation.SimulationOptions(seeds, given.sound, 1 if one else given.workers, out, one))

    return measure


def _endurance(arguments: Sequence[str]) -> Callable[[], None]:
    argparse.ArgumentParser(prog="scripts/bench endurance", description=_ABOUT["endurance"]).parse_args(arguments)

    def measure() -> None:
        from scripts.simulation import endurance  # noqa: PLC0415

        endurance.main()

    return measure


def _fuzz(arguments: Sequence[str]) -> Callable[[], None]:
    parser = argparse.ArgumentParser(prog="scripts/bench fuzz", description=_ABOUT["fuzz"])
    parser.add_argument("count", nargs="?", type=int, default=20_000, help="inputs of each kind")
    given = parser.parse_args(arguments)

    def measure() -> None:
        from scripts.simulation import fuzz  # noqa: PLC0415

        fuzz.main(given.count)

    return measure


def _kills(arguments: Sequence[str]) -> Callable[[], None]:
    parser = argparse.ArgumentParser(prog="scripts/bench kills", description=_ABOUT["kills"])
    parser.add_argument("count", nargs="?", type=int, default=200, help="how often it is killed")
    given = parser.parse_args(arguments)

    def measure() -> None:
        from scripts.simulation import kills  # noqa: PLC0415

        kills.main(given.count)

    return measure


def _figures(arguments: Sequence[str]) -> Callable[[], None]:
    parser = argparse.ArgumentParser(prog="scripts/bench figures", description=_ABOUT["figures"])
    parser.add_argument("exercises", nargs="*", help="their keys; without any, all of them")
    parser.add_argument("--out", type=Path, default=FIGURES / "poses.png")
    given = parser.parse_args(arguments)
    if unknown := set(given.exercises) - set(load_exercises()):
        parser.error(f"no exercise {', '.join(sorted(unknown))}; there are {', '.join(load_exercises())}")

    def measure() -> None:
        from scripts.benchmarks import poses  # noqa: PLC0415

        poses.main(given.out, given.exercises)

    return measure


_READERS = {
    "figures": _figures,
    "hearing": _hearing,
    "trust": _trust,
    "simulation": _simulation,
    "endurance": _endurance,
    "fuzz": _fuzz,
    "kills": _kills,
    "reaction": _reaction,
    "diary": _diary,
    "pace": _pace,
    "switching": _switching,
    "voice": _voice,
    "understanding": _understanding,
}


if __name__ == "__main__":
    main()
