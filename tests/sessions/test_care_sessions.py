"""What keeps the user safe, on real audio; and every routine once from its first word to its last."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.dialogue.state.plan import GETTING_INTO_POSITION_S
from assistant.loop.session_keeper import guest
from assistant.routines.loading import load_exercises, load_routines, own_routine_files
from assistant.stage.demo_user import Part
from assistant.stage.run_through import run_through
from scripts.testbed.answers import GOES_ALONG
from scripts.testbed.spoken_sessions import ObligingPerson, run_session, speak

ROUTINES = load_routines(own_routine_files())[0]
VOICES = ("flite rms", "espeak-ng en-gb+f4", "flite slt")
ANSWERS = {**GOES_ALONG, "side.which": "right", "leg.ask": "no leg pain"}


@pytest.mark.parametrize("key", list(ROUTINES))
def test_a_whole_routine_is_done_by_voice_and_takes_as_long_as_it_says(key: str, spoken_words: Path) -> None:
    routine = ROUTINES[key]
    voice = VOICES[list(ROUTINES).index(key) % len(VOICES)]
    person = ObligingPerson(f"start {routine.title}", ANSWERS, lambda words: speak(words, voice, spoken_words))
    outcome = run_session((), lambda _: None, person=person, keeper=guest())  # type: ignore[arg-type,return-value]
    assert outcome.of_kind("rejected") == []
    done = {row["exercise"] for row in outcome.of_kind("noted") if row["what"] == "set done"}
    assert done == {step.key for step in routine.steps}
    assert all(row["whole"] for row in outcome.of_kind("done"))
    said = {row["line"]: row for row in outcome.of_kind("said")}
    assert not said["closing.words"]["cut"]
    announced = next(row for line, row in said.items() if line.startswith("routine.announce"))
    took = said["closing.words"]["end"] - announced["start"]
    # This person is in position at once; somebody of flesh and blood needs what the estimate allows for.
    positions = sum(row["line"] == "step.say_when_there" for row in outcome.of_kind("said"))
    played = run_through(routine, load_exercises()).spoken
    expected = next(spoken.end for spoken in played if spoken.line.key == "closing.words")
    assert took + positions * (GETTING_INTO_POSITION_S - 2.0) == pytest.approx(expected, rel=0.1)


def test_a_numb_foot_ends_the_hold_within_a_second(spoken_words: Path) -> None:
    outcome = run_session(
        (
            Part("start cool down", {"kind": "said", "line": "greeting.welcome"}),
            Part("no", {"kind": "said", "line": "screening.news"}),
            Part("ready", {"kind": "said", "line": "step.say_when_there"}),
            Part("my foot is numb", {"kind": "tick", "remaining": 12}, after_s=0.3),
            Part("start lower back stretch", {"kind": "said", "line": "alert.again"}),
        ),
        lambda words: speak(words, VOICES[0], spoken_words),
        keeper=guest(),
    )
    sign = next(row for row in outcome.of_kind("heard") if row["intent"] == "Symptom")
    left = next(row for row in outcome.of_kind("phase") if row["phase"] == "alerting")
    assert left["t"] - sign["end_s"] < 1.0
    assert left["routine"] is None
    assert [row["tone"] for row in outcome.of_kind("chime")] == ["start"], "the hold has no end any more"
    assert outcome.intents[-1] == "StartRoutine"
    assert [row["phase"] for row in outcome.of_kind("phase")].count("cautioning") == 1, "nothing is begun after it"


def test_a_red_flag_lets_nothing_begin(spoken_words: Path) -> None:
    outcome = run_session(
        (
            Part("start sciatic stretch", {"kind": "said", "line": "greeting.welcome"}),
            Part("no", {"kind": "said", "line": "screening_ask.both_legs"}),
            Part("yes", {"kind": "said", "line": "screening_ask.saddle"}),
            Part("yes", {"kind": "said", "line": "read_back.yes"}),
            Part("start lower back stretch", {"kind": "said", "line": "alert.again"}),
            Part("start lower back stretch", {"kind": "said", "line": "alert.again"}),
        ),
        lambda words: speak(words, VOICES[2], spoken_words),
        keeper=guest(known=False),
    )
    assert outcome.intents == ["StartRoutine", "No", "Yes", "Yes", "StartRoutine", "StartRoutine"]
    said = [row["line"] for row in outcome.of_kind("said")]
    assert said.count("alert.emergency") == 3
    assert {row["phase"] for row in outcome.of_kind("phase")} == {
        "introducing",
        "idle",
        "screening",
        "reading-back",
        "alerting",
        "alerted",
    }
