"""Answers to the open question; those that steer far are read back once before they count: "Did you say …?"."""

from __future__ import annotations

from assistant.dialogue.state.phases import ReadingBack
from assistant.dialogue.turn import Turn
from intents import Command


def answers(turn: Turn, command: Command) -> bool:
    """Take a command as the answer to the open question; whether it is one."""
    question, phase = turn.question, turn.session.phase
    if question is None or command.intent not in question.answers:
        return False
    if question.reads_back(turn.session, phase, command):
        turn.hush()
        turn.ask(ReadingBack(phase, command))
    else:
        question.answers[command.intent](turn, phase, command)
    return True


def confirm(turn: Turn, phase: ReadingBack) -> None:
    """It was heard right: it counts."""
    turn.hush()
    turn.enter(phase.question)
    turn.questions[type(phase.question)].answers[phase.answer.intent](turn, phase.question, phase.answer)


def ask_again(turn: Turn, phase: ReadingBack) -> None:
    """It was heard wrong: back to the question."""
    turn.hush()
    turn.enter(phase.question)
    turn.say(*turn.asked_again())


def take_instead(turn: Turn, phase: ReadingBack, command: Command) -> None:
    """The answer itself is said again, or another one."""
    if (command.intent, command.slots) == (phase.answer.intent, phase.answer.slots):
        confirm(turn, phase)
        return
    turn.enter(phase.question)
    if not answers(turn, command):
        ask_again(turn, phase)
