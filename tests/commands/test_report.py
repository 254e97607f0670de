"""The report: what was kept and which versions, shown before it is written, for the user alone; erased on request."""

from __future__ import annotations

import io
import json
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from assistant.audio.formats import RATE
from assistant.keeping import kept_events
from assistant.keeping.journal import Journal
from assistant.keeping.kept_audio import AudioRing, audio_folder
from assistant.keeping.kept_events import KeptEvents, events_files
from assistant.version import VERSION
from tests.commands.calling import call


@pytest.fixture(autouse=True)
def _named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))


def no_complaints(sentence: str) -> None:
    raise AssertionError(sentence)


@pytest.fixture
def kept() -> None:
    """A session of the past: half a minute of sound, and some events."""
    ring = AudioRing(audio_folder(), 5)
    for _ in range(3):
        ring.add(np.random.default_rng(0).integers(-99, 99, (10 * RATE, 2)).astype(np.int16))
    with KeptEvents(no_complaints) as events:
        Journal(events).saying(1.0, "greeting.welcome", "Hello.")


class TypedAnswer(io.StringIO):
    def isatty(self) -> bool:
        return True


def answering(monkeypatch: pytest.MonkeyPatch, answer: str) -> None:
    monkeypatch.setattr(sys, "stdin", TypedAnswer(answer))


def in_zip(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.usefixtures("kept")
def test_a_report_holds_sound_words_settings_and_versions(
    tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "config").mkdir(parents=True)
    (home / "config" / "settings.toml").write_text(
        f'rate = 120\nroutines = "{tmp_path}/mine"\nhousehold-number = "020 7946"\n'
        '[mqtt]\nhost = "hub-of-mine"\nport = 1884\nusername = "tenant"\npassword = "hunter two"\n',
        encoding="utf-8",
    )
    assert call("report", "--yes", "--out", "r.zip") == 0
    shown = capsys.readouterr().out
    held = in_zip(tmp_path / "r.zip")
    sounds = sorted(name for name in held if name.endswith(".flac"))
    assert sorted(held) == [*sounds, "events.jsonl", "settings.json", "versions.json"]
    for path, name in zip(sorted(audio_folder().iterdir()), sounds, strict=True):
        assert name == f"audio/{path.name}"
        assert held[name] == path.read_bytes()
    rows = [json.loads(line) for line in held["events.jsonl"].decode().splitlines()]
    assert [row["kind"] for row in rows] == ["session", "saying"]
    assert rows[0]["version"] == VERSION
    settings = json.loads(held["settings.json"])
    assert settings["rate"] == 120
    assert settings["routines"] == "~/mine"
    assert settings["mqtt"]["port"] == 1884
    assert not [
        name for name in held for private in (b"hunter", b"hub-of", b"tenant", b"7946") if private in held[name]
    ]
    versions = json.loads(held["versions.json"])
    assert versions["stretch-assistant"] == VERSION
    assert versions["packages"]["numpy"] == np.__version__
    assert all(len(value) == 64 for model in versions["models"] for value in model["sha256"].values())
    assert "0.5 minutes" in shown
    for name in ("settings.json", "versions.json", "events.jsonl", sounds[0]):
        assert name in shown
    assert str(tmp_path / "r.zip") in shown.replace("r.zip", str(tmp_path / "r.zip"))
    assert (tmp_path / "r.zip").stat().st_mode & 0o777 == 0o600


def test_without_anything_kept_the_report_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("report", "--yes") == 0
    shown = capsys.readouterr().out
    assert "no sound: none was kept" in shown
    assert "no words: none were kept" in shown
    (written,) = tmp_path.glob("stretch-assistant-report-*.zip")
    assert sorted(in_zip(written)) == ["settings.json", "versions.json"]


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize(
    ("answer", "written"), [("y\n", True), ("Yes\n", True), ("n\n", False), ("\n", False), ("", False)]
)
def test_it_is_written_only_after_a_yes(
    answer: str, written: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answering(monkeypatch, answer)
    assert call("report", "--out", "r.zip") == 0
    shown = capsys.readouterr().out
    assert shown.index("The report will hold:") < shown.index("Write it?")
    assert (tmp_path / "r.zip").exists() is written
    assert ("Nothing was written." in shown) is not written


def test_without_a_terminal_it_needs_a_yes_beforehand(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("report", "--out", "r.zip") == 2
    assert len(capsys.readouterr().err.splitlines()) == 3
    assert not (tmp_path / "r.zip").exists()


@pytest.mark.parametrize("out", ["there.zip", "missing/r.zip", "."])
def test_a_file_that_cannot_be_written_is_told_and_nothing_is_overwritten(
    out: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "there.zip").write_text("mine", encoding="utf-8")
    assert call("report", "--yes", "--out", out) == 1
    assert len(capsys.readouterr().err.splitlines()) == 3
    assert (tmp_path / "there.zip").read_text(encoding="utf-8") == "mine"


@pytest.mark.usefixtures("kept")
def test_erasing_leaves_nothing_and_goes_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("report", "--erase", "--yes") == 2
    assert any(audio_folder().iterdir())
    capsys.readouterr()
    assert call("report", "--erase") == 0
    assert capsys.readouterr().out == "Deleted: 3 files of sound, 1 of words.\n"
    assert not any(audio_folder().iterdir())
    assert not any(path.exists() for path in events_files())
    assert call("report", "--erase") == 0


def test_events_are_for_the_user_alone_and_two_sessions_stand_one_after_the_other() -> None:
    for _ in range(2):
        with KeptEvents(no_complaints) as events:
            Journal(events).tick(1.0, 3)
    _, path = events_files()
    assert path.stat().st_mode & 0o777 == 0o600
    kinds = [json.loads(line)["kind"] for line in path.read_text(encoding="utf-8").splitlines()]
    assert kinds == ["session", "tick", "session", "tick"]


def test_events_stay_small_and_the_newest_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_events, "LARGEST_BYTES", 2_000)
    with KeptEvents(no_complaints) as events:
        for number in range(300):
            Journal(events).saying(float(number), "step.movement", "one two three four five six seven")
    older, path = events_files()
    assert path.stat().st_size + older.stat().st_size < 4_300
    rows = [json.loads(line) for file in (older, path) for line in file.read_text(encoding="utf-8").splitlines()]
    assert [row["t"] for row in rows] == [float(number) for number in range(300 - len(rows), 300)]


def test_events_that_cannot_be_kept_are_told_once_and_stop_nothing(home: Path) -> None:
    home.mkdir()
    (home / "state").write_text("in the way", encoding="utf-8")
    told: list[str] = []
    with KeptEvents(told.append) as events:
        Journal(events).tick(1.0, 1)
        Journal(events).tick(2.0, 2)
    assert len(told) == 1


@pytest.mark.parametrize("minutes", ["-1", "121", "1.5", "some"])
def test_minutes_that_make_no_sense_are_refused(minutes: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("--typed", "--keep-audio", minutes) in {1, 2}
    assert len(capsys.readouterr().err.splitlines()) == 3
