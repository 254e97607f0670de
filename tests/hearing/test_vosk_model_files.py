"""What is written is what is read back, and what is damaged is noticed."""

from __future__ import annotations

import string
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from assistant.errors import FileUnwritable
from assistant.hearing.vosk_model import (
    Bypass,
    Filler,
    Layer,
    Network,
    PhoneOutputs,
    PhoneSet,
    PronunciationMissing,
    acoustic_files,
    lexicon_graph_files,
    sentence_graph_files,
    write_model_folder,
)
from assistant.hearing.vosk_model.kaldi import (
    KaldiFormatError,
    acoustic_model_bytes,
    read_acoustic_model,
    read_transition_model,
)
from assistant.hearing.vosk_model.kaldi_network import Activation
from assistant.hearing.vosk_model.openfst import (
    EPSILON,
    Fst,
    FstArc,
    FstFormatError,
    FstTable,
    const_bytes,
    olabel_lookahead_bytes,
    read_fst,
    read_header,
)
from assistant.hearing.vosk_model.phones import UNKNOWN_WORD
from intents.graph import Arc, WordGraph
from scripts.testbed.tiny_model import sentences, spelling

PHONES = PhoneSet(tuple(string.ascii_lowercase))
WORDS = st.text("abc", min_size=1, max_size=4)

finite = st.floats(-1e6, 1e6, width=32)


@st.composite
def networks(draw: st.DrawFn) -> Network:
    inputs = input_dim = draw(st.integers(1, 4))
    layers: list[Layer] = []
    for number in range(draw(st.integers(1, 3))):
        outputs = draw(st.integers(1, 4))
        offsets = tuple(sorted(draw(st.sets(st.integers(-5, 5), min_size=1, max_size=3))))
        weights = draw(arrays(np.float32, (outputs, inputs * len(offsets)), elements=finite))
        biases = draw(arrays(np.float32, outputs, elements=finite))
        activation = draw(st.sampled_from(get_args(Activation)))
        alike = [layer.name for layer in layers if len(layer.biases) == outputs]
        bypass = (
            draw(st.none() | st.builds(Bypass, st.sampled_from(alike), st.floats(-2, 2, width=16))) if alike else None
        )
        layers.append(Layer(f"tdnn{number}.x", weights, biases, offsets, activation, bypass))
        inputs = outputs
    return Network(input_dim, tuple(layers))


@st.composite
def transducers(draw: st.DrawFn) -> Fst:
    states = draw(st.integers(1, 6))
    labels, costs, targets = st.integers(0, 9), st.floats(0, 100, width=32), st.integers(0, states - 1)
    arcs = st.builds(FstArc, labels, labels, costs, targets)
    return Fst.of(
        [sorted(draw(st.lists(arcs, max_size=5)), key=lambda arc: (arc.output, arc.input)) for _ in range(states)],
        draw(st.dictionaries(targets, costs)),
    )


def some_model() -> bytes:
    one, nothing = np.eye(3, dtype=np.float32), np.zeros(3, np.float32)
    layers = (
        Layer("first", np.hstack([one, one]), nothing, (-3, 0), "relu"),
        Layer("second", one, nothing, activation="relu", bypass=Bypass("first", 0.66)),
        Layer("last", one, nothing, activation="log_softmax"),
    )
    return acoustic_model_bytes([PhoneOutputs(1, 0, 0), PhoneOutputs(2, 1, 2)], Network(3, layers))


def some_lookahead() -> bytes:
    return lexicon_graph_files(PHONES, spelling(["stop", "start", "yes"]), 2.0)["graph/HCLr.fst"]


@settings(max_examples=30)
@given(network=networks(), phones=st.sets(st.integers(1, 200), min_size=1, max_size=6), data=st.data())
def test_an_acoustic_model_is_read_back_as_written(network: Network, phones: set[int], data: st.DataObject) -> None:
    last = len(network.layers[-1].biases)
    output = st.integers(0, last - 1)
    outputs = tuple(PhoneOutputs(phone, data.draw(output), data.draw(output)) for phone in sorted(phones))
    priors = data.draw(st.none() | arrays(np.float32, last, elements=finite))
    model = read_acoustic_model(acoustic_model_bytes(outputs, network, priors))
    assert model.transitions.outputs == outputs
    assert model.transitions.phones == tuple(sorted(phones))
    assert model.transitions.transition_ids == 2 * len(outputs)
    assert np.array_equal(model.priors, [] if priors is None else priors)
    assert model.network.input_dim == network.input_dim
    for read, written in zip(model.network.layers, network.layers, strict=True):
        assert (read.name, read.offsets, read.activation, read.bypass) == (
            written.name, written.offsets, written.activation, written.bypass,
        )  # fmt: skip
        assert np.array_equal(read.weights, written.weights)
        assert np.array_equal(read.biases, written.biases)


