"""The leg of somebody who had no pain in it the last time: one short question with yes or no."""

from __future__ import annotations

from dataclasses import replace

from assistant.dialogue.questions import leg
from assistant.dialogue.state.phases import AskingLeg
from assistant.dialogue.turn import Turn


def take(turn: Turn, phase: AskingLeg, *, yes: bool) -> None:
    """Still no pain, or there is some: then where it is. To the long question neither is an answer."""
    practice = turn.session.user.practice
    if yes and practice.no_leg_pain:
        leg.take_answer(turn, phase, "none")
        return
    turn.learn(practice=replace(practice, no_leg_pain=False))
    turn.hush()
    turn.say(*turn.asked_again())
