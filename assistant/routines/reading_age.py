"""How hard a text is to read, by the formula of its language."""

from __future__ import annotations

import re
from collections.abc import Callable

from intents.language import ENGLISH, Language
from intents.letters import words_of

Syllables = Callable[[str], int]
"""How many syllables a word has."""


def grade(text: str, syllables: Syllables, language: Language = ENGLISH) -> float:
    """The school grade from which on a text is understood; 0 for one without words, or in a language without formula.

    Args:
        text: Whole sentences.
        syllables: Counts those of a word.
        language: Whose formula is used.
    """
    words, formula = words_of(text), language.reading
    if not words or formula is None:
        return 0.0
    sentences = max(1, len([part for part in re.split(r"[.!?:;]+(?:\s|$)", text) if words_of(part)]))
    spoken = sum(max(1, syllables(word)) for word in words)
    long_sentences = formula.words_a_sentence * len(words) / sentences
    return long_sentences + formula.syllables_a_word * spoken / len(words) + formula.base
