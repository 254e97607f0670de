import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import CancelledError, wait
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assistant.audio.formats import RATE, Sound
from assistant.errors import VoiceUnavailable
from assistant.voice.clip import Clip
from assistant.voice.renderer import Renderer
from assistant.voice.settings import CLEAR_PACE, VoiceSettings
from assistant.voice.synthesiser import Synthesiser

USUAL = VoiceSettings(160, "en-gb")


class WatchedRenderer(Renderer):
    """The real one, which notes what it renders, and waits before the text that it was told to wait before."""

    def __init__(self, wait_before: str = "") -> None:
        super().__init__()
        self.rendered: list[tuple[str, int]] = []
        self.waits = threading.Event()
        self.go_on = threading.Event()
        self._wait_before = wait_before

    @property
    def texts(self) -> list[str]:
        return [text for text, _ in self.rendered]

    def render(self, text: str, voice: str, rate: int) -> tuple[Sound, int]:
        self.rendered.append((text, rate))
        if text == self._wait_before:
            self.waits.set()
            assert self.go_on.wait(20.0)
        return super().render(text, voice, rate)


@pytest.fixture
def watched() -> WatchedRenderer:
    return WatchedRenderer()


@pytest.fixture
def synthesiser(watched: WatchedRenderer) -> Iterator[Synthesiser]:
    with Synthesiser(USUAL, renderer=watched) as synthesiser:
        yield synthesiser


def test_what_is_written_short_is_said_in_words(synthesiser: Synthesiser, watched: WatchedRenderer) -> None:
    clip = synthesiser.clip("Do 2–3 reps/side.")
    assert clip.text == "Do 2–3 reps/side."
    assert watched.texts == ["Do two to three reps a side."]


def test_the_same_words_are_the_same_samples(synthesiser: Synthesiser, watched: WatchedRenderer) -> None:
    first = synthesiser.clip("Hold for five seconds.")
    assert first.text == "Hold for five seconds."
    assert 1.0 < first.seconds < 3.0
    assert synthesiser.clip("Hold for five seconds.") is first
    assert synthesiser.request("  Hold for\nfive seconds. ").result() is first
    assert len(watched.rendered) == 1


def test_a_faster_rate_makes_it_shorter_and_the_old_one_brings_the_old_clip_back(synthesiser: Synthesiser) -> None:
    usual = synthesiser.clip("Lie on your back and bend both knees.")
    synthesiser.change(replace(USUAL, rate=240))
    assert synthesiser.clip("Lie on your back and bend both knees.").seconds < 0.8 * usual.seconds
    synthesiser.change(USUAL)
    assert synthesiser.clip("Lie on your back and bend both knees.") is usual


def test_the_pace_is_relative_to_the_users_own_rate(synthesiser: Synthesiser, watched: WatchedRenderer) -> None:
    synthesiser.change(replace(USUAL, rate=200))
    for pace in (1.1, 1.21, 1.0):
        synthesiser.speak_as(pace)
        synthesiser.clip(f"At a pace of {pace}.")
    assert [rate for _, rate in watched.rendered] == [220, 242, 200]
    assert synthesiser.settings == replace(USUAL, rate=200)


def test_clear_speech_is_slower_and_lower(synthesiser: Synthesiser) -> None:
    text = "Lie on your back and bend both of your knees."
    usual = synthesiser.clip(text)
    synthesiser.change(replace(USUAL, clear=True))
    clear = synthesiser.clip(text)
    assert clear.seconds == pytest.approx(usual.seconds / CLEAR_PACE, rel=0.08)
    assert _centre_hz(clear) < 0.97 * _centre_hz(usual)


def _centre_hz(clip: Clip) -> float:
    power = np.abs(np.fft.rfft(clip.samples)) ** 2
    return float(np.sum(power * np.fft.rfftfreq(len(clip.samples), 1 / RATE)) / power.sum())


def test_volume_needs_no_rendering_of_another_kind(synthesiser: Synthesiser) -> None:
    loud = synthesiser.clip("One.").samples
    synthesiser.change(replace(USUAL, volume=0.5))
    quiet = synthesiser.clip("One.").samples
    assert abs(quiet.astype(int)).max() == pytest.approx(abs(loud.astype(int)).max() / 2, rel=0.1)


def test_what_is_asked_for_comes_before_what_is_rendered_ahead() -> None:
    watched = WatchedRenderer(wait_before="Ahead one.")
    with Synthesiser(USUAL, renderer=watched) as synthesiser:
        prepared = synthesiser.prepare(["Ahead one.", "Ahead two.", "Ahead three."])
        assert watched.waits.wait(20.0)
        asked = [synthesiser.request(text) for text in ("Asked one.", "Asked two.", "Ahead three.")]
        watched.go_on.set()
        wait(asked)
        prepared.result()
    assert watched.texts == ["Ahead one.", "Asked one.", "Asked two.", "Ahead three.", "Ahead two."]


def test_what_comes_next_goes_before_what_is_only_rendered_ahead_and_is_forgotten_when_things_move_on() -> None:
    watched = WatchedRenderer(wait_before="Ahead one.")
    with Synthesiser(USUAL, renderer=watched) as synthesiser:
        prepared = synthesiser.prepare(["Ahead one.", "Ahead two."])
        assert watched.waits.wait(20.0)
        synthesiser.prepare_next(["No longer."])
        synthesiser.prepare_next(["Next one.", "Next two."])
        watched.go_on.set()
        prepared.result()
    assert watched.texts == ["Ahead one.", "Next one.", "Next two.", "Ahead two."]


