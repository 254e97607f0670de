from __future__ import annotations

import errno
import os
import socket
from pathlib import Path

import pytest

from assistant.errors import AssistantError, DownloadFailed, FileUnwritable, ModelCorrupt
from assistant.fetching.downloading import download, may_ask
from assistant.fetching.part_file import PartFile
from assistant.version import VERSION
from scripts.testbed.archives import TINY, tiny_model
from scripts.testbed.model_server import Behaviour, ModelServer, Reply, answering, redirecting

HALF = 70_000


def part_in(folder: Path, url: str) -> PartFile:
    return PartFile(folder / "tiny-model.zip.part", tiny_model(url))


def downloaded(folder: Path, url: str, timeout_s: float = 10.0) -> list[tuple[int, int]]:
    """Download; what progress was told."""
    told: list[tuple[int, int]] = []
    download(tiny_model(url), part_in(folder, url), lambda *numbers: told.append(numbers), timeout_s)
    assert part_in(folder, url).path.read_bytes() == TINY
    return told


def fails(folder: Path, url: str, kind: type[AssistantError] = DownloadFailed, timeout_s: float = 10.0) -> str:
    """Download in vain; why."""
    with pytest.raises(kind) as caught:
        download(tiny_model(url), part_in(folder, url), lambda *_: None, timeout_s)
    assert type(caught.value) is kind
    assert all("\n" not in line and line.isprintable() and line for line in caught.value.lines())
    return caught.value.why


def keep_half(folder: Path, server: ModelServer) -> None:
    server.next(server.cut_after(HALF))
    assert "ended after 70,000 of" in fails(folder, server.url)
    assert part_in(folder, server.url).path.read_bytes() == TINY[:HALF]
    server.asked.clear()


def test_the_whole_file_is_fetched_and_progress_told(tmp_path: Path, server: ModelServer) -> None:
    told = downloaded(tmp_path, server.url)
    assert told == sorted(told)
    assert (told[0], told[-1]) == ((0, len(TINY)), (len(TINY), len(TINY)))
    (asked,) = server.asked
    assert (asked.path, asked.range, asked.agent) == ("/tiny-model.zip", None, f"stretch-assistant/{VERSION}")


def test_after_a_cut_connection_only_the_rest_is_asked_for(tmp_path: Path, server: ModelServer) -> None:
    keep_half(tmp_path, server)
    assert downloaded(tmp_path, server.url)[0] == (HALF, len(TINY))
    assert [(asked.range, asked.if_range) for asked in server.asked] == [(f"bytes={HALF}-", server.etag)]


def test_without_a_tag_the_rest_is_asked_for_without_a_condition(tmp_path: Path, server: ModelServer) -> None:
    server.etag = 'W/"weak"'
    keep_half(tmp_path, server)
    downloaded(tmp_path, server.url)
    assert [(asked.range, asked.if_range) for asked in server.asked] == [(f"bytes={HALF}-", None)]


def test_a_file_that_has_changed_on_the_server_is_fetched_whole(tmp_path: Path, server: ModelServer) -> None:
    keep_half(tmp_path, server)
    server.etag = '"two"'
    assert downloaded(tmp_path, server.url)[0] == (0, len(TINY))
    assert len(server.asked) == 1


def test_a_server_that_knows_no_ranges_sends_all_again(tmp_path: Path, server: ModelServer) -> None:
    keep_half(tmp_path, server)
    server.always(server.whole)
    assert downloaded(tmp_path, server.url)[0] == (0, len(TINY))
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "answer",
    [
        answering(416),
        answering(416, Content_Range="bytes */7"),
        answering(206, TINY[HALF:]),
        answering(206, TINY, Content_Range=f"bytes 0-{len(TINY) - 1}/{len(TINY)}"),
        answering(206, TINY[HALF:], Content_Range=f"bytes {HALF}-{len(TINY) - 1}/{len(TINY) + 1}"),
        answering(206, TINY[HALF:], Content_Range="nonsense"),
    ],
    ids=["416", "416-with-length", "no-range", "from-the-start", "another-length", "nonsense"],
)
def test_where_there_is_no_such_rest_all_is_asked_for(tmp_path: Path, server: ModelServer, answer: Behaviour) -> None:
    keep_half(tmp_path, server)
    server.next(answer)
    downloaded(tmp_path, server.url)
    assert [asked.range for asked in server.asked] == [f"bytes={HALF}-", None]


