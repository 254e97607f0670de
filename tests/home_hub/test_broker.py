"""The link to a real broker: what it is told, what it takes, and that neither its absence nor its malice matters."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from assistant.errors import SettingsInvalid
from assistant.home.mqtt_settings import MqttSettings
from assistant.home_hub.broker import FLOOD, Broker, Will, password_of
from scripts.testbed.mosquitto import WITHIN_S, Mosquitto, listening, missing
from scripts.testbed.sound_server import wait_until
from tests.certificates import make_certificate

WILL = Will("mat/availability", "offline")


class Told:
    """A broker's link with what it is to keep, what it took, and what it complained of."""

    def __init__(self, port: int, **settings: Any) -> None:
        self.wanted = {"mat/state": "one", "mat/availability": "online"}
        self.taken: list[tuple[str, bytes]] = []
        self.complaints: list[str] = []
        self.broker = Broker(
            MqttSettings("127.0.0.1", port, **settings),
            WILL,
            lambda: self.wanted,
            ("mat/press",),
            lambda topic, payload: self.taken.append((topic, payload)),
            self.complaints.append,
        )


def test_it_is_told_what_it_is_to_keep_and_that_the_assistant_is_gone(mosquitto: Mosquitto) -> None:
    told = Told(mosquitto.port)
    with listening(mosquitto.port) as other:
        with told.broker:
            other.wait_for("all is told", lambda: other.kept == told.wanted)
            told.wanted = told.wanted | {"mat/state": "two"}
            other.wait_for("what is new", lambda: other.kept["mat/state"] == "two")
            told.broker.happened("mat/event", "started")
            other.wait_for("what happens", lambda: other.kept.get("mat/event") == "started")
        other.wait_for("its end", lambda: other.kept["mat/availability"] == "offline")
        assert [topic for topic, _ in other.all].count("mat/state") == 2, "what stays the same is not told again"
    with listening(mosquitto.port) as later:
        later.wait_for("what was kept", lambda: len(later.kept) == 2)
        assert later.kept == {"mat/state": "two", "mat/availability": "offline"}
    assert told.complaints == []


def test_a_process_that_is_killed_is_gone_too(mosquitto: Mosquitto) -> None:
    told = Told(mosquitto.port)
    with listening(mosquitto.port) as other, told.broker:
        other.wait_for("it is there", lambda: other.kept.get("mat/availability") == "online")
        with listening(mosquitto.port, client_id="stretch-assistant"):  # a second one throws the first out
            other.wait_for("its will", lambda: ("mat/availability", "offline") in other.all)
        wait_until(lambda: bool(told.complaints), "it is told", WITHIN_S)


def test_it_takes_what_is_sent_now_and_nothing_that_was_kept(mosquitto: Mosquitto) -> None:
    told = Told(mosquitto.port)
    with listening(mosquitto.port) as other:
        other.send("mat/press", "kept from yesterday", retain=True)
        with told.broker:
            other.wait_for("it is there", lambda: other.kept.get("mat/availability") == "online")
            other.send("mat/other", "start")
            other.send("mat/press", b"\x00" * 100_000)
            other.send("mat/press", "stop")
            wait_until(lambda: bool(told.taken), "it arrives", WITHIN_S)
    assert told.taken == [("mat/press", b"stop")], "what is larger than any command is not even sent to it"


def test_a_broker_that_is_killed_is_told_everything_once_it_is_back(mosquitto: Mosquitto) -> None:
    told = Told(mosquitto.port)
    with told.broker:
        with listening(mosquitto.port) as other:
            other.wait_for("it is there", lambda: other.kept == told.wanted)
        mosquitto.kill()
        wait_until(lambda: bool(told.complaints), "it is missed", WITHIN_S)
        told.wanted = told.wanted | {"mat/state": "two"}
        mosquitto.start()
        with listening(mosquitto.port) as other:
            other.wait_for("all is told", lambda: other.kept == told.wanted)
    assert len(told.complaints) == len(set(told.complaints)), "nothing is complained of twice"
    assert "The session goes on without." in told.complaints[0]


def test_one_who_lost_everything_is_told_again(mosquitto: Mosquitto) -> None:
    told = Told(mosquitto.port)
    with listening(mosquitto.port) as other, told.broker:
        other.wait_for("it is there", lambda: other.kept == told.wanted)
        told.broker.tell_again()
        other.wait_for("once more", lambda: other.all.count(("mat/state", "one")) == 2)


def test_whoever_floods_it_is_let_go(mosquitto: Mosquitto) -> None:
    told = Told(mosquitto.port)
    with listening(mosquitto.port) as other, told.broker:
        other.wait_for("it is there", lambda: other.kept == told.wanted)
        for _ in range(20 * FLOOD):
            other._client.publish("mat/press", "start")
        wait_until(lambda: bool(told.complaints), "it is let go", WITHIN_S)
    assert "it floods" in told.complaints[0]
    assert len(told.taken) < 4 * FLOOD


