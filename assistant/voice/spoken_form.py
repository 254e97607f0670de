"""What a natural voice is told besides the words: how ours are pronounced, and where it takes a breath.

Piper takes phonemes between double brackets.
"""

from __future__ import annotations

import re
from functools import cache

from intents.language import ENGLISH, Language
from intents.pronunciations import pronunciations

_BREATH = "[[________]]"
"""A tenth of a second before a number, so that it stands out."""

_LARGEST = 199


def spoken_form(text: str, language: Language = ENGLISH) -> str:
    """A text as a natural voice takes it.

    Args:
        text: What is said.
        language: In which.
    """
    plain = text.replace("[", "(").replace("]", ")")
    phonemes = pronunciations(language).phonemes
    pieces = []
    for piece in re.split(r"(\W+)", plain):
        told = phonemes.get(piece.lower())
        pieces.append(f"[[{told}]]" if told else piece)
    return _numbers(language).sub(rf" {_BREATH}\1", "".join(pieces))


@cache
def _numbers(language: Language) -> re.Pattern[str]:
    """Where a number from two on begins in the middle of a clause; one is more often a word like any other."""
    words = {word for n in range(_LARGEST + 1) for word in re.split(r"[ -]", language.in_words(n))}
    first = "|".join(words - {language.in_words(1), "and", "a"})
    whole = "|".join(words)
    return re.compile(rf"(?<=[a-z]) ((?:(?:{whole})[ -])*(?:{first}|[0-9]+)\b(?:[ -](?:{whole})\b)*)", re.IGNORECASE)
