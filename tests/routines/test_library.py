"""The library holds every exercise of the clinical summary, with its doses, its limits and its sources."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.routines import Hold, Reps
from assistant.routines.exercise import Exercise
from assistant.routines.exercise_loading import load_exercises, own_sources
from assistant.routines.model import BREATH_S
from assistant.routines.safety import own_safety

EXERCISES = load_exercises()
DOSES = {
    "belly-rest": {"seconds": (60, 120)},
    "press-up": {"count": (5, 15)},
    "on-elbows": {"seconds": (5, 30), "times": (2, 10)},
    "single-knee-to-chest": {"seconds": (5, 30), "times": (1, 5)},
    "double-knee-to-chest": {"seconds": (15, 30), "times": (2, 4)},
    "childs-pose": {"seconds": (6, 30)},
    "nerve-glide": {"count": (10, 20)},
    "pelvic-tilt": {"count": (5, 30)},
    "knee-rolls": {"count": (2, 10)},
    "cat-and-camel": {"count": (8, 12)},
    "figure-four": {"seconds": (15, 30)},
    "hamstring": {"seconds": (30, 60)},
    "bridge": {"breaths": (1, 3)},
    "hip-flexor": {"seconds": (5, 5), "times": (1, 3)},
    "standing-back-bend": {"count": (5, 5)},
    "seated-figure-four": {"seconds": (10, 30)},
    "seated-forward-bend": {"count": (5, 10)},
    "seated-hamstring": {"seconds": (15, 30)},
    "seated-nerve-glide": {"count": (5, 10)},
    "seated-slump": {"count": (5, 10)},
}
"""The doses that were seen, least to most over all sources."""


def test_every_exercise_is_there_and_none_besides() -> None:
    assert set(EXERCISES) == set(DOSES)


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=list(EXERCISES))
def test_its_dose_is_the_one_that_was_seen(exercise: Exercise) -> None:
    for unit, span in DOSES[exercise.key].items():
        assert getattr(exercise.allowed, unit) == span
    step = exercise.step()
    assert step.key == exercise.key
    assert step.dose == (exercise.hold or exercise.reps)
    if isinstance(step.dose, Hold) and step.dose.breaths:
        assert step.dose.seconds == step.dose.breaths * BREATH_S


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=list(EXERCISES))
def test_its_sources_are_listed(exercise: Exercise) -> None:
    assert set(exercise.all_sources()) <= own_sources().keys()
    assert exercise.sources
    assert exercise.leave_when and exercise.mistakes and exercise.easier.say


def test_every_floor_exercise_has_a_form_on_a_chair_or_none_is_known() -> None:
    floor = {key for key, e in EXERCISES.items() if e.position not in {"sitting", "standing"}}
    without = {key for key in floor if EXERCISES[key].chair is None}
    assert without == {"knee-rolls", "bridge", "hip-flexor"}


def test_a_nerve_glide_has_a_limit_in_a_set_and_in_a_day() -> None:
    glides = [e for e in EXERCISES.values() if "nerve" in e.name]
    assert len(glides) == 2
    for glide in glides:
        assert glide.most_a_day == 3
        assert glide.allowed.count is not None and glide.allowed.count[1] <= 20
        assert isinstance(glide.reps, Reps)


def test_nothing_flat_on_the_back_in_pregnancy_and_no_forced_bending_with_brittle_bones() -> None:
    assert {key for key, e in EXERCISES.items() if e.position == "on the back"} <= {
        key for key, e in EXERCISES.items() if "pregnancy" in e.not_with
    }
    bending = {"single-knee-to-chest", "double-knee-to-chest", "seated-forward-bend", "cat-and-camel", "childs-pose"}
    assert bending <= {key for key, e in EXERCISES.items() if "brittle_bones" in e.not_with}


def test_a_step_takes_another_dose_and_way() -> None:
    step = EXERCISES["press-up"].step(Reps(5, 6), "Roll over.")
    assert (step.dose, step.getting_there) == (Reps(5, 6), "Roll over.")
    assert step == replace(EXERCISES["press-up"].step(), reps=Reps(5, 6), getting_there="Roll over.")


def test_every_question_and_sign_has_a_source_that_is_listed() -> None:
    safety = own_safety()
    assert {item.source for item in (*safety.questions, *safety.symptoms)} <= {"unverified", *safety.sources}
    assert len({question.key for question in safety.questions}) == len(safety.questions)
    assert safety.question("surgery").kind == "clearance"
    assert safety.symptom("chest_pain").response == "emergency"
    with pytest.raises(KeyError):
        safety.question("hair")
