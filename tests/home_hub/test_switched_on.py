"""The command itself: connected where the settings say so, and nowhere else; what is missing is told in three lines."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, cast

import pytest

from assistant.commands import session
from assistant.errors import ExtraMissing
from assistant.home.folders import HOME_VARIABLE
from assistant.home.mqtt_settings import MqttSettings
from assistant.home_hub.entities import OFFLINE, ONLINE
from scripts.testbed.mosquitto import WITHIN_S, Mosquitto, listening
from scripts.testbed.sound_server import wait_until
from tests.sessions.test_closed_doors import TRIPWIRE

_DRAWN = "open({!r}, 'w').close()\n"


class Running:
    """A typed session in a process of its own.

    Args:
        process: It.
        events: Where it notes what happens.
    """

    def __init__(self, process: subprocess.Popen[str], events: Path) -> None:
        self.process = process
        self._events = events

    def greets(self) -> bool:
        """Whether it has begun to speak: its sound devices are open, or there are none."""
        return self._events.exists() and '"saying"' in self._events.read_text(encoding="utf-8")


@contextmanager
def typed_session(folder: Path, settings: str, *, wire: bool = False) -> Iterator[Running]:
    """Run one with these settings; nothing is typed. With a wire it ends with 99 when it reaches for a network."""
    home, site, events = folder / "home", folder / "site", folder / "events.jsonl"
    (home / "config").mkdir(parents=True)
    (home / "config" / "settings.toml").write_text(settings, encoding="utf-8")
    site.mkdir()
    if wire:
        (site / "sitecustomize.py").write_text(TRIPWIRE + _DRAWN.format(str(site / "drawn")), encoding="utf-8")
    paths = os.pathsep.join([str(site), *(path for path in [os.environ.get("PYTHONPATH")] if path)])
    with subprocess.Popen(
        [sys.executable, "-m", "assistant", "--typed", "--events", str(events)],
        env={**os.environ, HOME_VARIABLE: str(home), "PYTHONPATH": paths},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            yield Running(process, events)
        finally:
            process.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                process.wait(WITHIN_S)
            process.kill()


def test_a_session_is_there_and_is_missed_when_it_is_killed(mosquitto: Mosquitto, tmp_path: Path) -> None:
    settings = f'[mqtt]\nhost = "127.0.0.1"\nport = {mosquitto.port}\nnode = "mat"\n'
    with listening(mosquitto.port) as listener, typed_session(tmp_path, settings) as running:
        listener.wait_for("it is there", lambda: listener.kept.get("mat/availability") == ONLINE)
        assert json.loads(listener.kept["homeassistant/device/mat/config"])["dev"]["ids"] == ["mat"]
        # Killed while it looks for sound devices, it would leave JACK's lock behind, and every later start would hang.
        wait_until(running.greets, "it greets", WITHIN_S)
        running.process.send_signal(signal.SIGKILL)
        listener.wait_for("it is missed", lambda: listener.kept["mat/availability"] == OFFLINE)


def test_nothing_connects_that_was_not_switched_on(tmp_path: Path) -> None:
    with typed_session(tmp_path, "", wire=True) as running:
        wait_until(lambda: running.greets() or running.process.poll() is not None, "it greets", WITHIN_S)
        assert (tmp_path / "site" / "drawn").exists()
        running.process.send_signal(signal.SIGINT)
        shown, _ = running.process.communicate(timeout=WITHIN_S)
    assert running.process.returncode == 0, shown


def test_a_missing_extra_is_told_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith(("paho", "assistant.home_hub"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "paho", None)
    nothing = cast("Any", None)
    with pytest.raises(ExtraMissing) as failure:
        session._hub(MqttSettings("hub"), nothing, nothing, nothing, print)
    assert "paho" in failure.value.why
    assert "stretch-assistant[home]" in failure.value.fix
