"""The sheet with figures: all that the sheet without them says, a picture for each pose, nothing from outside."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from assistant.commands.routines.html_sheet import write_sheet
from assistant.commands.routines.sheet import sheet
from assistant.figures.loading import own_figure
from assistant.routines.exercise_loading import load_exercises
from assistant.routines.loading import load_routine, own_routine_files
from tests.commands.calling import call


@pytest.mark.parametrize("path", own_routine_files(), ids=lambda path: path.stem)
def test_it_says_what_the_sheet_says_and_shows_every_pose(path: Path, tmp_path: Path) -> None:
    routine, exercises = load_routine(path), load_exercises()
    write_sheet(tmp_path / "sheet.html", routine, exercises)
    page = (tmp_path / "sheet.html").read_text(encoding="utf-8")
    shown = re.sub(r"<(script|style|svg).*?</\1>|<[^>]*>", " ", page, flags=re.DOTALL)
    shown = re.sub(r"&[^;]*;", " ", shown)
    said = sheet(routine, exercises).replace("'", " ")
    missing = set(re.findall(r"[A-Za-z]{3,}", said)) - set(re.findall(r"[A-Za-z]{3,}", shown))
    assert missing == set()
    pictures = re.findall(r"<svg class=\"figure\" role.*?</svg>", page, flags=re.DOTALL)
    due = 0
    for step in routine.steps:
        figure, seated = own_figure(step.exercise), own_figure(step.chair or "")
        assert figure is not None
        due += sum(len(motion.key_poses()) for motion in figure.forms.values())
        due += len(seated.forms["usual"].key_poses()) if seated else 0
    assert len(pictures) == due
    for picture in pictures:
        title, *shapes = ET.fromstring(picture)
        assert title.text
        assert len(shapes) > 20
    assert not re.findall(r"(?:src|href)=|url\(|@import", page)


def test_the_moving_figures_have_their_data(tmp_path: Path) -> None:
    path = next(path for path in own_routine_files() if path.stem == "sciatic-nerve")
    write_sheet(tmp_path / "sheet.html", load_routine(path), load_exercises())
    page = (tmp_path / "sheet.html").read_text(encoding="utf-8")
    found = re.search(r'id="figures">(.*?)</script>', page, flags=re.DOTALL)
    assert found is not None
    data = json.loads(found[1])
    assert set(re.findall(r'data-figure="([^"]*)"', page)) == set(data["figures"])
    assert all(form["boxes"] for figure in data["figures"].values() for form in figure["forms"].values())


def test_it_is_written_by_a_command_and_a_folder_that_is_not_there_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call("routines", "show", "chair", "--html", str(tmp_path / "chair.html")) == 0
    assert (tmp_path / "chair.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    capsys.readouterr()
    assert call("routines", "show", "chair", "--html", str(tmp_path / "no" / "chair.html")) == 1
    assert capsys.readouterr().err.startswith("The sheet can't be written to")


def test_an_exercise_of_ones_own_has_a_sheet_without_a_figure(tmp_path: Path) -> None:
    own = tmp_path / "mine.yaml"
    call_text = """\
title: evening stretch
names: [evening]
purpose: It eases the spine before you sleep.
cautions:
  - {say: Leave it if the pain gets worse., source: unverified}
steps:
  - name: wiggle
    position: sitting
    getting_there: Sit on a chair.
    movement: Move your <toes> & feet.
    cue: Breathe.
    caution: Leave it if it hurts.
    easier: Move less.
    source: unverified
    reps: {count: 5, pace: 5}
closing: Well done.
sources: {}
"""
    own.write_text(call_text, encoding="utf-8")
    write_sheet(tmp_path / "sheet.html", load_routine(own), load_exercises())
    page = (tmp_path / "sheet.html").read_text(encoding="utf-8")
    assert "Move your &lt;toes&gt; &amp; feet." in page
    assert "<svg" not in page
    assert "<script" not in page
