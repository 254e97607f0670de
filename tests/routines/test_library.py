"""The library holds every exercise of the clinical summary, with its doses, its limits and its sources."""

from __future__ import annotations

import pytest

from assistant.routines import Hold, Reps
from assistant.routines.dose_ranges import most_allowed, ranges_in_words
from assistant.routines.exercise import Exercise
from assistant.routines.exercise_loading import NO_SOURCES, load_exercises, own_sources
from assistant.routines.model import BREATH_S
from assistant.routines.safety import own_safety

EXERCISES = load_exercises()
DOSES = {
    "belly-rest": "120 s × 1 time [AB-D]",
    "press-up": "5–10 reps [BB]; 10–15 reps [MDT]",
    "on-elbows": "15–30 s × 2 times [KR-E]; 5–10 s × 8–10 times [NHS2]",
    "single-knee-to-chest": (
        "5 s × 2–3 times [MAYO]; 5 s × 1–5 times [CSP]; 15–30 s × 2–4 times [AB-S]; 20–30 s × 3 times [HEA]"
    ),
    "double-knee-to-chest": "15–30 s × 2–4 times [AB-S]; 15–30 s × 3 times [KR-S]",
    "childs-pose": "1 deep breath × 8–10 times [NHS1]; 15–30 s × 3 times [KR-S]",
    "nerve-glide": "10–20 reps [POOLE]; 10 reps [PEAK]",
    "pelvic-tilt": "2 s × 5 reps [INF]; 5 s × 5 reps [CSP]; 5–30 reps [MAYO]",
    "knee-rolls": "2 s × 5 reps [INF]; 5–10 s × 2–3 reps [MAYO]; 10 s × 3 reps [CSP]",
    "cat-and-camel": "10 reps [GEH]; 8–12 reps [MCG]",
    "figure-four": "15–30 s × 2–4 times [AB-P]",
    "hamstring": "30 s × 4 times [MERCK]; 30–60 s × 2–3 times [STL]",
    "bridge": "3 deep breaths × 5–30 times [MAYO]",
    "hip-flexor": "5 s × 3 times [CSP]",
    "standing-back-bend": "5 reps [INF]",
    "seated-figure-four": "10–30 s × 8–10 times [ESK]",
    "seated-forward-bend": "2 s × 10 reps [VW]",
    "seated-hamstring": "30 s × 1 time [SPH]",
    "seated-nerve-glide": "5 s each × 10 reps [MCG]",
    "seated-slump": "5–10 reps [unverified]",
}
"""The doses that were seen, as the clinical summary has them, source by source."""


def test_every_exercise_is_there_and_none_besides() -> None:
    assert set(EXERCISES) == set(DOSES)


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=list(EXERCISES))
def test_its_dose_is_the_one_that_was_seen(exercise: Exercise) -> None:
    assert ranges_in_words(exercise.allowed) == DOSES[exercise.key]
    step = exercise.step()
    assert step.key == exercise.key
    assert step.dose == (exercise.hold or exercise.reps)
    if isinstance(step.dose, Hold) and step.dose.breaths:
        assert step.dose.seconds == step.dose.breaths * BREATH_S


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=list(EXERCISES))
def test_its_sources_are_listed(exercise: Exercise) -> None:
    cited = {source for _, source in exercise.sources_with_places()}
    assert cited <= {*NO_SOURCES, *own_sources()}
    assert len(cited - NO_SOURCES) > 0


def test_every_floor_exercise_has_a_form_on_a_chair_or_none_is_known() -> None:
    floor = {key for key, e in EXERCISES.items() if e.position not in {"sitting", "standing"}}
    without = {key for key in floor if EXERCISES[key].chair is None}
    assert without == {"knee-rolls", "bridge", "hip-flexor"}


def test_a_nerve_glide_has_a_limit_in_a_set_and_in_a_day() -> None:
    glides = [e for e in EXERCISES.values() if "nerve" in e.name]
    assert len(glides) == 2
    for glide in glides:
        assert glide.most_a_day is not None and glide.most_a_day.times == 3
        assert (most_allowed(glide.allowed, "count") or 99) <= 20
        assert isinstance(glide.reps, Reps)


def test_nothing_flat_on_the_back_in_pregnancy_and_no_forced_bending_with_brittle_bones() -> None:
    assert {key for key, e in EXERCISES.items() if e.position == "on the back"} <= {
        key for key, e in EXERCISES.items() if "pregnancy" in e.not_with
    }
    left_out = {key for key, e in EXERCISES.items() if "brittle_bones" in e.not_with}
    assert left_out == {"double-knee-to-chest", "seated-forward-bend", "seated-hamstring"}
    milder = {key for key, e in EXERCISES.items() if "brittle_bones" in e.gentler_with}
    assert milder == {"single-knee-to-chest", "cat-and-camel", "childs-pose", "seated-slump"}


def test_a_standing_bend_has_something_to_hold_on_to() -> None:
    assert EXERCISES["standing-back-bend"].props == {"worktop": "ours, cautious"}


def test_the_way_up_leads_from_every_position_on_the_floor_by_what_its_source_names() -> None:
    way = own_safety().leaving_the_floor
    floor = {e.position for e in EXERCISES.values() if not e.step().seated}
    for position in floor:
        acts = way.acts_from(position)
        assert acts[0] == "rest" and acts[-3:] == ("one_foot", "rise", "steady")
        assert ("roll" in acts) == (position in {"on the back", "face down"})
    assert {act.source for act in way.acts} == {"NIA", "ours, cautious"}


def test_every_question_and_sign_has_a_source_that_is_listed() -> None:
    safety = own_safety()
    sources = {question.source for question in safety.questions} | {symptom.source for symptom in safety.symptoms}
    sources |= {act.source for act in safety.leaving_the_floor.acts}
    limits = safety.pain
    sources |= {limit.source for limit in (limits.goes_on, limits.easier, limits.leaves)}
    assert sources <= {*NO_SOURCES, *own_sources()}
    assert limits.goes_on.up_to < limits.easier.up_to < limits.leaves.up_to < 10
    assert len({question.key for question in safety.questions}) == len(safety.questions)
    assert safety.question("surgery").kind == "clearance"
    emergencies = {symptom.key for symptom in safety.symptoms if symptom.response == "emergency"}
    assert emergencies == {"chest_pain", "both_legs", "saddle", "bladder"}
    with pytest.raises(KeyError):
        safety.question("hair")
