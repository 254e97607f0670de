"""The screen beside the mat, switched on: what is shown to whom, and how it is told where to find it."""

from __future__ import annotations

import queue
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from assistant.home.settings import Settings
from assistant.keeping.journal import Journal
from assistant.loop.builder import Assembled
from assistant.loop.publisher import Publisher, publish
from assistant.loop.typed import Typed
from assistant.screen.address import LOOPBACK, is_any, link, own_address, own_names, picture
from assistant.screen.contents import contents
from assistant.screen.doors import Doors, kept_token
from assistant.screen.handler import Shown
from assistant.screen.own_certificate import own_certificate
from assistant.screen.server import ScreenServer, certificate
from assistant.stage.recorded import Attend, unattended

LONGEST_DRAWING_S = 60.0
_DRAWING = threading.Lock()  # one at a time, however many ask

LATE_S = 0.1
"""So much is made up for: a session that is later was held up, and would race."""


def show_on_screen(settings: Settings, publisher: Publisher, console: Console, stack: ExitStack) -> None:
    """Let a session be watched, until the stack is closed, and say where. Its publisher is to be closed before that.

    Args:
        settings: The user's settings; the screen is switched on in them.
        publisher: Knows the session.
        console: Where to say it.
        stack: Closes it.

    Raises:
        ScreenUnavailable: There is no network, the port is taken, the certificate can't be used.
    """
    host = LOOPBACK if settings.screen == "here" else settings.screen_address or own_address()
    named = own_address() if is_any(host) else host
    secured = _secured(settings, named)
    token = kept_token()
    doors = Doors(token, own_names() | {host.lower()}, secure=secured is not None)
    shown = Shown(publisher, doors, contents, drawn_diary if settings.screen_diary else None)
    server = stack.enter_context(ScreenServer((host, settings.screen_port), shown, secured))
    address = link(named, server.port, token, secure=secured is not None)
    where = "in a browser here" if settings.screen == "here" else "on a phone, tablet or television in your network"
    console.print(f"To see it, open this {where}:", highlight=False)
    console.print(f"  {escape(address)}", highlight=False, soft_wrap=True)
    if settings.screen == "network" and console.is_terminal and (console.encoding or "").startswith("utf"):
        console.file.write(picture(address) + "\n")


def _secured(settings: Settings, named: str) -> ssl.SSLContext | None:
    """What makes it https. A browser of this machine takes its address for secure as it is."""
    if settings.screen_certificate:
        return certificate(settings.screen_certificate, settings.screen_key)
    if settings.screen_https and settings.screen == "network":
        return certificate(own_certificate(named, own_names()), None)
    return None


def drawn_diary() -> bytes | None:
    """The course of pain and stretching as SVG, drawn in a process of its own: it would hold up the sound.

    Returns:
        The picture; None: nothing is noted yet, or it can't be drawn.
    """
    with _DRAWING, tempfile.TemporaryDirectory() as folder:
        picture_file = Path(folder) / "diary.svg"
        draw = [sys.executable, "-m", "assistant", "diary", "plot", str(picture_file)]
        with suppress(OSError, subprocess.SubprocessError):
            subprocess.run(draw, check=True, capture_output=True, timeout=LONGEST_DRAWING_S)
            return picture_file.read_bytes()
    return None


class InRealTime:
    """Waits until a session that could run faster has come to its time. Where it is late, all comes later.

    Args:
        clock: Seconds of the world's time.
        wait: Waits so many of them.
    """

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, wait: Callable[[float], object] = time.sleep
    ) -> None:
        self._clock = clock
        self._wait = wait
        self._began: float | None = None

    def __call__(self, now: float) -> None:
        """Wait for the time of the session."""
        latest = self._clock() - now
        if self._began is None or latest > self._began + LATE_S:
            self._began = latest
        elif self._began > latest:
            self._wait(self._began - latest)


def attend_on_screen(
    settings: Settings, console: Console, stack: ExitStack, in_time: Callable[[float], None] | None = None
) -> Attend:
    """Lets a session without devices be watched as it really passes, and steered from the screen.

    Args:
        settings: The user's settings; with the screen switched off nobody watches.
        console: Where to say where it is.
        stack: Closes it.
        in_time: Waits for a time of the session; None: as it really passes.
    """
    if settings.screen == "off":
        return unattended
    wait_for = in_time or InRealTime()

    def attend(parts: Assembled, journal: Journal) -> Callable[[float], None]:
        inbox: queue.SimpleQueue[Typed] = queue.SimpleQueue()
        conversation = parts.conversation
        publisher = publish(parts, journal, inbox.put, lambda: conversation.now)
        show_on_screen(settings, publisher, console, stack)
        stack.enter_context(publisher)

        def pace(now: float) -> None:
            wait_for(now)
            while not inbox.empty():
                conversation.hear_text(inbox.get().text or "")

        return pace

    return attend
