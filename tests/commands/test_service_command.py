"""``stretch-assistant service``: the unit that it writes, and what it tells where systemd can't be reached."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from assistant.home import user_units
from tests.commands.calling import call


@pytest.fixture
def unit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the unit will lie; a systemd of this user's is out of reach."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "con fig"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    return tmp_path / "con fig" / "systemd" / "user" / "stretch-assistant.service"


def lines(unit: Path) -> list[str]:
    return unit.read_text(encoding="utf-8").splitlines()


def test_the_unit_begins_the_assistant_with_the_login_and_again_after_a_failure(
    unit: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call("service", "install") == 0
    shown = capsys.readouterr().out
    assert f"Written: {unit}\n" in shown
    assert "  systemctl --user daemon-reload\n" in shown
    assert "  systemctl --user enable stretch-assistant.service\n" in shown
    assert "loginctl enable-linger" in shown
    assert {"Type=simple", "Restart=on-failure", "WantedBy=default.target"} <= set(lines(unit))
    assert any(line.startswith("After=") and "pipewire.service" in line for line in lines(unit))
    assert any(line.startswith("ExecStart=") and line.endswith('"-m" "assistant"') for line in lines(unit))


def test_it_waits_for_a_satellite_if_that_is_asked_for(unit: Path) -> None:
    assert call("service", "install") == 0
    assert call("service", "install", "--wyoming") == 0
    assert [line for line in lines(unit) if line.endswith('"-m" "assistant" "wyoming"')]


def test_the_unit_finds_the_users_files_whatever_they_are_called(
    unit: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STRETCH_ASSISTANT_HOME", str(tmp_path / 'a $b "c" %h'))
    assert call("service", "install") == 0
    assert f'Environment="STRETCH_ASSISTANT_HOME={tmp_path}/a $b \\"c\\" %%h"' in lines(unit)
    monkeypatch.setenv("STRETCH_ASSISTANT_HOME", str(tmp_path / "two\nlines"))
    assert call("service", "install") == 0
    assert f'Environment="STRETCH_ASSISTANT_HOME={tmp_path}/two\\nlines"' in lines(unit)


def test_a_folder_that_systemd_cannot_name_is_told(
    unit: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("STRETCH_ASSISTANT_HOME", f"{tmp_path}/lat\udcfc")
    assert call("service", "install") == 1
    assert "UTF-8" in capsys.readouterr().err.splitlines()[1]
    assert not unit.exists()


def test_alone_it_says_whether_it_is_installed(unit: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("service") == 0
    assert capsys.readouterr().out.startswith("It is not installed.")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_systemd_takes_the_unit(unit: Path) -> None:
    assert call("service", "install") == 0
    done = subprocess.run(
        ["systemd-analyze", "--user", "verify", str(unit)], check=False, capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_it_says_whether_it_is_installed_and_goes_without_a_trace(
    unit: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call("service", "status") == 0
    assert "not installed" in capsys.readouterr().out
    assert call("service", "install") == call("service", "status") == 0
    assert "Type: systemctl --user status stretch-assistant.service" in capsys.readouterr().out
    assert call("service", "remove") == 0
    assert not list(unit.parent.iterdir())
    assert "  systemctl --user stop stretch-assistant.service\n" in capsys.readouterr().out
    assert call("service", "remove") == 0
    assert "none to remove" in capsys.readouterr().out


def test_systemd_is_told_of_it_where_it_is_there(
    unit: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told = tmp_path / "told"
    systemctl = tmp_path / "bin" / "systemctl"
    systemctl.parent.mkdir()
    systemctl.write_text(f'#!/bin/sh\necho "$@" >>"{told}"\n[ "$2" != show ] || printf "active\\nenabled\\n"\n')
    systemctl.chmod(0o755)
    monkeypatch.setenv("PATH", str(systemctl.parent), prepend=":")
    for word in ("install", "status", "remove"):
        assert call("service", word) == 0
    name = "stretch-assistant.service"
    assert told.read_text(encoding="utf-8").splitlines() == [
        "--user --version",
        "--user daemon-reload",
        f"--user enable {name}",
        f"--user restart {name}",
        f"--user show {name} --property=ActiveState,UnitFileState --value",
        f"--user disable --now {name}",
        "--user daemon-reload",
    ]
    shown = capsys.readouterr().out
    assert "It listens now" in shown
    assert "It runs (active), and is enabled." in shown
    assert "Type: systemctl" not in shown


def test_a_disk_that_refuses_the_unit_is_told_in_three_lines(unit: Path, capsys: pytest.CaptureFixture[str]) -> None:
    unit.parents[2].write_text("no folder")
    assert call("service", "install") == 1
    assert len(capsys.readouterr().err.splitlines()) == 3


def test_a_word_is_quoted_for_systemd() -> None:
    assert user_units.command_line(["a b", 'c"d', "%h", "$HOME"]).endswith('"a b" "c\\"d" "%%h" "$$HOME"')


def test_wrong_settings_are_told_at_once_and_no_service_tries_them_again(
    unit: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = tmp_path / "wrong.toml"
    wrong.write_text("rate = 1\n", encoding="utf-8")
    assert call("--config", str(wrong), "service", "install") == 1
    assert len(capsys.readouterr().err.splitlines()) == 3
    assert not unit.exists()
    wrong.write_text("rate = 150\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert call("--config", "wrong.toml", "service", "install") == 0
    assert [line for line in lines(unit) if line.endswith(f'"--config" "{wrong}"')]
    wrong.write_text("rate = 1\n", encoding="utf-8")
    (variable,) = [line for line in lines(unit) if line.startswith("Environment=STRETCH_ASSISTANT_SERVICE")]
    monkeypatch.setenv(*variable.removeprefix("Environment=").split("=", 1))
    assert call("--config", str(wrong), "routines") == 2
    assert "RestartPreventExitStatus=2" in lines(unit)


@pytest.mark.parametrize(("version", "patient"), [("systemd 252 (252.38-1)", False), ("systemd 257.4", True)])
def test_a_service_that_cannot_begin_tries_less_and_less_often(
    unit: Path, monkeypatch: pytest.MonkeyPatch, version: str, *, patient: bool
) -> None:
    monkeypatch.setattr(user_units, "systemctl", lambda *_: version)
    assert call("service", "install") == 0
    assert ("RestartMaxDelaySec=300" in lines(unit)) == patient
