"""A network that goes on from an exported model does at first what the model does."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is only in the training's own environment")

from assistant.hearing.vosk_model import Network  # noqa: E402
from assistant.hearing.vosk_model.kaldi import acoustic_model_bytes  # noqa: E402
from scripts.train_model.export import folded, phone_outputs, scores  # noqa: E402
from scripts.train_model.network import Shape, Tdnn  # noqa: E402
from scripts.train_model.start import start_from  # noqa: E402

SHAPE = Shape(channels=12, deep_layers=2)


def made(seed: int) -> Tdnn:
    """A network with weights and statistics by chance."""
    torch.manual_seed(seed)
    network = Tdnn(SHAPE)
    network.mean.normal_()
    network.deviation.uniform_(0.5, 3.0)
    torch.nn.init.normal_(network.output.weight)
    network.train()
    for _ in range(5):
        network(torch.randn(4, 60 + 2 * SHAPE.context, SHAPE.inputs) * network.deviation + network.mean)
    network.eval()
    return network


def exported(network: Tdnn, folder: Path) -> Network:
    plain = folded(network)
    (folder / "am").mkdir()
    (folder / "am" / "final.mdl").write_bytes(acoustic_model_bytes(phone_outputs(), plain))
    return plain


def test_it_gives_what_the_model_gives_also_with_the_statistics_of_a_batch(tmp_path: Path) -> None:
    before = made(1)
    plain = exported(before, tmp_path)
    samples = [np.random.default_rng(n).normal(0.5, 2.0, (300, SHAPE.inputs)).astype(np.float32) for n in range(8)]
    network = made(2)
    start_from(network, tmp_path, samples)
    expected = scores(plain, samples[0], 100)
    np.testing.assert_allclose(scores(folded(network), samples[0], 100), expected, atol=1e-3)
    network.train()
    context = SHAPE.context
    batch = np.stack([s[np.clip(np.arange(-context, 300 + context), 0, 299)] for s in samples])
    found = network(torch.from_numpy(batch))[0].detach().flatten(1).numpy()
    assert np.abs(found - expected).mean() < 0.1 * np.abs(expected).std()


def test_another_shape_is_refused(tmp_path: Path) -> None:
    exported(made(1), tmp_path)
    with pytest.raises(SystemExit, match="--channels"):
        start_from(Tdnn(Shape(channels=8, deep_layers=2)), tmp_path, [])
