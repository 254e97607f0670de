"""A Wyoming service of the kind ``handle``: words of a satellite in, what it shall say out; found by zeroconf.

It runs in a thread and an event loop of its own. Whoever connects can send what they like: lines and payloads are
limited, so are the time that a client may take and the number of clients, and what is no event ends the connection and
nothing else.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from contextlib import suppress
from types import TracebackType
from typing import Any, Self, cast

from wyoming.asr import Transcript
from wyoming.event import Event, async_read_event, async_write_event
from wyoming.handle import Handled, NotHandled
from wyoming.info import Attribution, Describe, HandleModel, HandleProgram, Info
from wyoming.ping import Ping, Pong
from zeroconf import Error as ZeroconfError
from zeroconf import InterfaceChoice
from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf

from assistant.errors import AssistantError
from assistant.home_hub.reception import Reply
from assistant.version import VERSION

PORT = 10_790

EVERYWHERE = "0.0.0.0"  # noqa: S104 - satellites are elsewhere in the house

SERVICE = "_wyoming._tcp.local."
"""Under which Home Assistant looks for it."""

LONGEST_PART = 1 << 16
"""Bytes of a line, and of the data or the payload behind it."""

LONGEST_TEXT = 500
"""Characters: nobody says more in one breath."""

MOST_CLIENTS = 16
IDLE_S = 60.0
"""How long a client may be silent, or slow."""

ANSWERS_WITHIN_S = 30.0
"""A session that has to be begun first takes seconds."""

_MDNS = ("224.0.0.251", 5353)

_GARBAGE = (AttributeError, TypeError, KeyError, ValueError, RecursionError)
"""What reading something that is no event may raise."""


class _Limited:
    """A reader that takes no part longer than `LONGEST_PART`; of a line asyncio takes none either.

    Args:
        reader: What it reads from.
    """

    def __init__(self, reader: asyncio.StreamReader) -> None:
        self._reader = reader

    async def readline(self) -> bytes:
        return await self._reader.readline()

    async def readexactly(self, count: int) -> bytes:
        if count > LONGEST_PART:
            raise ValueError("too long")
        return await self._reader.readexactly(count)


class WyomingServer:
    """Serves while it is entered.

    Args:
        answer: Called in the thread of the server with the words of a satellite; it must not wait.
        host: The address that it serves; None: every one of this machine.
        port: None: `PORT`; 0 takes one that is free.
        announce: Whether it can be found by zeroconf.
        tell: Given a sentence for the user where something is wrong.

    Attributes:
        port: The one that it listens to.

    Raises:
        AssistantError: On entering, if the port can't be had.
    """

    def __init__(
        self,
        answer: Callable[[str], Future[Reply]],
        *,
        host: str | None = None,
        port: int | None = None,
        announce: bool = True,
        tell: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.port = PORT if port is None else port
        self._answer = answer
        self._host = EVERYWHERE if host is None else host
        self._announce = announce
        self._tell = tell
        self._clients: set[asyncio.Task[None]] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="wyoming", daemon=True)
        self._zeroconf: AsyncZeroconf | None = None

    def __enter__(self) -> Self:
        self._thread.start()
        try:
            self._run(self._open())
        except (OSError, OverflowError, ValueError) as error:  # of the last kind: what can be no name of a machine
            self._stop()
            raise AssistantError(
                f"Satellites can't be served on port {self.port}.",
                f"The system says: {getattr(error, 'strerror', None) or error}.",
                "Name another one with --port, or another address with --host.",
            ) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._run(self._close())
        self._stop()

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def _stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _open(self) -> None:
        self._server = await asyncio.start_server(self._serve, self._host, self.port, limit=LONGEST_PART)
        self.port = self._server.sockets[0].getsockname()[1]
        if self._announce:
            self._announcing = asyncio.create_task(self._announced())

    async def _close(self) -> None:
        self._server.close()
        tasks = [*self._clients, *([self._announcing] if self._announce else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._zeroconf is not None:
            await self._zeroconf.async_unregister_all_services()
            await self._zeroconf.async_close()

    async def _announced(self) -> None:
        """Be found; where that fails, the address still works."""
        try:
            interfaces = InterfaceChoice.All if self._host == EVERYWHERE else [self._host]
            self._zeroconf = AsyncZeroconf(interfaces=interfaces)
            address = _own_address() if self._host == EVERYWHERE else self._host
            name = f"stretch-assistant-{socket.gethostname().partition('.')[0]}.{SERVICE}"
            info = AsyncServiceInfo(SERVICE, name, addresses=[socket.inet_aton(address)], port=self.port)
            await (await self._zeroconf.async_register_service(info, allow_name_change=True))
        except (OSError, ValueError, ZeroconfError) as error:
            self._tell(f"It is not found by itself on the network ({error}); give your hub its address and port.")

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        if len(self._clients) < MOST_CLIENTS:
            self._clients.add(task)
            with suppress(OSError, EOFError, TimeoutError, asyncio.CancelledError, *_GARBAGE):
                await self._converse(reader, writer)
            self._clients.discard(task)
        writer.close()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        limited = cast(asyncio.StreamReader, _Limited(reader))
        while event := await asyncio.wait_for(async_read_event(limited), IDLE_S):
            answer = await self._answer_to(event)
            if answer is not None:
                await asyncio.wait_for(async_write_event(answer, writer), IDLE_S)

    async def _answer_to(self, event: Event) -> Event | None:
        if Describe.is_type(event.type):
            return information().event()
        if Ping.is_type(event.type):
            return Pong(text=Ping.from_event(event).text).event()
        if Transcript.is_type(event.type):
            text = Transcript.from_event(event).text
            if not isinstance(text, str):  # whatever the type says: it comes from outside
                raise ValueError("no words")
            answer = asyncio.wrap_future(self._answer(text[:LONGEST_TEXT]))
            reply = await asyncio.wait_for(answer, ANSWERS_WITHIN_S)
            return (Handled(reply.text) if reply.handled else NotHandled(reply.text)).event()
        return None


def information() -> Info:
    """What this service is."""
    whose = Attribution(name="stretch-assistant", url="")
    model = HandleModel(
        name="stretches",
        attribution=whose,
        installed=True,
        description="Starts, stops and tells of stretches for back and legs",
        version=VERSION,
        languages=["en"],
    )
    program = HandleProgram(
        name="stretch-assistant",
        attribution=whose,
        installed=True,
        description="A voice at your side while you stretch",
        version=VERSION,
        models=[model],
    )
    return Info(handle=[program])


def _own_address() -> str:
    """This machine's address in the network by which it would send to all who look for services."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.connect(_MDNS)  # sends nothing
        return str(asking.getsockname()[0])
