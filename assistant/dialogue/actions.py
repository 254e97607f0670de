"""What a session asks the world to do. All times are seconds on the sample clock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from assistant.dialogue.facts import Fact
from assistant.dialogue.line import Line

ChimeKind = Literal["start", "end", "tick", "attention"]


@dataclass(frozen=True, slots=True)
class Say:
    """Say a line: after what is being said, or, with ``at``, on an exact sample if nobody speaks then."""

    line: Line
    at: float | None = None


@dataclass(frozen=True, slots=True)
class Chime:
    """Play a tone on an exact sample."""

    kind: ChimeKind
    at: float


@dataclass(frozen=True, slots=True)
class Tick:
    """A counted second of a hold passes on an exact sample.

    Attributes:
        remaining: Whole seconds of the hold left from there.
        at: When.
    """

    remaining: int
    at: float


@dataclass(frozen=True, slots=True)
class Hush:
    """Fall silent at once and forget the lines that were waiting.

    Attributes:
        scheduled: Whether what was given an exact time (counts, tones, ticks) is dropped as well.
    """

    scheduled: bool = True


@dataclass(frozen=True, slots=True)
class Tune:
    """Speak faster or slower, louder or quieter, in another voice.

    Attributes:
        pace: Steps from the user's own rate, -3 to 3; a step is about a tenth.
        loudness: Steps from the user's own volume, -3 to 3; a step is 3 dB.
        voice: Which; None: the one that is set.
        clear: Whether it speaks for ears that hear little.
    """

    pace: int
    loudness: int
    voice: str | None = None
    clear: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """Remember something that was done or said."""

    fact: Fact


@dataclass(frozen=True, slots=True)
class Finish:
    """Switch the assistant off."""


Action = Say | Chime | Tick | Hush | Tune | Record | Finish
