"""How words are said that no dictionary has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from intents import plain_yaml
from intents.language import ENGLISH, Language


@dataclass(frozen=True, slots=True)
class Pronunciations:
    """Our own additions to the dictionaries.

    Attributes:
        phones: Word to its pronunciations, each a tuple of ARPAbet phones without stress.
        sounds_like: Word to spellings out of commoner words, for engines that take no new ones.
        phonemes: Word to how a natural voice says it, in espeak's phonemes with stress, where its own rules are wrong.
        drowned: Word to what is left of it where the assistant's own voice covers its faintest sound, as phones.
    """

    phones: Mapping[str, tuple[tuple[str, ...], ...]]
    sounds_like: Mapping[str, tuple[str, ...]]
    phonemes: Mapping[str, str]
    drowned: Mapping[str, tuple[tuple[str, ...], ...]]


@cache
def pronunciations(language: Language = ENGLISH) -> Pronunciations:
    """The additions of a language."""
    data = plain_yaml.load(language.file("pronunciations.yaml").read_text(encoding="utf-8"))

    def in_phones(key: str) -> dict[str, tuple[tuple[str, ...], ...]]:
        return {word: tuple(tuple(each.split()) for each in said) for word, said in data[key].items()}

    return Pronunciations(
        phones=in_phones("pronunciations"),
        phonemes=data.get("phonemes", {}),
        drowned=in_phones("drowned"),
        sounds_like={word: tuple(spellings) for word, spellings in data["sounds_like"].items()},
    )
