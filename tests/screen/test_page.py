"""What the page does: in step with the session's clock, obeyed, connected again, calm where that is wanted."""

from __future__ import annotations

import itertools
import math

import pytest

from tests.needs import needs_browser
from tests.screen.conftest import ELSEWHERE, LARGE, Opener, Screen
from tests.screen.states import ALERT, CONDITIONS, HOLDING, IN_ROUTINE, MOVING, NOTHING, buttons

pytestmark = needs_browser
READY = CONDITIONS["getting ready"]
FIGURE = "figure.innerHTML"
FAILED = (
    "new Promise(done => source.readyState === EventSource.CLOSED ? done()"
    " : source.addEventListener('error', () => done()))"
)
BACK = "new Promise(done => goneAt === null ? done() : source.addEventListener('state', () => done()))"


def share_left(screen: Screen) -> float:
    return float((screen.page.get_attribute("#remaining", "stroke-dasharray") or "").split()[0])


def fraction(screen: Screen) -> float:
    return float(screen.page.get_attribute("#figure", "data-fraction") or "nan")


def test_the_ring_shows_the_second_that_is_counted(screen: Screen) -> None:
    screen.tell(HOLDING)  # at 100 on the session's clock, of a hold until 114
    screen.pass_by(0.01)
    for number in range(14, 0, -1):
        assert screen.text("#digits") == str(number)
        assert share_left(screen) == pytest.approx(number / 20, abs=0.01)
        assert screen.text("#timer") == f"{number} second{'s' * (number > 1)} left"
        screen.pass_by(0.85)
        assert screen.text("#digits") == str(number)
        screen.pass_by(0.05)  # the next number is being said for 60 ms
    assert screen.text("#digits") == "0"
    assert not screen.page.locator("#remaining").is_visible()


def test_a_hold_that_has_not_begun_yet_stands_at_its_whole(screen: Screen) -> None:
    screen.tell(HOLDING, countdown={"began": 101.5, "ends": 121.5, "seconds": 20.0})
    screen.pass_by(1.4)
    assert (screen.text("#digits"), share_left(screen)) == ("20", 1.0)
    screen.pass_by(1.2)
    assert screen.text("#digits") == "19"


def test_what_arrives_late_moves_nothing_and_a_clock_that_stood_still_is_followed(screen: Screen) -> None:
    screen.tell(HOLDING)
    screen.pass_by(1.45, silent=True)
    screen.beat(101.0, late=0.5)
    screen.pass_by(0.55)
    assert screen.text("#digits") == "12"  # 102.1
    screen.pass_by(1, silent=True)
    screen.beat(102.2)  # the sound has stood still for a second
    screen.pass_by(0.1, silent=True)
    assert screen.text("#digits") == "12"
    wait = screen.page.locator("#cut")
    assert not wait.is_visible()
    screen.pass_by(2, silent=True)
    screen.beat(102.2)
    assert screen.text("#digits") == "12"
    assert "One moment" in wait.inner_text()
    screen.pass_by(1, silent=True)
    screen.beat(103.2)
    screen.pass_by(0.1, silent=True)
    assert screen.text("#digits") == "11"
    assert not wait.is_visible()


def test_a_pause_holds_the_count_and_the_figure(screen: Screen) -> None:
    screen.tell(CONDITIONS["paused"])
    before = screen.page.evaluate(FIGURE)
    screen.pass_by(3)
    assert screen.text("#digits") == "8"
    assert share_left(screen) == pytest.approx(7.5 / 20, abs=0.01)
    assert screen.page.evaluate(FIGURE) == before
    assert "Paused" in screen.text("#condition")
    screen.tell(CONDITIONS["paused in reps"])
    screen.pass_by(3)
    assert screen.text("#digits") == "4"


