"""A session that is shown: at the pace of the world, and steered from the page."""

from __future__ import annotations

import http.client
import io
import json
import os
import socket
import ssl
import zipfile
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from assistant.audio.simulated import SimulatedCard
from assistant.commands.screen import LATE_S, InRealTime, attend_on_screen, drawn_diary
from assistant.dialogue.facts import Held, PainRated, RoutineBegun
from assistant.errors import ScreenUnavailable
from assistant.home.settings import Settings
from assistant.keeping.diary_keeper import DiaryKeeper, diary_file
from assistant.keeping.journal import Journal, Row
from assistant.loop.builder import assemble
from assistant.loop.library import load_library
from assistant.loop.session_keeper import guest
from assistant.screen.doors import COOKIE, erase_token, kept_token, token_file
from assistant.screen.own_certificate import certificate_file, erase_certificate, own_certificate
from assistant.stage.recorded import unattended
from assistant.stage.simulated_session import Cue, SimulatedSession
from assistant.stage.soundless import SoundlessVoice
from tests.commands.calling import call


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def settings(port: int) -> Settings:
    return Settings(screen="here", screen_port=port)


def get(port: int, path: str) -> http.client.HTTPResponse:
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    client.request("GET", path, headers={"Cookie": f"{COOKIE}={kept_token()}"})
    return client.getresponse()


def state(port: int) -> dict[str, object]:
    events = get(port, "/events")
    while not (line := events.readline()).startswith(b"data:"):
        pass
    return dict(json.loads(line.removeprefix(b"data: ")))


def press(port: int, words: str) -> int:
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Cookie": f"{COOKIE}={kept_token()}", "Content-Type": "application/json"}
    client.request("POST", "/say", json.dumps({"words": words}), headers)
    return client.getresponse().status


def test_a_session_is_followed_and_steered_from_the_page(port: int) -> None:
    """Between two blocks of time nothing moves, so that what is seen can be compared with what is so."""
    seen: list[tuple[float, dict[str, object]]] = []
    script = [Cue(8.0, "start lower back stretch"), Cue(20.0, "no"), Cue(30.0, "ready"), Cue(60.0, "ready")]
    looks, presses = [1.0, 15.0, 25.0, 50.0, 95.0, 98.0], {97.0: "pause"}

    def in_time(now: float) -> None:
        if looks and now >= looks[0]:
            looks.pop(0)
            seen.append((now, state(port)))
        for at in [at for at in presses if now >= at]:
            assert press(port, presses.pop(at)) == 204

    rows: list[Row] = []
    journal, out = Journal(rows.append), io.StringIO()
    with ExitStack() as stack:
        parts = assemble(settings(port), load_library(Settings()).routines, SoundlessVoice(), journal, guest())
        attend = attend_on_screen(settings(port), Console(file=out, width=40), stack, in_time)
        session = SimulatedSession(parts, SimulatedCard(), script=script, pace=attend(parts, journal))
        session.start()
        while looks:
            session.step()
        assert get(port, f"/?t={kept_token()}").status == 303
        page = get(port, "/")
        assert page.status == 200
        assert b"/clock.js" in page.read()
        assert b"EventSource" in get(port, "/clock.js").read()
        assert json.loads(get(port, "/figures.json").read())["figures"]["press-up"]
    assert f"http://127.0.0.1:{port}/?t={kept_token()}\n" in out.getvalue()
    told = [(shown["condition"], (shown["exercise"] or {}).get("id")) for _, shown in seen]  # type: ignore[attr-defined]
    assert told == [
        *(("idle", None), ("asking", None), ("caution", None), ("getting-ready", "press-up")),
        *(("repeating", "press-up"), ("paused", "press-up")),
    ]
    assert all(abs(float(str(shown["clock"])) - now) < 1e-3 for now, shown in seen)
    assert [row["text"] for row in rows if row["kind"] == "heard"][-2:] == ["ready", "pause"]
    with pytest.raises(OSError, match="refused"):
        get(port, "/")
    assert kept_token() not in json.dumps(rows)


def test_the_diary_is_drawn() -> None:
    with closing(DiaryKeeper(diary_file(), print)) as diary:
        diary.note(RoutineBegun("lumbar-extension"), 0.0)
        diary.note(PainRated("before", 4), 1.0)
        diary.note(Held("lumbar-extension", "press-up", None, 20.0, whole=True), 30.0)
    drawn = drawn_diary()
    assert drawn is not None
    assert drawn.startswith(b"<?xml")
    assert b"<svg" in drawn


def test_it_is_switched_off_unless_it_is_switched_on() -> None:
    with ExitStack() as stack:
        assert attend_on_screen(Settings(), Console(file=io.StringIO()), stack) is unattended
    assert not token_file().exists()


