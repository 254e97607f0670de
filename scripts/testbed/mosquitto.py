"""A real MQTT broker for tests, on a free port of this machine, and somebody else who is connected to it."""

from __future__ import annotations

import getpass
import shutil
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from scripts.testbed.sound_server import wait_until

WITHIN_S = 60.0
"""A busy machine is given time; what is waited for usually is there at once."""


def missing() -> str | None:
    """Why there is no broker here; None where there is one."""
    return None if _program() else "mosquitto is not installed: sudo apt install mosquitto"


def _program() -> str | None:
    return shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin")


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


class Mosquitto:
    """A broker that can be killed and started again on the same port.

    Args:
        folder: For its files.
        lines: Of its configuration, beside the listener's; without any everybody may connect.
    """

    def __init__(self, folder: Path, *lines: str) -> None:
        self.port = free_port()
        self._config = folder / "mosquitto.conf"
        user = f"user {getpass.getuser()}"  # else it becomes another one, who may not read what is here
        written = [user, f"listener {self.port} 127.0.0.1", *(lines or ("allow_anonymous true",)), "persistence false"]
        self._config.write_text("\n".join(written) + "\n", encoding="utf-8")
        self._log = folder / "mosquitto.log"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()

    def start(self) -> None:
        """Start it and wait until it answers; what an earlier one kept is gone."""
        program = _program()
        assert program is not None
        with self._log.open("ab") as log:
            self._process = subprocess.Popen([program, "-c", str(self._config)], stdout=log, stderr=log)
        wait_until(self._answers, "the broker answers", WITHIN_S)

    def _answers(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, self._log.read_text(encoding="utf-8")
        try:
            socket.create_connection(("127.0.0.1", self.port), 1.0).close()
        except OSError:
            return False
        return True

    def kill(self) -> None:
        """End it as a power cut does."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


class Listener:
    """Another client, as a home hub is one: notes all that is published.

    Attributes:
        kept: The latest payload of each topic.
        all: Every message, as topic and payload, in order.
    """

    def __init__(self, port: int, topic: str = "#", client_id: str = "", **login: Any) -> None:
        self.kept: dict[str, str] = {}
        self.all: list[tuple[str, str]] = []
        self._subscribed = threading.Event()
        self._client = Client(CallbackAPIVersion.VERSION2, client_id, protocol=MQTTProtocolVersion.MQTTv5)
        if login:
            self._client.username_pw_set(**login)
        self._client.on_connect = lambda client, *_: client.subscribe(topic)
        self._client.on_subscribe = lambda *_: self._subscribed.set()
        self._client.on_message = self._note
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()
        assert self._subscribed.wait(WITHIN_S)

    def _note(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        payload = message.payload.decode(errors="replace")
        self.all.append((message.topic, payload))
        self.kept[message.topic] = payload

    def send(self, topic: str, payload: str | bytes, *, retain: bool = False) -> None:
        """Publish, and wait until it is on its way."""
        self._client.publish(topic, payload, retain=retain).wait_for_publish(WITHIN_S)

    def wait_for(self, what: str, holds: Callable[[], bool]) -> None:
        """Wait until something holds of what was noted."""
        try:
            wait_until(holds, what, WITHIN_S)
        except TimeoutError as error:
            raise AssertionError(f"{error}; last: {self.all[-5:]}") from error

    def close(self) -> None:
        """Disconnect."""
        self._client.disconnect()
        self._client.loop_stop()


@contextmanager
def listening(port: int, topic: str = "#", client_id: str = "", **login: Any) -> Iterator[Listener]:
    """Somebody else at a broker."""
    listener = Listener(port, topic, client_id, **login)
    try:
        yield listener
    finally:
        listener.close()
