"""Faults for real, on a real sound server: the session pauses, tells it, and goes on by itself when sound is back."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import soundfile

from assistant.audio.formats import RATE
from assistant.keeping.journal import Row
from assistant.keeping.memory import save_remembered
from assistant.loop.session_keeper import somebody_known
from scripts.testbed.live_sessions import LiveSession, Voice, live_session
from scripts.testbed.sound_server import SoundServer, missing, sound_server, wait_until

pytestmark = pytest.mark.realtime

GOES_ON_WITHIN_S = 3.0
"""From sound being back to the session going on."""


@contextmanager
def stretching(server: SoundServer, home: Path, voice: Voice, folder: Path, *devices: str) -> Iterator[LiveSession]:
    """A live session that reads the cautions of a routine."""
    save_remembered(somebody_known(), home / "data" / "remembered.json")
    (home / "state" / "progress.json").unlink(missing_ok=True)
    try:
        with live_session(server, home, folder, voice, *devices, PULSE_LATENCY_MSEC="200") as live:
            live.wait_for("it has greeted", lambda row: row["kind"] == "said" and row["line"] == "greeting.welcome")
            live.say("start lower back stretch")
            live.wait_for("it asks what is new", lambda row: row["kind"] == "saying" and "anything new" in row["text"])
            live.say("no")
            live.wait_for("it reads the cautions", lambda row: row["kind"] == "phase" and row["phase"] == "cautioning")
            yield live
    finally:
        (home / "state" / "progress.json").unlink(missing_ok=True)


def phases(live: LiveSession) -> list[str]:
    return [row["phase"] for row in live.rows if row["kind"] == "phase"]


def outage(live: LiveSession, side: str, away: Callable[[], object], back: Callable[[], object]) -> float:
    """Take sound away and bring it back; how long it took from there to go on where it was."""
    before = len(live.rows)
    place = phases(live)[-1]
    away()

    def live_rows(kind: str) -> list[Row]:
        return [row for row in live.rows[before:] if row["kind"] == kind]

    wait_until(lambda: bool(live_rows("lost")), f"{side} is missed", 30.0)
    assert live_rows("lost")[0]["device"] == side
    wait_until(lambda: phases(live)[-1] == "paused", "it pauses", 10.0)
    if side == "microphone":
        live.wait_for("it says so", lambda row: row["kind"] == "saying" and "the microphone is gone" in row["text"])
    back()
    began = time.monotonic()
    wait_until(lambda: bool(live_rows("back")), "sound is back", 30.0)
    wait_until(lambda: phases(live)[-1] == place, f"it goes on in {place}", 30.0)
    return time.monotonic() - began


class Unloading:
    """A device of the server that can be unplugged; it then moves the device's streams to another one."""

    def __init__(self, server: SoundServer, module: str, name: str) -> None:
        self._server = server
        self._module = module
        listed = server.pactl("list", "short", "modules")
        found = re.search(rf"^(\d+)\t{module}\t(.*_name={name}(?: .*)?)$", listed, re.MULTILINE)
        assert found, listed
        self._number, self._arguments = found.groups()

    def away(self) -> None:
        self._server.pactl("unload-module", self._number)

    def back(self) -> None:
        self._number = self._server.pactl("load-module", self._module, *self._arguments.split()).strip()


def test_devices_that_go_and_come_back(
    home: Path, voice: Voice, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    if reason := missing():
        pytest.skip(reason)
    (tmp_path / "pulse").mkdir()
    with (
        sound_server(tmp_path / "pulse") as server,
        stretching(server, home, voice, tmp_path, "--microphone", "vmic", "--loudspeaker", "vspk") as live,
    ):
        took = {
            "source suspended": outage(
                live,
                "microphone",
                lambda: server.pactl("suspend-source", "mic", "1"),
                lambda: server.pactl("suspend-source", "mic", "0"),
            ),
            "sink suspended": outage(
                live,
                "loudspeaker",
                lambda: server.pactl("suspend-sink", "speaker", "1"),
                lambda: server.pactl("suspend-sink", "speaker", "0"),
            ),
        }
        source = Unloading(server, "module-remap-source", "mic")
        took["source unloaded"] = outage(live, "microphone", source.away, source.back)
        sink = Unloading(server, "module-null-sink", "speaker")
        took["sink unloaded"] = outage(live, "loudspeaker", sink.away, sink.back)
        with server.kept_prompt("mic_feed"):  # what did so was moved to the loudspeaker that came
            live.say("stop")
            live.wait_for("it hears again", lambda row: row["kind"] == "heard" and row["intent"] == "Stop")
        os.kill(live.process.pid, signal.SIGINT)
        shown, _ = live.process.communicate(timeout=90)
    assert live.process.returncode == 0, shown
    assert "The loudspeaker has gone. Waiting until it is back." in shown, "where it can't be said it is shown"
    assert "Traceback" not in shown
    record_property("goes_on_after_s", took)
    print({what: round(seconds, 2) for what, seconds in took.items()})
    assert max(took.values()) < GOES_ON_WITHIN_S, took


def test_a_sound_server_that_is_killed_and_started_again(
    home: Path, voice: Voice, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    if reason := missing():
        pytest.skip(reason)
    folder = tmp_path / "pulse"
    folder.mkdir()
    with sound_server(folder) as server, stretching(server, home, voice, tmp_path) as live:
        place = phases(live)[-1]
        server.daemon.kill()
        live.wait_for("sound is missed", lambda row: row["kind"] == "lost")
        wait_until(lambda: phases(live)[-1] == "paused", "it pauses", 10.0)
        with sound_server(folder):
            began = time.monotonic()
            live.wait_for("sound is back", lambda row: row["kind"] == "back")
            wait_until(lambda: phases(live)[-1] == place, "it goes on", 30.0)
            took = time.monotonic() - began
            record_property("goes_on_after_s", took)
            print(f"the server was killed: goes on {took:.2f} s after the new one answers")
            live.say("stop")
            live.wait_for("it hears again", lambda row: row["kind"] == "heard" and row["intent"] == "Stop")
            os.kill(live.process.pid, signal.SIGINT)
            shown, _ = live.process.communicate(timeout=90)
    assert live.process.returncode == 0, shown
    assert "Traceback" not in shown
    assert took < GOES_ON_WITHIN_S


def test_devices_of_another_rate_are_spoken_and_listened_to(home: Path, voice: Voice, tmp_path: Path) -> None:
    if reason := missing():
        pytest.skip(reason)
    folder = tmp_path / "pulse"
    folder.mkdir()
    with sound_server(folder) as server:
        server.pactl("load-module", "module-null-sink", "sink_name=odd", "rate=44100", "channels=2")
        server.pactl("load-module", "module-null-sink", "sink_name=odd_feed", "rate=11025", "channels=1")
        server.pactl("load-module", "module-remap-source", "source_name=odd_mic", "master=odd_feed.monitor")
        server.pactl("set-default-sink", "odd")
        server.pactl("set-default-source", "odd_mic")
        path = tmp_path / "start.wav"
        soundfile.write(path, voice("start lower back stretch"), RATE)
        with live_session(server, home, tmp_path, voice) as live:
            live.wait_for("it greets", lambda row: row["kind"] == "said" and row["line"] == "greeting.welcome")
            subprocess.run(["paplay", "--device=odd_feed", str(path)], env=server.env, check=True, timeout=20)
            live.wait_for("it is heard", lambda row: row["kind"] == "heard" and row["intent"] == "StartRoutine")
    (home / "state" / "progress.json").unlink(missing_ok=True)
