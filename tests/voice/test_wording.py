import pytest

from assistant.voice.wording import Wording
from intents.language import ENGLISH

LINES = """
hold:
  halfway: Halfway.
  left: "{n:words} {n:second|seconds} to go, of {of:.1f}."
  ready: ["Get ready.", "Ready for {name}?", "Here it comes."]
listing:
  comma: "{before}, {item}"
  and: "{before} and {item}"
"""


@pytest.fixture
def wording() -> Wording:
    return Wording(LINES)


def test_the_lines_of_the_package_are_sound() -> None:
    wording = Wording()
    assert wording.text("greeting.welcome", {})
    assert all(template.strip() for key in sorted(wording.keys()) for template in wording.templates(key))


def test_keys_are_group_and_name(wording: Wording) -> None:
    assert wording.keys() == {"hold.halfway", "hold.left", "hold.ready", "listing.comma", "listing.and"}
    assert wording.templates("hold.halfway") == ("Halfway.",)


@pytest.mark.parametrize(("n", "text"), [(1, "one second"), (0, "zero seconds"), (5, "five seconds")])
def test_slots_take_words_plurals_and_pythons_own_formats(wording: Wording, n: int, text: str) -> None:
    assert wording.text("hold.left", {"n": n, "of": 30}) == f"{text.capitalize()} to go, of 30.0."


def test_each_sentence_begins_with_a_capital_also_with_a_name(wording: Wording) -> None:
    assert wording.text("hold.ready", {"name": "the bridge. élan. 3 cats"}, 1) == "Ready for the bridge. Élan. 3 cats?"


def test_alternatives_take_turns(wording: Wording) -> None:
    said = [wording.text("hold.ready", {"name": "more"}, turn) for turn in range(4)]
    assert said == ["Get ready.", "Ready for more?", "Here it comes.", "Get ready."]


def test_braces_in_a_slot_stay_as_they_are(wording: Wording) -> None:
    assert wording.text("hold.ready", {"name": "{n} {"}, 1) == "Ready for {n} {?"


def test_a_missing_slot_is_told_whichever_turn_it_is(wording: Wording) -> None:
    assert wording.slots("hold.ready") == {"name"}
    with pytest.raises(KeyError, match=r"hold\.ready.*needs the slots name"):
        wording.text("hold.ready", {"nane": "more"}, 0)


def test_a_missing_line_brings_those_that_are_spelt_alike(wording: Wording) -> None:
    for ask in (lambda: wording.text("hold.half_way", {}), lambda: wording.templates("hold.half_way")):
        with pytest.raises(KeyError, match=r"hold\.halfway"):
            ask()


@pytest.mark.parametrize(
    ("items", "text"),
    [([], ""), (["next"], "next"), (["next", "stop"], "next and stop"), (["a", "b", "c", "d"], "a, b, c and d")],
)
def test_lists_are_read_out(wording: Wording, items: list[str], text: str) -> None:
    assert wording.listed(items) == text


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("hold: [", "YAML"),
        ("- hold", "groups"),
        ("hold: Halfway.", "group 'hold'"),
        ("yes:\n  a: b", "quote yes"),
        ("hold:\n  halfway: 5", "hold.halfway"),
        ("hold:\n  no: words", "hold.False"),
        ("hold:\n  halfway: []", "hold.halfway"),
        ("hold:\n  halfway: ['a', '']", "hold.halfway"),
        ("hold:\n  halfway: {n: 1}", "hold.halfway"),
        ("hold:\n  halfway: a\n  halfway: b", "twice"),
        ("hold:\n  left: '{n} {m'", "hold.left"),
        ("hold:\n  left: '{}'", "hold.left"),
        ("hold:\n  left: '{n.real}'", "hold.left"),
        ("hold:\n  left: '{n!r}'", "hold.left"),
        ("hold:\n  left: '{n:a|b|c}'", "hold.left"),
        ("hold:\n  left: '{n:{width}}'", "hold.left"),
    ],
)
def test_lines_of_another_form_are_refused(source: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        Wording(source)


@pytest.mark.parametrize(
    ("number", "words"),
    [(0, "zero"), (13, "thirteen"), (20, "twenty"), (21, "twenty-one"), (60, "sixty"), (99, "ninety-nine"),
     (100, "one hundred"), (120, "one hundred and twenty"), (999, "nine hundred and ninety-nine")],
)  # fmt: skip
def test_numbers_in_words(number: int, words: str) -> None:
    assert ENGLISH.in_words(number) == words


def test_no_two_numbers_have_the_same_words() -> None:
    assert len({ENGLISH.in_words(number) for number in range(1000)}) == 1000


@pytest.mark.parametrize("number", [-1, 1000])
def test_numbers_without_words_are_a_defect_of_the_caller(number: int) -> None:
    with pytest.raises(ValueError, match=str(number)):
        ENGLISH.in_words(number)
