"""The card says what was written down, and nothing else."""

from __future__ import annotations

from typing import Any

from scripts.train_model.corpora import AN4, HoldOut
from scripts.train_model.features import Stored
from scripts.train_model.model_card import SOURCES, card_text, trained_on

FEATURES: dict[str, Any] = {
    "trained": {
        "an4": {"utterances": 2244, "speakers": 29, "hours": 1.25},
        "synthetic": {"utterances": 77, "speakers": 50, "hours": 3.5},
    },
    "noises": ["rain.flac"],
    "skipped": {"file missing": 2},
}
CHECKPOINT: dict[str, Any] = {
    "shape": {"channels": 320, "deep_layers": 5},
    "state": {"steps": 123, "spent_s": 600.0},
    "summary": {"hours": 4.5},
    "hold_out": {"fold": 0, "folds": 3, "corpus": None, "tenth": True},
}
MEASURED: dict[str, Any] = {
    "command": "scripts/bench hearing",
    "sets": {
        "AN4 commands": {
            "what": "speakers not trained on",
            "vosk": {"said": 20, "percent": 95.0, "percent_of_a_core": 1.2, "confused": [["stop", "start", 1]]},
            "pocketsphinx": {"said": 20, "percent": 90.0, "percent_of_a_core": 3.4, "confused": []},
        },
    },
    "cost": {"size_mb": 8.0},
}


def card(measured: dict[str, Any], notice: str = "THE NOTICE") -> str:
    return card_text("a-model", FEATURES, CHECKPOINT, measured, notice, 8_000_000)


def test_every_corpus_that_was_used_is_named_with_its_licence() -> None:
    text = card(MEASURED)
    for corpus in ("an4", "synthetic"):
        assert SOURCES[corpus].licence in text
        assert SOURCES[corpus].credit in text
    assert SOURCES["kathleen"].title not in text
    assert "| 2244 | 29 | 1.25 |" in text
    assert "THE NOTICE" in text
    assert "2 file missing" in text


def test_who_was_held_out_is_not_counted() -> None:
    stored = [Stored(AN4, f"speaker{n}", "yes", 0, 36_000) for n in range(20)]
    left_out = {u.speaker for u in stored if HoldOut().leaves_out(u.corpus, u.speaker)}
    found = trained_on(stored, HoldOut())[AN4]
    assert left_out
    assert found["speakers"] == 20 - len(left_out)
    assert found["hours"] == round(0.1 * (20 - len(left_out)), 2)


def test_figures_come_with_their_command() -> None:
    text = card(MEASURED)
    assert "| AN4 commands | speakers not trained on | 20 | 95.0 % | 90.0 % | 1.2 % |" in text
    assert "`scripts/bench hearing`" in text
    assert "size_mb 8.0" in text
    assert "stop -> start (1)" in text


def test_without_figures_it_says_so() -> None:
    text = card({})
    assert "Nothing has been measured yet." in text
    assert "mistakes" not in text
