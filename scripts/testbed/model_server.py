"""A real server of one archive on this machine, which can be told to misbehave."""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType

LONGEST_WAIT_S = 10.0


@dataclass(frozen=True)
class Request:
    """One request as it came in."""

    path: str
    range: str | None
    if_range: str | None
    agent: str | None


class Reply(BaseHTTPRequestHandler):
    """Answers one request."""

    server: _Server

    def do_GET(self) -> None:
        headers = self.headers
        self.server.asked.append(
            Request(self.path, headers["Range"], headers["If-Range"], headers["User-Agent"]),
        )
        behaviour = self.server.behaviours.popleft() if self.server.behaviours else self.server.usual
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # the client has had enough
            behaviour(self)

    def send(self, status: int, body: bytes = b"", **headers: str | int) -> None:
        """Send headers, ``Content_Length`` for instance, and a body that need not fit them."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), str(value))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Print nothing."""


Behaviour = Callable[[Reply], object]


class _Server(ThreadingHTTPServer):
    def __init__(self, usual: Behaviour) -> None:
        super().__init__(("127.0.0.1", 0), Reply)
        self.usual = usual
        self.asked: list[Request] = []
        self.behaviours: deque[Behaviour] = deque()
        self.stopping = threading.Event()


class ModelServer:
    """Serves an archive properly, ranges and all, but for what is queued with `next`."""

    def __init__(self, archive: bytes) -> None:
        self.archive = archive
        self.etag = '"one"'
        self._server = _Server(self.properly)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.005})

    def __enter__(self) -> ModelServer:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._server.stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def url(self) -> str:
        return f"{self.base}/tiny-model.zip"

    @property
    def asked(self) -> list[Request]:
        return self._server.asked

    def next(self, *behaviours: Behaviour) -> None:
        """Answer the requests to come like this, one each, and properly after that."""
        self._server.behaviours.extend(behaviours)

    def always(self, behaviour: Behaviour) -> None:
        self._server.usual = behaviour

    def properly(self, reply: Reply) -> None:
        wanted, condition = reply.headers["Range"], reply.headers["If-Range"]
        if wanted is None or condition not in (None, self.etag):
            self.whole(reply)
            return
        start, size = int(wanted.removeprefix("bytes=").removesuffix("-")), len(self.archive)
        if start >= size:
            reply.send(416, Content_Range=f"bytes */{size}")
            return
        rest = self.archive[start:]
        reply.send(206, rest, Content_Length=len(rest), Content_Range=f"bytes {start}-{size - 1}/{size}")

    def whole(self, reply: Reply) -> None:
        """As a server that knows no ranges."""
        reply.send(200, self.archive, Content_Length=len(self.archive), ETag=self.etag)

    def cut_after(self, count: int) -> Behaviour:
        """Promise all, then close the connection."""
        return lambda reply: reply.send(
            200, self.archive[:count], Content_Length=len(self.archive), ETag=self.etag, Accept_Ranges="bytes"
        )

    def silent(self, reply: Reply) -> None:
        """Say nothing more, until the client has gone and the test ends."""
        reply.server.stopping.wait(LONGEST_WAIT_S)


def answering(status: int, body: bytes = b"", **headers: str | int) -> Behaviour:
    return lambda reply: reply.send(status, body, **headers)


def redirecting(to: str, status: int = 302) -> Behaviour:
    return answering(status, Location=to)
