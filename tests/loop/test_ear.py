"""The ear: the voice makes way at once where "stop" seems to be said, and its own words are told from a user's."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.audio.formats import BLOCK, RATE, Samples
from assistant.audio.mixer import Mixer
from assistant.hearing.ducking import GIVES_WAY_GAIN
from assistant.hearing.listener import Utterance
from assistant.loop.ear import HUSH_HOLD_S, HUSHED_GAIN, Ear
from intents import Command
from intents.sentences import Sentences


class Scripted:
    """Suspects and takes a word at given times: what a listener does is tested elsewhere, with the real one."""

    def __init__(self, suspected: tuple[float, float], taken_s: float, intent: str = "Ready") -> None:
        self._suspected, self._taken_s, self._at_s = suspected, taken_s, 0.0
        self._command = Command(intent, {}, intent.lower())

    @property
    def suspects(self) -> bool:
        return self._suspected[0] <= self._at_s < self._suspected[1]

    @property
    def at_rest(self) -> bool:
        return False

    def listen_for(self, sentences: Sentences) -> None:
        raise AssertionError("nothing changes here")

    def accept(self, block: Samples, *, over_voice: bool = False) -> list[Utterance]:
        before, self._at_s = self._at_s, self._at_s + len(block) / RATE
        if before < self._taken_s <= self._at_s:
            return [Utterance(self._taken_s - 0.5, self._taken_s - 0.2, self._command.text, 1.0, self._command, None)]
        return []

    def restate(self, sound: Samples) -> None: ...

    def flush(self) -> list[Utterance]:
        return []


def voice(seconds: float) -> Samples:
    rng = np.random.default_rng(1)
    syllables = np.repeat(rng.uniform(0.1, 1.0, round(seconds * 8)), RATE // 8)
    return (rng.normal(0.0, 3_000.0, len(syllables)) * syllables).astype(np.int16)


def heard_while_speaking(
    listener: Scripted, echo: float, seconds: float = 4.0, near_from_s: float = 9.0, near_level: float = 1_000.0
) -> tuple[list[Utterance], Samples]:
    mixer = Mixer()
    mixer.play(voice(seconds), "a line")
    ear = Ear(listener, mixer)
    hiss = np.random.default_rng(2)
    found: list[Utterance] = []
    played: list[Samples] = []
    for at in range(0, round(seconds * RATE), BLOCK):
        played.append(mixer.render(BLOCK))
        near = near_level if at >= near_from_s * RATE else 0.0
        microphone = played[-1] * echo + hiss.normal(0.0, 3.0 + near, BLOCK)
        found += ear.accept(microphone.astype(np.int16), float(at))
    return found, np.concatenate(played)


def test_the_voice_is_silent_while_a_quick_word_is_suspected_and_goes_on_if_it_was_none() -> None:
    _, played = heard_while_speaking(Scripted((1.0, 1.5), 9.0), echo=0.5)
    assert HUSHED_GAIN == 0.0
    assert np.abs(played[: round(0.9 * RATE)]).max() > 1_000
    assert not played[round(1.1 * RATE) : round((1.45 + HUSH_HOLD_S) * RATE)].any()
    assert np.abs(played[round((1.6 + HUSH_HOLD_S) * RATE) :]).max() > 1_000


def test_where_the_voice_makes_no_echo_what_is_heard_is_surely_the_users() -> None:
    [utterance], _ = heard_while_speaking(Scripted((9.0, 9.0), 3.0), echo=0.0)
    assert utterance.surely_near

    assert not utterance.surely_own


def test_where_only_the_voice_sounds_what_is_heard_is_its_own() -> None:
    [utterance], _ = heard_while_speaking(Scripted((9.0, 9.0), 3.0), echo=0.5)
    assert not utterance.surely_near
    assert utterance.surely_own


def test_where_somebody_speaks_into_the_voice_it_is_theirs() -> None:
    [utterance], _ = heard_while_speaking(Scripted((9.0, 9.0), 3.0), echo=0.5, near_from_s=2.4)
    assert utterance.surely_near
    assert not utterance.surely_own


@pytest.mark.parametrize(("intent", "its_own"), [("Ready", True), ("Stop", False)])
def test_what_hardly_exceeds_the_remnant_is_the_voices_unless_it_is_stop(intent: str, *, its_own: bool) -> None:
    listener = Scripted((9.0, 9.0), 3.0, intent)
    [utterance], _ = heard_while_speaking(listener, echo=0.5, near_from_s=2.4, near_level=660.0)
    assert utterance.surely_own is its_own


def test_the_voice_steps_back_for_somebody_who_speaks_into_it() -> None:
    _, alone = heard_while_speaking(Scripted((9.0, 9.0), 9.0), echo=0.5)
    _, played = heard_while_speaking(Scripted((9.0, 9.0), 9.0), echo=0.5, near_from_s=2.4)
    begins, ends = round(2.55 * RATE), round(2.85 * RATE)
    np.testing.assert_array_equal(played[: round(2.4 * RATE)], alone[: round(2.4 * RATE)])
    np.testing.assert_allclose(played[begins:ends], GIVES_WAY_GAIN * alone[begins:ends], atol=1.0)


def test_before_the_echo_is_known_to_be_cancelled_nothing_is_sure() -> None:
    [utterance], _ = heard_while_speaking(Scripted((9.0, 9.0), 0.6), echo=0.5)
    assert not utterance.surely_near
    assert not utterance.surely_own
