"""Whole sessions where there is no network: in a namespace without any interface, and with a wire that trips."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

SESSION = "8 start sciatic stretch\n12 no\n17 left\n60 ready\n75 ready\n110 stop\n118 goodbye for now\n"

TRIPWIRE = """
import socket, sys
def trip(event, arguments):
    if event == "socket.__new__" and arguments[1] != getattr(socket, "AF_UNIX", None) or event in {
        "socket.connect", "socket.bind", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "urllib.Request"
    }:
        sys.stderr.write(f"tripped: {event} {arguments}\\n")
        sys.stderr.flush()
        import os
        os._exit(99)
sys.addaudithook(trip)
"""


def _session(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    script = folder / "script.txt"
    script.write_text(SESSION, encoding="utf-8")
    options = ("session", "--script", str(script), "--events", str(folder / "events.jsonl"), "--known")
    return subprocess.run([*command, *options], cwd=folder, capture_output=True, text=True, check=False, timeout=300)


def _went_well(folder: Path, done: subprocess.CompletedProcess[str]) -> None:
    assert done.returncode == 0, done.stderr
    rows = [json.loads(line) for line in (folder / "events.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [row["intent"] for row in rows if row["kind"] == "heard"][-2:] == ["Stop", "Goodbye"]
    assert not [row for row in rows if row["kind"] == "voice-failed"]


def test_a_session_in_an_empty_network_namespace(tmp_path: Path, home: Path) -> None:
    alone = ["unshare", "--map-root-user", "--net"]
    if shutil.which("unshare") is None or subprocess.run([*alone, "true"], check=False, capture_output=True).returncode:
        pytest.skip("no network namespace may be made here: unshare --map-root-user --net")
    seen = subprocess.run([*alone, "cat", "/proc/net/dev"], capture_output=True, text=True, check=True).stdout
    assert [line.split(":")[0].strip() for line in seen.splitlines()[2:]] in ([], ["lo"]), "an interface is there"
    _went_well(tmp_path, _session(tmp_path, *alone, sys.executable, "-m", "assistant"))


def test_a_demo_in_an_empty_network_namespace_speaks_and_hears(tmp_path: Path, home: Path) -> None:
    alone = ["unshare", "--map-root-user", "--net"]
    if shutil.which("unshare") is None or subprocess.run([*alone, "true"], check=False, capture_output=True).returncode:
        pytest.skip("no network namespace may be made here: unshare --map-root-user --net")
    call = [*alone, sys.executable, "-m", "assistant", "demo", "--out", "demo"]
    done = subprocess.run(call, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    assert "ready" in (tmp_path / "demo" / "transcript.txt").read_text(encoding="utf-8")


def test_no_part_of_a_session_trips_the_wire(tmp_path: Path, home: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (site / "sitecustomize.py").write_text(TRIPWIRE, encoding="utf-8")  # in the voice's process, too
    environment = f"import sys; sys.path.insert(0, {str(site)!r}); import sitecustomize\n"
    code = environment + "from assistant.commands.command_line import main\nmain()"
    _went_well(tmp_path, _session(tmp_path, sys.executable, "-c", code))


NOTED = """
import socket, sys
def note(event, arguments):
    if event.startswith("socket.") and event != "socket.gethostname":
        sys.stderr.write(f"{event} {arguments[1:]}\\n")
sys.addaudithook(note)
"""


def test_a_screen_is_the_one_socket_that_listens_and_nothing_else_is_asked(tmp_path: Path, home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings, script = tmp_path / "settings.toml", tmp_path / "script.txt"
    settings.write_text(f'screen = "here"\nscreen_port = {port}\n', encoding="utf-8")
    script.write_text("1 goodbye for now\n", encoding="utf-8")
    code = NOTED + "from assistant.commands.command_line import main\nmain()"
    call = [sys.executable, "-c", code, "--config", str(settings), "session", "--script", str(script)]
    done = subprocess.run(call, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    noted = [line for line in done.stderr.splitlines() if line.startswith("socket.")]
    assert [line for line in noted if not line.startswith("socket.__new__")] == [
        f"socket.bind (('127.0.0.1', {port}),)"
    ]
    assert len([line for line in noted if line.startswith("socket.__new__")]) == 1


def test_the_wire_trips(tmp_path: Path) -> None:
    code = TRIPWIRE + "socket.create_connection(('127.0.0.1', 9))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 99
    assert "tripped" in done.stderr
