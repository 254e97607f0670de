"""The state of a session, and the turn in which one event changes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from assistant.dialogue.actions import Action, Hush, ListenFor, Record, Say
from assistant.dialogue.facts import Fact
from assistant.dialogue.line import Line
from assistant.dialogue.phases import Idle, Phase, task_of
from assistant.dialogue.plan import Side, Task
from assistant.routines import Routine, Step

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
class Session:
    """Everything that the dialogue knows.

    Attributes:
        routines: All routines by key, in the order in which they are read out.
        preferences: What the user has set.
        phase: What is going on.
        routine: The routine under way, if any.
        plan: Its tasks.
        sore_side: The leg that hurts, once it is known.
        disclaimer_due: Whether it is still to be said that this is general information.
        easier: Whether the step under way is done in its easier form.
        extra_seconds: What the user has added to the holds of the step under way; may be negative.
        position: Index of the last step whose position the user has taken.
        pace: Steps from the user's own speaking rate.
        loudness: Steps from the user's own volume.
        speaking: Lines being said or waiting to be said, in order.
        last_said: What "repeat" says again.
        asked_back: Whether the last thing said was that nothing was understood.
    """

    routines: Mapping[str, Routine]
    preferences: Preferences = Preferences()
    phase: Phase = field(default_factory=Idle)
    routine: Routine | None = None
    plan: tuple[Task, ...] = ()
    sore_side: Side | None = None
    disclaimer_due: bool = False
    easier: bool = False
    extra_seconds: int = 0
    position: int | None = None
    pace: int = 0
    loudness: int = 0
    speaking: tuple[Line, ...] = ()
    last_said: tuple[Line, ...] = ()
    asked_back: bool = False

    def step_of(self, task: int) -> Step:
        """The step that a task belongs to."""
        assert self.routine is not None
        return self.routine.steps[self.plan[task].step]

    @property
    def step(self) -> Step | None:
        """The step under way, if any."""
        task = task_of(self.phase)
        return None if task is None or self.routine is None else self.step_of(task)


@dataclass(slots=True)
class Turn:
    """One event being answered: the session as it becomes, and the actions so far.

    Lives only within one call of `respond`, so the core stays pure to the outside.
    """

    session: Session
    now: float
    actions: list[Action] = field(default_factory=list)

    def change(self, **changes: Any) -> None:
        """Replace fields of the session."""
        self.session = replace(self.session, **changes)

    def enter(self, phase: Phase) -> None:
        """Go to another phase; the commands taken follow it."""
        if type(phase) is not type(self.session.phase):
            self.actions.append(ListenFor(phase))
        self.change(phase=phase)

    def do(self, *actions: Action) -> None:
        """Add actions."""
        self.actions.extend(actions)

    def say(self, *lines: Line) -> None:
        """Say lines one after the other, after what is being said; "repeat" says them again."""
        self.actions.extend(Say(line) for line in lines)
        self.change(speaking=self.session.speaking + lines, last_said=lines)

    def hush(self, *, scheduled: bool = True) -> tuple[Line, ...]:
        """Fall silent.

        Returns:
            The lines that were cut or had not begun.
        """
        unsaid = self.session.speaking
        self.actions.append(Hush(scheduled))
        self.change(speaking=())
        return unsaid

    def record(self, fact: Fact) -> None:
        """Remember a fact."""
        self.actions.append(Record(fact))
