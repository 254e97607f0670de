import contextlib
import io
import stat
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.fetching.unpacking import ArchiveRefused, Limits, unpack
from scripts.testbed.archives import FILES, HOSTILE, NAME, TINY, in_folder, with_central, zipped

SMALL = zipped(in_folder({"README": b"tiny\n" * 20, "am/a": b"a", "am/b": bytes(range(200))}))


def held(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def refused(archive: bytes, folder: Path, limits: Limits | None = None) -> str:
    with pytest.raises(ArchiveRefused) as caught:
        unpack(io.BytesIO(archive), folder, limits or Limits())
    return caught.value.why


def test_a_good_archive_is_unpacked_without_its_outermost_folder(tmp_path: Path) -> None:
    unpack(io.BytesIO(TINY), tmp_path / "out")
    assert held(tmp_path / "out") == FILES


def test_folders_may_be_listed_too_and_empty_ones_are_made(tmp_path: Path) -> None:
    listed = zipped({f"{NAME}/": b"", f"{NAME}/am/": b"", f"{NAME}/am/a": b"a", f"{NAME}/none/": b""}, mode=0)
    unpack(io.BytesIO(listed), tmp_path / "out")
    assert held(tmp_path / "out") == {"am/a": b"a"}
    assert (tmp_path / "out" / "none").is_dir()


def test_what_is_unpacked_is_no_program_and_its_folder_is_for_the_user_alone(tmp_path: Path) -> None:
    unpack(io.BytesIO(zipped(in_folder({"a": b"#!"}), mode=stat.S_IFREG | 0o6777)), tmp_path / "out")
    assert stat.S_IMODE((tmp_path / "out" / "a").stat().st_mode) & 0o7111 == 0
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o700


@pytest.mark.parametrize("kind", HOSTILE)
def test_an_archive_that_may_do_harm_is_refused_and_nothing_lands_outside(tmp_path: Path, kind: str) -> None:
    (tmp_path / "deep").mkdir()
    why = refused(HOSTILE[kind], tmp_path / "deep" / "out")
    assert why.isprintable()
    assert why.isascii()
    assert [path.name for path in tmp_path.rglob("*") if "out" not in path.parts] == ["deep"]


JUDGED_BY_ITS_LISTING = set(HOSTILE) - {
    "longer than it says",
    "shorter than it says",
    "wrong checksum",
    "damaged",
}


@pytest.mark.parametrize("kind", sorted(JUDGED_BY_ITS_LISTING))
def test_what_the_listing_gives_away_is_refused_before_anything_is_written(tmp_path: Path, kind: str) -> None:
    refused(HOSTILE[kind], tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("limits", "why"),
    [
        (Limits(entries=2), "3 entries, more than 2"),
        (Limits(file_bytes=99_999), "longer than 99999 bytes"),
        (Limits(total_bytes=150_000), "more than 150000 bytes"),
    ],
)
def test_an_archive_beyond_a_limit_is_refused_before_anything_is_written(
    tmp_path: Path, limits: Limits, why: str
) -> None:
    assert why in refused(TINY, tmp_path / "out", limits)
    assert list(tmp_path.iterdir()) == []


def test_a_bomb_that_says_it_is_small_writes_no_more_than_it_says(tmp_path: Path) -> None:
    bomb = with_central(zipped(in_folder({"zeros": bytes(20_000_000)})), 24, "<I", 1_000)
    assert len(bomb) < 30_000
    refused(bomb, tmp_path / "out")
    assert sum(map(len, held(tmp_path / "out").values())) <= 1_000


def test_a_folder_that_is_there_is_not_written_into(tmp_path: Path) -> None:
    with pytest.raises(FileExistsError):
        unpack(io.BytesIO(TINY), tmp_path)
    assert list(tmp_path.iterdir()) == []


def unpacked_or_refused(archive: bytes) -> None:
    with tempfile.TemporaryDirectory() as around:
        with contextlib.suppress(ArchiveRefused, OSError):
            unpack(io.BytesIO(archive), Path(around) / "out", Limits(file_bytes=10_000, total_bytes=20_000))
        assert {path.name for path in Path(around).iterdir()} <= {"out"}


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_an_archive_or_refused(archive: bytes) -> None:
    unpacked_or_refused(archive)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(SMALL) - 1), st.integers(0, 255)), min_size=1, max_size=6))
def test_an_archive_with_any_bytes_altered_is_unpacked_or_refused(changes: list[tuple[int, int]]) -> None:
    altered = bytearray(SMALL)
    for at, value in changes:
        altered[at] = value
    unpacked_or_refused(bytes(altered))


names = st.lists(st.sampled_from(["..", ".", "", "a", "A", "aux", "\\", "C:", NAME, "b "]), min_size=1, max_size=4)


@settings(max_examples=150, deadline=None)
@given(st.lists(names.map("/".join).filter(bool), min_size=1, max_size=4, unique=True))
def test_whatever_the_names_are_nothing_lands_outside(files: list[str]) -> None:
    unpacked_or_refused(zipped(dict.fromkeys(files, b"x"), mode=0))
