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
from assistant.loop import listening as module
from assistant.loop.engines import load_recogniser
from assistant.loop.listening import MOST_FAILURES, RECOGNISER, Listening, Ready
from intents.sentences import Sentences
from scripts.testbed.sound_server import wait_until
from scripts.testbed.spoken_sessions import speak
from tests.dialogues.world import VOCABULARY

SENTENCES = VOCABULARY.of_phase(Introducing)
SILENCE = np.zeros(BLOCK, np.int16)


class Real:
    """Loads the real recogniser; the ear does what it is told to with a block first."""

    def __init__(self, before: Callable[[int], None]) -> None:
        self.loaded = 0
        self._before = before

    def __call__(self, sentences: Sentences) -> Ready:
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

        return Ready(Faulty(), recogniser.close)


def looked_until(listening: Listening, holds: Callable[[], bool], what: str) -> None:
    def looked() -> bool:
        listening.hear(SILENCE, 0.0)
        listening.look()
        return holds()

    wait_until(looked, what, 30.0)


def test_one_that_raises_is_replaced_and_the_next_one_hears(tmp_path: Path) -> None:
    def before(number: int) -> None:
        if number == 1:
            raise MemoryError("out of memory in the engine")

    heard: list[Utterance] = []
    real = Real(before)
    listening = Listening(real, SENTENCES, heard.append)
    listening.open()
    assert listening.lost is None, "that it loads is no failure"
    looked_until(listening, lambda: listening.lost == RECOGNISER, "it is missed")
    looked_until(listening, lambda: listening.lost is None, "another one hears")
    assert real.loaded == 2
    assert "out of memory" in listening.failures[0]
    said = np.concatenate([speak("start sciatic stretch", "flite slt", tmp_path), np.zeros(16_000, np.int16)])
    for begin in range(0, len(said) - BLOCK, BLOCK):
        listening.hear(said[begin : begin + BLOCK], float(begin))
    wait_until(lambda: any(u.command and u.command.intent == "StartRoutine" for u in heard), "it is heard", 30.0)
    listening.close()


def test_one_that_hangs_is_left_and_what_it_says_later_is_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "STUCK_AFTER_S", 0.2)
    released, late = threading.Event(), threading.Event()

    def before(number: int) -> None:
        if number == 1:
            released.wait(60)
            late.set()

    heard: list[Utterance] = []
    real = Real(before)
    listening = Listening(real, SENTENCES, heard.append)
    listening.open()
    looked_until(listening, lambda: real.loaded == 2, "another one is loaded")
    looked_until(listening, lambda: listening.lost is None, "it hears")
    assert "has not answered" in listening.failures[0]
    released.set()
    assert late.wait(10)
    listening.close()
    assert heard == []


def test_one_that_always_fails_ends_the_session_in_words() -> None:
    def before(number: int) -> None:
        raise ValueError(f"no {number}")

    listening = Listening(Real(before), SENTENCES, lambda _: None)
    listening.open()
    with pytest.raises(RecogniserFailed, match="You can't be heard") as failed:
        looked_until(listening, lambda: False, "it gives up")
    assert "go on where you were" in failed.value.fix
    assert len(listening.failures) == MOST_FAILURES


def test_what_may_be_said_is_known_to_the_next_one_too() -> None:
    seen: list[Sentences] = []
    fails = [True]

    def make(sentences: Sentences) -> Ready:
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

        return Ready(Short(), lambda: None)

    others = VOCABULARY.everything
    listening = Listening(make, SENTENCES, lambda _: None)
    listening.open()
    listening.listen_for(others)
    looked_until(listening, lambda: len(listening.failures) == 1 and listening.lost is None, "it was replaced")
    assert seen[0] is SENTENCES
    assert seen[-1] is others
    listening.close()


def test_at_rest_blocks_are_taken_together_and_what_comes_between_keeps_its_place() -> None:
    done: list[tuple[int, float] | Sentences] = []
    begin = threading.Event()

    class Resting:
        at_rest = True

        def listen_for(self, sentences: Sentences) -> None:
            done.append(sentences)

        def accept(self, block: Samples, sounding: float) -> list[Utterance]:
            done.append((len(block), sounding))
            return []

        def flush(self) -> list[Utterance]:
            return []

    def make(_: Sentences) -> Ready:
        assert begin.wait(10)
        return Ready(Resting(), lambda: None)

    listening = Listening(make, SENTENCES, lambda _: None)
    listening.open()
    for number in range(6):
        listening.hear(SILENCE, float(number * BLOCK))
    others = VOCABULARY.everything
    listening.listen_for(others)
    for place in (6 * BLOCK, 9000, 9000 + BLOCK):  # sound was lost after the first of them
        listening.hear(SILENCE, float(place))
    begin.set()
    listening.close()
    assert done == [
        (4 * BLOCK, 0.0),
        (2 * BLOCK, 4.0 * BLOCK),
        others,
        (BLOCK, 6.0 * BLOCK),
        (2 * BLOCK, 9000.0),
    ]
