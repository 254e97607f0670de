"""A live session with its screen, for real: in step with what is heard, and obeying what is pressed while it speaks."""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.home.folders import HOME_VARIABLE
from assistant.screen.doors import COOKIE, kept_token
from scripts.testbed.live_sessions import Voice, live_session
from scripts.testbed.sound_server import RATE, SoundServer

pytestmark = pytest.mark.realtime


class Screen:
    """What a browser does: it reads as soon as something comes.

    Args:
        port: Where the session listens.

    Attributes:
        events: Each event with its kind, and when it came, on the monotonic clock.
    """

    def __init__(self, port: int) -> None:
        self._port = port
        self._cookie = {"Cookie": f"{COOKIE}={kept_token()}"}
        self.events: list[tuple[float, str, dict[str, Any]]] = []
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("GET", "/events", headers=self._cookie)
        self._answer = connection.getresponse()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        name = ""
        while line := self._answer.readline().decode():
            if line.startswith("event: "):
                name = line.removeprefix("event: ").strip()
            if line.startswith("data: "):
                self.events.append((time.monotonic(), name, json.loads(line.removeprefix("data: "))))

    def begun_at(self, heard: float) -> float:
        """When the session's clock stood at 0, on the monotonic one, by what came round about a time of the session."""
        return min(came - float(told["clock"]) for came, _, told in self.events if abs(told["clock"] - heard) < 5.0)

    def until_over(self) -> dict[str, Any]:
        """Wait for the end of the events.

        Returns:
            The last of them.
        """
        self._thread.join(60.0)
        return self.events[-1][2]

    def press(self, words: str) -> int:
        """Say words by a button."""
        client = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        headers = {**self._cookie, "Content-Type": "application/json"}
        client.request("POST", "/say", json.dumps({"words": words}), headers)
        return client.getresponse().status


def onsets(recorded: np.ndarray) -> np.ndarray:
    """Where sound begins after a quarter of a second of silence."""
    loud = np.flatnonzero(np.abs(recorded.astype(int)) > 300)
    return loud[np.flatnonzero(np.diff(loud, prepend=-RATE) > RATE // 4)]


def test_its_clock_is_that_of_what_is_heard_and_what_is_pressed_is_done(
    soundserver: SoundServer, voice: Voice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"  # of somebody who was never asked about their health, whatever was tried before
    home.mkdir()
    monkeypatch.setenv(HOME_VARIABLE, str(home))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    (tmp_path / "settings.toml").write_text(f"screen_port = {port}\n", encoding="utf-8")
    options = ("--screen", "here", "--config", "settings.toml")
    with (
        soundserver.record_speaker() as recording,
        live_session(soundserver, home, tmp_path, voice, *options, PULSE_LATENCY_MSEC="200") as live,
    ):
        live.wait_for("it greets", lambda row: row["kind"] == "saying" and row["line"] == "greeting.hello")
        screen = Screen(port)
        # Only what silence is before is told apart in the recording, so nothing is pressed into a line.
        live.wait_for("it has greeted", lambda row: row["kind"] == "said" and row["line"] == "greeting.welcome")
        assert screen.press("start lower back stretch") == 204
        live.wait_for("it has begun", lambda row: row["kind"] == "heard" and row["intent"] == "StartRoutine")
        live.wait_for("it has asked", lambda row: row["kind"] == "said" and row["line"] == "screening.intro")
        assert screen.press("stop") == 204
        live.wait_for("it has stopped", lambda row: row["kind"] == "heard" and row["intent"] == "Stop")
        assert screen.press("goodbye for now") == 204
        last = screen.until_over()
        shown, _ = live.process.communicate(timeout=90)
        heard_at = recording.begun_at + onsets(recording.samples) / RATE
    assert live.process.returncode == 0, shown
    assert f"http://127.0.0.1:{port}/?t=" in shown
    followed_from = screen.events[0][2]["clock"]  # a line said before, on a slow machine, is nothing it could follow
    said = [row["start"] for row in live.rows if row["kind"] == "said" and row["start"] >= followed_from]
    apart = [float(np.abs(heard_at - screen.begun_at(start) - start).min()) for start in said]
    # A processor that is too busy makes gaps in the sound, which a screen follows a moment later: not of each line.
    assert min(apart) < 0.1, apart
    assert last["condition"] == "ended"
