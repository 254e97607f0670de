"""A session begins with what it needs: what makes sheets, exports and bridges is loaded by those who want them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.home.folders import HOME_VARIABLE

LATER = (
    "matplotlib fhir icalendar segno paho wyoming zeroconf piper onnxruntime pocketsphinx scipy PIL"
    " assistant.screen assistant.stage"
)


def test_a_session_loads_nothing_that_only_others_need() -> None:
    code = "import sys, assistant.commands.command_line, assistant.commands.session\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=60)
    loaded = set(done.stdout.split())
    assert {"assistant.loop.live", "numpy"} <= loaded
    assert not loaded & set(LATER.split())


def test_the_voice_gets_ready_before_what_it_will_speak_for_is_loaded(tmp_path: Path) -> None:
    code = """
import os, subprocess, sys
start = subprocess.Popen.__init__
def starting(self, command, *given, **named):
    if "assistant.voice.child" in command:
        print(*sys.modules, flush=True)
        os._exit(0)
    start(self, command, *given, **named)
subprocess.Popen.__init__ = starting
sys.argv = ["stretch-assistant", "--typed"]
from assistant.__main__ import main
main()
"""
    environment = {**os.environ, HOME_VARIABLE: str(tmp_path)}
    call = [sys.executable, "-c", code]
    done = subprocess.run(call, env=environment, check=True, capture_output=True, text=True, timeout=60)
    loaded = set(done.stdout.split())
    assert "assistant.voice.synthesiser" in loaded
    assert not loaded & {"assistant.loop.builder", "assistant.dialogue.manager", "assistant.hearing.listener", "vosk"}


@pytest.mark.parametrize("module", ["assistant.commands.command_line", "numpy", "assistant.loop.builder"])
def test_ctrl_c_while_it_loads_ends_it_without_a_word_too_many(module: str) -> None:
    """The key is pressed as this module is looked for."""
    code = f"""
import importlib.abc, os, signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)
class Presses(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == {module!r}:
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(10)
sys.meta_path.insert(0, Presses())
sys.argv = ["stretch-assistant", "--typed"]
from assistant.__main__ import main
main()
"""
    done = subprocess.run(
        [sys.executable, "-c", code], check=False, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL
    )
    # Shells make 130 of both: where the key came into what is made by exec(), Python ends by the signal.
    assert done.returncode in {130, -signal.SIGINT}
    assert (done.stdout, done.stderr) == ("", "Stopped.\n")


def test_a_folder_in_place_of_what_is_typed_is_told(tmp_path: Path) -> None:
    script = Path(__file__).parents[2] / "scripts" / "run"
    call = ["bash", "-c", '"$0" --typed < "$1"', str(script), str(tmp_path)]
    done = subprocess.run(call, check=False, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    told = done.stderr.splitlines()
    assert len(told) == 3
    assert "folder" in told[1]
