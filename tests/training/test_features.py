"""The store of features: what is written is read, also where more is put behind it."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import numpy as np

from scripts.train_model.corpora import CorpusUtterance
from scripts.train_model.features import FEATURES, Store, Stored, part_of, write_store
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


def test_only_what_is_missing_is_made_when_adding(tmp_path: Path) -> None:
    old = CorpusUtterance("kokoro", tmp_path / "old.flac", "af_heart", "stop now")
    new = CorpusUtterance("kokoro", tmp_path / "new.flac", "af_heart", "stop now please")
    guise = (old.corpus, old.speaker, old.text, np.zeros((3, FEATURES.coefficients), np.float32))
    write_store(tmp_path, [guise] * (COPIES["kokoro"] - 2))
    left = not_among(Store(tmp_path).utterances, planned_jobs([old, new], synthetic=0, seed=1))
    counts = Counter(job.source for job in left if job.corpus == "kokoro")
    assert counts == {old: 2, new: COPIES["kokoro"]}


def test_of_a_corpus_with_a_share_so_much_is_taken_and_of_the_others_all() -> None:
    people = [Stored("words", str(number), "happy", 0, 50) for number in range(100)]
    voices = [Stored("kokoro", str(number), "stop", 0, 50) for number in range(1_000)]
    taken = part_of(people + voices, {"kokoro": 0.6}, random.Random(1))
    assert [each for each in taken if each.corpus == "words"] == people
    assert 550 < len(taken) - len(people) < 650
    assert part_of(voices, {"kokoro": 0.6}, random.Random(2)) != part_of(voices, {"kokoro": 0.6}, random.Random(3))
