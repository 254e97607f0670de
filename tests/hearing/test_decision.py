"""The numbers of the policy: they apply to sentences that there are, and hold for what is heard only half."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from assistant.dialogue.state.phases import name_of
from assistant.dialogue.state.takes import TAKES
from assistant.hearing.decision import IDLE_COSTS, QUICK_INTENTS, SESSION_COSTS
from assistant.loop.vocabulary import users_sentences
from intents.graph import WordGraph
from intents.language import ENGLISH
from tests.dialogues.world import VOCABULARY

OUR_FILES = sorted(ENGLISH.file("sentences").glob("*.yaml"))


def named_in_our_files() -> set[str]:
    """All intents and all templates, as they are written."""
    found: set[str] = set()
    for path in OUR_FILES:
        for intent, content in (yaml.safe_load(path.read_text("utf-8")).get("intents") or {}).items():
            found |= {intent, *(text for block in content["data"] for text in block["sentences"])}
    return found


@pytest.mark.parametrize(
    ("of_intents", "of_sentences"),
    [(SESSION_COSTS, ENGLISH.costs("session")), (IDLE_COSTS, ENGLISH.costs("idle"))],
    ids=["session", "idle"],
)
def test_every_cost_is_one_of_a_sentence_that_there_is(
    of_intents: Mapping[str, float], of_sentences: Mapping[str, float]
) -> None:
    assert OUR_FILES and of_intents and of_sentences
    assert {*of_intents, *of_sentences} <= named_in_our_files()


def log_probs_of_a_word(graph: WordGraph, word: str) -> tuple[float, float]:
    """How likely a word is at the beginning, whatever follows, and how likely it is as a whole sentence."""
    beginning, whole = float("-inf"), float("-inf")
    todo = [(0, 0.0)]
    while todo:
        state, so_far = todo.pop()
        for arc in graph.leaving[state]:
            if arc.word is None:
                todo.append((arc.target, so_far + arc.log_prob))
            elif arc.word == word:
                beginning = max(beginning, so_far + arc.log_prob)
                if arc.target in graph.ends:
                    whole = max(whole, so_far + arc.log_prob)
    return beginning, whole


@pytest.mark.parametrize("phase", [name_of(kind) for kind in TAKES])
def test_a_quick_word_comes_no_cheaper_as_the_beginning_of_something_longer(phase: str) -> None:
    """It is taken from partial results, in which there is no telling whether it ends there."""
    sentences = VOCABULARY.named(phase)
    graph = sentences.graph()
    for word in graph.words:
        command = sentences.match(word)
        if command is not None and command.intent in QUICK_INTENTS:
            beginning, whole = log_probs_of_a_word(graph, word)
            assert beginning - whole < 1.0, word


def test_such_a_beginning_would_be_noticed(tmp_path: Path) -> None:
    path = tmp_path / "sentences.yaml"
    path.write_text(
        'language: en\nintents:\n  Pause:\n    data:\n      - sentences: ["wait", "wait a moment"]\n', encoding="utf-8"
    )
    beginning, whole = log_probs_of_a_word(users_sentences(path).weighted({"wait": 6.0}).graph(), "wait")
    assert beginning - whole > 5.0
