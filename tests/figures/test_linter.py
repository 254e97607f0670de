"""The figures of the library are in order, and each rule finds its slip of the pen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.errors import RoutineInvalid
from assistant.figures import linter
from assistant.figures.linter import lint_figure
from assistant.figures.loading import figure_file, own_figure, read_figure
from assistant.routines.exercise_loading import load_exercises

LIBRARY = load_exercises()


@pytest.mark.parametrize("key", LIBRARY)
def test_every_exercise_has_its_figure_and_it_is_in_order(key: str) -> None:
    assert [error.lines() for error in lint_figure(LIBRARY[key], LIBRARY)] == []


def found_in(key: str, text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    path = tmp_path / f"{key}.yaml"
    path.write_text(text, encoding="utf-8")
    monkeypatch.setattr(linter, "figure_file", lambda name: path if name == key else figure_file(name))
    return [error.why for error in lint_figure(LIBRARY[key], LIBRARY)]


@pytest.mark.parametrize(
    ("key", "right", "wrong", "why"),
    [
        ("pelvic-tilt", "elbow: ", "elbow: -", "No body bends like that: left_elbow"),
        ("bridge", "ground: mat", "ground: chair", "'waist' should lie on its ground"),
        ("press-up", "knee: 1", "knee: 60", "should lie on its ground"),
        ("seated-slump", "hip: [77", "hip: [40", "into the floor"),
        ("nerve-glide", "beats: [straight, ", "beats: [", "A rep has 4 beats, and the figure 3 poses"),
        ("hamstring", "  harder: {start", "  hardest: {start", "hardest"),
        ("bridge", "hold: [flat, up]", "beats: [flat, up]", "The exercise is held, and its figure is not"),
        ("knee-rolls", "beats: [right, start, left, start]", "beats: [right, start, right, start]", "mirror image"),
        ("figure-four", "works: [buttock_right]", "works: [buttock_left]", "another side than the right"),
        ("standing-back-bend", "what: worktop", "what: chair", "A worktop has to be within reach"),
    ],
)
def test_a_slip_is_found(
    key: str, right: str, wrong: str, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = figure_file(key).read_text(encoding="utf-8")
    assert right in text
    try:
        found = found_in(key, text.replace(right, wrong), tmp_path, monkeypatch)
    except RoutineInvalid as error:
        found = [error.why, error.fix]
    assert any(why in told for told in found), found


def test_a_form_without_a_figure_and_an_exercise_without_one_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = figure_file("press-up").read_text(encoding="utf-8").splitlines(keepends=True)
    without = "".join(line for line in lines if not line.startswith("  easier:"))
    assert "The form 'easier' has no figure." in found_in("press-up", without, tmp_path, monkeypatch)
    unknown = replace(LIBRARY["press-up"], key="nowhere")
    assert [error.why for error in lint_figure(unknown, LIBRARY)] == ["The exercise 'press up' has no figure."]


def test_a_users_own_exercise_may_have_none() -> None:
    assert own_figure("") is None
    assert own_figure("my own wiggle") is None


@pytest.mark.parametrize(
    ("right", "wrong", "why"),
    [
        ("elbow: ", "elbo: ", "'elbo' is no joint"),
        ("from: start", "from: nowhere", "There is no pose 'nowhere'"),
        ("hold: [flat, up]", "hold: [flat, away]", "There is no pose 'away'"),
        ("works: [", "works: [tail, ", "'tail' is no part that can be marked"),
        ("rests: [pelvis", "rests: [tail", "'tail' is no part of the body"),
        ("forms:", "shapes:", "'shapes' is not known"),
    ],
)
def test_what_is_no_figure_is_refused_with_its_place(right: str, wrong: str, why: str, tmp_path: Path) -> None:
    text = figure_file("bridge").read_text(encoding="utf-8")
    assert right in text
    path = tmp_path / "bridge.yaml"
    path.write_text(text.replace(right, wrong), encoding="utf-8")
    with pytest.raises(RoutineInvalid) as refused:
        read_figure(path)
    assert why in refused.value.why
