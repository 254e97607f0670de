"""The state of a session."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from assistant.dialogue.digest import Digest
from assistant.dialogue.facts import Prescribed
from assistant.dialogue.line import Line
from assistant.dialogue.state.phases import Cautioning, Idle, InRoutine, Phase, beneath
from assistant.dialogue.state.plan import Side
from assistant.dialogue.state.under_way import UnderWay
from assistant.dialogue.state.unfinished import Unfinished
from assistant.routines import Routine, Step
from assistant.routines.exercise import Exercise
from assistant.routines.safety import Safety, own_safety

Wordiness = Literal["by need", "short", "full"]
Counting = Literal["all", "last five", "tones"]


@dataclass(frozen=True, slots=True)
class Preferences:
    """What the user has set.

    Attributes:
        counting: Count every second of a hold, the last five (holds up to ten seconds in full), or tones only.
        ready_after: Seconds after which the user is taken to be in position; None waits for "ready".
    """

    counting: Counting = "last five"
    ready_after: float | None = None


@dataclass(frozen=True, slots=True)
class Health:
    """What the user has answered to the questions before the first session.

    Attributes:
        answers: Yes or no by the question's key.
        cleared: Questions answered with yes, for which a doctor has agreed to exercise.
        complete: Whether all have been answered; a sign that ended a routine makes them due again.
        worse_before: Exercises after which, on an earlier day, the leg pain had moved down.
    """

    answers: Mapping[str, bool] = field(default_factory=dict)
    cleared: frozenset[str] = frozenset()
    complete: bool = False
    worse_before: frozenset[str] = frozenset()

    def said_yes(self, key: str) -> bool:
        """Whether a question was answered with yes."""
        return self.answers.get(key, False)


@dataclass(frozen=True, slots=True)
class Waiting:
    """How long the present phase has waited for the user; every phase begins anew.

    Attributes:
        asked: How often its question has been asked.
        due: When silence counts, in seconds on the sample clock; None: not while somebody speaks, or never.
    """

    asked: int = 1
    due: float | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """Everything that the dialogue knows.

    Attributes:
        routines: All routines by key, in the order in which they are read out.
        exercises: The library by key: chair versions and prescriptions come from it.
        safety: The questions before a routine, and the signs that end one.
        health: What is known of the user.
        screened: Whether the user was asked in this session.
        barred_by: The question or sign for which no exercise is begun in this session.
        left_out: Exercises that are not done in this session, for what was said about them.
        no_leg_pain: Whether the user has said that the leg doesn't hurt.
        met: Exercises that the user has met before.
        wordiness: In full the first time and short later, or always one of them.
        prescribed: Doses that the user's physiotherapist set, by exercise.
        done_today: Sets of each exercise that were done today.
        preferences: What the user has set.
        phase: What is going on.
        waiting: How long it has waited for the user.
        sore_side: The leg that hurts, once it is known.
        disclaimer_due: Whether it is still to be said that this is general information.
        pace: Steps from the user's own speaking rate.
        loudness: Steps from the user's own volume.
        speaking: Lines being said or waiting to be said, in order.
        last_said: What "repeat" says again.
        asked_back: Whether the last thing said was that nothing was understood.
        diary: What the diary says in short; None where none is kept.
        pain_asked_at: When the pain was last asked for, in seconds on the sample clock.
        pain_before: What was answered before the routine.
        pain_left_open: Whether it was left open then.
        unfinished: A routine that another session left unfinished, until it is gone on with or not.
    """

    routines: Mapping[str, Routine]
    exercises: Mapping[str, Exercise] = field(default_factory=dict)
    safety: Safety = field(default_factory=own_safety)
    health: Health = Health()
    screened: bool = False
    barred_by: str | None = None
    left_out: frozenset[str] = frozenset()
    no_leg_pain: bool = False
    met: frozenset[str] = frozenset()
    wordiness: Wordiness = "by need"
    prescribed: Mapping[str, Prescribed] = field(default_factory=dict)
    done_today: Mapping[str, int] = field(default_factory=dict)
    preferences: Preferences = Preferences()
    phase: Phase = field(default_factory=Idle)
    waiting: Waiting = Waiting()
    sore_side: Side | None = None
    disclaimer_due: bool = False
    pace: int = 0
    loudness: int = 0
    speaking: tuple[Line, ...] = ()
    last_said: tuple[Line, ...] = ()
    asked_back: bool = False
    diary: Digest | None = None
    pain_asked_at: float | None = None
    pain_before: int | None = None
    pain_left_open: bool = False
    unfinished: Unfinished | None = None

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
