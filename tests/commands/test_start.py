"""A session begins with what it needs: what makes sheets, exports and bridges is loaded by those who want them."""

from __future__ import annotations

import subprocess
import sys

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
