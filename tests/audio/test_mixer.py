from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.audio.formats import BLOCK, RATE, Samples
from assistant.audio.mixer import FADE, GAIN_RAMP, Mixer, Notice, SoundCut, SoundFinished, SoundStarted

LENGTH = 2_000
"""Samples in which the generated timelines take place."""

WITHIN_10_MS = RATE // 100


def ones(count: int, value: int = 1000) -> Samples:
    return np.full(count, value, np.int16)


@dataclass(frozen=True)
class Play:
    samples: Samples
    tag: int
    at: int | None
    gain: float
    layer: str

    def __call__(self, mixer: Mixer) -> None:
        mixer.play(self.samples, self.tag, at=self.at, gain=self.gain, layer=self.layer)


@dataclass(frozen=True)
class HushLayer:
    layer: str | None

    def __call__(self, mixer: Mixer) -> None:
        mixer.hush(self.layer)


@dataclass(frozen=True)
class CancelOdd:
    def __call__(self, mixer: Mixer) -> None:
        mixer.cancel(lambda tag: bool(tag % 2))  # type: ignore[operator]


@dataclass(frozen=True)
class Gain:
    value: float

    def __call__(self, mixer: Mixer) -> None:
        mixer.gain = self.value


@st.composite
def plays(draw: st.DrawFn) -> Play:
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    return Play(
        samples=rng.integers(-32768, 32768, draw(st.integers(0, 600)), np.int16),
        tag=draw(st.integers(0, 1000)),
        at=draw(st.none() | st.integers(0, LENGTH)),
        gain=draw(st.sampled_from([1.0, 0.3, 2.0])),
        layer=draw(st.sampled_from(["voice", "tones"])),
    )


hushes = st.sampled_from([HushLayer(None), HushLayer("voice"), HushLayer("tones")])
gains = st.builds(Gain, st.sampled_from([0.0, 0.5, 1.0, 1.7]))
Command = Callable[[Mixer], None]
timelines = st.dictionaries(
    st.integers(0, LENGTH - 1),
    st.lists(plays() | plays() | hushes | gains | st.just(CancelOdd()), max_size=4),
    max_size=6,
)


def run(timeline: dict[int, list[Command]], boundaries: set[int]) -> tuple[Samples, list[Notice]]:
    """Give the commands at their samples, with block boundaries there and at the given ones."""
    mixer = Mixer()
    parts, notices = [], []
    edges = sorted({0, LENGTH, *timeline, *boundaries})
    for begin, end in pairwise(edges):
        for command in timeline.get(begin, []):
            command(mixer)
        parts.append(mixer.render(end - begin))
        notices.extend(mixer.notices())
    return np.concatenate(parts), notices


@given(timelines, st.sets(st.integers(0, LENGTH), max_size=40))
def test_neither_sound_nor_notices_depend_on_how_rendering_is_divided_into_blocks(
    timeline: dict[int, list[Command]], boundaries: set[int]
) -> None:
    whole, whole_notices = run(timeline, set())
    divided, divided_notices = run(timeline, boundaries)
    np.testing.assert_array_equal(whole, divided)
    assert whole_notices == divided_notices


