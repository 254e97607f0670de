"""Trials: when a stop counts, where an answer begins, and how several measurements are asked for in one call."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from rich.console import Console

from assistant.audio.formats import RATE
from scripts.benchmarks.__main__ import split
from scripts.benchmarks.reaction import share_understood, silences
from scripts.benchmarks.sessions import User
from scripts.benchmarks.stop_trials import (
    ROUTINES,
    CommandVoice,
    Interrupter,
    Trial,
    Tried,
    first_sound,
    trials,
    until_silence,
)
from scripts.benchmarks.targets import Figure, show

STOP = np.concatenate([np.full(RATE // 2, 5_000, np.int16), np.zeros(RATE // 2, np.int16)])
VOICES = [CommandVoice("a", True, STOP), CommandVoice("b", False, STOP)]


def test_all_voices_and_routines_take_their_turn() -> None:
    made = trials(VOICES, 40, seed=1)
    assert made == trials(VOICES, 40, seed=1)
    assert made != trials(VOICES, 40, seed=2)
    assert sum(one.voice.name == "a" for one in made) == 20
    assert {one.routine for one in made} == set(ROUTINES)
    assert max(one.place for one in made) - min(one.place for one in made) > 0.5


def heard(t: float, intent: str, start_s: float) -> dict[str, Any]:
    return {"t": t, "kind": "heard", "intent": intent, "start_s": start_s, "end_s": start_s + 0.4}


def said(start: float, end: float, *, cut: bool) -> dict[str, Any]:
    return {"t": end, "kind": "said", "line": "caution.say", "text": "…", "start": start, "end": end, "cut": cut}


def judged(*rows: dict[str, Any]) -> Tried:
    """The verdict on a "stop" from second 10 to 10.5, said into a line that began at second 8."""
    trial = Trial("warm up", 0, 0, 0.5, VOICES[0])
    user = Interrupter([trial])
    user._trial, user._begun_at = trial, 5.0
    user._say(trial, 10.0)
    for row in rows:
        user(row)
    return user._judge(trial)


def test_silence_is_counted_at_the_loudspeaker_from_the_end_of_the_word() -> None:
    trial = Trial("warm up", 0, 0, 0.5, VOICES[0])
    user = Interrupter([trial])
    user._trial, user._begun_at = trial, 5.0
    user._say(trial, 10.0)
    for row in (heard(10.8, "Stop", 10.0), said(8.0, 10.82, cut=True)):
        user(row)
    user._finish(user._judge(trial), 11.0)
    played = np.full(12 * RATE, 500, np.int16)
    played[round(10.7 * RATE) : 11 * RATE] = 0  # hushed before the line was cut; the answer comes after it
    [tried] = user.results(played)
    assert tried.understood
    assert tried.silence_s == pytest.approx(0.2)
    assert tried.misheard == ()


@pytest.mark.parametrize(
    "rows", [[], [heard(12.5, "Stop", 10.0)], [heard(9.0, "Stop", 8.5)], [heard(10.8, "Pause", 10.0)]]
)
def test_too_late_too_early_or_something_else_is_not_understood(rows: list[dict[str, Any]]) -> None:
    tried = judged(*rows)
    assert not tried.understood
    assert tried.silence_s is None


def test_what_the_echo_set_off_is_told() -> None:
    tried = judged(heard(7.0, "Back", 6.5), heard(10.8, "Stop", 10.0), said(8.0, 10.82, cut=True))
    assert tried.misheard == ("Back",)


def test_a_line_that_ended_by_itself_is_no_measure_of_silence() -> None:
    tried = judged(said(8.0, 10.3, cut=False), heard(10.8, "Stop", 10.0))
    assert tried.understood
    assert tried.silence_s is None


def test_a_stop_into_silence_is_no_stop_over_the_voice() -> None:
    tried = judged(heard(9.0, "Pause", 8.5), said(8.0, 9.1, cut=True), heard(10.8, "Stop", 10.0))
    assert not tried.understood
    assert tried.misheard == ("Pause", "it was silent")


def test_words_fed_as_text_are_not_taken_for_heard() -> None:
    user = User()
    user.fed.append(3.0)
    user({"t": 3.0, "kind": "heard", "intent": "Ready", "start_s": 3.0, "end_s": 3.0})
    user(heard(4.0, "Back", 3.5))
    assert [row["intent"] for row in user.by_sound] == ["Back"]


def test_shares_and_delays_leave_out_what_was_not_measured() -> None:
    trial = Trial("warm up", 0, 0, 0.5, VOICES[0])
    tried = [Tried(trial, True, (), 0.3, 0.01), Tried(trial, True, (), None, 0.0), Tried(trial, False, (), None, 0.0)]
    assert share_understood(tried) == pytest.approx(66.7)
    assert share_understood([]) is None
    assert silences(tried) == [pytest.approx(0.31)]


def test_an_answer_begins_with_its_first_sound() -> None:
    played = np.zeros(1000, np.int16)
    played[[100, 700]] = 500
    played[400] = 20
    assert first_sound(played, 0) == 100
    assert first_sound(played, 101) == 700
    assert first_sound(played, 701) is None


def test_live_silence_is_counted_from_the_end_of_the_word_to_the_cut() -> None:
    played = np.full(RATE, 500, np.int16)
    played[6_000:7_000] = 0  # what sounds from there on is the answer
    assert until_silence(played, 4_000, 6_500) == pytest.approx(2_000 / RATE)
    assert until_silence(played, 6_000, 6_500) == 0.0


def test_a_figure_without_a_target_is_told_and_not_judged(capsys: pytest.CaptureFixture[str]) -> None:
    show(Console(width=100), [Figure("told", 3.0, None, "ms", False, {}), Figure("missed", 3.0, 2.0, "ms", False, {})])
    told, missed = capsys.readouterr().out.splitlines()[1:]
    assert told.split() == ["told", "3", "ms", "–"]
    assert missed.split() == ["missed", "3", "ms", "≤", "2", "ms", "missed"]


def test_several_measurements_each_with_its_options() -> None:
    assert split(["hearing", "--fold", "1", "reaction", "--trials", "6"]) == [
        ("hearing", ["--fold", "1"]),
        ("reaction", ["--trials", "6"]),
    ]


@pytest.mark.parametrize("arguments", [[], ["--trials", "6", "reaction"], ["trust", "trust"], ["nothing"]])
def test_wrong_calls_are_told(arguments: list[str]) -> None:
    with pytest.raises(SystemExit, match="usage"):
        split(arguments)
