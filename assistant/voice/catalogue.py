"""Finding the voice that a user means among those that an engine has.

Imported by the engine's process, so nothing heavy may be imported here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_SUGGESTIONS = 8


@dataclass(frozen=True, slots=True)
class EngineVoice:
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


def find_voice(wanted: str, voices: Sequence[EngineVoice], *, or_same_language: bool = False) -> EngineVoice:
    """The voice of this identifier, short identifier, name or language; upper and lower case are one.

    Args:
        wanted: What the user wrote.
        voices: Voices, the engine's favourites first.
        or_same_language: Whether a voice of another region will do: British for Australian English.

    Raises:
        UnknownVoiceError: None fits.
    """
    plain = _plain(wanted)
    for spellings in zip(*map(_spellings, voices), strict=True):
        for spelling, voice in zip(spellings, voices, strict=True):
            if _plain(spelling) == plain:
                return voice
    if or_same_language:
        for voice in voices:
            if _plain(voice.language).partition("-")[0] == plain.partition("-")[0]:
                return voice
    raise UnknownVoiceError(_alike(plain, (voice.language or voice.name for voice in voices)))


def find_variant(wanted: str, variants: Iterable[str]) -> str:
    """The variant of this name as the engine spells it; upper and lower case are one.

    Raises:
        UnknownVoiceError: There is none.
    """
    by_plain_name = {_plain(variant): variant for variant in variants}
    try:
        return by_plain_name[_plain(wanted)]
    except KeyError:
        raise UnknownVoiceError([f"+{name}" for name in _alike(_plain(wanted), by_plain_name.values())]) from None


def _spellings(voice: EngineVoice) -> tuple[str, ...]:
    """How a user may write this voice, the surest first."""
    short_identifier = voice.identifier.replace("\\", "/").rpartition("/")[2]
    return voice.identifier, short_identifier, voice.name, voice.language


def _plain(name: str) -> str:
    return name.strip().casefold().replace("_", "-").replace(" ", "-")


def _alike(wanted: str, names: Iterable[str]) -> list[str]:
    import difflib  # noqa: PLC0415 - takes longer to load than the rest, and is hardly ever needed

    spelt = {_plain(name): name for name in names}
    return [spelt[plain] for plain in difflib.get_close_matches(wanted, spelt, n=_SUGGESTIONS, cutoff=0.0)]