@given(st.lists(st.integers(0, 5_000), min_size=1, max_size=8), st.integers(5, 700))
def test_each_sound_begins_and_ends_on_its_exact_sample(starts: list[int], block: int) -> None:
    mixer = Mixer()
    length = 50
    for number, start in enumerate(starts):
        mixer.play(ones(length), number, at=start)
    played = np.concatenate([mixer.render(block) for _ in range(-(-6_000 // block))])
    expected = np.zeros(len(played), int)
    for start in starts:
        expected[start : start + length] += 1000
    np.testing.assert_array_equal(played, expected)
    notices = mixer.notices()
    assert {(n.tag, n.sample) for n in notices if isinstance(n, SoundStarted)} == set(enumerate(starts))
    assert {(n.tag, n.sample - length) for n in notices if isinstance(n, SoundFinished)} == set(enumerate(starts))
    assert [n.sample for n in notices] == sorted(n.sample for n in notices)


@given(st.lists(plays(), max_size=5), st.integers(0, LENGTH), st.integers(5, 400))
def test_after_a_hush_silence_follows_within_10_ms_and_stays(sounds: list[Play], when: int, block: int) -> None:
    mixer = Mixer()
    for play in sounds:
        play(mixer)
    mixer.render(when)
    mixer.hush()
    after = np.concatenate([mixer.render(block) for _ in range(-(-2 * LENGTH // block))])
    assert not after[WITHIN_10_MS:].any()
    assert all(n.sample <= when + FADE for n in mixer.notices())


@given(st.lists(st.sampled_from([-32768, 32767, 20_000]), max_size=12), st.sampled_from([1.0, 16.0]))
def test_the_sum_saturates_and_never_wraps(values: list[int], gain: float) -> None:
    mixer = Mixer()
    for value in values:
        mixer.play(ones(40, value), None, at=0, gain=gain)
    expected = int(np.clip(round(sum(values) * gain), -32768, 32767))
    np.testing.assert_array_equal(mixer.render(40), ones(40, expected))


def test_a_sound_alone_comes_out_bit_for_bit() -> None:
    samples = np.arange(-32768, 32768, dtype=np.int16)
    mixer = Mixer()
    mixer.play(samples, "all")
    np.testing.assert_array_equal(mixer.render(len(samples)), samples)


def test_a_sound_without_a_time_begins_with_the_next_block_and_so_does_one_that_is_late() -> None:
    mixer = Mixer()
    mixer.render(100)
    mixer.play(ones(5), "soon")
    mixer.play(ones(5), "late", at=3)
    assert mixer.clock == 100
    mixer.render(BLOCK)
    assert mixer.notices()[:2] == [SoundStarted("soon", 100), SoundStarted("late", 100)]


def test_a_marker_is_reported_when_the_clock_passes_its_sample_and_not_before() -> None:
    mixer = Mixer()
    mixer.play(ones(0), "mark", at=BLOCK)
    mixer.render(BLOCK)
    assert mixer.notices() == []
    mixer.render(1)
    assert mixer.notices() == [SoundStarted("mark", BLOCK), SoundFinished("mark", BLOCK)]
    assert mixer.notices() == []


def test_an_end_is_reported_before_the_start_that_follows_on_the_same_sample() -> None:
    mixer = Mixer()
    mixer.play(ones(10), "second", at=10)
    mixer.play(ones(10), "first", at=0)
    mixer.render(BLOCK)
    assert mixer.notices() == [
        SoundStarted("first", 0),
        SoundFinished("first", 10),
        SoundStarted("second", 10),
        SoundFinished("second", 20),
    ]


def test_a_hush_reports_what_it_cut_and_what_never_began() -> None:
    mixer = Mixer()
    mixer.play(ones(RATE), "sounding")
    mixer.play(ones(RATE), "scheduled", at=RATE)
    mixer.render(BLOCK)
    mixer.hush()
    mixer.render(BLOCK)
    assert mixer.notices() == [
        SoundStarted("sounding", 0),
        SoundCut("scheduled", BLOCK, started=False),
        SoundCut("sounding", BLOCK + FADE, started=True),
    ]


def test_a_hushed_sound_fades_instead_of_breaking_off() -> None:
    mixer = Mixer()
    mixer.play(ones(RATE, 20_000), "voice")
    mixer.render(BLOCK)
    mixer.hush()
    steps = np.diff(np.concatenate([ones(1, 20_000), mixer.render(BLOCK)]).astype(int))
    assert steps.max() <= 0
    assert steps.min() > -20_000 * 2 / FADE
    assert steps.sum() == -20_000


def test_a_hush_of_one_layer_leaves_the_others() -> None:
    mixer = Mixer()
    mixer.play(ones(RATE, 100), "voice", layer="voice")
    mixer.play(ones(RATE, 7), "tone", layer="tones")
    mixer.render(BLOCK)
    mixer.hush("voice")
    assert set(mixer.render(BLOCK)[FADE:].tolist()) == {7}


def test_what_is_played_after_a_hush_is_heard_also_before_the_next_block() -> None:
    mixer = Mixer()
    mixer.play(ones(RATE), "old", at=0)
    mixer.hush()
    mixer.play(ones(RATE, 5), "new")
    np.testing.assert_array_equal(mixer.render(BLOCK), ones(BLOCK, 5))
    assert mixer.notices() == [SoundCut("old", 0, started=False), SoundStarted("new", 0)]


def test_a_sound_that_ends_during_its_fade_is_cut_at_its_own_end() -> None:
    mixer = Mixer()
    mixer.play(ones(BLOCK + 10), "short")
    mixer.render(BLOCK)
    mixer.hush()
    mixer.render(BLOCK)
    assert mixer.notices()[-1] == SoundCut("short", BLOCK + 10, started=True)


def test_cancel_drops_the_chosen_that_have_not_begun_and_leaves_what_sounds() -> None:
    mixer = Mixer()
    mixer.play(ones(RATE, 1), ("count", 3))
    mixer.play(ones(RATE, 2), ("count", 2), at=BLOCK)
    mixer.play(ones(RATE, 4), ("words", 0), at=BLOCK)
    mixer.render(BLOCK)
    mixer.cancel(lambda tag: tag[0] == "count")  # type: ignore[index]
    np.testing.assert_array_equal(mixer.render(BLOCK), ones(BLOCK, 5))
    assert SoundCut(("count", 2), BLOCK, started=False) in mixer.notices()


def test_the_master_gain_moves_without_a_click_and_arrives() -> None:
    mixer = Mixer()
    mixer.play(ones(RATE, 10_000), "voice")
    mixer.render(BLOCK)
    mixer.gain = 0.5
    assert mixer.gain == 0.5
    played = mixer.render(2 * GAIN_RAMP)
    assert np.abs(np.diff(played.astype(int))).max() <= 5_000 / GAIN_RAMP + 1
    assert set(played[GAIN_RAMP:].tolist()) == {5_000}


def test_a_block_of_no_samples_takes_commands_and_moves_nothing() -> None:
    mixer = Mixer()
    mixer.play(ones(3), "a")
    assert len(mixer.render(0)) == 0
    assert (mixer.clock, mixer.notices()) == (0, [])


@pytest.mark.parametrize("samples", [np.zeros(3), np.zeros((3, 2), np.int16)])
def test_only_one_channel_of_16_bit_samples_is_played(samples: np.ndarray) -> None:
    with pytest.raises(ValueError, match="one channel of int16"):
        Mixer().play(samples, "wrong")


@pytest.mark.parametrize("gain", [-0.1, 17.0, float("nan"), float("inf")])
def test_a_gain_out_of_range_is_refused(gain: float) -> None:
    mixer = Mixer()
    with pytest.raises(ValueError, match="gain"):
        mixer.play(ones(3), "a", gain=gain)
    with pytest.raises(ValueError, match="gain"):
        mixer.gain = gain


def test_every_sound_played_while_another_thread_renders_is_heard_once_and_whole() -> None:
    mixer = Mixer()
    count, length = 300, 37
    parts: list[Samples] = []
    done = threading.Event()

    def render() -> None:
        while not done.is_set():
            parts.append(mixer.render(BLOCK))

    card = threading.Thread(target=render)
    card.start()
    notices: list[Notice] = []
    for number in range(count):
        mixer.play(ones(length, 1), number)
        notices.extend(mixer.notices())
    while sum(isinstance(notice, SoundFinished) for notice in notices) < count:
        notices.extend(mixer.notices())
    done.set()
    card.join()
    assert int(np.concatenate(parts).sum()) == count * length
    assert [n.tag for n in notices if isinstance(n, SoundStarted)] == list(range(count))