def test_a_rest_of_a_file_of_unknown_length_is_taken(tmp_path: Path, server: ModelServer) -> None:
    keep_half(tmp_path, server)
    server.next(answering(206, TINY[HALF:], Content_Range=f"bytes {HALF}-{len(TINY) - 1}/*"))
    downloaded(tmp_path, server.url)
    assert len(server.asked) == 1


@pytest.mark.parametrize("status", [206, 416])
def test_a_rest_that_nobody_asked_for_makes_no_sense(tmp_path: Path, server: ModelServer, status: int) -> None:
    server.always(answering(status))
    assert f"status {status}" in fails(tmp_path, server.url)
    assert len(server.asked) == 1


@pytest.mark.parametrize("change", [-1, 1])
def test_a_file_of_another_length_is_not_the_model(tmp_path: Path, server: ModelServer, change: int) -> None:
    server.next(answering(200, b"", Content_Length=len(TINY) + change))
    assert "another file" in fails(tmp_path, server.url, ModelCorrupt)
    assert list(tmp_path.iterdir()) == []


def test_an_answer_of_the_wrong_length_leaves_what_is_kept(tmp_path: Path, server: ModelServer) -> None:
    keep_half(tmp_path, server)
    server.next(answering(200, b"Please log in.", Content_Length=14))
    fails(tmp_path, server.url, ModelCorrupt)
    assert part_in(tmp_path, server.url).kept() == HALF


def test_more_than_the_model_is_not_read_to_its_end(tmp_path: Path, server: ModelServer) -> None:
    server.next(answering(200, TINY + b"x" * 1_000_000))
    assert "more than its" in fails(tmp_path, server.url, ModelCorrupt)
    assert list(tmp_path.iterdir()) == []


def test_less_than_the_model_without_a_promise_is_a_cut_connection(tmp_path: Path, server: ModelServer) -> None:
    server.next(answering(200, TINY[:-1]))
    assert "ended after" in fails(tmp_path, server.url)
    downloaded(tmp_path, server.url)


@pytest.mark.parametrize(
    ("status", "words"),
    [(404, "404, Not Found"), (410, "410, Gone"), (403, "403"), (429, "429"), (500, "500, Internal"), (599, "599")],
)
def test_a_refusal_is_told_and_what_is_kept_stays(tmp_path: Path, server: ModelServer, status: int, words: str) -> None:
    keep_half(tmp_path, server)
    server.next(answering(status, b"x" * len(TINY)))
    assert words in fails(tmp_path, server.url)
    downloaded(tmp_path, server.url)
    assert server.asked[-1].range == f"bytes={HALF}-"


@pytest.mark.parametrize("status", [204, 226, 304])
def test_other_answers_make_no_sense(tmp_path: Path, server: ModelServer, status: int) -> None:
    server.next(answering(status))
    assert f"status {status}" in fails(tmp_path, server.url)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirection_is_followed(tmp_path: Path, server: ModelServer, status: int) -> None:
    server.next(redirecting("/moved.zip", status))
    downloaded(tmp_path, server.url)
    assert [asked.path for asked in server.asked] == ["/tiny-model.zip", "/moved.zip"]


@pytest.mark.parametrize(
    "to",
    [
        "http://model.invalid/tiny-model.zip",
        "http://127.0.0.1.model.invalid/",
        "http://127.0.0.1@model.invalid/",
        "ftp://127.0.0.1/tiny-model.zip",
        "file:///etc/passwd",
        "data:text/plain,evil",
        "http://[broken/",
    ],
)
def test_a_redirection_out_of_encryption_or_to_files_is_refused(tmp_path: Path, server: ModelServer, to: str) -> None:
    server.next(redirecting(to))
    why = fails(tmp_path, server.url)
    assert "without encryption" in why or "makes no sense" in why
    assert len(server.asked) == 1
    assert list(tmp_path.iterdir()) == []


def test_redirections_without_end_are_not_followed_for_ever(tmp_path: Path, server: ModelServer) -> None:
    server.always(redirecting("/round.zip"))
    assert "without end" in fails(tmp_path, server.url)
    assert len(server.asked) == 6


def test_a_redirection_to_nowhere_is_told(tmp_path: Path, server: ModelServer) -> None:
    server.next(redirecting("https:///nowhere.zip"))
    assert "no host given" in fails(tmp_path, server.url)


def test_a_silent_server_is_given_up(tmp_path: Path, server: ModelServer) -> None:
    server.always(server.silent)
    assert "sends nothing" in fails(tmp_path, server.url, timeout_s=0.1)


