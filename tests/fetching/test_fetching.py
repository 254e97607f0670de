from __future__ import annotations

import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import DownloadFailed, FileUnwritable, ModelCorrupt, UsageError
from assistant.fetching.models import fetch_model, fetched_model, models_folder
from assistant.fetching.named import named
from assistant.home import folders
from models import MODELS, VOICES
from scripts.testbed.archives import FILES, HOSTILE, NAME, TINY, in_folder, tiny_model, zipped
from scripts.testbed.model_server import Behaviour, ModelServer, answering

RECEIPT = "fetched.json"
HALF = 70_000


def fetched(server: ModelServer, destination: Path) -> list[int]:
    """Fetch the tiny model; how far progress said it was."""
    told: list[int] = []
    folder = fetch_model(tiny_model(server.url), destination, lambda done, _: told.append(done), timeout_s=10.0)
    assert folder == destination / NAME
    assert held(folder) == FILES
    assert names_in(destination) == [".fetching.lock", NAME]
    return told


def held(folder: Path) -> dict[str, bytes]:
    found = {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    found.pop(RECEIPT, None)
    return found


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def make_earlier(destination: Path) -> Path:
    folder = destination / NAME
    (folder / "am").mkdir(parents=True)
    (folder / "am" / "final.mdl").write_bytes(b"earlier")
    return folder


def test_a_model_is_fetched_unpacked_and_for_the_user_alone(tmp_path: Path, server: ModelServer) -> None:
    fetched(server, tmp_path / "data" / "models")
    for folder in ("data", "data/models", f"data/models/{NAME}"):
        assert stat.S_IMODE((tmp_path / folder).stat().st_mode) == 0o700


def test_what_is_there_is_not_fetched_again(tmp_path: Path, server: ModelServer) -> None:
    fetched(server, tmp_path)
    server.asked.clear()
    assert fetched(server, tmp_path) == []
    assert server.asked == []


def test_a_file_that_was_added_to_a_model_does_no_harm(tmp_path: Path, server: ModelServer) -> None:
    fetched(server, tmp_path)
    (tmp_path / NAME / "notes.txt").write_text("mine")
    assert fetched_model(tiny_model(server.url), tmp_path) == tmp_path / NAME


@pytest.mark.parametrize(
    "damage",
    [
        lambda folder: (folder / "am" / "final.mdl").write_bytes(b"altered"),
        lambda folder: (folder / "README").unlink(),
        lambda folder: (folder / RECEIPT).unlink(),
        lambda folder: (folder / RECEIPT).write_bytes(b"\xff"),
        lambda folder: (folder / RECEIPT).write_text("[]"),
        lambda folder: (folder / RECEIPT).write_text('{"archive_sha256": "0", "files": {}}'),
    ],
    ids=["altered", "missing", "no-receipt", "bad-receipt", "strange-receipt", "receipt-of-another"],
)
def test_a_damaged_model_is_replaced(tmp_path: Path, server: ModelServer, damage: Callable[[Path], object]) -> None:
    fetched(server, tmp_path)
    damage(tmp_path / NAME)
    assert fetched(server, tmp_path)[-1] == len(TINY)


def test_a_model_from_elsewhere_is_replaced(tmp_path: Path, server: ModelServer) -> None:
    make_earlier(tmp_path)
    fetched(server, tmp_path)


def test_a_file_or_a_link_in_place_of_the_model_is_replaced_and_what_it_leads_to_stays(
    tmp_path: Path, server: ModelServer
) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / NAME).write_text("a file")
    fetched(server, tmp_path / "a")
    elsewhere = make_earlier(tmp_path / "elsewhere")
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / NAME).symlink_to(elsewhere)
    fetched(server, tmp_path / "b")
    assert held(elsewhere) == {"am/final.mdl": b"earlier"}


def test_what_a_killed_fetch_was_unpacking_is_cleared_away(tmp_path: Path, server: ModelServer) -> None:
    (tmp_path / ".unpacking" / "fresh").mkdir(parents=True)
    (tmp_path / ".unpacking" / "fresh" / "half").write_bytes(b"half")
    fetched(server, tmp_path)


def test_an_altered_archive_is_not_unpacked_and_not_asked_for_twice(tmp_path: Path, server: ModelServer) -> None:
    server.archive = TINY[:HALF] + b"?" + TINY[HALF + 1 :]
    with pytest.raises(ModelCorrupt, match="What was sent is not tiny-model") as caught:
        fetch_model(tiny_model(server.url), tmp_path, lambda *_: None)
    assert "checksum" in caught.value.why
    assert names_in(tmp_path) == [".fetching.lock"]
    assert len(server.asked) == 1


@pytest.mark.parametrize("bad_bytes", [HALF, len(TINY)], ids=["in-part", "whole"])
def test_where_what_was_kept_was_bad_it_starts_again_once(tmp_path: Path, server: ModelServer, bad_bytes: int) -> None:
    stop_at(bad_bytes, tmp_path, server)
    (tmp_path / f"{NAME}.zip.part").write_bytes(b"?" * bad_bytes)
    server.asked.clear()
    told = fetched(server, tmp_path)
    assert told[-1] == len(TINY)
    assert server.asked[-1].range is None


def stop_at(count: int, destination: Path, server: ModelServer) -> None:
    """Fetch until a Ctrl-C at this byte at the earliest."""

    def stop(done: int, _: int) -> None:
        if done >= count:
            raise KeyboardInterrupt

    server.next(server.cut_after(count))
    with pytest.raises(KeyboardInterrupt):
        fetch_model(tiny_model(server.url), destination, stop)
    assert (destination / f"{NAME}.zip.part").stat().st_size == count


