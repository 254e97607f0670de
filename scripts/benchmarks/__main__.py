"""Runs a measurement: ``python -m scripts.benchmarks hearing``."""

from __future__ import annotations

import argparse
from pathlib import Path

from scripts.benchmarks import hearing
from scripts.train_model.corpora import HoldOut

_PROJECT = Path(__file__).parents[2]


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(
        prog="scripts/bench", description="Measures, against a named peer in the same run."
    )
    measurements = parser.add_subparsers(dest="what", required=True)
    heard = measurements.add_parser("hearing", help="what the recognisers make of people, voices and noise")
    heard.add_argument("--speech", type=Path, default=_PROJECT.parent / "shared" / "speech")
    heard.add_argument("--model", type=Path, help="another model of our own")
    heard.add_argument("--out", type=Path, default=_PROJECT / "benchmarks" / "hearing.json")
    heard.add_argument("--fold", type=int, default=0, help="the part of AN4's speakers the model was not trained on")
    heard.add_argument("--only", nargs="+", help="names of sets")
    arguments = parser.parse_args()
    hold_out = HoldOut(fold=arguments.fold)
    hearing.main(arguments.speech, arguments.model, arguments.out, hold_out, arguments.only)


if __name__ == "__main__":
    main()
