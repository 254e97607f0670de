"""The linter: each rule finds its slip of the pen, and says where it is and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.commands.routines.check import check_routines, syllables
from assistant.commands.routines.language_check import check_library
from assistant.dialogue.announcing import minutes_of
from assistant.dialogue.state.plan import plan
from assistant.errors import RoutineInvalid
from assistant.routines.exercise_loading import load_exercise, load_exercises, own_exercise_files
from assistant.routines.linter import lint_exercise
from assistant.routines.loading import load_routine, own_routine_files
from assistant.routines.yaml_file import read_yaml
from assistant.stage.run_through import run_through

GOOD = """\
title: evening stretch
names: [evening]
purpose: It eases the spine before you sleep.
cautions:
  - {say: Leave it if the pain gets worse., source: AB-D}
steps:
  - {exercise: pelvic-tilt, reps: {count: 5, pace: 5}}
  - {exercise: single-knee-to-chest, hold: {seconds: 20, times: 2}}
closing: Well done. Roll to your side, push up, and kneel. Use a chair to rise.
"""
ONE_STEP = """\
  - {exercise: pelvic-tilt, reps: {count: 5, pace: 5}}
"""


def findings(tmp_path: Path, text: str) -> list[RoutineInvalid]:
    path = tmp_path / "evening.yaml"
    path.write_text(text, encoding="utf-8")
    found = check_routines([path]).found
    assert all(isinstance(error, RoutineInvalid) for error in found)
    return found  # type: ignore[return-value]


def test_what_is_in_order_is_told_to_be(tmp_path: Path) -> None:
    assert findings(tmp_path, GOOD) == []


@pytest.mark.parametrize(
    ("right", "wrong", "key", "why"),
    [
        ("seconds: 20", "seconds: 45", "steps.2.hold.seconds", "hold 45 s, 2 times, 5 s rest: no source names"),
        ("count: 5", "count: 31", "steps.1.reps.count", "Found 31"),
        ("times: 2}", "times: 6}", "steps.2.hold.times", "no source names that much"),
        ("times: 2}", "times: 5}", "steps.2.hold.seconds", "hold 20 s, 5 times"),
        (
            "exercise: pelvic-tilt, reps: {count: 5, pace: 5}",
            "exercise: seated-nerve-glide, reps: {count: 10, pace: 7}",
            "steps.1.reps.pace",
            "10 reps, 7 s each",
        ),
        (
            "seconds: 20, times: 2}",
            "seconds: 20}",
            "steps.2.hold.seconds",
            "hold 20 s: no source names that much or little",
        ),
        ("times: 2}", "times: 5, short_form: true}", "steps.2.hold.seconds", "hold 20 s, 5 times"),
        ("count: 5, pace: 5}", "count: 4, pace: 5}", "steps.1.reps.count", "4 reps, 5 s each: no source names"),
        ("times: 2}", "times: 2}, sides: one", "steps.2.sides", "done on both sides"),
        ("exercise: pelvic-tilt", "exercise: pelvis-tilt", "steps.1.exercise", "There is no exercise 'pelvis-tilt'"),
        ("pace: 5}}", "pace: 5}, cue: Smile.}", "steps.1.cue", "cannot change its 'cue'"),
        ("Leave it if", "Go on if", "cautions.1.say", "'go' is a command"),
        ("source: AB-D}", "source: AB-D, about: [hair]}", "cautions.1.about.hair", "Nobody is asked about 'hair'"),
        ("Well done.", "Well done. Stop here.", "closing", "'stop' is a command"),
        ("Well done.", "Well done ✓.", "closing", "'✓.' can't be read aloud"),
        ("before you sleep.", "before you sleep, www.nhs.uk/back.", "purpose", "'www.nhs.uk' can't be read aloud"),
        ("Use a chair to rise.", "Возьми стул.", "closing", "'Возьми' can't be read aloud"),
        ("Well done.", "Well done w/ 2–3 reps/side.Then rest.", "closing", "'side.Then' can't be read aloud"),
        ("title: evening stretch", "title: night stretch", "title", "Nobody can begin the routine by its title"),
        (
            "It eases the spine before you sleep.",
            "Considerable musculoskeletal flexibility is advantageous immediately preceding nocturnal relaxation.",
            "purpose",
            "The words are too hard",
        ),
        (
            "  - {exercise: single",
            "  - {exercise: cat-and-camel}\n  - {exercise: single",
            "steps.3",
            "comes back to a position that was left before",
        ),
    ],
)
def test_a_slip_of_the_pen_is_found_where_it_is(tmp_path: Path, right: str, wrong: str, key: str, why: str) -> None:
    assert right in GOOD
    text = GOOD.replace(right, wrong)
    found = {error.key: error for error in findings(tmp_path, text)}
    assert key in found, [error.lines() for error in found.values()]
    what, said, fix = found[key].lines()
    assert why in said
    assert fix.strip()
    assert f"evening.yaml, line {found[key].line}" in what
    wrong_line = next(i for i, line in enumerate(text.splitlines(), 1) if wrong.splitlines()[-1].strip() in line)
    assert found[key].line == wrong_line


def test_a_step_that_is_spelled_out_has_to_say_when_to_leave_it(tmp_path: Path) -> None:
    spelled = """\
  - name: neck roll
    position: sitting
    getting_there: Sit tall.
    movement: Roll your head to one side.
    cue: Breathe calmly.
    caution: Move only as far as is comfortable.
    easier: Make it small.
    source: unverified
    hold: {seconds: 10}
