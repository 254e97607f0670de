"""The turn in which one event changes a session."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from assistant.dialogue.actions import Action, Hush, Record, Say
from assistant.dialogue.facts import Fact
from assistant.dialogue.line import Line
from assistant.dialogue.state.phases import Phase
from assistant.dialogue.state.session import Session


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
