"""How the assistant speaks: the user's choice of voice, speed and loudness."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from assistant.errors import SettingsInvalid

SLOWEST = 80
"""Words a minute."""

FASTEST = 300
"""Words a minute; beyond that espeak-ng drops sounds."""


CLEAR_PACE = 0.85
"""Clear speech is so many times as fast."""

CLEAR_PITCH = 0.92
"""Its frequencies are so many times as high: more of them lie where old ears still hear."""


@dataclass(frozen=True, slots=True)
class VoiceSettings:
    """The voice's settings.

    Attributes:
        rate: Speed in words a minute, 80 to 300.
        voice: On Linux a voice of espeak-ng by language, name or identifier, with a variant behind a plus sign if one
            is wanted: ``en-gb``, ``en-us+f3``, ``gmw/en``. On macOS and Windows a voice of the system by name,
            identifier or language; where the system has none for ``en-gb``, any English voice serves.
        volume: Loudness, 0 (silent) to 1; a factor on the samples of every clip.
        clear: Whether to speak for ears that hear little: slower than the rate, with longer pauses, and lower.

    Raises:
        SettingsInvalid: A value is out of its range.
    """

    rate: int
    voice: str
    volume: float = 1.0
    clear: bool = False

    def __post_init__(self) -> None:
        if not SLOWEST <= self.rate <= FASTEST:
            raise SettingsInvalid(
                f"The voice cannot speak at a rate of {self.rate}.",
                f"The rate is in words a minute, {SLOWEST} to {FASTEST}.",
                "Choose a rate in that range.",
            )
        if not (math.isfinite(self.volume) and 0.0 <= self.volume <= 1.0):
            raise SettingsInvalid(
                f"The voice cannot have a volume of {self.volume:g}.",
                "The volume goes from 0, which is silent, to 1.",
                "Choose a volume in that range.",
            )
        if not self.voice.strip():
            raise SettingsInvalid("No voice is named.", "The name of the voice is empty.", "Name a voice: en-gb.")

    @property
    def words_a_minute(self) -> int:
        """What the engine is asked for. What is played back lower afterwards becomes slower by that, too."""
        return round(self.rate * CLEAR_PACE / CLEAR_PITCH) if self.clear else self.rate

    @property
    def pitch(self) -> float:
        """What every frequency of the voice is multiplied by."""
        return CLEAR_PITCH if self.clear else 1.0

    def at_pace(self, factor: float) -> VoiceSettings:
        """The same voice, so many times as fast, within the range of rates."""
        rate = min(FASTEST, max(SLOWEST, round(self.rate * factor)))
        return replace(self, rate=rate)
