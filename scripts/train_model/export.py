"""The step ``export``: from a checkpoint to a folder that the unchanged vosk loads."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from assistant.hearing.pronunciation import PHONES, pronounce_all
from assistant.hearing.vosk.compiled_sentences import COMMON_WORDS
from assistant.hearing.vosk.compiled_sentences import PHONES as PHONES_FILE
from assistant.hearing.vosk.graph_cache import CHECKSUMS, checksums_text
from assistant.hearing.vosk_model import (
    ENDPOINTING,
    Decoding,
    Layer,
    Network,
    PhoneOutputs,
    PhoneSet,
    acoustic_files,
    lexicon_graph_files,
    write_model_folder,
)
from assistant.hearing.vosk_model.phones import POSITIONS, SILENCE
from scripts.train_model.common_words import common_words_text
from scripts.train_model.features import FEATURES
from scripts.train_model.network import SUBSAMPLING, Shape, Tdnn
from scripts.train_model.texts import command_words, everyday_words
from scripts.train_model.training import load_checkpoint

Doubles = npt.NDArray[np.float64]
Floats = npt.NDArray[np.float32]

PHONE_SET = PhoneSet(PHONES)
UNKNOWN_COST = 3.5
"""What each phone of ``[unk]`` costs in the graph for grammars at run time."""

DECODING = Decoding(endpointing=ENDPOINTING)
"""Commands are short: half a second of silence ends one, and "start … sciatic" is given time to go on."""

_LARGEST_DIFFERENCE = 1e-3


def phone_outputs() -> list[PhoneOutputs]:
    """Output 2k is phone k's first frame, 2k+1 each further one; a phone sounds alike wherever it is in a word."""
    outputs = [PhoneOutputs(SILENCE, 0, 1)]
    for number, name in enumerate(PHONES, 1):
        outputs += [PhoneOutputs(PHONE_SET.phone_id(name, place), 2 * number, 2 * number + 1) for place in POSITIONS]
    return outputs


def folded(network: Tdnn) -> Network:
    """The network as plain layers: each normalisation is worked into the matrix that comes after it."""
    scale = (1.0 / network.deviation.double()).numpy()
    shift = (-network.mean.double()).numpy() * scale
    layers = []
    for number, (affine, norm) in enumerate(zip(network.affine, network.norm, strict=True), 1):
        offsets = network.shape.offsets[number - 1]
        weights, biases = _absorbed(affine, scale, shift, len(offsets))
        layers.append(Layer(f"tdnn{number}", weights, biases, offsets, "relu"))
        spread = np.sqrt(_array(norm.running_var) + norm.eps)
        scale = _array(norm.weight) / spread
        shift = _array(norm.bias) - _array(norm.running_mean) * scale
    weights, biases = _absorbed(network.output, scale, shift, 1)
    layers.append(Layer("output", weights, biases))
    return Network(network.shape.inputs, tuple(layers))


def scores(network: Network, features: npt.NDArray[np.float32], outputs: int) -> npt.NDArray[np.float64]:
    """What a folded network gives, in plain numpy, for comparison.

    Args:
        network: The layers.
        features: Shape (frames, inputs); the first and last frame are repeated as far as need be.
        outputs: How many output frames, each three input frames after the other.
    """
    context = sum(max(layer.offsets) for layer in network.layers)
    places = np.clip(np.arange(-context, SUBSAMPLING * outputs + context), 0, len(features) - 1)
    inner: Doubles = features[places].astype(np.float64)
    for layer in network.layers:
        lowest, highest = min(layer.offsets), max(layer.offsets)
        count = len(inner) - (highest - lowest)
        spliced = np.concatenate([inner[offset - lowest : offset - lowest + count] for offset in layer.offsets], 1)
        inner = spliced @ layer.weights.astype(np.float64).T + layer.biases
        if layer.activation == "relu":
            inner = np.maximum(inner, 0.0)
    return inner[: SUBSAMPLING * outputs : SUBSAMPLING]


def greatest_difference(network: Tdnn, plain: Network) -> float:
    """How far torch and the folded layers are apart on random features."""
    frames = 90
    random = np.random.default_rng(0)
    features = network.mean.numpy() + network.deviation.numpy() * random.normal(size=(frames, network.shape.inputs))
    features = features.astype(np.float32)
    context = network.shape.context
    padded = features[np.clip(np.arange(-context, frames + context), 0, frames - 1)]
    network.eval()
    with torch.no_grad():
        expected = network(torch.from_numpy(padded)[None])[0].flatten(1).numpy()
    return float(np.abs(scores(plain, features, frames // SUBSAMPLING) - expected).max())


def export(checkpoint: Path, folder: Path, words: Iterable[str] | None = None) -> None:
    """Write a model folder.

    Args:
        checkpoint: What training saved.
        folder: The folder to write; replaced if it is there.
        words: What the graph for run-time grammars knows; None for all words of our sentences and everyday words.

    Raises:
        SystemExit: The exported layers don't give what the trained network gives.
    """
    saved = load_checkpoint(checkpoint)
    network = Tdnn(Shape(**saved["shape"]))
    network.load_state_dict(saved["network"])
    plain = folded(network)
    difference = greatest_difference(network, plain)
    if not difference < _LARGEST_DIFFERENCE:
        raise SystemExit(f"The exported network differs from the trained one by {difference:.2g}.")
    if words is None:
        words = command_words() | {word for theme in everyday_words().values() for word in theme}
    files = acoustic_files(phone_outputs(), plain, FEATURES, DECODING)
    files |= lexicon_graph_files(PHONE_SET, pronounce_all(sorted(words)), UNKNOWN_COST)
    files[COMMON_WORDS] = common_words_text().encode("ascii")
    files[PHONES_FILE] = "".join(f"{name}\n" for name in PHONES).encode("ascii")
    write_model_folder(folder, files, {CHECKSUMS: checksums_text(files.items()).encode("ascii")})
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    print(f"{folder}: {size / 1e6:.1f} MB, differs from torch by {difference:.1e}", flush=True)


def _absorbed(affine: torch.nn.Module, scale: Doubles, shift: Doubles, copies: int) -> tuple[Floats, Floats]:
    """An affine layer whose input is first scaled and shifted, as one affine layer."""
    weights, biases = _array(affine.weight), _array(affine.bias)
    new = biases + weights @ np.tile(shift, copies)
    return (weights * np.tile(scale, copies)).astype(np.float32), new.astype(np.float32)


def _array(tensor: object) -> Doubles:
    assert isinstance(tensor, torch.Tensor)
    array: Doubles = tensor.detach().double().numpy()
    return array
