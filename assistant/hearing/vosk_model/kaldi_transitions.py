"""The transition model: which phones there are, and which of the network's outputs score them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assistant.hearing.vosk_model.kaldi_stream import KaldiFormatError, KaldiReader, KaldiWriter


@dataclass(frozen=True, slots=True)
class PhoneOutputs:
    """Which outputs of the network score a phone.

    Attributes:
        phone: Phone id, from 1.
        forward: Output for the phone's first frame, from 0.
        self_loop: Output for each further frame; may be the same one.
    """

    phone: int
    forward: int
    self_loop: int


@dataclass(frozen=True)
class TransitionModel:
    """What is read of a transition model of any topology.

    Attributes:
        phones: All phone ids, ascending.
        transition_ids: Number of transition-ids; they count from 1.
        outputs: Per context-dependent phone state: its phone id and its outputs, in the order of transition-ids.
    """

    phones: tuple[int, ...]
    transition_ids: int
    outputs: tuple[PhoneOutputs, ...]


def write_transitions(writer: KaldiWriter, outputs: Sequence[PhoneOutputs]) -> None:
    """Write the transition model of phones with one state each (chain topology)."""
    phones = [entry.phone for entry in outputs]
    topology_of_phone = [-1] * (phones[-1] + 1)
    for phone in phones:
        topology_of_phone[phone] = 0
    writer.token("<TransitionModel>").token("<Topology>").integers(phones).integers(topology_of_phone)
    writer.integer(-1)  # a state has separate classes for its forward transition and its self-loop
    writer.integer(1).integer(2)  # one topology of two states
    writer.integer(0).integer(1)  # the emitting state's two classes
    writer.integer(2).integer(0).real(0.5).integer(1).real(0.5)  # it stays or goes on, both at one half
    writer.integer(-1).integer(-1).integer(0)  # the final state
    writer.token("</Topology>").token("<Tuples>").integer(len(outputs))
    for entry in outputs:
        writer.integer(entry.phone).integer(0).integer(entry.forward).integer(entry.self_loop)
    writer.token("</Tuples>").token("<LogProbs>")
    log_probs = np.full(1 + 2 * len(outputs), np.log(0.5), np.float32)
    log_probs[0] = 0.0
    writer.vector(log_probs).token("</LogProbs>").token("</TransitionModel>")


def read_transitions(reader: KaldiReader) -> TransitionModel:
    """Read a transition model of any topology; raises `KaldiFormatError`."""
    reader.expect("<TransitionModel>")
    reader.expect("<Topology>")
    phones = reader.integers()
    topology_of_phone = reader.integers()
    topologies = reader.integer()
    has_self_loop_class = topologies == -1
    if has_self_loop_class:
        topologies = reader.integer()
    transitions_of_state = [_read_topology(reader, has_self_loop_class) for _ in range(topologies)]
    reader.expect("</Topology>")
    kind = reader.expect("<Tuples>", "<Triples>")
    outputs = []
    transition_ids = 0
    for _ in range(reader.integer()):
        phone, state, forward_output = reader.integer(), reader.integer(), reader.integer()
        self_loop_output = reader.integer() if kind == "<Tuples>" else forward_output
        outputs.append(PhoneOutputs(phone, forward_output, self_loop_output))
        topology = topology_of_phone[phone] if 0 < phone < len(topology_of_phone) else -1
        if not (0 <= topology < topologies and 0 <= state < len(transitions_of_state[topology])):
            raise KaldiFormatError(f"phone {phone} has no state {state}")
        transition_ids += transitions_of_state[topology][state]
    reader.expect(kind.replace("<", "</"))
    reader.expect("<LogProbs>")
    if len(reader.vector()) != transition_ids + 1:
        raise KaldiFormatError("there is not one probability for each transition")
    reader.expect("</LogProbs>")
    reader.expect("</TransitionModel>")
    return TransitionModel(tuple(phones), transition_ids, tuple(outputs))


def _read_topology(reader: KaldiReader, has_self_loop_class: bool) -> list[int]:
    """The number of transitions out of each state."""
    transitions = []
    for _ in range(reader.integer()):
        reader.integer()
        if has_self_loop_class:
            reader.integer()
        count = reader.integer()
        for _ in range(count):
            reader.integer()
            reader.real()
        transitions.append(count)
    return transitions
