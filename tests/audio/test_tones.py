from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from assistant.audio.formats import RATE
from assistant.audio.tones import LEVEL_DBFS, TONE_KINDS, ToneKind, tone


def spectrum(kind: ToneKind) -> np.ndarray:
    magnitudes = np.abs(np.fft.rfft(tone(kind), RATE))
    return np.asarray(magnitudes / np.linalg.norm(magnitudes))


@pytest.mark.parametrize("kind", TONE_KINDS)
def test_a_tone_begins_and_ends_without_a_click(kind: ToneKind) -> None:
    samples = tone(kind).astype(int)
    assert abs(samples[0]) < 30
    assert abs(samples[-1]) < 30


@pytest.mark.parametrize("kind", TONE_KINDS)
def test_a_tone_is_as_loud_as_speech_and_never_clipped(kind: ToneKind) -> None:
    samples = tone(kind) / 32768.0
    rms_dbfs = 20 * np.log10(np.sqrt(np.mean(samples**2)))
    assert rms_dbfs == pytest.approx(LEVEL_DBFS, abs=1.0)
    assert np.abs(samples).max() < 0.7


@pytest.mark.parametrize("kind", TONE_KINDS)
def test_a_tone_is_short_and_the_same_every_time(kind: ToneKind) -> None:
    assert 0.03 * RATE < len(tone(kind)) < 0.7 * RATE
    assert tone(kind) is tone(kind)
    assert not tone(kind).flags.writeable


@pytest.mark.parametrize(("one", "other"), list(combinations(TONE_KINDS, 2)))
def test_two_tones_differ_in_length_or_pitch(one: ToneKind, other: ToneKind) -> None:
    alike = float(spectrum(one) @ spectrum(other))
    lengths = sorted([len(tone(one)), len(tone(other))])
    assert alike < 0.7 or lengths[1] > 1.5 * lengths[0]


def test_the_tick_is_loudest_within_its_first_10_ms_so_that_its_beat_is_exact() -> None:
    assert np.abs(tone("tick").astype(int)).argmax() < RATE // 100
