"""The step ``export``: from a checkpoint to a folder that the unchanged vosk loads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
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
    Bypass,
    Decoding,
    Layer,
    Network,
    PhoneOutputs,
    PhoneSet,
    acoustic_files,
    lexicon_graph_files,
    write_model_folder,
)
from assistant.hearing.vosk_model.kaldi import Activation
from assistant.hearing.vosk_model.phones import POSITIONS, SILENCE
from scripts.train_model.common_words import common_words_text, word_pairs
from scripts.train_model.features import FEATURES
from scripts.train_model.network import Affine, TdnnF
from scripts.train_model.plain_network import heard
from scripts.train_model.shape import BYPASS, SUBSAMPLING, Shape
from scripts.train_model.texts import command_words, everyday_words
from scripts.train_model.training import load_checkpoint

Doubles = npt.NDArray[np.float64]

PHONE_SET = PhoneSet(PHONES)
UNKNOWN_COST = 3.5
"""What each phone of ``[unk]`` costs in the graph for grammars at run time."""

DECODING = Decoding(endpointing=ENDPOINTING)
"""Commands are short: half a second of silence ends one, and "start … sciatic" is given time to go on."""

_LARGEST_DIFFERENCE = 1e-4
_TRIED_SPREAD = 10.0  # about that of the features


def phone_outputs() -> list[PhoneOutputs]:
    """Output 2k is phone k's first frame, 2k+1 each further one; a phone sounds alike wherever it is in a word."""
    outputs = [PhoneOutputs(SILENCE, 0, 1)]
    for number, name in enumerate(PHONES, 1):
        outputs += [PhoneOutputs(PHONE_SET.phone_id(name, place), 2 * number, 2 * number + 1) for place in POSITIONS]
    return outputs


def folded(network: TdnnF) -> Network:
    """The network as plain layers and sums: each normalisation is worked into the matrices beside it."""
    first, *inner, hidden = network.folded()
    layers = [_layer("tdnn1", first, "relu")]
    for number, (squeeze, spread) in enumerate(zip(inner[::2], inner[1::2], strict=True), 2):
        bypass = Bypass(layers[-1].name, BYPASS)
        layers.append(_layer(f"tdnnf{number}.linear", squeeze))
        layers.append(replace(_layer(f"tdnnf{number}", spread, "relu"), bypass=bypass))
    layers.append(_layer("hidden", hidden, "relu"))
    norm = network.norm
    scale = _array(norm.weight) / np.sqrt(_array(norm.running_var) + norm.eps)
    shift = _array(norm.bias) - _array(norm.running_mean) * scale
    weights = _array(network.output.weight)
    biases = _array(network.output.bias) + weights @ shift
    layers.append(Layer("output", (weights * scale).astype(np.float32), biases.astype(np.float32)))
    return Network(network.shape.inputs, tuple(layers))


def greatest_difference(network: TdnnF, plain: Network) -> float:
    """How far torch and the folded layers are apart on random features, relative to the largest score (at least 1)."""
    frames = 90
    features = np.random.default_rng(0).normal(0.0, _TRIED_SPREAD, (frames, network.shape.inputs)).astype(np.float32)
    before, after = network.shape.context
    padded = features[np.clip(np.arange(-before, frames + after), 0, frames - 1)]
    network.eval()
    with torch.no_grad():
        expected = network(torch.from_numpy(padded)[None])[0].flatten(1).numpy()
    apart = np.abs(heard(plain, features, frames // SUBSAMPLING).numpy() - expected).max()
    return float(apart / max(1.0, np.abs(expected).max()))


def export(checkpoint: Path, folder: Path, words: Iterable[str] | None = None) -> None:
    """Write a model folder.

    Args:
        checkpoint: What training saved.
        folder: The folder to write; replaced if it is there.
        words: What the graph for run-time grammars knows; None for the words of our sentences and everything that
            people say, and which of it follows which.

    Raises:
        SystemExit: The exported layers don't give what the trained network gives.
    """
    saved = load_checkpoint(checkpoint)
    network = TdnnF(Shape(**saved["shape"]))
    network.load_state_dict(saved["network"])
    plain = folded(network)
    difference = greatest_difference(network, plain)
    if not difference < _LARGEST_DIFFERENCE:
        raise SystemExit(f"The exported network differs from the trained one by {difference:.2g}.")
    files = acoustic_files(phone_outputs(), plain, FEATURES, DECODING)
    common, usual = common_words_text(), None
    if words is None:
        words = command_words() | {word for theme in everyday_words().values() for word in theme}
        words |= {line.split()[0] for line in common.splitlines()}
        usual = word_pairs(words)
    files |= lexicon_graph_files(PHONE_SET, pronounce_all(sorted(words)), UNKNOWN_COST, usual=usual)
    files[COMMON_WORDS] = common.encode("ascii")
    files[PHONES_FILE] = "".join(f"{name}\n" for name in PHONES).encode("ascii")
    write_model_folder(folder, files, {CHECKSUMS: checksums_text(files.items()).encode("ascii")})
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    print(f"{folder}: {size / 1e6:.1f} MB, differs from torch by {difference:.1e}", flush=True)


def _layer(name: str, affine: Affine, activation: Activation = "none") -> Layer:
    weights, biases = (_array(tensor).astype(np.float32) for tensor in affine[:2])
    return Layer(name, weights, biases, affine.offsets, activation)


def _array(tensor: object) -> Doubles:
    assert isinstance(tensor, torch.Tensor)
    array: Doubles = tensor.detach().double().numpy()
    return array
