"""Words of any script are words: in sentences, in what is heard, in names, in lines."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from assistant.hearing.front_end.own_voice import OwnVoice
from assistant.hearing.pronunciation import pronounce
from assistant.loop.vocabulary import Vocabulary, users_sentences
from assistant.routines.loading import load_routine
from intents.language import spelled_out
from intents.letters import plain, words_of

ACCENTED = """\
language: sv
intents:
  T: {data: [{sentences: ["play björk", "order a café latte", "Smörgåsbord", "naïve", "{n} år", "दिल से"]}]}
lists:
  n: {range: {from: 21, to: 22}}
"""
GREETING = """\
title: mañana estiramiento
names: ["mañana", "zurück [zur wand]"]
purpose: It eases the neck.
cautions:
  - {say: Do it slowly., source: unverified}
steps:
  - name: hüfte öffnen
    position: sitting
    getting_there: Sit upright.
    movement: Roll your head to one side.
    cue: Breathe calmly.
    caution: Leave it if it hurts.
    easier: Make it small.
    source: unverified
    hold: {seconds: 10}
closing: Well done.
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "accented.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "said", ["play björk", "order a CAFÉ latte", "smörgåsbord", "naïve", "tjugoett år", "tjugotvå år", "दिल से"]
)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_accented_words_are_understood_however_they_are_encoded(tmp_path: Path, said: str, form: str) -> None:
    sentences = users_sentences(written(tmp_path, ACCENTED))
    command = sentences.match(unicodedata.normalize(form, said))  # type: ignore[arg-type]
    assert command is not None and command.text == plain(said)
    assert sentences.match("play bjork") is None


def test_a_template_may_be_encoded_either_way_too(tmp_path: Path) -> None:
    sentences = users_sentences(written(tmp_path, unicodedata.normalize("NFD", ACCENTED)))
    assert {"björk", "café", "smörgåsbord", "naïve"} <= sentences.graph().words


def test_a_routine_may_have_a_name_with_accents(tmp_path: Path) -> None:
    routine = load_routine(written(tmp_path, unicodedata.normalize("NFD", GREETING)))
    assert (routine.title, routine.steps[0].name) == ("mañana estiramiento", "hüfte öffnen")
    sentences = Vocabulary([routine]).everything
    for said in ("start mañana", "start zurück", "start Zurück zur Wand"):
        command = sentences.match(said)
        assert command is not None and command.slots["routine"] == "accented"
    told = sentences.match("my physio said ten hüfte öffnen")
    assert told is not None and told.slots["exercise"] == "hüfte öffnen"


def test_the_assistants_own_accented_word_is_told_from_the_users() -> None:
    own_voice = OwnVoice()
    own_voice.say("Sag weiter, wenn du zurück bist.", 100.0, 3.2)
    at = 100.0 + 3.2 * "Sag weiter, wenn du zurück bist.".index("zurück") / 32
    assert own_voice.explains("zurück", at)
    assert own_voice.explains("du zurück", at - 0.3)
    assert not own_voice.explains("zuruck", at) and not own_voice.explains("zurück", at + 3.0)


def test_letters_that_english_lacks_are_spoken_as_the_nearest_that_it_has() -> None:
    assert pronounce("CAFE\u0301") == pronounce("café")
    assert pronounce("björk")[0][0] == "B" and pronounce("björk")[0][-1] == "K"


def test_small_letters_keep_their_spelling() -> None:
    assert plain("GRO\u0308ßER’S") == "größer's"


def test_words_are_letters_without_the_quotes_around_them() -> None:
    assert words_of("Don't 'stop' at 4, señor – Öl!") == ["don't", "stop", "at", "señor", "öl"]


def test_a_number_has_no_marks_where_it_may_be_broken() -> None:
    assert spelled_out("de", 21) == "einundzwanzig"
