"""Routine files: ours are valid, and every way of being wrong names file, key, line and what was expected."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import RoutineInvalid
from assistant.routines import Hold, Reps, Routine
from assistant.routines.loading import load_routine, load_routines, own_routine_files

GOOD = """\
title: neck roll
names: [neck roll]
purpose: It eases the neck.
cautions:
  - {say: Do it slowly., source: unverified}
steps:
  - name: roll
    position: sitting
    getting_there: Sit upright.
    movement: Roll your head to one side.
    cue: Breathe calmly.
    caution: Leave it if it hurts.
    easier: Make it small.
    source: BOOK
    hold: {seconds: 10}
closing: Well done.
sources: {BOOK: A book about necks}
"""


def written(folder: Path, text: str, name: str = "neck.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_our_own_routines_all_load() -> None:
    routines, errors = load_routines(own_routine_files())
    assert errors == []
    assert list(routines)[:2] == ["sciatic-nerve", "lumbar-extension"]
    assert set(routines) >= {"before-activity", "after-activity", "bad-day", "chair", "five-minutes"}


@pytest.mark.parametrize("path", own_routine_files(), ids=lambda path: path.stem)
def test_every_dose_names_a_source_that_is_listed(path: Path) -> None:
    routine = load_routine(path)
    assert all(step.source == "unverified" or step.source in routine.sources for step in routine.steps)
    assert routine.reviewed_by is None, "no clinician has read it yet"


def test_the_customers_lumbar_routine_has_its_three_exercises_in_order() -> None:
    steps = load_routines(own_routine_files())[0]["lumbar-extension"].steps
    assert [step.name for step in steps] == ["press up", "single knee to chest", "child's pose"]
    assert steps[1].sides == "both"


def test_the_sciatic_routine_is_for_the_sore_leg_and_stays_below_the_nerve_glides_cap() -> None:
    routine = load_routines(own_routine_files())[0]["sciatic-nerve"]
    assert routine.asks_for_side
    glide = routine.steps[0].dose
    assert isinstance(glide, Reps)
    assert glide.count <= 20


def test_no_static_stretch_before_activity_reaches_a_minute() -> None:
    for step in load_routines(own_routine_files())[0]["before-activity"].steps:
        assert not isinstance(step.dose, Hold) or step.dose.seconds < 60


def test_a_users_file_is_loaded_under_its_name(tmp_path: Path) -> None:
    routine = load_routine(written(tmp_path, GOOD))
    assert routine.key == "neck"
    assert routine.steps[0].dose == Hold(10)


@pytest.mark.parametrize(
    ("change", "key", "line", "says"),
    [
        (("seconds: 10", "seconds: 1000"), "steps.1.hold.seconds", 15, "1000"),
        (("seconds: 10", "seconds: ten"), "steps.1.hold.seconds", 15, "ten"),
        (("seconds: 10", "seconds: true"), "steps.1.hold.seconds", 15, "True"),
        (("seconds: 10", "sekunds: 10"), "steps.1.hold.sekunds", 15, "sekunds"),
        (("position: sitting", "position: hanging"), "steps.1.position", 8, "hanging"),
        (("source: BOOK", "source: BOOC"), "steps.1.source", 14, "BOOC"),
        (("    cue: Breathe calmly.\n", ""), "steps.1.cue", 7, "missing"),
        (("cue: Breathe calmly.", "cue: no"), "steps.1.cue", 11, "False"),
        (("    hold: {seconds: 10}\n", ""), "steps.1", 7, "neither"),
        (("names: [neck roll]", "names: [Neck 2]"), "names.1", 2, "Neck 2"),
        (("names: [neck roll]", "names: ['neck ]']"), "names.1", 2, "neck ]"),
        (("names: [neck roll]", "names: []"), "names", 2, "[]"),
        (("closing: Well done.", "closing: Well done.\nclosing: Bye now."), "closing", 17, "twice"),
        (("title: neck roll", "title: [unclosed"), "", 2, "YAML"),
    ],
)
def test_a_wrong_file_names_key_line_and_what_was_found(
    tmp_path: Path, change: tuple[str, str], key: str, line: int, says: str
) -> None:
    path = written(tmp_path, GOOD.replace(*change))
    with pytest.raises(RoutineInvalid) as caught:
        load_routine(path)
    error = caught.value
    assert (error.path, error.key, error.line) == (path, key, line)
    assert says in error.why
    assert str(path) in error.what
    assert error.fix


def test_a_misspelt_key_is_told_what_was_meant(tmp_path: Path) -> None:
    with pytest.raises(RoutineInvalid) as caught:
        load_routine(written(tmp_path, GOOD.replace("closing:", "clozing:")))
    assert "closing" in caught.value.fix


TAGS = [f"a: {tagged}\n".encode() for tagged in ("!!python/x y", "!!bool x", "!!int ''", "!!timestamp x", "2026-99-99")]


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"- a\n- b\n", b"a: &x [*x]\n", b"[" * 5000, *TAGS])
def test_what_is_no_routine_at_all_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(content)
    with pytest.raises(RoutineInvalid):
        load_routine(path)


def test_a_missing_file_is_an_error_of_ours(tmp_path: Path) -> None:
    with pytest.raises(RoutineInvalid, match="not valid"):
        load_routine(tmp_path / "nowhere.yaml")


def test_the_others_still_load_beside_a_wrong_one(tmp_path: Path) -> None:
    paths = [written(tmp_path, GOOD), written(tmp_path, "title: 3\n", "bad.yaml"), *own_routine_files()]
    routines, errors = load_routines(paths)
    assert set(routines) == {"neck", *(path.stem for path in own_routine_files())}
    assert [error.path.name for error in errors] == ["bad.yaml"]


def test_two_routines_cannot_share_a_name(tmp_path: Path) -> None:
    paths = [written(tmp_path, GOOD), written(tmp_path, GOOD, "other.yaml")]
    routines, errors = load_routines(paths)
    assert list(routines) == ["neck"]
    assert "neck roll" in errors[0].why


def test_a_users_file_may_replace_one_of_ours(tmp_path: Path) -> None:
    mine = written(tmp_path, GOOD, "sciatic-nerve.yaml")
    routines, errors = load_routines([*own_routine_files(), mine])
    assert errors == []
    assert routines["sciatic-nerve"].title == "neck roll"


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=10,
)


@settings(max_examples=200, deadline=None)
@given(
    key=st.sampled_from(["title", "names", "purpose", "cautions", "steps", "closing", "sources", "reviewed_by", "x"]),
    value=_VALUES,
)
def test_any_value_anywhere_is_taken_or_refused_in_our_words(
    tmp_path_factory: pytest.TempPathFactory, key: str, value: object
) -> None:
    data = yaml.safe_load(GOOD)
    data[key] = value
    path = written(tmp_path_factory.getbasetemp(), yaml.safe_dump(data), "any.yaml")
    try:
        assert isinstance(load_routine(path), Routine)
    except RoutineInvalid as error:
        assert all(error.lines())


@pytest.mark.parametrize("name", ["neck ]", "(x", "[]", "[neck]", "neck|", "'", "neck {x}", "\u0301\u0301"])
def test_a_name_that_nobody_could_say_is_refused_with_its_line(tmp_path: Path, name: str) -> None:
    with pytest.raises(RoutineInvalid) as refused:
        load_routine(written(tmp_path, GOOD.replace("[neck roll]", f'["neck roll", "{name}"]')))
    assert (refused.value.key, refused.value.line) == ("names.2", 2)
    assert "cannot be spoken" in refused.value.why


def test_a_step_is_called_something_that_can_be_said(tmp_path: Path) -> None:
    with pytest.raises(RoutineInvalid, match=r"steps\.1\.name"):
        load_routine(written(tmp_path, GOOD.replace("name: roll", 'name: "\u0301\u0301"')))


@pytest.mark.parametrize("written_so", ["1:30", "0x0A", "0o12", "1_0", "1e1", "10.0", "yes", "2026-03-01", '"10"'])
def test_what_is_no_whole_number_as_people_write_it_is_refused(tmp_path: Path, written_so: str) -> None:
    with pytest.raises(RoutineInvalid) as refused:
        load_routine(written(tmp_path, GOOD.replace("seconds: 10", f"seconds: {written_so}")))
    assert (refused.value.key, refused.value.line) == ("steps.1.hold.seconds", 15)
    assert refused.value.fix == "Expected: a whole number, such as 20."


def test_a_number_with_a_zero_before_it_is_that_number(tmp_path: Path) -> None:
    assert load_routine(written(tmp_path, GOOD.replace("seconds: 10", "seconds: 012"))).steps[0].dose == Hold(12)


@pytest.mark.parametrize("written_so", ["5,5", "5, 5", "5,5, times: 2"])
def test_a_comma_in_a_number_is_told_at_its_key(tmp_path: Path, written_so: str) -> None:
    with pytest.raises(RoutineInvalid) as refused:
        load_routine(written(tmp_path, GOOD.replace("seconds: 10", f"seconds: {written_so}")))
    assert (refused.value.key, refused.value.line) == ("steps.1.hold.seconds", 15)
    assert "whole number" in refused.value.fix
