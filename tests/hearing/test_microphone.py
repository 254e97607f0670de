"""What is found about a microphone: rooms, levels and faults as they are met, made of known sound."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from assistant.audio.files import read_recording
from assistant.audio.formats import FULL_SCALE, RATE, Samples, silence, to_int16
from assistant.audio.probe import MeasuredEcho
from assistant.hearing.microphone import Measured, judge, judge_echo, judge_latency, measure, worst
from scripts.testbed.speech import SPEECH, speech_index
from scripts.testbed.synthetic_sound import syllables
from tests.needs import needs_people


def voice(peak_dbfs: float, seconds: float = 2.0) -> np.ndarray:
    return syllables(seconds) * FULL_SCALE * 10 ** (peak_dbfs / 20)


def recorded(*parts: np.ndarray, noise_rms: float = 10.0, boost_db: float = 0.0, offset: float = 0.0) -> Samples:
    sound = np.concatenate(parts)
    sound = sound + np.random.default_rng(2).normal(0.0, noise_rms, len(sound))
    return to_int16(sound * 10 ** (boost_db / 20) + offset)


PAUSE = np.zeros(2 * RATE)


def words_of(sound: Samples, quiet: Samples | None = None) -> dict[str, str]:
    found = judge(measure(sound), None if quiet is None else measure(quiet))
    assert all(finding.advice or finding.grade == "good" for finding in found)
    return {finding.words: finding.grade for finding in found}


def test_a_good_microphone_in_a_quiet_room_is_good() -> None:
    found = words_of(recorded(PAUSE, voice(-20), PAUSE), recorded(PAUSE))
    assert found == {"Your voice is loud enough.": "good", "The room is quiet enough.": "good"}


@pytest.mark.parametrize(("peak_dbfs", "grade"), [(-3.0, "good"), (-30.0, "good"), (-50.0, "fair"), (-58.0, "bad")])
def test_the_voices_level_is_measured_and_judged(peak_dbfs: float, grade: str) -> None:
    measured = measure(recorded(PAUSE, voice(peak_dbfs), PAUSE, noise_rms=0.7))
    assert measured.peak_dbfs == pytest.approx(peak_dbfs, abs=1.5)
    assert measured.speech_s == pytest.approx(1.6, abs=0.5)
    assert judge(measured)[0].grade == grade


@pytest.mark.parametrize("value", [0, 700])
def test_a_muted_or_wrong_microphone_is_told_as_such(value: int) -> None:
    (finding,) = judge(measure(np.full(5 * RATE, value, np.int16)))
    assert finding.grade == "bad"
    assert "muted" in finding.advice
    (idle,) = judge(measure(np.random.default_rng(1).integers(-1, 2, 5 * RATE).astype(np.int16)))
    assert idle == finding.__class__("bad", finding.words, idle.figures, finding.advice)


def test_a_room_in_which_nobody_speaks_is_no_muted_microphone() -> None:
    found = words_of(recorded(PAUSE, PAUSE, noise_rms=20.0))
    assert found["No voice could be made out."] == "bad"
    assert "Nothing comes from the microphone." not in found


@pytest.mark.parametrize(("noise_dbfs", "grade"), [(-70.0, "good"), (-43.0, "fair"), (-36.0, "bad")])
def test_noise_is_measured_against_the_voice(noise_dbfs: float, grade: str) -> None:
    noise_rms = 32768 * 10 ** (noise_dbfs / 20)
    measured = measure(recorded(PAUSE, voice(-14), PAUSE, noise_rms=noise_rms))
    assert measured.noise_dbfs == pytest.approx(noise_dbfs, abs=1.0)
    found = judge(measured)
    assert found[1].grade == grade, (found, measured)


def test_a_voice_that_drowns_in_noise_is_told_why() -> None:
    (voice_finding, *_) = judge(measure(recorded(PAUSE, voice(-30), PAUSE, noise_rms=300.0)))
    assert voice_finding.words == "No voice could be made out."
    assert "hums" in voice_finding.advice


def test_a_television_while_all_should_be_silent_is_told() -> None:
    said = recorded(PAUSE, voice(-20), PAUSE)
    found = words_of(said, recorded(PAUSE[:RATE], voice(-38, 2.0), PAUSE[:RATE]))
    assert found["Something else makes itself heard, a television or people perhaps."] == "fair"


@pytest.mark.parametrize(("boost_db", "grade"), [(0.0, None), (8.0, "fair"), (24.0, "bad")])
def test_clipping_is_told_by_how_much(boost_db: float, grade: str | None) -> None:
    found = words_of(recorded(PAUSE, voice(-2), PAUSE, boost_db=boost_db, noise_rms=3.0))
    assert found.get("The microphone is turned up too far.") == ("fair" if grade == "fair" else None)
    torn = found.get("The microphone is turned up so far that your voice is torn.")
    assert torn == ("bad" if grade == "bad" else None)


@pytest.mark.parametrize(("offset", "told"), [(500.0, False), (-6_000.0, True)])
def test_a_direct_voltage_is_told_where_it_matters_and_measured_apart(offset: float, told: bool) -> None:
    measured = measure(recorded(PAUSE, voice(-20), PAUSE, offset=offset))
    assert measured.offset_share == pytest.approx(offset / 32768, abs=0.002)
    assert measured.noise_dbfs < -65.0
    assert any("off centre" in finding.words for finding in judge(measured)) is told


def spoken(speech_dbfs: float | None) -> Measured:
    return Measured(5.0, False, -70.0, 2.0, speech_dbfs, speech_dbfs and speech_dbfs + 12, 0.0, 0.0)


@pytest.mark.parametrize(
    ("echo_dbfs", "speech_dbfs", "grade"),
    [(-50.0, -30.0, "good"), (-27.0, -30.0, "fair"), (-20.0, -30.0, "bad"), (-20.0, None, "good")],
)
def test_the_echo_is_judged_by_its_level(echo_dbfs: float, speech_dbfs: float | None, grade: str) -> None:
    assert judge_echo(MeasuredEcho(echo_dbfs, 0.1), spoken(speech_dbfs)).grade == grade


@pytest.mark.parametrize(("delay_s", "grade"), [(0.03, "good"), (0.1, "good"), (0.5, "fair"), (1.1, "fair")])
def test_how_late_sound_is_is_named_however_loud_the_echo(delay_s: float, grade: str) -> None:
    finding = judge_latency(MeasuredEcho(-10.0, delay_s))
    assert finding.grade == grade
    assert finding.figures.startswith(f"{1000 * delay_s:.0f} ms")


def test_no_echo_may_mean_no_loudspeaker() -> None:
    finding = judge_echo(None, spoken(-30.0))
    assert finding.grade == "good"
    assert "loudspeaker is off" in finding.advice


@given(st.lists(st.integers(-32768, 32767), max_size=3_000), st.integers(1, 20))
@hypothesis_settings(max_examples=40, deadline=None)
def test_any_sound_is_judged(values: list[int], times: int) -> None:
    found = judge(measure(np.array(values * times, np.int16)), measure(silence(0)))
    assert found
    assert worst(found) in {"good", "fair", "bad"}


@needs_people
def test_real_people_near_their_microphones_are_heard() -> None:
    rows = [row for row in speech_index() if row["transcript"] in {"stop", "repeat", "help"}]
    grades = [worst(judge(measure(read_recording(SPEECH / row["path"])))) for row in rows[:20]]
    assert len(grades) == 20
    assert grades.count("good") >= 19
