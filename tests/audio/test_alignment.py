from __future__ import annotations

import numpy as np
import pytest

from assistant.audio.alignment import CREEP, JUMP_S, MOST_DRIFT, Alignment, StreamClock
from assistant.audio.formats import BLOCK, RATE
from assistant.audio.history import History
from assistant.audio.reference import Reference
from assistant.hearing.front_end.echo_canceller import EchoCanceller
from scripts.testbed.synthetic_sound import echo_of, int16, response, talk

LATENCY_S = 0.1

A_SECOND = RATE // BLOCK
"""Buffers."""


class Devices:
    """Two streams whose times are stated with some jitter; the loudspeaker's clock may be fast."""

    def __init__(self, jitter_s: float = 0.002, fast: float = 0.0, rate: int = RATE, seed: int = 1) -> None:
        self.loudspeaker, self.microphone = StreamClock(rate), StreamClock(rate)
        self.alignment = Alignment(self.loudspeaker, self.microphone)
        self.jitter_s = jitter_s
        self.pace = 1.0 + fast
        self.latency_s = LATENCY_S
        self.states_times = True
        self._frames = rate * BLOCK // RATE
        self._rng = np.random.default_rng(seed)
        self._buffers = 0

    def buffer(self) -> tuple[float, float]:
        """Where the next buffer of the microphone is placed, and the truth."""
        now = self._buffers * BLOCK / RATE
        played_at = now / self.pace + self.latency_s
        jitter = self._rng.normal(0.0, self.jitter_s, 2) if self.jitter_s else (0.0, 0.0)
        if self.states_times:
            self.loudspeaker.note(self._frames, 50 + played_at + jitter[0], 50 + now, now + LATENCY_S)
            self.microphone.note(self._frames, 50 + now + jitter[1], 50 + now + 0.02, now)
        else:
            self.loudspeaker.note(self._frames, 0.0, 0.0, now + LATENCY_S + jitter[0])
            self.microphone.note(self._frames, 0.0, 0.0, now + jitter[1])
        place = self.alignment.sounding(self._buffers * BLOCK)
        self._buffers += 1
        return place, (now - self.latency_s) * self.pace * RATE

    def run(self, seconds: float) -> np.ndarray:
        """By how much each place is off, in samples."""
        return np.array([np.subtract(*self.buffer()) for _ in range(round(seconds * A_SECOND))])


@pytest.mark.parametrize("rate", [16_000, 44_100, 48_000])
def test_exact_times_give_exact_places_at_any_rate(rate: int) -> None:
    assert np.abs(Devices(0.0, rate=rate).run(5.0)).max() < 0.01


def test_jitter_is_smoothed_and_the_place_then_stands_still() -> None:
    off = Devices(0.003).run(60.0)[2 * A_SECOND :]
    assert np.abs(off).max() < 0.001 * RATE
    assert np.ptp(off) < 0.01, "a canceller minds movement more than an offset"


@pytest.mark.parametrize("ppm", [50, -50, 150])
def test_clocks_that_drift_are_followed_gradually(ppm: int) -> None:
    off = Devices(0.001, ppm * 1e-6).run(150.0)
    assert np.abs(off[2 * A_SECOND :]).max() < 0.010 * RATE
    late = off[-40 * A_SECOND :]
    assert np.ptp(late) < 40 * RATE * 5e-6, "in the end it moves along"
    assert np.abs(np.diff(off[2 * A_SECOND :])).max() < BLOCK * (CREEP + MOST_DRIFT)


def test_lost_sound_makes_it_jump() -> None:
    devices = Devices()
    devices.run(10.0)
    devices.latency_s += 5 * JUMP_S
    off = devices.run(10.0)
    assert np.abs(off[:10]).max() > 4 * JUMP_S * RATE
    assert np.abs(off[-A_SECOND:]).max() < 0.002 * RATE


def test_a_single_wild_time_moves_nothing() -> None:
    devices = Devices()
    devices.run(10.0)
    before = devices.run(0.2)[-1]
    devices.jitter_s = 0.5
    devices.run(0.1)
    devices.jitter_s = 0.002
    assert np.ptp([before, *devices.run(5.0)]) < 0.01


def test_without_stated_times_those_of_arrival_are_taken() -> None:
    devices = Devices(0.002)
    devices.states_times = False
    off = devices.run(20.0)
    assert np.abs(off[2 * A_SECOND :]).max() < 0.002 * RATE


def test_times_that_stop_making_sense_are_left() -> None:
    devices = Devices(0.0)
    devices.run(5.0)
    devices.states_times = False
    assert np.abs(devices.run(5.0)).max() < 0.001 * RATE


def test_a_stream_that_begins_again_goes_on_in_the_mixers_samples() -> None:
    loudspeaker, microphone = StreamClock(RATE, frames_before=16_000), StreamClock(RATE)
    loudspeaker.note(BLOCK, 10.1, 10.0, 0.1)
    microphone.note(BLOCK, 10.0, 10.02, 0.0)
    assert Alignment(loudspeaker, microphone).sounding(0) == pytest.approx(16_000 - 0.1 * RATE)


def removed_db(*, follows: bool) -> float:
    """How much of the echo goes where the loudspeaker's clock is 50 parts in a million fast."""
    devices = Devices(0.001, 50e-6)
    devices.run(90.0)  # silence in which the drift is found out
    history, canceller = History(), EchoCanceller()
    reference = Reference(history)
    played = int16(talk(22.0))
    place, truth = devices.buffer()
    begin = int(truth)
    history.write(np.zeros(begin, np.int16))
    history.write(played)
    sounding = truth - begin + np.arange(20 * RATE) * devices.pace
    heard = np.interp(sounding, np.arange(len(played)), played)
    echo = int16(echo_of(heard, response(0.15, first_s=0.03)))
    blocks = []
    for at in range(0, len(echo), BLOCK):
        blocks.append(canceller.cancel(echo[at : at + BLOCK], reference.of(BLOCK, place)))
        place = devices.buffer()[0] if follows else place + BLOCK
    return float(np.median([block.removed_db for block in blocks[10 * A_SECOND :]]))


def test_the_echo_of_a_drifting_loudspeaker_is_cancelled_by_going_along() -> None:
    still, along = removed_db(follows=False), removed_db(follows=True)
    assert along > 20
    assert along > still + 5
