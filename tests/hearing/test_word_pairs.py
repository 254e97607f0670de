"""A general model of language beside the sentences: what it explains better than they do is talk."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from assistant.audio.formats import BLOCK, silence
from assistant.hearing.listener import Listener
from assistant.hearing.recogniser import Final
from assistant.hearing.vosk.compiled_sentences import CompiledSentences
from assistant.hearing.vosk.recogniser import VoskRecogniser
from assistant.hearing.vosk_model import END, START, WordPairs
from assistant.hearing.vosk_model.openfst import EPSILON, read_fst
from assistant.hearing.vosk_model.word_pairs import word_pairs_bytes
from assistant.loop.vocabulary import users_sentences
from scripts.testbed.tiny_model import acoustic_model, sentences, speak, spelling

OF_LANGUAGE = 0.9
"""What libvosk counts of the cost of words when it lists alternatives."""

OTHERS = ("stop", "next", "back", "help", "pause", "repeat", "longer")
"""As many sentences as there are, so much each of them costs."""

IDS = {"how": 1, "old": 2, "hold": 3, "[unk]": 4}
USUAL = WordPairs(
    words={"how": 4.0, "old": 5.0, "hold": 6.0, "never": 7.0, END: 3.0},
    pairs={START: {"how": 1.0}, "how": {"old": 0.5, END: 2.0}, "never": {"old": 1.0}},
    otherwise={START: 0.2, "how": 0.3, "never": 0.1},
    unknown=9.0,
)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("how old", 1.0 + 0.5 + 3.0),
        ("how", 1.0 + 2.0),
        ("how hold", 1.0 + 0.3 + 6.0 + 3.0),
        ("old how", 0.2 + 5.0 + 4.0 + 2.0),
        ("hold [unk]", 0.2 + 6.0 + 9.0 + 3.0),
        ("", 0.2 + 3.0),
    ],
)
def test_a_pair_costs_what_it_is_told_to_and_others_back_off(words: str, expected: float) -> None:
    assert cost(words.split()) == pytest.approx(expected)


def cost(words: list[str]) -> float:
    """Of the cheapest way through the graph that reads these words."""
    fst = read_fst(word_pairs_bytes(IDS, USUAL)).fst()
    leaving = fst.arcs()
    best = {0: 0.0}

    def with_nothing(reached: dict[int, float]) -> dict[int, float]:
        for state, so_far in list(reached.items()):
            for arc in leaving[state]:
                if arc.input == EPSILON:
                    reached[arc.target] = min(reached.get(arc.target, np.inf), so_far + arc.cost)
        return reached

    for word in words:
        further: dict[int, float] = {}
        for state, so_far in with_nothing(best).items():
            for arc in leaving[state]:
                if arc.input == IDS[word]:
                    assert arc.output == arc.input
                    further[arc.target] = min(further.get(arc.target, np.inf), so_far + arc.cost)
        best = further
    return min(so_far + fst.finals[state] for state, so_far in with_nothing(best).items() if state in fst.finals)


def over_talk(folder: Path, said: str, usual: WordPairs | None) -> tuple[Final, float]:
    """What is heard of a text, and by how much that is likelier than other talk."""
    model = acoustic_model(folder / "model", usual)
    recogniser = VoskRecogniser(CompiledSentences(model, folder / "graphs", filler_cost=2.0, pronounce=spelling))
    recogniser.listen_for(sentences("stop", "go on"))
    sound = np.concatenate([silence(0.4), speak(said), silence(1.0)])
    (final,) = [one for one in (*recogniser.accept(sound), *recogniser.flush()) if isinstance(one, Final)]
    margin = recogniser.over_talk(final)
    recogniser.close()
    return final, margin


def usual(words: dict[str, float], pairs: dict[str, dict[str, float]] | None = None) -> WordPairs:
    """Words and pairs with what they cost."""
    return WordPairs({**words, END: 1.0}, pairs or {}, dict.fromkeys(pairs or {}, 0.5), 9.0)


def test_what_is_heard_as_the_same_words_is_no_other_talk(tmp_path: Path) -> None:
    final, margin = over_talk(tmp_path, "stop", usual({"stop": 12.0, "go": 1.0}))
    assert (final.text, margin) == ("stop", math.inf)


def test_it_is_by_as_much_likelier_as_other_words_are_rare(tmp_path: Path) -> None:
    """ "Goon" sounds like "go on", said without a pause."""
    rarely = over_talk(tmp_path / "rare", "goon", usual({"goon": 7.0}))
    often = over_talk(tmp_path / "often", "goon", usual({"goon": 3.0}))
    assert rarely[0].text == "go on"
    assert rarely[1] - often[1] == pytest.approx(4.0 * OF_LANGUAGE, abs=0.1)


def test_what_usually_follows_counts(tmp_path: Path) -> None:
    words = {"goo": 3.0, "n": 4.0}
    alone = over_talk(tmp_path / "alone", "goon", usual(words))[1]
    together = over_talk(tmp_path / "together", "goon", usual(words, {"goo": {"n": 1.0}}))[1]
    assert alone - together == pytest.approx(3.0 * OF_LANGUAGE, abs=0.1)


def test_without_such_a_model_nothing_can_be_told(tmp_path: Path) -> None:
    assert over_talk(tmp_path, "stop", None)[1] == math.inf


@pytest.mark.parametrize(
    ("cost", "asked", "rejected"), [(12.0, False, None), (0.1, False, "not a phrase"), (0.1, True, None)]
)
def test_what_is_talk_rather_than_a_command_is_taken_as_an_answer_only(
    tmp_path: Path, cost: float, asked: bool, rejected: str | None
) -> None:
    model = acoustic_model(tmp_path / "model", usual({"goon": cost}))
    recogniser = VoskRecogniser(CompiledSentences(model, tmp_path / "graphs", 12.0, pronounce=spelling))
    path = tmp_path / "sentences.yaml"
    intents = {"Resume": {"data": [{"sentences": ["go on", *OTHERS]}]}}
    path.write_text(json.dumps({"language": "en", "intents": intents}), encoding="utf-8")
    listener = Listener(recogniser, users_sentences(path).only(None, {"phase": "holding", "asked": asked}))
    sound = np.concatenate([silence(0.6), speak("goon"), silence(1.4)])
    heard = [u for at in range(0, len(sound), BLOCK) for u in listener.accept(sound[at : at + BLOCK])]
    (utterance,) = [*heard, *listener.flush()]
    recogniser.close()
    assert (utterance.text, utterance.rejected) == ("go on", rejected)
