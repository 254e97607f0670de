"""A word is found in the dictionary's file itself: as by reading all of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.hearing.dictionary import Dictionary, Pronunciation, cmudict

PHONES = st.lists(st.sampled_from(["AA", "B", "K"]), min_size=1)
PAIRS = st.tuples(st.text(alphabet="ab'", min_size=1, max_size=3), PHONES)


@given(entries=st.lists(PAIRS), wanted=st.text(alphabet="ab'", min_size=1, max_size=3))
def test_it_finds_what_is_there_and_nothing_else(
    entries: list[tuple[str, list[str]]], wanted: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    by_word: dict[str, list[Pronunciation]] = {}
    for word, phones in entries:
        by_word.setdefault(word, []).append(tuple(phones))
    lines = [
        f"{word}{f'({number})' if number > 1 else ''} {' '.join(phones)}\n"
        for word in sorted(by_word)
        for number, phones in enumerate(by_word[word], start=1)
    ]
    path = tmp_path_factory.mktemp("dictionary") / "small.dict"
    path.write_text("".join(lines) or "b B\n", encoding="ascii")
    expected = by_word if lines else {"b": [("B",)]}
    for word in (wanted, *expected):
        assert Dictionary(path)[word] == tuple(expected.get(word, ()))


def test_every_word_of_the_real_one_is_found() -> None:
    found: dict[str, list[Pronunciation]] = {}
    for line in Path(cmudict().path).read_text(encoding="utf-8").splitlines():
        word, *phones = line.split()
        found.setdefault(re.sub(r"\(\d+\)$", "", word), []).append(tuple(phones))
    assert len(found) > 100_000
    for word in [*list(found)[::97], *list(found)[-2:]]:
        assert cmudict()[word] == tuple(found[word]), word
