from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.audio.formats import BLOCK, RATE, Samples
from assistant.hearing.front_end.echo_canceller import DELAY, FRAME, PARTITIONS, EchoCanceller
from scripts.testbed.synthetic_sound import cleaned, db, echo_of, hiss, int16, kept, response, saturated, talk, word

SECONDS = 9.0
PLAYED = talk(SECONDS)
WORD = word()
SAID_AT_S = (4.2, 5.1, 6.0, 6.9, 7.8)


@pytest.mark.parametrize("room_s", [0.1, 0.2, 0.3])
def test_the_echo_goes_whatever_the_room(room_s: float) -> None:
    echo = echo_of(PLAYED, response(room_s))
    canceller = EchoCanceller()
    left = cleaned(echo + hiss(len(echo)), int16(PLAYED), canceller)
    assert db(echo, 4, 8.5) - db(left, 4, 8.5) > 35
    last = canceller.cancel(int16(np.zeros(0)), int16(np.zeros(0)))
    assert last.removed_db is not None
    assert last.removed_db > 20, "this is before the residual echo is covered"


def test_a_loudspeaker_that_saturates_leaves_more_and_is_heard_no_more_than_the_room() -> None:
    echo = echo_of(saturated(PLAYED), response(0.2))
    canceller = EchoCanceller()
    left = cleaned(echo + hiss(len(echo)), int16(PLAYED), canceller)
    assert db(echo, 4, 8.5) - db(left, 4, 8.5) > 25
    assert (canceller.cancel(int16(np.zeros(0)), int16(np.zeros(0))).removed_db or 0) > 12


@pytest.mark.parametrize("drive", [None, 1.5])
@pytest.mark.parametrize(("louder_db", "least_sdr_db"), [(0, 12), (6, 8), (12, 3)])
def test_a_word_over_the_voice_stays_whole(louder_db: int, least_sdr_db: float, drive: float | None) -> None:
    echo = echo_of(PLAYED if drive is None else saturated(PLAYED, drive), response(0.2))
    said = np.zeros(len(echo))
    level = 1500 * 10 ** (-louder_db / 20)
    for at in SAID_AT_S:
        said[round(at * RATE) :][: len(WORD)] = WORD * level
    left = cleaned(echo + said + hiss(len(echo)), int16(PLAYED))
    results = [
        kept(said[begin : begin + len(WORD)], left[begin : begin + len(WORD)].astype(float))
        for begin in (round(at * RATE) for at in SAID_AT_S)
    ]
    sdr, gain = np.median(results, axis=0)
    assert sdr > least_sdr_db
    assert abs(gain) < 1.0


@pytest.mark.parametrize("noise", [0.0, 8.0])
@pytest.mark.parametrize("level", [300, 1500])
def test_where_there_is_no_echo_words_over_the_voice_pass(level: int, noise: float) -> None:
    said = np.zeros(len(PLAYED))
    begins = [round(at * RATE) for at in SAID_AT_S]
    for begin in begins:
        said[begin : begin + len(WORD)] = WORD * level
    left = cleaned(said + hiss(len(said), noise), int16(PLAYED)).astype(float)
    assert all(kept(part := said[at : at + len(WORD)], left[at : at + len(part)])[0] > 10 for at in begins)


@pytest.mark.parametrize("lost", [1, 5, BLOCK])
def test_where_samples_get_lost_on_the_way_the_room_is_learnt_anew_within_a_second(lost: int) -> None:
    echo = echo_of(PLAYED, response(0.2))
    echo = np.concatenate([echo[: 4 * RATE], echo[4 * RATE - lost : -lost]])
    left = cleaned(echo + hiss(len(echo)), int16(PLAYED))
    assert db(echo, 4, 4.5) - db(left, 4, 4.5) < 20, "else this shows nothing"
    assert db(echo, 5, 8.5) - db(left, 5, 8.5) > 35


def test_a_reference_that_is_not_aligned_removes_nothing_and_says_so() -> None:
    echo = echo_of(PLAYED, response(0.2))
    late = np.concatenate([np.zeros(5_600), PLAYED])[: len(PLAYED)]  # behind the echo by 350 ms
    canceller = EchoCanceller()
    left = cleaned(echo + hiss(len(echo)), int16(late), canceller)
    assert db(echo, 4, 8.5) - db(left, 4, 8.5) < 12
    removed = canceller.cancel(int16(np.zeros(0)), int16(np.zeros(0))).removed_db
    assert removed is not None
    assert removed < 8


