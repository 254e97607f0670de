"""What is exported gives what was trained, and the real libvosk loads it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is only in the training's own environment")

from assistant.hearing.recogniser import Final  # noqa: E402
from assistant.hearing.vosk.compiled_sentences import CompiledSentences  # noqa: E402
from assistant.hearing.vosk.recogniser import VoskRecogniser  # noqa: E402
from assistant.hearing.vosk_model.kaldi import read_acoustic_model  # noqa: E402
from assistant.hearing.vosk_model.model_check import check_model  # noqa: E402
from scripts.benchmarks.recordings import one_of  # noqa: E402
from scripts.train_model.export import export, folded, greatest_difference, phone_outputs  # noqa: E402
from scripts.train_model.network import TdnnF  # noqa: E402
from scripts.train_model.shape import PHONE_COUNT, Shape  # noqa: E402

SMALL = Shape(channels=12, bottleneck=4, layers=7, hidden=6)
SHAPES = [SMALL, replace(SMALL, backward_layers=2), replace(SMALL, layers=6, backward_head=True)]


def made(shape: Shape) -> TdnnF:
    """A small network with weights and statistics of every size."""
    torch.manual_seed(3)
    network = TdnnF(shape)
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.normal_(0.0, 0.3)
        for tensor in (network.scale, *(layer.scale for layer in network.inner), network.norm.running_var):
            tensor.uniform_(0.2, 3.0)
        network.norm.running_mean.normal_()
    network.eval()
    return network


@pytest.fixture
def network() -> TdnnF:
    return made(SMALL)


def save(network: TdnnF, path: Path) -> Path:
    torch.save({"network": network.state_dict(), "shape": network.shape.as_dict()}, path)
    return path


@pytest.mark.parametrize("shape", SHAPES, ids=["both ways", "upper layers look back", "head looks back"])
def test_folding_the_normalisation_changes_nothing(shape: Shape) -> None:
    network = made(shape)
    plain = folded(network)
    assert greatest_difference(network, plain) < 1e-4
    offsets = [layer.offsets for layer in plain.layers]
    context = (-sum(min(each) for each in offsets), sum(max(each) for each in offsets))
    assert context == shape.context


def test_looking_back_only_needs_less_of_what_is_still_to_come() -> None:
    contexts = [shape.context for shape in (Shape(), Shape(backward_layers=2), Shape(backward_head=True))]
    assert contexts == [(28, 28), (34, 22), (31, 25)]


def test_a_wrong_export_is_noticed(network: TdnnF) -> None:
    plain = folded(network)
    plain.layers[1].biases[:] += 9.0
    assert greatest_difference(network, plain) > 1e-2


def test_the_network_gives_one_output_for_three_frames(network: TdnnF) -> None:
    features = torch.zeros(2, 30 + sum(SMALL.context), SMALL.inputs)
    assert network(features).shape == (2, 10, PHONE_COUNT, 2)


def test_every_output_belongs_to_a_phone() -> None:
    outputs = phone_outputs()
    assert [entry.phone for entry in outputs] == list(range(1, len(outputs) + 1))
    assert {entry.forward for entry in outputs} | {entry.self_loop for entry in outputs} == set(range(2 * PHONE_COUNT))


def test_libvosk_decodes_with_the_exported_model(network: TdnnF, tmp_path: Path) -> None:
    export(save(network, tmp_path / "checkpoint.pt"), tmp_path / "model", ["start", "stop", "sciatic"])
    model = read_acoustic_model((tmp_path / "model" / "am" / "final.mdl").read_bytes())
    check_model(tmp_path / "model", tmp_path / "passed")
    assert model.network.layers[-1].weights.shape[0] == 2 * PHONE_COUNT
    recogniser = VoskRecogniser(CompiledSentences(tmp_path / "model", tmp_path / "graphs"))
    recogniser.listen_for(one_of(["start", "stop now"]))
    sound = np.random.default_rng(0).normal(0, 3_000, 8_000).astype(np.int16)
    answers = [*recogniser.accept(sound), *recogniser.flush()]
    assert [type(answer) for answer in answers][-1:] in ([], [Final])
    recogniser.close()
