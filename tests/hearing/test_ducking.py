from __future__ import annotations

import numpy as np

from assistant.audio.formats import BLOCK, RATE
from assistant.hearing.ducking import DUCKED_GAIN, HOLD_S, Ducking
from assistant.hearing.echo import Cleaned

A_SECOND = RATE // BLOCK


def block(microphone: float, reference: float = -20.0, removed: float | None = 3.0) -> Cleaned:
    return Cleaned(np.zeros(BLOCK, np.int16), reference, -96.0, microphone, microphone, True, removed)


def gains(ducking: Ducking, blocks: list[Cleaned]) -> list[float]:
    return [ducking.note(one) for one in blocks]


def test_where_cancelling_fails_the_voice_steps_back_for_somebody_and_comes_back() -> None:
    ducking = Ducking()
    assert set(gains(ducking, [block(-30.0)] * 3 * A_SECOND)) == {1.0}, "an even echo is nobody"
    spoken = gains(ducking, [block(-24.0)] * 10)
    assert spoken[0] == 1.0, "a knock is shorter than a word"
    assert spoken[-1] == DUCKED_GAIN
    after = gains(ducking, [block(-30.0)] * 2 * A_SECOND)
    assert after[round(HOLD_S * A_SECOND) // 2] == DUCKED_GAIN
    assert after[-1] == 1.0


def test_a_ducked_voice_does_not_raise_suspicion_by_being_softer() -> None:
    ducking = Ducking()
    gains(ducking, [block(-30.0)] * 3 * A_SECOND + [block(-24.0)] * 10)
    softer = gains(ducking, [block(-42.0, reference=-32.0)] * 2 * A_SECOND)
    assert softer[-1] == 1.0


def test_where_cancelling_works_the_voice_stays() -> None:
    ducking = Ducking()
    gains(ducking, [block(-30.0, removed=25.0)] * 3 * A_SECOND)
    assert set(gains(ducking, [block(-15.0, removed=25.0)] * A_SECOND)) == {1.0}


def test_with_headphones_the_voice_stays() -> None:
    ducking = Ducking()
    gains(ducking, [block(-65.0, removed=0.0)] * 3 * A_SECOND)
    assert set(gains(ducking, [block(-25.0, removed=0.0)] * A_SECOND)) == {1.0}


def test_while_the_voice_is_silent_nothing_is_judged() -> None:
    ducking = Ducking()
    gains(ducking, [block(-30.0)] * 3 * A_SECOND)
    assert set(gains(ducking, [block(-10.0, reference=-96.0)] * A_SECOND)) == {1.0}
