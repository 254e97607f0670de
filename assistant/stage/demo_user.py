"""A simulated user for the demo: listens to what the assistant does and answers, in a voice of their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from assistant.audio.formats import RATE, Samples
from assistant.audio.simulated import Speaker
from assistant.keeping.journal import Row


@dataclass(frozen=True, slots=True)
class Part:
    """One thing the person says.

    Attributes:
        words: What is said.
        when: The row that prompts it: its kind, and fields that must be equal.
        after_s: How long the person thinks.
    """

    words: str
    when: Mapping[str, object]
    after_s: float = 0.8
    seen: int = field(default=1)
    """How many such rows it takes, counted since the part before was said."""


PATIENCE_S = 180.0
"""Whoever waits so long for their cue has nothing more to say: the session goes another way than was planned."""


class DemoUser:
    """Speaks the parts in order, each when its prompt comes; a journal's sink and a microphone's source.

    Args:
        parts: What to say when.
        clip: Makes the sound of words: int16, 16 kHz.
    """

    def __init__(self, parts: Sequence[Part], clip: Callable[[str], Samples]) -> None:
        self._parts = list(parts)
        self._clip = clip
        self._speaker = Speaker()
        self._matches = 0
        self._waited = 0  # samples

    @property
    def exhausted(self) -> bool:
        """Whether everything was said, to its last sound, or the cue for the rest does not come."""
        return (self.said_all or self._waited > PATIENCE_S * RATE) and self._speaker.silent

    @property
    def said_all(self) -> bool:
        """Whether the cue has come for everything."""
        return not self._parts

    def read(self, frames: int) -> Samples:
        """The next samples of what is said."""
        self._waited += frames
        return self._speaker.read(frames)

    def __call__(self, row: Row) -> None:
        """Notice what happened, and answer if this is the prompt."""
        if not self._parts:
            return
        part = self._parts[0]
        if all(row.get(name) == value for name, value in part.when.items()):
            self._matches += 1
            if self._matches >= part.seen:
                self._parts.pop(0)
                self._matches = self._waited = 0
                self._speaker.say(self._clip(part.words), at=round((row["t"] + part.after_s) * RATE))
