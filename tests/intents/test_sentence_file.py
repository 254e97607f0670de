"""Sentence files of another shape: each is told by its name, its line, and what was expected."""

from __future__ import annotations

from pathlib import Path

import pytest

from intents import SentencesError
from intents.loading import load_sentences

GOOD = """\
language: en
intents:
  TurnOn:
    data:
      - sentences: ["turn on {room}"]
lists:
  room:
    values: [kitchen, {in: "(the|my) cellar", out: cellar}, 12]
  level:
    range: {from: 1, to: 9}
expansion_rules:
  the: "(the|my)"
skip_words: [please]
"""


def refused(folder: Path, right: str, wrong: str) -> SentencesError:
    assert right in GOOD
    (folder / "sentences.yaml").write_text(GOOD.replace(right, wrong), encoding="utf-8")
    with pytest.raises(SentencesError) as error:
        load_sentences([folder / "sentences.yaml"])
    return error.value


def test_what_is_in_order_is_taken_with_numbers_as_they_are_written(tmp_path: Path) -> None:
    (tmp_path / "sentences.yaml").write_text("\ufeff" + GOOD, encoding="utf-8")
    command = load_sentences([tmp_path]).match("please turn on twelve")
    assert command is not None
    assert command.slots == {"room": "12"}


@pytest.mark.parametrize(
    ("right", "wrong", "named", "line"),
    [
        ("data:\n      - ", "data:\n        ", "data of the intent 'TurnOn'", 4),
        ("\n    data:\n      - ", " [turn on]\n  # ", "the intent 'TurnOn'", 3),
        ("sentences: [", "sentence: [", "entry 1 of data of the intent 'TurnOn'", 5),
        ('["turn on {room}"]', "turn on", "sentences of entry 1", 5),
        ('"turn on {room}"', "{room}", "sentence 1 of sentences", 5),
        ('"turn on {room}"', "on", "sentence 1 of sentences", 5),
        ('["turn on {room}"]', "[]", "sentences of entry 1", 5),
        ('["turn on {room}"]', '["turn on {room}"]\n        slots: [a]', "slots of entry 1", 6),
        ("\n    values: [", "\n    [", "the list 'room'", 7),
        ("values: [", "value: [", "the list 'room'", 7),
        ("[kitchen,", "[null,", "value 1 of values of the list 'room'", 8),
        ("[kitchen,", "['kitchen )',", "value 1 of values of the list 'room'", 8),
        ("in: ", "said: ", "value 2 of values of the list 'room'", 8),
        (", to: 9", "", "range of the list 'level'", 10),
        ("from: 1", "from: one", "from of range of the list 'level'", 10),
        ("from: 1", "from: 10", "range of the list 'level'", 10),
        ("{from: 1, to: 9}", "[1, 9]", "range of the list 'level'", 10),
        ("to: 9", "to: 9, type: tenth", "type of range of the list 'level'", 10),
        ("  the: ", "  - the: ", "expansion_rules", 11),
        ('"(the|my)"', '"(the|my"', "the rule 'the'", 12),
        ("[please]", "please", "skip_words", 13),
        ("language: en", "language: no", "language", 1),
        ("expansion_rules:", "lists:", "the key 'lists' is there twice", 11),
    ],
)
def test_another_shape_is_told_by_name_and_line(tmp_path: Path, right: str, wrong: str, named: str, line: int) -> None:
    error = refused(tmp_path, right, wrong)
    assert named in error.why
    assert error.why.startswith(f"Line {line}: ")
    assert error.fix


@pytest.mark.parametrize("numbers", ["{from: 0, to: 99999999999}", "{from: -99999999999, to: 1}"])
def test_a_range_without_end_is_refused_before_it_is_counted(tmp_path: Path, numbers: str) -> None:
    text = GOOD.replace("{from: 1, to: 9}", numbers).replace("on {room}", "on {level}")
    (tmp_path / "sentences.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(SentencesError, match="it needs 1 to"):
        load_sentences([tmp_path])
