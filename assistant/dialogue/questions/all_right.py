"""Where an answer matters and none comes: is the user all right? Without an answer to that the session rests."""

from __future__ import annotations

from assistant.dialogue.exercising import flow
from assistant.dialogue.line import line
from assistant.dialogue.state.phases import AskingAllRight, Phase
from assistant.dialogue.turn import Silence, Turn


def ask(turn: Turn, unanswered: Phase) -> None:
    """Ask whether all is right, because a question got no answer."""
    turn.ask(AskingAllRight(unanswered))


MATTERS: Silence[Phase] = Silence(after_s=15.0, then=ask)
"""Of a question whose answer matters."""

IN_PAIN: Silence[Phase] = Silence(after_s=10.0, then=ask)
"""Of a question to somebody who has just been hurt: sooner."""


def ask_once_more(turn: Turn, phase: AskingAllRight) -> None:
    """Back to the question that got no answer."""
    turn.hush()
    turn.enter(phase.question)
    turn.say(*turn.asked_again())


def rest(turn: Turn, phase: AskingAllRight) -> None:
    """Pause until the user is back."""
    turn.enter(flow.paused_at(phase.question))
    turn.say(line("silence.paused"))
