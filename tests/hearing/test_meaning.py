"""What an utterance means where the engine can't tell its words apart: by the real libvosk, with words that sound the
same, so that it never can."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

from assistant.audio.formats import BLOCK, RATE, silence
from assistant.hearing.listener import Listener, Utterance
from assistant.hearing.recogniser import Final
from assistant.hearing.vosk.compiled_sentences import CompiledSentences
from assistant.hearing.vosk.recogniser import VoskRecogniser
from assistant.hearing.vosk_model.graph_parts import Pronunciations
from assistant.loop.vocabulary import users_sentences
from intents.sentences import Sentences
from scripts.testbed.tiny_model import LETTER_S, acoustic_model, speak

SOUNDS_LIKE = {"nope": "no", "knoll": "no", "gnaw": "no"}


def pronounce(words: Iterable[str]) -> Pronunciations:
    return {word: [tuple(SOUNDS_LIKE.get(word, word))] for word in words}


@pytest.fixture(scope="module")
def recogniser(tmp_path_factory: pytest.TempPathFactory) -> VoskRecogniser:
    folder = tmp_path_factory.mktemp("meaning")
    model = acoustic_model(folder / "tiny")
    return VoskRecogniser(CompiledSentences(model, folder / "graphs", filler_cost=2.0, pronounce=pronounce))


def sentences(folder: Path, **intents: list[str]) -> Sentences:
    path = folder / "sentences.yaml"
    data = {intent: {"data": [{"sentences": texts}]} for intent, texts in intents.items()}
    path.write_text(json.dumps({"language": "en", "intents": data}), encoding="utf-8")
    return users_sentences(path)


def hear(
    recogniser: VoskRecogniser, taken: Sentences, text: str, voice_until_s: float = 0.0, pause_s: float = 0.35
) -> list[Utterance]:
    listener = Listener(recogniser, taken, quick=())
    sound = np.concatenate([silence(pause_s), speak(text), silence(0.9)])
    found: list[Utterance] = []
    for at in range(0, len(sound), BLOCK):
        found += listener.accept(sound[at : at + BLOCK], over_voice=at < voice_until_s * RATE)
    return [*found, *listener.flush()]


def test_words_that_mean_the_same_are_believed_together(recogniser: VoskRecogniser, tmp_path: Path) -> None:
    taken = sentences(tmp_path, No=["no", "nope", "knoll"], Stop=["stop"])
    [utterance] = hear(recogniser, taken, "no")
    assert utterance.command is not None
    assert utterance.command.intent == "No"
    assert utterance.confidence > 0.9


def test_words_that_mean_different_things_are_asked_about(recogniser: VoskRecogniser, tmp_path: Path) -> None:
    taken = sentences(tmp_path, No=["no"], Next=["nope"], Back=["knoll"])
    [utterance] = hear(recogniser, taken, "no")
    assert (utterance.command, utterance.rejected) == (None, "unsure")
    assert 0.3 < utterance.confidence < 0.4


def test_the_more_likely_meaning_wins_though_another_word_is_the_likeliest(
    recogniser: VoskRecogniser, tmp_path: Path
) -> None:
    taken = sentences(tmp_path, No=["no", "nope", "knoll"], Next=["gnaw"]).weighted({"No": -0.5})
    [utterance] = hear(recogniser, taken, "no")
    assert utterance.command is not None
    assert utterance.command.intent == "No"


@pytest.mark.parametrize(
    ("nats", "voice_until_s", "pause_s", "taken"),
    [(2.0, 0.5, 0.35, "Stop"), (2.0, 0.0, 0.35, "Next"), (4.0, 0.5, 0.35, "Next"), (2.0, 0.5, 1.5, "Next")],
)
def test_what_may_have_been_stop_over_the_voice_is_taken_for_it(
    recogniser: VoskRecogniser, tmp_path: Path, nats: float, voice_until_s: float, pause_s: float, taken: str
) -> None:
    alike = sentences(tmp_path, Stop=["gnaw"], Next=["no"]).weighted({"Stop": nats})
    [utterance] = hear(recogniser, alike, "no", voice_until_s, pause_s)
    assert utterance.command is not None
    assert utterance.command.intent == taken


def test_an_engine_tells_all_that_it_may_have_been(recogniser: VoskRecogniser, tmp_path: Path) -> None:
    recogniser.listen_for(sentences(tmp_path, No=["no"], Next=["nope"], Stop=["stop"]).graph())
    sound = np.concatenate([silence(0.35), speak("no"), silence(0.9)])
    [final] = [t for t in [*recogniser.accept(sound), *recogniser.flush()] if isinstance(t, Final)]
    assert {one.text for one in final.alternatives if one.whole} == {"no", "nope"}
    assert sum(one.probability for one in final.alternatives) == pytest.approx(1.0)
    assert final.text == final.alternatives[0].text
    assert [word.end_s - word.start_s for word in final.words] == pytest.approx([2 * LETTER_S], abs=0.1)


@pytest.mark.parametrize(
    ("voice_until_s", "others", "taken"),
    [(0.5, [], "Stop"), (0.0, [], None), (0.5, ["top"], "Stop"), (0.0, ["top"], "Next")],
)
def test_a_word_heard_in_part_is_one_over_the_voice_and_nothing_else(
    tmp_path: Path, voice_until_s: float, others: list[str], taken: str | None
) -> None:
    """Nor does it stand in the way of what was heard in full."""
    model = acoustic_model(tmp_path / "tiny")
    graphs = CompiledSentences(
        model, tmp_path / "graphs", 2.0, pronounce=pronounce, drowned={"stop": [("t", "o", "p")]}
    )
    commands = sentences(tmp_path, Stop=["stop"], **({"Next": others} if others else {}))
    found = hear(VoskRecogniser(graphs), commands, "top", voice_until_s)
    assert [u.command.intent if u.command else None for u in found] == [taken]
    assert found[0].rejected == (None if taken else "not a phrase")
