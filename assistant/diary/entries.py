"""What a diary holds: sessions, each with its entries in the order in which they happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, get_args

Kind = Literal[
    "routine begun",
    "routine done",
    "held",
    "moved",
    "set done",
    "skipped",
    "form",
    "pain",
    "pain not said",
    "since last",
    "activity",
    "note",
    "leg",
    "leg settled",
    "sore side",
    "sign",
    "prescribed",
    "health answer",
    "cleared",
    "screened",
]
KINDS: tuple[Kind, ...] = get_args(Kind)

HEALTH_KINDS: tuple[Kind, ...] = ("health answer", "cleared", "screened")
"""What goes when the user wants the answers about health forgotten."""

Side = Literal["left", "right"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was done or said. What a kind has no use for is None.

    Attributes:
        kind: What it is.
        at_s: When, in seconds of the session's sample clock since its first entry.
        routine: Key of the routine under way.
        exercise: Key of the exercise.
        side: Left or right.
        seconds: How long it was held or moved, pauses left out; of a prescription: how long to hold.
        reps: How often it was moved; of a prescription: how often to move.
        level: Pain, 0 to 10; of an activity how well it goes, 0 not at all to 10 as well as ever.
        a_day: Sets a day, of a prescription.
        whole: Whether all of a hold or of a set was done.
        yes: The answer to a question about health; False for a sign that was taken back.
        detail: ``before``, ``after``, ``between`` (after ``leg`` where the leg's was told apart), ``exercise`` or
            ``leg`` for pain; ``better``, ``same`` or ``worse`` since the last session; the form; where the leg pain has
            moved; the question; the sign; the activity; the note.
    """

    kind: Kind
    at_s: float = 0.0
    routine: str | None = None
    exercise: str | None = None
    side: Side | None = None
    seconds: float | None = None
    reps: int | None = None
    level: int | None = None
    a_day: int | None = None
    whole: bool | None = None
    yes: bool | None = None
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class SessionKey:
    """Which session: nothing else about it ever changes.

    Attributes:
        uid: Made up when it began; tells it from every other, on any machine.
        started_at: When it began, with the user's offset from UTC then.
    """

    uid: str
    started_at: datetime

    @property
    def day(self) -> date:
        """The user's day to which all of the session belongs, midnight or not: that on which it began."""
        return self.started_at.date()


@dataclass(frozen=True, slots=True)
class DiarySession:
    """A session with all its entries.

    Attributes:
        key: Which session.
        numbered: Its entries in order, each with its number; a number is missing where an entry was forgotten.
    """

    key: SessionKey
    numbered: tuple[tuple[int, Entry], ...]

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Its entries in order."""
        return tuple(entry for _, entry in self.numbered)
