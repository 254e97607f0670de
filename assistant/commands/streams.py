"""Standard input, output and errors, whatever the terminal, the pipe or the file behind them can do.

What can't be encoded is shown as what comes nearest, what is typed and is no text as a sign that is no word. A full or
closed output is an error in three lines; in a session that speaks it is none: what is shown is not what counts there.
"""

from __future__ import annotations

import codecs
import io
import os
import reprlib
import signal
import sys
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import NoReturn, TextIO, cast

import typer
from rich.console import Console
from rich.markup import escape

from assistant.errors import AssistantError, OutputUnwritable

_NEAREST = dict(zip("…–—→×·’‘“”−♪▁▂▃▄▅▆▇█", ".-->x-''\"\"-*__..oo##", strict=True))
"""One character for each, so that what stands in columns stays there."""

NEAREST = "assistant-nearest"
"""The name of what shows what comes nearest, for ``errors=`` of a stream."""


_SENT = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]  # Windows has no SIGHUP

_NARROWEST = 20
_WIDEST_DIGITS = 3
"""Columns that a terminal can have."""


_SHORT = reprlib.Repr()
_SHORT.maxstring = 200


class NoReader(Exception):
    """Whoever read the output has seen enough; no failure. What prints makes one of a broken pipe, each in its way."""


class _Told:
    """A stream of which the failures are errors that a user understands; but for a reader who has seen enough."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        try:
            return self._stream.write(text)
        except OSError as error:
            raise _told(error) from error

    def flush(self) -> None:
        try:
            self._stream.flush()
        except OSError as error:
            raise _told(error) from error

    def __getattr__(self, name: str) -> object:
        return getattr(self._stream, name)


class _Silent(_Told):
    """A stream that takes no more once it has failed, and says nothing about it."""

    failed = False

    def write(self, text: str) -> int:
        with suppress(OSError):
            return 0 if self.failed else self._stream.write(text)
        self.failed = True
        return 0

    def flush(self) -> None:
        try:
            if not self.failed:
                self._stream.flush()
        except OSError:
            self.failed = True


def prepare() -> None:
    """Make the standard streams take whatever comes; to be called before anything is read, written or opened."""
    _open_closed()
    _drop_widths_of_nothing()
    name_errors()
    for stream, errors in ((sys.stdin, "replace"), (sys.stdout, NEAREST), (sys.stderr, NEAREST)):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=errors)
    if not isinstance(sys.stdout, _Told):
        sys.stdout = cast("TextIO", _Told(sys.stdout))
        sys.stderr = cast("TextIO", _Silent(sys.stderr))


def name_errors() -> None:
    """Make `NEAREST` known."""
    codecs.register_error(NEAREST, _nearest)


def of_a_session() -> TextIO:
    """Standard output for what a session shows: it goes on whatever becomes of that."""
    return cast("TextIO", _Silent(sys.stdout._stream if isinstance(sys.stdout, _Told) else sys.stdout))


def telling(console: Console) -> Callable[[str], None]:
    """Shows sentences that the user should know of, whatever thread they come from."""
    return lambda sentence: console.print(f"[yellow]{escape(sentence)}[/]", highlight=False)


def complain(lines: tuple[str, str, str]) -> None:
    """Say on standard error what happened, why, and what to do."""
    sys.stderr.write("".join(f"{line}\n" for line in lines))


def lines_of(error: AssistantError | typer.TyperException | OSError) -> tuple[str, str, str]:
    """What went wrong, why, and what to do."""
    if isinstance(error, AssistantError):
        return error.lines()
    if isinstance(error, OSError):  # the system refuses what nobody has thought of: a name too long, others' folders
        what = _SHORT.repr(str(error.filename)) if error.filename else "Something on this machine"
        return f"{what} can't be used.", f"{error.strerror or error}.", "Check it; --verbose shows more."
    context: typer.Context | None = getattr(error, "ctx", None)  # errors of a wrong call have one
    path = context.command_path if context else "stretch-assistant"
    return error.format_message(), f"That is not how {path} is called.", f"Type: {path} --help"


def drop_output() -> None:
    """Write nothing more to standard output: what is still in its buffer can't be written."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def leave_on_signals() -> None:
    """What systemd, a closed terminal and a shutdown send is as Ctrl-C; where it was ignored (nohup), it still is."""
    for number in (signal.SIGINT, *_SENT):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _leave)


def _leave(_number: int, _frame: FrameType | None) -> NoReturn:
    for sent in _SENT:  # once is enough, one often follows the other: what is being closed now shall be closed
        signal.signal(sent, signal.SIG_IGN)
    raise KeyboardInterrupt


def _open_closed() -> None:
    """A stream that was closed reads and writes nothing, and its number goes to no file of ours."""
    while (number := os.open(os.devnull, os.O_RDWR)) <= 2:
        os.set_inheritable(number, True)
    os.close(number)
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115, PTH123 - to the very end


def _drop_widths_of_nothing() -> None:
    """Rich believes ``COLUMNS`` whatever it says, and shows nothing in none."""
    columns = os.environ.get("COLUMNS", "")
    if not (columns.isdecimal() and len(columns) <= _WIDEST_DIGITS and int(columns) >= _NARROWEST):
        os.environ.pop("COLUMNS", None)


def _nearest(error: UnicodeError) -> tuple[str, int]:
    """What is shown in the place of characters that an encoding lacks: a codec's error handler."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_near, error.object[error.start : error.end])), error.end


def _near(char: str) -> str:
    decomposed = unicodedata.normalize("NFKD", char)[0]
    return _NEAREST.get(char) or (decomposed if decomposed.isascii() else "?")


def _told(error: OSError) -> NoReader | OutputUnwritable:
    if isinstance(error, BrokenPipeError):
        return NoReader()
    return OutputUnwritable(
        "What there is to say can't be written.",
        f"Standard output: {error.strerror or error}.",
        "Make room on the disk, or send it elsewhere.",
    )
