"""Loudness, held against the usual library."""

import numpy as np
import pytest
import soxr

from assistant.audio.formats import RATE, Sound
from assistant.voice.loudness import SILENCE_LUFS, loudness_lufs
from assistant.voice.renderer import Renderer

pyloudnorm = pytest.importorskip("pyloudnorm", reason="it is a dependency of development")

STANDARD_RATE = 48_000


def expected(sound: Sound) -> float:
    wide = soxr.resample(sound.astype(np.float64), RATE, STANDARD_RATE)
    return float(pyloudnorm.Meter(STANDARD_RATE).integrated_loudness(wide))


@pytest.mark.parametrize(
    "text", ["Lie on your back and bend both of your knees.", "Halfway. Ten seconds to go. Nine. Eight. Seven."]
)
def test_speech_is_measured_as_the_library_does(renderer: Renderer, text: str) -> None:
    sound, rate = renderer.render(text, "en-gb", 150)
    clip = soxr.resample(sound, rate, RATE)
    clip = clip[: len(clip) // 1600 * 1600]  # whole hops: at the end the library rounds
    for gain in (0.05, 0.4):
        assert loudness_lufs(gain * clip) == pytest.approx(expected(gain * clip), abs=0.1)


def test_the_standard_s_tone_has_the_standard_s_loudness() -> None:
    """997 Hz at 0 dB full scale, in one channel: -3.01 LUFS."""
    tone = np.sin(2 * np.pi * 997 * np.arange(5 * RATE) / RATE).astype(np.float32)
    assert loudness_lufs(tone) == pytest.approx(-3.01, abs=0.05)


def test_silence_does_not_count_and_alone_has_none() -> None:
    tone = np.sin(2 * np.pi * 997 * np.arange(5 * RATE) / RATE).astype(np.float32)
    with_silence = np.concatenate([tone, np.zeros(20 * RATE, np.float32)])
    assert loudness_lufs(with_silence) == pytest.approx(loudness_lufs(tone), abs=0.2)
    assert loudness_lufs(tone[:0]) == loudness_lufs(np.zeros(RATE, np.float32)) == SILENCE_LUFS


def test_a_word_shorter_than_a_block_is_measured_as_a_whole() -> None:
    tone = np.sin(2 * np.pi * 997 * np.arange(5 * RATE) / RATE).astype(np.float32)
    assert loudness_lufs(tone[: RATE // 5]) == pytest.approx(-3.0, abs=0.4)
