"""What the input conditioner does to sound: quiet speech is lifted, and nothing else ever is."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from assistant.audio.files import read_recording
from assistant.audio.formats import BLOCK, FULL_SCALE, RATE, Samples, silence, to_int16
from assistant.hearing.levels import (
    DB_A_SECOND,
    LOUDEST_FLOOR_DBFS,
    MOST_GAIN_DB,
    TARGET_PEAK_DBFS,
    HighPass,
    InputConditioner,
    clipped_samples,
    dbfs,
    voice_share,
)
from assistant.hearing.recogniser import Final, Recogniser
from assistant.loop.engines import installed_models, load_recogniser
from intents.graph import Arc, WordGraph
from scripts.testbed.speech import AN4
from scripts.testbed.synthetic_sound import syllables
from tests.needs import needs_people


def hiss(rms: float, seconds: float, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(0.0, rms, round(seconds * RATE))


def speech(peak_dbfs: float, seconds: float = 1.0) -> np.ndarray:
    return syllables(seconds) * FULL_SCALE * 10 ** (peak_dbfs / 20)


def room(*parts: np.ndarray, noise_rms: float = 3.0) -> Samples:
    sound = np.concatenate(parts)
    return to_int16(sound + hiss(noise_rms, len(sound) / RATE))


def through(conditioner: InputConditioner, sound: Samples, block: int = BLOCK) -> Samples:
    parts = [conditioner.accept(sound[at : at + block]) for at in range(0, len(sound), block)]
    return np.concatenate([silence(0), *parts])


def gains(conditioner: InputConditioner, sound: Samples) -> list[float]:
    found = []
    for at in range(0, len(sound), BLOCK):
        conditioner.accept(sound[at : at + BLOCK])
        found.append(conditioner.gain_db)
    return found


PAUSE = np.zeros(2 * RATE)


def test_digital_silence_stays_digital_silence_also_after_quiet_speech() -> None:
    conditioner = InputConditioner()
    through(conditioner, room(PAUSE, speech(-45), PAUSE))
    assert conditioner.gain_db > 10.0
    after = through(conditioner, silence(3.0))
    assert not after[RATE:].any()
    assert not through(InputConditioner(), silence(5.0)).any()


@pytest.mark.parametrize("rms", [1.0, 10.0, 100.0, 1_000.0])
def test_hiss_alone_is_never_lifted(rms: float) -> None:
    conditioner = InputConditioner()
    sound = np.rint(hiss(rms, 20.0)).astype(np.int16)
    assert max(gains(conditioner, sound)) == 0.0
    assert conditioner.speech_dbfs is None


def test_a_knock_teaches_nothing() -> None:
    knock = speech(-30, 0.1) * np.exp(-np.linspace(0.0, 5.0, RATE // 10))
    conditioner = InputConditioner()
    through(conditioner, room(*[PAUSE, knock] * 5, PAUSE))
    assert conditioner.speech_dbfs is None
    assert conditioner.gain_db == 0.0


def test_hiss_that_swells_slowly_teaches_nothing() -> None:
    swelling = hiss(1.0, 20.0) * np.exp(np.linspace(0.0, np.log(60.0), 20 * RATE))
    conditioner = InputConditioner()
    through(conditioner, np.rint(swelling).astype(np.int16))
    assert conditioner.gain_db == 0.0


@pytest.mark.parametrize("peak_dbfs", [-60.0, -50.0, -40.0, -30.0])
def test_quiet_speech_is_brought_to_the_usual_level_from_the_second_sentence_on(peak_dbfs: float) -> None:
    conditioner = InputConditioner()
    through(conditioner, room(PAUSE, speech(peak_dbfs), PAUSE, noise_rms=0.4))
    second = through(conditioner, room(speech(peak_dbfs), noise_rms=0.4))
    wanted = min(TARGET_PEAK_DBFS, peak_dbfs + MOST_GAIN_DB)
    assert dbfs(float(np.abs(second.astype(int)).max())) == pytest.approx(wanted, abs=2.0)


@pytest.mark.parametrize("peak_dbfs", [-20.0, -10.0, 0.0])
def test_speech_that_is_loud_enough_stays_as_it_is(peak_dbfs: float) -> None:
    conditioner = InputConditioner()
    through(conditioner, room(PAUSE, speech(peak_dbfs), PAUSE))
    assert conditioner.gain_db <= 1.0


def test_the_gain_stands_still_within_words_and_never_jumps() -> None:
    conditioner = InputConditioner()
    sound = room(PAUSE, speech(-45), PAUSE, speech(-45, 3.0), PAUSE)
    found = gains(conditioner, sound)
    assert all(abs(b - a) <= DB_A_SECOND * BLOCK / RATE + 1e-9 for a, b in pairwise(found))
    words = found[round(5.02 * RATE / BLOCK) : round(7.98 * RATE / BLOCK)]
    assert min(words) == max(words) > 10.0


def test_the_rooms_noise_is_not_lifted_to_the_level_of_words() -> None:
    conditioner = InputConditioner()
    noise_rms = 60.0
    through(conditioner, room(PAUSE, PAUSE, *[speech(-32), PAUSE] * 4, noise_rms=noise_rms))
    assert 0.0 < conditioner.gain_db <= LOUDEST_FLOOR_DBFS - dbfs(noise_rms) + 1.5


def test_after_a_whisper_a_shout_is_not_torn_for_long() -> None:
    conditioner = InputConditioner()
    through(conditioner, room(PAUSE, speech(-50), PAUSE))
    assert conditioner.gain_db > 15.0
    shout = through(conditioner, room(speech(-3, 1.0)))
    assert clipped_samples(shout[round(0.6 * RATE) :]) == 0
    through(conditioner, room(PAUSE))
    assert conditioner.gain_db <= 1.0


@given(
    st.lists(st.integers(0, 3 * BLOCK), min_size=1, max_size=12),
    st.sampled_from([-50.0, -30.0, -6.0]),
    st.sampled_from([0, 3_000, -9_000]),
)
@hypothesis_settings(max_examples=20, deadline=None)
def test_as_many_samples_come_out_and_blocks_make_no_difference(blocks: list[int], peak: float, offset: int) -> None:
    sound = np.clip(room(speech(peak, 0.5), PAUSE[:RATE], speech(peak, 0.5)).astype(int) + offset, -32768, 32767)
    sound = sound.astype(np.int16)
    whole = through(InputConditioner(), sound)
    conditioner, parts, at = InputConditioner(), [], 0
    for length in (*blocks, len(sound)):
        parts.append(conditioner.accept(sound[at : at + length]))
        assert len(parts[-1]) == len(sound[at : at + length])
        at += length
    np.testing.assert_allclose(np.concatenate(parts).astype(int), whole.astype(int), atol=1)


def test_a_direct_voltage_goes_and_a_voice_stays() -> None:
    voice = speech(-20, 2.0)
    out = HighPass().accept((voice + 5_000).astype(np.int16))
    assert abs(out[RATE:].mean()) < 5.0
    assert np.std(out[RATE:]) == pytest.approx(np.std(voice[RATE:]), rel=0.05)
    assert np.abs(out[:RATE]).max() < 1.2 * np.abs(voice).max()  # nor does it begin with a thump


def test_what_is_cut_off_is_counted_and_what_is_only_loud_is_not() -> None:
    voice = speech(-0.1)
    assert clipped_samples(voice.astype(np.int16)) == 0
    assert clipped_samples(silence(1.0)) == 0
    assert clipped_samples(silence(0)) == 0
    at_full_scale = np.clip(voice * 4, -32768, 32767).astype(np.int16)
    below = np.clip(voice * 4, -16_000, 16_000).astype(np.int16)  # by an amplifier before the converter
    for torn in (at_full_scale, below):
        assert clipped_samples(torn) == pytest.approx((np.abs(voice * 4) >= np.abs(torn).max()).sum(), rel=0.1)
    assert clipped_samples(np.full(100, 40, np.int16)) == 0


@needs_people
def test_real_people_are_heard_better_at_50_db_below_full_scale() -> None:
    """Through the recogniser that a session has: commands of several people, one after the other."""
    if not installed_models():
        pytest.skip("there is no Vosk model here")
    said = [
        ("an253-fash", "go"),
        ("an76-fjam", "yes"),
        ("an254-fash", "yes"),
        ("an80-fjam", "stop"),
        ("an38-fejs", "go"),
    ]
    recogniser = load_recogniser("auto", None)
    try:
        recogniser.listen_for(ONE_WORD)
        sounds = [read_recording(AN4 / f"{name}-b.flac") for name, _ in said]
        lifted, plain = heard(recogniser, sounds, InputConditioner()), heard(recogniser, sounds, None)
    finally:
        recogniser.close()
    words = [[word] for _, word in said]
    right_lifted, right = ([a == b for a, b in zip(texts, words, strict=True)] for texts in (lifted, plain))
    assert all(right_lifted[1:])  # the first is what it learns from
    assert sum(right_lifted) >= sum(right)


CHOICES = ("yes", "no", "go", "stop", "start", "repeat", "help", "next", "back", "left", "right", "why")
ONE_WORD = WordGraph(2, 1, tuple(Arc(0, 1, word, -np.log(len(CHOICES))) for word in CHOICES))


def heard(recogniser: Recogniser, sounds: list[Samples], conditioner: InputConditioner | None) -> list[list[str]]:
    """What is heard of each sound at peaks of -50 dBFS."""
    texts = []
    for sound in sounds:
        scaled = sound.astype(float) * 32768 * 10 ** (-50 / 20) / np.abs(sound.astype(float)).max()
        quiet = np.rint(np.concatenate([scaled, hiss(0.5, 1.2)])).astype(np.int16)
        blocks = [quiet[at : at + BLOCK] for at in range(0, len(quiet), BLOCK)]
        finals = [
            said
            for block in blocks
            for said in recogniser.accept(conditioner.accept(block) if conditioner else block)
            if isinstance(said, Final)
        ]
        texts.append([final.text for final in finals])
    return texts


def tone(hertz: float, amplitude: float) -> Samples:
    return to_int16(amplitude * np.sin(2 * np.pi * hertz * np.arange(RATE) / RATE))


def test_a_voice_has_its_power_below_and_a_bird_above() -> None:
    assert voice_share(tone(300.0, 5000.0)) > 0.95
    assert voice_share(tone(4000.0, 5000.0)) < 0.05
    assert voice_share(tone(4000.0, 5000.0) + tone(300.0, 5000.0)) == pytest.approx(0.5, abs=0.05)
    assert voice_share(silence(1.0)) == voice_share(tone(4000.0, 5000.0)[:100]) == 1.0


@given(st.floats(0.1, 1.0))
def test_how_loud_it_is_makes_no_difference(share: float) -> None:
    sound = tone(700.0, 4000.0) + tone(2500.0, 6000.0)
    assert voice_share((sound * share).astype(np.int16)) == pytest.approx(voice_share(sound), abs=0.01)
