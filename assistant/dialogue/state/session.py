"""The state of a session."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from assistant.dialogue.digest import Digest
from assistant.dialogue.facts import Prescribed
from assistant.dialogue.line import Line
from assistant.dialogue.state.phases import Cautioning, Idle, InRoutine, Paused, Phase, beneath
from assistant.dialogue.state.reminding import Reminding
from assistant.dialogue.state.under_way import UnderWay
from assistant.dialogue.state.unfinished import Unfinished
from assistant.dialogue.state.user import Preferences, User
from assistant.routines import Routine, Step
from assistant.routines.exercise import Exercise
from assistant.routines.safety import Safety, own_safety


@dataclass(frozen=True, slots=True)
class Waiting:
    """How long the present phase has waited for the user; every phase begins anew.

    Attributes:
        due: When silence counts, in seconds on the sample clock; None: not while somebody speaks, or never.
        reprompted: How many of its question's reprompts have been said, to silence or to what was not understood.
    """

    due: float | None = None
    reprompted: int = 0


@dataclass(frozen=True, slots=True)
class InPassing:
    """When there was last an answer to what was not understood, in seconds on the sample clock; None: never.

    Attributes:
        told_at: That it was heard and not understood, while nothing is under way or all stands still.
        asked_at: Whether to stop.
        sounded_at: A short sound.
        scope_told: Whether it has been said what this is for.
    """

    told_at: float | None = None
    asked_at: float | None = None
    sounded_at: float | None = None
    scope_told: bool = False


STEP_PACE = 1.1
"""How many times as fast the voice is with each step."""


@dataclass(frozen=True, slots=True)
class VoiceSteps:
    """How the user wants the voice.

    Attributes:
        pace: Steps from the user's own speaking rate.
        loudness: Steps from the user's own volume.
        name: The voice that was chosen by voice, one of the preferences'; None: the one that is set.
        clear: Whether it speaks for ears that hear little; None: nor has that been offered.
    """

    pace: int = 0
    loudness: int = 0
    name: str | None = None
    clear: bool | None = None


@dataclass(frozen=True, slots=True)
class AskedForPain:
    """What the question for the pain has brought.

    Attributes:
        at: When it was last asked, in seconds on the sample clock.
        before: What was answered before the routine.
        before_in_leg: The same of the leg, where it was asked for apart.
        left_open: Whether it was left open then.
        since_at: When it was last asked how it was after the last session.
    """

    at: float | None = None
    before: int | None = None
    before_in_leg: int | None = None
    left_open: bool = False
    since_at: float | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """Everything that the dialogue knows.

    Attributes:
        routines: All routines by key, in the order in which they are read out.
        exercises: The library by key: chair versions and prescriptions come from it.
        safety: The questions before a routine, and the signs that end one.
        preferences: What the user has set.
        user: What is known of the user.
        phase: What is going on.
        waiting: How long it has waited for the user.
        voice: How the user wants it.
        speaking: Lines being said or waiting to be said, in order.
        last_said: What "repeat" says again.
        asked_back: Whether the last thing said was that nothing was understood.
        in_passing: When there was last an answer to what was not understood.
        diary: What the diary says in short; None where none is kept.
        pain: What the question for the pain has brought.
        wanted: A set that the user wants to do now, with its amount; it is of the routine with the key of its exercise.
        sets_done: The exercises that were done in this session, with their amounts.
        side_told: Whether it was just said which leg is sore, and need not be repeated.
        announced: Key of the routine whose name was said with the question before it; None: none was.
        asked_louder: How often the user wanted the voice louder.
        to_remind: Whether it is still to be said in this routine to tell what hurts.
        exercised: Whether anything has been held or moved since the last routine was begun.
        routine_begun_at: When a routine was begun last, in seconds on the sample clock.
        reminding: What is known of reminders; None where none are kept.
        unfinished: A routine that another session left unfinished, until it is gone on with or not.
        to_close: The closing words that something came between, with what was not said of them: it is gone back to
            what follows them, the way up from the floor first of all.
    """

    routines: Mapping[str, Routine]
    exercises: Mapping[str, Exercise] = field(default_factory=dict)
    safety: Safety = field(default_factory=own_safety)
    preferences: Preferences = field(default_factory=Preferences)
    user: User = field(default_factory=User)
    phase: Phase = field(default_factory=Idle)
    waiting: Waiting = Waiting()
    voice: VoiceSteps = VoiceSteps()
    speaking: tuple[Line, ...] = ()
    last_said: tuple[Line, ...] = ()
    asked_back: bool = False
    in_passing: InPassing = InPassing()
    diary: Digest | None = None
    pain: AskedForPain = AskedForPain()
    wanted: Prescribed | None = None
    sets_done: tuple[Prescribed, ...] = ()
    side_told: bool = False
    announced: str | None = None
    asked_louder: int = 0
    to_remind: bool = False
    exercised: bool = False
    routine_begun_at: float | None = None
    reminding: Reminding | None = None
    unfinished: Unfinished | None = None
    to_close: Paused | None = None

    @property
    def under_way(self) -> UnderWay | None:
        """The routine under way, paused or not, if there is one."""
        inner = beneath(self.phase)
        return inner.under_way if isinstance(inner, InRoutine) else None

    @property
    def exercising(self) -> UnderWay | None:
        """The routine under way once its cautions are over: an exercise is being done, or comes next."""
        return None if isinstance(beneath(self.phase), Cautioning) else self.under_way

    @property
    def step(self) -> Step | None:
        """That exercise, if there is one."""
        return self.exercising.step if self.exercising else None
