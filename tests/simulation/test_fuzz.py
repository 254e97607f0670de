"""Whatever is read or typed: only an `AssistantError` comes out. `scripts/bench fuzz` does twenty thousand of each."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.audio.files import read_recording
from assistant.errors import SentencesInvalid
from assistant.home_hub.reception import Reply
from assistant.loop.vocabulary import users_sentences
from assistant.screen.doors import Doors
from scripts.simulation.fuzz import READERS, damaged, read, samples


@pytest.mark.parametrize("reader", READERS)
def test_damaged_input_is_refused_in_words_or_taken(reader: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp(reader)

    @settings(max_examples=200, deadline=None)
    @given(st.integers(0, 2**40))
    def any_damage(seed: int) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("error", RuntimeWarning)
            read(reader, damaged(reader, seed), folder)

    any_damage()


@pytest.mark.parametrize(
    ("reader", "part"), [("request", (Doors, "is_own_address")), ("satellite", (Reply, "__init__"))]
)
def test_what_goes_wrong_in_the_thread_of_a_server_is_a_defect(
    reader: str, part: tuple[type, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("of this test")

    monkeypatch.setattr(*part, fail)
    with pytest.raises(Exception, match=r"of this test|exception"):
        read(reader, samples(reader)[2], tmp_path)


def test_floats_that_are_no_sound_are_read_as_what_can_be_played(tmp_path: Path) -> None:
    wild = np.array([0.5, np.nan, np.inf, -np.inf, 3e38, -3e38, 0.25], np.float32)
    soundfile.write(tmp_path / "wild.wav", np.stack([wild, wild], axis=1), 16_000, subtype="FLOAT")
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        found = read_recording(tmp_path / "wild.wav")
    assert found.tolist() == [16_384, 0, 32_767, -32_768, 32_767, -32_768, 8_192]


@pytest.mark.parametrize("language", ["- " * 300, "../../../etc/passwd", "en/../fr", "x"])
def test_a_language_is_no_path(tmp_path: Path, language: str) -> None:
    path = tmp_path / "orders.yaml"
    sentences = "intents:\n  It:\n    data:\n      - sentences: ['{0..9:n} cups']\n"
    path.write_text(f"language: '{language}'\n{sentences}", encoding="utf-8")
    with pytest.raises(SentencesInvalid):
        users_sentences(path)


def test_a_sentence_may_be_longer_than_pythons_stack_is_deep(tmp_path: Path) -> None:
    path = tmp_path / "orders.yaml"
    words = "word " * 3000
    path.write_text(f"language: en\nintents:\n  It:\n    data:\n      - sentences: ['{words}']\n", encoding="utf-8")
    sentences = users_sentences(path)
    assert (command := sentences.match(words.strip())) is not None
    assert command.intent == "It"
    assert sentences.leads_to("word word") == {"It"}
