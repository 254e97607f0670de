"""Sentences compiled into graphs of our own, decoded by the real libvosk with a model made for the test."""

from __future__ import annotations

import shutil
import stat
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.audio.formats import BLOCK, RATE, Samples, silence
from assistant.errors import ModelCorrupt, ModelMissing
from assistant.hearing.recogniser import Final
from assistant.hearing.vosk.compiled_sentences import ACOUSTIC, CompiledSentences, is_acoustic_model
from assistant.hearing.vosk.graph_cache import CHECKSUMS
from assistant.hearing.vosk.loaded_decoders import LOADED
from assistant.hearing.vosk.recogniser import VoskRecogniser
from assistant.hearing.vosk_model.graph_parts import Pronunciations
from assistant.hearing.vosk_model.phones import PronunciationMissing
from scripts.testbed.tiny_model import acoustic_model, sentences, speak, spelling

IDLE = sentences("start sciatic stretch", "start the lower back stretch", "which routines")
SESSION = sentences("stop", "next", "repeat", "pause it", "how long is left")


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return acoustic_model(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "graphs"


@pytest.fixture
def compiled(model: Path, cache: Path) -> Iterator[CompiledSentences]:
    yield (made := CompiledSentences(model, cache, filler_cost=2.0, pronounce=spelling))
    made.close()


def said(*texts: str) -> Samples:
    return np.concatenate([silence(0.35), *(part for text in texts for part in (speak(text), silence(0.9)))])


def finals(recogniser: VoskRecogniser, sound: Samples) -> list[Final]:
    heard = [t for at in range(0, len(sound), BLOCK) for t in recogniser.accept(sound[at : at + BLOCK])]
    return [transcript for transcript in [*heard, *recogniser.flush()] if isinstance(transcript, Final)]


def test_only_whole_sentences_come_out_and_the_rest_is_told_apart(compiled: CompiledSentences) -> None:
    recogniser = VoskRecogniser(compiled)
    recogniser.listen_for(SESSION)
    heard = finals(recogniser, said("stop", "how long is left", "zebra quilt", "pause it"))
    assert [final.text for final in heard if final.rejected is None] == ["stop", "how long is left", "pause it"]
    assert [final.rejected for final in heard].count("not a phrase") == 1


def test_what_is_listened_for_changes_from_one_utterance_to_the_next_and_within_one(
    compiled: CompiledSentences,
) -> None:
    recogniser = VoskRecogniser(compiled)
    recogniser.listen_for(IDLE)
    assert [final.text for final in finals(recogniser, said("start sciatic stretch"))] == ["start sciatic stretch"]
    sound = said("repeat")
    half = len(sound) // 3 // BLOCK * BLOCK
    begun = [t for at in range(0, half, BLOCK) for t in recogniser.accept(sound[at : at + BLOCK])]
    recogniser.listen_for(SESSION)
    assert [t for t in begun if isinstance(t, Final)] == []
    assert [final.text for final in finals(recogniser, sound[half:])] == ["repeat"]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.lists(st.integers(0, 110), min_size=1, max_size=3, unique=True), ahead=st.booleans())
