"""A whole session with the page open: what it shows is what the session is at, and its buttons are obeyed."""

from __future__ import annotations

import math
import queue
from contextlib import ExitStack
from io import StringIO

from playwright.sync_api import Browser
from rich.console import Console

from assistant.audio.simulated import SimulatedCard
from assistant.commands.screen import show_on_screen
from assistant.dialogue.state.phases import (
    Cautioning,
    ChangingSides,
    Holding,
    Introducing,
    Moving,
    Positioning,
    Resting,
    name_of,
)
from assistant.dialogue.state.takes import HEARD_TOGETHER
from assistant.home.settings import Settings
from assistant.keeping.journal import Journal
from assistant.loop.builder import assemble
from assistant.loop.library import load_library
from assistant.loop.publisher import publish
from assistant.loop.session_keeper import guest
from assistant.loop.typed import Typed
from assistant.stage.simulated_session import SimulatedSession
from assistant.stage.soundless import SoundlessVoice
from tests.needs import needs_browser
from tests.screen.conftest import LARGE, LISTEN, NOW

pytestmark = needs_browser
JOINED = "(connect(), new Promise(done => awaited.push(['state', `of ${source.number}`, done])))"
DRAWN_S = 0.05
LONGEST_S = 900.0
LOOK_EVERY_S = 60.0
"""Seconds of the session between two looks at the same phase; that it is in step all the time, another test sees."""

PRESSED = {
    "idle": "Sciatic nerve stretch",
    "screening": "No",
    "asking-side": "Left leg",
    "paused": "Resume",
    "asking-leg": "No pain",
    "reading-back": "Yes",
}
"""Which button is pressed where somebody has to say something; "Ready" where there is nothing to answer."""
GOES_ON = {name_of(kind) for kind in (Introducing, Cautioning, *HEARD_TOGETHER) if kind is not Positioning}
"""Phases that end by themselves."""


class Watched:
    """A session that passes as fast as it can, with a page on its real server; it is looked at between two blocks."""

    def __init__(self, browser: Browser, stack: ExitStack) -> None:
        self.presses: queue.SimpleQueue[Typed] = queue.SimpleQueue()
        journal = Journal()
        parts = assemble(Settings(), load_library(Settings()).routines, SoundlessVoice(), journal, guest(known=True))
        self.conversation = parts.conversation
        self.session = SimulatedSession(parts, SimulatedCard(), script=[])
        self.publisher = publish(parts, journal, self.presses.put, lambda: self.conversation.now)
        told = StringIO()
        show_on_screen(Settings(screen="here", screen_port=0), self.publisher, Console(file=told, width=200), stack)
        self.page = browser.new_context(viewport=LARGE).new_page()
        self.complaints: list[str] = []
        self.page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        self.page.clock.install(time=0)
        self.page.clock.pause_at(NOW)
        self.page.add_init_script(LISTEN)
        self.page.goto(told.getvalue().split()[-1])
        self.page.evaluate("drawings ?? fetchDrawings()")

    @property
    def phase(self) -> str:
        return name_of(self.conversation.session.phase)

    def look(self) -> None:
        """Join anew, as a second device would, and compare what is shown with what is so."""
        self.page.evaluate(JOINED)
        self.page.clock.run_for(round(DRAWN_S * 1000))
        now, session = self.conversation.now, self.conversation.session
        shown = {name: self.page.locator(f"#{name}").text_content() or "" for name in ("digits", "exercise", "side")}
        match session.phase:
            case Holding(starts_at=starts, ends_at=ends):
                assert shown["digits"] in {str(math.ceil(ends - max(starts, at))) for at in (now, now + DRAWN_S)}
            case Resting(ends_at=ends) | ChangingSides(ends_at=ends):
                assert shown["digits"] in {str(math.ceil(ends - at)) for at in (now, now + DRAWN_S)}
            case Moving(first=first, starts_at=starts, under_way=under_way):
                assert under_way.step.reps is not None
                begun = max(0, math.floor((now + DRAWN_S - starts) / under_way.step.reps.pace))
                assert shown["digits"] == str(min(under_way.step.reps.count, first + begun))
        if isinstance(session.phase, Holding | Moving):
            here = session.phase.under_way
            assert shown["exercise"] == here.step.name
            assert ("Left" in shown["side"], "Right" in shown["side"]) == (
                here.here.side == "left",
                here.here.side == "right",
            )

    def press(self, label: str) -> None:
        """Press a button, and let the session take what it says."""
        self.page.get_by_role("button", name=label, exact=True).click()
        self.conversation.hear_text(self.presses.get(timeout=20).text or "")


def test_a_whole_session_is_followed_and_steered(browser: Browser) -> None:
    seen: list[str] = []
    with ExitStack() as stack:
        watched = Watched(browser, stack)
        stack.callback(watched.page.context.close)
        conversation, looked_at, paused = watched.conversation, 0.0, False
        watched.session.start()
        while conversation.now < LONGEST_S and "closing" not in seen:
            watched.session.step()
            if watched.phase not in seen[-1:] or conversation.now - looked_at > LOOK_EVERY_S:
                looked_at = conversation.now
                watched.look()
                seen += [watched.phase] if watched.phase not in seen[-1:] else []
            if watched.phase not in GOES_ON and not conversation.speaking:
                watched.press(PRESSED.get(watched.phase, "Ready"))
            elif not paused and watched.phase == "moving" and watched.publisher.state.rep_at(conversation.now) == 3:
                paused = True
                watched.look()
                watched.press("Pause")
        watched.publisher.close()
        watched.page.get_by_text("The session is over").wait_for()
        assert watched.complaints == []
    assert seen[:5] == ["introducing", "idle", "screening", "asking-side", "cautioning"]
    assert seen[5:12] == ["positioning", "instructing", "moving", "paused", "getting-ready", "moving", "instructing"]
    assert (
        seen[-7:]
        == [
            *("changing-sides", "getting-ready", "holding", "resting", "getting-ready", "holding", "asking-leg"),
            *("reading-back", "closing"),
        ][-7:]
    )
