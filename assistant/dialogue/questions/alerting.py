"""Signs of danger, and pain that is too strong: all is left, fixed words are said to their end, nothing is begun."""

from __future__ import annotations

from dataclasses import replace

from assistant.dialogue import lines
from assistant.dialogue.exercising import going_on
from assistant.dialogue.exercising.recording import keep_record
from assistant.dialogue.facts import EndedForPain, SignNoticed
from assistant.dialogue.state.ladder import STRONG_PAIN, Rating
from assistant.dialogue.state.phases import Alerting
from assistant.dialogue.turn import Turn


def alert(turn: Turn, cause: str) -> None:
    """Leave everything for a sign of danger.

    Args:
        turn: The turn.
        cause: Key of a sign, or of a question of the screening, in `assistant.routines.safety`.
    """
    step = turn.session.step
    turn.learn(health=replace(turn.session.user.health, complete=False))
    _leave_everything(turn, cause, SignNoticed(cause, step.key if step else None))


def end_for_pain(turn: Turn, rating: Rating) -> None:
    """Leave everything for today, because the pain is too strong."""
    step = turn.session.step
    _leave_everything(turn, STRONG_PAIN, EndedForPain(step.key if step else None, rating.level, rating.in_leg))


def _leave_everything(turn: Turn, cause: str, fact: SignNoticed | EndedForPain) -> None:
    session = turn.session
    keep_record(turn)
    going_on.settle(turn)
    turn.hush()
    turn.record(fact)
    turn.learn(barred_by=cause)
    turn.enter(Alerting(cause))
    turn.say(*lines.alert(session, cause, exercising=session.step is not None))


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
