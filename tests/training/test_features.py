"""The store of features: what is written is read, also where more is put behind it."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from scripts.train_model.features import FEATURES, Store, write_store


def utterance(text: str, frames: int, value: float) -> tuple[str, str, str, np.ndarray]:
    return "words", "somebody", text, np.full((frames, FEATURES.coefficients), value, np.float32)


def test_what_is_added_stands_behind_what_was_there(tmp_path: Path) -> None:
    write_store(tmp_path, [utterance("one", 30, 1.0), utterance("two", 20, 2.0)])
    write_store(tmp_path, [utterance("three", 10, 3.0)], add=True)
    store = Store(tmp_path)
    found = [(u.text, len(store.features(u)), float(store.features(u).mean())) for u in store.utterances]
    assert found == [("one", 30, 1.0), ("two", 20, 2.0), ("three", 10, 3.0)]
    write_store(tmp_path, [utterance("anew", 5, 4.0)])
    assert [u.text for u in Store(tmp_path).utterances] == ["anew"]
