"""A foot or a hand that fell asleep in a position: rest, another position, and a question. If it stays so, a sign."""

from __future__ import annotations

from dataclasses import replace

from assistant.dialogue.exercising import flow
from assistant.dialogue.line import line
from assistant.dialogue.questions import alerting
from assistant.dialogue.state.phases import (
    ChangingSides,
    GettingReady,
    Holding,
    Instructing,
    Introducing,
    Moving,
    Resting,
    WakingUp,
)
from assistant.dialogue.turn import Turn


def ease(turn: Turn) -> None:
    """All stands still; the user changes the position and says whether the feeling comes back."""
    turn.ask(WakingUp(flow.set_aside(turn)), line("asleep.change"))


def is_back(turn: Turn, phase: WakingUp) -> None:
    """The feeling is back: it goes on, and an exercise waits until the user is in position again."""
    paused = phase.paused
    turn.hush()
    if paused is None:
        turn.enter(Introducing())
        turn.say(line("asleep.good"))
    elif isinstance(paused.resume, Instructing | GettingReady | Holding | Moving | Resting | ChangingSides):
        turn.enter(paused)
        turn.say(line("asleep.good"), line("asleep.when_there"))
    else:
        flow.resume(turn, paused, line("asleep.good"))


def is_not_back(turn: Turn, phase: WakingUp) -> None:
    """It is given a little longer, once; then it is a sign."""
    if phase.waited:
        alerting.alert(turn, "numbness")
        return
    turn.hush()
    turn.enter(replace(phase, waited=True))
    turn.say(line("asleep.wait"))
