"""One browser, and one feed of states, for all tests of the page."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from tests.needs import CHROMIUM
from tests.screen.feed import Feed, serving
from tests.screen.states import NOTHING

ELSEWHERE = "mat.local"
"""A name that leads to this machine, and that a browser does not take for a secure address."""
QUIET = ["--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update"]
# The policy forbids what wait_for_function does. A message comes after whatever the page does at an event.
LISTEN = """
globalThis.heardLast = new Map();
globalThis.awaited = [];
const { port1, port2 } = new MessageChannel();
port1.onmessage = ({ data: [kind, mark] }) => {
  heardLast.set(kind, mark);
  for (const [wanted, which, done] of awaited) if (wanted === kind && which === mark) done();
};
globalThis.EventSource = class extends EventSource {
  constructor(address) {
    super(address);
    this.number = EventSource.opened = (EventSource.opened ?? 0) + 1;
    const mark = event => JSON.parse(event.data).mark ?? `of ${this.number}`;
    for (const kind of ["state", "clock"])
      this.addEventListener(kind, event => port2.postMessage([kind, mark(event)]));
  }
};
"""
AS_OPENED = """
[all, lastPhase, last, fraction, shownFigure] = [false, null, { phase: null, line: "" }, 0, null];
clock.forget();
connect();
new Promise(done => awaited.push(["state", `of ${source.number}`, done]));
"""
ARRIVED = """([kind, mark]) => heardLast.get(kind) === mark || new Promise(done => awaited.push([kind, mark, done]))"""
LARGE: ViewportSize = {"width": 1280, "height": 800}
NOW = 1000  # seconds on the browser's clock when a test begins


@dataclass
class Screen:
    """A page on a feed: told something, it has shown it when `tell` returns.

    Attributes:
        page: The page, with a clock that stands still unless a test moves it.
        feed: What it is fed from.
        complaints: What the browser found wrong: errors, and what the policy forbade.
        session_clock: Seconds on the session's clock, as the feed tells it.
        passed: Seconds that have passed for the page.
    """

    page: Page
    feed: Feed
    complaints: list[str] = field(default_factory=list)
    session_clock: float = 0.0
    passed: float = 0.0
    _marks: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def open(self, host: str = "127.0.0.1") -> None:
        self.session_clock = self.passed = 0.0
        self.page.goto(self.feed.address.replace("127.0.0.1", host))
        self.page.evaluate("drawings ?? fetchDrawings()")

    def reset(self) -> None:
        """Make the page as if it had just been opened, which takes less than to open it."""
        self.session_clock = self.passed = 0.0
        self.feed.state = NOTHING
        self.page.clock.run_for(1000)  # whatever it has in mind
        self.page.evaluate(AS_OPENED)
        self.complaints.clear()

    def tell(self, state: Mapping[str, Any], **changes: object) -> None:
        mark = next(self._marks)
        self.session_clock = max(self.session_clock, state["clock"])
        told = {"clock": self.session_clock, "at": self.session_clock, "sent": self.passed}
        self.feed.tell("state", {**state, **told, **changes, "mark": mark})
        self.page.evaluate(ARRIVED, ["state", mark])

    def beat(self, clock: float, late: float = 0.0) -> None:
        """Tell the clock, as it was a while ago."""
        told = {"clock": clock, "sent": self.passed - late}
        self.feed.tell("clock", {**told, "mark": (mark := next(self._marks))})
        self.page.evaluate(ARRIVED, ["clock", mark])

    def pass_by(self, seconds: float, silent: bool = False) -> None:
        """Let time pass; unless it is to be silent, the session's clock is told at least each second."""
        while seconds > 1e-6:
            step = min(seconds, 1.0)
            self.page.clock.fast_forward(round(step * 1000))
            self.session_clock += step
            self.passed += step
            seconds -= step
            if not silent:
                self.beat(self.session_clock)
        self.page.clock.run_for(50)  # until the next picture
        self.session_clock += 0.05
        self.passed += 0.05

    def text(self, selector: str) -> str:
        return self.page.locator(selector).text_content() or ""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    sandbox = [] if os.geteuid() else ["--no-sandbox"]  # Chromium has none for root
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM, args=[*QUIET, *sandbox, f"--host-resolver-rules=MAP {ELSEWHERE} 127.0.0.1"]
        )
        yield chromium
        chromium.close()


Opener = Callable[..., Screen]


@pytest.fixture(scope="session")
def opened(browser: Browser) -> Iterator[Opener]:
    """Opens pages, each on a feed of its own; whoever opens one closes it."""
    with ExitStack() as stack:

        def open_page(script: str = "", running: bool = False, host: str = "127.0.0.1", **options: Any) -> Screen:
            feed = stack.enter_context(serving())
            page = browser.new_context(viewport=LARGE, **options).new_page()
            page.set_default_timeout(10_000)
            if not running:
                page.clock.install(time=0)
                page.clock.pause_at(NOW)
            page.add_init_script(LISTEN + script)
            screen = Screen(page, feed)
            page.on("pageerror", lambda error: screen.complaints.append(str(error)))
            page.on("console", lambda said: screen.complaints.append(said.text) if said.type == "error" else None)
            screen.open(host)
            return screen

        yield open_page


@pytest.fixture(scope="session")
def shared(opened: Opener) -> Screen:
    """A page for tests that change nothing but what is shown; all of them have the same."""
    return opened()


@pytest.fixture(scope="module")
def live(opened: Opener) -> Iterator[Screen]:
    """A page whose clock runs: it draws for as long as it is open."""
    screen = opened(running=True)
    yield screen
    screen.page.context.close()


@pytest.fixture
def screen(shared: Screen) -> Screen:
    """A page as if it had just been opened."""
    shared.feed.refusing = False
    shared.page.set_viewport_size(LARGE)
    shared.reset()
    return shared
