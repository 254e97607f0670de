"""How hard a text is to read: the Flesch–Kincaid grade level (Kincaid and others, 1975)."""

from __future__ import annotations

import re
from collections.abc import Callable

Syllables = Callable[[str], int]
"""How many syllables a word has."""


def grade(text: str, syllables: Syllables) -> float:
    """The school grade, in US years, from which on a text is understood; 0 for a text without words.

    Args:
        text: English text of whole sentences.
        syllables: Counts those of a word.
    """
    words = words_of(text)
    if not words:
        return 0.0
    sentences = max(1, len([part for part in re.split(r"[.!?:;]+(?:\s|$)", text) if words_of(part)]))
    spoken = sum(max(1, syllables(word)) for word in words)
    return 0.39 * len(words) / sentences + 11.8 * spoken / len(words) - 15.59


def words_of(text: str) -> list[str]:
    """The words of a text in small letters; numbers and signs are none."""
    return re.findall(r"[a-z]+(?:'[a-z]+)?", text.lower())