"""
    assert [error.key for error in findings(tmp_path, GOOD.replace(ONE_STEP, spelled))] == ["steps.1"]
    rule = "    leave_when: Leave it when you feel light headed.\n"
    assert findings(tmp_path, GOOD.replace(ONE_STEP, spelled + rule)) == []


@pytest.mark.parametrize(
    ("right", "wrong", "why", "fix"),
    [
        ("seconds: 20", "seconds: twenty", "Found 'twenty'.", "Expected: a whole number, such as 20."),
        ("count: 5", "count: 50", "Found 50.", "Expected: 30 at most."),
        (
            "hold: {seconds: 20, times: 2}",
            "hold: 20",
            "Found 20.",
            "Expected: keys and values in braces, such as {seconds: 20}.",
        ),
        ("[evening]", "evening", "Found 'evening'.", "Expected: a list, such as [one] or [one, two]."),
        (
            "reps: {count: 5, pace: 5}",
            "hold: {seconds: 10}",
            "'pelvic tilt' is counted in reps, not held.",
            "Write, for instance: reps: {count: 5, pace: 5}",
        ),
        (
            "seconds: 20",
            "seconds: 20, sides: one",
            "The key 'sides' does not belong here.",
            "Look at the indentation and at the brackets.",
        ),
        ("It eases", "Note: it eases", "A colon stands where none can be.", "Put a text that holds a colon in quotes."),
        ("  - {exercise: single", "\t- {exercise: single", "A line is indented with a tab.", "Use spaces."),
        (
            "names: [evening]",
            "names: [lower back]",
            "The routine 'lower back stretch' is already called 'lower back'.",
            "Give this one a name of its own.",
        ),
    ],
)
def test_who_writes_yaml_once_a_year_is_told_in_their_words(
    tmp_path: Path, right: str, wrong: str, why: str, fix: str
) -> None:
    assert right in GOOD
    (found,) = findings(tmp_path, GOOD.replace(right, wrong))
    assert found.lines()[1:] == (why, fix)


@pytest.mark.parametrize("less", ["seconds: 15, times: 1", "seconds: 5, times: 1", "seconds: 3, times: 2"])
def test_less_than_a_source_names_is_in_order_where_it_is_marked_as_a_short_form(tmp_path: Path, less: str) -> None:
    assert findings(tmp_path, GOOD.replace("seconds: 20, times: 2", f"{less}, short_form: true")) == []
    assert (findings(tmp_path, GOOD.replace("seconds: 20, times: 2", less)) == []) == (less == "seconds: 5, times: 1")


def test_a_nerve_glide_that_is_spelled_out_has_its_limits_too(tmp_path: Path) -> None:
    spelled = """\
  - name: sciatic slider
    position: sitting
    getting_there: Sit tall.
    movement: Straighten the knee.
    cue: Breathe calmly.
    caution: Move only to a light tension.
    easier: Make it small.
    leave_when: Leave it when your leg gets worse.
    source: unverified
    reps: {count: 25, pace: 4}
    not_with: {pregnant: unverified}
