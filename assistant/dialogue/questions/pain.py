"""It hurts: how bad, and what follows from the number, by the ladder of `assistant.dialogue.state.ladder`.

* "It hurts" is taken wherever something can be said. Everything stands still, and it is asked how bad it is.
* A set that is over is never done again; of one that was broken off, only the rest is done.
* What is left out stays so for the day, and what ends it, ends the day.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import cast

from assistant.dialogue.exercising import flow
from assistant.dialogue.exercising.adjusting import answer
from assistant.dialogue.exercising.recording import keep_record, the_rest
from assistant.dialogue.facts import FormTaken, InWords, PainRated, PainSaid
from assistant.dialogue.line import Line, line
from assistant.dialogue.questions import alerting
from assistant.dialogue.questions.leg import leave_out
from assistant.dialogue.state.care_phases import Alerted, AskingPain
from assistant.dialogue.state.ladder import Rating, Rung, rung
from assistant.dialogue.state.phases import (
    AskingAllRight,
    AskingHowBad,
    AskingLeg,
    AskingToGoOn,
    CheckingIn,
    Introducing,
    Paused,
    Phase,
    Positioning,
    beneath,
)
from assistant.dialogue.state.under_way import UnderWay
from assistant.dialogue.turn import Turn
from intents import Command

WORST = 10


def hurts(turn: Turn, command: Command) -> None:
    """It hurts: everything stands still, and the user is asked how bad it is."""
    phase, in_leg = turn.session.phase, command.slots.get("place") == "leg"
    match asked := _asked(phase):
        case CheckingIn() | AskingHowBad():
            _want_a_number(turn, replace(asked, in_leg=asked.in_leg or in_leg))
        case AskingPain():
            turn.hush()
            turn.enter(asked)
            turn.say(line("rating.number_wanted"))
        case Alerted():
            alerting.alert_again(turn, asked.cause)
        case _:
            about_exercise = turn.session.exercising is not None and not isinstance(asked, AskingToGoOn)
            paused = flow.set_aside(turn)
            at = turn.session.exercising
            if about_exercise and at is not None and paused is not None:
                turn.ask(CheckingIn(at, paused, in_leg), line("hurts.ease_out"))
            else:
                turn.ask(AskingHowBad(paused, in_leg))


def _asked(phase: Phase) -> Phase:
    """The open question about pain, also where it got no answer or was paused; else the phase itself."""
    match phase:
        case AskingAllRight(question=inner) | Paused(resume=inner) if isinstance(
            _asked(inner), CheckingIn | AskingHowBad | AskingToGoOn | AskingLeg | AskingPain
        ):
            return _asked(inner)
        case _:
            return phase


def level_of(command: Command) -> int:
    """The pain as a number, with or without the word; of "three or four" the worse, and halves are rounded up.

    May be beyond 0 to 10: what was said is for the caller to judge.
    """
    if command.intent == "NoPain":
        return 0
    slots = command.slots
    said = [float(slots[name]) for name in ("pain", "number", "or") if name in slots]
    return math.ceil(max(said) + float(slots.get("half", 0)))


def too_high(turn: Turn, level: int) -> bool:
    """Whether a number is none that pain can have; it is told so, and the open question stays open."""
    if level <= WORST:
        return False
    turn.hush()
    turn.say(line("rating.up_to_ten"), *turn.asked_again())
    return True


def in_words(command: Command) -> InWords | None:
    """How strong the pain was said to be without a number, if it was."""
    return cast("InWords | None", command.slots.get("in_words"))


def take_pain(turn: Turn, command: Command) -> None:
    """The pain as a number, when it hurts or while exercising: what follows is up to the ladder."""
    session, phase, words = turn.session, turn.session.phase, in_words(command)
    asked = _asked(phase)
    if words is not None:
        if isinstance(asked, CheckingIn | AskingHowBad):
            _take_words(turn, asked, words)
        return
    if too_high(turn, level := level_of(command)):
        return
    at = None if isinstance(asked, AskingHowBad | AskingToGoOn) else session.exercising
    rating = Rating(level, command.slots.get("place", "leg" if _is_about_the_leg(asked) else "back") == "leg")
    if at is not None:
        turn.record(PainSaid(at.step.key, level, rating.in_leg))
    elif session.diary is not None:
        turn.record(PainRated("between", level))
    _follow(turn, asked, at, rating)


def _take_words(turn: Turn, asked: CheckingIn | AskingHowBad, words: InWords) -> None:
    """The pain in words: a number is wanted. Strong words again count as what leaves the exercise; nothing is noted."""
    if asked.in_words is None:
        _want_a_number(turn, replace(asked, in_words=words))
    elif "much" in {words, asked.in_words}:
        at = None if isinstance(asked, AskingHowBad) else asked.under_way
        _follow(turn, asked, at, Rating(turn.session.safety.pain.easier.up_to + 1, asked.in_leg))
    else:
        turn.hush()
        turn.ask(asked, line("again_pain.then"))


def _want_a_number(turn: Turn, asked: CheckingIn | AskingHowBad) -> None:
    turn.hush()
    turn.enter(asked)
    turn.say(line("pain.number_wanted"))


def _follow(turn: Turn, asked: Phase, at: UnderWay | None, rating: Rating) -> None:
    """Do what the ladder says.

    Args:
        turn: The turn.
        asked: The question about pain that was open, or whatever was going on.
        at: The exercise that the rating is about; None: it is about none.
        rating: The rating.
    """
    session, phase = turn.session, turn.session.phase
    milder_left = at is None or at.so_far.form != "easier"
    follows = rung(session.user.ratings, rating, session.safety.pain, milder_left=milder_left)
    turn.learn(ratings=(*session.user.ratings, rating))
    if follows == "end":
        alerting.end_for_pain(turn, rating)
    elif at is None:
        _without_exercise(turn, asked, follows)
    elif follows == "leave":
        _leave(turn, at, in_leg=rating.in_leg)
    else:
        told = _go_on(turn, asked, at) if follows == "go on" else _take_milder_form(turn, asked, at)
        _stay_paused(turn, phase, told)


def _is_about_the_leg(asked: Phase) -> bool:
    """Whether a number without a place is about the leg."""
    return isinstance(asked, AskingLeg) or (isinstance(asked, CheckingIn | AskingHowBad) and asked.in_leg)


def _go_on(turn: Turn, asked: Phase, at: UnderWay) -> Line:
    told = line("pain.goes_on")
    if _is_finished(asked):
        flow.go_past(turn, at, told)
    elif isinstance(asked, CheckingIn):
        flow.resume(turn, asked.paused, told)
    else:
        answer(turn, told)
    return told


def _is_finished(asked: Phase) -> bool:
    """Whether the set that a question about pain is about is over: it is not done again."""
    return asked.finished if isinstance(asked, CheckingIn) else isinstance(asked, AskingLeg)


def _take_milder_form(turn: Turn, asked: Phase, at: UnderWay) -> Line:
    if _is_finished(asked):
        return flow.take_milder_forms_from_now_on(turn, at)
    told = line("pain.milder")
    at = the_rest(turn, at)
    turn.hush()
    turn.record(FormTaken(at.step.key, "easier"))
    milder = at.with_step(form="easier")
    if isinstance(asked.paused.resume if isinstance(asked, CheckingIn) else beneath(asked), Positioning):
        turn.ask(Positioning(milder), told)
    else:
        turn.say(told)
        flow.instruct(turn, milder)
    return told


def _leave(turn: Turn, at: UnderWay, *, in_leg: bool) -> None:
    """Leave the exercise out, and ask whether to go on at all, if anything is left."""
    keep_record(turn)
    turn.hush()
    leave_out(turn, {at.step.key})
    told = line("pain.leave_out_leg" if in_leg else "pain.leave_out")
    coming = flow.coming(turn.session, at, at.task + 1)
    if coming is None:
        flow.close(turn, at, told, line("pain.last_one"))
        return
    flow.go_to(turn, at, coming)
    turn.ask(AskingToGoOn(flow.stand_still(turn)), told)


def _without_exercise(turn: Turn, asked: Phase, follows: Rung) -> None:
    """It hurts before an exercise, or between two of them, or with nothing under way."""
    paused = asked.paused if isinstance(asked, AskingHowBad | AskingToGoOn) else None
    if paused is None and isinstance(asked, Paused):
        paused = asked
    if follows == "easier":
        turn.learn(milder=True)
    if paused is None:
        turn.hush()
        turn.enter(Introducing())
        turn.say(line("pain.rest_now" if follows == "leave" else "rating.with_care"))
    elif follows == "leave":
        turn.hush()
        turn.ask(AskingToGoOn(paused), line("pain.much"))
    else:
        flow.resume(turn, paused, line("pain.goes_on" if follows == "go on" else "pain.milder_on"))


def _stay_paused(turn: Turn, before: Phase, told: Line) -> None:
    """What was said in a pause does not end it: what comes instead waits for the user, too."""
    if not isinstance(before, Paused) or turn.session.under_way is None or isinstance(turn.session.phase, Paused):
        return
    paused = flow.stand_still(turn)
    turn.enter(replace(paused, unsaid=tuple(unsaid for unsaid in paused.unsaid if unsaid != told)))
    turn.say(told, line("pause.paused"))
