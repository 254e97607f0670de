"""What other makers' networks say of themselves is understood, or refused with a reason."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.hearing.vosk_model.kaldi_network import read_network
from assistant.hearing.vosk_model.kaldi_nnet3 import KINDS, Term, read_nnet3, read_source
from assistant.hearing.vosk_model.kaldi_stream import KaldiFormatError, KaldiReader, KaldiWriter


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("input", ((Term("input"),),)),
        ("Offset(input, -3)", ((Term("input", -3),),)),
        ("Append(Offset(input, -1), input)", ((Term("input", -1),), (Term("input"),))),
        ("Sum(Scale(0.66, a.noop), b)", ((Term("a.noop", 0, 0.66), Term("b")),)),
        ("Offset(Sum(a, Offset(b, 1)), 2)", ((Term("a", 2), Term("b", 3)),)),
        ("Append(x, ReplaceIndex(ivector, t, 0))", ((Term("x"),), (Term("ivector", once=True),))),
        ("Scale(-1e-2, Append(a, b))", ((Term("a", 0, -0.01),), (Term("b", 0, -0.01),))),
    ],
)
def test_what_a_node_takes_in(text: str, source: object) -> None:
    assert read_source(text) == source


@pytest.mark.parametrize(
    "text",
    [
        "", "Append(a, b", "Append(a b)", "a, b", "Offset(a, b)", "Scale(a, b)", "Sum(Append(a, b), c)", "Sum(a)",
        "Failover(a, b)", "IfDefined(a)", "ReplaceIndex(a, x, 0)", "Offset(a)", "a)", "Append()",
    ],
)  # fmt: skip
def test_what_cannot_be_told_is_refused(text: str) -> None:
    with pytest.raises(KaldiFormatError):
        read_source(text)


def network(lines: list[str], components: KaldiWriter) -> KaldiReader:
    writer = KaldiWriter().token("<Nnet3>")
    writer.lines(lines).token("<NumComponents>").integer(components.data.count(b"<ComponentName>"))
    writer.data += components.data
    return KaldiReader(bytes(writer.token("</Nnet3>").data))


def affine(name: str, size: int = 2) -> KaldiWriter:
    writer = KaldiWriter(mark=False).token("<ComponentName>").token(name).token("<FixedAffineComponent>")
    writer.token("<LinearParams>").matrix(np.eye(size, dtype=np.float32))
    return writer.token("<BiasParams>").vector(np.zeros(size, np.float32)).token("</FixedAffineComponent>")


def test_a_component_is_read_field_by_field() -> None:
    writer = KaldiWriter(mark=False).token("<ComponentName>").token("x").token("<BatchNormComponent>")
    writer.token("<Dim>").integer(2).token("<Epsilon>").real(0.25).token("<TestMode>")
    writer.data += b"F"
    writer.token("<Count>")
    writer.data += b"\x08" + np.float64(7.0).tobytes()
    writer.token("<StatsMean>").vector(np.array([1.0, 2.0], np.float32)).token("</BatchNormComponent>")
    nnet = read_nnet3(network(["input-node name=input dim=2", "component-node name=x component=x input=input"], writer))
    component = nnet.components["x"]
    assert (component.number("<Epsilon>"), component.number("<Count>")) == (0.25, 7.0)
    assert component.fields["<TestMode>"] is False
    assert component.array("<StatsMean>").tolist() == [1.0, 2.0]
    with pytest.raises(KaldiFormatError, match="StatsVar"):
        component.array("<StatsVar>")
    with pytest.raises(KaldiFormatError, match="TestMode"):
        component.number("<TestMode>")


def unknown(kind: str, field: str) -> KaldiWriter:
    writer = KaldiWriter(mark=False).token("<ComponentName>").token("x").token(f"<{kind}>")
    return writer.token(field).integer(2).token(f"</{kind}>")


@pytest.mark.parametrize(
    ("lines", "components", "why"),
    [
        ([], unknown("LstmNonlinearityComponent", "<Dim>"), "Lstm"),
        ([], unknown("NoOpComponent", "<Memory>"), "Memory"),
        (["component-node name=x component=y input=input"], affine("x"), "no component"),
        (["dim-range-node name=x dim=2"], affine("x"), "dim-range"),
        (["component-node component=x input=input"], affine("x"), "no name"),
    ],
)
def test_unknown_parts_are_named(lines: list[str], components: KaldiWriter, why: str) -> None:
    with pytest.raises(KaldiFormatError, match=why):
        read_nnet3(network(["input-node name=input dim=2", *lines], components))


CHAIN = "component-node name=a.affine component=a.affine input=input"


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ([CHAIN, "component-node name=b.affine component=b.affine input=input"], "before it"),
        ([CHAIN, "component-node name=b.affine component=b.affine input=Scale(2.0, a.affine)"], "before it"),
        ([CHAIN, "component-node name=b.affine component=b.affine input=Sum(a.affine, input)"], "before it"),
        ([CHAIN, "component-node name=b.sum component=no input=Sum(Scale(0.5, a.affine), a.affine)"], "go with"),
        ([CHAIN, "component-node name=a.sum component=no input=Sum(Scale(0.5, input), a.affine)"], "not known"),
        ([CHAIN, "component-node name=a.sum component=no input=Scale(0.5, a.affine)"], "take in its layer"),
        ([CHAIN, "output-node name=output input=input objective=linear"], "output"),
        (["component-node name=a.sum component=no input=input"], "begins"),
        (["input-node name=ivector dim=3"], "one input"),
    ],
)
def test_networks_that_are_not_built_like_ours_are_refused(lines: list[str], why: str) -> None:
    components = affine("a.affine")
    components.data += affine("b.affine").data
    components.token("<ComponentName>").token("no").token("<NoOpComponent>").token("<Dim>").integer(2)
    components.token("<BackpropScale>").real(1.0).token("</NoOpComponent>")
    with pytest.raises(KaldiFormatError, match=why):
        read_network(network(["input-node name=input dim=2", *lines], components))


def test_every_kind_that_is_known_has_an_end_of_its_own() -> None:
    for kind in KINDS:
        writer = KaldiWriter(mark=False).token("<ComponentName>").token("x").token(f"<{kind}>").token("</Other>")
        with pytest.raises(KaldiFormatError, match="Other"):
            read_nnet3(network(["input-node name=input dim=2"], writer))