def test_levels_tell_the_echo_from_somebody() -> None:
    echo = echo_of(PLAYED, response(0.2))
    said = np.zeros(len(echo))
    begin = round(6.0 * RATE)
    said[begin : begin + len(WORD)] = WORD * 1500
    microphone, reference = int16(echo + said + hiss(len(echo))), int16(PLAYED)
    canceller = EchoCanceller()
    somebody = []
    for at in range(0, len(microphone), BLOCK):
        block = canceller.cancel(microphone[at : at + BLOCK], reference[at : at + BLOCK])
        somebody.append(block.somebody)
        if at > 4 * RATE and block.reference_dbfs > -25 and not block.somebody:
            assert abs(block.echo_dbfs - block.microphone_dbfs) < 2
            assert block.left_dbfs < block.microphone_dbfs - 15
    frame = (begin + DELAY) // BLOCK
    word_frames = somebody[frame + 1 : frame + len(WORD) // BLOCK]
    assert all(word_frames)
    alone = somebody[4 * RATE // BLOCK : frame - 1]
    assert np.mean(alone) < 0.2


def test_the_faint_beginning_of_a_word_is_handed_on_when_the_word_is_noticed() -> None:
    faint, loud = 40.0, 2500.0
    echo = echo_of(PLAYED, response(0.2))
    said = np.zeros(len(echo))
    begin = round(6.0 * RATE)
    hissing, vowel = np.split(hiss(6_400, 1.0), [4_000])
    said[begin : begin + 6_400] = np.concatenate([np.diff(hissing, prepend=0.0) * faint, vowel * loud])
    microphone, reference = int16(echo + said + hiss(len(echo))), int16(PLAYED)
    canceller = EchoCanceller()
    found = []
    for at in range(0, len(microphone), BLOCK):
        block = canceller.cancel(microphone[at : at + BLOCK], reference[at : at + BLOCK])
        end = at + BLOCK - DELAY
        if at > 4 * RATE and len(block.uncovered) and begin <= end <= begin + 6_400:
            found.append((end - len(block.uncovered), end, block.uncovered))
    [(first, last, uncovered)] = found
    assert first == begin
    assert last >= begin + 4 * FRAME
    assert kept(said[first:last], uncovered.astype(float))[0] > 3


def test_with_nothing_sounding_the_microphone_passes_bit_for_bit() -> None:
    said = int16(talk(2.0, 3))
    np.testing.assert_array_equal(cleaned(said, np.zeros(len(said))), said[: len(said) - DELAY])
    assert not cleaned(np.zeros(RATE), np.zeros(RATE)).any()


def test_soon_after_the_voice_the_microphone_passes_bit_for_bit_again() -> None:
    room = response(0.15)
    played = np.concatenate([PLAYED[: 3 * RATE], np.zeros(3 * RATE)])
    echo = echo_of(played, room)
    said = np.zeros(len(echo))
    begin = 3 * RATE + (PARTITIONS + 2) * BLOCK
    said[begin:] = talk(3.0, 4)[: len(said) - begin]
    left = cleaned(echo + said, int16(played))
    np.testing.assert_array_equal(left[begin:], int16(echo + said)[begin : len(left)])


def test_what_was_learnt_stays_through_a_silence() -> None:
    gap = np.zeros(6 * RATE)
    played = np.concatenate([PLAYED[: 5 * RATE], gap, PLAYED[5 * RATE : 8 * RATE]])
    echo = echo_of(played, response(0.2))
    left = cleaned(echo + hiss(len(echo)), int16(played))
    assert db(echo, 11.0, 11.6) - db(left, 11.0, 11.6) > 25


@settings(max_examples=25)
@given(st.lists(st.integers(0, 1_000), min_size=1, max_size=30), st.integers(0, 9))
def test_no_sample_is_lost_and_any_blocks_give_the_same(blocks: list[int], seed: int) -> None:
    count = sum(blocks)
    played = PLAYED[RATE : RATE + count] * (1 if seed % 3 else 0)
    microphone = int16(0.3 * played + talk(2.0, seed)[:count] if count <= 2 * RATE else 0.3 * played)
    reference = int16(played)
    canceller, at, out = EchoCanceller(), 0, []
    for size in blocks:
        part: Samples = canceller.cancel(microphone[at : at + size], reference[at : at + size]).samples
        assert len(part) == size
        out.append(part)
        at += size
    whole = EchoCanceller().cancel(microphone, reference).samples
    np.testing.assert_array_equal(np.concatenate([*out, int16(np.zeros(0))]), whole)
    assert not whole[:DELAY].any()


def test_both_sides_come_together() -> None:
    with pytest.raises(ValueError, match="as many"):
        EchoCanceller().cancel(np.zeros(320, np.int16), np.zeros(160, np.int16))
