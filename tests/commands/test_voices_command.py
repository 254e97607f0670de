"""The voices as a user sees, hears and sets them."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from assistant.audio.files import read_recording
from assistant.audio.formats import RATE
from assistant.voice.natural import natural_voices, piper_version, speaker
from tests.commands.calling import call


def test_all_that_can_speak_is_listed_and_who_does_is_marked(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("voices") == 0
    shown = capsys.readouterr().out.splitlines()
    (marked,) = [line for line in shown if line.startswith("→")]
    assert "en-gb" in marked
    names = {line.replace("→", " ").split()[0] for line in shown[1:] if line.startswith(("→", " "))}
    assert {"en-gb", "en-us"} <= names
    if piper_version() is not None:
        assert {speaker(name) for name in natural_voices()} <= names


@pytest.mark.parametrize(
    "before",
    [
        *("", "rate = 140\n", 'rate = 140\nvoice = "en-gb"  # as ever\n', 'count = "all"', "rate = 140\r\n"),
        *("'voice' = 'en-gb'\nrate = 140\n", '"voice" = "a # \\" b"\r\nrate = 140\r\n[mqtt]\r\nhost = "hub"\r\n'),
    ],
)
def test_a_voice_is_set_and_all_else_stays(home: Path, before: str) -> None:
    file = home / "config" / "settings.toml"
    if before:
        file.parent.mkdir(parents=True)
        file.write_text(before, encoding="utf-8", newline="")
    assert call("voices", "en-us+f3") == 0
    after = file.read_bytes().decode("utf-8")
    assert tomllib.loads(after) == tomllib.loads(before) | {"voice": "en-us+f3"}
    assert ("# as ever" in after) == ("# as ever" in before)
    assert {line.endswith("\r\n") for line in after.splitlines(keepends=True)} == {"\r\n" in before}


def test_settings_that_it_cannot_change_stay_as_they_were(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = home / "config" / "settings.toml"
    file.parent.mkdir(parents=True)
    file.write_text('voice = """en-gb"""\n', encoding="utf-8")
    assert call("voices", "en-us") == 1
    assert capsys.readouterr().err.splitlines()[-1] == 'Write it there: voice = "en-us"'
    assert file.read_text(encoding="utf-8") == 'voice = """en-gb"""\n'


@pytest.mark.parametrize("name", ["dothraki", "no-such-file.onnx", "x" * 300])
def test_what_cannot_speak_is_not_set(home: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("voices", name) == 1
    assert len(capsys.readouterr().err.splitlines()) == 3
    assert not (home / "config" / "settings.toml").exists()


def test_a_sample_of_one_voice_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("voices", "en-us", "--out", str(tmp_path / "samples")) == 0
    (file,) = (tmp_path / "samples").iterdir()
    assert file.name == "en-us.wav"
    assert str(file) in capsys.readouterr().out.replace("\n", "")
    assert 4.0 < len(read_recording(file)) / RATE < 15.0
    (tmp_path / "in-the-way").touch()
    assert call("voices", "en-us", "--out", str(tmp_path / "in-the-way")) == 1
