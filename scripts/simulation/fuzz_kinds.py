"""What public bug reports taught: names, shapes, numbers, encodings, bytes, time zones, headers; each made by chance.

Unlike what `scripts.simulation.fuzz` damages, these are made of what goes wrong: brackets, signs, lengths, offsets.
"""

from __future__ import annotations

import io
import json
import random
import struct
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from assistant.audio.files import read_recording
from assistant.commands import streams
from assistant.diary.csv_file import HEADER, read_csv
from assistant.diary.entries import KINDS, DiarySession
from assistant.diary.fhir import bundle_of
from assistant.hearing.pronunciation import pronounce
from assistant.keeping.journal import json_line
from assistant.loop.typed import Typed, WaitingLines, read_typed
from assistant.loop.vocabulary import users_sentences
from assistant.routines.loading import load_routine
from intents.names import words_of_name

_ROUTINE = """\
title: evening stretch
names: {names}
purpose: A calm stretch before bed.
cautions: [{{say: Leave it if it hurts., source: unverified}}]
steps:
  - {{exercise: single-knee-to-chest, hold: {{seconds: {number}}}}}
closing: Well done.
"""
_NAMES = (
    "evening",
    "a",
    "b c",
    "[",
    "]",
    "(",
    ")",
    "|",
    "'",
    "{",
    "}",
    "<",
    ">",
    ":",
    ";",
    " ",
    "é",
    "\u0301",
    "ꡖ",
    "漢",
    "A",
    "1",
)
_NUMBERS = (
    "0",
    "1",
    "12",
    "9",
    "5",
    ",",
    ".",
    ":",
    "_",
    "x",
    "o",
    "b",
    "e",
    "+",
    "-",
    "~",
    "'",
    " ",
    "½",
    "٣",
    "yes",
    "null",
    "!!int ",
)
_SHOWN = (
    "word",
    "…",
    "–",
    "→",
    "×",
    "♪",
    "█",
    "é",
    "漢",
    "\udce9",
    "\ud800",
    "\U0001f600",
    "\x1b[2J",
    "\x00",
    "\u202e",
    "\r",
    "\n",
)
_ENCODINGS = (
    "ascii",
    "latin-1",
    "cp1252",
    "cp437",
    "koi8-r",
    "shift_jis",
    "big5",
    "utf-16",
    "utf-8",
    "iso8859-15",
    "mac-roman",
)
_TYPED = (
    b"stop",
    b"next",
    b"caf\xe9",
    b"\xff\xfe",
    b"\x00",
    b"\n",
    b"\r",
    b"\xed\xa0\x80",
    b"\xf0\x9f\x98\x80",
    b" ",
    b"\x1b[A",
    b"\x80",
)
_OFFSETS = (
    "Z",
    "+00:00",
    "+23:59",
    "-23:59",
    "+24:00",
    "+14:01",
    "-14:00",
    "+01:00:12",
    "-00:00:01",
    "+05",
    "+0530",
    "+01:00:00.5",
    "",
    "+99:99",
)
_TEXTS = (
    "",
    "",
    "",
    "a",
    "left",
    "yes",
    "no",
    "$x^$",
    "\\frac{",
    "<b>&",
    "é",
    "9" * 30,
    "1e308",
    "-1",
    "nan",
    "0",
    "5",
    "before",
    "x" * 201,
)
_WRONG: tuple[Any, ...] = (
    None,
    True,
    0,
    1.5,
    "",
    "a",
    "(a",
    "{x}",
    "<y>",
    [],
    ["a"],
    [None],
    {},
    {"a": "b"},
    {1: 2},
    10**12,
    -1,
)
_SHAPE: dict[str, Any] = {
    "language": "en",
    "intents": {
        "T": {"data": [{"sentences": ["on {r} {n}"], "slots": {"a": "b"}, "requires_context": {"session": True}}]}
    },
    "lists": {"r": {"values": ["one", {"in": "two", "out": 2}]}, "n": {"range": {"from": 1, "to": 9, "step": 2}}},
    "expansion_rules": {"y": "(a|b)"},
    "skip_words": ["please"],
    "carriers": {"before": ["um"], "after": [], "again_words": 2},
}


def _drawn(chance: random.Random, pieces: tuple[str, ...], most: int = 8) -> str:
    return "".join(chance.choices(pieces, k=chance.randrange(most)))


def _name(chance: random.Random) -> bytes:
    return _drawn(chance, _NAMES, 12).encode("utf-8", "surrogatepass")


def _read_name(path: Path) -> None:
    """Whatever is loaded can be listened for."""
    name = path.read_text(encoding="utf-8")
    text = _ROUTINE.format(names=json.dumps([name], ensure_ascii=False), number=5)
    path.with_suffix(".yaml").write_text(text, encoding="utf-8")
    for spoken in load_routine(path.with_suffix(".yaml")).names:
        for word in words_of_name(spoken, "en"):
            pronounce(word)


def _number(chance: random.Random) -> bytes:
    return _ROUTINE.format(names="[evening]", number=_drawn(chance, _NUMBERS)).encode()


