"""Words a minute are what a listener counts."""

import pytest

from assistant.voice.clip import make_clip
from assistant.voice.natural import FALLBACK, chosen
from assistant.voice.pace import NATURAL, PASSAGE, espeak_rate, piper_speed
from assistant.voice.renderer import Renderer
from assistant.voice.spoken_form import spoken_form
from scripts.testbed.spoken_texts import spoken_texts
from tests.needs import needs_natural


def words_a_minute(renderer: Renderer, texts: list[str], voice: str, rate: int) -> float:
    seconds = sum(make_clip(text, *renderer.render(text, voice, rate)).seconds for text in texts)
    return 60 * sum(len(text.split()) for text in texts) / seconds


@pytest.mark.parametrize("rate", [110, 150, 220])
def test_espeak_keeps_to_the_rate_over_all_that_is_said(renderer: Renderer, rate: int) -> None:
    assert words_a_minute(renderer, spoken_texts()[::3], FALLBACK, rate) == pytest.approx(rate, rel=0.08)


@needs_natural
def test_the_natural_voice_keeps_to_it_over_a_passage(renderer: Renderer) -> None:
    texts = [spoken_form(text) for text in PASSAGE]
    assert words_a_minute(renderer, texts, chosen("auto"), 150) == pytest.approx(150, rel=0.12)


def test_a_voice_that_nobody_measured_is_measured_by_a_passage_once() -> None:
    asked = []

    def seconds_of(text: str, speed: float) -> float:
        asked.append(text)
        return len(text.split()) * 60 / 200 / speed

    for rate in (100, 150):
        speed = piper_speed("/somewhere/unknown.onnx", rate, seconds_of)
        assert speed == pytest.approx(rate / 200, rel=0.05)
    assert len(asked) == 2 * len(PASSAGE)


def test_beyond_what_was_measured_it_goes_on_in_proportion() -> None:
    speeds = [piper_speed("en_US-joe-medium.onnx", rate, lambda text, speed: 0.0) for rate in (80, 100, 216, 250, 300)]
    assert speeds == sorted(set(speeds))
    measured = dict(NATURAL)["en_US-joe-medium"]
    assert speeds[0] == pytest.approx(measured[0][0] * 80 / measured[0][1])
    assert espeak_rate(80) == 80
    assert espeak_rate(150) == pytest.approx(122, abs=1)
