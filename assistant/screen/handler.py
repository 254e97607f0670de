"""One request to the screen's server, from its door to its answer."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import Any, Protocol, cast

from assistant.loop.publisher import Publisher
from assistant.screen.contents import POLICY, Content, diary_page
from assistant.screen.doors import Doors
from intents.language import ENGLISH

LONGEST_BODY = 2_000
"""Bytes that are taken of what is sent."""

_DIGITS = len(str(LONGEST_BODY))
_PASSED_OVER = 8

HEARTBEAT_S, STANDING_S = 0.25, 0.1
"""How often a screen is told the clock, whatever happens, and how often while that stands still."""

READ_TIMEOUT_S = 10.0
WRITE_TIMEOUT_S = 5.0
"""How long a client may let something wait to be taken; then its connection is ended."""

RETRY_MS = 1_000
"""After how long a screen that lost the connection tries again."""

_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """What a server shows, and to whom.

    Attributes:
        publisher: Knows the session.
        doors: Lets in.
        contents: Gives the page and its parts, by path; the first time may take a while.
        diary: Draws the diary's course as SVG, None where there is nothing to draw; None: it is not shown.
    """

    publisher: Publisher
    doors: Doors
    contents: Callable[[], Mapping[str, Content]]
    diary: Callable[[], bytes | None] | None = None


class Connections(Protocol):
    """What the server knows of all its connections."""

    shown: Shown

    def time(self) -> float:
        """Seconds of the world's time."""

    def may_say(self, *, urgent: bool) -> bool:
        """Whether one more command is taken now."""

    def shake_hands(self, connection: socket.socket) -> None:
        """What https needs first."""

    def came_in(self, connection: socket.socket) -> None:
        """A request has been read to its end."""

    def watching(self, connection: socket.socket) -> AbstractContextManager[None]:
        """While a screen is shown what happens."""


