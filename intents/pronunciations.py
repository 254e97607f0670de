"""How words are said that no dictionary has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import yaml

from intents.language import ENGLISH, Language


@dataclass(frozen=True, slots=True)
class Pronunciations:
    """Our own additions to the dictionaries.

    Attributes:
        phones: Word to its pronunciations, each a tuple of ARPAbet phones without stress.
        sounds_like: Word to spellings out of commoner words, for engines that take no new ones.
    """

    phones: Mapping[str, tuple[tuple[str, ...], ...]]
    sounds_like: Mapping[str, tuple[str, ...]]


@cache
def pronunciations(language: Language = ENGLISH) -> Pronunciations:
    """The additions of a language."""
    data = yaml.safe_load(language.file("pronunciations.yaml").read_text(encoding="utf-8"))
    return Pronunciations(
        phones={word: tuple(tuple(each.split()) for each in said) for word, said in data["pronunciations"].items()},
        sounds_like={word: tuple(spellings) for word, spellings in data["sounds_like"].items()},
    )
