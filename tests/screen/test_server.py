"""The screen's server over real HTTP: closed doors, a state that is complete, and clients that behave badly."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
from collections.abc import Iterator
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path

import pytest

from assistant.errors import ScreenUnavailable
from assistant.loop.publisher import Publisher
from assistant.screen.doors import COOKIE, Doors
from assistant.screen.handler import LONGEST_BODY, READ_TIMEOUT_S, Shown
from assistant.screen.server import MOST_CONNECTIONS, MOST_SCREENS, SAID_AT_ONCE, ScreenServer, certificate
from tests.certificates import make_certificate
from tests.screen.running import LETTER, NOT_HERE, OK, TOKEN, Running, publisher


@pytest.fixture
def running() -> Iterator[Running]:
    """A server of one's own."""
    running = Running()
    with running.start(), running.publisher:
        yield running


@pytest.fixture(scope="module")
def kept_running() -> Iterator[Running]:
    running = Running()
    with running.start(), running.publisher:
        yield running


@pytest.fixture
def shared(kept_running: Running) -> Running:
    """A server for tests that leave nothing behind: nobody has said anything for long."""
    kept_running.now += 100.0
    kept_running.said.clear()
    return kept_running


def saying(publisher: Publisher, text: str) -> None:
    publisher({"kind": "saying", "t": 1.0, "line": "step.movement", "text": text})


def test_the_link_becomes_a_cookie_and_the_cookie_opens_the_page(shared: Running) -> None:
    status, headers, _ = shared.ask(path=f"/?t={TOKEN}", Cookie=None)
    assert (status, headers["Location"]) == (HTTPStatus.SEE_OTHER, "/")
    cookie, *marks = headers["Set-Cookie"].split("; ")
    assert cookie == f"{COOKIE}={TOKEN}"
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(marks)
    assert "Secure" not in marks
    status, headers, body = shared.ask(Cookie=cookie)
    assert (status, body.decode()) == (OK, LETTER)
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Content-Type-Options"] == "nosniff"
    rules = headers["Content-Security-Policy"]
    assert rules.startswith("default-src 'none'; script-src 'self'; style-src")
    assert "http:" not in rules
    assert "unsafe" not in rules
    status, headers, body = shared.ask(Accept_Encoding="gzip, br")
    assert headers["Content-Encoding"] == "gzip"


@pytest.mark.parametrize(
    "path", ["/", "/events", "/figures.json", "/nothing", "/?t=", "/?t=wrong", f"/events?t={TOKEN}"]
)
@pytest.mark.parametrize("cookie", [None, f"{COOKIE}=wrong", f"{COOKIE}=", f"other={TOKEN}", f"{COOKIE}", "ÿ;;=;"])
def test_without_the_token_there_is_nothing(shared: Running, path: str, cookie: str | None) -> None:
    status, headers, body = shared.ask(path=path, Cookie=cookie)
    assert status == NOT_HERE
    assert b"Open the link" in body
    assert "Set-Cookie" not in headers
    assert TOKEN.encode() not in body


@pytest.mark.parametrize(
    "host", ["coach.example", "coach.local.example", "127.0.0.1.example", "", ".local", None, "[::1", "a@b"]
)
def test_a_name_that_was_led_here_is_refused(shared: Running, host: str | None) -> None:
    for path in ("/", f"/?t={TOKEN}", "/events"):
        assert shared.ask(path=path, Host=host)[0] == NOT_HERE
    assert shared.say("stop", Host=host, Origin=f"http://{host}") == NOT_HERE
    assert shared.said == []


@pytest.mark.parametrize(
    "host", ["192.168.1.20:8470", "[fd00::2]:8470", "localhost", "COACH:8470", "coach.local", "mat.local:1"]
)
def test_this_machines_own_names_are_taken(shared: Running, host: str) -> None:
    assert shared.ask(Host=host)[0] == OK


