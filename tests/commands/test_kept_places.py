"""Where things are kept: each place that something is written to is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.commands.kept_places import places
from assistant.home import folders
from tests.commands.calling import call


def test_every_folder_is_named_and_so_is_what_moves_them(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("paths") == 0
    shown = capsys.readouterr().out
    for folder in (folders.config(), folders.data(), folders.state(), folders.cache()):
        assert str(folder) in shown
    assert folders.HOME_VARIABLE in shown
    assert all(path.is_relative_to(home) for _, path in places())


def test_the_help_says_where_to_look(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("--help") == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "paths says where each thing is" in shown.replace("stretch- assistant", "stretch-assistant")
