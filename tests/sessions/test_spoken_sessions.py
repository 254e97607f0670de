"""The main job on real audio: heard, told, counted, obeyed. Nothing here knows what the recogniser will answer."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from assistant.audio.files import WavWriter, read_recording
from assistant.audio.formats import RATE, Samples
from assistant.stage.demo_user import Part
from scripts.testbed.spoken_sessions import SessionOutcome, run_session, speak, timed

SPEAKERS = ("espeak-ng en-gb+f4", "flite slt", "flite rms")

LOWER_BACK = (
    Part("start lower back stretch", {"kind": "said", "line": "greeting.welcome"}),
    Part("ready", {"kind": "said", "line": "step.say_when_there"}),
    Part("next", {"kind": "said", "line": "reps.count"}, after_s=0.3),
    Part("next", {"kind": "said", "line": "step.say_when_there"}),
    Part("ready", {"kind": "said", "line": "step.say_when_there"}),
    Part("pause", {"kind": "tick", "remaining": 11}, after_s=0.4),
    Part("resume", {"kind": "said", "line": "pause.paused"}, after_s=2.0),
    Part("stop", {"kind": "tick", "remaining": 3}, after_s=0.4),
    Part("skip", {"kind": "said", "line": "getting_up.rest"}),
)


@pytest.mark.parametrize("voice", SPEAKERS)
def test_a_session_is_obeyed_from_start_to_stop(voice: str, spoken_words: Path) -> None:
    outcome = run_session(LOWER_BACK, lambda words: speak(words, voice, spoken_words))
    assert outcome.intents == ["StartRoutine", "Ready", "Next", "Next", "Ready", "Pause", "Resume", "Stop", "Next"]
    assert outcome.of_kind("rejected") == []
    said = [row["line"] for row in outcome.of_kind("said")]
    assert said.index("caution.intro") < said.index("step.announce")
    assert [row["phase"] for row in outcome.of_kind("phase")][-1] == "idle"
    assert the_hold_was_counted_to_the_sample(outcome)


def the_hold_was_counted_to_the_sample(outcome: SessionOutcome) -> bool:
    before, after = outcome.held()
    for hold in (before, after):
        assert len(hold) >= 3
        for earlier, later in itertools.pairwise(hold):
            assert later["t"] - earlier["t"] == pytest.approx(1.0, abs=1e-9)
            assert later["remaining"] == earlier["remaining"] - 1
    # Pausing keeps what was left: no second is counted twice, none is missing.
    assert before[-1]["remaining"] - after[0]["remaining"] in {0, 1}
    return True


def test_what_is_noted_is_what_is_heard(spoken_words: Path) -> None:
    """The loudspeaker is silent between lines, and a tone begins on the very sample that the events name."""
    outcome = run_session(LOWER_BACK, lambda words: speak(words, SPEAKERS[1], spoken_words))
    sounding = np.zeros(len(outcome.played), bool)
    for row in outcome.of_kind("said"):
        sounding[round(row["start"] * RATE) : round(row["end"] * RATE) + 200] = True
    for row in outcome.of_kind("chime"):
        begin = round(row["t"] * RATE)
        assert np.abs(outcome.played[begin : begin + RATE // 20]).max() > 300, row
        sounding[begin : begin + RATE] = True
    assert np.abs(outcome.played[~sounding]).max() <= 1
    assert np.abs(outcome.played[sounding]).max() > 5000


def test_stop_silences_a_line_that_is_being_said(spoken_words: Path) -> None:
    outcome = run_session(
        (
            Part("start sciatic stretch", {"kind": "said", "line": "greeting.welcome"}),
            Part("right", {"kind": "said", "line": "side.which"}),
            Part("stop", {"kind": "said", "line": "caution.intro"}, after_s=3.0),
        ),
        lambda words: speak(words, SPEAKERS[0], spoken_words),
    )
    stop = outcome.of_kind("heard")[-1]
    assert stop["intent"] == "Stop"
    cut = [row for row in outcome.of_kind("said") if row["cut"]]
    assert len(cut) == 1
    assert cut[0]["start"] < stop["start_s"]
    assert 0.0 < cut[0]["end"] - stop["end_s"] < 0.6


def test_the_same_session_twice_is_the_same_to_the_sample(spoken_words: Path) -> None:
    first, second = (run_session(LOWER_BACK, lambda words: speak(words, SPEAKERS[2], spoken_words)) for _ in range(2))
    assert first.rows == second.rows
    assert np.array_equal(first.played, second.played)


def test_a_recording_is_obeyed_through_the_command_line(tmp_path: Path, spoken_words: Path) -> None:
    words = (
        (9.0, "start lower back stretch"),
        (20.0, "no"),
        (75.5, "ready"),
        (96.0, "next"),
        (105.0, "pause"),
        (111.0, "resume"),
        (117.0, "stop"),
    )
    with WavWriter(tmp_path / "mic.wav") as microphone:
        microphone.write(timed(words, lambda said: speak(said, SPEAKERS[1], spoken_words), 123.0))
    options = ("--mic", "mic.wav", "--speaker", "speaker.wav", "--events", "events.jsonl", "--known")
    call = [sys.executable, "-m", "assistant", "session", *options]
    done = subprocess.run(call, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    rows = [json.loads(line) for line in (tmp_path / "events.jsonl").read_text(encoding="utf-8").splitlines()]
    heard = [row for row in rows if row["kind"] == "heard"]
    assert [row["intent"] for row in heard] == ["StartRoutine", "No", "Ready", "Next", "Pause", "Resume", "Stop"]
    assert all(abs(row["start_s"] - at) < 0.4 for row, (at, _) in zip(heard, words, strict=True))
    assert "start lower back stretch" in done.stdout
    played: Samples = read_recording(tmp_path / "speaker.wav")
    assert len(played) / RATE == pytest.approx(rows[-1]["t"], abs=3.0)


def test_an_empty_room_is_left_in_peace() -> None:
    hiss = np.random.default_rng(3).normal(0.0, 40.0, 40 * RATE).astype(np.int16)
    outcome = run_session((Part("hiss", {"kind": "said", "line": "greeting.welcome"}),), lambda _: hiss)
    assert outcome.intents == []
    assert [row["line"] for row in outcome.of_kind("said")] == ["greeting.hello", "greeting.welcome"]
