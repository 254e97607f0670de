"""WAV files of crashed recorders and odd coders are heard to their end; what isn't read says what to do."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile

from assistant.audio.files import read_recording
from assistant.audio.formats import RATE, Samples
from assistant.audio.wav_header import unfinished
from assistant.errors import RecordingUnreadable

UNKNOWN_LENGTHS = [0, 0xFFFFFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFDB, 0x7FFFF000]


def tone(seconds: float = 1.0) -> Samples:
    times = np.arange(round(seconds * RATE)) / RATE
    return np.round(8000 * np.sin(2 * np.pi * 440 * times)).astype(np.int16)


def chunks_of(content: bytes) -> list[tuple[bytes, bytes]]:
    found, at = [], 12
    while at + 8 <= len(content):
        name, length = struct.unpack_from("<4sI", content, at)
        found.append((name, content[at + 8 : at + 8 + length]))
        at += 8 + length + length % 2
    return found


def rewritten(path: Path, chunks: list[tuple[bytes, bytes]], data_length: int | None = None) -> Path:
    body = b"WAVE"
    for name, content in chunks:
        length = len(content) if name != b"data" or data_length is None else data_length
        body += struct.pack("<4sI", name, length) + content + b"\0" * (len(content) % 2)
    path.write_bytes(struct.pack("<4sI", b"RIFF", 0 if data_length is not None else len(body)) + body)
    return path


@pytest.mark.parametrize("length", UNKNOWN_LENGTHS)
@pytest.mark.parametrize("subtype", ["PCM_16", "PCM_24", "FLOAT", "ULAW", "IMA_ADPCM", "MS_ADPCM", "GSM610"])
def test_what_lies_behind_an_unfinished_header_is_heard_to_the_end(tmp_path: Path, length: int, subtype: str) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, tone(), RATE, subtype=subtype)
    whole = read_recording(path)
    heard = read_recording(rewritten(path, chunks_of(path.read_bytes()), length))
    assert abs(len(heard) - len(whole)) <= 2048, "to a block of ADPCM"
    np.testing.assert_array_equal(heard[: RATE // 2], whole[: RATE // 2])


@pytest.mark.parametrize("subtype", ["IMA_ADPCM", "MS_ADPCM"])
@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("rate", [8000, 16_000, 44_100])
@pytest.mark.parametrize("told", [None, 0, 7, 505])
def test_adpcm_is_read_whatever_it_tells_of_its_blocks(
    tmp_path: Path, subtype: str, channels: int, rate: int, told: int | None
) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, np.column_stack([tone()] * channels), rate, subtype=subtype)
    whole = read_recording(path)
    chunks = dict(chunks_of(path.read_bytes()))
    coding = chunks[b"fmt "]
    more = b"" if told is None else struct.pack("<HH", 2, told)
    chunks[b"fmt "] = coding[:16] + more
    chunks.pop(b"fact")
    heard = read_recording(rewritten(path, list(chunks.items())))
    np.testing.assert_array_equal(heard[: len(whole)], whole)


def test_a_header_that_is_well_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    for subtype in ("PCM_16", "IMA_ADPCM", "ULAW"):
        soundfile.write(path, tone(), RATE, subtype=subtype)
        assert unfinished(path) is None
    soundfile.write(path, tone()[:0], RATE)
    with pytest.raises(RecordingUnreadable, match="cannot be read"):
        read_recording(path)
    path.write_bytes(path.read_bytes() + struct.pack("<4sI", b"LIST", 4) + b"abcd")
    assert unfinished(path) is None, "no sound, and another chunk behind it"
    path.write_bytes(b"RIFF\0\0\0\0WAVEdata\0\0\0\0sound without a word on how")
    with pytest.raises(RecordingUnreadable):
        read_recording(path)


@pytest.mark.parametrize(
    ("begin", "named"),
    [
        (b"\0\0\0\x20ftypM4A ", "M4A"),
        (b"\0\0\0\x18ftyp3gp4", "3GP"),
        (b"#!AMR\n", "AMR"),
        (b"#!AMR-WB\n", "AMR"),
        (b"\x1aE\xdf\xa3", "WebM"),
        (b"0&\xb2u\x8ef\xcf\x11", "WMA"),
        (b"\xff\xf1P\x80", "AAC"),
        (b"wvpk", "WavPack"),
    ],
)
def test_what_phones_record_is_refused_by_its_name_with_what_to_do(tmp_path: Path, begin: bytes, named: str) -> None:
    path = tmp_path / "a.m4a"
    path.write_bytes(begin + bytes(range(256)) * 8)
    with pytest.raises(RecordingUnreadable) as refused:
        read_recording(path)
    assert named in refused.value.why
    assert refused.value.fix == f"Type: ffmpeg -i {path} out.wav"


@pytest.mark.parametrize(
    ("place", "form", "value"),
    [(22, "<H", 0), (22, "<H", 0xFFFF), (24, "<I", 0), (24, "<I", 0xFFFF_FFFF), (12, "<4s", b"fmt_"), (36, None, 0)],
    ids=["no-channels", "too-many", "no-rate", "no-such-rate", "no-format", "cut"],
)
def test_a_header_that_can_not_be_is_told_as_damaged(
    tmp_path: Path, place: int, form: str | None, value: object
) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, tone(), RATE)
    content = bytearray(path.read_bytes())
    if form is None:
        del content[place - 8 :]
    else:
        struct.pack_into(form, content, place, value)
    path.write_bytes(content)
    with pytest.raises(RecordingUnreadable) as refused:
        read_recording(path)
    assert "damaged" in refused.value.why
    assert "ffmpeg" not in refused.value.fix
