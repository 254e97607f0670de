from __future__ import annotations

import os
import sys
import tracemalloc
import wave
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.audio.files import WavWriter, read_recording, stream_recording
from assistant.audio.formats import BLOCK, RATE
from assistant.errors import FileUnwritable, RecordingUnreadable


def noise(count: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(-20_000, 20_000, count, np.int16)


def sine(hz: float, seconds: float, rate: int) -> np.ndarray:
    return 0.5 * np.sin(2 * np.pi * hz * np.arange(round(seconds * rate)) / rate)


@pytest.mark.parametrize("suffix", ["wav", "flac"])
def test_a_16_bit_mono_file_at_16_khz_comes_back_bit_for_bit(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    soundfile.write(path, noise(12_345), RATE)
    np.testing.assert_array_equal(read_recording(path), noise(12_345))


@pytest.mark.parametrize("suffix", ["wav", "flac", "ogg", "mp3"])
@pytest.mark.parametrize("rate", [8_000, 22_050, 44_100, 48_000])
@pytest.mark.parametrize("channels", [1, 2, 6])
def test_any_rate_and_channel_count_is_read_at_its_exact_length(
    tmp_path: Path, suffix: str, rate: int, channels: int
) -> None:
    if suffix == "mp3" and channels > 2:
        pytest.skip("MP3 has two channels at the most")
    path = tmp_path / f"a.{suffix}"
    soundfile.write(path, np.repeat(sine(440.0, 0.5, rate)[:, np.newaxis], channels, axis=1), rate)
    samples = read_recording(path)
    assert samples.dtype == np.int16
    assert len(samples) == round(round(0.5 * rate) * RATE / rate)
    middle = samples[2_000:6_000] / 32768.0
    lossy = suffix in ("ogg", "mp3")
    assert np.sqrt(np.mean(middle**2)) == pytest.approx(0.5 / np.sqrt(2), rel=0.2 if lossy else 0.001)
    assert np.abs(np.fft.rfft(middle)).argmax() == 440 * 4_000 // RATE


@pytest.mark.parametrize("subtype", ["PCM_24", "PCM_32", "FLOAT", "DOUBLE", "PCM_U8", "ULAW"])
def test_any_sample_format_is_read(tmp_path: Path, subtype: str) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, sine(440.0, 0.1, RATE), RATE, subtype=subtype)
    assert np.abs(read_recording(path) / 32768.0 - sine(440.0, 0.1, RATE)).max() < 0.02


def test_what_exceeds_full_scale_is_clipped_and_what_is_no_number_is_silence(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, np.array([2.0, -2.0, np.nan, np.inf, 0.5]), RATE, subtype="FLOAT")
    assert read_recording(path).tolist() == [32767, -32768, 0, 32767, 16384]


@settings(max_examples=30)
@given(count=st.integers(1, 40_000), block=st.integers(1, 5_000), rate=st.sampled_from([RATE, 11_025, 48_000]))
def test_streaming_gives_exact_blocks_which_together_are_the_whole(
    tmp_path_factory: pytest.TempPathFactory, count: int, block: int, rate: int
) -> None:
    path = tmp_path_factory.mktemp("stream") / "a.wav"
    soundfile.write(path, noise(count), rate)
    blocks = list(stream_recording(path, block))
    assert all(len(part) == block for part in blocks[:-1])
    np.testing.assert_array_equal(np.concatenate(blocks or [noise(0)]), read_recording(path))
    assert sum(map(len, blocks)) == int(count * RATE / rate + 0.5)


def test_streaming_ten_minutes_takes_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "long.wav"
    soundfile.write(path, np.zeros((600 * 24_000, 2), np.int16), 24_000)
    tracemalloc.start()
    count = sum(len(block) for block in stream_recording(path))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 600 * RATE
    assert peak < 2_000_000


def unreadable(path: Path) -> RecordingUnreadable:
    with pytest.raises(RecordingUnreadable) as caught:
        read_recording(path)
    assert str(path) in caught.value.what
    assert caught.value.fix
    return caught.value


def test_a_missing_recording_says_so(tmp_path: Path) -> None:
    assert unreadable(tmp_path / "none.wav").why == "No such file or directory."


def test_a_folder_is_no_recording(tmp_path: Path) -> None:
    assert unreadable(tmp_path).why == "It is a folder."


def test_a_device_is_no_recording() -> None:
    assert "device" in unreadable(Path(os.devnull)).why


def test_an_empty_file_is_no_recording(tmp_path: Path) -> None:
    (tmp_path / "a.wav").touch()
    assert unreadable(tmp_path / "a.wav").why == "The file is empty."


def test_a_sound_file_without_sound_is_no_recording(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", noise(0), RATE)
    assert "length is zero" in unreadable(tmp_path / "a.wav").why


@pytest.mark.parametrize("name", ["notes.txt", "a.wav", "a.raw", "a"])
def test_a_file_that_is_no_sound_is_named_and_a_way_out_given(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("one two three\n" * 50)
    error = unreadable(tmp_path / name)
    assert "no sound file" in error.why
    assert "ffmpeg" in error.fix


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="the administrator may read everything")
def test_a_file_that_may_not_be_read_says_so(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", noise(10), RATE)
    (tmp_path / "a.wav").chmod(0)
    assert unreadable(tmp_path / "a.wav").why == "Permission denied."


def test_a_flac_file_that_was_cut_off_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "a.flac"
    soundfile.write(path, noise(5 * RATE), RATE)
    path.write_bytes(path.read_bytes()[:80_000])
    assert "damaged" in unreadable(path).why


def test_a_header_that_claims_an_absurd_rate_is_damaged(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", noise(100), 3)
    assert "3 samples a second" in unreadable(tmp_path / "a.wav").why


def test_opening_fails_at_the_call_and_not_at_the_first_block(tmp_path: Path) -> None:
    with pytest.raises(RecordingUnreadable):
        stream_recording(tmp_path / "none.wav")


@pytest.mark.parametrize("shape", [(1_000,), (1_000, 2)])
def test_a_written_file_reads_back_as_it_was(tmp_path: Path, shape: tuple[int, ...]) -> None:
    samples = noise(2_000)[: int(np.prod(shape))].reshape(shape)
    with WavWriter(tmp_path / "a.wav", channels=2 if len(shape) == 2 else 1) as file:
        for first in range(0, 1_000, BLOCK):
            file.write(samples[first : first + BLOCK])
    read, rate = soundfile.read(tmp_path / "a.wav", dtype="int16")
    assert rate == RATE
    np.testing.assert_array_equal(read, samples)
    assert [path.name for path in tmp_path.iterdir()] == ["a.wav"]


def test_a_file_without_a_sample_is_a_valid_one(tmp_path: Path) -> None:
    with WavWriter(tmp_path / "a.wav"):
        pass
    with wave.open(str(tmp_path / "a.wav")) as file:
        assert file.getnframes() == 0


def test_after_an_exception_the_old_file_is_untouched_and_nothing_is_left_behind(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(b"RIFF: old")
    with pytest.raises(KeyboardInterrupt), WavWriter(path) as file:
        file.write(noise(100))
        assert path.read_bytes() == b"RIFF: old"
        raise KeyboardInterrupt
    assert path.read_bytes() == b"RIFF: old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.wav"]


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_behind_a_link_the_file_is_replaced_and_not_the_link(tmp_path: Path) -> None:
    (tmp_path / "real.wav").touch()
    (tmp_path / "link.wav").symlink_to("real.wav")
    with WavWriter(tmp_path / "link.wav") as file:
        file.write(noise(10))
    assert (tmp_path / "link.wav").is_symlink()
    assert len(read_recording(tmp_path / "real.wav")) == 10


@pytest.mark.parametrize("place", [".", "nowhere/a.wav", os.devnull, "x" * 300])
def test_a_place_that_cannot_be_written_is_refused_at_once(tmp_path: Path, place: str) -> None:
    with pytest.raises(FileUnwritable) as caught, WavWriter(tmp_path / place):
        pytest.fail("entered")
    assert caught.value.why
    assert caught.value.fix
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_another_kind_is_not_written_over(tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_bytes(b"Dear aunt,\n")
    with pytest.raises(FileUnwritable, match=r"letter\.txt"), WavWriter(letter):
        pass
    assert letter.read_bytes() == b"Dear aunt,\n"


def test_a_full_disk_is_reported_and_leaves_nothing_behind(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    signal = pytest.importorskip("signal")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, before[1]))  # a write beyond it fails as on a full disk
    try:
        with pytest.raises(FileUnwritable) as caught, WavWriter(tmp_path / "a.wav") as file:
            for _ in range(100):
                file.write(noise(1_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)
    assert "room on the disk" in caught.value.fix
    assert list(tmp_path.iterdir()) == []


def test_the_wrong_shape_or_type_is_refused(tmp_path: Path) -> None:
    with WavWriter(tmp_path / "a.wav", channels=2) as file:
        for wrong in (noise(10), np.zeros((10, 2))):
            with pytest.raises(ValueError, match="int16 of shape"):
                file.write(wrong)  # type: ignore[arg-type]  # that is what is tried
