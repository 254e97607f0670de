"""What happened in a session, as rows: the one record that files, terminal, transcript and picture are made from.

A row is a JSON object with ``t``, seconds on the sample clock, and ``kind``. Rows are handed out as they arise.
"""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self, TypeAlias

from assistant.dialogue.facts import DisclaimerHeard, Fact, Held, Moved, SoreSide
from assistant.diary.files import begin_of
from assistant.errors import FileUnwritable
from assistant.hearing.listener import Utterance

Row: TypeAlias = dict[str, Any]
Sink: TypeAlias = Callable[[Row], None]

_BEGIN = b'{"t": '
"""What every row begins with, as JSON."""

_DIGITS = 6  # a sample lasts 62.5 microseconds


class Journal:
    """Writes rows to every sink, in the order in which things happened."""

    def __init__(self, *sinks: Sink) -> None:
        self._sinks = list(sinks)

    def add(self, sink: Sink) -> None:
        """Give all further rows to this one too."""
        self._sinks.append(sink)

    def _write(self, t: float, kind: str, **fields: Any) -> None:
        row: Row = {"t": round(t, _DIGITS), "kind": kind, **fields}
        for sink in self._sinks:
            sink(row)

    def heard(self, t: float, utterance: Utterance) -> None:
        """An utterance was understood, or rejected with a reason."""
        self._write(t, "rejected" if utterance.rejected else "heard", **row_of(utterance))

    def saying(self, t: float, line: str, text: str) -> None:
        """A line begins: for whoever watches; what was said, and when, comes at its end."""
        self._write(t, "saying", line=line, text=text)

    def said(self, line: str, text: str, start: float, end: float, *, cut: bool) -> None:
        """A line or a count was spoken, perhaps cut short."""
        fields = {"line": line, "text": text, "start": round(start, _DIGITS), "end": round(end, _DIGITS)}
        self._write(end, "said", **fields, cut=cut)

    def voice_failed(self, t: float, text: str, why: str) -> None:
        """A line could not be spoken."""
        self._write(t, "voice-failed", text=text, why=why)

    def chime(self, t: float, tone: str) -> None:
        """A tone began."""
        self._write(t, "chime", tone=tone)

    def tick(self, t: float, remaining: int) -> None:
        """A counted second of a hold passed."""
        self._write(t, "tick", remaining=remaining)

    def phase(self, t: float, phase: str, **where: Any) -> None:
        """The session came to another phase, step, side or round."""
        self._write(t, "phase", phase=phase, **where)

    def fact(self, t: float, fact: Fact) -> None:
        """Something worth remembering was done or said."""
        match fact:
            case Held():
                fields = {"what": "held", "step": fact.exercise, "side": fact.side, "seconds": fact.seconds}
                self._write(t, "done", **fields, whole=fact.whole)
            case Moved():
                fields = {"what": "moved", "step": fact.exercise, "side": fact.side, "reps": fact.reps}
                self._write(t, "done", **fields, whole=fact.whole)
            case SoreSide(side=side):
                self._write(t, "noted", what="sore side", side=side)
            case DisclaimerHeard():
                self._write(t, "noted", what="disclaimer")
            case _:
                self._write(t, "noted", what=name_of_fact(fact), **asdict(fact))

    def lost(self, t: float, device: str) -> None:
        """A sound device has gone."""
        self._write(t, "lost", device=device)

    def back(self, t: float) -> None:
        """The sound device is there again."""
        self._write(t, "back")


def name_of_fact(fact: Fact) -> str:
    """A fact's name in files, for instance ``health answer``."""
    return "".join(" " + c.lower() if c.isupper() else c for c in type(fact).__name__).lstrip()


def json_line(row: Row) -> str:
    """A row as one line of JSON, that can be encoded whatever bytes a file's name was made of."""
    return json.dumps(row, ensure_ascii=False).encode(errors="backslashreplace").decode()


def row_of(utterance: Utterance) -> Row:
    """The fields that ``hear`` prints of an utterance, but for the file."""
    command = utterance.command
    return {
        "start_s": round(utterance.start_s, 3),
        "end_s": round(utterance.end_s, 3),
        "text": utterance.text,
        "intent": command.intent if command else None,
        "slots": dict(command.slots) if command else {},
        "confidence": round(utterance.confidence, 3),
        "rejected": utterance.rejected,
    }


def _open(path: str, flags: int) -> int:
    """Opens a file; a pipe that nobody reads is refused, where it would be waited for."""
    handle = os.open(path, flags | getattr(os, "O_NONBLOCK", 0), 0o666)
    os.set_blocking(handle, True)
    return handle


def _why(error: OSError) -> str:
    return "Nobody reads that pipe" if error.errno == errno.ENXIO else error.strerror or str(error)


class EventFile:
    """``events.jsonl``: one row a line, on disk as soon as it has happened.

    Args:
        path: The file.
        tell: Called once with a sentence for the user if the disk refuses a row; the rest is left out. None: that is
            an error.

    Raises:
        FileUnwritable: On entering, if the file cannot be opened; on writing, if the disk refuses.
    """

    def __init__(self, path: Path, tell: Callable[[str], None] | None = None) -> None:
        self._path = path
        self._tell = tell
        self._file: IO[str] | None = None

    def __enter__(self) -> Self:
        try:
            there = begin_of(self._path)
            if there and not there.startswith(_BEGIN):
                raise self._unwritable("There is a file of another kind, which would be lost")
            self._file = open(self._path, "w", encoding="utf-8", buffering=1, opener=_open)
        except OSError as error:
            raise self._unwritable(_why(error)) from error
        return self

    def __call__(self, row: Row) -> None:
        """Write one row."""
        if self._file is None:
            return
        try:
            self._file.write(json_line(row) + "\n")
        except OSError as error:
            if self._tell is None:
                raise self._unwritable(_why(error)) from error
            what, why, _ = self._unwritable(_why(error)).lines()
            self._tell(f"{what} {why}")
            with suppress(OSError):
                self._file.close()
            self._file = None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is None:
            return
        try:
            self._file.close()
        except OSError as unwritable:  # rows that the disk refused are tried once more
            if error is None:
                raise self._unwritable(_why(unwritable)) from unwritable

    def _unwritable(self, why: str) -> FileUnwritable:
        return FileUnwritable(
            f"The events cannot be written to {self._path}.",
            f"{why}.",
            "Name another file, in a folder that you may write to and that has room.",
        )
