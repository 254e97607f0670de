"""The live session for real: a sound server, sounddevice, threads; spoken to by microphone, Ctrl-C in the end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from assistant.keeping.kept_audio import kept_files
from scripts.testbed.live_sessions import Voice, live_session
from scripts.testbed.sound_server import SoundServer

pytestmark = pytest.mark.realtime


def test_a_live_session_hears_speaks_and_ends_cleanly(
    soundserver: SoundServer, home: Path, voice: Voice, tmp_path: Path
) -> None:
    with (
        soundserver.record_speaker() as recording,
        live_session(soundserver, home, tmp_path, voice, "--keep-audio", "2", PULSE_LATENCY_MSEC="200") as live,
    ):
        live.wait_for("the greeting is over", lambda row: row["kind"] == "said" and row["line"] == "greeting.welcome")
        live.say("start lower back stretch")
        live.wait_for("it has begun", lambda row: row["kind"] == "heard" and row["intent"] == "StartRoutine")
        live.wait_for(
            "it asks about health", lambda row: row["kind"] == "said" and row["line"].startswith("screening.")
        )
        live.say("stop")  # while it speaks
        live.wait_for("it has stopped", lambda row: row["kind"] == "heard" and row["intent"] == "Stop")
        live.process.send_signal(signal.SIGINT)
        shown, _ = live.process.communicate(timeout=90)
        rows = live.rows
        loudness = np.abs(recording.samples.astype(int)).max()
    assert live.process.returncode == 0, shown
    assert "> start lower back stretch" in shown
    assert shown.rstrip().endswith("Goodbye.")
    assert "Traceback" not in shown
    assert loudness > 3000
    assert "The last 2 minutes of sound" in shown
    kept = [soundfile.read(path, dtype="int16")[0] for path in kept_files(home / "state" / "audio")]
    heard, spoken = np.concatenate(kept).T
    assert np.abs(heard.astype(int)).max() > 3000
    assert np.abs(spoken.astype(int)).max() > 3000
    times = [row["t"] for row in rows if row["kind"] == "phase"]
    assert times == sorted(times)


def test_a_microphone_that_goes_away_pauses_the_session_until_it_is_back(
    soundserver: SoundServer, home: Path, voice: Voice, tmp_path: Path
) -> None:
    with live_session(soundserver, home, tmp_path, voice, "--keep-audio", "2", PULSE_LATENCY_MSEC="200") as live:
        live.wait_for("it has greeted", lambda row: row["kind"] == "said" and row["line"] == "greeting.welcome")
        soundserver.pactl("suspend-source", "mic", "1")
        try:
            live.wait_for("the microphone is missed", lambda row: row["kind"] == "lost")
        finally:
            soundserver.pactl("suspend-source", "mic", "0")
        live.wait_for("it is back", lambda row: row["kind"] == "back")
        live.say("start lower back stretch")
        live.wait_for("it hears again", lambda row: row["kind"] == "heard" and row["intent"] == "StartRoutine")
        os.kill(live.process.pid, signal.SIGINT)
        shown, _ = live.process.communicate(timeout=90)
    assert live.process.returncode == 0, shown
    assert [row["device"] for row in live.rows if row["kind"] == "lost"] == ["microphone"]


def test_the_session_refuses_a_device_that_is_not_there(soundserver: SoundServer, home: Path) -> None:
    call = [sys.executable, "-m", "assistant", "--microphone", "no such thing"]
    environment = {**soundserver.env, "STRETCH_ASSISTANT_HOME": str(home)}
    done = subprocess.run(call, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 3
    assert "no such thing" in done.stderr