def test_a_server_that_falls_silent_leaves_what_it_sent(tmp_path: Path, server: ModelServer) -> None:
    half, told = server.cut_after(HALF), [0]

    def falls_silent(reply: Reply) -> None:
        half(reply)
        server.silent(reply)

    server.next(falls_silent)
    with pytest.raises(DownloadFailed, match="could not be fetched") as caught:
        download(tiny_model(server.url), part_in(tmp_path, server.url), lambda done, _: told.append(done), 0.2)
    assert "sends nothing" in caught.value.why
    assert part_in(tmp_path, server.url).kept() == told[-1]


def test_where_no_server_listens_the_host_takes_no_connection(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: refused, and nobody else can take the port
        assert "takes no connection" in fails(tmp_path, f"http://127.0.0.1:{taken.getsockname()[1]}/")


def test_a_server_that_hangs_up_at_once_is_told(tmp_path: Path, server: ModelServer) -> None:
    server.next(lambda reply: None)
    assert "127.0.0.1" in fails(tmp_path, server.url)


def test_a_server_that_speaks_something_else_is_told(tmp_path: Path, server: ModelServer) -> None:
    server.next(lambda reply: reply.wfile.write(b"\x1b[2J SSH-2.0 hello\r\n"))
    assert "can't be read" in fails(tmp_path, server.url)


def test_a_server_without_a_valid_certificate_is_not_believed(tmp_path: Path, server: ModelServer) -> None:
    assert "127.0.0.1" in fails(tmp_path, server.url.replace("http:", "https:"))
    assert server.asked == []


@pytest.mark.parametrize(
    "scheme_and_host", ["http://model.invalid/", "file:///etc/passwd", "ftp://127.0.0.1/", "", "//127.0.0.1/x"]
)
def test_an_address_that_is_not_https_is_not_asked(tmp_path: Path, scheme_and_host: str) -> None:
    assert "without encryption" in fails(tmp_path, scheme_and_host)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "[::1]", "localhost"])
def test_plain_http_is_for_this_machine_only(host: str) -> None:
    assert may_ask(f"http://{host}:80/x", local=True)
    assert not may_ask(f"http://{host}:80/x", local=False)
    assert may_ask("https://model.invalid/x", local=False)


def test_a_proxy_that_refuses_is_told(tmp_path: Path, server: ModelServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("https_proxy", "HTTPS_PROXY"):
        monkeypatch.setenv(name, server.base)
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    assert "Tunnel connection failed: 501" in fails(tmp_path, "https://model.invalid/tiny-model.zip")


def test_what_is_whole_already_asks_nobody(tmp_path: Path, server: ModelServer) -> None:
    downloaded(tmp_path, server.url)
    server.asked.clear()
    assert downloaded(tmp_path, server.url) == [(len(TINY), len(TINY))]
    assert server.asked == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_a_full_disk_is_told(tmp_path: Path, server: ModelServer) -> None:
    part_in(tmp_path, server.url).path.symlink_to("/dev/full")
    assert fails(tmp_path, server.url, FileUnwritable) == "The disk is full."


def test_what_came_before_the_disk_refused_is_kept(tmp_path: Path, server: ModelServer) -> None:
    resource = pytest.importorskip("resource")
    signal = pytest.importorskip("signal")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (HALF, before[1]))
    try:
        assert os.strerror(errno.EFBIG) in fails(tmp_path, server.url, FileUnwritable)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)
    assert downloaded(tmp_path, server.url)[0] == (HALF, len(TINY))


@pytest.mark.parametrize(
    "notes", [b"", b"[]", b"{}", b"\xff", b'{"sha256": 1}', b'{"sha256": "' + b"0" * 64 + b'"}', b"[" * 4096]
)
def test_bytes_of_which_nobody_knows_the_archive_are_not_gone_on_from(
    tmp_path: Path, server: ModelServer, notes: bytes
) -> None:
    keep_half(tmp_path, server)
    (tmp_path / "tiny-model.zip.part.json").write_bytes(notes)
    downloaded(tmp_path, server.url)
    assert [asked.range for asked in server.asked] == [None]


def test_a_part_longer_than_the_whole_is_not_gone_on_from(tmp_path: Path, server: ModelServer) -> None:
    keep_half(tmp_path, server)
    part_in(tmp_path, server.url).path.write_bytes(TINY + b"x")
    downloaded(tmp_path, server.url)
    assert [asked.range for asked in server.asked] == [None]
