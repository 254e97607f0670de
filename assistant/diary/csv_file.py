"""The diary as a table that any spreadsheet reads, and back: an entry a line, with names in place of keys.

What comes back is what went out. A line that is there already is recognised by its session and number.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import IO, Any, get_args

from assistant.diary.entries import KINDS, DiarySession, Entry, SessionKey, Side
from assistant.diary.files import put_in_place
from assistant.diary.store import Diary
from assistant.errors import DiaryFileInvalid

_ENTRY = tuple(field.name for field in fields(Entry))
HEADER = ("session", "started_at", "n", *_ENTRY)
LARGEST_FILE_BYTES = 256 << 20
_NUMBERS = {"at_s": float, "seconds": float, "reps": int, "level": int, "a_day": int}
_LONGEST_TEXT = 200
_SEPARATORS = (",", ";", "\t")

Row = tuple[SessionKey, int, Entry]


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of taking a file in.

    Attributes:
        new: Entries that are in the diary now and were not before.
        doubles: Entries that were there already, the very same.
        differing: Entries whose place in the diary is taken by something else; the diary was left as it is.
    """

    new: int
    doubles: int
    differing: int


def write_csv(path: Path, sessions: Iterable[DiarySession]) -> int:
    """Write all entries of these sessions, whose keys names have taken the place of.

    Returns:
        How many there were.

    Raises:
        FileUnwritable: The file can't be written.
    """
    count = 0
    with put_in_place(path) as part, part.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        for session in sessions:
            key = session.key
            for n, entry in session.numbered:
                values = [_written(value) for value in asdict(entry).values()]
                writer.writerow([key.uid, key.started_at.isoformat(), n, *values])
                count += 1
    return count


