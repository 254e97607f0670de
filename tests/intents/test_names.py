"""Names of one's own: a template that leaves something to be said, or a reason why not."""

from __future__ import annotations

import pytest

from intents.names import words_of_name
from intents.tagged_graph import Unspeakable


@pytest.mark.parametrize(
    "name",
    ["evening ]", "(x", "x)", "()", "[]", "][", "a [b", "((a)", "", " "],
)
def test_brackets_out_of_order_are_none(name: str) -> None:
    with pytest.raises(Unspeakable, match="brackets"):
        words_of_name(name, "en")


@pytest.mark.parametrize("name", ["[evening]", "|", "(|)", "(a|)", "a||b", "[a] [b]", "[[a]]", "'", "' '"])
def test_what_may_be_left_out_as_a_whole_is_none(name: str) -> None:
    with pytest.raises(Unspeakable, match="left out"):
        words_of_name(name, "en")


@pytest.mark.parametrize("name", ["{room}", "<the> evening"])
def test_lists_and_rules_are_not_there(name: str) -> None:
    with pytest.raises(Unspeakable):
        words_of_name(name, "en")


@pytest.mark.parametrize("name", ["(a|b)" * 8, "(a|b)" * 39, "[a][b][c]x" * 19, "a" * 201, "\u0301\u0301"])
def test_what_nobody_could_listen_for_is_none(name: str) -> None:
    with pytest.raises(Unspeakable):
        words_of_name(name, "en")


def test_quotes_round_a_word_are_not_part_of_it() -> None:
    assert words_of_name("the boys' [evening|night] 'em ' can't", "en") == {
        *("the", "boys", "evening", "night", "em", "can't"),
    }