def test_whenever_the_phase_changes_no_utterance_is_lost_or_heard_twice(
    compiled: CompiledSentences, at: list[int], ahead: bool
) -> None:
    """Before, within or behind what is taken in both phases; a block is 40 ms."""
    said_in_both = ("how long is left", "stop", "repeat")
    phases = [sentences(*said_in_both, "next"), sentences(*said_in_both, "pause it")]
    recogniser = VoskRecogniser(compiled)
    recogniser.listen_for(phases[0])
    sound = said(*said_in_both)
    assert len(sound) // BLOCK > 110
    heard: list[Final] = []
    for number in range(-(-len(sound) // BLOCK)):
        if number in at:
            phases.reverse()
            if ahead:
                recogniser.prepare(phases[0])
            recogniser.listen_for(phases[0])
        block = sound[number * BLOCK : (number + 1) * BLOCK]
        heard += [transcript for transcript in recogniser.accept(block) if isinstance(transcript, Final)]
    heard += recogniser.flush()
    assert [final.text for final in heard] == list(said_in_both)
    begins = 0.35
    for final, text in zip(heard, said_in_both, strict=True):
        assert final.start_s == pytest.approx(begins, abs=0.06)
        begins += len(speak(text)) / RATE + 0.9


def test_a_graph_is_compiled_once(model: Path, cache: Path, compiled: CompiledSentences) -> None:
    compiled.decoder_for(IDLE)
    (folder,) = cache.iterdir()
    made = (folder / "graph/HCLG.fst").stat().st_mtime_ns
    CompiledSentences(model, cache, filler_cost=2.0, pronounce=spelling).decoder_for(IDLE)
    assert [path.name for path in cache.iterdir()] == [folder.name]
    assert (folder / "graph/HCLG.fst").stat().st_mtime_ns == made
    CompiledSentences(model, cache, filler_cost=3.0, pronounce=spelling).decoder_for(IDLE)
    assert len(list(cache.iterdir())) == 2


@pytest.mark.parametrize("name", ["graph/HCLG.fst", "graph/words.txt", CHECKSUMS, ACOUSTIC])
def test_a_damaged_graph_is_made_anew(model: Path, cache: Path, name: str, compiled: CompiledSentences) -> None:
    compiled.decoder_for(SESSION)
    (folder,) = cache.iterdir()
    (folder / name).unlink()
    (folder / name).write_bytes(b"damaged")
    again = VoskRecogniser(CompiledSentences(model, cache, filler_cost=2.0, pronounce=spelling))
    again.listen_for(SESSION)
    assert [final.text for final in finals(again, said("next"))] == ["next"]


def test_processes_that_want_the_same_graph_at_the_same_time_all_get_it(model: Path, cache: Path) -> None:
    code = (
        "import sys\nfrom pathlib import Path\n"
        "from assistant.hearing.vosk.compiled_sentences import CompiledSentences\n"
        "from scripts.testbed.tiny_model import sentences, spelling\n"
        "made = CompiledSentences(Path(sys.argv[1]), Path(sys.argv[2]), filler_cost=2.0, pronounce=spelling)\n"
        "for number in range(8):\n"
        "    made.decoder_for(sentences('stop', *['next'] * (number % 2), *['repeat'] * number))\n"
    )
    command = [sys.executable, "-c", code, str(model), str(cache)]
    running = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(4)]
    for process in running:
        _, errors = process.communicate()
        assert process.returncode == 0, errors


def test_what_is_kept_is_for_the_user_alone_also_where_an_older_version_left_it_open(model: Path, cache: Path) -> None:
    cache.mkdir(mode=0o755)
    lock = cache.with_name(f".{cache.name}.lock")
    lock.touch(mode=0o644)
    CompiledSentences(model, cache, filler_cost=2.0, pronounce=spelling).decoder_for(IDLE)
    assert [stat.S_IMODE(path.stat().st_mode) for path in (cache, lock)] == [0o700, 0o600]


def test_a_graph_that_was_loaded_ahead_is_not_loaded_again(compiled: CompiledSentences, cache: Path) -> None:
    compiled.decoder_for(IDLE)
    ahead = threading.Thread(target=compiled.prepare, args=(SESSION,))
    ahead.start()
    ahead.join()
    shutil.rmtree(cache)
    recogniser = VoskRecogniser(compiled)
    recogniser.listen_for(SESSION)
    assert [final.text for final in finals(recogniser, said("next"))] == ["next"]
    assert not cache.exists()


def test_a_graph_that_is_being_loaded_is_waited_for(model: Path, cache: Path) -> None:
    """And not loaded twice, nor is what another thread fails at taken for loaded."""
    asked, go_on, wrong = threading.Event(), threading.Event(), [True]

    def slowly(words: Iterable[str]) -> Pronunciations:
        asked.set()
        assert go_on.wait(60.0)
        if wrong.pop():
            raise PronunciationMissing("No.", "It is said so.", "Ask again.")
        wrong.append(False)
        return spelling(words)

    made = CompiledSentences(model, cache, filler_cost=None, pronounce=slowly)
    failed: list[Exception] = []

    def ahead() -> None:
        try:
            made.prepare(SESSION)
        except PronunciationMissing as error:
            failed.append(error)

    thread = threading.Thread(target=ahead)
    thread.start()
    assert asked.wait(60.0)
    go_on.set()
    thread.join()
    assert len(failed) == 1
    wrong.append(False)
    with ThreadPoolExecutor(4) as pool:
        found = set(pool.map(made.decoder_for, [SESSION] * 4))
    assert len(found) == 1
    made.close()


def test_what_is_in_use_stays_loaded_however_much_is_loaded_ahead(compiled: CompiledSentences) -> None:
    """Its recogniser would be another one, and what was being said into it forgotten."""
    recogniser = VoskRecogniser(compiled)
    recogniser.listen_for(SESSION)
    for word in ("left", "right", "yes", "no")[: LOADED + 2]:
        compiled.prepare(sentences(word))
    assert compiled.decoder_for(SESSION) is compiled.decoder_for(SESSION)
    sound = said("how long is left")
    half = len(sound) // 3 // BLOCK * BLOCK
    heard = [t for at in range(0, half, BLOCK) for t in recogniser.accept(sound[at : at + BLOCK])]
    compiled.prepare(IDLE)
    recogniser.listen_for(SESSION)
    assert not [t for t in heard if isinstance(t, Final)]
    assert [final.text for final in finals(recogniser, sound[half:])] == ["how long is left"]


def test_few_graphs_stay_loaded_and_any_number_works(compiled: CompiledSentences) -> None:
    recogniser = VoskRecogniser(compiled)
    words = ("left", "right", "yes", "no", "ready", "back", "go")
    assert len(words) > LOADED
    for word in (*words, *words):
        recogniser.listen_for(sentences(word, "help"))
        assert [final.text for final in finals(recogniser, said(word))] == [word]


@pytest.mark.parametrize("name", ["am/final.mdl", "conf/mfcc.conf", "conf/model.conf", "phones.txt"])
def test_an_altered_model_is_refused_before_libvosk_sees_it(tmp_path: Path, name: str) -> None:
    folder = acoustic_model(tmp_path / "model")
    content = (folder / name).read_bytes()
    (folder / name).write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(ModelCorrupt) as caught:
        CompiledSentences(folder, tmp_path / "graphs")
    assert name in caught.value.why
    (folder / name).unlink()
    with pytest.raises((ModelCorrupt, ModelMissing)):
        CompiledSentences(folder, tmp_path / "graphs")


def test_a_folder_without_phones_is_another_kind_of_model(tmp_path: Path) -> None:
    assert not is_acoustic_model(tmp_path)
    with pytest.raises(ModelMissing):
        CompiledSentences(tmp_path, tmp_path / "graphs")
