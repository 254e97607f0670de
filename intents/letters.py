"""Letters and words in any script. Text that is compared is brought into one form here, and nowhere else."""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Iterator

APOSTROPHE = "'"


def plain(text: str) -> str:
    """Text in small letters, each letter with its accents as one character (NFC), with straight apostrophes.

    Small letters, not case folding: the words go to recognisers, whose dictionaries have "größer" and no "grösser".
    """
    return unicodedata.normalize("NFC", text.lower()).replace("’", APOSTROPHE)


def is_letter(char: str) -> bool:
    """Whether a character is a letter, or a sign that belongs to the one before it: an accent, a vowel sign."""
    return char.isalpha() or unicodedata.category(char).startswith("M")


def runs(text: str) -> Iterator[tuple[int, str]]:
    """A text in pieces, each with the place at which it begins: letters with apostrophes, digits, or one sign."""

    def kind(place_and_char: tuple[int, str]) -> str:
        char = place_and_char[1]
        if is_letter(char) or char == APOSTROPHE:
            return "letters"
        return "digits" if char.isdecimal() else char

    for name, group in itertools.groupby(enumerate(text), kind):
        piece = list(group)
        if name in {"letters", "digits"}:
            yield piece[0][0], "".join(char for _, char in piece)
        else:
            yield from piece


def is_word(piece: str) -> bool:
    """Whether a piece of `runs` is letters, perhaps with apostrophes."""
    return is_letter(piece[0]) or piece[0] == APOSTROPHE


def words_of(text: str) -> list[str]:
    """The words of a text in small letters; numbers and signs are none."""
    pieces = (piece.strip(APOSTROPHE) for _, piece in runs(plain(text)) if is_word(piece))
    return [piece for piece in pieces if piece]
