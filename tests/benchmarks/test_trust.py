"""Counting: what is a false accept, what is understood, and what is made of the numbers."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from assistant.audio.formats import RATE, Samples, silence
from assistant.hearing.listener import Utterance
from assistant.hearing.recogniser import Final, Transcript, Word
from assistant.loop.vocabulary import Vocabulary
from assistant.routines.loading import load_routines, own_routine_files
from intents import Command
from intents.graph import WordGraph
from scripts.benchmarks.engines import OURS, BareListener, Engine
from scripts.benchmarks.targets import Figure
from scripts.benchmarks.trade_off import Curve, WorkingPoint, draw
from scripts.benchmarks.trust import EngineTrust
from scripts.benchmarks.trust_recordings import (
    NoCommands,
    Said,
    SoundSpan,
    noise_around,
    other_utterances,
    synthetic_commands,
)
from scripts.benchmarks.trust_runs import FalseAccept, Recalled, false_accepts, recalled
from scripts.train_model.corpora import CorpusUtterance as Recorded

VOCABULARY = Vocabulary(load_routines(own_routine_files())[0].values())
NOWHERE = Engine(OURS, Path(), Path())


def heard(text: str, intent: str | None, rejected: str | None = None, confidence: float = 0.9) -> Utterance:
    return Utterance(0.0, 0.5, text, confidence, Command(intent, {}, text) if intent else None, rejected)


def nothing() -> Samples:
    return np.zeros(0, np.int16)


def test_a_false_accept_is_laid_to_what_sounded_then() -> None:
    recording = NoCommands(
        "an4", "an4 1", nothing, [SoundSpan(0, "a", "p g h"), SoundSpan(5 * RATE, "b", "rubout seven")]
    )
    decisions = [(1.0, heard("back", "Back")), (3.0, heard("hm", None, "not a phrase")), (6.0, heard("stop", "Stop"))]
    found = list(false_accepts(recording, "holding", decisions))
    assert [(one.file, one.said, one.intent) for one in found] == [
        ("a", "p g h", "Back"),
        ("b", "rubout seven", "Stop"),
    ]
    assert found[1].at_s == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("decisions", "right"),
    [
        ([heard("stop", "Stop")], True),
        ([heard("", None, "noise"), heard("stop now", "Stop")], True),
        ([heard("stop", "Stop"), heard("back", "Back")], False),
        ([heard("back", "Back")], False),
        ([heard("stop", None, "unsure")], False),
        ([], False),
    ],
)
def test_understood_is_one_command_of_the_right_intent(decisions: list[Utterance], right: bool) -> None:
    said = Said("an4", "holding", "stop", nothing, 0)
    assert recalled(said, "clean", "Stop", [(1.0, one) for one in decisions]).right is right


def measured() -> EngineTrust:
    accepts = [FalseAccept("holding", "noise", "rain", 1.0, "", "back", "Back", c) for c in (0.4, 0.8)]
    recalls = [Recalled("an4", "clean", "stop", "Stop", right, "", c) for right, c in ((True, 0.9), (True, 0.5))]
    recalls.append(Recalled("an4", "clean", "stop", "Stop", False, "", 0.0))
    return EngineTrust(NOWHERE, defaultdict(float, holding=1800.0), accepts, recalls)


def test_rates_are_an_hour_and_per_cent() -> None:
    one = measured()
    assert one.an_hour("holding") == 4.0
    assert one.an_hour("holding", 0.5) == 2.0
    assert one.an_hour("idle") is None
    assert one.recall("an4", "clean") == pytest.approx(200 / 3)
    assert one.recall("an4", None, 0.6) == pytest.approx(100 / 3)
    assert one.recall("synthetic", None) is None


def test_along_a_threshold_both_rates_only_fall() -> None:
    points = measured().curve()
    assert points[0].an_hour == 4.0
    assert points[0].recall == pytest.approx(200 / 3)
    assert [p.an_hour for p in points] == sorted((p.an_hour for p in points), reverse=True)
    assert [p.recall for p in points] == sorted((p.recall for p in points), reverse=True)
    assert points[-1].an_hour == 0.0


@pytest.mark.parametrize(("value", "at_least", "met"), [(97.0, True, True), (96.9, True, False), (97.1, False, False)])
def test_a_target_is_met_or_missed(value: float, at_least: bool, met: bool) -> None:
    assert Figure("recall", value, 97.0, "%", at_least, {}).met is met


def test_what_was_not_measured_is_neither_met_nor_missed() -> None:
    assert Figure("recall", None, 97.0, "%", True, {}).met is None


def test_noise_around_a_command_has_the_ratio_asked_for() -> None:
    sound = silence(3.0)
    noise = np.random.default_rng(0).normal(0, 500, RATE).astype(np.int16)
    around = noise_around(sound, 1000.0, noise, seed=2)
    assert len(around) == len(sound)
    assert np.sqrt((around**2).mean()) == pytest.approx(1000 / np.sqrt(10), rel=0.01)


def test_other_utterances_are_neither_commands_nor_numbers() -> None:
    texts = ("stop", "seven", "one five two", "p g h", "enter seven", "yes")
    said = [Recorded("an4", Path(text), "x", text) for text in texts]
    said.append(Recorded("speechocean", Path("z"), "x", "we call it bear"))
    assert [u.text for u in other_utterances(said, VOCABULARY)] == ["p g h", "enter seven"]


def test_every_intent_of_a_phase_is_said_by_held_out_voices() -> None:
    sentences = VOCABULARY.named("holding")
    intents = set()
    for said in synthetic_commands(VOCABULARY, "holding", 2 * len(sentences.intents)):
        command = sentences.match(said.text)
        assert command is not None
        intents.add(command.intent)
    assert intents == set(sentences.intents)


class ScriptedRecogniser:
    """A recogniser that gives what it was told to, a block at a time."""

    name = "scripted"
    partials_are_steady = False
    unsure_below = 0.0
    usual_only = True

    def __init__(self, *finals: Final) -> None:
        self._finals = list(finals)

    def listen_for(self, graph: WordGraph) -> None: ...

    def prepare(self, graph: WordGraph) -> None: ...

    def accept(self, block: Samples) -> Sequence[Transcript]:
        return [self._finals.pop(0)]

    def over_talk(self, heard: Transcript) -> float:
        return math.inf

    def flush(self) -> Sequence[Final]:
        return self._finals

    def skip(self, block: Samples) -> Sequence[Transcript]:
        return self.accept(block)

    def replace_last(self, sound: Samples) -> None: ...

    def close(self) -> None: ...


def test_bare_engines_take_every_sentence_and_nothing_else() -> None:
    def final(text: str, rejected: str | None = None) -> Final:
        return Final(tuple(Word(word, 0.0, 0.3, 1.0) for word in text.split()), 0.0, 0.3, 1.0, rejected)

    listener = BareListener(
        ScriptedRecogniser(final("stop"), final("stop", "unsure"), final("back stop"), final("next")),
        VOCABULARY.named("holding"),
    )
    blocks = [listener.accept(nothing()) for _ in range(3)]
    intents = [[u.command.intent if u.command else None for u in found] for found in (*blocks, listener.flush())]
    assert intents == [["Stop"], [], [None], ["Next"]]


def test_the_picture_is_the_same_each_time(tmp_path: Path) -> None:
    curves = [
        Curve("ours", "filler cost", (WorkingPoint(2, 0, 80), WorkingPoint(4, 3, 97))),
        Curve("used", "", (WorkingPoint(3, 1, 95),)),
    ]
    for name in ("one", "two"):
        draw(curves, tmp_path / f"{name}.svg")
    assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "two.svg").read_bytes()
    assert "false accepts an hour" in (tmp_path / "one.svg").read_text("utf-8")
