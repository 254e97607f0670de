"""Recordings of real people, which lie beside this repository and are never copied into it."""

from __future__ import annotations

import csv
from pathlib import Path

SPEECH = Path(__file__).resolve().parents[3] / "shared" / "speech"

AN4 = SPEECH / "an4"
"""Commands of a word or two, spelled words and numbers."""


def speech_index(speech: Path = SPEECH) -> list[dict[str, str]]:
    """What is recorded: rows with ``path``, ``speaker`` and ``transcript``, which is empty where nothing is said."""
    with (speech / "index.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [{name: value or "" for name, value in row.items()} for row in rows]
