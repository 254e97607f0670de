"""All routines: one that no session could listen for is told, and the others are there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from assistant.home.settings import Settings
from assistant.loop.library import load_library
from tests.routines.test_loading import GOOD


@pytest.mark.parametrize("name", ["neck ]", "[neck]", "\U00010ea4\U00010ea4", "neck \ua856"])
def test_a_routine_whose_name_has_no_sound_is_left_out(tmp_path: Path, name: str) -> None:
    (tmp_path / "neck.yaml").write_text(GOOD.replace("[neck roll]", f'["{name}"]'), encoding="utf-8")
    (tmp_path / "other.yaml").write_text(GOOD.replace("neck roll", "other roll"), encoding="utf-8")
    library = load_library(Settings(routines=tmp_path))
    assert "other" in library.routines
    assert "neck" not in library.routines
    assert all(", line 2, key names.1." in error.what for error in library.errors)
    assert len(library.errors) == 1


@pytest.mark.parametrize("name", ["missing", "file", "x" * 300])
def test_a_folder_that_cannot_be_read_is_told_and_ours_are_there(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    library = load_library(Settings(routines=tmp_path / name))
    assert len(library.routines) == len(load_library(Settings()).routines) > 0
    (error,) = library.errors
    assert str(tmp_path / name) in error.what


def test_a_pipe_or_a_device_among_the_routines_is_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / "neck.yaml").write_text(GOOD, encoding="utf-8")
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "device.yaml").symlink_to("/dev/zero")
    library = load_library(Settings(routines=tmp_path))
    assert "neck" in library.routines
    assert library.errors == []
