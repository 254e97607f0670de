"""Arcs in columns, against the same arcs as objects."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intents.arc_table import ArcTable
from intents.graph import Arc, WordGraph
from intents.tagged_graph import INTENT, TaggedArc

WORDS = st.sampled_from([None, "stop", "go", "a", "zebra"])
TAGS = st.sampled_from([(), ((INTENT, "Stop"),), ((INTENT, "Go"), ("n", 1))])
LEAVING = st.lists(
    st.builds(TaggedArc, st.integers(0, 5), WORDS, st.floats(-9.0, 0.0), TAGS, st.booleans()), max_size=6
)


@given(arcs=st.lists(LEAVING, min_size=1, max_size=6))
def test_every_arc_is_found_again_where_it_was(arcs: list[list[TaggedArc]]) -> None:
    table = ArcTable(arcs)
    flat = [Arc(source, arc.target, arc.word, arc.log_prob) for source, leaving in enumerate(arcs) for arc in leaving]
    assert (table.states, len(table)) == (len(arcs), len(flat))
    assert sorted(table, key=repr) == sorted(flat, key=repr)
    assert [table[at] for at in range(len(table))] == list(table) == list(table[:])
    for state, leaving in enumerate(arcs):
        for word in (None, "stop", "go", "a", "zebra", "never"):
            assert list(table.leaving(state, word)) == [arc for arc in leaving if arc.word == word]


@given(arcs=st.lists(LEAVING, min_size=1, max_size=6), other=st.lists(LEAVING, min_size=1, max_size=6))
def test_equal_graphs_have_equal_fingerprints_and_others_have_not(
    arcs: list[list[TaggedArc]], other: list[list[TaggedArc]]
) -> None:
    one, same, another = (WordGraph(len(each), 1, ArcTable(each)) for each in (arcs, arcs, other))
    assert (one, hash(one), one.fingerprint) == (same, hash(same), same.fingerprint)
    assert (one == another) == (one.fingerprint == another.fingerprint)


def test_there_is_nothing_behind_the_last_arc() -> None:
    with pytest.raises(IndexError):
        ArcTable([[TaggedArc(0, "stop", 0.0)]])[1]
