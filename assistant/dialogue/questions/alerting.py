"""Signs of danger: what was under way is left, fixed words are said to their end, and nothing is begun after them."""

from __future__ import annotations

from dataclasses import replace

from assistant.dialogue import lines
from assistant.dialogue.exercising import going_on
from assistant.dialogue.exercising.recording import keep_record
from assistant.dialogue.facts import SignNoticed
from assistant.dialogue.state.phases import Alerting
from assistant.dialogue.turn import Turn


def alert(turn: Turn, cause: str) -> None:
    """Leave everything for a sign of danger.

    Args:
        turn: The turn.
        cause: Key of a sign, or of a question of the screening, in `assistant.routines.safety`.
    """
    session = turn.session
    step = session.step
    keep_record(turn)
    going_on.settle(turn)
    turn.hush()
    turn.record(SignNoticed(cause, step.key if step else None))
    turn.learn(barred_by=cause, health=replace(session.user.health, complete=False))
    turn.enter(Alerting(cause))
    turn.say(*lines.alert(session, cause, exercising=step is not None))


def alert_again(turn: Turn, cause: str, *, refused: bool = False) -> None:
    """Say the words about a sign once more.

    Args:
        turn: The turn.
        cause: As in `alert`.
        refused: Whether the user wanted to exercise all the same.
    """
    turn.hush()
    turn.enter(Alerting(cause))
    turn.say(*lines.alert(turn.session, cause, exercising=False, refused=refused))