def test_a_rep_moves_the_figure_at_the_pace_of_the_counting(screen: Screen) -> None:
    screen.tell(MOVING)  # at 100: half of the third rep, which began at 96 and lasts 8 seconds
    screen.pass_by(0.01)
    seen = []
    for beat in ("Toes away", "And let it sink", "Straighten", "Toes towards you"):
        assert screen.text("#line") == beat
        seen.append((screen.text("#digits"), screen.text("#condition"), fraction(screen)))
        screen.pass_by(1.95)
    thirds, fourths = ("3", "3 of 10"), ("4", "4 of 10")
    assert [(number, words) for number, words, _ in seen] == [thirds, thirds, fourths, fourths]
    assert [share for _, _, share in seen] == pytest.approx([0.5, 0.75, 0.0, 0.25], abs=0.06)
    screen.tell(MOVING, rep={**MOVING["rep"], "number": 10, "began": screen.session_clock})
    screen.pass_by(9)  # nobody has said yet that it is over
    assert (screen.text("#digits"), fraction(screen)) == ("10", 1.0)


def test_a_line_that_is_said_between_the_beats_is_shown(screen: Screen) -> None:
    screen.tell(MOVING, line="Three more of these.")
    screen.pass_by(2)
    assert screen.text("#line") == "Three more of these."
    screen.tell(MOVING, line="Three, and let it sink")
    screen.pass_by(0.1)
    assert screen.text("#line") == "And let it sink"


def test_the_figure_shows_the_way_and_stands_still_in_a_hold(screen: Screen) -> None:
    screen.tell(READY, phase="positioning")
    screen.pass_by(4)
    assert fraction(screen) == 0.0
    screen.tell(READY)
    shown = []
    for _ in range(12):
        screen.pass_by(1)
        shown.append(fraction(screen))
    assert min(shown) == 0.0
    assert max(shown) == 1.0
    screen.tell(HOLDING, countdown={"began": 100.0, "ends": 120.0, "seconds": 20.0})
    screen.pass_by(3)
    assert fraction(screen) == 1.0
    screen.pass_by(1)
    assert fraction(screen) == 1.0
    screen.tell(CONDITIONS["resting"])
    screen.pass_by(3)
    assert fraction(screen) == 0.0


def test_who_wants_less_motion_sees_the_end_pose(screen: Screen) -> None:
    screen.page.emulate_media(reduced_motion="reduce")
    for state, end in ((READY, 1.0), (HOLDING, 1.0), (MOVING, 0.25)):
        screen.tell(state)
        first = screen.page.evaluate(FIGURE)
        screen.pass_by(2.5)
        assert fraction(screen) == end
        assert screen.page.evaluate(FIGURE) == first
    screen.tell(HOLDING)
    screen.pass_by(0.5)
    left = math.ceil(114 - screen.session_clock)
    assert screen.text("#digits") == str(left)  # the count goes on, by whole seconds
    assert share_left(screen) == pytest.approx(left / 20, abs=1e-4)
    screen.page.emulate_media(reduced_motion="no-preference")


def test_buttons_say_their_words(screen: Screen) -> None:
    screen.tell(HOLDING)
    screen.page.get_by_role("button", name="How long left").click()
    assert screen.feed.said.get(timeout=10) == "how long left"
    screen.page.get_by_role("button", name="Stop").click()
    assert screen.feed.said.get(timeout=10) == "stop"


def test_the_keyboard_reaches_every_button_stop_first_and_keeps_its_place(screen: Screen) -> None:
    screen.tell(HOLDING)
    focused = "document.activeElement.dataset.say"
    reached = []
    for _ in HOLDING["buttons"]:
        screen.page.keyboard.press("Tab")
        reached.append(screen.page.evaluate(focused))
    assert reached == ["stop", "pause", "easier", "next", "longer", "how long left"]
    screen.page.focus("button[data-say=next]")
    screen.tell(MOVING)  # other buttons, in another order
    assert screen.page.evaluate(focused) == "next"
    screen.page.keyboard.press("Enter")
    assert screen.feed.said.get(timeout=10) == "next"


