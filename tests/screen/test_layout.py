"""How the page looks in every condition and size: nothing covered, cut off or too small, and nothing that axe finds."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.needs import needs_browser
from tests.screen.conftest import Screen
from tests.screen.states import CONDITIONS, HOLDING, LONGEST_LINE, buttons

pytestmark = needs_browser

SIZES = [(320, 480), (390, 844), (844, 390), (768, 1024), (1280, 800), (3840, 2160)]
CONTRASTS = {"rules": {"color-contrast-enhanced": {"enabled": True}}, "resultTypes": ["violations"]}
MEASURE = """() => {
  const parts = ["h1", "#condition", "#side", "#step", "#next", "#figure", "#count", "#line", "#heard", "#awake",
    "#alert", "button"];
  const shown = element => element.checkVisibility() && element.getBoundingClientRect().height > 0
    && !element.closest(".alerting header");
  const sides = ({ left, top, right, bottom }) => [left, top, right, bottom];
  const box = element => sides(element.getBoundingClientRect());
  const named = parts.flatMap(part => [...document.querySelectorAll(part)].map((one, i) => [`${part} ${i}`, one]));
  const size = element => parseFloat(getComputedStyle(element).fontSize);
  const more = ({ scrollHeight, clientHeight, scrollWidth, clientWidth }) => scrollWidth > clientWidth + 2
    || scrollHeight > clientHeight * 1.1 + 2;
  const texts = [...document.querySelectorAll("h1,#line,#sign,#heard,#awake,button,header span")].filter(shown);
  const [digits, track] = ["digits", "track"].map(id => document.getElementById(id));
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = `700 100px ${getComputedStyle(digits).fontFamily}`;
  const cornersOf = ({ textContent, textLength, y }) => [-1, 1].flatMap(side => {
    const bottom = textContent ? y.baseVal[0].value : 0, across = textLength.baseVal.value / 2;
    return [[side * across, -bottom], [side * across, bottom]];
  });
  return {
    boxes: named.filter(([, element]) => shown(element)).map(([name, element]) => [name, box(element)]),
    cut: texts.filter(one => getComputedStyle(one).display !== "inline" && more(one)).map(one => one.textContent),
    smallest: Math.min(...texts.map(size)),
    scrolls: document.documentElement.scrollHeight > innerHeight || document.documentElement.scrollWidth > innerWidth,
    digits: box(digits),
    over: cornersOf(digits).map(([x, y]) => new DOMPoint(x, y))
      .filter(corner => !track.isPointInFill(corner) || track.isPointInStroke(corner)),
    tall: digits.getAttribute("font-size") * pen.measureText("0").actualBoundingBoxAscent / 100,
  };
}"""
CORNERS = "[...document.querySelectorAll('#figure polygon')].flatMap(one => [...one.points]).map(point => point.x)"


def faults(measured: dict[str, Any], width: int, height: int) -> list[str]:
    """What is covered by something else, sticks out of the screen, or is cut off."""
    boxes = measured["boxes"]
    found = [f"{text!r} is cut off" for text in measured["cut"]]
    found += ["the page scrolls"] if measured["scrolls"] else []
    for number, (name, (left, top, right, bottom)) in enumerate(boxes):
        if left < -0.5 or top < -0.5 or right > width + 0.5 or bottom > height + 0.5:
            found.append(f"{name} sticks out")
        for other, (left2, top2, right2, bottom2) in boxes[number + 1 :]:
            if min(right, right2) - max(left, left2) > 1 and min(bottom, bottom2) - max(top, top2) > 1:
                found.append(f"{name} and {other} lie over each other")
    return found


@pytest.mark.parametrize(("width", "height"), SIZES, ids=str)
def test_nothing_is_covered_cut_off_or_too_small(live: Screen, width: int, height: int) -> None:
    live.page.set_viewport_size({"width": width, "height": height})
    least = max(44.0, 0.12 * min(width, height))
    for condition, state in CONDITIONS.items():
        live.tell(state)
        measured = live.page.evaluate(MEASURE)
        assert faults(measured, width, height) == [], condition
        assert measured["smallest"] >= 13, condition
        sizes = [box for name, box in measured["boxes"] if name.startswith("button")]
        assert len(sizes) == (6 if condition == "holding long" else len(state["buttons"])), condition  # the sixth: more
        assert all(min(right - left, bottom - top) >= least - 0.5 for left, top, right, bottom in sizes), condition
        count = [box for name, box in measured["boxes"] if name == "#count 0"]
        assert len(count) == any(state[each] for each in ("countdown", "left", "rep")), condition
        for ring in count:
            assert measured["tall"] >= 0.3 * height, condition
            assert ring[0] <= measured["digits"][0], condition
            assert measured["digits"][2] <= ring[2], condition
            assert measured["over"] == [], condition


def test_what_there_is_no_room_for_is_one_press_away(live: Screen) -> None:
    live.page.set_viewport_size({"width": 320, "height": 480})
    words = ["pause", "it hurts", *(f"command {number}" for number in range(20))]
    live.tell(HOLDING, buttons=buttons(*words))
    pressable = live.page.get_by_role("button")
    assert pressable.all_inner_texts() == ["Stop", "Pause", "It hurts", "Command 0", "Command 1", "More …"]
    pressable.last.press("Enter")
    assert pressable.all_inner_texts() == ["Back", "Stop", "Pause", "It hurts", *(f"Command {n}" for n in range(20))]
    assert Axe().run(live.page, options=CONTRASTS).response["violations"] == []
    live.tell(HOLDING, line="Halfway.", buttons=buttons(*words))
    pressable.last.click()
    assert live.feed.said.get(timeout=10) == "command 19"
    live.tell(CONDITIONS["resting"])  # the next phase: what it shows is worth more
    assert live.page.locator("#count").is_visible()
    assert "Back" not in pressable.all_inner_texts()


def test_the_longest_line_that_is_said_fits_with_a_figure_on_the_smallest_screen(live: Screen) -> None:
    live.page.set_viewport_size({"width": 320, "height": 480})
    line = (LONGEST_LINE * 2)[:400]  # no text of a routine is longer: see `assistant.routines.model.Text`
    live.tell(CONDITIONS["getting ready"], line=line)
    assert faults(live.page.evaluate(MEASURE), 320, 480) == []
    live.tell(HOLDING, line="Fourteen seconds of this. " * 3)
    assert faults(live.page.evaluate(MEASURE), 320, 480) == []


# Each has something that none of the others has: a refusal, digits to press, all of a hold, an alert, a link.
@pytest.mark.parametrize("condition", ["asking", "asking a number", "holding long", "alert", "idle"])
def test_axe_finds_nothing_and_contrasts_are_seven_to_one(live: Screen, condition: str) -> None:
    live.page.set_viewport_size({"width": 390, "height": 844})
    live.tell(CONDITIONS[condition], diary=True)
    found = Axe().run(live.page, options=CONTRASTS)
    assert found.response["violations"] == [], found.generate_report()


def test_the_side_is_told_by_word_and_arrow_and_the_figure_is_mirrored(screen: Screen) -> None:
    ready = CONDITIONS["getting ready"]
    outlines = {}
    for side, words in (("left", "◀ Left leg"), ("right", "Right leg ▶")):
        screen.tell(ready, phase="positioning", side=side, figure={**ready["figure"], "side": side})
        assert screen.text("#side") == words
        assert side in (screen.page.get_attribute("#figure", "aria-label") or "")
        corners = screen.page.evaluate(
            "[...figure.querySelectorAll('polygon')].flatMap(p => [...p.points]).map(p => p.x)"
        )
        outlines[side] = sorted(corners)
        x, _, width, _ = map(float, (screen.page.get_attribute("#figure", "viewBox") or "").split())
        assert x <= min(corners) <= max(corners) <= x + width
    assert outlines["left"] == pytest.approx([-x for x in reversed(outlines["right"])], abs=0.11)


@pytest.mark.parametrize(("width", "height"), [(195, 422), (422, 195)], ids=str)
def test_a_phone_at_twice_its_size_is_scrolled(live: Screen, width: int, height: int) -> None:
    live.page.set_viewport_size({"width": width, "height": height})
    for condition in ("asking", "getting ready", "holding", "alert"):
        live.tell(CONDITIONS[condition])
        whole = live.page.evaluate("document.documentElement.scrollHeight")
        assert faults(live.page.evaluate(MEASURE), width, whole) == ["the page scrolls"], condition


def test_one_word_without_an_end_is_broken(live: Screen) -> None:
    live.page.set_viewport_size({"width": 320, "height": 480})
    word = "wirbelsäulenaufrichtung" * 2
    told = {"words": word, "taken": True, "why": None}
    for condition in ("getting ready", "holding"):
        live.tell(
            CONDITIONS[condition], line=word, heard=told, next=word, exercise={**HOLDING["exercise"], "name": word}
        )
        assert faults(live.page.evaluate(MEASURE), 320, 480) == [], condition


def test_digits_are_seen_in_colours_of_the_users_own_that_are_light(live: Screen) -> None:
    live.tell(HOLDING)
    live.page.emulate_media(forced_colors="active", color_scheme="light")
    try:
        seen = live.page.evaluate("[getComputedStyle(digits).fill, getComputedStyle(document.body).backgroundColor]")
    finally:
        live.page.emulate_media(forced_colors="none", color_scheme=None)
    assert seen == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]


def test_what_goes_well_with_nothing_of_it_is_shown_without(live: Screen) -> None:
    live.tell(HOLDING, figure=None, side=None, next=None, step=None)  # somebody's own exercise, alone
    hidden = [part for part in ("#figure", "#side", "#next", "#step") if live.page.locator(part).is_visible()]
    assert hidden == []
    live.tell(HOLDING, figure={"exercise": "not one of ours", "form": "usual", "side": None})
    assert not live.page.locator("#figure").is_visible()
    assert live.page.locator("#count").is_visible()