@pytest.mark.parametrize(
    ("outputs", "inputs"),
    [
        pytest.param([], 3, id="no phones"),
        pytest.param([PhoneOutputs(2, 0, 0), PhoneOutputs(1, 0, 0)], 3, id="out of order"),
        pytest.param([PhoneOutputs(1, 0, 3)], 3, id="no such output"),
        pytest.param([PhoneOutputs(1, 0, 0)], 4, id="weights of the wrong shape"),
    ],
)
def test_parts_that_do_not_fit_are_refused(outputs: list[PhoneOutputs], inputs: int) -> None:
    layer = Layer("only", np.eye(3, dtype=np.float32), np.zeros(3, np.float32))
    with pytest.raises(ValueError, match=r"phone|layer"):
        acoustic_model_bytes(outputs, Network(inputs, (layer,)))


@pytest.mark.parametrize("source", ["later", "narrow", "nowhere"])
def test_a_sum_with_what_does_not_fit_is_refused(source: str) -> None:
    def layer(name: str, outputs: int, inputs: int, bypass: Bypass | None = None) -> Layer:
        return Layer(name, np.ones((outputs, inputs), np.float32), np.zeros(outputs, np.float32), bypass=bypass)

    layers = (layer("narrow", 2, 3), layer("sum", 3, 2, Bypass(source, 0.5)), layer("later", 3, 3))
    with pytest.raises(ValueError, match="layer sum"):
        acoustic_model_bytes([PhoneOutputs(1, 0, 0)], Network(3, layers))


def test_a_network_for_other_features_is_refused() -> None:
    layer = Layer("only", np.eye(3, dtype=np.float32), np.zeros(3, np.float32))
    with pytest.raises(ValueError, match="40"):
        acoustic_files([PhoneOutputs(1, 0, 0)], Network(3, (layer,)))


@settings(max_examples=30)
@given(fst=transducers())
def test_a_plain_transducer_is_read_back_as_written(fst: Fst) -> None:
    table = read_fst(const_bytes(fst))
    assert table.fst() == fst
    assert table.lookahead is None


@settings(max_examples=30)
@given(fst=transducers(), data=st.data())
def test_a_lookahead_transducer_is_read_back_as_written(fst: Fst, data: st.DataObject) -> None:
    edges = st.lists(st.integers(1, 50), unique=True, max_size=6).map(sorted)
    lookahead = [
        tuple(zip(found[0::2], found[1::2], strict=False))
        for found in data.draw(st.lists(edges, min_size=fst.states, max_size=fst.states))
    ]
    table = read_fst(olabel_lookahead_bytes(fst, lookahead, 99))
    assert table.fst() == fst
    assert table.lookahead == tuple(lookahead)
    assert table.final_label == 99


def test_the_arcs_of_a_lookahead_transducer_are_sorted_by_output() -> None:
    unsorted = Fst.of([[FstArc(1, 2, 0.0, 0), FstArc(2, 1, 0.0, 0), FstArc(1, 1, 0.0, 0)]], {})
    table = read_fst(olabel_lookahead_bytes(unsorted, [[(1, 3)]], 3))
    assert table.fst().arcs() == [[FstArc(1, 1, 0.0, 0), FstArc(2, 1, 0.0, 0), FstArc(1, 2, 0.0, 0)]]


def test_sortedness_is_noted_in_the_properties() -> None:
    arcs = [FstArc(1, 1, 0.0, 0), FstArc(2, 2, 0.0, 0)]
    unsorted = read_header(const_bytes(Fst.of([reversed(arcs)], {})))
    in_order = read_header(const_bytes(Fst.of([arcs], {})))
    assert in_order.properties ^ unsorted.properties == 0x10000000 | 0x40000000


@settings(max_examples=60)
@given(cut=st.floats(0, 1, exclude_max=True))
@pytest.mark.parametrize(
    ("make", "read", "error"),
    [
        (some_model, read_acoustic_model, KaldiFormatError),
        (some_lookahead, read_fst, FstFormatError),
        (lambda: const_bytes(read_fst(some_lookahead()).fst()), read_fst, FstFormatError),
    ],
    ids=["acoustic", "lookahead", "const"],
)
def test_a_cut_file_is_noticed_wherever_it_is_cut(
    make: Callable[[], bytes], read: Callable[[bytes], object], error: type[ValueError], cut: float
) -> None:
    whole = make()
    with pytest.raises(error):
        read(whole[: int(cut * len(whole))])


