"""What is written is read as it is spoken: numbers, signs, skip words; and what a folder's files have in common."""

from __future__ import annotations

from pathlib import Path

import pytest

from intents import SentencesError
from intents.loading import load_sentences
from intents.spoken import typed_words
from tests.dialogues.world import VOCABULARY
from tests.intents.test_sentences import one, written


def test_templates_speak_signs_decimals_thousands_and_ordinals(tmp_path: Path) -> None:
    said = {
        "temperature -5 degrees": "temperature minus five degrees",
        "wait 3.5 minutes": "wait three point five minutes",
        "the 1st set": "the first set",
        "the 21st": "the twenty first",
        "walk 1,000 steps": "walk one thousand steps",
        "1/2 a minute": "half a minute",
        "50 % more": "fifty percent more",
        "rock & roll": "rock and roll",
        "sets 5-10": "sets five ten",
        "café latte": "café latte",
    }
    for template, words in said.items():
        sentences = one(tmp_path, template)
        assert sentences.graph().accepts(words.split()), template
        assert sentences.match(template) is not None, template
        assert sentences.match(words) is not None, template


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("at 8.30", "at eight thirty"),
        ("8:05pm", "eight five pm"),
        ("20:15", "twenty fifteen"),
        ("10:00", "ten"),
        ("7.5", "seven point five"),
        ("24.30", "twenty four point three"),
        ("8.75", "eight point seven five"),
        ("1,008.30", "one thousand eight point three"),
    ],
)
def test_a_time_of_day_in_figures_is_read_as_one(typed: str, words: str) -> None:
    assert typed_words(typed, "en") == words.split()


@pytest.mark.parametrize("template", ["#1", "a @ b", "7 * 2", "two^3"])
def test_a_sign_without_a_word_is_refused_with_file_line_and_reason(tmp_path: Path, template: str) -> None:
    with pytest.raises(SentencesError, match="cannot be spoken") as caught:
        one(tmp_path, template)
    assert "sentences.yaml" in caught.value.path
    assert "Line 5" in caught.value.why
    assert "It" in caught.value.why


@pytest.mark.parametrize(
    "typed",
    [
        "Start quick stretch.",
        "start “quick” stretch!",
        "START  QUICK STRETCH",
        "start quick-stretch",
        "'start' quick, stretch…",
    ],
)
def test_what_is_typed_is_read_as_it_is_spoken(typed: str) -> None:
    command = VOCABULARY.everything.match(typed)
    assert command is not None
    assert (command.slots, command.text) == ({"routine": "five-minutes"}, "start quick stretch")


@pytest.mark.parametrize(
    ("typed", "intent"),
    [("I’m ready", "Ready"), ("I can’t feel my foot", "Symptom"), ("10 more seconds", "More"), ("stop!", "Stop")],
)
def test_curly_quotes_and_figures_are_read(typed: str, intent: str) -> None:
    command = VOCABULARY.everything.match(typed)
    assert command is not None
    assert command.intent == intent


NUMBERS = "lists: {n: {range: {from: 0, to: 1000}}}\n"


def test_a_thousand_numbers_are_few_states_and_each_is_itself(tmp_path: Path) -> None:
    count = one(tmp_path, "count to {n}", NUMBERS)
    assert count.graph().states < 100
    for number in range(1001):
        command = count.match(f"count to {number}")
        assert command is not None
        assert command.slots == {"n": number}


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("a hundred", 100),
        ("one hundred and five", 105),
        ("a hundred five", 105),
        ("two hundred and twenty", 220),
        ("nine hundred ninety nine", 999),
        ("one thousand", 1000),
    ],
)
def test_numbers_are_understood_as_people_say_them(tmp_path: Path, said: str, number: int) -> None:
    command = one(tmp_path, "count to {n}", NUMBERS).match(f"count to {said}")
    assert command is not None
    assert command.slots == {"n": number}


@pytest.mark.parametrize("said", ["one hundred and", "hundred and", "twenty hundred", "five twenty", ""])
def test_half_a_number_is_none(tmp_path: Path, said: str) -> None:
    assert one(tmp_path, "count to {n}", NUMBERS).match(f"count to {said}") is None


def test_ranges_with_steps_and_factors_give_the_same_values(tmp_path: Path) -> None:
    lists = "lists: {n: {range: {from: -20, to: 100, step: 10, multiplier: 2}}}\n"
    for number in range(-20, 101, 10):
        command = one(tmp_path, "{n} more", lists).match(f"{number} more")
        assert command is not None
        assert command.slots == {"n": 2 * number}


def test_skip_words_may_stand_anywhere(tmp_path: Path) -> None:
    lights = one(tmp_path, "lights on", "skip_words: [please, can you]\n")
    for said in (
        "lights on",
        "please lights on",
        "can you lights on please",
        "lights please on",
        "please can you lights on",
    ):
        assert lights.match(said) is not None, said
        assert lights.graph().accepts(said.split()), said
    for said in ("please", "can lights on", "lights you on", "please please"):
        assert lights.match(said) is None, said


def test_a_common_file_serves_the_others_of_its_folder(tmp_path: Path) -> None:
    (tmp_path / "_common.yaml").write_text(
        "language: en\nlists: {room: {values: [kitchen, bedroom]}}\n"
        "expansion_rules: {the: (the|my)}\nskip_words: [please]\n",
        encoding="utf-8",
    )
    lights = written(tmp_path, "intents: {Lights: {data: [{sentences: ['lights on in <the> {room}']}]}}")
    for path in (tmp_path, lights):
        command = load_sentences([path]).match("lights on in my bedroom please")
        assert command is not None
        assert command.slots == {"room": "bedroom"}
