"""What is heard beside what was said: counted by the command that is meant, with intervals, model beside model."""

from __future__ import annotations

from collections import Counter
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from assistant.audio.formats import RATE
from assistant.hearing.vosk_model import Bypass, Layer, Network, PhoneOutputs
from assistant.hearing.vosk_model.kaldi import acoustic_model_bytes
from scripts.benchmarks.engines import OURS, Engine
from scripts.benchmarks.hearing.measuring import NOTHING, Score, measure
from scripts.benchmarks.hearing.natural import CONTRARY, NATIVE, TAUGHT, TAUGHT_CLOSED, WITHIN_CARRIERS, natural_sets
from scripts.benchmarks.hearing.runs import Row, frames_ahead, kept_and_new
from scripts.benchmarks.hearing.table import Measure, wilson, word_rows
from scripts.benchmarks.recordings import Item, RecordingSet, one_of
from scripts.benchmarks.trust_recordings import spoken_sound
from scripts.testbed.product import our_model, own_vocabulary
from scripts.testbed.rooms import level
from scripts.train_model.synthesis import SyntheticUtterance


def network(*offsets: tuple[int, ...]) -> bytes:
    """A model whose layers look at these frames; the last adds what the first gives."""
    layers = tuple(
        Layer(
            f"layer{n}",
            np.ones((2, 2 * len(each)), np.float32),
            np.zeros(2, np.float32),
            each,
            bypass=Bypass("layer0", 0.5) if 0 < n == len(offsets) - 1 else None,
        )
        for n, each in enumerate(offsets)
    )
    return acoustic_model_bytes([PhoneOutputs(1, 0, 1)], Network(2, layers))


@pytest.mark.parametrize(
    ("offsets", "ahead"),
    [(((0,),), 0), (((-1, 0, 1), (-3, 0), (0, 3)), 4), (((-2, 2), (-6, -3)), 2), (((-2, 0), (-6, -3)), 0)],
)
def test_words_wait_for_what_the_network_looks_at(offsets: tuple[tuple[int, ...], ...], ahead: int) -> None:
    assert frames_ahead(network(*offsets)) == ahead


