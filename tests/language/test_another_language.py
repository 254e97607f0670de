"""Language is a parameter: another folder is another language, with nothing of English in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assistant.commands.routines.check import check_routines
from assistant.commands.routines.language_check import check_library
from assistant.dialogue.state.phases import AskingSide, Idle, Introducing
from assistant.dialogue.state.session import Session
from assistant.dialogue.state.user import User
from assistant.loop.builder import texts_to_prepare
from assistant.loop.vocabulary import Vocabulary
from assistant.routines import Reps
from assistant.routines.exercise_loading import load_exercise, load_exercises, own_exercise_files
from assistant.routines.loading import load_routine, load_routines, own_routine_files
from assistant.stage.run_through import run_through
from assistant.stage.soundless import SoundlessWorld
from assistant.voice.wording import Wording
from intents.language import ENGLISH, Language
from intents.loading import own_sentences
from tests.dialogues.world import ANSWERED
from tests.language.toys import other_letters, small_language, whole_language

PRESS_UP = next(path for path in own_exercise_files() if path.stem == "press-up")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Language:
    return small_language(tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Language:
    return whole_language(tmp_path_factory.mktemp("whole"))


@pytest.mark.parametrize(
    ("said", "intent", "slots"),
    [
        ("Jag är redo", "Ready", {}),
        ("nästa övning", "Next", {}),
        ("fyrtiotvå", "Number", {"number": 42}),
        ("börja med magläge", "StartRoutine", {"routine": "prone"}),
    ],
)
def test_its_sentences_are_understood(small: Language, said: str, intent: str, slots: dict[str, object]) -> None:
    command = own_sentences({"routine": [("magläge", "prone")], "exercise": [("x", "x")]}, small).match(said)
    assert command is not None
    assert (command.intent, dict(command.slots)) == (intent, slots)


def test_its_lines_are_said_with_its_numbers(small: Language) -> None:
    wording = Wording(language=small)
    assert wording.text("hold.left", {"n": 21}) == "Tjugoett sekunder återstår."
    assert wording.text("hold.left", {"n": 1}) == "Ett sekund återstår."
    assert wording.keys() == {"hold.left", "hold.halfway"}


def test_an_exercise_has_its_words_and_the_same_facts(small: Language) -> None:
    exercise = load_exercise(PRESS_UP, small)
    step, english = exercise.step(), load_exercise(PRESS_UP).step()
    assert step.name == "armhävning" and step.easier == "Gå bara upp på armbågarna."
    assert step.leave_when == "Låt bli om benet blir sämre. Låt bli om benen inte lugnar sig."
    assert isinstance(step.dose, Reps) and (step.dose, step.allowed) == (english.dose, english.allowed)
    assert list(exercise.sources_with_places()) == list(load_exercise(PRESS_UP).sources_with_places())


def test_an_exercise_is_called_as_the_language_has_it(small: Language) -> None:
    command = Vocabulary([], [load_exercise(PRESS_UP, small)], small).everything.match("läkaren sa tio armhävningar")
    assert command is not None
    assert dict(command.slots) == {"amount": 10, "exercise": "press-up", "unit": "reps"}


def test_a_whole_language_is_in_order(whole: Language) -> None:
    assert [error.lines() for error in check_library(whole).found] == []
    assert [error.lines() for error in check_routines(own_routine_files(), whole).found] == []


def test_whatever_can_be_said_in_english_can_be_said_in_it(whole: Language) -> None:
    routines, errors = load_routines(own_routine_files(), whole)
    assert errors == []
    vocabulary = Vocabulary(routines.values(), load_exercises(whole).values(), whole)
    english = Vocabulary(load_routines(own_routine_files())[0].values(), load_exercises().values())
    for phase, said in (
        (Idle, "start lower back stretch"),
        (Introducing, "i feel dizzy"),
        (AskingSide, "left"),
        (Introducing, "why should i stretch"),
        (Introducing, "stop"),
    ):
        expected = english.of_phase(phase).match(said)
        command = vocabulary.of_phase(phase).match(other_letters(said))
        assert expected is not None and command is not None, said
        assert (command.intent, command.slots) == (expected.intent, expected.slots)
    words = {word for phase in (Idle, Introducing) for word in vocabulary.of_phase(phase).graph().words}
    assert len(words) > 200 and not [word for word in words if re.search("[a-z]", word)]


def test_what_a_language_lacks_is_told_by_file_and_key(tmp_path: Path) -> None:
    language = Language(tmp_path / "xx")
    language.folder.mkdir()
    language.file("language.yaml").write_text("numbers: 5\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"xx.language\.yaml lacks a text under the key 'numbers'"):
        language.in_words(3)
    with pytest.raises(ValueError, match=r"looks_for\.nerve_glide"):  # else nerve glides would pass without a limit
        language.looks_for("nerve_glide")
    language.file("language.yaml").write_text("- numbers\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"language\.yaml holds no keys and values"):
        Language(tmp_path / "xx").in_words(3)


@pytest.fixture(scope="module")
def words_of_code() -> re.Pattern[str]:
    """A word of English that no folder of a language has brought in."""
    return re.compile("[A-Za-z]")


@pytest.mark.parametrize("path", own_routine_files(), ids=lambda path: path.stem)
def test_a_routine_is_spoken_in_it_from_beginning_to_end(
    whole: Language, path: Path, words_of_code: re.Pattern[str]
) -> None:
    routine = load_routine(path, whole)
    said = [spoken.text for spoken in run_through(routine, load_exercises(whole), whole).spoken]
    assert len(said) > 20
    assert [text for text in said if words_of_code.search(text)] == []
    prepared = set(texts_to_prepare(routine, whole))
    assert len(prepared & set(said)) > 10


ASKED = (
    *(
        "which routines",
        "what can i say",
        "my health answers",
        "no",
        "start lower back stretch",
        "why should i stretch",
    ),
    *(
        "is this safe",
        "ready",
        "ready",
        "what should i feel",
        "harder",
        "where am i",
        "how long left",
        "pause",
        "resume",
    ),
    *("it hurts", "easier", "next", "higher up", "ready", "short version", "next", "i feel dizzy", "repeat", "goodbye"),
)
"""What makes the assistant say as many of its lines as may be."""


def test_whatever_is_asked_is_answered_in_it(whole: Language, words_of_code: re.Pattern[str]) -> None:
    routines, _ = load_routines(own_routine_files(), whole)
    exercises = load_exercises(whole)
    vocabulary = Vocabulary(routines.values(), exercises.values(), whole)
    session = Session(routines=routines, exercises=exercises, user=User(ANSWERED, screened=True))
    world = SoundlessWorld(session, wording=Wording(language=whole)).start()
    taken = 0
    for said in ASKED:
        world.until_quiet()
        command = vocabulary.of_phase(type(world.session.phase)).match(other_letters(said))
        if command is not None:
            taken += 1
            world.obey(command)
        world.pass_time(8.0)
    assert taken > 20
    texts = [spoken.text for spoken in world.spoken]
    assert len({spoken.line.key for spoken in world.spoken}) > 15
    assert [text for text in texts if words_of_code.search(text)] == []


def test_english_is_the_folder_that_comes_along() -> None:
    assert ENGLISH.tag == "en"
    assert {path.name for path in ENGLISH.folder.iterdir()} == {
        "language.yaml",
        "sentences",
        "lines.yaml",
        "teaching.yaml",
        "urgent.yaml",
        "gist.yaml",
        "costs.yaml",
        "pronunciations.yaml",
        "exercises",
        "routines",
        "page.yaml",
    }
