import os
import stat
import sys
from pathlib import Path

import numpy as np
import pytest

from assistant.audio.formats import Samples
from assistant.voice.cache import ClipCache

SAMPLES = np.array([0, 1, -1, 32767, -32768], np.int16)
FILE_BYTES = 7 + 32 + 2 * len(SAMPLES)


def kept(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


def load(cache: ClipCache, *made_from: str | int) -> list[int] | None:
    samples: Samples | None = cache.load(*made_from)
    return None if samples is None else samples.tolist()


def test_what_was_stored_is_there_in_the_next_run(tmp_path: Path) -> None:
    ClipCache(tmp_path / "clips").store(SAMPLES, "espeak-ng", 160, "Hello.")
    assert load(ClipCache(tmp_path / "clips"), "espeak-ng", 160, "Hello.") == SAMPLES.tolist()


def test_an_empty_clip_is_kept_too(tmp_path: Path) -> None:
    cache = ClipCache(tmp_path)
    cache.store(SAMPLES[:0], "–")
    assert load(cache, "–") == []


@pytest.mark.parametrize(
    "other", [("espeak-ng", 161, "Hello."), ("espeak-ng", 160, "Hello"), ("espeak-n", "g160", "Hello.")]
)
def test_anything_else_is_another_clip(tmp_path: Path, other: tuple[str | int, ...]) -> None:
    cache = ClipCache(tmp_path)
    cache.store(SAMPLES, "espeak-ng", 160, "Hello.")
    assert load(cache, *other) is None


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions")
def test_folder_and_files_are_for_the_user_alone(tmp_path: Path) -> None:
    ClipCache(tmp_path / "clips").store(SAMPLES, "Hello.")
    (file,) = kept(tmp_path / "clips")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "clips").stat().st_mode) == 0o700


@pytest.mark.parametrize(
    "damage",
    [lambda whole: b"", lambda whole: whole[:-2], lambda whole: whole[:-1] + b"?", lambda whole: b"?" + whole[1:]],
    ids=["empty", "cut", "altered", "another-format"],
)
def test_a_damaged_file_is_ignored_and_can_be_written_again(tmp_path: Path, damage: object) -> None:
    cache = ClipCache(tmp_path)
    cache.store(SAMPLES, "Hello.")
    (file,) = kept(tmp_path)
    assert callable(damage)
    file.write_bytes(damage(file.read_bytes()))
    assert load(cache, "Hello.") is None
    cache.store(SAMPLES, "Hello.")
    assert load(cache, "Hello.") == SAMPLES.tolist()


def test_where_no_folder_can_be_made_nothing_is_kept(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    cache = ClipCache(tmp_path / "file" / "clips")
    cache.store(SAMPLES, "Hello.")
    assert load(cache, "Hello.") is None


def test_on_a_full_disk_nothing_is_kept_and_nothing_half_written_stays(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    cache = ClipCache(tmp_path)
    cache.store(SAMPLES, "Hello.")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES, before[1]))
    try:
        cache.store(np.zeros(10_000, np.int16), "Too long.")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert len(kept(tmp_path)) == 1
    assert load(cache, "Hello.") == SAMPLES.tolist()


def test_beyond_the_limit_those_go_that_were_not_used_for_longest(tmp_path: Path) -> None:
    cache = ClipCache(tmp_path, limit_bytes=10 * FILE_BYTES)
    for number in range(10):
        cache.store(SAMPLES, number)
        os.utime(max(kept(tmp_path), key=lambda path: path.stat().st_mtime), (number, number))
    assert load(cache, 0) is not None  # used again
    cache.store(SAMPLES, 10)
    assert [number for number in range(11) if load(cache, number) is None] == [1, 2]


def test_the_limit_counts_what_earlier_runs_kept(tmp_path: Path) -> None:
    for number in range(10):
        ClipCache(tmp_path, limit_bytes=4 * FILE_BYTES).store(SAMPLES, number)
    assert len(kept(tmp_path)) <= 4


def test_what_a_killed_assistant_left_is_cleared_away(tmp_path: Path) -> None:
    for name, age in [(".old.partial", 0), (".new.partial", None)]:
        (tmp_path / name).write_bytes(b"half")
        if age is not None:
            os.utime(tmp_path / name, (age, age))
    ClipCache(tmp_path).store(SAMPLES, "Hello.")
    assert [path.name for path in kept(tmp_path) if path.suffix == ".partial"] == [".new.partial"]