@pytest.fixture
def voices(tmp_path: Path) -> Path:
    """Two voices that are kept for judging, one of them with an accent, say something each."""
    (tmp_path / "kokoro").mkdir()
    lines: list[str] = []
    for name, text in (("af_bella", "stop"), ("jm_kumo", "wait"), ("af_bella", "right next then"), ("jm_kumo", "left")):
        path = f"kokoro/{name}-{len(lines)}.flac"
        sound = np.random.default_rng(len(lines)).normal(0, 0.1, RATE // 2)
        soundfile.write(tmp_path / path, sound, RATE)
        lines.append(f"{path}\t{name}\t{text}.\n")
    (tmp_path / "index-0.tsv").write_text("".join(lines))
    return tmp_path


def test_what_natural_voices_say_is_measured_in_its_phase_clean_in_noise_and_from_afar(voices: Path) -> None:
    hiss = np.random.default_rng(9).normal(0, 1_000, RATE).astype(np.int16)
    sets = [found for found in natural_sets(voices, [hiss], 10.0) if found.items]
    heard = {(found.name, item.text, item.contrary) for found in sets for item in found.items}
    conditions = ("", ", 10 dB", ", 3 m")
    assert heard >= {
        *((f"{NATIVE}{each}", "stop", None) for each in conditions),
        *((f"our commands, foreign accents{each}", "wait", None) for each in conditions),
        *((name, text, None) for name in (TAUGHT, TAUGHT_CLOSED) for text in ("stop", "wait", "left")),
        (WITHIN_CARRIERS, "right next then", None),
        (CONTRARY, "left", "right"),
    }
    for found in sets:
        for item in found.items:
            assert level(item.sound()) > 100
            if isinstance(found.grammar, str):
                assert own_vocabulary().named(found.grammar).match(item.means or item.text)


def test_nothing_comes_of_voices_that_are_not_there(tmp_path: Path) -> None:
    assert not any(found.items for found in natural_sets(tmp_path / "nowhere", [], 10.0))


def spoken(text: str, said: str | None = None, means: str | None = None, contrary: str | None = None) -> Item:
    """A machine's voice says it; it may be marked as something else."""
    sound = partial(spoken_sound, SyntheticUtterance("espeak-ng", "en-us", text, words_a_minute=140))
    return Item(sound, said or text, means=means, contrary=contrary)


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """The product with its own model."""
    return Engine(OURS, our_model(), tmp_path)


def test_what_counts_in_a_phase_is_the_command_that_is_meant(engine: Engine) -> None:
    items = [spoken("stop"), spoken("stop now please", means="stop"), spoken("it hurts", said="next")]
    score = measure(engine, RecordingSet("", "", "holding", items))
    assert score.said == {"stop": 1, "stop now please": 1, "next": 1}
    assert score.right == {"stop": 1, "stop now please": 1, "next": 0}
    assert score.confused == {("next", "it hurts"): 1}


def test_contraries_count_where_they_would_steer(engine: Engine) -> None:
    items = [
        spoken("it hurts", said="it doesn't hurt", contrary="it hurts"),
        spoken("it doesn't hurt", contrary="it hurts"),
        spoken("it hurts", contrary="it doesn't hurt"),  # which is no command: nothing can go wrong
    ]
    measured = Measure(CONTRARY, "", {"ours": measure(engine, RecordingSet("", "", "holding", items))})
    assert measured.counted("ours") == (1, 2)
    assert measured.met_by("ours") is False


def test_in_a_closed_grammar_every_word_counts(engine: Engine) -> None:
    items = [spoken("stop"), spoken("next", said="left"), spoken("umbrella", said="right")]
    score = measure(engine, RecordingSet("", "", one_of(["stop", "next", "left", "right"]), items))
    assert score.right == {"stop": 1, "left": 0, "right": 0}
    assert ("left", "next") in score.confused
    assert score.rejected == 1


@given(of=st.integers(1, 2_000), data=st.data())
def test_the_interval_holds_the_share_and_shrinks_with_more_of_it(of: int, data: st.DataObject) -> None:
    count = data.draw(st.integers(0, of))
    low, high = wilson(count, of)
    assert 0 <= low <= count / of <= high <= 1
    more_low, more_high = wilson(4 * count, 4 * of)
    assert more_high - more_low < high - low
    assert wilson(of - count, of) == pytest.approx((1 - high, 1 - low))


def test_the_interval_is_wilsons() -> None:
    assert wilson(0, 10) == pytest.approx((0.0, 0.2775), abs=1e-3)
    assert wilson(81, 100) == pytest.approx((0.7222, 0.8749), abs=1e-3)


def test_words_that_miss_their_target_are_told_with_what_they_were_taken_for() -> None:
    confused = Counter({("left", "lift"): 2, ("left", f"{NOTHING} unsure"): 1})
    score = Score(Counter(left=10, stop=10, why=10), Counter(left=7, stop=10, why=10), confused)
    rows = list(word_rows(score, Score(Counter(left=10), Counter(left=9))))
    assert rows == [("why", "10", "1.00", "–", "", ""), ("left", "10", "0.70", "0.90", "unsure 1", "lift 2")]


def test_a_model_measured_anew_takes_its_rows_place_and_keeps_what_else_was_known_of_it() -> None:
    before: list[Row] = [
        {"name": "a", "about": "the first", "size_mb": 1, "figures": {TAUGHT: [1, 2], NATIVE: [3, 4], "old": [5, 6]}},
        {"name": "b", "about": "it", "figures": {}},
    ]
    new: list[Row] = [
        {"name": "a", "about": "", "size_mb": 2, "figures": {NATIVE: [4, 4]}},
        {"name": "c", "about": "new", "figures": {}},
    ]
    rows = kept_and_new(before, new)
    assert [(row["name"], row["about"]) for row in rows] == [("a", "the first"), ("b", "it"), ("c", "new")]
    assert rows[0]["size_mb"] == 2
    assert rows[0]["figures"] == {TAUGHT: [1, 2], NATIVE: [4, 4]}
