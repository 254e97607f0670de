"""A whole session with the page open: what it shows is what the session is at, and its buttons are obeyed."""

from __future__ import annotations

import math
import queue
from collections.abc import Iterator
from contextlib import ExitStack
from io import StringIO
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from rich.console import Console

from assistant.audio.simulated import SimulatedCard
from assistant.commands.screen import show_on_screen
from assistant.dialogue.state.phases import Holding, Moving, Resting, name_of
from assistant.home.settings import Settings
from assistant.keeping.journal import Journal
from assistant.loop.builder import Assembled, assemble
from assistant.loop.library import load_library
from assistant.loop.publisher import Publisher, publish
from assistant.loop.session_keeper import guest
from assistant.loop.typed import Typed
from assistant.stage.simulated_session import SimulatedSession
from assistant.stage.soundless import SoundlessVoice
from tests.needs import needs_browser
from tests.screen.conftest import LARGE, NOW

pytestmark = needs_browser
JOINED = """new Promise(done => {
  connect();
  source.addEventListener("state", () => setTimeout(done), { once: true });
})"""
LOOK_EVERY_S = 5.0
"""Seconds of the session between two looks at one phase."""

PRESSES = {
    "idle": "Sciatic nerve stretch",
    "asking-news": "No",
    "asking-side": "Left",
    "positioning": "Ready",
}
"""Which button is pressed in a phase, once it has said all that it says."""


class Watched:
    """A session that plays as fast as it can, looked at and steered through a page on its real server."""

    def __init__(self, page: Page, stack: ExitStack) -> None:
        self.page = page
        self.seen: dict[str, dict[str, Any]] = {}
        self._pressed: queue.SimpleQueue[Typed] = queue.SimpleQueue()
        self._looked_at: tuple[str, float] = ("", 0.0)
        journal = Journal()
        routines = load_library(Settings()).routines
        self.parts: Assembled = assemble(Settings(), routines, SoundlessVoice(), journal, guest(known=True))
        conversation = self.parts.conversation
        publisher: Publisher = publish(self.parts, journal, self._pressed.put, lambda: conversation.now)
        told = StringIO()
        show_on_screen(Settings(screen="here", screen_port=0), publisher, Console(file=told, width=200), stack)
        stack.enter_context(publisher)
        page.goto(told.getvalue().split()[-1])
        page.evaluate("drawings ?? fetchDrawings()")
        self.session = SimulatedSession(self.parts, SimulatedCard(), pace=self._pace)

    def _pace(self, now: float) -> None: ...
