"""Models side by side: what is compared is what was said, and costs stand in one measure."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from assistant.audio.formats import RATE
from assistant.hearing.vosk_model import Bypass, Layer, Network, PhoneOutputs
from assistant.hearing.vosk_model.kaldi import acoustic_model_bytes
from scripts.benchmarks.models import Row, frames_ahead, kept_and_new, natural_sets
from scripts.testbed.rooms import level


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
    for name, text in (("af_bella", "stop"), ("af_bella", "start my sciatic stretch"), ("jm_kumo", "wait")):
        path = f"kokoro/{name}-{len(lines)}.flac"
        sound = np.random.default_rng(len(lines)).normal(0, 0.1, RATE // 2)
        soundfile.write(tmp_path / path, sound, RATE)
        lines.append(f"{path}\t{name}\t{text}.\n")
    (tmp_path / "index-0.tsv").write_text("".join(lines))
    return tmp_path


def test_natural_voices_are_heard_clean_in_noise_and_from_afar(voices: Path) -> None:
    hiss = np.random.default_rng(9).normal(0, 1_000, RATE).astype(np.int16)
    sets = list(natural_sets(voices, [hiss]))
    heard = {(found.name, item.text) for found in sets for item in found.items}
    conditions = ("", ", 10 dB", ", 3 m")
    assert heard == {
        *((f"natural, native{each}", text) for each in conditions for text in ("stop", "start my sciatic stretch")),
        *((f"natural, foreign accents{each}", "wait") for each in conditions),
    }
    for found in sets:
        for item in found.items:
            assert found.graph.accepts(item.text.split())
            assert level(item.sound()) > 100


def test_a_model_measured_anew_takes_its_rows_place_and_keeps_what_else_was_known_of_it() -> None:
    before: list[Row] = [
        {"name": "a", "about": "the first", "size_mb": 1, "figures": {"x": [1, 2], "y": [3, 4]}, "confused": {}},
        {"name": "b", "about": "it", "figures": {}, "confused": {}},
    ]
    new: list[Row] = [
        {"name": "a", "about": "", "size_mb": 2, "figures": {"y": [4, 4]}, "confused": {}},
        {"name": "c", "about": "new", "figures": {}, "confused": {}},
    ]
    rows = kept_and_new(before, new)
    assert [(row["name"], row["about"]) for row in rows] == [("a", "the first"), ("b", "it"), ("c", "new")]
    assert rows[0]["size_mb"] == 2
    assert rows[0]["figures"] == {"x": [1, 2], "y": [4, 4]}