@pytest.mark.parametrize(
    "headers",
    [
        {"Cookie": None},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Sec_Fetch_Site": None, "Origin": "http://evil.example"},
        {"Sec_Fetch_Site": None, "Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "https://127.0.0.1"},
    ],
)
def test_another_sites_page_can_send_nothing(shared: Running, headers: dict[str, str | None]) -> None:
    assert shared.say("stop", **headers) == NOT_HERE
    assert shared.said == []


def test_another_sites_page_can_read_nothing(shared: Running) -> None:
    for site in ("cross-site", "same-site"):
        assert shared.ask(path="/events", Sec_Fetch_Site=site)[0] == NOT_HERE
        assert shared.ask(path="/figures.json", Sec_Fetch_Site=site)[0] == NOT_HERE
    assert (
        shared.ask(Sec_Fetch_Site="cross-site")[0] == OK
    )  # a link was followed; what is shown there is framed by none


def test_what_is_pressed_is_taken_as_said(shared: Running) -> None:
    assert shared.say("stop") == HTTPStatus.NO_CONTENT
    assert shared.say("how long left?", Sec_Fetch_Site=None, Origin=None) == HTTPStatus.NO_CONTENT
    assert shared.say("y" * 500) == HTTPStatus.NO_CONTENT
    assert shared.said == ["stop", "how long left?", "y" * 200]


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"x" * (LONGEST_BODY + 1), {}, HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
        (b"x" * 40 * LONGEST_BODY, {}, HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
        (None, {}, HTTPStatus.LENGTH_REQUIRED),
        (None, {"Content_Length": "-1"}, HTTPStatus.LENGTH_REQUIRED),
        (None, {"Content_Length": "9" * 5_000}, HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
        (None, {"Transfer_Encoding": "chunked"}, HTTPStatus.LENGTH_REQUIRED),
        (b"stop", {}, HTTPStatus.BAD_REQUEST),
        (b"[" * 1_900, {}, HTTPStatus.BAD_REQUEST),
        (b'{"words": 5}', {}, HTTPStatus.BAD_REQUEST),
        (b'["words"]', {}, HTTPStatus.BAD_REQUEST),
        (b"\xff\xfe", {}, HTTPStatus.BAD_REQUEST),
        (b'{"words": "stop"}', {"Content_Type": "text/plain"}, HTTPStatus.UNSUPPORTED_MEDIA_TYPE),
    ],
)
def test_what_is_no_command_is_refused(
    shared: Running, body: bytes | None, headers: dict[str, str], status: HTTPStatus
) -> None:
    assert shared.ask("POST", "/say", body, **headers)[0] == status
    assert shared.said == []
    assert shared.say("stop") == HTTPStatus.NO_CONTENT


def test_other_methods_and_paths_are_not_known(shared: Running) -> None:
    assert shared.ask("POST", "/other", b"{}")[0] == HTTPStatus.NOT_FOUND
    assert shared.ask(path="/other")[0] == HTTPStatus.NOT_FOUND
    assert shared.ask(path="//[")[0] == HTTPStatus.NOT_FOUND
    for method in ("PUT", "DELETE", "OPTIONS", "BREW"):
        status, headers, body = shared.ask(method)
        assert status == HTTPStatus.NOT_IMPLEMENTED
        assert headers["Content-Type"].startswith("text/plain")
        assert method.encode() not in body


def test_the_diary_is_on_a_page_of_its_own_where_that_is_wanted(running: Running) -> None:
    for path in ("/diary", "/diary.svg"):
        assert running.ask(path=path)[0] == HTTPStatus.NOT_FOUND
    assert running.watch().state()["diary"] is False
    drawn: list[bytes | None] = [b"<svg/>", None]
    running.server.shown = replace(running.server.shown, diary=lambda: drawn.pop(0))
    assert running.watch().state()["diary"] is True
    assert b'src="/diary.svg"' in running.ask(path="/diary")[2]
    status, headers, body = running.ask(path="/diary.svg")
    assert (status, headers["Content-Type"], body) == (OK, "image/svg+xml", b"<svg/>")
    assert running.ask(path="/diary.svg")[0] == HTTPStatus.NOT_FOUND
    assert running.ask(path="/diary", Cookie=None)[0] == NOT_HERE
    assert running.ask(path="/diary.svg", Sec_Fetch_Site="same-site")[0] == NOT_HERE


def test_a_flood_of_commands_is_let_in_a_few_at_a_time_and_what_cannot_wait_passes_it(running: Running) -> None:
    answers = [running.say("which routines") for _ in range(SAID_AT_ONCE + 3)]
    assert answers == [HTTPStatus.NO_CONTENT] * SAID_AT_ONCE + [HTTPStatus.TOO_MANY_REQUESTS] * 3
    urgent = next(button.say for button in running.publisher.state.buttons if button.urgent)
    assert running.say(urgent) == HTTPStatus.NO_CONTENT
    running.now += 1.0
    assert running.say("louder") == HTTPStatus.NO_CONTENT
    assert running.said[SAID_AT_ONCE:] == [urgent, "louder"]


def test_a_screen_that_joins_is_told_all_and_then_each_change_and_the_end(running: Running) -> None:
    saying(running.publisher, "Lie on your back.")
    one = running.watch()
    joined = one.state()
    assert joined == json.loads(json.dumps(running.publisher.state.data(12.346))) | {"diary": False, "sent": 0.0}
    assert joined["line"] == "Lie on your back."
    assert {"StartRoutine", "Hurts", "Stop", "Goodbye"} <= {button["intent"] for button in joined["buttons"]}
    other = running.watch()
    assert other.state() == joined
    saying(running.publisher, "Bend your left knee.")
    assert one.state()["line"] == other.state()["line"] == "Bend your left knee."
    assert one.event() == ("clock", {"clock": 12.346, "sent": 0.0})
    running.publisher.close()
    assert one.state(lambda state: state["condition"] == "ended")["line"] is None
    assert one.event() is None


def test_a_screen_that_reads_nothing_delays_nobody_and_the_others_get_the_latest(running: Running) -> None:
    stalled = running.watch()
    stalled.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    reading = running.watch()
    for n in range(2_000):  # far more than all buffers on the way hold
        saying(running.publisher, f"{n} " + "so much is said here " * 40)
    assert reading.state(lambda state: (state["line"] or "").startswith("1999 "))["clock"] == 12.346
    assert running.say("stop") == HTTPStatus.NO_CONTENT
    stalled.socket.close()


def test_only_so_many_screens_watch_and_the_newest_do(running: Running) -> None:
    first = running.watch()
    first.state()
    others = [running.watch() for _ in range(MOST_SCREENS)]
    assert all(other.state()["condition"] == "idle" for other in others)
    while first.event() is not None:
        pass
    saying(running.publisher, "Breathe.")
    assert others[-1].state(lambda state: state["line"] == "Breathe.")


def test_those_who_ask_nothing_take_no_room_for_long(running: Running) -> None:
    idle = [socket.create_connection(("127.0.0.1", running.server.port), timeout=30) for _ in range(MOST_CONNECTIONS)]
    for each in idle:
        each.sendall(b"GET / HT")
    refused = socket.create_connection(("127.0.0.1", running.server.port), timeout=30)
    assert refused.recv(1) == b""
    running.now += READ_TIMEOUT_S + 1.0
    assert [each.recv(1) for each in idle] == [b""] * MOST_CONNECTIONS
    assert running.ask()[0] == OK


def test_garbage_is_answered_or_dropped_and_nothing_else_happens(shared: Running) -> None:
    for sent in (
        b"\x16\x03\x01\x02\x00\x01\x00",
        b"\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"\x00" * 70_000,
    ):
        with socket.create_connection(("127.0.0.1", shared.server.port), timeout=30) as client:
            client.sendall(sent)
            client.shutdown(socket.SHUT_WR)
            try:
                answer = client.recv(1 << 16)
            except ConnectionResetError:
                answer = b""
            assert OK.phrase.encode() not in answer.split(b"\r\n")[0]
    assert shared.ask()[0] == OK


def test_a_port_that_is_taken_is_told_in_three_lines() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        doors = Doors(TOKEN, frozenset(), secure=False)
        shown = Shown(publisher(), doors, dict)
        with pytest.raises(ScreenUnavailable) as told:
            ScreenServer(("127.0.0.1", taken.getsockname()[1]), shown)
    what, why, fix = told.value.lines()
    assert "127.0.0.1" in what
    assert why == "Address already in use."
    assert "screen_port" in fix


@pytest.fixture(scope="module")
def certified(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("certificate")
    make_certificate(folder, "mat.local", "IP:127.0.0.1,DNS:mat.local")
    return folder


def test_by_https_the_cookie_is_for_https_alone_and_plain_http_gets_nothing(certified: Path) -> None:
    running = Running()
    with running.start(certificate(certified / "cert.pem", certified / "key.pem")), running.publisher:
        trusting = ssl.create_default_context(cafile=str(certified / "cert.pem"))
        client = http.client.HTTPSConnection("127.0.0.1", running.server.port, context=trusting, timeout=30)
        client.request("GET", f"/?t={TOKEN}")
        answer = client.getresponse()
        assert answer.status == HTTPStatus.SEE_OTHER
        assert "; Secure" in answer.headers["Set-Cookie"]
        client.close()
        body = json.dumps({"words": "stop"})
        headers = {
            "Cookie": f"{COOKIE}={TOKEN}",
            "Content-Type": "application/json",
            "Origin": f"https://{running.own}",
        }
        client.request("POST", "/say", body, headers)
        assert client.getresponse().status == HTTPStatus.NO_CONTENT
        client.close()
        with pytest.raises((http.client.HTTPException, OSError)):
            running.ask()
    assert running.said == ["stop"]


@pytest.mark.parametrize(
    ("chain", "key"),
    [("none.pem", None), ("key.pem", None), ("cert.pem", "other.pem"), ("cert.pem", None), (".", None)],
)
def test_a_certificate_that_cannot_be_used_is_told_in_three_lines(certified: Path, chain: str, key: str | None) -> None:
    (certified / "other.pem").write_text("nothing of the kind", encoding="ascii")
    with pytest.raises(ScreenUnavailable) as told:
        certificate(certified / chain, None if key is None else certified / key)
    assert all(line.endswith(".") for line in told.value.lines()[:2])
    assert "\n" not in "".join(told.value.lines())
