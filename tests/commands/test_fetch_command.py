from __future__ import annotations

import hashlib
import io
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from assistant.commands import command_line
from assistant.commands.fetch_model import STOPPED, fetch_and_show
from assistant.fetching import named as fetching
from models import Voice
from scripts.testbed.archives import NAME, TINY, tiny_model
from scripts.testbed.model_server import ModelServer, Reply

HALF = 70_000


@pytest.fixture
def known(server: ModelServer, monkeypatch: pytest.MonkeyPatch) -> ModelServer:
    """The manifest lists the tiny model, which this server has."""
    monkeypatch.setattr(fetching, "MODELS", {NAME: tiny_model(server.url)})
    return server


def call(*arguments: str) -> int:
    """Type ``stretch-assistant fetch-model``; its exit code."""
    with pytest.MonkeyPatch.context() as patch, pytest.raises(SystemExit) as left:
        patch.setattr(sys, "argv", ["stretch-assistant", "fetch-model", *arguments])
        command_line.main()
    assert isinstance(left.value.code, int)
    return left.value.code


def test_it_says_where_the_model_is_and_how_to_use_it_and_the_second_time_that_it_was_there(
    home: Path, known: ModelServer, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = home / "data" / "models" / NAME
    assert call() == 0
    how = f"Type: stretch-assistant --model {folder}\n"
    assert capsys.readouterr() == (f"{NAME} is in {folder}\n{how}", "")
    assert call(NAME) == 0
    assert capsys.readouterr() == (f"{NAME} is there already: {folder}\n{how}", "")
    assert len(known.asked) == 1


def test_of_a_model_elsewhere_it_says_how_to_use_it(
    tmp_path: Path, known: ModelServer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call("--to", str(tmp_path / "stick")) == 0
    assert (tmp_path / "stick" / NAME / "README").is_file()
    assert capsys.readouterr().out.endswith(f"\nType: stretch-assistant --model {tmp_path / 'stick' / NAME}\n")


def test_of_a_voice_it_says_how_to_take_it(
    home: Path, server: ModelServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    config = b"?" + TINY[1:]  # as long as the rest, so that one server has both
    sums = [hashlib.sha256(content).hexdigest() for content in (TINY, config)]
    voice = Voice("en_GB-tiny-low", server.url, len(TINY), sums[0], "CC0-1.0", len(config), sums[1])
    monkeypatch.setattr(fetching, "VOICES", {voice.name: voice})
    server.next(lambda reply: reply.send(200, config))
    file = home / "data" / "voices" / "en_GB-tiny-low.onnx"
    how = "Type: stretch-assistant voices tiny\n"
    assert call("tiny") == 0
    assert capsys.readouterr().out == f"en_GB-tiny-low is in {file}\n{how}"
    assert call("Tiny") == 0
    assert capsys.readouterr().out == f"en_GB-tiny-low is there already: {file}\n{how}"
    assert file.read_bytes() == TINY


@pytest.mark.usefixtures("home")
def test_a_failure_is_three_lines(known: ModelServer, capsys: pytest.CaptureFixture[str]) -> None:
    known.always(lambda reply: reply.send(404))
    assert call() == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.splitlines()[:2] == ["It could not be fetched.", "127.0.0.1 answers: 404, Not Found."]
    assert len(shown.err.splitlines()) == 3


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Ctrl-C raises KeyboardInterrupt, also where these tests run in the background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_after_ctrl_c_it_says_that_it_can_go_on_and_does(
    known: ModelServer, capsys: pytest.CaptureFixture[str]
) -> None:
    def half_and_ctrl_c(reply: Reply) -> None:
        known.cut_after(HALF)(reply)
        os.kill(os.getpid(), signal.SIGINT)
        known.silent(reply)

    known.next(half_and_ctrl_c)
    assert call() == 130
    assert capsys.readouterr() == ("", f"{STOPPED}\n")
    assert call() == 0


def test_on_a_terminal_a_bar_shows_how_far_it_is(tmp_path: Path, known: ModelServer) -> None:
    terminal = Console(file=io.StringIO(), force_terminal=True, width=100, _environ={"TERM": "xterm"})
    fetch_and_show(None, tmp_path, terminal)
    shown = terminal.file.getvalue()  # type: ignore[attr-defined]
    assert NAME in shown
    assert f"/{len(TINY) / 1000:.1f} kB" in shown


def typed(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Type ``stretch-assistant`` in a shell."""
    return subprocess.run(
        [sys.executable, "-m", "assistant", *arguments],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, **environment},
    )


def test_an_unknown_name_is_a_wrong_call() -> None:
    done = typed("fetch-model", "vosk-large")
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.splitlines() == [
        "There is nothing called 'vosk-large' to fetch.",
        "Known are the models vosk-model-small-en-us-0.15; and the voices "
        "alba, northern_english_male, cori, kristin, joe.",
        "Type: stretch-assistant fetch-model vosk-model-small-en-us-0.15",
    ]


def test_without_a_connection_it_fails_in_three_lines(home: Path) -> None:
    nobody_listens = "http://127.0.0.1:1"
    done = typed("fetch-model", https_proxy=nobody_listens, HTTPS_PROXY=nobody_listens, no_proxy="", NO_PROXY="")
    assert done.returncode == 1
    assert done.stdout == ""
    what, why, fix = done.stderr.splitlines()
    assert what == "It could not be fetched."
    assert why == "alphacephei.com takes no connection."
    assert "all works as before" in fix
    assert not list(home.rglob("*.part"))
