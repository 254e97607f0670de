"""Finding the voice that a user means among those that an engine has.

Imported by the engine's process, so nothing heavy may be imported here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

_SUGGESTIONS = 8


class EngineVoice(NamedTuple):
    """A voice as its engine lists it.

    Attributes:
        identifier: What the engine wants to be told.
        name: What people call it.
        language: Its language tag, for instance ``en-gb``; empty if unknown.
    """

    identifier: str
    name: str
    language: str


class UnknownVoiceError(LookupError):
    """The engine has no such voice.

    Args:
        available: Voices, or variants, that it does have; those first that are spelt alike.
    """

    def __init__(self, available: Sequence[str]) -> None:
        super().__init__(", ".join(available))
        self.available = list(available)


def find_voice(
    wanted: str, voices: Sequence[EngineVoice], variants: Sequence[str] = (), *, or_same_language: bool = False
) -> str:
    """The identifier of a voice, with the variant behind a plus sign if one is wanted.

    Upper and lower case are one, spaces and underlines too.

    Args:
        wanted: What the user wrote: identifier, short identifier, name or language, and perhaps ``+variant``.
        voices: Voices, the engine's favourites first.
        variants: Variants in which every voice can speak, as the engine spells them.
        or_same_language: Whether a voice of another region will do: British for Australian English.

    Raises:
        UnknownVoiceError: None fits.
    """
    base, plus, variant = wanted.partition("+") if variants else (wanted, "", "")
    voice = _find_base(base, voices, or_same_language)
    if not plus:
        return voice.identifier
    for name in variants:
        if _plain(name) == _plain(variant):
            return f"{voice.identifier}+{name}"
    raise UnknownVoiceError([f"{base}+{name}" for name in _alike(variant, variants)])


def _find_base(wanted: str, voices: Sequence[EngineVoice], or_same_language: bool) -> EngineVoice:
    plain = _plain(wanted)
    for spellings in zip(*map(_spellings, voices), strict=True):
        for spelling, voice in zip(spellings, voices, strict=True):
            if _plain(spelling) == plain:
                return voice
    if or_same_language:
        for voice in voices:
            if voice.language and _base_language(voice.language) == _base_language(wanted):
                return voice
    known = [voice.language or voice.name for voice in voices]
    english = [name for name in known if _base_language(name) == "en"]
    raise UnknownVoiceError(_alike(wanted, english or known))


def _spellings(voice: EngineVoice) -> tuple[str, ...]:
    """How a user may write this voice, the surest first."""
    short_identifier = voice.identifier.replace("\\", "/").rpartition("/")[2]
    return voice.identifier, short_identifier, voice.name, voice.language


def _base_language(tag: str) -> str:
    return _plain(tag).partition("-")[0]


def _plain(name: str) -> str:
    return name.strip().casefold().replace("_", "-").replace(" ", "-")


def _alike(wanted: str, names: Iterable[str]) -> list[str]:
    """The names that are spelt most like what was wanted."""
    import difflib  # noqa: PLC0415 - takes longer to load than the rest, and is hardly ever needed

    spelt = {_plain(name): name for name in names}
    close = difflib.get_close_matches(_plain(wanted), spelt, n=_SUGGESTIONS, cutoff=0.0)
    return [spelt[plain] for plain in close]
