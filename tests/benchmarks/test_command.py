"""What is measured with which options."""

import json
import sys
from pathlib import Path

import pytest

from scripts.benchmarks import __main__ as command
from scripts.benchmarks.hearing import running
from scripts.testbed.speech import SPEECH
from scripts.train_model.corpora import HoldOut


def test_training_has_hearing_measured_with_whom_its_checkpoint_held_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured: list[running.Options] = []
    monkeypatch.setattr(running, "main", measured.append)
    hold_out, figures = HoldOut(fold=None, corpus="words", tenth=False), tmp_path / "hearing.json"
    options = {"--model": tmp_path, "--out": figures, "--hold-out": json.dumps(hold_out.__dict__)}
    words = [str(word) for pair in options.items() for word in pair]
    monkeypatch.setattr(sys, "argv", ["bench", "hearing", *words])
    command.main()
    (found,) = measured
    assert (found.speech, found.models, found.out, found.hold_out) == (SPEECH, [tmp_path], figures, hold_out)


def test_a_part_of_the_measures_takes_no_tables_place(monkeypatch: pytest.MonkeyPatch) -> None:
    measured: list[running.Options] = []
    monkeypatch.setattr(running, "main", measured.append)
    for options in ([], ["--only", "AN4"]):
        monkeypatch.setattr(sys, "argv", ["bench", "hearing", *options])
        command.main()
    whole, part = measured
    assert whole.out == command.FIGURES / "hearing.json"
    assert whole.runs == command.FIGURES / "models.json"
    assert (part.out, part.runs, part.only) == (None, None, ["AN4"])
