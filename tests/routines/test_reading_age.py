"""The grade of known texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.commands.routines.check import syllables
from assistant.routines.reading_age import grade


@pytest.mark.parametrize(
    ("word", "count"), [("knee", 1), ("elbow", 2), ("comfortable", 4), ("sciatic", 4), ("emergency", 4), ("the", 1)]
)
def test_syllables_are_those_that_are_spoken(word: str, count: int) -> None:
    assert abs(syllables(word) - count) <= (1 if word in {"comfortable", "sciatic"} else 0)


def test_the_formula_is_the_known_one() -> None:
    # 6 words, 1 sentence, 6 syllables: 0.39 * 6 + 11.8 * 1 - 15.59
    assert grade("The cat sat on the mat.", syllables) == pytest.approx(-1.45)


def test_long_words_and_long_sentences_are_harder() -> None:
    plain = "Lie down. Bend your knees. Breathe."
    hard = "Assume a comfortable supine position with both knees flexed while maintaining diaphragmatic respiration."
    assert grade(plain, syllables) < 3 < 12 < grade(hard, syllables)


@given(text=st.text(max_size=60))
def test_any_text_has_a_grade(text: str) -> None:
    assert grade(text, lambda _: 1) < 60
