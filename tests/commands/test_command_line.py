"""The command line as users meet it: what it prints, three lines for every error, exit codes, no traceback."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.version import VERSION
from tests.commands.calling import call

SCRIPT = """
# a hold, paused for a while
1 start lower back stretch
1.5 no
2 next
3 next
4 next
5 ready
24 ready
27 pause
33 resume
46 stop
"""


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("--version") == 0
    assert capsys.readouterr().out == f"stretch-assistant {VERSION}\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("--nonsense",),
        ("--rate", "fast"),
        ("--rate", "79"),
        ("--screen", "everywhere"),
        ("session", "--script", "a.txt", "--events", "a.txt"),
        ("session", "--mic", "a.wav", "--speaker", "./a.wav"),
        ("diary", "export", "--csv", "a", "--fhir", "a"),
        ("hear",),
        ("session",),
        ("session", "--mic", "a.wav", "--script", "b.txt"),
        ("routines", "nonsense"),
        ("routines", "show", "nonsense"),
        ("hear", "a.wav", "--phase", "nonsense"),
        ("hear", "a.wav", "--phase", "idle", "--sentences", "b.yaml"),
        ("fetch-model", "nonsense"),
    ],
)
def test_a_wrong_call_is_three_lines_and_exit_code_2(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(*arguments) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert len(shown.err.splitlines()) == 3
    assert "Traceback" not in shown.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("session", "--mic", "missing.wav"),
        ("session", "--mic", "."),
        ("session", "--script", "missing.txt"),
        ("session", "--script", "bad.txt"),
        ("session", "--script", "good.txt", "--events", "missing/events.jsonl"),
        ("session", "--script", "good.txt", "--speaker", "missing/speaker.wav"),
        ("hear", "bad.txt"),
        ("hear", "--words", "missing.txt"),
        ("hear", "bad.txt", "--sentences", "bad.txt"),
        ("hear", "bad.txt", "--engine", "vosk", "--model", "missing"),
        ("routines", "check", "bad.txt"),
        ("--config", "bad.txt", "routines"),
        ("demo", "--out", "bad.txt"),
    ],
)
def test_a_failure_is_three_lines_and_exit_code_1(
    arguments: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bad.txt").write_text("neither: [sound nor sense", encoding="utf-8")
    (tmp_path / "good.txt").write_text("1 start lower back stretch\n", encoding="utf-8")
    assert call(*arguments) == 1
    shown = capsys.readouterr()
    assert len(shown.err.splitlines()) == 3, shown.err
    assert "Traceback" not in shown.err


def test_the_traceback_is_for_those_who_ask(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("--verbose", "session", "--script", "missing.txt") == 1
    assert "Traceback" in capsys.readouterr().err


def test_a_script_is_a_session_and_the_same_every_time(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "script.txt").write_text(SCRIPT, encoding="utf-8")
    for name in ("one", "two"):
        files = ("--speaker", f"{name}.wav", "--events", f"{name}.jsonl")
        assert call("session", "--script", "script.txt", "--known", *files) == 0
    assert (tmp_path / "one.jsonl").read_bytes() == (tmp_path / "two.jsonl").read_bytes()
    assert (tmp_path / "one.wav").read_bytes() == (tmp_path / "two.wav").read_bytes()
    assert "start lower back stretch" in capsys.readouterr().out
    rows = [json.loads(line) for line in (tmp_path / "one.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {"heard", "said", "phase", "chime", "tick"} <= {row["kind"] for row in rows}
    ticks = [row for row in rows if row["kind"] == "tick"]
    steps = [(a, b) for a, b in itertools.pairwise(ticks) if b["remaining"] == a["remaining"] - 1]
    assert len(steps) >= 4
    # Across the pause there is a longer step; every other one is a second to the sample.
    assert sum(abs(b["t"] - a["t"] - 1.0) > 1e-9 for a, b in steps) <= 1


def test_one_bad_routine_is_told_and_the_others_are_there(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = home / "data" / "routines"
    own.mkdir(parents=True)
    (own / "broken.yaml").write_text("title: broken\nsteps: 3\n", encoding="utf-8")
    assert call("routines") == 0
    shown = capsys.readouterr()
    assert "sciatic-nerve" in shown.out
    assert "broken.yaml" in shown.err
    assert len(shown.err.splitlines()) == 3


def test_commands_come_through_a_pipe_and_nonsense_is_not_taken(tmp_path: Path, home: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "assistant", "--typed", "--events", "events.jsonl", "--keep-audio", "5"],
        input="xyzzy\n\x00\x1b[2J\n",
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert "xyzzy" in done.stdout
    rows = [json.loads(line) for line in (tmp_path / "events.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [row["rejected"] for row in rows if row["kind"] == "rejected"] == ["not a phrase"] * 2
    kept = [json.loads(line) for line in (home / "state" / "events.jsonl").read_text(encoding="utf-8").splitlines()]
    assert kept[-len(rows) :] == rows  # for a report; and no sound, as there was no microphone
    assert not (home / "state" / "audio").exists()


def test_words_are_heard_as_recordings_are(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "said.txt"
    file.write_text("Stop!\nHolding\t10 more seconds\nidle\tstop\nscreening\tI haven’t\n", encoding="utf-8")
    assert call("hear", "--words", str(file), "--phase", "holding", "--json") == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(row["text"], row["intent"], row["rejected"]) for row in rows] == [
        ("stop!", "Stop", None),
        ("10 more seconds", "More", None),
        ("stop", None, "not a phrase"),
        ("i haven't", "No", None),
    ]


def test_words_are_held_against_what_they_should_mean(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "said.tsv"
    rows = [
        "phase\twords\tintents\tslots",
        'AskingSide\tleft\tSide\t{"side": "left"}',
        'AskingSide\tleft\tSide\t{"side": "right"}',
    ]
    file.write_text("\n".join([*rows, "Holding\tstop\tPause,Stop", "Holding\tstop\t*"]), encoding="utf-8")
    assert call("hear", "--words", str(file)) == 0
    told = capsys.readouterr()
    assert "3 of 4" in told.err
    assert told.out.count("(wrong)") == 1
    file.write_text("phase\twords\tintents\tslots\nIdle\tstop\tStop\t{side", encoding="utf-8")
    assert call("hear", "--words", str(file)) == 1
    assert "line 2" in capsys.readouterr().err