def test_another_voice_is_found_by_its_name_and_the_one_that_is_set_comes_back(watched: WatchedRenderer) -> None:
    with Synthesiser(USUAL, renderer=watched, find={"american": "en-us"}.__getitem__) as synthesiser:
        usual = synthesiser.clip("Lie on your back.")
        synthesiser.speak_as(1.0, "american", clear=True)
        other = synthesiser.clip("Lie on your back.")
        assert (other.seconds > usual.seconds, len(watched.rendered)) == (True, 2)
        synthesiser.speak_as(1.0)
        assert synthesiser.clip("Lie on your back.") is usual


def test_what_was_prepared_is_there_at_once(synthesiser: Synthesiser) -> None:
    synthesiser.prepare(["One.", "Two."]).result()
    assert synthesiser.request("Two.").done()


def test_after_a_change_everything_is_prepared_anew(synthesiser: Synthesiser, watched: WatchedRenderer) -> None:
    synthesiser.prepare(["One.", "Two."]).result()
    synthesiser.speak_as(1.1)
    synthesiser.prepare([]).result()
    assert watched.rendered == [("One.", 160), ("Two.", 160), ("One.", 176), ("Two.", 176)]


def test_a_change_ends_what_was_being_prepared_with_the_old_settings() -> None:
    watched = WatchedRenderer(wait_before="One.")
    with Synthesiser(USUAL, renderer=watched) as synthesiser:
        synthesiser.prepare(["One.", "Two."])
        assert watched.waits.wait(20.0)
        synthesiser.change(replace(USUAL, rate=200))
        watched.go_on.set()
        synthesiser.prepare([]).result()
    assert watched.rendered == [("One.", 160), ("One.", 200), ("Two.", 200)]


def test_clips_outlive_the_run_on_disk(tmp_path: Path, watched: WatchedRenderer) -> None:
    with Synthesiser(USUAL, cache_folder=tmp_path) as earlier:
        kept = earlier.clip("One.").samples
    with Synthesiser(replace(USUAL, volume=0.5), cache_folder=tmp_path, renderer=watched) as later:
        assert len(later.clip("One.").samples) == len(kept)
        later.change(USUAL)
        assert later.clip("One.").samples.tolist() == kept.tolist()
        assert watched.rendered == []
        later.change(replace(USUAL, voice="en-us"))
        later.clip("One.")
        assert watched.texts == ["One."]


def test_a_damaged_clip_on_disk_is_rendered_again(tmp_path: Path, watched: WatchedRenderer) -> None:
    with Synthesiser(USUAL, cache_folder=tmp_path) as earlier:
        earlier.clip("One.")
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes()[:-100])
    with Synthesiser(USUAL, cache_folder=tmp_path, renderer=watched) as later:
        clip = later.clip("One.")
    assert watched.texts == ["One."]
    assert file.read_bytes().endswith(clip.samples.astype("<i2").tobytes())


def test_an_unwritable_folder_takes_nothing_from_the_voice(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with Synthesiser(USUAL, cache_folder=tmp_path / "file") as synthesiser:
        assert synthesiser.clip("One.").seconds > 0.2


@pytest.mark.parametrize("voice", ["dothraki", "en-us+nobody"])
def test_a_voice_that_there_is_not_is_told_once_and_the_fallback_speaks(
    watched: WatchedRenderer, synthesiser: Synthesiser, voice: str
) -> None:
    told: list[VoiceUnavailable] = []
    with Synthesiser(replace(USUAL, voice=voice), renderer=watched, tell=told.append) as wrong:
        wrong.prepare(["One."]).result()
        for text in ("One.", "Two."):
            assert wrong.clip(text).seconds == pytest.approx(synthesiser.clip(text).seconds, abs=0.01)
        (error,) = told
        assert voice in error.what
        wrong.change(replace(USUAL, voice="en-us"))
        wrong.clip("One.")
    assert len(told) == 1


@pytest.mark.parametrize("text", ["", " \n ", "\x00\x07", "\ud800"])
def test_nothing_to_say_is_a_defect_of_the_caller(synthesiser: Synthesiser, text: str) -> None:
    for say in (synthesiser.clip, synthesiser.request, lambda text: synthesiser.prepare(["Hello.", text])):
        with pytest.raises(ValueError, match="nothing to say"):
            say(text)


def test_what_no_engine_can_say_is_left_out(synthesiser: Synthesiser, watched: WatchedRenderer) -> None:
    assert synthesiser.clip("Two\x00words\ud800 here.").seconds > 0.5
    assert watched.texts == ["Two words here."]


def test_a_lone_dash_is_an_empty_clip(synthesiser: Synthesiser) -> None:
    assert synthesiser.clip("–").seconds == 0.0


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="uses POSIX signals")
def test_closing_waits_for_nobody_and_leaves_no_process(synthesiser: Synthesiser, watched: WatchedRenderer) -> None:
    synthesiser.clip("One.")
    pid = watched.pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    pending = [synthesiser.request(text) for text in ("Two.", "Three.")]
    prepared = synthesiser.prepare(["Four."])
    synthesiser.close()
    for future in pending:
        with pytest.raises((VoiceUnavailable, CancelledError)):
            future.result()
    assert prepared.done()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    synthesiser.close()
