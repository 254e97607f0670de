"""What is made of written utterances: a line each, perhaps with a phase, and with what it should mean.

A line is the words alone, or columns with tabs between them: ``phase``, ``words``, ``intents`` (with commas; ``*`` for
any, ``-`` for none: talk that is no command), ``slots`` (as JSON, those that matter), ``about``. A first line with
these names says which columns there are; without it they are ``phase`` and ``words``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant.errors import ScriptInvalid
from assistant.hearing.listener import Utterance
from assistant.keeping.journal import Row, row_of
from assistant.loop.in_writing import understood
from intents import Command
from intents.reading import read_at_most
from intents.sentences import Sentences

ANY = "*"
NOTHING = "-"
_COLUMNS = ("phase", "words", "intents", "slots", "about")


@dataclass(frozen=True, slots=True)
class Written:
    """An utterance in writing.

    Attributes:
        words: The words.
        phase: Where it is said; None: anywhere.
        intents: What it may mean, perhaps nothing; empty if the file doesn't say.
        slots: What its slots have to be, as far as that matters.
        about: What it is an example of.
    """

    words: str
    phase: str | None = None
    intents: frozenset[str] = frozenset()
    slots: Mapping[str, Any] = field(default_factory=dict)
    about: str = ""

    def is_met_by(self, command: Command | None) -> bool:
        """Whether a command is what it should mean."""
        if command is None:
            return NOTHING in self.intents
        if not (ANY in self.intents or command.intent in self.intents):
            return False
        return all(command.slots.get(name) == value for name, value in self.slots.items())


_LARGEST_BYTES = 50_000_000


def read_written(path: Path) -> list[Written]:
    """The utterances of a file.

    Raises:
        ScriptInvalid: It can't be read, or a line's slots are no JSON object.
    """
    try:
        lines = read_at_most(path, _LARGEST_BYTES).decode("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "It is not plain text in UTF-8."
        raise ScriptInvalid(f"{path} can't be read.", str(reason), "Name a text file, a line an utterance.") from error
    columns: tuple[str, ...] = _COLUMNS[:2]
    found: list[Written] = []
    for number, line in enumerate(lines, 1):
        cells = line.split("\t")
        if number == 1 and "words" in cells and set(cells) <= set(_COLUMNS):
            columns = tuple(cells)
        elif line.strip():
            found.append(_written(path, number, cells, columns))
    return found


def _written(path: Path, number: int, cells: list[str], columns: tuple[str, ...]) -> Written:
    if len(cells) == 1:
        return Written(cells[0].strip())
    row = dict(zip(columns, (cell.strip() for cell in cells), strict=False))
    try:
        slots = json.loads(row.get("slots") or "{}")
    except json.JSONDecodeError:
        slots = None
    if not isinstance(slots, dict):
        raise ScriptInvalid(
            f"{path}, line {number}: the slots are not valid.",
            f"They are {row['slots']!r}.",
            'For instance: {"side": "left"}',
        )
    intents = frozenset(filter(None, row.get("intents", "").replace(" ", "").split(",")))
    return Written(row.get("words", ""), row.get("phase") or None, intents, slots, row.get("about", ""))


def hear_words(written: list[Written], file: Path, sentences: Callable[[str | None], Sentences]) -> Iterator[Row]:
    """What is made of each utterance: rows as of recordings, the place of the line for the time.

    Args:
        written: The utterances.
        file: Where they stand.
        sentences: What may be said in a phase.
    """
    for one in written:
        command = understood(one.words, sentences(one.phase))
        text, rejected = (command.text, None) if command else (one.words, "not a phrase")
        row: Row = {"file": str(file), **row_of(Utterance(0.0, 0.0, text, 1.0, command, rejected))}
        if one.phase:
            row["phase"] = one.phase
        if one.intents:
            row["right"] = one.is_met_by(command)
        yield row
