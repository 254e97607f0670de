"""The one socket of a session that listens: only where the user has switched the screen on.

Each connection has a thread that ends with its answer, or with the session for a screen that watches. There are few of
them at once, none is waited for long, and none of them touches the session but through its publisher.
"""

from __future__ import annotations

import errno
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from socketserver import TCPServer, ThreadingMixIn
from types import TracebackType
from typing import Any, Self

from assistant.errors import ScreenUnavailable
from assistant.home.plain_file import check_plain
from assistant.loop.allowance import Allowance
from assistant.screen.handler import READ_TIMEOUT_S, ScreenHandler, Shown

MOST_CONNECTIONS = 24
"""At once; further ones are ended."""

MOST_SCREENS = 8
"""That watch at once; the one that came first has to go for one more."""

SAID_AT_ONCE, SAID_A_SECOND = 10, 5.0
"""How many commands are taken in a row, and how many in the long run."""

_POLL_S = 0.25
_LAST_STATE_S = 1.0
"""How long screens may take to be told that the session is over."""

_SEND_BUFFER = 1 << 16
"""Bytes that may wait to be taken by one client: a screen that stalls has few old states to go through."""


class ScreenServer(ThreadingMixIn, TCPServer):
    """Listens as soon as it is made; answers once it is entered.

    Args:
        address: Host and port; port 0 is any that is free.
        shown: What it shows, and to whom.
        certificate: Makes it https; None: http.
        clock: Seconds of the world's time.

    Raises:
        ScreenUnavailable: It can't listen there.
    """

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = 16

    def __init__(
        self,
        address: tuple[str, int],
        shown: Shown,
        certificate: ssl.SSLContext | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.shown = shown
        self._certificate = certificate
        self._clock = clock
        self._said = {urgent: Allowance(SAID_AT_ONCE, SAID_A_SECOND) for urgent in (False, True)}
        self._lock = threading.Lock()
        self._gone = threading.Condition(self._lock)
        self._open: dict[socket.socket, float] = {}
        self._waiting: dict[socket.socket, float] = {}
        self._screens: list[socket.socket] = []
        self._thread = threading.Thread(target=self._serve, name="screen", daemon=True)
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        try:
            super().__init__(address, ScreenHandler)
        except OSError as error:
            raise _cannot_listen(address, error) from error

    def _serve(self) -> None:
        self.shown.contents()  # made now, and not when somebody waits for the page
        self.serve_forever(_POLL_S)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.shutdown()
        self.server_close()
        with self._gone:
            self._gone.wait_for(lambda: not self._screens, _LAST_STATE_S)
            left = list(self._open)
        for connection in left:
            _end(connection)

    def time(self) -> float:
        """Seconds of the world's time."""
        return self._clock()

    def may_say(self, *, urgent: bool) -> bool:
        """Whether one more command is taken now. What can't wait is counted apart: nothing else is in its way."""
        with self._lock:
            return self._said[urgent].spend(self._clock())

    def shake_hands(self, connection: socket.socket) -> None:
        """What https needs first; in the connection's own thread, which may be let wait."""
        if isinstance(connection, ssl.SSLSocket):
            connection.settimeout(READ_TIMEOUT_S)
            connection.do_handshake()

    def came_in(self, connection: socket.socket) -> None:
        """A request has been read to its end: it is being answered."""
        with self._lock:
            self._waiting.pop(connection, None)

    @contextmanager
    def watching(self, connection: socket.socket) -> Iterator[None]:
        """While a screen is shown what happens; where there are too many, the one that came first is sent away."""
        with self._lock:
            self._screens.append(connection)
            too_many = self._screens[:-MOST_SCREENS]
        for other in too_many:
            _end(other)
        try:
            yield
        finally:
            with self._gone:
                self._screens.remove(connection)
                self._gone.notify_all()

    def get_request(self) -> tuple[socket.socket, Any]:
        """A connection; its handshake comes later."""
        connection, address = super().get_request()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)
        if self._certificate is not None:
            connection = self._certificate.wrap_socket(
                connection, server_side=True, do_handshake_on_connect=False, suppress_ragged_eofs=True
            )
        return connection, address

    def verify_request(self, request: Any, client_address: Any) -> bool:
        """Whether there is room for one more."""
        del client_address
        with self._lock:
            if len(self._open) >= MOST_CONNECTIONS:
                return False
            self._open[request] = self._waiting[request] = self._clock()
            return True

    def service_actions(self) -> None:
        """End what has begun a request long ago and not come to its end."""
        with self._lock:
            late = [one for one, begun in self._waiting.items() if self._clock() - begun > READ_TIMEOUT_S]
        for connection in late:
            _end(connection)

    def shutdown_request(self, request: Any) -> None:
        """A connection is over."""
        with self._lock:
            self._open.pop(request, None)
            self._waiting.pop(request, None)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """What goes wrong with one connection ends that one, and is no matter of the session."""


def _end(connection: socket.socket) -> None:
    """Wake the thread that reads or writes there: it finds the connection over."""
    with suppress(OSError):
        socket.socket.shutdown(connection, socket.SHUT_RDWR)


def certificate(chain: Path, key: Path | None) -> ssl.SSLContext:
    """What makes the screen's address an https one.

    Args:
        chain: The certificate, in PEM.
        key: Its private key; None: it stands in the same file.

    Raises:
        ScreenUnavailable: They can't be read, or don't go together.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        for file in (chain, key or chain):
            check_plain(file)
        context.load_cert_chain(chain, key, password=lambda: "")
    except (OSError, ValueError) as error:  # ssl's own errors are of the first kind
        why = error.strerror or str(error) if isinstance(error, OSError) else str(error)
        raise ScreenUnavailable(
            f"The screen's certificate {chain} can't be used.",
            f"{why.rstrip('.')}.",
            "Name a certificate in PEM and its key without a password: screen_certificate and screen_key.",
        ) from error
    return context


def _cannot_listen(address: tuple[str, int], error: OSError) -> ScreenUnavailable:
    host, port = address
    if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
        return ScreenUnavailable(
            f"The screen can't be shown at {host}.",
            "This machine has no such address.",
            'Set one that it has: screen_address = "192.168.1.20" in the settings; without it the usual one is taken.',
        )
    return ScreenUnavailable(
        f"The screen can't be shown at {host}, port {port}.",
        f"{(error.strerror or str(error)).rstrip('.')}.",
        "End what listens there, or set another one: screen_port = 8471 in the settings.",
    )
