"""The assistant's voice as it is set. Loads nothing but what speaks, so that it may begin before all else is loaded."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from assistant.errors import VoiceUnavailable
from assistant.home import folders
from assistant.home.settings import Settings
from assistant.voice.natural import FALLBACK, chosen, natural_voices, piper_version, speaker
from assistant.voice.settings import VoiceSettings
from assistant.voice.synthesiser import Synthesiser
from assistant.voice.wording import Wording
from intents.language import ENGLISH, Language

SYSTEM_VOICES = (FALLBACK, "en-us")
"""Of the voices of the system's engine, those that a user may choose by voice."""


def begin_to_speak(settings: Settings, tell: Callable[[str], None]) -> Synthesiser:
    """The voice of a session, which gets ready for its first word while all else is loaded.

    Args:
        settings: The user's settings.
        tell: Told, from any thread, when another voice has to speak than the one that is set.
    """
    synthesiser = make_synthesiser(settings, lambda error: tell(another_speaks(error)))
    synthesiser.prepare_next(first_texts())
    return synthesiser


def make_synthesiser(settings: Settings, tell: Callable[[VoiceUnavailable], None] = lambda _: None) -> Synthesiser:
    """The assistant's voice, with its cache on disk.

    Args:
        settings: The user's settings.
        tell: Told, from any thread, when another voice than the one that is set has to speak.
    """
    cache = folders.private_cache("voice")
    return Synthesiser(voice_settings(settings), cache, tell=tell, find=lambda name: chosen(name, [folders.voices()]))


def another_speaks(error: VoiceUnavailable) -> str:
    """What the user is told when the fallback takes the place of the voice that was set."""
    return "\n".join((*error.lines(), f"The voice {FALLBACK} speaks instead."))


def voice_settings(settings: Settings) -> VoiceSettings:
    """How the assistant speaks, with the voice that is meant."""
    return VoiceSettings(settings.rate, chosen(settings.voice, [folders.voices()]), clear=settings.clear_speech)


def voices_here(settings: Settings) -> tuple[str, ...]:
    """The voices between which a user may choose by voice, by name: the one that is set, natural ones, the system's."""
    files = natural_voices([folders.voices()]) if piper_version() else {}
    named = {str(file): speaker(name) for name, file in reversed(files.items())}
    is_set = chosen(settings.voice, [folders.voices()])
    return tuple(dict.fromkeys((named.get(is_set, is_set), *map(speaker, files), *SYSTEM_VOICES)))


def first_texts(language: Language = ENGLISH) -> Iterable[str]:
    """What is said first of all: short, for until it is there nothing is heard."""
    return [Wording(language=language).text("greeting.hello", {})]
