"""A server of the page that plays the states it is given: no session, and the clock is what the test says."""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from assistant.screen.contents import POLICY, contents
from tests.screen.states import NOTHING

State = Mapping[str, Any]


@dataclass
class Feed:
    """What the page is told, and what it said."""

    address: str
    state: State = field(default_factory=lambda: NOTHING)
    said: queue.Queue[str] = field(default_factory=queue.Queue)
    watchers: list[queue.Queue[bytes | None]] = field(default_factory=list)
    refusing: bool = False

    def tell(self, event: str, data: State) -> None:
        """Send an event to every page."""
        if event == "state":
            self.state = data
        for watcher in list(self.watchers):
            watcher.put(_event(event, data))

    def cut(self) -> None:
        """End every connection; new ones are refused while `refusing`."""
        for watcher in list(self.watchers):
            watcher.put(None)


def _event(event: str, data: State) -> bytes:
    return f"event: {event}\ndata: {json.dumps(data)}\n\n".encode()


@contextmanager
def serving() -> Iterator[Feed]:
    """Serve on a free port of the loopback."""
    feed = Feed("")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.0"

        def log_message(self, *_: object) -> None: ...

        def do_GET(self) -> None:
            if self.path == "/events":
                self._events()
                return
            content = contents().get(self.path)
            self.send_response(200 if content else 404)
            self.send_header("Content-Type", content.kind if content else "text/plain")
            self.send_header("Content-Security-Policy", POLICY)
            self.end_headers()
            if content:
                self.wfile.write(content.plain)

        def do_POST(self) -> None:
            feed.said.put(json.loads(self.rfile.read(int(self.headers["Content-Length"])))["words"])
            self.send_response(204)
            self.end_headers()

        def _events(self) -> None:
            self.send_response(503 if feed.refusing else 200)
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            if feed.refusing:
                return
            mine: queue.Queue[bytes | None] = queue.Queue()
            mine.put(_event("state", feed.state))
            feed.watchers.append(mine)
            try:
                while (sent := mine.get()) is not None:
                    self.wfile.write(sent)
                    self.wfile.flush()
            except OSError:
                pass  # the page has gone
            finally:
                feed.watchers.remove(mine)

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        server.block_on_close = False
        feed.address = f"http://127.0.0.1:{server.server_port}/"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield feed
        finally:
            feed.cut()
            server.shutdown()
            thread.join()
