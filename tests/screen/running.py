"""The screen's server as tests run it, and what reads its events."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from assistant.dialogue.state.session import Session
from assistant.loop.publisher import Publisher
from assistant.loop.typed import Typed
from assistant.routines.loading import load_routines, own_routine_files
from assistant.screen.contents import Content
from assistant.screen.doors import COOKIE, Doors
from assistant.screen.handler import Shown
from assistant.screen.server import ScreenServer

TOKEN = "the-token-of-this-test"
LETTER = "<!doctype html><style>b{}</style><script>1</script>"
OK, NOT_HERE = HTTPStatus.OK, HTTPStatus.FORBIDDEN


def publisher(put: Callable[[Typed], object] = lambda _: None) -> Publisher:
    routines, _ = load_routines(own_routine_files())
    return Publisher(Session(routines), lambda line: line.key, put, lambda: 12.3456)


@dataclass
class Running:
    """A server, with a clock that a test sets."""

    said: list[str] = field(default_factory=list)
    now: float = 0.0
    server: ScreenServer = field(init=False)
    publisher: Publisher = field(init=False)

    def __post_init__(self) -> None:
        self.publisher = publisher(lambda typed: self.said.append(typed.text or ""))

    def start(self, secure: ssl.SSLContext | None = None) -> ScreenServer:
        doors = Doors(TOKEN, frozenset({"coach"}), secure=secure is not None)
        page = Content.of("text/html; charset=utf-8", LETTER)
        shown = Shown(self.publisher, doors, lambda: {"/": page})
        self.server = ScreenServer(("127.0.0.1", 0), shown, secure, lambda: self.now)
        return self.server

    @property
    def own(self) -> str:
        return f"127.0.0.1:{self.server.port}"

    def ask(
        self, method: str = "GET", path: str = "/", body: bytes | None = None, **headers: str | None
    ) -> tuple[int, Mapping[str, str], bytes]:
        """Asks as the page does, but for the headers that are given; None leaves one out."""
        usual: dict[str, str | None] = {"Host": self.own, "Cookie": f"other=1; {COOKIE}={TOKEN}"}
        if method == "POST":
            usual |= {
                "Content-Type": "application/json",
                "Origin": f"http://{self.own}",
                "Sec-Fetch-Site": "same-origin",
            }
        usual |= {name.replace("_", "-"): value for name, value in headers.items()}
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=30)
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for name, value in usual.items():
            if value is not None:
                connection.putheader(name, value)
        if body is not None:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        return answer.status, dict(answer.headers), content

    def say(self, words: object, **headers: str | None) -> int:
        return self.ask("POST", "/say", json.dumps({"words": words}).encode(), **headers)[0]

    def watch(self) -> Watching:
        return Watching(self)


class Watching:
    """A screen that reads the events."""

    def __init__(self, running: Running) -> None:
        self.socket = socket.create_connection(("127.0.0.1", running.server.port), timeout=30)
        head = f"GET /events HTTP/1.1\r\nHost: {running.own}\r\nCookie: {COOKIE}={TOKEN}\r\n\r\n"
        self.socket.sendall(head.encode())
        self.file = self.socket.makefile("rb")
        assert self.file.readline().split()[1] == b"200"
        while self.file.readline().strip():
            pass
        assert self.file.readline() == b"retry: 1000\n"

    def event(self) -> tuple[str, dict[str, Any]] | None:
        """The next event; None: it was sent away."""
        lines: list[str] = []
        while line := self.file.readline().decode():
            if line == "\n" and lines:
                return lines[0].removeprefix("event: "), json.loads(lines[1].removeprefix("data: "))
            if line.strip():
                lines.append(line.strip())
        return None

    def state(self, wanted: Callable[[dict[str, Any]], bool] = lambda _: True) -> dict[str, Any]:
        """The next state that is wanted."""
        while (event := self.event()) is not None:
            if event[0] == "state" and wanted(event[1]):
                return event[1]
        raise AssertionError("the events are over")