def test_a_screen_reader_hears_lines_and_alerts_and_not_the_count(screen: Screen) -> None:
    screen.tell(CONDITIONS["asking"])
    assert screen.page.get_attribute("#line", "aria-live") == "polite"
    screen.tell(HOLDING)
    assert screen.page.get_attribute("#line", "aria-live") == "off"
    assert screen.page.get_by_role("timer").get_attribute("aria-live") == "off"
    assert (
        screen.page.get_by_role("img").get_attribute("aria-label") == "A figure shows: single knee to chest, left side"
    )
    assert not screen.page.get_by_role("alert").is_visible()
    screen.tell(CONDITIONS["alert"])
    assert ALERT in screen.page.get_by_role("alert").inner_text()
    assert not screen.page.get_by_role("timer").is_visible()
    box = screen.page.locator("#alert").bounding_box()
    assert box is not None
    area = box["width"] * box["height"] / LARGE["width"] / LARGE["height"]
    assert area > 0.6
    screen.tell(CONDITIONS["closing"])
    assert not screen.page.get_by_role("alert").is_visible()


def test_it_says_what_was_heard_or_why_not(screen: Screen) -> None:
    screen.tell(HOLDING)
    assert screen.text("#heard") == "✓ Heard: “how long left”"
    screen.tell(HOLDING, heard={"words": "the kettle", "taken": False, "why": "not a phrase"})
    assert screen.text("#heard") == "✗ Not taken: “the kettle” – not a phrase"
    screen.tell(HOLDING, heard={"words": None, "taken": False, "why": "unsure"})
    assert screen.text("#heard") == "✗ Not taken: unsure"
    screen.tell(HOLDING, heard={"words": None, "taken": True, "why": None})  # about health: nobody else's business
    assert not screen.page.locator("#heard").is_visible()
    screen.tell(HOLDING, line=None, private=True)
    assert screen.text("#line") == ""
    screen.tell(CONDITIONS["lost"])
    assert "microphone is gone" in screen.text("#line")


def test_words_are_never_taken_for_markup(screen: Screen) -> None:
    words = "<img src=x onerror=alert(1)><b>bold</b>"
    told = {"say": words, "label": words, "urgent": False}
    for state in (HOLDING, CONDITIONS["alert"]):
        named = {"id": "x", "name": words, "form": "usual"}
        screen.tell(
            state,
            exercise=named,
            line=words,
            heard={"words": words, "taken": True, "why": None},
            buttons=[told],
            next=words,
            alert=state["alert"] and words,
        )
    assert screen.page.locator("img[src=x]").count() == 0
    assert screen.page.get_by_role("button").inner_text() == words
    assert screen.complaints == []


def test_a_lost_connection_is_shown_and_made_again_within_two_seconds(screen: Screen) -> None:
    screen.tell(HOLDING)
    cut = screen.page.locator("#cut")
    screen.feed.refusing = True
    screen.feed.cut()
    cut.wait_for(state="visible")
    assert "No connection" in cut.inner_text()
    assert screen.page.evaluate("getComputedStyle(count).opacity") == "0"  # a count that may be wrong is none
    screen.pass_by(0.75, silent=True)  # tried again, and refused: EventSource alone would give up now
    screen.page.evaluate(FAILED)
    screen.feed.refusing = False
    screen.feed.state = {**HOLDING, "clock": 105.0}
    screen.pass_by(0.75, silent=True)
    cut.wait_for(state="hidden")
    screen.pass_by(0.05, silent=True)
    assert screen.text("#digits") == "9"


def test_a_connection_that_says_nothing_is_given_up(screen: Screen) -> None:
    screen.tell(HOLDING)
    screen.pass_by(4)
    assert not screen.page.locator("#cut").is_visible()
    first = screen.feed.watchers[-1]
    screen.pass_by(3, silent=True)
    screen.page.evaluate(BACK)
    assert not screen.page.locator("#cut").is_visible()
    assert screen.feed.watchers[-1] is not first


