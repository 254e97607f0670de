"""Urgent words among others, speech from near by, and sentences with long pauses in them, on the real libvosk."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assistant.audio.formats import BLOCK, FULL_SCALE, RATE, silence, to_int16
from assistant.hearing.front_end.own_voice import OwnVoice
from assistant.hearing.levels import InputConditioner
from assistant.hearing.listener import Listener, Utterance
from assistant.hearing.vosk.compiled_sentences import CompiledSentences
from assistant.hearing.vosk.recogniser import VoskRecogniser
from assistant.hearing.vosk.slow_speech import PIECES_AT_MOST, SAYS_MORE_WITHIN_S
from assistant.loop.vocabulary import users_sentences
from intents.sentences import Sentences
from scripts.testbed.tiny_model import acoustic_model, speak, spelling

URGENT = ("stop", "hurts")


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return acoustic_model(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture
def recogniser(model: Path, tmp_path: Path) -> Iterator[VoskRecogniser]:
    made = CompiledSentences(model, tmp_path / "graphs", filler_cost=2.0, pronounce=spelling, urgent=URGENT)
    yield (recogniser := VoskRecogniser(made))
    recogniser.close()


@pytest.fixture
def taken(tmp_path: Path) -> Sentences:
    path = tmp_path / "sentences.yaml"
    intents = {
        "Stop": ["stop"],
        "StartRoutine": ["begin quick zebra routine"],
        "More": ["ten more seconds"],
        "Next": ["next"],
    }
    data: dict[str, object] = {intent: {"data": [{"sentences": texts}]} for intent, texts in intents.items()}
    more = {"five more": {"more": 5}, "five more minutes": {"more": 5, "unit": "minutes"}}
    data["Longer"] = {"data": [{"sentences": [text], "slots": slots} for text, slots in more.items()]}
    path.write_text(json.dumps({"language": "en", "intents": data}), encoding="utf-8")
    return users_sentences(path)


def hear(
    recogniser: VoskRecogniser, taken: Sentences, *texts: str, pause_s: float = 0.9, over_voice: bool = False
) -> list[Utterance]:
    """Texts with a pause between them, then some seconds without a word."""
    listener = Listener(recogniser, taken, quick=())
    pauses = [*[pause_s] * (len(texts) - 1), 3.0]
    said = [part for text, after in zip(texts, pauses, strict=True) for part in (speak(text), silence(after))]
    sound = np.concatenate([silence(1.0), *said])
    heard = [
        u for at in range(0, len(sound), BLOCK) for u in listener.accept(sound[at : at + BLOCK], over_voice=over_voice)
    ]
    return [*heard, *listener.flush()]


@pytest.mark.parametrize(
    ("said", "hint"),
    [
        ("um stop that thing", "Stop"),
        ("wobbly stop", "Stop"),
        ("stop wobbly quilt", "Stop"),
        ("that thing hurts a bit", "Hurts"),
        ("what a lovely day", None),
    ],
)
def test_an_urgent_word_is_found_among_words_that_fit_no_sentence(
    recogniser: VoskRecogniser, taken: Sentences, said: str, hint: str | None
) -> None:
    [utterance] = hear(recogniser, taken, said)
    assert utterance.command is None
    assert utterance.rejected == "not a phrase"
    assert utterance.hint == hint


def test_a_command_is_taken_though_its_word_is_urgent(recogniser: VoskRecogniser, taken: Sentences) -> None:
    [utterance] = hear(recogniser, taken, "stop")
    assert utterance.command is not None
    assert (utterance.command.intent, utterance.hint) == ("Stop", None)


def test_over_the_voice_nothing_is_made_of_single_words(recogniser: VoskRecogniser, taken: Sentences) -> None:
    [utterance] = hear(recogniser, taken, "um stop that thing", over_voice=True)
    assert (utterance.hint, utterance.near) == (None, False)


def test_what_the_loudspeaker_alone_has_said_is_neither_urgent_nor_near() -> None:
    heard = Utterance(1.0, 2.0, "", 1.0, None, "not a phrase", "Stop", near=True)
    assert OwnVoice().judge(heard, "assistant") == replace(heard, hint=None, near=False)
    assert OwnVoice().judge(heard, "somebody") == heard


def test_speech_is_near_by_if_it_is_some_words_long(recogniser: VoskRecogniser, taken: Sentences) -> None:
    assert [u.near for u in hear(recogniser, taken, "what a lovely day")] == [True]


def test_a_short_sound_is_not_clearly_speech(recogniser: VoskRecogniser, taken: Sentences) -> None:
    assert not any(u.near for u in hear(recogniser, taken, "quilt"))


@pytest.mark.parametrize(("louder_db", "least", "most"), [(30.0, 27.0, 33.0), (10.0, 7.0, 13.0)])
def test_how_far_something_stands_out_of_the_noise_is_known_for_a_while(
    louder_db: float, least: float, most: float
) -> None:
    noise = np.random.default_rng(0).normal(0.0, 30.0, 4 * RATE)
    noise[2 * RATE : 3 * RATE] *= 10 ** (louder_db / 20)
    conditioner = InputConditioner()
    conditioner.accept(to_int16(np.clip(noise, -FULL_SCALE, FULL_SCALE - 1)))
    assert least < conditioner.above_floor_db(2.1, 2.9) < most
    assert conditioner.above_floor_db(0.5, 1.5) < 3.0
    assert conditioner.above_floor_db(9.0, 9.5) == 0.0


@pytest.mark.parametrize(
    ("pieces", "pause_s"),
    [(("ten", "more", "seconds"), 0.7), (("ten more", "seconds"), 1.2), (("ten more", "seconds"), 0.8)],
)
def test_a_sentence_may_have_long_pauses(
    recogniser: VoskRecogniser, taken: Sentences, pieces: tuple[str, ...], pause_s: float
) -> None:
    [utterance] = hear(recogniser, taken, *pieces, pause_s=pause_s)
    assert utterance.command is not None
    assert utterance.command.text == "ten more seconds"


@pytest.mark.parametrize("said", [("begin", "next"), ("begin", "wobbly quilt", "next")])
def test_what_does_not_belong_together_is_heard_one_after_the_other(
    recogniser: VoskRecogniser, taken: Sentences, said: tuple[str, ...]
) -> None:
    heard = hear(recogniser, taken, *said)
    assert heard[-1].command is not None
    assert heard[-1].command.intent == "Next"
    assert all(u.command is None for u in heard[:-1])
    assert heard[:-1], "the beginning is told of, too"


@pytest.mark.parametrize(
    ("said", "pause_s", "heard"),
    [
        (("five more",), 0.0, ["five more"]),
        (("five more", "minutes"), 0.5, ["five more minutes"]),
        (("five", "more", "minutes"), 0.5, ["five more minutes"]),
        (("five more", "next"), 0.5, ["five more", "next"]),
        (("five more", "minutes"), 2.0, ["five more", ""]),
        (("next", "next"), 0.6, ["next", "next"]),
    ],
)
def test_a_sentence_that_may_say_more_is_waited_for(
    recogniser: VoskRecogniser, taken: Sentences, said: tuple[str, ...], pause_s: float, heard: list[str]
) -> None:
    assert [u.text for u in hear(recogniser, taken, *said, pause_s=pause_s)] == heard


@pytest.mark.parametrize(("said", "later"), [("five more", True), ("five more minutes", False), ("next", False)])
def test_only_what_may_say_more_is_answered_later(
    recogniser: VoskRecogniser, taken: Sentences, said: str, later: bool
) -> None:
    listener = Listener(recogniser, taken, quick=())
    sound = np.concatenate([silence(1.0), speak(said), silence(2.0)])
    answers = ((at + BLOCK, listener.accept(sound[at : at + BLOCK])) for at in range(0, len(sound), BLOCK))
    answered_at, [utterance] = next((at, heard) for at, heard in answers if heard)
    assert (answered_at / RATE - utterance.end_s > SAYS_MORE_WITHIN_S) == later


def test_what_was_taken_at_once_is_not_taken_again_after_what_was_kept(
    recogniser: VoskRecogniser, taken: Sentences
) -> None:
    listener = Listener(recogniser, taken)
    sound = np.concatenate([silence(1.0), speak("five more"), silence(0.5), speak("stop"), silence(3.0)])
    heard = [u for at in range(0, len(sound), BLOCK) for u in listener.accept(sound[at : at + BLOCK])]
    assert [u.text for u in heard].count("stop") == 1


def test_after_too_long_a_pause_it_is_another_sentence(recogniser: VoskRecogniser, taken: Sentences) -> None:
    heard = hear(recogniser, taken, "ten more", "seconds", pause_s=2.6)
    assert [u.command for u in heard] == [None] * len(heard)
    assert heard


def test_pieces_are_not_collected_for_ever(recogniser: VoskRecogniser, taken: Sentences) -> None:
    assert PIECES_AT_MOST == 3
    heard = hear(recogniser, taken, *["ten"] * 5, "seconds", pause_s=0.8)
    assert len(heard) >= 2