def test_a_stopped_fetch_goes_on_where_it_stopped(tmp_path: Path, server: ModelServer) -> None:
    stop_at(HALF, tmp_path, server)
    assert fetched(server, tmp_path)[0] == HALF
    assert server.asked[-1].range == f"bytes={HALF}-"


@pytest.mark.parametrize("answer", [answering(404), answering(500), answering(416), answering(200, b"x")])
def test_a_failed_download_leaves_an_earlier_model_as_it_was(
    tmp_path: Path, server: ModelServer, answer: Behaviour
) -> None:
    earlier = make_earlier(tmp_path)
    server.always(answer)
    with pytest.raises((DownloadFailed, ModelCorrupt)):
        fetch_model(tiny_model(server.url), tmp_path, lambda *_: None)
    assert held(earlier) == {"am/final.mdl": b"earlier"}


@pytest.mark.parametrize("kind", sorted(set(HOSTILE) - {"nothing"}))
def test_a_hostile_archive_is_refused_and_an_earlier_model_stays(
    tmp_path: Path, server: ModelServer, kind: str
) -> None:
    server.archive = HOSTILE[kind]
    destination = tmp_path / "data" / "models"
    earlier = make_earlier(destination)
    with pytest.raises(ModelCorrupt):
        fetch_model(tiny_model(server.url, HOSTILE[kind]), destination, lambda *_: None)
    assert held(earlier) == {"am/final.mdl": b"earlier"}
    assert names_in(destination) == [".fetching.lock", NAME]
    assert names_in(tmp_path) == ["data"]
    assert names_in(tmp_path / "data") == ["models"]


def test_an_archive_with_a_receipt_of_its_own_is_refused(tmp_path: Path, server: ModelServer) -> None:
    server.archive = zipped(in_folder({"a": b"a", RECEIPT: b"{}"}))
    with pytest.raises(ModelCorrupt):
        fetch_model(tiny_model(server.url, server.archive), tmp_path, lambda *_: None)
    assert names_in(tmp_path) == [".fetching.lock"]


@contextmanager
def another_process_fetching_into(destination: Path) -> Iterator[None]:
    code = (
        "import fcntl, sys; lock = open(sys.argv[1], 'ab'); fcntl.flock(lock, fcntl.LOCK_EX);"
        "print('locked', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(destination / ".fetching.lock")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"locked\n"
        yield
        process.kill()


def test_two_processes_do_not_fetch_into_one_folder(tmp_path: Path, server: ModelServer) -> None:
    with another_process_fetching_into(tmp_path):
        with pytest.raises(DownloadFailed) as caught:
            fetch_model(tiny_model(server.url), tmp_path, lambda *_: None)
        assert "Another process" in caught.value.why
        assert server.asked == []
    fetched(server, tmp_path)


def test_a_file_in_place_of_the_folder_is_told(tmp_path: Path, server: ModelServer) -> None:
    (tmp_path / "data").write_text("in the way")
    for destination in (tmp_path / "data", tmp_path / "data" / "models"):
        with pytest.raises(FileUnwritable, match="can't be kept") as caught:
            fetch_model(tiny_model(server.url), destination, lambda *_: None)
        assert "Not a directory" in caught.value.why or "File exists" in caught.value.why
    assert server.asked == []


def test_where_unpacking_fails_for_the_disk_the_archive_and_an_earlier_model_are_kept(
    tmp_path: Path, server: ModelServer
) -> None:
    earlier = make_earlier(tmp_path)
    (tmp_path / ".unpacking").write_text("in the way")
    with pytest.raises(FileUnwritable):
        fetch_model(tiny_model(server.url), tmp_path, lambda *_: None)
    assert held(earlier) == {"am/final.mdl": b"earlier"}
    (tmp_path / ".unpacking").unlink()
    server.asked.clear()
    fetched(server, tmp_path)
    assert server.asked == []


@settings(max_examples=40, deadline=None)
@given(kept=st.integers(0, len(TINY)), bad=st.booleans(), ranges=st.booleans(), etag=st.sampled_from(['"one"', "W/x"]))
def test_whatever_was_kept_of_the_archive_the_fetch_ends_with_the_right_model(
    kept: int, bad: bool, ranges: bool, etag: str
) -> None:
    with tempfile.TemporaryDirectory() as folder, ModelServer(TINY) as server:
        server.etag = etag
        stop_at(kept, Path(folder), server)
        if bad:
            (Path(folder) / f"{NAME}.zip.part").write_bytes(b"?" * kept)
        if not ranges:
            server.always(server.whole)
        fetched(server, Path(folder))


def test_what_is_fetched_where_nothing_is_named_is_the_first_model() -> None:
    assert named() is named(next(iter(MODELS)))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("vosk-small-en", "vosk-model-small-en-us-0.15"),
        ("alna", "en_GB-alba-medium"),
        ("joe-medium", "en_US-joe-medium"),
    ],
)
def test_a_name_close_to_a_known_one_is_led_to_it(typed: str, meant: str) -> None:
    with pytest.raises(UsageError) as caught:
        named(typed)
    assert caught.value.fix == f"Type: stretch-assistant fetch-model {meant}"


@pytest.mark.parametrize("typed", ["alba", "ALBA", "en_GB-alba-medium", "en_gb-alba-medium"])
def test_a_voice_is_named_by_its_speaker_too(typed: str) -> None:
    assert named(typed) is VOICES["en_GB-alba-medium"]


def test_models_go_to_the_users_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(folders.HOME_VARIABLE, str(tmp_path))
    assert models_folder() == tmp_path / "data" / "models"
