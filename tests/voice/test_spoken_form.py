import pytest

from assistant.voice.spoken_form import spoken_form

BREATH = "[[________]]"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Hold for thirty seconds.", f"Hold for {BREATH}thirty seconds."),
        ("Hold for twenty-five seconds.", f"Hold for {BREATH}twenty-five seconds."),
        ("Up to one hundred and five.", f"Up to {BREATH}one hundred and five."),
        ("Say 10 or 12.", f"Say {BREATH}10 or {BREATH}12."),
        ("Clasp one knee.", "Clasp one knee."),
        ("Seven.", "Seven."),
        ("That is often enough.", "That is often enough."),
    ],
)
def test_a_number_gets_a_breath_and_what_is_none_does_not(text: str, told: str) -> None:
    assert spoken_form(text) == told


def test_our_words_bring_their_phonemes_in_every_spelling() -> None:
    said = spoken_form("Sciatic nerve. The sciatic nerve.")
    assert said.count("[[saɪˈæɾɪk]]") == 2
    assert "ciatic" not in said
    assert "[[" not in spoken_form("Sciatica.")


def test_brackets_of_the_user_s_are_no_phonemes() -> None:
    assert spoken_form("My [[h@l'oU]] stretch.") == "My ((h@l'oU)) stretch."
