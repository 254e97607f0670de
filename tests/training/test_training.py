"""A run learns, stops when its time is up, and goes on where it stopped."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is only in the training's own environment")

from assistant.hearing.vosk_model import Network  # noqa: E402
from scripts.train_model.corpora import HoldOut  # noqa: E402
from scripts.train_model.export import export, folded, greatest_difference  # noqa: E402
from scripts.train_model.features import write_store  # noqa: E402
from scripts.train_model.lfmmi import silence_loss  # noqa: E402
from scripts.train_model.network import TdnnF  # noqa: E402
from scripts.train_model.phone_graphs import SILENCE  # noqa: E402
from scripts.train_model.shape import PHONE_COUNT, Shape  # noqa: E402
from scripts.train_model.training import Recipe, Training, load_checkpoint  # noqa: E402
from scripts.train_model.training import train as train_with  # noqa: E402

SMALL = Shape(channels=8, bottleneck=3, layers=5, hidden=6)
WORDS = ("yes", "no", "start", "stop")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    random = np.random.default_rng(1)
    voices = {word: random.normal(0, 3, 40) for word in WORDS}
    write_store(
        tmp_path / "features",
        (
            ("speechocean", f"so{n}", word, (voices[word] + random.normal(0, 1, (60, 40))).astype(np.float32))
            for n in range(30)
            for word in WORDS
        ),
    )
    return tmp_path


def folded_checkpoint(folder: Path) -> Network:
    saved = load_checkpoint(folder / "checkpoint.pt")
    network = TdnnF(Shape(**saved["shape"]))
    network.load_state_dict(saved["network"])
    return folded(network)


def train(folder: Path, seconds: float, shape: Shape = SMALL) -> None:
    recipe = Recipe(budget_s=seconds, frozen_s=0.5, batch_frames=1_000, checkpoint_s=0.5, threads=1)
    Training(folder, recipe, shape, HoldOut()).run()


def test_a_run_goes_on_where_it_stopped(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    train(folder, 1.0)
    first = load_checkpoint(folder / "checkpoint.pt")
    assert first["state"]["steps"] > 0
    assert first["state"]["spent_s"] >= 1.0
    train(folder, 2.0)
    second = load_checkpoint(folder / "checkpoint.pt")
    assert second["state"]["steps"] > first["state"]["steps"]
    assert second["state"]["spent_s"] >= 2.0
    assert f"Going on after step {first['state']['steps']}." in capsys.readouterr().out


def test_the_layers_below_rest_at_first_and_learn_then(folder: Path) -> None:
    begun = Training(folder, Recipe(batch_frames=1_000), SMALL, HoldOut())
    rested = {name: tensor.clone() for name, tensor in begun._network.state_dict().items()}
    train_with(folder, Recipe(budget_s=0.6, frozen_s=60.0, batch_frames=1_000), SMALL, HoldOut(), processes=1)
    frozen = load_checkpoint(folder / "checkpoint.pt")
    assert frozen["state"]["frozen_steps"] == frozen["state"]["steps"] > 0
    assert torch.equal(frozen["network"]["first.weight"], rested["first.weight"])
    assert not torch.equal(frozen["network"]["output.weight"], rested["output.weight"])
    train_with(folder, Recipe(budget_s=1.5, frozen_s=0.0, batch_frames=1_000), SMALL, HoldOut(), processes=1)
    thawed = load_checkpoint(folder / "checkpoint.pt")["network"]
    assert not torch.equal(thawed["first.weight"], rested["first.weight"])
    assert not torch.equal(thawed["inner.0.squeeze.weight"], rested["inner.0.squeeze.weight"])


def test_a_run_begins_from_an_exported_model(folder: Path, tmp_path: Path) -> None:
    train(folder, 1.0)
    words = ["start", "stop"]
    export(folder / "checkpoint.pt", tmp_path / "model", words)
    expected = folded_checkpoint(folder)
    (folder / "checkpoint.pt").unlink()
    recipe = Recipe(start_from=tmp_path / "model" / "am" / "final.mdl", batch_frames=1_000)
    network = Training(folder, recipe, SMALL, HoldOut())._network
    assert greatest_difference(network, expected) < 1e-4


def test_a_checkpoint_of_another_network_is_refused(folder: Path) -> None:
    train(folder, 0.2)
    with pytest.raises(SystemExit, match="another run"):
        train(folder, 0.4, replace(SMALL, channels=9))


def test_damaged_features_are_refused(folder: Path) -> None:
    data = folder / "features" / "features.f16"
    data.write_bytes(data.read_bytes()[:-80])
    with pytest.raises(SystemExit, match="damaged"):
        train(folder, 0.2)


def test_two_processes_train_one_network(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    recipe = Recipe(budget_s=2.0, frozen_s=1.0, batch_frames=1_000, checkpoint_s=0.5, threads=1)
    train_with(folder, recipe, SMALL, HoldOut(), processes=2)
    saved = load_checkpoint(folder / "checkpoint.pt")
    assert saved["state"]["steps"] > 0
    assert all(torch.isfinite(tensor).all() for tensor in saved["network"].values())
    assert capfd.readouterr().out.count("utterances to train on") == 1  # only one of them speaks


def test_silence_at_the_ends_is_learnt_as_silence() -> None:
    scores = torch.zeros(2, 12, PHONE_COUNT, 2)
    lengths = torch.tensor([12, 8])
    unsure = silence_loss(scores, lengths)
    scores[0, 2:9] = torch.randn(7, PHONE_COUNT, 2)  # speech, and what lies beyond an utterance's end, don't matter
    scores[1, 2:5] = torch.randn(3, PHONE_COUNT, 2)
    scores[1, 8:] = 99.0
    assert silence_loss(scores, lengths) == pytest.approx(float(unsure))
    scores[:, :, SILENCE] += 9.0
    assert silence_loss(scores, lengths) < 0.1 * unsure
    scores[1, 7, 5, 1] += 20.0  # a phone that goes on where the utterance has ended
    assert silence_loss(scores, lengths) > 0.5
