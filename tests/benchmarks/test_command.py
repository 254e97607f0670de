"""What is measured with which options."""

import json
import sys
from pathlib import Path

import pytest

from scripts.benchmarks import __main__ as command
from scripts.benchmarks import hearing, trust
from scripts.testbed.speech import SPEECH
from scripts.train_model.corpora import HoldOut


def test_training_has_hearing_alone_measured_with_whom_its_checkpoint_held_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured: list[object] = []
    monkeypatch.setattr(hearing, "main", lambda *arguments: measured.append(arguments))
    monkeypatch.setattr(trust, "main", measured.append)
    hold_out, figures = HoldOut(fold=None, corpus="words", tenth=False), tmp_path / "hearing.json"
    options = {"--model": tmp_path, "--out": figures, "--hold-out": json.dumps(hold_out.__dict__)}
    words = [str(word) for pair in options.items() for word in pair]
    monkeypatch.setattr(sys, "argv", ["bench", "hearing", "--no-trust", *words])
    command.main()
    assert measured == [(SPEECH, tmp_path, figures, hold_out, None)]
