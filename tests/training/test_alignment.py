"""Where a model hears the phones of what is said, and a run that is taught to hear them then."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is only in the training's own environment")

from scripts.train_model.alignment import NOT_ALIGNED, Alignments, align  # noqa: E402
from scripts.train_model.corpora import HoldOut  # noqa: E402
from scripts.train_model.export import export, folded  # noqa: E402
from scripts.train_model.features import Store, write_store  # noqa: E402
from scripts.train_model.network import TdnnF  # noqa: E402
from scripts.train_model.phone_graphs import SILENCE, utterance_graph  # noqa: E402
from scripts.train_model.plain_network import heard  # noqa: E402
from scripts.train_model.shape import PHONE_COUNT, Shape  # noqa: E402
from scripts.train_model.training import Recipe, Training  # noqa: E402

SMALL = Shape(channels=8, bottleneck=3, layers=6, hidden=6)
WORDS = ("yes", "no", "stop")
SPOKEN = slice(18, 42)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Features of silence, a word, silence; and a model that was trained on them for a moment."""
    folder = tmp_path_factory.mktemp("training")
    random = np.random.default_rng(1)
    voices = {word: random.normal(0, 3, 40) for word in WORDS}
    made = []
    for number in range(30):
        for word in WORDS:
            features = random.normal(0, 0.3, (60 + number % 3, 40)).astype(np.float32)
            features[SPOKEN] += voices[word]
            made.append(("speechocean", f"so{number}", word, features))
    write_store(folder / "features", made)
    Training(folder, Recipe(budget_s=3.0, frozen_s=0.5, batch_frames=1_000, threads=1), SMALL, HoldOut()).run()
    export(folder / "checkpoint.pt", folder / "model", WORDS)
    align(folder / "features", folder / "model", processes=1)
    return folder


def test_what_is_needed_of_a_network_is_what_all_of_it_gives_there() -> None:
    torch.manual_seed(1)
    network = TdnnF(SMALL).eval()
    features = np.random.default_rng(1).normal(0, 1, (31, 40)).astype(np.float32)
    before, after = network.shape.context
    with torch.no_grad():
        expected = network(torch.from_numpy(features[np.clip(np.arange(-before, 33 + after), 0, 30)])[None])[0].flatten(
            1
        )
    assert heard(folded(network), features, 11).numpy() == pytest.approx(expected.numpy(), abs=1e-4)


def test_every_frame_has_a_phone_of_what_is_said_in_its_order(folder: Path) -> None:
    store = Store(folder / "features")
    alignments = Alignments(folder / "features", store.utterances)
    for utterance in store.utterances:
        phones = alignments.phones(utterance)
        graph = utterance_graph(utterance.text)
        assert graph is not None
        assert len(phones) == -(-utterance.frames // 3)
        assert set(phones.tolist()) <= set(graph.phones)
        assert phones[0] == phones[-1] == SILENCE
        order = [
            phone for before, phone in zip([-1, *phones.tolist()], phones.tolist(), strict=False) if phone != before
        ]
        assert order == graph.phones


def test_what_was_put_behind_is_aligned_and_what_was_aligned_is_kept(folder: Path, tmp_path: Path) -> None:
    random = np.random.default_rng(2)
    rows = [("speechocean", "so0", word, random.normal(0, 0.3, (60, 40)).astype(np.float32)) for word in WORDS]
    write_store(tmp_path, rows[:2])
    align(tmp_path, folder / "model", processes=1)
    marked = np.full_like(np.load(tmp_path / "alignment.npy"), SILENCE)
    np.save(tmp_path / "alignment.npy", marked)
    write_store(tmp_path, rows[2:], add=True)
    align(tmp_path, folder / "model", processes=1, add=True)
    found = np.load(tmp_path / "alignment.npy")
    assert (found[: len(marked)] == SILENCE).all()
    assert len(found) == len(marked) + 20
    assert set(found[len(marked) :]) > {SILENCE}


def test_a_phone_may_be_heard_within_the_tolerances_only(folder: Path) -> None:
    store = Store(folder / "features")
    alignments = Alignments(folder / "features", store.utterances)
    utterance = store.utterances[0]
    phones = alignments.phones(utterance)
    outside = alignments.outside([utterance], len(phones) + 4, early=2, late=1)[0]
    assert outside.shape == (len(phones) + 4, PHONE_COUNT)
    for phone in set(phones.tolist()) - {SILENCE}:
        (times,) = np.nonzero(phones == phone)
        allowed = np.nonzero(~outside[:, phone].numpy())[0]
        assert allowed.tolist() == list(range(times[0] - 2, times[-1] + 2))


def test_what_could_not_be_aligned_may_be_heard_at_any_time(folder: Path, tmp_path: Path) -> None:
    store = Store(folder / "features")
    write_store(tmp_path, [("words", "somebody", "stop", np.zeros((30, 40), np.float32))])
    np.save(tmp_path / "alignment.npy", np.full(10, NOT_ALIGNED, np.uint8))
    (tmp_path / "alignment.txt").write_text("none\n")
    other = Store(tmp_path).utterances
    assert not Alignments(tmp_path, other).outside(other, 10, 0, 0).any()
    with pytest.raises(SystemExit, match="alignment"):
        Alignments(tmp_path, store.utterances)


def test_a_run_goes_on_and_learns_when_phones_are_heard(folder: Path) -> None:
    """An untrained network's scores say nothing: what it learns is what the alignment has, and nothing else."""
    recipe = Recipe(batch_frames=1_000, threads=1, alignment=(1, 0))
    training = Training(folder, recipe, SMALL, HoldOut())
    batch = training._store.utterances[:1]
    silent = _Silent()
    training._network = silent
    loss, _, _ = training._loss(batch, 0, learning=True)
    (learnt,) = torch.autograd.grad(-loss, silent.scores)
    alignments = training._alignments
    assert alignments is not None
    outside = alignments.outside(batch, 20, 1, 0)
    assert float(learnt.sum(3)[outside].clamp(min=0).sum()) < 0.01 < float(learnt.clamp(min=0).sum())


class _Silent:
    """Stands for a network: gives nothing but zeros, and keeps them."""

    shape = SMALL
    scores: Any = None

    def __call__(self, features: Any) -> Any:
        self.scores = torch.zeros(len(features), 20, PHONE_COUNT, 2, requires_grad=True)
        return self.scores
