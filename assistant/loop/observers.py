"""Who watches a session: told of every event that it has answered, with the session before and after it.

Everything that hangs on a session hangs here: what is kept on disk, the journal, the terminal, whoever judges a
simulated one. An observer is called in the main thread, after the voice has begun to answer, so that none of them
delays it; what an observer raises ends the session.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from assistant.dialogue.events import Event
from assistant.dialogue.facts import Fact
from assistant.dialogue.state.phases import name_of
from assistant.dialogue.state.session import Session
from assistant.keeping.journal import Journal


@dataclass(frozen=True, slots=True)
class Transition:
    """One event, answered.

    Attributes:
        event: What happened.
        before: The session that it happened to.
        after: The session that came of it.
        now: When, in seconds on the sample clock.
        facts: What was recorded by it, in this order.
    """

    event: Event
    before: Session
    after: Session
    now: float
    facts: tuple[Fact, ...]


Observer: TypeAlias = Callable[[Transition], None]


class JournalObserver:
    """Writes into the journal what was recorded, and where the session has come to.

    Args:
        journal: The journal.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._place: dict[str, object] = {}

    def __call__(self, transition: Transition) -> None:
        """Write what a transition brought."""
        for fact in transition.facts:
            self._journal.fact(transition.now, fact)
        place = place_of(transition.after)
        if place != self._place:
            self._place = place
            self._journal.phase(transition.now, **place)  # type: ignore[arg-type]


def place_of(session: Session) -> dict[str, object]:
    """Where a session is, for people and files: phase, routine, step (from 1), exercise, side, round."""
    place: dict[str, object] = {"phase": name_of(session.phase), "routine": None, "step": None}
    if session.under_way is not None:
        place["routine"] = session.under_way.routine.key
    if (at := session.exercising) is not None:
        here = at.here
        place |= {"step": here.step + 1, "exercise": at.step.name, "side": here.side, "round": here.round}
    return place
