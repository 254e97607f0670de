"""``stretch-assistant wyoming`` for real: a satellite begins a session on a sound server."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from scripts.testbed.sound_server import SoundServer
from tests.home_hub.test_wyoming import IN_ROOM, say

pytestmark = pytest.mark.realtime


@contextmanager
def waiting(home: Path, server: SoundServer) -> Iterator[int]:
    """Its port; it is ended as systemd would."""
    command = [sys.executable, "-m", "assistant", "wyoming", "--host", "127.0.0.1", "--port", "0", "--no-announce"]
    environment = {**server.env, "STRETCH_ASSISTANT_HOME": str(home), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        assert "the microphone is closed" in first
        try:
            yield int(first.split("port ")[1].split(";")[0])
            process.terminate()
            assert "No longer waiting" in process.stdout.read()
        finally:
            process.kill()
    assert process.returncode == 0


def listeners(server: SoundServer) -> list[str]:
    """Programs that a microphone is open for."""
    streams = server.pactl("list", "short", "source-outputs").splitlines()
    return [stream for stream in streams if "protocol-native" in stream]


def test_a_satellite_begins_a_session_in_the_room_of_the_assistant(soundserver: SoundServer, home: Path) -> None:
    with waiting(home, soundserver) as port:
        assert not listeners(soundserver)
        assert say(port, "start sciatic stretch") == [IN_ROOM]
        assert listeners(soundserver)
        with soundserver.record_speaker() as recording:
            recording.wait_until(lambda sound: bool(np.abs(sound).max() > 1_000))
        assert say(port, "goodbye", "stop") == ["", "Very well."]
        assert not listeners(soundserver)