def _misshapen(chance: random.Random) -> bytes:
    """A sentence file of which parts are something else, or gone."""
    tree = json.loads(json.dumps(_SHAPE))
    for _ in range(chance.choice((0, 1, 1, 2, 3))):
        inside: Any = tree
        while True:
            keys = list(inside) if isinstance(inside, dict) else list(range(len(inside)))
            if not keys:
                break
            key = chance.choice(keys)
            if isinstance(inside[key], dict | list) and chance.random() < 0.75:
                inside = inside[key]
                continue
            if chance.random() < 0.2:
                del inside[key]
            else:
                inside[key] = chance.choice(_WRONG)
            break
    return yaml.safe_dump(tree, allow_unicode=True, default_flow_style=chance.choice((True, False, None))).encode()


def _shown(chance: random.Random) -> bytes:
    return json.dumps([chance.choice(_ENCODINGS), _drawn(chance, _SHOWN, 20)]).encode()


def _show(path: Path) -> None:
    encoding, text = json.loads(path.read_bytes())
    streams.name_errors()
    written = io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors=streams.NEAREST)
    written.write(text)
    written.flush()
    json_line({"kind": "heard", "text": text}).encode()


def _type(path: Path) -> None:
    keyboard = io.TextIOWrapper(path.open("rb"), encoding="utf-8", errors="replace")
    waiting = WaitingLines(lambda text: "stop" in text, str)
    with keyboard:
        read_typed(keyboard, lambda typed: waiting.add(Typed(typed.text, alone=True)))
    while (line := waiting.take(patient=False)) is not None:
        json_line({"kind": "heard", "text": line}).encode()


def _zone(chance: random.Random) -> bytes:
    separator = chance.choice(",,;\t")
    time = chance.choice(
        ("2026-11-30T04:24:07", "1900-01-01T00:00:00", "9000-12-31T23:59:59", "2026-03-29 02:30", "24:00")
    )
    values = ["one", time + chance.choice(_OFFSETS), chance.choice(("1", "7", "0", "x")), chance.choice(KINDS), "5.0"]
    usual = {"side": "left", "seconds": "5.0", "reps": "3", "level": "4", "a_day": "2", "whole": "yes", "yes": "no"}
    odd = _TEXTS if chance.random() < 0.3 else ("",)
    values += [chance.choice(("", usual.get(name, "press up"), *odd)) for name in HEADER[len(values) :]]
    lines = separator.join(HEADER) + "\r\n" + separator.join(values) + "\r\n"
    return lines.encode(chance.choice(("utf-8", "utf-8-sig", "utf-16", "utf-16-le")))


def _hand_over(path: Path) -> None:
    """What is taken in can be exported."""
    rows = read_csv(path)
    if rows:
        bundle_of([DiarySession(rows[0][0], tuple((n, entry) for _, n, entry in rows))], datetime.now().astimezone())


def _header(chance: random.Random) -> bytes:
    """A WAV file whose header says something else than what is there."""
    kind, channels, block = (
        chance.choice((0, 1, 2, 3, 6, 7, 0x11, 0x31, 0x55, 0xFFFE)),
        chance.choice((0, 1, 2, 9)),
        chance.choice((0, 1, 2, 4, 36, 256, 65535)),
    )
    rate, bits = chance.choice((0, 1, 8000, 16_000, 44_100, 2**32 - 1)), chance.choice((0, 3, 4, 8, 16, 24, 32, 64))
    coding = struct.pack("<HHIIHH", kind, channels, rate, chance.choice((0, 32_000)), block, bits)
    coding += chance.choice(
        (b"", b"\0\0", struct.pack("<HH", 2, chance.choice((0, 1, 505, 65535))), chance.randbytes(24))
    )
    sound = chance.randbytes(chance.choice((0, 1, 7, 255, 4096)))
    lengths = (0, len(sound), len(sound) + 1, 2**31 - 1, 2**32 - 1, 0x7FFF0000, 7)
    chunks = [(b"fmt ", coding, len(coding))] * chance.choice((0, 1, 1, 1, 1, 2))
    chunks += [(b"LIST", b"abcd", chance.choice((4, 0, 2**32 - 1)))] * chance.choice((0, 0, 1))
    chunks += [(b"data", sound, chance.choice(lengths))]
    body = b"".join(struct.pack("<4sI", name, length) + content for name, content, length in chunks)
    return (
        chance.choice((b"RIFF", b"RIFF", b"RIFX", b"RF64"))
        + struct.pack("<I", chance.choice((0, len(body), 2**32 - 1)))
        + b"WAVE"
        + body
    )


MADE: Mapping[str, Callable[[random.Random], bytes]] = {
    "name": _name,
    "number": _number,
    "shape": _misshapen,
    "shown": _shown,
    "pipe": lambda chance: b"".join(chance.choices(_TYPED, k=chance.randrange(20))),
    "zone": _zone,
    "header": _header,
}
"""Makes one input of a kind."""

READERS_OF_MADE: Mapping[str, Callable[[Path], object]] = {
    "name": _read_name,
    "number": load_routine,
    "shape": users_sentences,
    "shown": _show,
    "pipe": _type,
    "zone": _hand_over,
    "header": read_recording,
}
