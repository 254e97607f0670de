"""The store of features: what is written is read, also where more is put behind it."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from scripts.train_model.corpora import CorpusUtterance
from scripts.train_model.features import FEATURES, Store, write_store
from scripts.train_model.preparation import COPIES, not_among, planned_jobs


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


def test_only_what_nothing_is_stored_of_is_made_when_adding(tmp_path: Path) -> None:
    old = CorpusUtterance("kokoro", tmp_path / "old.flac", "af_heart", "stop now")
    new = CorpusUtterance("kokoro", tmp_path / "new.flac", "af_heart", "stop now please")
    write_store(tmp_path, [(old.corpus, old.speaker, old.text, np.zeros((3, FEATURES.coefficients), np.float32))])
    left = not_among(Store(tmp_path).utterances, planned_jobs([old, new], synthetic=0, seed=1))
    assert {job.source for job in left if job.corpus == "kokoro"} == {new}
    assert sum(job.corpus == "kokoro" for job in left) == COPIES["kokoro"]
