"""CMUdict as it lies in PocketSphinx's wheel, looked up in the file itself.

The file is mapped into memory, not read: a table of its 135,000 words would take sixty megabytes and a third of a
second at every start.
"""

from __future__ import annotations

import mmap
import re
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
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
            found, _, end = self._line(middle)
            if found < wanted:
                below = end
            else:
                above = middle
        return tuple(self._from(below, wanted))

    def _from(self, start: int, wanted: bytes) -> Iterator[Pronunciation]:
        while start < len(self._lines):
            found, phones, start = self._line(start)
            if found != wanted:
                return
            yield phones

    def _line(self, start: int) -> tuple[bytes, Pronunciation, int]:
        """The word and the phones of the line that begins there, and where the next one begins."""
        end = self._lines.find(b"\n", start) + 1 or len(self._lines)
        word, *phones = self._lines[start:end].split()
        return _VARIANT.sub(b"", word), tuple(phone.decode("ascii") for phone in phones), end


@cache
def cmudict() -> Dictionary:
    """The dictionary; found without loading PocketSphinx's library."""
    package = find_spec("pocketsphinx")
    assert package is not None and package.origin is not None, "it is a dependency of ours"
    return Dictionary(Path(package.origin).parent / "model" / "en-us" / "cmudict-en-us.dict")
