"""CMUdict, looked up in the file itself.

The file is mapped into memory, not read: a table of its 135,000 words would take sixty megabytes and a third of a
second at every start.
"""

from __future__ import annotations

import mmap
import re
import sys
from collections.abc import Iterator
from functools import cache
from importlib import resources
from pathlib import Path

Pronunciation = tuple[str, ...]

_VARIANT = re.compile(rb"\(\d+\)$")


class Dictionary:
    """A pronouncing dictionary: a word and its phones a line, in the order of the words' bytes.

    A further pronunciation has its number behind the word, ``read(2)``, and stands on one of the lines that follow.

    Args:
        path: The file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with path.open("rb") as file:
            self._lines = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

    def __getitem__(self, word: str) -> tuple[Pronunciation, ...]:
        """All pronunciations of a word, the commonest first; none if it isn't there."""
        wanted = word.encode("utf-8")
        below, above = 0, len(self._lines)
        while below < above:  # the first line whose word is not less than the wanted one begins within these
            middle = self._lines.rfind(b"\n", below, (below + above) // 2) + 1 or below
            line, end = self._line(middle)
            if _word_of(line) < wanted:
                below = end
            else:
                above = middle
        return tuple(self._from(below, wanted))

    def _from(self, start: int, wanted: bytes) -> Iterator[Pronunciation]:
        while start < len(self._lines):
            line, start = self._line(start)
            if _word_of(line) != wanted:
                return
            # The same few names over and over: kept once each, thousands of words take a megabyte less.
            yield tuple(sys.intern(phone.decode("ascii")) for phone in line.split()[1:])

    def _line(self, start: int) -> tuple[bytes, int]:
        """The line that begins there, and where the next one begins."""
        end = self._lines.find(b"\n", start) + 1 or len(self._lines)
        return self._lines[start:end], end


def _word_of(line: bytes) -> bytes:
    return _VARIANT.sub(b"", line.split(maxsplit=1)[0])


@cache
def cmudict() -> Dictionary:
    """The dictionary, which comes along with its licence."""
    with resources.as_file(resources.files("assistant.hearing") / "cmudict" / "cmudict-en-us.dict") as path:
        return Dictionary(path)
