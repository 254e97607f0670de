from __future__ import annotations

import numpy as np

from assistant.audio.formats import BLOCK, RATE
from assistant.hearing.front_end.ducking import ALONE_S, DUCKED_GAIN, GIVES_WAY_GAIN, HOLD_S, WORD_S, Ducking
from assistant.hearing.front_end.echo_canceller import Cleaned
from assistant.hearing.front_end.residual_echo import CLEARLY_DB

A_SECOND = RATE // BLOCK


def block(microphone: float, reference: float = -20.0, removed: float | None = 3.0, near: float = 0.0) -> Cleaned:
    sound = np.zeros(BLOCK, np.int16)
    return Cleaned(sound, reference, -96.0, microphone, microphone, True, removed, near_db=near)


ALONE = block(-30.0, removed=25.0)
WITH_SOMEBODY = block(-24.0, removed=25.0, near=CLEARLY_DB)


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


def test_where_cancelling_works_the_voice_stays_for_what_is_not_clearly_somebody() -> None:
    ducking = Ducking()
    gains(ducking, [ALONE] * 3 * A_SECOND)
    assert set(gains(ducking, [block(-15.0, removed=25.0, near=CLEARLY_DB - 0.1)] * A_SECOND)) == {1.0}


def test_where_cancelling_works_the_voice_steps_back_at_once_for_a_word_and_comes_back() -> None:
    ducking = Ducking()
    gains(ducking, [ALONE] * 3 * A_SECOND)
    assert set(gains(ducking, [WITH_SOMEBODY] * 5)) == {GIVES_WAY_GAIN}
    after = gains(ducking, [ALONE] * A_SECOND)
    assert after[round(WORD_S * A_SECOND) // 2] == GIVES_WAY_GAIN
    assert after[-1] == 1.0


def test_a_television_that_goes_on_is_not_given_way_to_for_longer_than_a_word_or_two() -> None:
    ducking = Ducking()
    gains(ducking, [ALONE] * 3 * A_SECOND)
    talk = gains(ducking, ([WITH_SOMEBODY] * 8 + [ALONE] * 4) * 20)
    assert talk[0] == GIVES_WAY_GAIN
    assert set(talk[round(2.2 * WORD_S * A_SECOND) :]) == {1.0}
    pause = [block(-40.0, reference=-96.0)] * A_SECOND
    assert set(gains(ducking, [*pause, *[WITH_SOMEBODY] * A_SECOND])) == {1.0}, "a line into which somebody speaks"
    assert gains(ducking, [ALONE] * (round(ALONE_S * A_SECOND) + 1) + [WITH_SOMEBODY])[-1] == GIVES_WAY_GAIN


def test_with_headphones_the_voice_stays() -> None:
    ducking = Ducking()
    gains(ducking, [block(-65.0, removed=0.0)] * 3 * A_SECOND)
    assert set(gains(ducking, [block(-25.0, removed=0.0)] * A_SECOND)) == {1.0}
    assert set(gains(ducking, [block(-25.0, removed=12.0, near=40.0)] * A_SECOND)) == {1.0}


def test_while_the_voice_is_silent_nothing_is_judged() -> None:
    ducking = Ducking()
    gains(ducking, [block(-30.0)] * 3 * A_SECOND)
    assert set(gains(ducking, [block(-10.0, reference=-96.0)] * A_SECOND)) == {1.0}
