"""What the page shows is at most 100 ms from what is heard: each line, each number and each phase, to the sample.

A simulated session is published as it is on a sound card that is given its sound 0.2 s ahead of time, and reaches the
page over a network that holds up some messages. Page, server and session have each a clock of their own.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

import pytest

from assistant.loop.published import Published
from intents.language import ENGLISH
from tests.loop.test_published import ANSWERS, Played, play
from tests.needs import needs_browser
from tests.screen.conftest import ARRIVED, Opener, Screen

pytestmark = needs_browser

APART_S = 0.1
AHEAD_S = 0.2
"""How long before it is heard the sound card is given its sound."""
UNDER_WAY_S = 0.23
"""How long a message is on its way at most; most of them are much quicker."""
SERVER_S, BEAT_S = 5000.0, 0.5

WATCH = """
globalThis.changes = [];
globalThis.before = {};
(function look() {
  if (document.getElementById("line")) for (const id of ["line", "digits", "condition"]) {
    const text = document.getElementById(id).checkVisibility() ? document.getElementById(id).textContent : "";
    if (text !== before[id]) changes.push([performance.now() / 1000, id, before[id] = text]);
  }
  requestAnimationFrame(look);
})();
"""


@dataclass
class Shown:
    """What the page showed when, by the session's clock as it is heard."""

    changes: list[tuple[float, str, str]] = field(default_factory=list)

    def at(self, place: str, when: float) -> str:
        """What stood there at a time."""
        return [what for since, where, what in self.changes if where == place and since <= when][-1]

    def late(self, place: str, heard: list[tuple[float, str, str]]) -> list[tuple[float, str]]:
        """What is not shown just after it is heard, or already just before: each with its time and what goes before."""
        return [
            (at, what)
            for at, before, what in heard
            if not self.at(place, at + APART_S).startswith(what)
            or (self.at(place, at - APART_S) == what) != (before == what)
        ]


@pytest.fixture(scope="module")
def played() -> Played:
    return play(ANSWERS)


def messages(played: Played, begin: float, end: float) -> Iterator[tuple[float, str, dict[str, Any]]]:
    """When each message reaches the page, by the clock as it is heard; those that wait behind another come with it."""
    network, sent = random.Random(28), list[tuple[float, Published]]()
    for at, _, state in played.states:  # what is published in one block is sent as one
        if sent and sent[-1][0] == at - AHEAD_S:
            sent.pop()
        sent.append((at - AHEAD_S, state))
    standing = [state for at, state in sent if at <= begin][-1]
    beats: list[tuple[float, Published | None]] = [
        (begin + n * BEAT_S, None) for n in range(1, int((end - begin) / BEAT_S))
    ]
    under_way = begin
    states = [(begin, standing), *(each for each in sent if begin < each[0] < end)]
    for heard, told_of in sorted([*states, *beats], key=itemgetter(0)):
        told = {"clock": heard, "sent": SERVER_S + heard}
        delay = network.choice((0.004, 0.004, 0.03, UNDER_WAY_S))
        under_way = max(under_way, heard + (0.004 if heard == begin else delay))
        if told_of is None:
            yield under_way, "clock", told
        else:
            yield under_way, "state", {**told_of.data(heard), **told}


@pytest.fixture(scope="module")
def watched(opened: Opener) -> Screen:
    """A page that notes what it shows. Figures would need most of its time, and nothing here is about them."""
    screen = opened(WATCH)
    screen.page.evaluate("drawings = null, fetchDrawings = () => {}")
    return screen


def shown(screen: Screen, played: Played, begin: float, end: float) -> Shown:
    """Let a part of a session be seen."""
    screen.reset()
    page, reached = screen.page, begin
    offset = page.evaluate("changes = [], before = {}, performance.now() / 1000") - begin
    for mark, (at, kind, told) in enumerate(messages(played, begin, end), start=round(begin * 1000)):
        if (passed := round((at - reached) * 1000)) > 0:
            page.clock.run_for(passed)
            reached += passed / 1000
        screen.feed.tell(kind, {**told, "mark": f"of the session {mark}"})
        page.evaluate(ARRIVED, [kind, f"of the session {mark}"])
    changes = [(when - offset, where, what) for when, where, what in page.evaluate("changes")]
    assert screen.complaints == []
    return Shown(changes)


def test_lines_and_reps_are_shown_when_they_are_heard(watched: Screen, played: Played) -> None:
    moving = [row["t"] for row in played.rows if row["kind"] == "phase" and row["phase"] == "moving"][1]
    seen = shown(watched, played, begin := moving - 6.0, end := moving + 18.0)
    said = [row for row in played.rows if row["kind"] == "said" and begin + 1 < row["start"] < end - 1]
    counted = [row for row in said if row["line"] == "reps.count"]
    texts = [row["text"].split(", ")[-1] if row in counted else row["text"] for row in said]
    lines = [(row["start"], "", text[0].upper() + text[1:]) for row, text in zip(said, texts, strict=True)]
    assert (len(counted), len(lines)) == (3, 9)
    assert seen.late("line", lines) == []
    assert (
        seen.late("digits", [(row["start"], str(max(1, n - 1)), str(n)) for n, row in enumerate(counted, start=1)])
        == []
    )


def test_each_number_of_the_ring_and_each_phase_is_shown_when_it_is_heard(watched: Screen, played: Played) -> None:
    holding = next(row["t"] for row in played.rows if row["kind"] == "phase" and row["phase"] == "holding")
    seen = shown(watched, played, begin := holding - 5.0, end := holding + 20.0)
    rows = [row for row in played.rows if begin + 1 < row["t"] < end - 1]
    ticks = [(row["t"], row["remaining"]) for row in rows if row["kind"] == "tick"]
    words = ENGLISH.page["conditions"]
    phases = [(row["t"], words[row["phase"]]) for row in rows if row["kind"] == "phase"]
    lines = [(row["t"], "", row["text"]) for row in rows if row["kind"] == "saying"]
    assert {number for _, number in ticks} == {1, 2, 3, 4, 5}
    assert {word for _, word in phases} == {words[condition] for condition in ("getting-ready", "holding", "resting")}
    assert seen.late("digits", [(at, str(min(5, number + 1)), str(number)) for at, number in ticks]) == []
    before = ["Get ready", *(word for _, word in phases)]
    assert seen.late("condition", [(at, was, word) for was, (at, word) in zip(before, phases, strict=False)]) == []
    assert (len(lines) >= 3, seen.late("line", lines)) == (True, [])
