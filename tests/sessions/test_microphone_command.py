"""The microphone check for real: a sound server whose microphone hears its loudspeaker, and somebody who speaks."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import soundfile

from assistant.audio.formats import RATE
from scripts.testbed.sound_server import SoundServer
from scripts.testbed.spoken_sessions import speak

pytestmark = pytest.mark.realtime


def test_the_microphone_is_judged_on_a_real_server(
    soundserver: SoundServer, home: Path, spoken_words: Path, tmp_path: Path
) -> None:
    said = tmp_path / "said.wav"
    soundfile.write(said, speak("start sciatic stretch", "flite slt", spoken_words) // 4, RATE)
    loop = ("module-loopback", "source=speaker.monitor", "sink=mic_feed", "latency_msec=40")
    module = soundserver.pactl("load-module", *loop).strip()
    shown = []
    try:
        environment = {**soundserver.env, "STRETCH_ASSISTANT_HOME": str(home)}
        with subprocess.Popen(
            [sys.executable, "-m", "assistant", "microphone"],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process:
            assert process.stdout is not None
            for line in process.stdout:
                shown.append(line)
                if line.startswith("Listening"):
                    assert soundserver.play_to_microphone(said).wait(20) == 0
    finally:
        soundserver.pactl("unload-module", module)
    text = "".join(shown)
    assert process.returncode == 0, text
    assert "Your voice is loud enough." in text
    assert "It understood: start sciatic stretch." in text
    echo = re.search(r"echo (-\d+) dBFS", text)
    assert echo, text
    assert -22 <= int(echo[1]) <= -18  # the loop brings it back as loud as it was
    latency = re.search(r"(\d+) ms from the loudspeaker to the microphone", text)
    assert latency, text
    assert 20 <= int(latency[1]) <= 1_200
