"""Words stand apart from facts: each has the other, and words can't change what is so."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from assistant.commands.routines.check import check_routines
from assistant.commands.routines.language_check import check_library
from assistant.errors import RoutineInvalid
from assistant.routines.exercise_loading import load_exercise, load_exercises, own_exercise_files
from assistant.routines.loading import load_routine, own_routine_files, written_out
from assistant.routines.safety import own_safety
from intents.language import ENGLISH, Language

PRESS_UP = next(path for path in own_exercise_files() if path.stem == "press-up")
LUMBAR = next(path for path in own_routine_files() if path.stem == "lumbar-extension")


@pytest.fixture
def language(tmp_path: Path) -> Language:
    """English, in a place where it may be spoilt."""
    shutil.copytree(ENGLISH.folder, tmp_path / "en")
    return Language(tmp_path / "en")


def spoil(language: Language, name: str, right: str, wrong: str) -> Path:
    path = language.file(name)
    text = path.read_text(encoding="utf-8")
    assert right in text
    path.write_text(text.replace(right, wrong), encoding="utf-8")
    return path


def test_the_words_of_an_exercise_are_those_of_its_language(language: Language) -> None:
    spoil(language, "exercises/press-up.yaml", "name: press up", "name: liegestütz")
    spoil(language, "exercises/press-up.yaml", "Look at the floor", "Schau zum Boden")
    step = load_exercise(PRESS_UP, language).step()
    assert step.name == "liegestütz" and step.cue.startswith("Schau zum Boden")
    assert step.key == "press-up" and step.dose == load_exercise(PRESS_UP).step().dose


@pytest.mark.parametrize(
    ("right", "wrong", "key", "why"),
    [
        ("  tight_canal: With", "  narrow: With", "leave_when.tight_canal", "The fact 'tight_canal' has no words."),
        ("  hips_lift:", "  neck_long: Long.\n  hips_lift:", "mistakes.neck_long", "There is no fact 'neck_long'."),
        ("harder: Straighten your arms fully.\n", "", "harder", "The fact 'harder' has no words."),
        ("cue: Look", "kue: Look", "kue", "The key 'kue' is not known."),
        ("name: press up", "name: press up\nreps: {count: 80, pace: 5}", "reps", "The key 'reps' is not known."),
        ("easier: Come", "easier: {say: Come, source: MAYO}  #", "easier", "Found {'say': 'Come', 'source': 'MAYO'}."),
        ("feel: You", "feel: no #", "feel", "Found False."),
    ],
)
def test_words_that_do_not_fit_the_facts_are_refused_with_file_and_key(
    language: Language, right: str, wrong: str, key: str, why: str
) -> None:
    path = spoil(language, "exercises/press-up.yaml", right, wrong)
    with pytest.raises(RoutineInvalid) as caught:
        load_exercise(PRESS_UP, language)
    assert (caught.value.path, caught.value.key, caught.value.why) == (path, key, why)
    assert caught.value.fix


def test_words_for_a_form_that_no_source_knows_are_refused(language: Language) -> None:
    path = spoil(language, "exercises/bridge.yaml", "\neasier:", "\nharder: Lift one foot.\neasier:")
    bridge = next(path for path in own_exercise_files() if path.stem == "bridge")
    with pytest.raises(RoutineInvalid) as caught:
        load_exercise(bridge, language)
    assert (caught.value.path, caught.value.key) == (path, "harder")


@pytest.mark.parametrize(
    ("right", "wrong", "key"),
    [
        ("  ask_first:", "  ask_last:", "cautions.ask_first"),
        ("  roll_over:", "  stay: Stay there.\n  roll_over:", "getting_there.stay"),
        ("  roll_over:", "  turn_over:", "getting_there.roll_over"),
        ("title: lower back stretch", "title: Lower 2", "title"),
        ('"low back"', '"low 2"', "names.2"),
        ("closing: Well", "closing_source: MAYO\nclosing: Well", "closing_source"),
    ],
)
def test_words_of_a_routine_that_do_not_fit_are_refused_too(
    language: Language, right: str, wrong: str, key: str
) -> None:
    path = spoil(language, "routines/lumbar-extension.yaml", right, wrong)
    with pytest.raises(RoutineInvalid) as caught:
        load_routine(LUMBAR, language)
    assert (caught.value.path, caught.value.key) == (path, key)


def test_a_language_without_words_for_an_exercise_says_so(language: Language) -> None:
    language.file("exercises", "press-up.yaml").unlink()
    with pytest.raises(RoutineInvalid, match=r"press-up\.yaml"):
        load_exercise(PRESS_UP, language)
    with pytest.raises(RoutineInvalid, match=r"press-up\.yaml"):
        load_exercises(language)


def test_facts_hold_no_words() -> None:
    for path in (*own_exercise_files(), *own_routine_files()):
        text = path.read_text(encoding="utf-8")
        assert not any(f"\n{key}:" in f"\n{text}" for key in ("name", "title", "names", "purpose", "closing", "cue"))


def test_the_linter_misses_words_of_the_health_questions(language: Language) -> None:
    spoil(language, "lines.yaml", "  surgery: Did", "  operation: Did")
    spoil(language, "lines.yaml", "  push_up: Push", "  push: Push")
    language.file("exercises", "headstand.yaml").write_text("name: headstand\n", encoding="utf-8")
    found = [error.lines()[1] for error in check_library(language).found]
    assert found == [
        "There are no exercises of that name.",
        "The question 'surgery' has no words.",
        "There is no question 'operation' that needs them.",
        "The act 'push_up' on the way up from the floor has no words.",
    ]


def test_every_sign_is_one_that_can_be_said() -> None:
    health = yaml.safe_load(ENGLISH.file("sentences", "health.yaml").read_text(encoding="utf-8"))
    told = {block["slots"]["symptom"] for block in health["intents"]["Symptom"]["data"]}
    assert told == {symptom.key for symptom in own_safety().symptoms}


@pytest.mark.parametrize("path", own_routine_files(), ids=lambda path: path.stem)
def test_a_routine_of_ours_is_a_start_for_ones_own(path: Path, tmp_path: Path) -> None:
    mine = tmp_path / path.name
    mine.write_text(written_out(path), encoding="utf-8")
    assert load_routine(mine) == load_routine(path)
    assert check_routines([mine]).found == []
