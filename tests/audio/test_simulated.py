from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.audio.card import SoundCard
from assistant.audio.formats import BLOCK, RATE, Samples
from assistant.audio.mixer import Mixer, SoundStarted
from assistant.audio.room import Room
from assistant.audio.simulated import Recording, Side, SilentMicrophone, SimulatedCard, Speaker
from assistant.errors import MicrophoneUnavailable, SpeakerUnavailable


def noise(count: int, seed: int = 0) -> Samples:
    return np.random.default_rng(seed).integers(-9_000, 9_000, count, np.int16)


class Ears:
    def __init__(self) -> None:
        self.blocks: list[Samples] = []

    def hear(self, block: Samples, sounding: float) -> None:
        self.blocks.append(block)

    @property
    def samples(self) -> Samples:
        return np.concatenate([np.zeros(0, np.int16), *self.blocks])


def test_what_the_recording_holds_is_heard_bit_for_bit_and_then_silence() -> None:
    said = noise(3 * BLOCK + 40)
    source, ears = Recording(said), Ears()
    card: SoundCard = SimulatedCard(source)
    card.open(Mixer().render, ears.hear)
    assert isinstance(card, SimulatedCard)
    card.advance(3)
    assert not source.exhausted
    card.advance()
    assert source.exhausted
    card.advance(2)
    np.testing.assert_array_equal(ears.samples[: len(said)], said)
    assert not ears.samples[len(said) :].any()
    assert [len(block) for block in ears.blocks] == [BLOCK] * 6


@given(st.lists(st.integers(0, 700), max_size=8), st.integers(1, 900))
def test_a_recording_in_blocks_of_any_length_is_the_same_as_in_one(lengths: list[int], frames: int) -> None:
    whole = noise(sum(lengths))
    blocks = np.split(whole, np.cumsum(lengths))
    source = Recording(iter(blocks))
    read = []
    while not source.exhausted:
        read.append(source.read(frames))
    np.testing.assert_array_equal(np.concatenate([noise(0), *read])[: len(whole)], whole)
    assert not source.read(frames).any()


def test_what_is_played_comes_back_later_and_softer_on_top_of_what_is_said() -> None:
    mixer, ears = Mixer(), Ears()
    said, played = noise(4 * BLOCK, seed=1), noise(3 * BLOCK, seed=2)
    card = SimulatedCard(Recording(said), room=Room([0.5], delay_s=0.01))
    card.open(mixer.render, ears.hear)
    mixer.play(played, "line")
    card.advance(4)
    expected = said.astype(float)
    expected[160 : 160 + len(played)] += 0.5 * played
    assert np.abs(ears.samples - expected).max() <= 0.5


def test_an_overloaded_microphone_is_clipped_and_does_not_wrap() -> None:
    mixer, ears = Mixer(), Ears()
    card = SimulatedCard(Recording(np.full(BLOCK, 30_000, np.int16)), room=Room([1.0]))
    card.open(mixer.render, ears.hear)
    mixer.play(np.full(BLOCK, 30_000, np.int16), "loud")
    card.advance()
    assert set(ears.samples.tolist()) == {32767}


def test_a_person_speaks_on_the_exact_sample_of_the_microphone_clock() -> None:
    speaker, ears = Speaker(), Ears()
    card = SimulatedCard(speaker)
    card.open(Mixer().render, ears.hear)
    speaker.say(noise(500), at=777)
    card.advance(5)
    np.testing.assert_array_equal(ears.samples[777:1_277], noise(500))
    assert not ears.samples[:777].any()


def test_the_tap_records_both_sides_in_step() -> None:
    mixer, sides = Mixer(), []
    card = SimulatedCard(Recording(noise(BLOCK)), tap=lambda mic, speaker: sides.append((mic, speaker)))
    card.open(mixer.render, lambda block, sounding: None)
    mixer.play(noise(BLOCK, seed=3), "line", at=BLOCK)
    card.advance(2)
    microphone, loudspeaker = (np.concatenate(side) for side in zip(*sides, strict=True))
    np.testing.assert_array_equal(microphone, np.concatenate([noise(BLOCK), np.zeros(BLOCK)]))
    np.testing.assert_array_equal(loudspeaker, np.concatenate([np.zeros(BLOCK), noise(BLOCK, seed=3)]))


def test_the_same_session_sounds_the_same_twice() -> None:
    def session() -> bytes:
        mixer, ears = Mixer(), Ears()
        card = SimulatedCard(Recording(noise(RATE)), room=Room(np.exp(-np.arange(2_000) / 300), gain=0.1, delay_s=0.03))
        card.open(mixer.render, ears.hear)
        mixer.play(noise(RATE, seed=5), "line", at=123)
        card.advance(60)
        return ears.samples.tobytes()

    assert session() == session()


def test_while_the_microphone_is_lost_nothing_is_heard_and_what_is_said_is_gone() -> None:
    mixer, ears = Mixer(), Ears()
    said = noise(4 * BLOCK)
    card = SimulatedCard(Recording(said))
    card.open(mixer.render, ears.hear)
    card.advance()
    card.lose("microphone")
    assert card.lost == "microphone"
    card.advance(2)
    assert mixer.clock == 3 * BLOCK
    card.restore()
    assert card.lost is None
    card.advance()
    np.testing.assert_array_equal(ears.samples, np.concatenate([said[:BLOCK], said[3 * BLOCK :]]))


def test_while_the_loudspeaker_is_lost_the_clock_stands_still_and_nothing_is_skipped() -> None:
    mixer, ears = Mixer(), Ears()
    card = SimulatedCard()
    card.open(mixer.render, ears.hear)
    mixer.play(noise(10), "tick", at=BLOCK)
    card.advance()
    card.lose("loudspeaker")
    assert card.lost == "loudspeaker"
    card.advance(5)
    assert (mixer.clock, mixer.notices()) == (BLOCK, [])
    assert len(ears.blocks) == 6
    card.restore("loudspeaker")
    card.advance()
    assert mixer.notices()[0] == SoundStarted("tick", BLOCK)


@pytest.mark.parametrize(
    ("side", "error"), [("microphone", MicrophoneUnavailable), ("loudspeaker", SpeakerUnavailable)]
)
def test_an_unplugged_device_comes_back_only_when_it_is_opened_again(side: Side, error: type[Exception]) -> None:
    card = SimulatedCard()
    card.open(Mixer().render, lambda block, sounding: None)
    card.lose(side)
    with pytest.raises(error):
        card.reopen()
    card.restore(side, by_itself=False)
    assert card.lost == side
    card.reopen()
    assert card.lost is None


def test_a_card_without_a_microphone_does_not_open() -> None:
    card = SimulatedCard()
    card.lose("microphone")
    with pytest.raises(MicrophoneUnavailable) as caught:
        card.open(Mixer().render, lambda block, sounding: None)
    assert all(caught.value.lines())


def test_a_closed_card_is_not_lost_and_does_not_advance() -> None:
    card = SimulatedCard(SilentMicrophone())
    card.open(Mixer().render, lambda block, sounding: None)
    card.lose("microphone")
    card.close()
    assert card.lost is None
    with pytest.raises(RuntimeError, match="not open"):
        card.advance()