def test_a_name_and_a_password_are_shown(tmp_path: Path) -> None:
    passwords = tmp_path / "passwords"
    if reason := missing():
        pytest.skip(reason)
    subprocess.run(["mosquitto_passwd", "-b", "-c", passwords, "coach", "hunter two"], check=True)
    (tmp_path / "secret").write_text("hunter two\nand a second line", encoding="utf-8")
    with Mosquitto(tmp_path, "allow_anonymous false", f"password_file {passwords}") as broker:
        with listening(broker.port, username="coach", password="hunter two") as other:
            for right in ({"password": SecretStr("hunter two")}, {"password_file": tmp_path / "secret"}):
                with Told(broker.port, username="coach", **right).broker:
                    other.wait_for("it is there", lambda: other.kept.get("mat/availability") == "online")
                other.wait_for("it is gone", lambda: other.kept.get("mat/availability") == "offline")
        wrong = Told(broker.port, username="coach", password=SecretStr("guessed"))
        with wrong.broker:
            wait_until(lambda: bool(wrong.complaints), "it is refused", WITHIN_S)
    assert "Not authorized" in wrong.complaints[0]
    assert "guessed" not in wrong.complaints[0]


def test_a_broker_that_vouches_for_itself_is_believed_where_its_certificate_is_named(tmp_path: Path) -> None:
    if reason := missing():
        pytest.skip(reason)
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed: sudo apt install openssl")
    certificate, key = make_certificate(tmp_path, "127.0.0.1", "IP:127.0.0.1")
    lines = (f"certfile {certificate}", f"keyfile {key}", "allow_anonymous true")
    with Mosquitto(tmp_path, *lines) as broker:
        believed = Told(broker.port, ca_certificate=certificate)
        with believed.broker:
            wait_until(lambda: believed.broker._online, "it is connected", WITHIN_S)
        assert believed.complaints == []
        doubted = Told(broker.port, tls=True)  # nobody that the system trusts vouches for it
        with doubted.broker:
            wait_until(lambda: bool(doubted.complaints), "it is refused", WITHIN_S)
    assert "certificate verify failed" in doubted.complaints[0].lower()


def test_a_password_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    os.mkfifo(tmp_path / "pipe")
    for name in ("none", "empty", "binary", ".", "pipe"):
        with pytest.raises(SettingsInvalid) as failure:
            password_of(MqttSettings("hub", password_file=tmp_path / name))
        assert "first line" in failure.value.fix


def test_certificates_that_are_none_are_told(tmp_path: Path) -> None:
    (tmp_path / "no.pem").write_text("no certificate", encoding="utf-8")
    for name in ("none.pem", "no.pem"):
        with pytest.raises(SettingsInvalid) as failure:
            Told(1, ca_certificate=tmp_path / name)
        assert "certificates" in failure.value.fix


@contextmanager
def pretending(answer: Callable[[socket.socket], None]) -> Iterator[int]:
    """Something that takes connections, but is no broker; gives its port."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = server.accept()
                    with connection, suppress(OSError):
                        answer(connection)

        threading.Thread(target=serve, daemon=True).start()
        yield server.getsockname()[1]


CONNACK = b"\x20\x03\x00\x00\x00"


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "no MQTT|connection was lost"),
        (b"\x20\xff\xff\xff\xff\x7f", "connection was lost"),
        (b"\x20\x02\x00\x01", "Unsupported protocol version"),  # it speaks MQTT 3.1.1 only
        (b"\x20\x03\x00\x87\x00", "Not authorized"),
        (CONNACK + b"\x30\x07\x00\x01a\x05\xff\xff\xff", "no MQTT|connection was lost"),  # properties beyond the end
        (CONNACK + b"\x30\x05\x00\x02\xff\xfe\x00", "no MQTT|connection was lost"),  # a topic in no encoding
        (CONNACK + b"\xe0\x02\x8e\x00", "Session taken over"),
        (CONNACK + b"\xd0\x00" * 2_000, "floods"),
    ],
)
def test_what_is_no_broker_is_complained_of_and_left(sent: bytes, why: str) -> None:
    def answer(connection: socket.socket) -> None:
        connection.settimeout(0.3)
        connection.recv(1_000)
        connection.sendall(sent)
        while connection.recv(1_000):  # until it is left
            pass

    with pretending(answer) as port:
        told = Told(port)
        with told.broker:
            wait_until(lambda: bool(told.complaints), "it is left", WITHIN_S)
    assert re.search(why, told.complaints[0]), told.complaints
    assert told.taken == []


def test_one_that_takes_nothing_is_no_burden() -> None:
    """What can't be told is not heaped up, and the end does not wait for it."""
    held = threading.Event()

    def answer(connection: socket.socket) -> None:
        connection.recv(1_000)
        connection.sendall(CONNACK)
        held.wait(WITHIN_S)

    with pretending(answer) as port:
        told = Told(port)
        told.wanted = {"mat/state": "x" * 20_000_000}
        with told.broker:
            wait_until(lambda: told.broker._online, "it is connected", WITHIN_S)
            for n in range(1_000):
                told.broker.happened("mat/event", str(n))
        held.set()
        told.broker._thread.join(WITHIN_S)
    assert not told.broker._thread.is_alive()


@settings(max_examples=40)
@given(st.binary(max_size=60), st.booleans())
def test_no_bytes_end_the_thread(sent: bytes, connected: bool) -> None:
    """The thread's own turn of a connection ends with what it knows to handle, or goes on; it never dies."""

    def answer(connection: socket.socket) -> None:
        connection.recv(1_000)
        connection.sendall((CONNACK if connected else b"") + sent)

    with pretending(answer) as port:
        told = Told(port)
        with told.broker:
            wait_until(lambda: bool(told.complaints), "the connection has ended", WITHIN_S)
            assert told.broker._thread.is_alive()
