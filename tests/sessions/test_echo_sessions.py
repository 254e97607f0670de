"""Sessions in a room that brings the assistant's voice back to the microphone, as loud as the user's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.audio.room import Room
from assistant.home.settings import Settings
from assistant.loop.engines import load_recogniser
from assistant.stage.demo_user import Part
from scripts.testbed.spoken_sessions import run_session, speak
from scripts.testbed.synthetic_sound import response
from tests.needs import needs_natural

LATENCY_S = 0.1


@pytest.fixture(scope="module", autouse=True)
def our_model() -> None:
    recogniser = load_recogniser("auto", None)
    name = recogniser.name
    recogniser.close()
    if "vosk" not in name:
        pytest.skip("the model is not here: pocketsphinx is no measure of an echo")


@pytest.mark.parametrize("voice", ["espeak-ng en-us", "flite slt"])
@pytest.mark.parametrize("own", ["en-gb", pytest.param("auto", marks=needs_natural)])
def test_stop_is_understood_over_the_voice(voice: str, own: str, spoken_words: Path) -> None:
    parts = (
        Part("start lower back stretch", {"kind": "said", "line": "greeting.welcome"}),
        Part("stop", {"kind": "said", "line": "caution.intro"}, after_s=4.0),
    )
    room = Room(response(0.2), gain=1.0, delay_s=LATENCY_S)
    settings = Settings(voice=own)
    outcome = run_session(parts, lambda words: speak(words, voice, spoken_words), settings=settings, room=room)
    assert outcome.intents == ["StartRoutine", "Stop"]
    stop = outcome.of_kind("heard")[-1]
    cut = [row for row in outcome.of_kind("said") if row["cut"]]
    assert len(cut) == 1, "it was spoken over the voice"
    assert cut[0]["start"] < stop["start_s"] < cut[0]["end"]


@pytest.mark.parametrize(
    ("own", "t60_s", "gain"),
    [("en-gb", 0.2, 1.0), ("en-gb", 0.5, 1.0), pytest.param("auto", 0.5, 1.0, marks=needs_natural)],
)
def test_the_voice_triggers_nothing_in_a_whole_routine(own: str, t60_s: float, gain: float, spoken_words: Path) -> None:
    """Also in a room that rings on for longer than the canceller learns, with the loudspeaker turned up."""
    parts = (
        Part("start warm up", {"kind": "said", "line": "greeting.welcome"}),
        Part("ready", {"kind": "said", "line": "step.say_when_there"}),
        Part("no leg pain", {"kind": "said", "line": "leg.ask"}),
        Part("yes", {"kind": "said", "line": "read_back.none"}),
        Part("ready", {"kind": "said", "line": "step.say_when_there"}),
    )
    room = Room(response(t60_s), gain=gain, delay_s=LATENCY_S)
    settings = Settings(voice=own)
    outcome = run_session(parts, lambda words: speak(words, "flite slt", spoken_words), settings=settings, room=room)
    assert outcome.intents == ["StartRoutine", "Ready", "LegPain", "Yes", "Ready"]
    said = {row["line"] for row in outcome.of_kind("said")}
    assert {"step.movement", "reps.count", "hold.count", "closing.words"} <= said
    assert not [row for row in outcome.of_kind("said") if row["cut"]]
    assert "unsure.ask" not in said


@pytest.mark.parametrize(("t60_s", "gain"), [(0.2, 1.0), (0.5, 1.0)])
def test_the_voice_may_say_your_back(t60_s: float, gain: float, spoken_words: Path) -> None:
    """The word is a command by itself; behind another word it is known for the voice's own."""
    parts = (
        Part("start quick stretch", {"kind": "said", "line": "greeting.welcome"}),
        Part("ready", {"kind": "said", "line": "step.say_when_there"}),
        Part("what should i feel", {"kind": "said", "line": "reps.count"}),
        Part("no leg pain", {"kind": "said", "line": "leg.ask"}),
        Part("yes", {"kind": "said", "line": "read_back.none"}),
    )
    room = Room(response(t60_s), gain=gain, delay_s=LATENCY_S)
    outcome = run_session(parts, lambda words: speak(words, "flite slt", spoken_words), room=room)
    assert outcome.intents == ["StartRoutine", "Ready", "WhatToFeel", "LegPain", "Yes"]
    said = [row["text"] for row in outcome.of_kind("said")]
    assert sum("your back" in text for text in said) >= 3, said
