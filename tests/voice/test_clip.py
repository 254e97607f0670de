import numpy as np
import pytest

from assistant.audio.formats import RATE, Sound
from assistant.voice.clip import LOUDNESS_LUFS, MARGIN_S, TRUE_PEAK_DBFS, Clip, at_volume, make_clip
from assistant.voice.loudness import loudness_lufs, true_peak
from assistant.voice.renderer import Renderer

MARGIN = round(MARGIN_S * RATE)


def tone(seconds: float, amplitude: float, rate: int = RATE) -> Sound:
    time_s = np.arange(round(seconds * rate)) / rate
    return (amplitude * np.sin(2 * np.pi * 440.0 * time_s)).astype(np.float32)


def nothing(seconds: float) -> Sound:
    return np.zeros(round(seconds * RATE), np.float32)


def sound_of(clip: Clip) -> Sound:
    return (clip.samples / 32768).astype(np.float32)


def loudness(clip: Clip) -> float:
    return loudness_lufs(sound_of(clip))


def test_silence_before_and_after_is_cut_to_the_margin() -> None:
    clip = make_clip("hello", np.concatenate([nothing(0.3), tone(0.5, 0.5), nothing(0.24)]), RATE)
    assert clip.seconds == pytest.approx(0.5 + 2 * MARGIN_S, abs=0.002)


def test_a_sound_without_silence_gets_the_margin() -> None:
    clip = make_clip("hello", tone(0.5, 0.5), RATE)
    assert not clip.samples[: MARGIN - 10].any()
    assert clip.seconds == pytest.approx(0.5 + 2 * MARGIN_S, abs=0.002)


def test_a_pause_within_the_text_stays() -> None:
    clip = make_clip("left, right", np.concatenate([tone(0.2, 0.5), nothing(0.6), tone(0.2, 0.5)]), RATE)
    assert clip.seconds == pytest.approx(1.0 + 2 * MARGIN_S, abs=0.002)


def test_other_rates_keep_their_length() -> None:
    clip = make_clip("hello", tone(0.5, 0.5, rate=22_050), 22_050)
    assert clip.seconds == pytest.approx(0.5 + 2 * MARGIN_S, abs=0.01)


@pytest.mark.parametrize("amplitude", [0.01, 0.2, 1.0])
def test_every_clip_is_as_loud(amplitude: float) -> None:
    assert loudness(make_clip("hello", tone(0.5, amplitude), RATE)) == pytest.approx(LOUDNESS_LUFS, abs=0.1)


def test_pauses_do_not_make_the_rest_louder() -> None:
    with_pause = make_clip("left, right", np.concatenate([tone(2.0, 0.5), nothing(2.0), tone(2.0, 0.5)]), RATE)
    without = make_clip("left right", tone(4.0, 0.5), RATE)
    assert np.abs(with_pause.samples).max() == pytest.approx(np.abs(without.samples).max(), rel=0.1)


def test_few_high_peaks_are_held_down_and_the_rest_stays_as_loud() -> None:
    sound = tone(2.0, 0.05)
    sound[4000::8000] = 1.0
    clip = make_clip("hello", sound, RATE)
    assert 20 * np.log10(true_peak(sound_of(clip))) <= TRUE_PEAK_DBFS + 0.01
    assert loudness(clip) == pytest.approx(LOUDNESS_LUFS, abs=1.0)
    calm = clip.samples[8000:11000]
    assert np.abs(calm).max() == pytest.approx(np.abs(clip.samples[16_500:19_500]).max(), rel=0.01)


def test_a_peak_between_the_samples_counts() -> None:
    time_s = np.arange(RATE) / RATE
    between = np.sin(2 * np.pi * RATE / 4 * time_s + np.pi / 4).astype(np.float32)
    assert np.abs(between).max() < 0.71
    assert true_peak(between) == pytest.approx(1.0, abs=0.05)
    assert true_peak(between[:0]) == 0.0


def test_it_begins_and_ends_without_a_click() -> None:
    noise = np.random.default_rng(1).normal(0.0, 0.3, RATE).astype(np.float32)
    samples = make_clip("hush", noise, RATE).samples
    assert samples[0] == samples[-1] == 0
    assert np.abs(samples[:16]).max() < 500


@pytest.mark.parametrize("sound", [np.zeros(0, np.float32), nothing(0.3), tone(0.3, 0.0005)])
def test_where_nothing_is_said_the_clip_is_empty(sound: Sound) -> None:
    clip = make_clip("–", sound, RATE)
    assert clip.seconds == 0.0
    assert clip.samples.dtype == np.int16


def test_volume_scales_the_samples() -> None:
    clip = make_clip("hello", tone(0.5, 0.5), RATE)
    assert loudness(at_volume(clip, 0.5)) == pytest.approx(loudness(clip) - 6.02, abs=0.05)
    assert not at_volume(clip, 0.0).samples.any()
    assert at_volume(clip, 0.0).seconds == clip.seconds


def test_samples_cannot_be_changed_by_those_who_share_them() -> None:
    clip = make_clip("hello", tone(0.1, 0.5), RATE)
    with pytest.raises(ValueError, match="read-only"):
        clip.samples[0] = 1


@pytest.mark.parametrize("text", ["One.", "Stop.", "Lie on your back and bend both of your knees."])
def test_the_real_voice_is_cut_close_and_neither_faint_nor_clipped(renderer: Renderer, text: str) -> None:
    sound, rate = renderer.render(text, "en-gb", 160)
    clip = make_clip(text, sound, rate)
    assert clip.seconds < len(sound) / rate - 0.2
    loudness = np.abs(clip.samples.astype(np.int32))
    assert loudness[: MARGIN // 2].max() < 0.02 * 32768
    assert 0.2 * 32768 < loudness.max() < 0.9 * 32768
