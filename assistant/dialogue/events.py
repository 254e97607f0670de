"""What can happen to a session. All times are seconds on the sample clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from assistant.dialogue.digest import Digest
from assistant.dialogue.line import Line
from assistant.reminders.reminder import Schedule
from intents import Command


@dataclass(frozen=True, slots=True)
class Started:
    """The assistant has been switched on."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A sentence was understood.

    Attributes:
        command: What it means.
        confidence: 0 to 1, the recogniser's own.
        started_at: When its first word began.
        ended_at: When its last word ended.
    """

    command: Command
    confidence: float
    started_at: float
    ended_at: float


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """Somebody spoke, or something sounded, that is no command now.

    Attributes:
        reason: Why it was rejected, for instance ``unsure`` or ``not a phrase``.
        hint: The urgent intent to which a word of it belongs, though the rest is not understood; None: no such word.
        near: Whether it was clearly speech, from near by.
        written: Whether it was written: it is no television, and whoever writes looks for an answer.
    """

    reason: str
    hint: str | None = None
    near: bool = False
    written: bool = False


@dataclass(frozen=True, slots=True)
class SpeechFinished:
    """A line that was said without an exact time has been spoken to its end."""

    line: Line


@dataclass(frozen=True, slots=True)
class DeadlineReached:
    """The time that `next_deadline` asked for has come."""


@dataclass(frozen=True, slots=True)
class SoundLost:
    """A sound device has gone.

    Attributes:
        device: ``microphone`` or ``loudspeaker``; ``recogniser`` where sound comes but is not understood.
    """

    device: str


@dataclass(frozen=True, slots=True)
class SoundBack:
    """What had gone is there again, and nothing else is missing.

    Attributes:
        away_s: For how long, in seconds of the world rather than of the sample clock, which may have stood still.
    """

    away_s: float = 0.0


@dataclass(frozen=True, slots=True)
class DiaryRead:
    """The diary was read anew.

    Attributes:
        digest: What it says.
        done_today: Sets of each exercise that were done today, which may be another day than before.
    """

    digest: Digest
    done_today: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ComingReminder:
    """A reminder that a session is to give.

    Attributes:
        schedule: Which.
        day: For which day.
        in_s: In so many seconds; below 0: it is late.
    """

    schedule: Schedule
    day: date
    in_s: float


@dataclass(frozen=True, slots=True)
class RemindersRead:
    """The reminders were read anew, and the clock on the wall.

    Attributes:
        wall: The user's wall clock, without an offset.
        schedules: All that are kept, in order.
        coming: Those that a session is to give, in the order in which they come.
        rings: Whether they are given where no session runs, too.
    """

    wall: datetime
    schedules: tuple[Schedule, ...] = ()
    coming: tuple[ComingReminder, ...] = ()
    rings: bool = False


Event = (
    Started
    | Heard
    | NotUnderstood
    | SpeechFinished
    | DeadlineReached
    | SoundLost
    | SoundBack
    | DiaryRead
    | RemindersRead
)
