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


def test_the_files_of_a_broker_are_named_where_there_is_one(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "config").mkdir(parents=True)
    settings = home / "config" / "settings.toml"
    settings.write_text('[mqtt]\nhost = "hub"\npassword-file = "of-the-broker"\n', encoding="utf-8")
    assert call("paths") == 0
    shown = [line for line in capsys.readouterr().out.splitlines() if line.startswith("the broker's password ")]
    assert shown[0].endswith(f" {home / 'config' / 'of-the-broker'}  (nothing yet)")
    settings.write_text("[mqtt]\n", encoding="utf-8")
    assert call("paths") == 0, "where the settings are not valid, the way to them is shown all the same"
    assert str(settings) in capsys.readouterr().out


def test_the_help_says_where_to_look(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("--help") == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "paths says where each thing is" in shown.replace("stretch- assistant", "stretch-assistant")
