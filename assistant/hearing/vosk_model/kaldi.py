"""``am/final.mdl``: the acoustic model, as much of Kaldi's format as a chain model made of our layers needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from assistant.hearing.vosk_model.kaldi_network import Activation, Bypass, Layer, Network, read_network, write_network
from assistant.hearing.vosk_model.kaldi_stream import FloatArray, KaldiFormatError, KaldiReader, KaldiWriter
from assistant.hearing.vosk_model.kaldi_transitions import (
    PhoneOutputs,
    TransitionModel,
    read_transitions,
    write_transitions,
)

__all__ = [
    "AcousticModel",
    "Activation",
    "Bypass",
    "FloatArray",
    "KaldiFormatError",
    "Layer",
    "Network",
    "PhoneOutputs",
    "TransitionModel",
    "acoustic_model_bytes",
    "read_acoustic_model",
    "read_transition_model",
]


@dataclass(frozen=True)
class AcousticModel:
    """The contents of ``am/final.mdl``.

    Attributes:
        transitions: Phones and transition-ids.
        network: The network.
        priors: Logarithm of each output's prior probability, taken off its score; shape (outputs,), or (0,) for none.
    """

    transitions: TransitionModel
    network: Network
    priors: FloatArray = field(default_factory=lambda: np.zeros(0, np.float32))


def acoustic_model_bytes(outputs: Sequence[PhoneOutputs], network: Network, priors: FloatArray | None = None) -> bytes:
    """``am/final.mdl`` for phones of one state each (chain topology).

    Args:
        outputs: One entry a phone, ids ascending; with ids 1, 2, 3 … phone k has the transition-ids 2k-1 (self-loop)
            and 2k (forward).
        network: The network.
        priors: Logarithm of each output's prior probability; None for a network trained with LF-MMI.

    Raises:
        ValueError: Phones are out of order, or a layer's shape doesn't fit its input.
    """
    _check(outputs, network)
    writer = KaldiWriter()
    write_transitions(writer, outputs)
    write_network(writer, network)
    writer.token("<LeftContext>").integer(0)  # both are computed again on loading
    writer.token("<RightContext>").integer(0)
    writer.token("<Priors>").vector(np.zeros(0, np.float32) if priors is None else priors)
    return bytes(writer.data)


def read_acoustic_model(data: bytes) -> AcousticModel:
    """Read back what `acoustic_model_bytes` writes.

    Raises:
        KaldiFormatError: The bytes are cut or altered, or hold a kind of layer that this project doesn't write.
    """
    reader = KaldiReader(data)
    transitions = read_transitions(reader)
    network = read_network(reader)
    for token in ("<LeftContext>", "<RightContext>"):
        reader.expect(token)
        reader.integer()
    reader.expect("<Priors>")
    priors = reader.vector()
    if reader.left:
        raise KaldiFormatError("there are bytes after the end of the model")
    return AcousticModel(transitions, network, priors)


def read_transition_model(data: bytes) -> TransitionModel:
    """Read the transition model that any ``final.mdl`` begins with.

    Raises:
        KaldiFormatError: The bytes are cut or altered.
    """
    return read_transitions(KaldiReader(data))


def _check(outputs: Sequence[PhoneOutputs], network: Network) -> None:
    phones = [entry.phone for entry in outputs]
    if phones != sorted(set(phones)) or not phones or phones[0] < 1:
        raise ValueError("phone ids must be ascending, each once, from 1")
    network.check()
    if max(max(entry.forward, entry.self_loop) for entry in outputs) >= (size := len(network.layers[-1].biases)):
        raise ValueError(f"a phone's output is not among the network's {size}")
