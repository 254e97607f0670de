"""The way up from the floor, one act at a time: each waits for the user, who is asked for the pain once they are up."""

from __future__ import annotations

from dataclasses import replace

from assistant.dialogue.actions import Finish
from assistant.dialogue.exercising import flow
from assistant.dialogue.line import Line, line
from assistant.dialogue.state.phases import (
    AskingAllRight,
    Closing,
    Done,
    GettingUp,
    Paused,
    Phase,
    Positioning,
    beneath,
)
from assistant.dialogue.turn import Turn

FIRST = "rest"
"""The act that tells how it goes: the user rests until they want to rise."""


def rising(phase: Phase) -> GettingUp | None:
    """The way up, where it is under way, in a pause or unanswered, too."""
    match phase:
        case (GettingUp() as way) | Paused(resume=GettingUp() as way) | AskingAllRight(question=GettingUp() as way):
            return way
    return None


def act(phase: GettingUp) -> tuple[Line, ...]:
    """The present act."""
    return (line(f"getting_up.{phase.acts[0]}"),)


def options(phase: GettingUp) -> tuple[Line, ...]:
    """What can be said to the present act; the first one says it itself."""
    return act(phase) if phase.acts[0] == FIRST else (*act(phase), line("getting_up.say_okay"))


def go_on(turn: Turn, phase: GettingUp) -> None:
    """The act has been done: tell the next one, if there is one."""
    turn.hush()
    if len(phase.acts) > 1:
        turn.ask(replace(phase, acts=phase.acts[1:]))
    else:
        _is_up(turn, phase, line("getting_up.up"))


def skip(turn: Turn, phase: GettingUp) -> None:
    """The user is up, or needs no help."""
    turn.hush()
    _is_up(turn, phase, line("getting_up.skipped"))


def _is_up(turn: Turn, phase: GettingUp, told: Line) -> None:
    """What was waited with until the user was up: the exercise on a chair, the end, or nothing."""
    coming = beneath(phase)
    if phase.leaving:
        turn.enter(Done())
        turn.do(Finish())
    elif isinstance(coming, Positioning):
        turn.say(told)
        flow.enter_step(turn, coming.under_way)
    else:
        turn.enter(Closing(phase.done))
        turn.say(told)


def hurts(turn: Turn, phase: GettingUp) -> None:
    """It hurts on the way up: rest, then the same act again."""
    turn.hush()
    turn.ask(phase, line("getting_up.hurts"))
