"""A broker, a typed session of somebody known, and Home Assistant in a Python of its own, which tells what it sees."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from importlib.resources import as_file, files
from pathlib import Path
from typing import IO, Any

from assistant.home.folders import HOME_VARIABLE
from assistant.keeping.memory import save_remembered
from assistant.loop.session_keeper import somebody_known
from scripts.testbed.mosquitto import Mosquitto, missing

NODE = "stretch-assistant"


def main() -> int:
    """Run it; 1 if anything is not as it should be."""
    if len(sys.argv) != 2:
        print("Usage: scripts/try-home-assistant [PYTHON]", file=sys.stderr)
        return 2
    if reason := missing():
        print(reason, file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder, Mosquitto(Path(folder)) as broker:
        home = Path(folder) / "home"
        (home / "config").mkdir(parents=True)
        settings = f'ready-after = 5\n[mqtt]\nhost = "127.0.0.1"\nport = {broker.port}\nnode = "{NODE}"\n'
        (home / "config" / "settings.toml").write_text(settings, encoding="utf-8")
        (home / "data").mkdir()
        save_remembered(somebody_known(), home / "data" / "remembered.json")
        session = subprocess.Popen(
            [sys.executable, "-m", "assistant", "--typed"],
            env={**os.environ, HOME_VARIABLE: str(home)},
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
        )
        try:
            assert session.stdin is not None
            return _watch(sys.argv[1], Path(folder), broker.port, session.stdin)
        finally:
            session.kill()
            session.wait()


def _watch(python: str, folder: Path, port: int, keyboard: IO[str]) -> int:
    """Start Home Assistant and show what it reports; what it wants said is typed into the session."""
    wrong = 0
    with as_file(files("assistant.home_hub") / "blueprints") as blueprints:
        command = [python, str(Path(__file__).with_name("inside.py")), str(folder / "hub"), str(port), str(blueprints)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as hub:
            assert hub.stdout is not None
            for line in hub.stdout:
                if not line.startswith('{"'):
                    print(line, end="")
                    continue
                report: dict[str, Any] = json.loads(line)
                if "say" in report:
                    keyboard.write(report["say"] + "\n")
                    keyboard.flush()
                else:
                    wrong += not report["right"]
                    print("right" if report["right"] else "WRONG", report["what"], report["seen"], sep="  ", flush=True)
    if hub.returncode:
        print("Home Assistant failed.", file=sys.stderr)
        return 1
    print(f"{wrong} wrong" if wrong else "All is as it should be.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
