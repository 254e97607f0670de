"""What comes from elsewhere: bytes on the sockets that listen, the table of the broker, days and addresses as typed.

The servers are real, and what goes wrong in their threads counts, though it is no matter of the session there.
"""

from __future__ import annotations

import logging
import queue
import socket
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from assistant.commands.diary.handing_over import check_address
from assistant.commands.reminders import gone_by, schedule_of
from assistant.dialogue.state.session import Session
from assistant.fetching.downloading import host_of, is_local, may_ask
from assistant.home.settings import Settings
from assistant.home_hub.broker import Broker, Will
from assistant.home_hub.reception import Reply
from assistant.home_hub.wyoming_server import WyomingServer
from assistant.loop.publisher import Publisher
from assistant.reminders.calendar_file import calendar_of
from assistant.reminders.reminder import Reminder
from assistant.routines.loading import load_routines, own_routine_files
from assistant.screen.contents import Content
from assistant.screen.doors import COOKIE, Doors
from assistant.screen.handler import Shown
from assistant.screen.server import ScreenServer

_LOOPBACK = "127.0.0.1"
_WITHIN_S = 30.0
_TOKEN = "the-token-of-the-fuzzer"  # noqa: S105 - of nobody
_ANSWER_BYTES = 1 << 16
_NOW = datetime(2026, 3, 28, 22, 30, tzinfo=UTC)


class _Screen(ScreenServer):
    """A server that notes what goes wrong with a connection, and that it is over.

    Attributes:
        over: An item for each connection: what went wrong, or None.
    """

    def __init__(self) -> None:
        session = Session(load_routines(own_routine_files())[0])
        publisher = Publisher(session, lambda line: line.key, lambda _: None, lambda: 1.0)
        publisher.close()  # whoever watches is told once and not for ever
        page = Content.of("text/html; charset=utf-8", "<!doctype html>")
        doors = Doors(_TOKEN, frozenset({"coach"}), secure=False)
        super().__init__((_LOOPBACK, 0), Shown(publisher, doors, lambda: {"/": page}))
        self.over: queue.SimpleQueue[BaseException | None] = queue.SimpleQueue()
        self._wrong: dict[Any, BaseException] = {}

    def finish_request(self, request: Any, client_address: Any) -> None:
        """See `socketserver.BaseServer`; an error is noted."""
        try:
            super().finish_request(request, client_address)
        except Exception as error:
            self._wrong[request] = error
            raise

    def shutdown_request(self, request: Any) -> None:
        """See `socketserver.BaseServer`."""
        super().shutdown_request(request)
        self.over.put(self._wrong.pop(request, None))


class _Noted(logging.Handler):
    """Keeps what asyncio says of tasks that nobody waits for."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it."""
        self.records.append(record)


@cache
def _screen() -> _Screen:
    return _Screen().__enter__()  # to the end of the process


@cache
def _satellites() -> tuple[WyomingServer, _Noted]:
    def answer(text: str) -> Future[Reply]:
        answered: Future[Reply] = Future()
        answered.set_result(Reply(handled=True, text=text))
        return answered

    noted = _Noted()
    logging.getLogger("asyncio").addHandler(noted)
    return WyomingServer(answer, host=_LOOPBACK, port=0, announce=False).__enter__(), noted


def _send(port: int, content: bytes) -> None:
    """Send it all, and read whatever is answered to the end."""
    with socket.create_connection((_LOOPBACK, port), _WITHIN_S) as connection:
        try:
            connection.sendall(content)
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(_ANSWER_BYTES):
                pass
        except ConnectionError:
            pass  # it has seen enough


def _request(path: Path) -> None:
    server = _screen()
    _send(server.port, path.read_bytes())
    if (error := server.over.get(timeout=_WITHIN_S)) is not None:
        raise error


def _satellite(path: Path) -> None:
    server, noted = _satellites()
    _send(server.port, path.read_bytes())
    if noted.records:
        raise RuntimeError(noted.records.pop().getMessage())


def _broker(path: Path) -> None:
    settings = Settings.load(path)
    if settings.mqtt is not None:
        Broker(settings.mqtt, Will("mat", "offline"), dict, (), lambda *_: None, lambda _: None)


def _remind(path: Path) -> None:
    """A time, days and perhaps a zone, a line each."""
    at, days, zone, *_ = [*path.read_bytes().decode("utf-8", "surrogateescape").split("\n"), "", "", ""]
    schedule = schedule_of(at, days, zone or None)
    if schedule.on is None or not gone_by(schedule, schedule.on, _NOW):
        reminder = Reminder(schedule, _NOW)
        reminder.coming(_NOW)
        reminder.owed(_NOW)
        calendar_of([reminder], "A few minutes for me", _NOW)


def _address(path: Path) -> None:
    address = path.read_bytes().decode("utf-8", "surrogateescape")
    check_address(address)
    may_ask(address, local=is_local(address))
    host_of(address).encode("ascii")


READERS: Mapping[str, Callable[[Path], object]] = {
    "request": _request,
    "satellite": _satellite,
    "broker": _broker,
    "remind": _remind,
    "address": _address,
}

_HEAD = f"Host: 127.0.0.1\r\nCookie: {COOKIE}={_TOKEN}\r\nSec-Fetch-Site: same-origin\r\n"
_SAY = b'{"words": "next"}'
SAMPLES: Mapping[str, tuple[bytes, ...]] = {
    "request": (
        f"GET / HTTP/1.1\r\n{_HEAD}Accept-Encoding: gzip\r\n\r\n".encode(),
        f"GET /?t={_TOKEN} HTTP/1.1\r\nHost: mat.local:8470\r\n\r\n".encode(),
        f"GET /events HTTP/1.1\r\n{_HEAD}\r\n".encode(),
        f"POST /say HTTP/1.1\r\n{_HEAD}Content-Type: application/json\r\nContent-Length: {len(_SAY)}\r\n\r\n".encode()
        + _SAY,
    ),
    "satellite": (
        b'{"type": "describe"}\n',
        b'{"type": "ping", "data": {"text": "a"}}\n',
        b'{"type": "transcript", "data": {"text": "start chair stretch", "language": "en"}}\n',
        b'{"type": "transcript", "version": "1.8.0", "data_length": 19, "payload_length": 3}\n{"text": "stop it"}abc',
    ),
    "broker": (
        b'[mqtt]\nhost = "hub.local"\nport = 1883\nusername = "coach"\npassword = "x"\nnode = "mat"\npain = true\n',
        b'rate = 150\n[mqtt]\nhost = "192.168.1.10"\npassword-file = "input.toml"\nprefix = "homeassistant"\n',
        b'[mqtt]\nhost = "fe80::1%eth0"\nca-certificate = "none.pem"\ntls = true\n',
    ),
    "remind": (
        b"8:00\ndaily",
        b"19.30\nmon,wed,fri\nEurope/Berlin",
        b"02:30\n2026-03-29\nEurope/Berlin",
        b"0:00\ntomorrow\nPacific/Kiritimati",
    ),
    "address": (b"https://example.org/fhir", b"http://127.0.0.1:8080/", b"https://[2001:db8::1]:443/a/b"),
}
"""Valid input of each kind."""
