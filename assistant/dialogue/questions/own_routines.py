"""Routines of one's own, by voice: "make it my evening routine" keeps what is being done, or was done just now."""

from __future__ import annotations

from assistant.dialogue.exercising.adjusting import answer
from assistant.dialogue.facts import RoutineMade
from assistant.dialogue.line import line
from assistant.dialogue.state.one_exercise import sets_of
from assistant.dialogue.turn import Turn
from intents import Command


def make(turn: Turn, command: Command) -> None:
    """Keep the exercises under a name; what had that name before is replaced."""
    session, name = turn.session, str(command.slots["own"])
    under_way = session.under_way
    sets = sets_of(under_way.routine.steps) if under_way is not None else session.sets_done
    if not sets:
        answer(turn, line("own.nothing"))
        return
    turn.record(RoutineMade(name, sets))
    turn.learn(own_routines={**session.user.own_routines, name: sets})
    answer(turn, line("own.noted", n=len(sets), name=name))
