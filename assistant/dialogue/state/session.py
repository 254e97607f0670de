"""The state of a session."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from assistant.dialogue.digest import Digest
from assistant.dialogue.facts import Form, Prescribed
from assistant.dialogue.line import Line
from assistant.dialogue.state.phases import Idle, Phase, task_of
from assistant.dialogue.state.plan import Side, Task
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
        routine: The routine under way, if any.
        plan: Its tasks.
        sore_side: The leg that hurts, once it is known.
        disclaimer_due: Whether it is still to be said that this is general information.
        form: In which form the step under way is done.
        given: Side and seconds or reps of each whole hold or set of the step under way.
        extra_seconds: What the user has added to the holds of the step under way, on this side; may be negative.
        extra_reps: The same for its reps.
        extra_pace: Seconds by which the user has slowed each of its reps down.
        position: Index of the last step whose position the user has taken.
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
        going_on: Whether the user wants to go on with it, and only questions stand before it.
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
    routine: Routine | None = None
    plan: tuple[Task, ...] = ()
    sore_side: Side | None = None
    disclaimer_due: bool = False
    form: Form = "usual"
    given: tuple[tuple[Side | None, int], ...] = ()
    extra_seconds: int = 0
    extra_reps: int = 0
    extra_pace: int = 0
    position: int | None = None
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
    going_on: bool = False

    def step_of(self, task: int) -> Step:
        """The step that a task belongs to."""
        assert self.routine is not None
        return self.routine.steps[self.plan[task].step]

    @property
    def step(self) -> Step | None:
        """The step under way, if any."""
        task = task_of(self.phase)
        return None if task is None or self.routine is None else self.step_of(task)