def test_a_session_passes_as_the_world_does_and_is_never_made_to_race() -> None:
    waited: list[float] = []
    world = [100.0]

    def wait(seconds: float) -> None:
        waited.append(round(seconds, 3))
        world[0] += seconds

    in_time = InRealTime(lambda: world[0], wait)
    for n in range(4):
        in_time(n * 0.04)
    assert waited == [0.04] * 3
    world[0] += 0.07  # a little late: made up for
    in_time(0.16)
    in_time(0.20)
    assert waited[3:] == [0.01]
    world[0] += 5.0  # held up: all comes later
    in_time(0.24)
    in_time(0.28)
    assert waited[4:] == [0.04]
    assert LATE_S < 0.11


@pytest.mark.parametrize(
    ("written", "named"),
    [("screen = true", "'screen'"), ('screen = "everywhere"', "'screen'"), ("screen_port = 80", "'screen_port'")],
)
def test_wrong_settings_are_told(written: str, named: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("settings.toml").write_text(written + "\n", encoding="utf-8")
    assert call("--config", "settings.toml", "demo") == 1
    assert named in capsys.readouterr().err


def test_in_several_networks_it_is_shown_in_the_one_that_is_meant(port: int) -> None:
    for meant, named in (("127.0.0.2", "127.0.0.2"), ("Localhost", "localhost")):
        chosen = replace(settings(port), screen="network", screen_address=meant)
        parts = assemble(chosen, load_library(chosen).routines, SoundlessVoice(), journal := Journal(), guest())
        told = io.StringIO()
        with ExitStack() as stack:
            attend_on_screen(chosen, Console(file=told, width=200), stack)(parts, journal)
            assert f"http://{meant}:{port}/?t=" in told.getvalue()
            client = http.client.HTTPConnection(named, port, timeout=30)
            client.request("GET", "/", headers={"Cookie": f"{COOKIE}={kept_token()}"})
            assert client.getresponse().status == 200
            if meant == "127.0.0.2":
                with pytest.raises(ConnectionRefusedError):
                    get(port, "/")


def test_by_https_its_certificate_is_made_once_for_the_user_alone_and_forgotten(port: int) -> None:
    chosen = replace(settings(port), screen="network", screen_address="127.0.0.2", screen_https=True)
    parts = assemble(chosen, load_library(chosen).routines, SoundlessVoice(), journal := Journal(), guest())
    made: list[bytes] = []
    for address in ("127.0.0.2", "127.0.0.2", "127.0.0.3"):
        told = io.StringIO()
        with ExitStack() as stack:
            attend_on_screen(replace(chosen, screen_address=address), Console(file=told, width=200), stack)(
                parts, journal
            )
            assert f"https://{address}:{port}/?t=" in told.getvalue()
            trusting = ssl.create_default_context(cafile=str(certificate_file()))
            client = http.client.HTTPSConnection(address, port, context=trusting, timeout=30)
            client.request("GET", "/", headers={"Cookie": f"{COOKIE}={kept_token()}"})
            assert client.getresponse().status == 200
            client.close()
        made.append(certificate_file().read_bytes())
    assert made[0] == made[1] != made[2]
    assert certificate_file().stat().st_mode & 0o777 == 0o600
    assert erase_certificate() == 1
    assert erase_certificate() == 0


def test_without_openssl_it_is_told_what_to_do(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ScreenUnavailable) as raised:
        own_certificate("127.0.0.2", ["mat"])
    assert "openssl is not installed" in raised.value.why


def test_what_is_in_the_way_is_told_before_anything_is_said(port: int) -> None:
    journal = Journal()
    parts = assemble(Settings(), load_library(Settings()).routines, SoundlessVoice(), journal, guest())
    os.mkfifo("pipe")
    with socket.create_server(("127.0.0.1", port)), ExitStack() as stack:
        for wrong, told in (
            (settings(port), "Address already in use"),
            (replace(settings(port), screen_certificate=Path("none.pem")), "No such file"),
            (replace(settings(port), screen="network", screen_address="192.0.2.7"), "no such address"),
            (replace(settings(port), screen_certificate=Path("pipe")), "a pipe"),
        ):
            with pytest.raises(ScreenUnavailable) as raised:
                attend_on_screen(wrong, Console(file=io.StringIO()), stack)(parts, journal)
            assert told in raised.value.why


def test_the_key_is_in_no_report_and_is_erased_with_what_was_kept(capsys: pytest.CaptureFixture[str]) -> None:
    token = kept_token()
    assert call("report", "--yes", "--out", "report.zip") == 0
    with zipfile.ZipFile("report.zip") as archive:
        assert not [name for name in archive.namelist() if token.encode() in archive.read(name)]
    assert call("paths") == 0
    assert str(token_file()) in capsys.readouterr().out
    assert call("report", "--erase") == 0
    assert "the key to the screen" in capsys.readouterr().out
    assert erase_token() == 0