@settings(max_examples=60)
@given(place=st.floats(0, 1, exclude_max=True), flip=st.integers(1, 255))
@pytest.mark.parametrize(
    ("make", "read"),
    [(some_model, read_acoustic_model), (some_model, read_transition_model), (some_lookahead, read_fst)],
    ids=["acoustic", "transitions", "lookahead"],
)
def test_an_altered_file_is_read_or_refused_and_nothing_else(
    make: Callable[[], bytes], read: Callable[[bytes], object], place: float, flip: int
) -> None:
    altered = bytearray(make())
    altered[int(place * len(altered))] ^= flip
    try:
        read(bytes(altered))
    except (KaldiFormatError, FstFormatError) as error:
        assert str(error)


@settings(max_examples=40)
@given(lexicon=st.dictionaries(WORDS, st.lists(WORDS.map(tuple), min_size=1, max_size=3), min_size=1, max_size=6))
@pytest.mark.parametrize("unknown_cost", [None, 2.0])
def test_the_lookahead_tells_what_can_be_reached(
    lexicon: dict[str, list[tuple[str, ...]]], unknown_cost: float | None
) -> None:
    table = read_fst(lexicon_graph_files(PHONES, lexicon, unknown_cost)["graph/HCLr.fst"])
    assert table.lookahead is not None
    fst = table.fst()
    arcs = fst.arcs()
    for state, intervals in enumerate(table.lookahead):
        told = {label for begin, end in intervals for label in range(begin, end)}
        assert told == _reachable(arcs, fst.finals, state, table.final_label)


@settings(max_examples=40)
@given(lexicon=st.dictionaries(WORDS, st.lists(WORDS.map(tuple), min_size=1, max_size=3), min_size=1, max_size=6))
def test_the_lexicon_spells_every_word_in_each_of_its_ways(lexicon: dict[str, list[tuple[str, ...]]]) -> None:
    files = lexicon_graph_files(PHONES, lexicon)
    found = _written(read_fst(files["graph/HCLr.fst"]), _ids(files), longest=1)
    expected: dict[tuple[str, ...], set[tuple[int, ...]]] = {
        (word,): {tuple(PHONES.in_word(word, pronunciation)) for pronunciation in pronunciations}
        for word, pronunciations in lexicon.items()
    }
    assert found == {(): {()}, **expected}


@st.composite
def word_graphs(draw: st.DrawFn) -> WordGraph:
    states = draw(st.integers(2, 4))
    words = st.none() | st.sampled_from(["ab", "ba", "c"])
    arcs = [
        Arc(source, target, draw(words), draw(st.floats(-3, 0)))
        for source, target in product(range(states), repeat=2)
        if source < target and draw(st.booleans())
    ]
    return WordGraph(states, states - 1, tuple(arcs))


@settings(max_examples=40)
@given(graph=word_graphs())
def test_a_sentence_graph_holds_exactly_the_sentences(graph: WordGraph) -> None:
    assume(graph.words)
    files = sentence_graph_files(PHONES, graph, spelling(graph.words), filler=None)
    found = _written(read_fst(files["graph/HCLG.fst"]), _ids(files), longest=4)
    expected = {words for n in range(4) for words in product(sorted(graph.words), repeat=n) if graph.accepts(words)}
    assert set(found) | {()} == expected | {()}
    for words, phones in found.items():
        assert phones == {tuple(phone for word in words for phone in PHONES.in_word(word, word))}


def test_the_filler_costs_what_it_is_told_for_each_phone() -> None:
    files = sentence_graph_files(PHONES, sentences("stop"), spelling(["stop"]), filler=Filler(7.5))
    ids = _ids(files)
    table = read_fst(files["graph/HCLG.fst"])
    assert ids[max(ids)] == UNKNOWN_WORD
    first = table.arcs[table.arcs["output"] == max(ids)]
    assert len(first) == len(PHONES.names)
    assert np.all(first["cost"] == 7.5)
    assert np.count_nonzero(table.arcs["cost"] == 7.5) == 3 * len(PHONES.names)


