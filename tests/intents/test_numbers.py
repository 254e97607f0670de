"""Numbers as graphs of words: how likely each is."""

from __future__ import annotations

import pytest

from intents.numbers import how_often, number_graph


@pytest.mark.parametrize(("ten", "teen"), [(30, 13), (40, 14), (60, 16), (70, 17), (80, 18), (90, 19)])
def test_tens_are_as_likely_as_what_sounds_like_them(ten: int, teen: int) -> None:
    assert how_often(ten) > how_often(teen)
    graph, begin = number_graph("en", "n", None, tuple(range(1, 1000)))
    [first_of_ten], [first_of_teen] = (
        [arc.log_prob for arc in graph[begin] if any(add.amount == number for _, add in arc.tags)]  # type: ignore[union-attr]
        for number in (ten, teen)
    )
    assert first_of_ten > first_of_teen
