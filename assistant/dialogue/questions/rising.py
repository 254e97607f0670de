"""It is hard for the user to rise from the floor: they are led to the chair, now and from now on."""

from __future__ import annotations

from dataclasses import replace

from assistant.dialogue.exercising import flow, setting_out
from assistant.dialogue.exercising.adjusting import answer
from assistant.dialogue.exercising.recording import keep_record
from assistant.dialogue.facts import HealthAnswer
from assistant.dialogue.line import line
from assistant.dialogue.questions import getting_up
from assistant.dialogue.state.phases import Closing, GettingUp
from assistant.dialogue.turn import Turn
from intents import Command

HARD_TO_RISE = "hard_to_rise"
"""Key of the question about it, before the first routine."""


def hard_to_rise(turn: Turn, _: Command) -> None:
    """Note it. Who has not lain down yet goes on with a chair; who lies there already is led up, and does no more."""
    session = turn.session
    health, under_way = session.user.health, session.under_way
    turn.record(HealthAnswer(HARD_TO_RISE, yes=True))
    turn.learn(health=replace(health, answers={**health.answers, HARD_TO_RISE: True}))
    if isinstance(session.phase, GettingUp):
        getting_up.hurts(turn, session.phase)
    elif under_way is None:
        answer(turn, line("floor.noted"))
    elif acts := flow.acts_up(session, under_way):
        keep_record(turn)
        turn.hush()
        turn.enter(Closing(acts=acts))
        turn.say(line("floor.enough"))
    elif all(step.seated for step in under_way.routine.steps[under_way.here.step :]):
        answer(turn, line("floor.noted"))
    else:
        keep_record(turn)
        turn.hush()
        turn.say(line("floor.to_chair"))
        setting_out.set_out(turn, under_way.routine.key)