class ScreenHandler(BaseHTTPRequestHandler):
    """Answers one request and ends the connection."""

    server_version = "stretch-assistant"
    sys_version = ""
    protocol_version = "HTTP/1.1"
    timeout = READ_TIMEOUT_S

    @property
    def _all(self) -> Connections:
        return cast("Connections", self.server)

    def log_message(self, *_: object) -> None:
        """Nothing is written down: an address holds the token."""

    def do_GET(self) -> None:
        """The page and its parts, and the events."""
        self._all.came_in(self.connection)
        shown, path = self._all.shown, self.path.partition("?")[0]
        if not shown.doors.is_own_address(self.headers.get("Host")):
            self._refuse(HTTPStatus.FORBIDDEN)
        elif path == "/" and shown.doors.has_token(self.path):
            self._answer(HTTPStatus.SEE_OTHER, headers={"Location": "/", "Set-Cookie": shown.doors.cookie()})
        elif not (shown.doors.has_cookie(self.headers.get("Cookie")) and (path == "/" or self._comes_from_own_page())):
            self._refuse(HTTPStatus.FORBIDDEN)
        elif path == "/events":
            self._events()
        elif path == "/diary" and shown.diary is not None:
            self._send_content(diary_page())
        elif path == "/diary.svg" and shown.diary is not None and (drawn := shown.diary()) is not None:
            self._answer(HTTPStatus.OK, drawn, {"Content-Type": "image/svg+xml"})
        elif (content := shown.contents().get(path)) is not None:
            self._send_content(content)
        else:
            self._refuse(HTTPStatus.NOT_FOUND)

    def do_POST(self) -> None:
        """What is to be taken as said."""
        doors = self._all.shown.doors
        allowed = (
            doors.is_own_address(self.headers.get("Host"))
            and doors.has_cookie(self.headers.get("Cookie"))
            and self._comes_from_own_page()
        )
        if not allowed:
            self._refuse(HTTPStatus.FORBIDDEN)
        elif self.path.partition("?")[0] != "/say":
            self._refuse(HTTPStatus.NOT_FOUND)
        elif self.headers.get_content_type() != "application/json":
            self._refuse(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
        elif not (length := self.headers.get("Content-Length", "")).isdecimal():
            self._refuse(HTTPStatus.LENGTH_REQUIRED)
        elif len(length) > _DIGITS or int(length) > LONGEST_BODY:
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        else:
            self._say(self.rfile.read(int(length)))

    def _comes_from_own_page(self) -> bool:
        host, site, origin = (self.headers.get(name) for name in ("Host", "Sec-Fetch-Site", "Origin"))
        return self._all.shown.doors.comes_from_own_page(host, site, origin)

    def _say(self, body: bytes) -> None:
        words: Any = None
        with suppress(ValueError, RecursionError):
            given = json.loads(body)
            words = given.get("words") if isinstance(given, dict) else None
        if not isinstance(words, str):
            self._refuse(HTTPStatus.BAD_REQUEST)
            return
        publisher = self._all.shown.publisher
        if self._all.may_say(urgent=any(button.urgent and button.say == words for button in publisher.state.buttons)):
            publisher.say(words)
            self._answer(HTTPStatus.NO_CONTENT)
        else:
            self._refuse(HTTPStatus.TOO_MANY_REQUESTS)

    def _events(self) -> None:
        """The state at every change, from now to the end of the session; in between the clock.

        With each goes `sent`, when that was by the server's own clock: that one never stands still.
        """
        publisher = self._all.shown.publisher
        states = publisher.subscribe()
        self._begin(HTTPStatus.OK, {"Content-Type": "text/event-stream", "Connection": "close"})
        with self._all.watching(self.connection):
            self.wfile.write(f"retry: {RETRY_MS}\n\n".encode())
            clock, before = 0.0, -1.0
            while not states.over:
                state = states.next(STANDING_S if clock == before else HEARTBEAT_S)
                before, clock, sent = clock, round(publisher.clock(), 3), {"sent": round(self._all.time(), 3)}
                if state is None:
                    self._send("clock", {"clock": clock, **sent})
                else:
                    self._send("state", {**state.data(clock), **sent, "diary": self._all.shown.diary is not None})

    def _send(self, event: str, data: Mapping[str, Any]) -> None:
        self.wfile.write(f"event: {event}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode())

    def _send_content(self, content: Content) -> None:
        packed = "gzip" in self.headers.get("Accept-Encoding", "")
        headers = {"Content-Type": content.kind, "Vary": "Accept-Encoding"}
        if packed:
            headers["Content-Encoding"] = "gzip"
        self._answer(HTTPStatus.OK, content.packed if packed else content.plain, headers)

    def _refuse(self, status: HTTPStatus) -> None:
        said = ENGLISH.page["not_here"] if status == HTTPStatus.FORBIDDEN else f"{status.phrase}."
        self._answer(status, f"{said}\n".encode(), {"Content-Type": "text/plain; charset=utf-8"})

    def _answer(self, status: HTTPStatus, body: bytes = b"", headers: Mapping[str, str] | None = None) -> None:
        length = {} if status == HTTPStatus.NO_CONTENT else {"Content-Length": str(len(body))}
        self._begin(status, {**(headers or {}), **length, "Connection": "close"})
        self.wfile.write(body)

    def _begin(self, status: HTTPStatus, headers: Mapping[str, str]) -> None:
        self.close_connection = True
        self._all.came_in(self.connection)
        self.connection.settimeout(WRITE_TIMEOUT_S)
        self.request_version = self.protocol_version  # an answer has a head, whatever was asked how
        self.send_response(status)
        for name, value in {**_HEADERS, **headers}.items():
            self.send_header(name, value)
        self.end_headers()

    def handle(self) -> None:
        """Answer; a client that has gone, or that takes nothing, is nobody's trouble."""
        with suppress(OSError, TimeoutError):
            self._all.shake_hands(self.connection)
            super().handle()

    def finish(self) -> None:
        """Let the client read the answer, also where it has sent more than was read."""
        with suppress(OSError):
            super().finish()
            socket.socket.shutdown(self.connection, socket.SHUT_WR)
            self.connection.settimeout(1.0)
            for _ in range(_PASSED_OVER):
                if not self.connection.recv(LONGEST_BODY):
                    break

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What is no request that is known here; said in few words."""
        del message, explain
        self._refuse(HTTPStatus(code))
