"""A session begins with what it needs: what makes sheets, exports and bridges is loaded by those who want them."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

LATER = "matplotlib fhir icalendar segno paho wyoming zeroconf piper onnxruntime pocketsphinx scipy PIL"


def test_a_session_loads_nothing_that_only_others_need() -> None:
    code = (
        "import sys, assistant.commands.command_line, assistant.commands.session\n"
        "print(*{name.partition('.')[0] for name in sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=60)
    loaded = set(done.stdout.split())
    assert {"assistant", "numpy"} <= loaded
    assert not loaded & set(LATER.split())


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
