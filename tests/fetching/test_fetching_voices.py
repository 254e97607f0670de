"""A voice is fetched as two files; what goes wrong on the way leaves either the whole voice or none."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from assistant.errors import AssistantError, DownloadFailed, FileUnwritable, ModelCorrupt
from assistant.fetching.voices import fetch_voice, fetched_voice
from assistant.voice.natural import chosen, natural_voices
from models import Voice
from scripts.testbed.model_server import ModelServer, Reply, answering

NAME = "en_GB-tiny-low"
SPEAKS = bytes(range(256)) * 500
CONFIG = b"{}" * 40
FILES = {f"{NAME}.onnx": SPEAKS, f"{NAME}.onnx.json": CONFIG}
HALF = len(SPEAKS) // 2


@pytest.fixture
def voice(server: ModelServer) -> Voice:
    """A tiny one, whose two files this server has."""

    def either(reply: Reply) -> None:
        server.archive = CONFIG if reply.path.endswith(".json") else SPEAKS
        server.properly(reply)

    server.always(either)
    digests = [hashlib.sha256(content).hexdigest() for content in (SPEAKS, CONFIG)]
    return Voice(NAME, f"{server.base}/{NAME}.onnx", len(SPEAKS), digests[0], "CC0-1.0", len(CONFIG), digests[1])


def fetched(voice: Voice, folder: Path) -> list[int]:
    """Fetch it; how far progress said it was."""
    told: list[int] = []
    assert fetch_voice(voice, folder, lambda done, _: told.append(done), timeout_s=10.0) == folder / f"{NAME}.onnx"
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix != ".lock"} == FILES
    return told


def fails(voice: Voice, folder: Path, kind: type[AssistantError]) -> str:
    """Fetch it in vain; why. No voice is there then."""
    with pytest.raises(kind) as caught:
        fetch_voice(voice, folder, lambda *_: None, timeout_s=10.0)
    assert not natural_voices([folder]).get(NAME)
    return caught.value.why


def test_a_voice_that_was_fetched_is_found_by_its_name_and_by_its_speakers(tmp_path: Path, voice: Voice) -> None:
    fetched(voice, tmp_path / "data" / "voices")
    for name in (NAME, "tiny", "Tiny"):
        assert chosen(name, [tmp_path / "data" / "voices"]) == str(tmp_path / "data" / "voices" / f"{NAME}.onnx")


def test_what_is_there_is_not_fetched_again(tmp_path: Path, voice: Voice, server: ModelServer) -> None:
    assert fetched_voice(voice, tmp_path) is None
    fetched(voice, tmp_path)
    server.asked.clear()
    assert fetched(voice, tmp_path) == []
    assert fetched_voice(voice, tmp_path) == tmp_path / f"{NAME}.onnx"
    assert server.asked == []


@pytest.mark.parametrize("file", FILES)
def test_a_damaged_file_is_fetched_again_and_the_other_is_not(
    tmp_path: Path, voice: Voice, server: ModelServer, file: str
) -> None:
    fetched(voice, tmp_path)
    server.asked.clear()
    (tmp_path / file).write_bytes(b"?")
    assert fetched_voice(voice, tmp_path) is None
    fetched(voice, tmp_path)
    assert [asked.path for asked in server.asked] == [f"/{file}"]


def test_after_a_cut_connection_only_the_rest_is_asked_for(tmp_path: Path, voice: Voice, server: ModelServer) -> None:
    server.next(answering(200, CONFIG), lambda reply: reply.send(200, SPEAKS[:HALF], Content_Length=len(SPEAKS)))
    assert "ended after" in fails(voice, tmp_path, DownloadFailed)
    server.asked.clear()
    assert fetched(voice, tmp_path)[0] == HALF
    assert [asked.range for asked in server.asked] == [f"bytes={HALF}-"]


@pytest.mark.parametrize("which", [0, 1], ids=["config", "model"])
def test_altered_bytes_are_no_voice(tmp_path: Path, voice: Voice, server: ModelServer, which: int) -> None:
    bad = [answering(200, CONFIG), answering(200, SPEAKS)]
    bad[which] = answering(200, b"?" + (SPEAKS if which else CONFIG)[1:])
    server.next(*bad[: which + 1])
    assert "checksum" in fails(voice, tmp_path, ModelCorrupt)
    assert not list(tmp_path.glob("*.part"))
    fetched(voice, tmp_path)


@pytest.mark.parametrize("which", [0, 1], ids=["config", "model"])
def test_a_refusal_is_told_and_the_next_attempt_goes_on(
    tmp_path: Path, voice: Voice, server: ModelServer, which: int
) -> None:
    server.next(*[answering(200, CONFIG), answering(404)][1 - which :])
    assert "404" in fails(voice, tmp_path, DownloadFailed)
    fetched(voice, tmp_path)


def test_a_folder_that_cannot_be_written_is_told_in_words_that_fit_a_voice(tmp_path: Path, voice: Voice) -> None:
    (tmp_path / "voices").write_text("in the way")
    with pytest.raises(FileUnwritable, match="What was fetched can't be kept in"):
        fetch_voice(voice, tmp_path / "voices", lambda *_: None)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
@pytest.mark.parametrize("file", FILES)
def test_a_full_disk_is_told_and_once_there_is_room_it_goes_on(tmp_path: Path, voice: Voice, file: str) -> None:
    part = tmp_path / f"{file}.part"
    part.symlink_to("/dev/full")
    assert fails(voice, tmp_path, FileUnwritable) == "The disk is full."
    part.unlink()
    fetched(voice, tmp_path)


def test_a_folder_in_place_of_a_voices_file_is_told(tmp_path: Path, voice: Voice) -> None:
    (tmp_path / f"{NAME}.onnx").mkdir()
    fails(voice, tmp_path, FileUnwritable)