def test_the_end_of_a_session_is_no_lost_connection(screen: Screen) -> None:
    screen.tell(CONDITIONS["ended"])
    screen.feed.refusing = True
    screen.feed.cut()
    screen.page.evaluate(FAILED)
    assert not screen.page.locator("#cut").is_visible()
    assert screen.text("#condition") == "The session is over"
    screen.feed.refusing = False


COUNT_LOCKS = """
globalThis.locks = [];
const request = async kind => (locks.push(kind), new EventTarget());
Object.defineProperty(navigator, "wakeLock", { value: { request } });
"""


def test_it_keeps_the_screen_on_where_it_may_and_says_how_where_not(opened: Opener) -> None:
    screen = opened(COUNT_LOCKS)
    assert screen.page.evaluate("isSecureContext")
    screen.tell(READY)
    assert screen.page.evaluate("locks") == ["screen"]
    assert not screen.page.locator("#awake").is_visible()
    screen.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # seen again
    assert screen.page.evaluate("locks") == ["screen", "screen"]
    screen.open(ELSEWHERE)
    assert not screen.page.evaluate("isSecureContext")
    screen.tell(READY)
    assert "time-out" in screen.text("#awake")
    screen.tell(HOLDING)
    assert not screen.page.locator("#awake").is_visible()
    screen.page.context.close()


def test_the_diary_is_one_press_away_where_it_is_switched_on_and_nothing_is_under_way(screen: Screen) -> None:
    link = screen.page.locator("#diary")
    for state, seen in (("idle", True), ("closing", True), ("asking", False), ("holding", False), ("ended", False)):
        screen.tell(CONDITIONS[state], diary=True)
        assert link.is_visible() is seen
        screen.tell(CONDITIONS[state], diary=False)
        assert not link.is_visible()
    screen.tell(CONDITIONS["idle"], diary=True, line=None)
    assert "press a button" in screen.text("#line")
    assert link.get_attribute("href") == "/diary"


def test_conditions_follow_each_other_in_any_order(screen: Screen) -> None:
    for one, other in itertools.product(CONDITIONS, ("holding", "repeating", "alert")):
        screen.feed.tell("state", CONDITIONS[one])
        screen.feed.tell("state", CONDITIONS[other])
    screen.tell(HOLDING)
    screen.pass_by(0.2)
    assert screen.text("#digits") == "14"
    assert screen.complaints == []


def test_nothing_under_way_shows_no_count_and_no_figure(screen: Screen) -> None:
    for state in (NOTHING, {**IN_ROUTINE, "condition": "asking", "buttons": buttons("yes", "no")}):
        screen.tell(state)
        assert not screen.page.locator("#count").is_visible()
        assert not screen.page.locator("#figure").is_visible()


def test_what_was_said_last_stays_to_be_read_and_what_was_heard_goes(screen: Screen) -> None:
    asked = CONDITIONS["asking"]
    screen.tell(asked, line="Which leg is sore, left or right?", heard={**HOLDING["heard"], "at": 100.0})
    screen.tell(asked, line=None, heard={**HOLDING["heard"], "at": 100.0})
    assert screen.text("#line") == "Which leg is sore, left or right?"
    screen.pass_by(9)
    assert screen.page.locator("#heard").is_visible()
    screen.pass_by(2)
    assert not screen.page.locator("#heard").is_visible()
    screen.tell(asked, line=None, private=True)  # an answer about health, say
    assert screen.text("#line") == ""
    screen.tell(READY)
    screen.tell({**READY, "phase": "getting-ready"}, line=None)
    assert screen.text("#line") == ""
    screen.tell(HOLDING)
    screen.tell(HOLDING, line=None)
    assert screen.text("#line") == ""


def test_stop_keeps_its_place(screen: Screen) -> None:
    stop, *others = HOLDING["buttons"]
    for place in range(len(others) + 1):
        screen.tell(HOLDING, buttons=[*others[:place], stop, *others[place:]])
        assert screen.page.get_by_role("button").first.inner_text() == "Stop"
        assert screen.page.get_by_role("button").count() == len(HOLDING["buttons"])
