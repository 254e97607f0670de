"""Why a voice can't speak, in the user's terms."""

from __future__ import annotations

import sys
from pathlib import Path

from assistant.errors import VoiceUnavailable
from assistant.voice.natural import FALLBACK, piper_version, speaker

_FIX_ENGINE = (
    "Type: sudo apt install libespeak-ng1" if sys.platform == "linux" else "Install the assistant again: scripts/setup."
)
_NOT_INSTALLED = "Natural voices are not installed: the extra is missing."
_FIX_NATURAL = f'Type: pip install "stretch-assistant[natural]", or choose another voice: {FALLBACK}.'


def unknown_voice(voice: str, available: list[str]) -> VoiceUnavailable:
    """The engine has no such voice; what it has."""
    knows = f" It knows {', '.join(available)}, and more." if available else ""
    return VoiceUnavailable(
        f"There is no voice {voice!r}.",
        f"The speech engine does not know it.{knows}" + ("" if piper_version() else f" {_NOT_INSTALLED}"),
        f"Choose another, for instance {available[0]}." if available else "Install a voice for your system.",
    )


def unusable(voice: str, why: str) -> VoiceUnavailable:
    """A natural voice whose file can't be used."""
    return VoiceUnavailable(
        f"The voice {speaker(Path(voice).stem)} can't speak.",
        why if piper_version() else _NOT_INSTALLED,
        _FIX_NATURAL if not piper_version() else "Name another file, or another voice: stretch-assistant voices.",
    )


def no_natural_engine(why: str) -> VoiceUnavailable:
    """Piper isn't there, or doesn't load."""
    return VoiceUnavailable(
        "The natural voice cannot start.",
        _NOT_INSTALLED if piper_version() is None else f"Piper does not load. {why}",
        _FIX_NATURAL,
    )


def no_engine(why: str) -> VoiceUnavailable:
    """The system's engine isn't there, or doesn't load."""
    return VoiceUnavailable("The voice cannot start.", f"The speech engine does not load. {why}", _FIX_ENGINE)


def switched_off() -> VoiceUnavailable:
    """The assistant is ending."""
    return VoiceUnavailable("The voice was switched off.", "The assistant is ending.", "Start the assistant again.")
