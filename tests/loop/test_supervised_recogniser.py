"""A recogniser that fails or hangs is told and replaced; real threads, and the real recogniser behind the faults."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from assistant.audio.formats import BLOCK, Samples
from assistant.dialogue.state.phases import Introducing
from assistant.errors import RecogniserFailed
from assistant.hearing.front_end.front_end import DirectFrontEnd
from assistant.hearing.front_end.own_voice import OwnVoice
from assistant.hearing.listener import Listener, Utterance
from assistant.loop import supervised_recogniser as module
from assistant.loop.engines import load_recogniser
from assistant.loop.supervised_recogniser import MOST_FAILURES, RECOGNISER, LoadedFrontEnd, SupervisedRecogniser
from intents.sentences import Sentences
from scripts.testbed.sound_server import wait_until
from scripts.testbed.spoken_sessions import speak
from tests.dialogues.world import VOCABULARY
from tests.needs import needs_pocketsphinx

SENTENCES = VOCABULARY.of_phase(Introducing)
SILENCE = np.zeros(BLOCK, np.int16)


class Real:
    """Loads the real recogniser; the front end does what it is told to with a block first."""

    def __init__(self, before: Callable[[int], None]) -> None:
        self.loaded = 0
        self._before = before

    def __call__(self, sentences: Sentences) -> LoadedFrontEnd:
        self.loaded += 1
        number, before = self.loaded, self._before
        recogniser = load_recogniser("pocketsphinx", None)
        front_end = DirectFrontEnd(Listener(recogniser, sentences), OwnVoice())

        class Faulty:
            @property
            def at_rest(self) -> bool:
                return front_end.at_rest

            def listen_for(self, sentences: Sentences) -> None:
                front_end.listen_for(sentences)

            def accept(self, block: Samples, sounding: float) -> list[Utterance]:
                before(number)
                return front_end.accept(block, sounding)

            def flush(self) -> list[Utterance]:
                return front_end.flush()

        return LoadedFrontEnd(Faulty(), recogniser.close)


def looked_until(recogniser: SupervisedRecogniser, holds: Callable[[], bool], what: str) -> None:
    def looked() -> bool:
        recogniser.hear(SILENCE, 0.0)
        recogniser.look()
        return holds()

    wait_until(looked, what, 30.0)


@needs_pocketsphinx
def test_one_that_raises_is_replaced_and_the_next_one_hears(tmp_path: Path) -> None:
    def before(number: int) -> None:
        if number == 1:
            raise MemoryError("out of memory in the engine")

    heard: list[Utterance] = []
    real = Real(before)
    recogniser = SupervisedRecogniser(real, SENTENCES, heard.append)
    recogniser.open()
    assert recogniser.lost is None, "that it loads is no failure"
    looked_until(recogniser, lambda: recogniser.lost == RECOGNISER, "it is missed")
    looked_until(recogniser, lambda: recogniser.lost is None, "another one hears")
    assert real.loaded == 2
    assert "out of memory" in recogniser.failures[0]
    said = np.concatenate([speak("start sciatic stretch", "flite slt", tmp_path), np.zeros(16_000, np.int16)])
    for begin in range(0, len(said) - BLOCK, BLOCK):
        recogniser.hear(said[begin : begin + BLOCK], float(begin))
    wait_until(lambda: any(u.command and u.command.intent == "StartRoutine" for u in heard), "it is heard", 30.0)
    recogniser.close()


@needs_pocketsphinx
def test_one_that_hangs_is_left_and_what_it_says_later_is_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "STUCK_AFTER_S", 0.2)
    released, late = threading.Event(), threading.Event()

    def before(number: int) -> None:
        if number == 1:
            released.wait(60)
            late.set()

    heard: list[Utterance] = []
    real = Real(before)
    recogniser = SupervisedRecogniser(real, SENTENCES, heard.append)
    recogniser.open()
    looked_until(recogniser, lambda: real.loaded == 2, "another one is loaded")
    looked_until(recogniser, lambda: recogniser.lost is None, "it hears")
    assert "has not answered" in recogniser.failures[0]
    released.set()
    assert late.wait(10)
    recogniser.close()
    assert heard == []


@needs_pocketsphinx
def test_one_that_always_fails_ends_the_session_in_words() -> None:
    def before(number: int) -> None:
        raise ValueError(f"no {number}")

    recogniser = SupervisedRecogniser(Real(before), SENTENCES, lambda _: None)
    recogniser.open()
    with pytest.raises(RecogniserFailed, match="You can't be heard") as failed:
        looked_until(recogniser, lambda: False, "it gives up")
    assert "go on where you were" in failed.value.fix
    assert len(recogniser.failures) == MOST_FAILURES


def test_what_may_be_said_is_known_to_the_next_one_too() -> None:
    seen: list[Sentences] = []
    fails = [True]

    def make(sentences: Sentences) -> LoadedFrontEnd:
        seen.append(sentences)

        class Short:
            at_rest = False

            def listen_for(self, sentences: Sentences) -> None:
                seen.append(sentences)

            def accept(self, block: Samples, sounding: float) -> list[Utterance]:
                if fails.pop() if fails else False:
                    raise OSError("gone")
                return []

            def flush(self) -> list[Utterance]:
                return []

        return LoadedFrontEnd(Short(), lambda: None)

    others = VOCABULARY.everything
    recogniser = SupervisedRecogniser(make, SENTENCES, lambda _: None)
    recogniser.open()
    recogniser.listen_for(others)
    looked_until(recogniser, lambda: len(recogniser.failures) == 1 and recogniser.lost is None, "it was replaced")
    assert seen[0] is SENTENCES
    assert seen[-1] is others
    recogniser.close()


def test_at_rest_blocks_are_taken_together_and_what_comes_between_keeps_its_place() -> None:
    done: list[tuple[int, float] | Sentences] = []
    begin = threading.Event()

    class RestingFrontEnd:
        at_rest = True

        def listen_for(self, sentences: Sentences) -> None:
            done.append(sentences)

        def accept(self, block: Samples, sounding: float) -> list[Utterance]:
            done.append((len(block), sounding))
            return []

        def flush(self) -> list[Utterance]:
            return []

    def make(_: Sentences) -> LoadedFrontEnd:
        assert begin.wait(10)
        return LoadedFrontEnd(RestingFrontEnd(), lambda: None)

    recogniser = SupervisedRecogniser(make, SENTENCES, lambda _: None)
    recogniser.open()
    for number in range(6):
        recogniser.hear(SILENCE, float(number * BLOCK))
    others = VOCABULARY.everything
    recogniser.listen_for(others)
    for place in (6 * BLOCK, 9000, 9000 + BLOCK):  # sound was lost after the first of them
        recogniser.hear(SILENCE, float(place))
    begin.set()
    recogniser.close()
    assert done == [
        (4 * BLOCK, 0.0),
        (2 * BLOCK, 4.0 * BLOCK),
        others,
        (BLOCK, 6.0 * BLOCK),
        (2 * BLOCK, 9000.0),
    ]
