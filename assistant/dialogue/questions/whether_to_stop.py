"""A word of stopping, hurting or a sign, heard in passing: all stands still, and the user says what was meant."""

from __future__ import annotations

from assistant.dialogue.exercising import flow
from assistant.dialogue.line import Line, line
from assistant.dialogue.questions import alerting, all_right, pain
from assistant.dialogue.state.phases import AskingWhetherToStop, Phase
from assistant.dialogue.turn import Silence, Turn, at_once
from intents import Command

SILENCE: Silence[Phase] = at_once(10.0, all_right.ask)
"""It stays paused, and is asked whether all is right: somebody has just cried out."""


def ask(turn: Turn, heard: str) -> None:
    """Stand still and ask what was meant."""
    turn.ask(AskingWhetherToStop(heard, flow.stand_still(turn)))


def question(phase: AskingWhetherToStop) -> Line:
    """The question, by what was heard."""
    return line(f"whether_to_stop.{phase.heard.lower()}")


def confirm(turn: Turn, phase: AskingWhetherToStop, command: Command) -> None:
    """It was meant as it was heard; for a sign nothing goes on, though it is not known which."""
    match phase.heard:
        case "Hurts":
            pain.hurts(turn, command)
        case "Symptom":
            alerting.alert(turn, "not_all_right")
        case _:
            flow.stop(turn)
