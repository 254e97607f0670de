"""What pain means for an exercise: the leg-pain rule after directional sets, and the number from zero to ten.

* The leg: nearer the spine or unchanged goes on; further down takes the milder form, and from there leaves the exercise
  out, and with it what else works in that direction. The next day it is asked about.
* What is left out stays so for the day.
* The number: up to 3 goes on, 4 and 5 take the milder form, more leaves the exercise out. In the leg, more than 3 does.
* Pain said in words never becomes a number: that is asked for. Strong words leave the exercise out without one.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import cast

from assistant.dialogue.exercising import flow
from assistant.dialogue.exercising.adjusting import answer
from assistant.dialogue.exercising.recording import leave
from assistant.dialogue.facts import FormTaken, InWords, LeftOut, LegAnswer, LegMove, PainSaid
from assistant.dialogue.line import Line, line
from assistant.dialogue.state.phases import AskingAllRight, AskingLeg, CheckingIn, Paused, Phase
from assistant.dialogue.state.session import Session
from assistant.dialogue.state.under_way import UnderWay
from assistant.dialogue.turn import Turn
from assistant.routines import Routine
from intents import Command

WORST = 10
GOES_ON = 3
MILDER = 5


def take_leg_answer(turn: Turn, phase: AskingLeg, moved: LegMove) -> None:
    """Where the leg pain is after a set."""
    at, step = phase.under_way, phase.under_way.step
    turn.record(LegAnswer(step.key, moved))
    turn.hush()
    if moved == "none":
        turn.learn(no_leg_pain=True)
    if moved != "lower":
        turn.say(line(f"leg.{moved}"))
        flow.go_to(turn, at, at.task + 1)
    elif at.so_far.form != "easier" and not step.leave_at_once:
        _take_milder_form(turn, at, line("leg.further_down"))
    else:
        leave_out(turn, _in_the_same_direction(turn.session, at.routine) | {step.key})
        turn.say(line("leg.leave_out"))
        flow.go_to(turn, at, at.task + 1)


def _in_the_same_direction(session: Session, routine: Routine) -> set[str]:
    """All that bends the spine the way that sent the pain down, in this routine and in every other."""
    library = {key for key, exercise in session.exercises.items() if exercise.directional}
    return library | {step.key for step in routine.steps if step.directional}


def level_of(command: Command) -> int:
    """The pain as a number, with or without the word; of "three or four" the worse, and halves are rounded up.

    May be beyond 0 to 10: what was said is for the caller to judge.
    """
    slots = command.slots
    said = [float(slots[name]) for name in ("pain", "number", "or") if name in slots]
    return math.ceil(max(said) + float(slots.get("half", 0)))


def in_words(command: Command) -> InWords | None:
    """How strong the pain was said to be without a number, if it was."""
    return cast("InWords | None", command.slots.get("in_words"))


def too_high(turn: Turn, level: int) -> bool:
    """Whether a number is none that pain can have; it is told so, and the open question stays open."""
    if level <= WORST:
        return False
    turn.hush()
    turn.say(line("rating.up_to_ten"), *turn.asked_again())
    return True


def take_pain(turn: Turn, command: Command) -> None:
    """The pain as a number, with an exercise under way."""
    phase, at, words = turn.session.phase, turn.session.exercising, in_words(command)
    if isinstance(phase, CheckingIn) and words is not None:
        _take_words(turn, phase, words)
        return
    if at is None or too_high(turn, level := level_of(command)):
        return
    in_leg = command.slots.get("place", "leg" if _is_about_the_leg(phase) else "back") == "leg"
    step = at.step
    turn.record(PainSaid(step.key, level, in_leg))
    if level <= GOES_ON:
        _go_on(turn, at)
    elif level <= MILDER and not in_leg and at.so_far.form != "easier":
        at = leave(turn, at)
        turn.hush()
        told = line("pain.milder")
        _take_milder_form(turn, at, told)
        _stay_paused(turn, phase, told)
    else:
        told = _leave_this_out(turn, at, in_leg=in_leg)
        _stay_paused(turn, phase, told)


def _take_words(turn: Turn, phase: CheckingIn, words: InWords) -> None:
    """The pain in words, after it hurt: strong ones leave the exercise out, of others a number is wanted."""
    turn.hush()
    if words == "much":
        _leave_this_out(turn, phase.under_way, in_leg=phase.in_leg)
    elif phase.in_words is None:
        turn.enter(replace(phase, in_words=words))
        turn.say(line("pain.number_wanted"))
    else:
        turn.ask(phase, line("again_pain.then"))


def _leave_this_out(turn: Turn, at: UnderWay, *, in_leg: bool) -> Line:
    at = leave(turn, at)
    turn.hush()
    leave_out(turn, {at.step.key})
    told = line("pain.leave_out_leg" if in_leg else "pain.leave_out")
    turn.say(told)
    flow.go_to(turn, at, at.task + 1)
    return told


def _is_about_the_leg(phase: Phase) -> bool:
    """Whether a number without a place is about the leg."""
    match phase:
        case AskingLeg():
            return True
        case CheckingIn(in_leg=in_leg):
            return in_leg
        case AskingAllRight(question=inner) | Paused(resume=inner):
            return _is_about_the_leg(inner)
        case _:
            return False


def leave_out(turn: Turn, exercises: set[str]) -> None:
    """Leave exercises out for the rest of the day."""
    for exercise in sorted(exercises - turn.session.user.left_out):
        turn.record(LeftOut(exercise))
    turn.learn(left_out=turn.session.user.left_out | exercises)


def _stay_paused(turn: Turn, before: Phase, told: Line) -> None:
    """What was said in a pause does not end it: what comes instead waits for the user, too."""
    if not isinstance(before, Paused) or turn.session.under_way is None:
        return
    paused = flow.stand_still(turn)
    turn.enter(replace(paused, unsaid=tuple(unsaid for unsaid in paused.unsaid if unsaid != told)))
    turn.say(told, line("pause.paused"))


def _go_on(turn: Turn, at: UnderWay) -> None:
    phase = turn.session.phase
    if isinstance(phase, CheckingIn):
        turn.hush()
        turn.say(line("pain.goes_on"))
        flow.instruct(turn, at)
    elif isinstance(phase, AskingLeg):
        turn.hush()
        turn.ask(phase, line("pain.goes_on"))
    else:
        answer(turn, line("pain.goes_on"))


def _take_milder_form(turn: Turn, at: UnderWay, why: Line) -> None:
    turn.record(FormTaken(at.step.key, "easier"))
    turn.say(why)
    flow.instruct(turn, at.with_step(form="easier"))


def hurts(turn: Turn, command: Command) -> None:
    """It hurts: the exercise is left at once, and the user is asked how strong it is and how to go on."""
    phase, under_way = turn.session.phase, turn.session.under_way
    if under_way is not None:
        at = leave(turn, under_way)
        turn.hush()
        turn.ask(CheckingIn(at, in_leg=command.slots.get("place") == "leg"), line("hurts.ease_out"))
    elif isinstance(phase, Paused):
        flow.resume(turn, phase)  # a question was paused before any routine was under way