def test_every_way_to_say_a_word_has_its_share_of_the_cost() -> None:
    graph = WordGraph(2, 1, (Arc(0, 1, "either", -1.0),))
    files = sentence_graph_files(PHONES, graph, {"either": [("a", "b"), ("c", "d")]}, filler=None)
    arcs = read_fst(files["graph/HCLG.fst"]).arcs
    assert np.count_nonzero(np.isclose(arcs["cost"], 1.0 + np.log(2))) == 2


def test_what_is_left_of_a_word_is_another_way_to_it_and_marked() -> None:
    drowned: dict[str, list[tuple[str, ...]]] = {"stop": [("t", "o", "p")], "else": [("e",)]}
    files = sentence_graph_files(PHONES, sentences("stop it"), spelling(["stop", "it"]), None, drowned=drowned)
    found = _written(read_fst(files["graph/HCLG.fst"]), _ids(files), longest=3)
    it = PHONES.in_word("it", "it")
    assert {words: phones for words, phones in found.items() if words} == {
        ("stop", "it"): {(*PHONES.in_word("stop", "stop"), *it)},
        ("stop~", "it"): {(*PHONES.in_word("stop", "top"), *it)},
    }


@pytest.mark.parametrize("pronunciations", [{}, {"stop": []}, {"stop": [()]}, {"stop": [("s", "@")]}])
def test_a_word_that_cannot_be_said_names_itself(pronunciations: dict[str, list[tuple[str, ...]]]) -> None:
    with pytest.raises(PronunciationMissing, match="'stop'"):
        sentence_graph_files(PHONES, sentences("stop"), pronunciations, filler=None)
    if pronunciations:
        with pytest.raises(PronunciationMissing, match="'stop'"):
            lexicon_graph_files(PHONES, pronunciations)


def test_a_folder_is_replaced_as_a_whole(tmp_path: Path) -> None:
    folder = tmp_path / "models" / "mine"
    write_model_folder(folder, {"conf/old.conf": b"old"}, {"am/final.mdl": b"1"})
    write_model_folder(folder, {"am/final.mdl": b"2"})
    assert [path.name for path in folder.rglob("*") if path.is_file()] == ["final.mdl"]
    assert (folder / "am/final.mdl").read_bytes() == b"2"
    assert list(folder.parent.iterdir()) == [folder]


def test_a_folder_that_cannot_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    write_model_folder(folder, {"am/final.mdl": b"1"})
    with pytest.raises(FileUnwritable, match="mine"):
        write_model_folder(folder, {"am": b"a file where a folder must be"}, {"am/final.mdl": b"2"})
    assert (folder / "am/final.mdl").read_bytes() == b"1"
    assert list(tmp_path.iterdir()) == [folder]


def _ids(files: dict[str, bytes]) -> dict[int, str]:
    lines = [line.split() for line in files["graph/words.txt"].decode().splitlines()]
    return {int(number): word for word, number in lines if word != "<eps>"}


def _reachable(arcs: list[list[FstArc]], finals: dict[int, float], state: int, final_label: int) -> set[int]:
    """Output labels that can be written first from a state, and whether the end can be reached without any."""
    labels, seen, todo = set(), {state}, [state]
    while todo:
        here = todo.pop()
        if here in finals:
            labels.add(final_label)
        for arc in arcs[here]:
            if arc.output != EPSILON:
                labels.add(arc.output)
            elif arc.target not in seen:
                seen.add(arc.target)
                todo.append(arc.target)
    return labels


def _written(table: FstTable, ids: dict[int, str], longest: int) -> dict[tuple[str, ...], set[tuple[int, ...]]]:
    """Every sentence of so many words at most, with the phones that it is spoken in, silence left out."""
    fst = table.fst()
    arcs = fst.arcs()
    found: dict[tuple[str, ...], set[tuple[int, ...]]] = {}
    seen = set()
    todo: list[tuple[int, tuple[str, ...], tuple[int, ...]]] = [(table.start, (), ())]
    while todo:
        here = state, words, phones = todo.pop()
        if here in seen:
            continue
        seen.add(here)
        if state in fst.finals:
            found.setdefault(words, set()).add(phones)
        for arc in arcs[state]:
            said = (*words, ids[arc.output]) if arc.output else words
            entered = arc.input and arc.input % 2 == 0 and arc.input // 2 != 1
            spoken = (*phones, arc.input // 2) if entered else phones
            if len(said) <= longest and len(spoken) <= 4 * longest:
                todo.append((arc.target, said, spoken))
    return found
