from __future__ import annotations

import ctypes.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.audio.mixer import Mixer
from assistant.audio.portaudio import devices
from assistant.audio.real import RealCard
from assistant.errors import SoundLibraryMissing
from scripts.testbed import live_card


@pytest.fixture
def without_portaudio(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine on which the dynamic linker finds no PortAudio; sounddevice then fails by itself."""
    monkeypatch.setattr(ctypes.util, "find_library", lambda name: None)
    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the wheel brings PortAudio")
@pytest.mark.usefixtures("without_portaudio")
def test_a_missing_portaudio_names_the_one_command_that_installs_it() -> None:
    for call in (devices, lambda: RealCard().open(Mixer().render, lambda block, sounding: None)):
        with pytest.raises(SoundLibraryMissing) as caught:
            call()
        assert caught.value.fix == "Run: sudo apt install libportaudio2"
        assert "sounddevice" not in sys.modules


@pytest.mark.skipif(
    sys.platform != "linux" or ctypes.util.find_library("portaudio") is None, reason="PortAudio is not installed"
)
@pytest.mark.skipif(any(Path("/dev/snd").glob("pcm*")), reason="this machine has a sound card")
def test_a_machine_without_sound_devices_says_that_both_are_missing(tmp_path: Path) -> None:
    nowhere = {"HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path), "PULSE_SERVER": f"unix:{tmp_path}/none"}
    done = subprocess.run(
        [sys.executable, live_card.__file__],
        input="devices\nopen\nclose\n",
        env={**os.environ, **nowhere},
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    found, opened, _ = [json.loads(line) for line in done.stdout.splitlines()]
    assert found == []
    assert opened["error"] == "MicrophoneUnavailable"
    assert opened["lines"][:2] == [
        "Neither a microphone nor a loudspeaker can be opened.",
        "There is none on this machine.",
    ]
