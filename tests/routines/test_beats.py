"""What is said on each beat fits into it, and names the leg where one leg is to be moved."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from assistant.commands.routines.check import syllables
from assistant.commands.routines.language_check import check_library
from assistant.dialogue.exercising.counting import LONGEST_SILENCE_S, breath_cues, early_number
from assistant.errors import RoutineInvalid
from assistant.routines.beats import cramped
from assistant.routines.exercise_loading import load_exercise, load_exercises, own_exercise_files, read_exercise
from assistant.routines.linter import lint_exercise
from assistant.routines.model import Reps
from intents.language import Language
from intents.sided import checked, for_side
from tests.routines.test_words import language, spoil

__all__ = ["language"]

FILES = {path.stem: path for path in own_exercise_files()}


@pytest.mark.parametrize(
    ("reps", "rate", "why"),
    [
        (Reps(10, 8), 15.3, None),
        (Reps(10, 7), 15.3, "'nerve glide' has 4 acts in 7 seconds."),
        (Reps(10, 8), 9.0, "'three, straighten' takes longer to say than its beat of 2 seconds lasts."),
    ],
)
def test_a_rep_has_time_for_its_acts_and_for_their_words(reps: Reps, rate: float, why: str | None) -> None:
    file, exercise = read_exercise(FILES["nerve-glide"])
    found = [error.why for error in cramped(file, (), replace(exercise.step(), reps=reps), rate)]
    assert (why in found) if why else found == []


def test_words_that_are_too_long_for_their_beat_are_found_in_the_library(language: Language) -> None:
    spoil(
        language,
        "exercises/press-up.yaml",
        "[up, and down]",
        "[up, and slowly sink down onto the floor]",
    )
    assert any("takes longer to say than its beat" in error.lines()[1] for error in check_library(language).found)


@pytest.mark.parametrize(
    ("exercise", "right", "wrong", "key", "why"),
    [
        (
            "hamstring",
            "movement: Take hold behind your {side:left|right} thigh",
            "movement: Take hold behind the thigh",
            "movement",
            "do not say which",
        ),
        (
            "seated-hamstring",
            "usual: Put your {side:left|right} heel",
            "usual: Put your heel",
            "into",
            "do not say which",
        ),
        ("bridge", "Let your hips sink", "Let your {side:left|right} hip sink", "release", "has no sides"),
    ],
)
def test_the_leg_is_named_where_there_is_one(
    language: Language, exercise: str, right: str, wrong: str, key: str, why: str
) -> None:
    spoil(language, f"exercises/{exercise}.yaml", right, wrong)
    file, loaded = read_exercise(FILES[exercise], language)
    found = {error.key: error.why for error in lint_exercise(file, loaded, load_exercises(), syllables, language)}
    assert why in found[key]


@pytest.mark.parametrize("wrong", ["your {leg} knee", "your {side:left} knee", "your knee }"])
def test_other_braces_are_refused(language: Language, wrong: str) -> None:
    spoil(language, "exercises/press-up.yaml", "Look at the floor", wrong)
    with pytest.raises(RoutineInvalid, match="cue") as caught:
        load_exercise(FILES["press-up"], language)
    assert "{side:left|right}" in caught.value.fix


def test_a_text_is_for_a_side_or_for_none() -> None:
    text = checked("Bend your {side:left|right} knee, not the {side:right|left} one.")
    assert for_side(text, "left") == "Bend your left knee, not the right one."
    assert for_side(text, "right") == "Bend your right knee, not the left one."
    assert for_side(text, None) == "Bend your knee, not the one."


@pytest.mark.parametrize("whole", range(11, 181))
def test_no_hold_is_silent_for_long_and_a_long_one_gets_a_number_early(whole: int) -> None:
    number = early_number(whole)
    said = sorted({whole, *breath_cues(whole), *((number,) if number else ()), whole // 2, 5})
    assert max(b - a for a, b in itertools.pairwise(said)) <= LONGEST_SILENCE_S
    assert (number is not None) == (whole >= 30)
    assert number is None or (whole / 2 < number < whole and number % 10 == 0)


def test_every_exercise_of_ours_says_what_to_do_as_it_counts() -> None:
    for exercise in load_exercises().values():
        step = exercise.step()
        told = step.beats_of("usual") if step.reps else (step.into_of("usual"), step.release)
        assert len(told) >= 2 and all(told), exercise.key
