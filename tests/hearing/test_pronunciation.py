"""Any word has a pronunciation: ours, the dictionary's, or one by rule."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.hearing.pronunciation import PHONES, PronunciationUnknown, pronounce


@pytest.mark.parametrize(
    ("word", "phones"),
    [
        ("sciatic", "S AY AE T IH K"),
        ("stop", "S T AA P"),
        ("lumbar", "L AH M B ER"),
        ("zorbafit", "Z AO R B AH F IH T"),
    ],
)
def test_words_are_pronounced(word: str, phones: str) -> None:
    assert tuple(phones.split()) in pronounce(word)


def test_a_word_may_have_several() -> None:
    assert len(pronounce("read")) == 2


@settings(max_examples=150, deadline=None)
@given(word=st.text(alphabet="abcdefghijklmnopqrstuvwxyz'", min_size=2, max_size=14).filter(lambda w: w.strip("'")))
def test_any_word_of_letters_has_a_pronunciation_in_arpabet(word: str) -> None:
    for phones in pronounce(word):
        assert phones
        assert set(phones) <= set(PHONES)


def test_what_has_no_sound_is_an_error() -> None:
    with pytest.raises(PronunciationUnknown):
        pronounce("'")