def _written(value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return repr(value) if isinstance(value, float) else value


def read_csv(path: Path) -> list[Row]:
    """All entries of a file as they stand there, checked; nothing is taken from a file in which a line is wrong.

    Raises:
        DiaryFileInvalid: It can't be read, is none of ours, or a line is wrong; names the line.
    """
    try:
        if path.stat().st_size > LARGEST_FILE_BYTES:
            raise _invalid(path, "It is larger than a diary can be.")
        if path.is_char_device() or path.is_fifo():
            raise _invalid(path, "It is a device or a pipe, and no file.")
        with path.open(encoding=_encoding(path), newline="") as file:
            return list(_rows(path, file))
    except OSError as error:
        raise _invalid(path, f"It can't be read: {error.strerror or error}.") from error
    except csv.Error as error:
        raise _invalid(
            path, "It falls into no columns: a quotation mark is left open, or a value is endless."
        ) from error
    except UnicodeError as error:
        why = "It is no table of plain text in UTF-8 or UTF-16."
        raise _invalid(path, why, "Save it as CSV in UTF-8, or name a file that diary export --csv wrote.") from error


def _encoding(path: Path) -> str:
    """Spreadsheets write tables in UTF-16, too, most of them with a mark at the beginning that says so."""
    with path.open("rb") as file:
        begin = file.read(4)
    if begin.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise _invalid(path, "It is a spreadsheet's own file, no table as text.", "Save it as CSV, in UTF-8.")
    if begin.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return {b"\0": "utf-16-le"}.get(begin[1:2]) or {b"\0": "utf-16-be"}.get(begin[:1], "utf-8-sig")


def _rows(path: Path, file: IO[str]) -> Iterator[Row]:
    first = file.readline()
    if first.lower().startswith("sep="):  # for Excel, which of the separators it is
        first = file.readline()
    separator = max(_SEPARATORS, key=first.count)
    reader = csv.reader(chain([first], file), delimiter=separator, strict=True)
    if tuple(value.strip() for value in next(reader, ())) != HEADER:
        raise _invalid(path, f"Its first line is not {','.join(HEADER)!r}.")
    started: dict[str, str] = {}
    seen: set[tuple[str, int]] = set()
    for values in reader:
        if not any(values):
            continue
        try:
            row = _row_of(values, decimal_comma=separator != ",")
            if started.setdefault(row[0].uid, values[1]) != values[1]:
                raise ValueError("started_at differs within the session")
            if (row[0].uid, row[1]) in seen:
                raise ValueError("this entry of the session is there twice")
        except ValueError as error:
            raise _invalid(path, f"Line {reader.line_num}: {error}.") from error
        seen.add((row[0].uid, row[1]))
        yield row


def _row_of(values: list[str], *, decimal_comma: bool) -> Row:
    if len(values) != len(HEADER):
        raise ValueError(f"{len(values)} values, expected {len(HEADER)}")
    given = dict(zip(HEADER, values, strict=True))
    if any(len(value) > _LONGEST_TEXT or not value.isprintable() for value in values):
        raise ValueError("a value is longer than any of ours, or no plain text")
    if decimal_comma:  # where a comma separates decimals, something else separates columns
        given |= {name: given[name].replace(",", ".") for name, kind in _NUMBERS.items() if kind is float}
    uid = given["session"]
    if not 1 <= len(uid) <= 64:
        raise ValueError("session is no name of a session")
    return SessionKey(uid, _time(given["started_at"])), _whole(given["n"], "n", 1), _entry(given)


def _time(text: str) -> datetime:
    time = None
    with suppress(ValueError):
        time = datetime.fromisoformat(text)
    offset = time.utcoffset() if time else None
    if time is None or offset is None or offset.microseconds or not 1900 <= time.year <= 9000:
        raise ValueError(f"started_at {text!r} is no time with its offset, such as 2026-03-02T07:30:00+01:00")
    return time.replace(microsecond=0)


def _whole(text: str, name: str, least: int = 0) -> int:
    if not (text.isascii() and text.isdigit() and least <= int(text) <= 10**9):
        raise ValueError(f"{name} {text!r} is no whole number from {least}")
    return int(text)


def _entry(given: dict[str, str]) -> Entry:
    values: dict[str, Any] = {name: given[name] or None for name in _ENTRY}
    for name, kind in _NUMBERS.items():
        if values[name] is not None:
            values[name] = _number(values[name], name, kind)
    for name in ("whole", "yes"):
        if values[name] not in {None, "yes", "no"}:
            raise ValueError(f"{name} {values[name]!r} is neither yes nor no")
        values[name] = None if values[name] is None else values[name] == "yes"
    if values["kind"] not in KINDS:
        raise ValueError(f"kind {values['kind']!r} is not known; known are {', '.join(KINDS)}")
    if values["side"] not in {None, *get_args(Side)}:
        raise ValueError(f"side {values['side']!r} is neither left nor right")
    if (values["level"] or 0) > 10:
        raise ValueError(f"level {values['level']} is no pain from 0 to 10")
    if values["a_day"] == 0:
        raise ValueError("a_day is 0")
    if values["at_s"] is None:
        raise ValueError("at_s is missing")
    return Entry(**values)


def _number(text: str, name: str, kind: type) -> float:
    if kind is int:
        return _whole(text, name)
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0.0 <= number <= 1e9:
        raise ValueError(f"{name} {text!r} is no number from 0")
    return number


def take_in(diary: Diary, rows: Iterable[Row]) -> Imported:
    """Add the entries that are not there yet, all or none; what is there is never changed.

    Args:
        diary: The diary.
        rows: The entries, with the names that its keys have or had.

    Raises:
        DiaryDamaged: The database is damaged.
        DiaryUnusable: It can't be written.
    """
    names = diary.names
    there = {
        (session.key.uid, n): (session.key, names.named(entry))
        for session in diary.sessions()
        for n, entry in session.numbered
    }
    keys = {session: key for (session, _), (key, _) in there.items()}
    new, doubles, differing = [], 0, 0
    for key, n, entry in rows:
        keyed = names.keyed(entry)
        if there.get((key.uid, n)) == (key, names.named(keyed)):
            doubles += 1
        elif (key.uid, n) in there or keys.get(key.uid, key) != key:
            differing += 1
        else:
            new.append((key, n, keyed))
    diary.write_all(new)
    return Imported(len(new), doubles, differing)


def _invalid(path: Path, why: str, fix: str = "Name a file that diary export --csv wrote.") -> DiaryFileInvalid:
    return DiaryFileInvalid(f"Nothing was taken into the diary: {path}.", why, fix)
