"""A routine played through the real core without sound, by somebody who obeys: how long it takes, and what is done.

The user needs some seconds to get into each position, and answers questions in the way that goes on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assistant.dialogue.state.phases import AskingLeg, AskingSide, GettingUp, Idle, Phase, Positioning, Screening
from assistant.dialogue.state.plan import GETTING_INTO_POSITION_S
from assistant.dialogue.state.session import Session
from assistant.dialogue.state.user import Health, User
from assistant.routines import Routine
from assistant.routines.exercise import Exercise
from assistant.routines.safety import own_safety
from assistant.stage.soundless import SoundlessWorld
from assistant.voice.wording import Wording
from intents import Command
from intents.language import ENGLISH, Language

ANSWERING_S = 2.0
_LONGEST_S = 4 * 3600.0


def run_through(
    routine: Routine, exercises: Mapping[str, Exercise], language: Language = ENGLISH, **known: Any
) -> SoundlessWorld:
    """Play a routine to its end.

    Args:
        routine: The routine.
        exercises: The library.
        language: In which it is spoken.
        known: Fields of what is known of the user that are other than those of somebody new who has answered no to all.

    Returns:
        The world at the end of the closing words. It began with the announcement at 0 s.

    Raises:
        RuntimeError: It never ends: a defect of the core.
    """
    answers = {question.key: False for question in own_safety().questions}
    usual = {"health": Health(answers, complete=True), "screened": True, "sore_side": "left"}
    user = User(**{**usual, **known})
    session = Session(routines={routine.key: routine}, exercises=exercises, user=user)
    world = SoundlessWorld(session, wording=Wording(language=language))
    world.obey(Command("StartRoutine", {"routine": routine.key}))
    while world.speaking or not isinstance(world.session.phase, Idle):
        answer = None if world.speaking else _answer_to(world.session.phase)
        if world.now > _LONGEST_S or (answer is None and world.waits):
            raise RuntimeError(f"{routine.key} stands still in {world.session.phase}")
        if answer is None:
            world.step()
            continue
        world.pass_time(GETTING_INTO_POSITION_S if answer.intent == "Ready" else ANSWERING_S)
        world.obey(answer)
    return world


def _answer_to(phase: Phase) -> Command | None:
    """What somebody says who wants to go on."""
    match phase:
        case Positioning():
            return Command("Ready")
        case AskingSide():
            return Command("Side", {"side": "left"})
        case GettingUp():
            return Command("Next")
        case AskingLeg():
            return Command("LegPain", {"moved": "same"})
        case Screening():
            return Command("No")
        case _:
            return None
