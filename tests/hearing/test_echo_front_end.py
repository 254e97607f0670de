"""The voice makes way at once where "stop" seems to be said, and its own words are told from a user's."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.audio.formats import BLOCK, RATE, Samples
from assistant.audio.mixer import Mixer
from assistant.audio.reference import Reference
from assistant.hearing.front_end.ducking import GIVES_WAY_GAIN
from assistant.hearing.front_end.echo_front_end import HUSH_HOLD_S, HUSHED_GAIN, EchoFrontEnd
from assistant.hearing.front_end.own_voice import OWN_VOICE, OwnVoice
from assistant.hearing.listener import Utterance
from intents import Command
from intents.sentences import Sentences


class ScriptedListener:
    """Suspects and takes a word at given times: what a listener does is tested elsewhere, with the real one."""

    def __init__(
        self, suspected: tuple[float, float], taken_s: float, intent: str = "Ready", confidence: float = 1.0
    ) -> None:
        self._suspected, self._taken_s, self._at_s = suspected, taken_s, 0.0
        self._command = Command(intent, {}, intent.lower())
        self._confidence = confidence
        self.word_s = taken_s - 0.5

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
            text, confidence = self._command.text, self._confidence
            return [Utterance(self.word_s, self._taken_s - 0.2, text, confidence, self._command, None)]
        return []

    def replace_last(self, sound: Samples) -> None: ...

    def flush(self) -> list[Utterance]:
        return []


def voice(seconds: float) -> Samples:
    rng = np.random.default_rng(1)
    syllables = np.repeat(rng.uniform(0.1, 1.0, round(seconds * 8)), RATE // 8)
    return (rng.normal(0.0, 3_000.0, len(syllables)) * syllables).astype(np.int16)


def heard_while_speaking(
    listener: ScriptedListener,
    echo: float,
    seconds: float = 4.0,
    near_from_s: float = 9.0,
    near_level: float = 1_000.0,
    says: str = "something else",
) -> tuple[list[Utterance], Samples]:
    """Somebody may speak into the voice; its line has one word, which it says where that is heard."""
    mixer, own_voice = Mixer(), OwnVoice()
    mixer.play(voice(seconds), "a line", layer="voice")
    own_voice.say(says, listener.word_s, 0.3)
    front_end = EchoFrontEnd(listener, Reference(mixer.history).of, lambda gain: mixer.duck("voice", gain), own_voice)
    hiss = np.random.default_rng(2)
    found: list[Utterance] = []
    played: list[Samples] = []
    for at in range(0, round(seconds * RATE), BLOCK):
        played.append(mixer.render(BLOCK))
        near = near_level if at >= near_from_s * RATE else 0.0
        microphone = played[-1] * echo + hiss.normal(0.0, 3.0 + near, BLOCK)
        found += front_end.accept(microphone.astype(np.int16), float(at))
    return found, np.concatenate(played)


def test_the_voice_is_silent_while_a_quick_word_is_suspected_and_goes_on_if_it_was_none() -> None:
    _, played = heard_while_speaking(ScriptedListener((1.0, 1.5), 9.0), echo=0.5)
    assert HUSHED_GAIN == 0.0
    assert np.abs(played[: round(0.9 * RATE)]).max() > 1_000
    assert not played[round(1.1 * RATE) : round((1.45 + HUSH_HOLD_S) * RATE)].any()
    assert np.abs(played[round((1.6 + HUSH_HOLD_S) * RATE) :]).max() > 1_000


@pytest.mark.parametrize("says", ["ready", "something else"])
def test_where_the_voice_makes_no_echo_what_is_heard_is_the_users_even_if_it_says_the_same(says: str) -> None:
    [utterance], _ = heard_while_speaking(ScriptedListener((9.0, 9.0), 3.0), echo=0.0, says=says)
    assert utterance.rejected is None


@pytest.mark.parametrize("says", ["ready", "something else"])
def test_where_only_the_voice_sounds_what_is_heard_is_its_own_whatever_it_sounds_like(says: str) -> None:
    [utterance], _ = heard_while_speaking(ScriptedListener((9.0, 9.0), 3.0), echo=0.5, says=says)
    assert (utterance.command, utterance.rejected, utterance.text) == (None, OWN_VOICE, "ready")


@pytest.mark.parametrize("says", ["ready", "something else"])
def test_where_somebody_speaks_into_the_voice_it_is_theirs(says: str) -> None:
    [utterance], _ = heard_while_speaking(ScriptedListener((9.0, 9.0), 3.0), echo=0.5, near_from_s=2.4, says=says)
    assert utterance.rejected is None


@pytest.mark.parametrize(("intent", "its_own"), [("Ready", True), ("Hurts", True), ("Stop", False)])
def test_what_hardly_exceeds_the_residual_echo_is_the_voices_unless_it_is_stop(intent: str, *, its_own: bool) -> None:
    listener = ScriptedListener((9.0, 9.0), 3.0, intent)
    [utterance], _ = heard_while_speaking(listener, echo=0.5, near_from_s=2.4, near_level=660.0)
    assert (utterance.rejected == OWN_VOICE) is its_own


@pytest.mark.parametrize("near_from_s", [2.7, 2.8, 9.0])
def test_stop_is_the_voices_where_nothing_is_clear_and_somebody_is_heard_for_little_of_it(near_from_s: float) -> None:
    listener = ScriptedListener((9.0, 9.0), 3.0, "Stop")
    [utterance], _ = heard_while_speaking(listener, echo=0.5, near_from_s=near_from_s, near_level=660.0)
    assert utterance.rejected == OWN_VOICE


@pytest.mark.parametrize("intent", ["Stop", "Hurts"])
@pytest.mark.parametrize(
    ("confidence", "near_from_s", "its_own"), [(1.0, 2.62, False), (0.2, 2.62, True), (0.2, 2.5, False)]
)
def test_what_the_recogniser_doubts_is_somebodys_where_most_of_it_clearly_is(
    intent: str, confidence: float, near_from_s: float, *, its_own: bool
) -> None:
    listener = ScriptedListener((9.0, 9.0), 3.0, intent, confidence)
    [utterance], _ = heard_while_speaking(listener, echo=0.5, near_from_s=near_from_s, near_level=2_000.0)
    assert (utterance.rejected == OWN_VOICE) is its_own


def test_the_voice_steps_back_for_somebody_who_speaks_into_it() -> None:
    _, alone = heard_while_speaking(ScriptedListener((9.0, 9.0), 9.0), echo=0.5)
    _, played = heard_while_speaking(ScriptedListener((9.0, 9.0), 9.0), echo=0.5, near_from_s=2.4)
    begins, ends = round(2.55 * RATE), round(2.85 * RATE)
    np.testing.assert_array_equal(played[: round(2.4 * RATE)], alone[: round(2.4 * RATE)])
    np.testing.assert_allclose(played[begins:ends], GIVES_WAY_GAIN * alone[begins:ends], atol=1.0)


@pytest.mark.parametrize(("says", "its_own"), [("ready", True), ("something else", False)])
def test_before_the_echo_is_known_to_be_cancelled_the_words_decide(says: str, *, its_own: bool) -> None:
    [utterance], _ = heard_while_speaking(ScriptedListener((9.0, 9.0), 0.6), echo=0.5, says=says)
    assert (utterance.rejected == OWN_VOICE) is its_own
