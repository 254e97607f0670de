"""PocketSphinx for real: people's voices, synthetic ones, words that no dictionary has, and sound that is no speech."""

from __future__ import annotations

import itertools
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assistant.audio.files import read_recording
from assistant.audio.formats import BLOCK, Samples, silence
from assistant.hearing.listener import Listener, Utterance
from assistant.hearing.recogniser import Final, Partial
from assistant.loop.vocabulary import Vocabulary
from scripts.testbed.speech import SPEECH, speech_index
from tests.dialogues.world import ROUTINES, VOCABULARY
from tests.needs import needs_people

pytest.importorskip("pocketsphinx", reason="an extra, with wheels for some Pythons only")

from assistant.hearing.pocketsphinx import PocketSphinxRecogniser

COMMANDS = {"stop", "repeat", "go", "start", "help", "yes", "no"}


def blocks(sound: Samples) -> Iterator[Samples]:
    padded = np.concatenate([silence(0.3), sound, silence(1.0)])
    for at in range(0, len(padded), BLOCK):
        yield padded[at : at + BLOCK]


def heard(listener: Listener, sound: Samples) -> list[Utterance]:
    return [utterance for block in blocks(sound) for utterance in listener.accept(block)]


def spoken(folder: Path, words: str, voice: str = "en-us") -> Samples:
    path = folder / "spoken.wav"
    if voice == "flite":
        subprocess.run(["flite", "-voice", "slt", "-t", words, "-o", path], check=True)
    else:
        subprocess.run(["espeak-ng", "-v", voice, "-s", "140", "-w", path, words], check=True)
    return read_recording(path)


@pytest.fixture
def listener() -> Iterator[Listener]:
    recogniser = PocketSphinxRecogniser()
    yield Listener(recogniser, VOCABULARY.everything, quick=())
    recogniser.close()


@needs_people
def test_at_least_95_percent_of_peoples_isolated_commands_are_right(listener: Listener) -> None:
    rows = [row for row in speech_index() if row["path"].startswith("an4/") and row["transcript"] in COMMANDS]
    wrong = []
    for row in rows:
        wanted = VOCABULARY.everything.match(row["transcript"])
        got = [u.command.intent for u in heard(listener, read_recording(SPEECH / row["path"])) if u.command]
        if wanted is None or got != [wanted.intent]:
            wrong.append((row["path"], row["transcript"], got))
    assert len(rows) > 50
    assert len(wrong) <= 0.05 * len(rows), wrong


@pytest.mark.parametrize("voice", ["en-us", "en-gb", "en-us+f3", "flite"])
def test_synthetic_voices_are_understood(listener: Listener, tmp_path: Path, voice: str) -> None:
    for words, intent in (
        ("start sciatic stretch", "StartRoutine"),
        ("start lower back stretch", "StartRoutine"),
        ("how long left", "HowLong"),
    ):
        got = heard(listener, spoken(tmp_path, words, voice))
        assert [u.command.intent for u in got if u.command] == [intent], (words, got)


def test_a_routine_named_with_a_word_that_no_dictionary_has_can_be_started(tmp_path: Path) -> None:
    routine = replace(ROUTINES["sciatic-nerve"], names=("zorbafit",), key="mine")
    recogniser = PocketSphinxRecogniser()
    listener = Listener(recogniser, Vocabulary([*ROUTINES.values(), routine]).everything)
    got = heard(listener, spoken(tmp_path, "start zorbafit stretch"))
    recogniser.close()
    assert [u.command.slots for u in got if u.command] == [{"routine": "mine"}]


def test_partials_come_before_the_final_and_times_are_the_streams(tmp_path: Path) -> None:
    recogniser = PocketSphinxRecogniser()
    recogniser.listen_for(VOCABULARY.everything.usual().graph())
    sound = np.concatenate([silence(2.0), spoken(tmp_path, "start lower back stretch"), silence(1.0)])
    transcripts = [t for at in range(0, len(sound), BLOCK) for t in recogniser.accept(sound[at : at + BLOCK])]
    recogniser.close()
    finals = [t for t in transcripts if isinstance(t, Final)]
    assert [final.text for final in finals] == ["start lower back stretch"]
    assert any(isinstance(t, Partial) and t.text for t in transcripts)
    assert isinstance(transcripts[0], Partial)
    words = finals[0].words
    assert 1.9 <= words[0].start_s < 2.4
    assert all(earlier.end_s <= later.start_s + 0.011 for earlier, later in itertools.pairwise(words))


def test_a_change_of_grammar_in_mid_utterance_loses_nothing(tmp_path: Path) -> None:
    recogniser = PocketSphinxRecogniser()
    recogniser.listen_for(VOCABULARY.named("idle").graph())
    sound = spoken(tmp_path, "stop")
    padded = np.concatenate([silence(0.3), sound, silence(1.0)])
    half = (len(sound) // 2) // BLOCK * BLOCK + round(0.3 * 16000)
    transcripts = list(recogniser.accept(padded[:half]))
    recogniser.listen_for(VOCABULARY.named("holding").graph())
    transcripts += recogniser.accept(padded[half:])
    recogniser.close()
    assert [t.text for t in transcripts if isinstance(t, Final)] == ["stop"]


@pytest.mark.parametrize("gain", [0.08, 0.3, 1.0, 8.0])
def test_quiet_and_clipped_speech_with_an_offset_is_understood(listener: Listener, tmp_path: Path, gain: float) -> None:
    sound = spoken(tmp_path, "start sciatic stretch").astype(np.float64) * gain + 300 * min(gain, 1.0)
    got = heard(listener, np.clip(sound, -32768, 32767).astype(np.int16))
    assert [u.text for u in got if u.command] == ["start sciatic stretch"]


def test_silence_and_steady_noise_are_no_commands(listener: Listener) -> None:
    rng = np.random.default_rng(1)
    hiss = rng.normal(0, 30, 5 * 16000).astype(np.int16)
    for sound in (silence(5.0), hiss):
        assert [u for u in heard(listener, sound) if u.command] == []


def test_words_said_slowly_stay_one_utterance(listener: Listener, tmp_path: Path) -> None:
    gap = silence(0.22)
    parts = [spoken(tmp_path, word) for word in ("start", "sciatic", "stretch")]
    trimmed = [part[np.flatnonzero(np.abs(part) > 300)[0] : np.flatnonzero(np.abs(part) > 300)[-1]] for part in parts]
    got = heard(listener, np.concatenate([trimmed[0], gap, trimmed[1], gap, trimmed[2]]))
    assert [u.text for u in got if u.command] == ["start sciatic stretch"]


def test_an_utterance_at_the_very_end_is_flushed(tmp_path: Path) -> None:
    recogniser = PocketSphinxRecogniser()
    recogniser.listen_for(VOCABULARY.everything.usual().graph())
    sound = spoken(tmp_path, "stop")
    sound = sound[: np.flatnonzero(np.abs(sound) > 200)[-1]]
    assert not [t for t in recogniser.accept(np.concatenate([silence(0.3), sound])) if isinstance(t, Final)]
    assert [final.text for final in recogniser.flush()] == ["stop"]
    recogniser.close()
