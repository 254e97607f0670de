"""What is shown and typed: whatever the terminal, the pipe or the file can do, nothing ends for it."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from assistant.commands import streams
from assistant.commands.terminal import Terminal
from assistant.dialogue.events import Started
from assistant.dialogue.state.session import Session
from assistant.errors import OutputUnwritable
from assistant.loop.observers import Transition
from assistant.routines.loading import load_routines, own_routine_files

ENCODINGS = ["ascii", "latin-1", "cp1252", "iso8859-15", "cp437", "koi8-r", "shift_jis", "utf-8"]


class Broken(io.RawIOBase):
    """Takes nothing."""

    def __init__(self, error: OSError) -> None:
        self.error = error

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        raise self.error


@pytest.fixture(autouse=True)
def own_streams() -> Iterator[None]:
    kept = sys.stdin, sys.stdout, sys.stderr
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    yield
    sys.stdin, sys.stdout, sys.stderr = kept
    for number, handler in handlers.items():
        signal.signal(number, handler)


def prepared(raw: io.RawIOBase | io.BytesIO, encoding: str = "utf-8") -> None:
    sys.stdout = io.TextIOWrapper(raw, encoding=encoding, write_through=True)
    streams.prepare()


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_what_an_encoding_lacks_is_shown_as_what_comes_nearest(encoding: str) -> None:
    raw = io.BytesIO()
    prepared(raw, encoding)
    text = "stretch… 2 – 3 × 5 → “ready” ♪ ▁█ · Björk ½ 漢 \udcfc \U0001f600"
    print(text)
    shown = raw.getvalue().decode(encoding)
    assert shown.startswith("stretch")
    assert "ready" in shown
    assert len(shown.strip()) == len(text), "what stands in columns stays there"
    if encoding == "ascii":
        assert 'stretch. 2 - 3 x 5 > "ready" * _# - Bjork 1 ? ? ?' in shown


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("width", [1, 10, 25, 80])
def test_a_status_line_that_is_cut_ends_no_session(encoding: str, width: int) -> None:
    prepared(io.BytesIO(), encoding)
    console = Console(file=streams.of_a_session(), force_terminal=True, width=width)
    session = Session(routines=load_routines(own_routine_files())[0])
    with Terminal(console, "typed ♪") as terminal:
        terminal.observe(Transition(Started(), session, session, 0.0, ()))
        terminal.refresh(1.0)
        terminal({"kind": "heard", "text": "caf\udce9 …"})
        terminal({"kind": "saying", "text": "2 – 3 × ♪ \ufffd"})


@pytest.mark.parametrize(
    ("said", "kept"), [("80", True), ("20", True), ("1", False), ("0", False), ("-5", False), ("wide", False)]
)
def test_a_width_that_no_terminal_has_is_not_believed(monkeypatch: pytest.MonkeyPatch, said: str, kept: bool) -> None:
    monkeypatch.setenv("COLUMNS", said)
    streams.prepare()
    assert os.environ.get("COLUMNS") == (said if kept else None)


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), BrokenPipeError(), OSError(5, "I/O error")])
def test_a_session_goes_on_where_nothing_can_be_shown(error: OSError) -> None:
    prepared(Broken(error))
    console = Console(file=streams.of_a_session(), force_terminal=True, width=40)
    with Terminal(console, "typed") as terminal:
        for _ in range(3):
            terminal.refresh(1.0)
            terminal({"kind": "heard", "text": "stop"})


def test_elsewhere_a_full_output_is_told_in_three_lines() -> None:
    prepared(Broken(OSError(28, "No space left on device")))
    with pytest.raises(OutputUnwritable) as told:
        print("words")
    assert "No space left" in told.value.why
    prepared(Broken(BrokenPipeError()))
    with pytest.raises(streams.NoReader):
        print("words")


@pytest.mark.parametrize("typed", [b"caf\xe9 stop\nno\n", b"\xff\xfe\x00\n", b"\x80", b"\xed\xa0\x80\n"])
def test_bytes_that_are_no_text_are_lines_all_the_same(typed: bytes) -> None:
    for errors in ("strict", "surrogateescape"):
        sys.stdin = io.TextIOWrapper(io.BytesIO(typed), encoding="utf-8", errors=errors)
        streams.prepare()
        "".join(sys.stdin).encode()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_what_systemd_and_a_closed_terminal_send_is_as_ctrl_c_and_once_is_enough(number: signal.Signals) -> None:
    for each in (number, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_DFL)  # the tests themselves may run under nohup
    streams.leave_on_signals()
    with pytest.raises(KeyboardInterrupt):
        os.kill(os.getpid(), number)
    for another in (signal.SIGHUP, signal.SIGTERM):  # while everything is being closed
        os.kill(os.getpid(), another)


def test_what_was_told_to_ignore_a_closed_terminal_goes_on_ignoring_it() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # nohup
    streams.leave_on_signals()
    os.kill(os.getpid(), signal.SIGHUP)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_the_command_itself_on_a_full_output_a_closed_one_and_another_encoding(tmp_path: Path) -> None:
    command = f"{sys.executable} -m assistant --config none routines"
    lines = {
        f"{sys.executable} -m assistant --help >/dev/full": (1, 3),
        f"{sys.executable} -m assistant --version >&-": (0, 0),
        f"{command} 2>&1 >&-": (1, 3),
        f"{command} 2>&-": (1, 0),
    }
    for line, (code, shown) in lines.items():
        done = subprocess.run(line, shell=True, capture_output=True, check=False, cwd=Path(__file__).parents[2])
        assert (done.returncode, len((done.stderr + done.stdout).splitlines())) == (code, shown), (line, done)
