"""The way up from the floor, one act at a time: each waits for the user, who is asked for the pain once they are up."""

from __future__ import annotations

from dataclasses import replace

from assistant.dialogue.line import Line, line
from assistant.dialogue.state.phases import Closing, GettingUp
from assistant.dialogue.turn import Turn

FIRST = "rest"
"""The act that tells how it goes: the user rests until they want to rise."""


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
        turn.enter(Closing(phase.done))
        turn.say(line("getting_up.up"))


def skip(turn: Turn, phase: GettingUp) -> None:
    """The user is up, or needs no help."""
    turn.hush()
    turn.enter(Closing(phase.done))
    turn.say(line("getting_up.skipped"))


def hurts(turn: Turn, phase: GettingUp) -> None:
    """It hurts on the way up: rest, then the same act again."""
    turn.hush()
    turn.ask(phase, line("getting_up.hurts"))