"""
    found = findings(tmp_path, GOOD.replace(ONE_STEP, spelled))
    assert [error.why for error in found] == [
        "Nobody is asked about 'pregnant'.",
        "A nerve glide must not be done without a limit.",
        "A nerve glide is done at most 20 times in a row.",
    ]
    capped = spelled.replace("count: 25", "count: 15").replace("pregnant", "pregnancy") + "    most_a_day: 3\n"
    assert findings(tmp_path, GOOD.replace(ONE_STEP, capped)) == []


def test_the_words_of_a_step_that_is_spelled_out_are_read_too(tmp_path: Path) -> None:
    spelled = """\
  - name: neck roll
    position: sitting
    getting_there: Sit tall.
    movement: Considerable musculoskeletal flexibility is advantageous immediately preceding relaxation.
    cue: Breathe calmly.
    feel: Go on until it is warm.
    caution: Move only as far as is comfortable.
    easier: Make it small.
    leave_when: Leave it when you feel light headed.
    source: unverified
    hold: {seconds: 10}
"""
    found = findings(tmp_path, GOOD.replace(ONE_STEP, spelled))
    assert {error.key for error in found} == {"steps.1", "steps.1.feel"}


def test_a_hold_of_a_minute_is_no_stretch(tmp_path: Path) -> None:
    minute = "hamstring, hold: {seconds: 60, times: 2}"
    text = GOOD.replace("single-knee-to-chest, hold: {seconds: 20, times: 2}", minute)
    (found,) = findings(tmp_path, text)
    assert "held for 60 seconds" in found.why


@pytest.mark.parametrize("path", own_routine_files(), ids=lambda path: path.stem)
def test_our_own_routines_are_in_order_and_take_as_long_as_they_say(path: Path) -> None:
    assert [error.lines() for error in check_routines([path]).found] == []
    routine = load_routine(path)
    said = minutes_of(routine, plan(routine, "left")) * 60
    assert said == pytest.approx(run_through(routine, load_exercises()).now, rel=0.1)


def test_the_library_and_the_lines_are_in_order() -> None:
    assert [error.lines() for error in check_library().found] == []


@pytest.mark.parametrize(
    ("exercise", "right", "wrong", "why"),
    [
        ("nerve-glide", "{times: 3,", "{times: 5,", "without a limit"),
        ("nerve-glide", "most_a_day: {times: 3, source: POOLE}\n", "", "without a limit"),
        ("nerve-glide", "count: [10, 20]", "count: [10, 30]", "at most 20 times"),
        ("nerve-glide", "not_with: {pregnancy: unverified}\n", "", "not left out in pregnancy"),
        ("press-up", "reps: {count: 8", "reps: {count: 16", "16 reps, 5 s each: no source names"),
        ("press-up", "chair: standing-back-bend", "chair: cat-and-camel", "no exercise on a chair"),
        ("cat-and-camel", "brittle_bones", "brittle_nails", "Nobody is asked about 'brittle_nails'"),
        ("double-knee-to-chest", "brittle_bones", "brittle_nails", "Nobody is asked about 'brittle_nails'"),
    ],
)
def test_a_slip_in_the_library_is_found(tmp_path: Path, exercise: str, right: str, wrong: str, why: str) -> None:
    source = next(path for path in own_exercise_files() if path.stem == exercise)
    text = source.read_text(encoding="utf-8")
    assert right in text
    path = tmp_path / source.name
    path.write_text(text.replace(right, wrong), encoding="utf-8")
    found = list(lint_exercise(read_yaml(path), load_exercise(path), load_exercises(), syllables))
    assert any(why in error.why for error in found), [error.lines() for error in found]
