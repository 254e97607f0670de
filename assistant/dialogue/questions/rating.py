"""The pain as a number, before and after a routine: asked for once, taken or left, never insisted on.

* Asked only where a diary is kept, at most once an hour, and not of somebody who has left it open three times in a row.
* Silence leaves it open, and the routine goes on. Who leaves it open before is not asked after; who has left it open
  after three routines is not asked after any more.
* Where a leg is sore, the back's and the leg's are asked for apart; in few words in one question, with both in one
  answer, or the leg's after the back's.
* The gentle routine is offered on the trend: pain that rises from day to day, or is clearly more than it was; by a
  number alone where there is nothing to compare it with, and where it is very much. So it is after strong words.
* What is noted is a number that the user said. Who says it in words is asked for the number, once.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from assistant.dialogue.exercising import flow
from assistant.dialogue.exercising.setting_out import set_out
from assistant.dialogue.facts import InWords, PainNotRated, PainRated
from assistant.dialogue.line import line
from assistant.dialogue.lines import asks_for_both
from assistant.dialogue.questions import pain
from assistant.dialogue.state.care_phases import AskingPain, OfferingGentle
from assistant.dialogue.state.phases import Idle, Introducing
from assistant.dialogue.state.session import AskedForPain, Session
from assistant.dialogue.state.trend import MUCH, trend_of
from assistant.dialogue.turn import Turn
from intents import Command

GENTLE = "bad-day"
"""Key of the routine for a bad day."""

LEFT_OPEN_AT_MOST = 3
ASKED_AGAIN_AFTER_S = 3600.0
ANSWERED_WITHIN_S = 12.0
"""How long the question waits for an answer before the routine goes on."""


def before(turn: Turn, key: str) -> None:
    """Set out on a routine; ask for the pain first where that is due."""
    session = turn.session
    asked_at = session.pain.at
    lately = asked_at is not None and turn.now - asked_at < ASKED_AGAIN_AFTER_S
    if wants_to_be_asked(session) and not lately:
        turn.change(pain=AskedForPain(turn.now, since_at=session.pain.since_at))
        turn.ask(AskingPain("before", key))
    else:
        set_out(turn, key)


def due_after(session: Session) -> bool:
    """Whether the pain is asked for once a routine is done."""
    always_left_open = session.diary is not None and session.diary.left_open_after >= LEFT_OPEN_AT_MOST
    return wants_to_be_asked(session) and not always_left_open and not session.pain.left_open


def after(turn: Turn) -> None:
    """Ask for the pain once a routine is done."""
    turn.change(pain=replace(turn.session.pain, at=turn.now))
    turn.ask(AskingPain("after", None))


def between(turn: Turn, command: Command) -> None:
    """Note the pain because the user wants to; ask for the number if it wasn't said."""
    turn.hush()
    if turn.session.diary is None:
        turn.enter(Introducing())
        turn.say(line("diary.none"))
    elif "pain" in command.slots:
        turn.enter(AskingPain("between", None))
        take(turn, AskingPain("between", None), command)
    else:
        turn.ask(AskingPain("between", None))


def wants_to_be_asked(session: Session) -> bool:
    """Whether there is a diary, of somebody who does not always leave it open."""
    return session.diary is not None and session.diary.left_open < LEFT_OPEN_AT_MOST


def take(turn: Turn, phase: AskingPain, command: Command) -> None:
    """Note the number that was said; ask for the other one where a leg is sore, or go on with what follows."""
    words = pain.in_words(command)
    if words is not None:
        _want_a_number(turn, phase, words)
        return
    levels = _levels(turn.session, phase, command)
    if pain.too_high(turn, max(levels.values())):
        return
    turn.hush()
    for place, level in levels.items():
        turn.record(PainRated(phase.moment, level, place == "leg"))
        if place == "back":
            _note_in_digest(turn, phase, level)
    told = replace(phase, in_words=None, back=levels.get("back", phase.back), leg=levels.get("leg", phase.leg))
    said_by_itself = phase.moment == "between" and command.intent == "RatePain"
    if turn.session.user.sore_leg is not None and not said_by_itself and (told.back is None or told.leg is None):
        turn.ask(replace(told, of_leg=told.back is not None))
    else:
        _go_on(turn, told)


def _levels(session: Session, phase: AskingPain, command: Command) -> dict[Literal["back", "leg"], int]:
    """What was said, by the place that it is about; of both, where both were asked for and none was told apart."""
    level, slots = pain.level_of(command), command.slots
    if session.user.sore_leg is None:
        return {"back": max(level, int(slots.get("leg", 0)))}
    if "leg" in slots or "both" in slots:
        return {"back": level, "leg": int(slots.get("leg", level))}
    if command.intent == "NoPain" and asks_for_both(session, phase):
        return {"back": level, "leg": level}
    place: Literal["back", "leg"] = "leg" if slots.get("place", "leg" if phase.of_leg else "back") == "leg" else "back"
    return {place: level}


def _go_on(turn: Turn, told: AskingPain) -> None:
    """Do what follows from what was told, of the back, of the leg, or of both."""
    session = turn.session
    worst = max(level for level in (told.back, told.leg, 0) if level is not None)
    if told.moment == "before":
        turn.change(pain=replace(session.pain, before=told.back, before_in_leg=told.leg))
    elif told.moment == "between" and told.back is not None and not session.exercised:
        # Who has just had it noted is not asked for it before the routine that follows.
        turn.change(pain=replace(session.pain, at=turn.now, before=told.back, before_in_leg=told.leg))
    trend = trend_of(session.diary.pain_days if session.diary else (), worst)
    if told.moment != "after" and trend != "none" and is_kinder(session, told.routine):
        noted = (line("rating.noted"),) if told.moment == "between" else ()
        turn.ask(OfferingGentle(told.routine, trend), *noted)
    elif told.routine is not None:
        set_out(turn, told.routine)
    else:
        turn.enter(Introducing())
        turn.say(line(_noted(session.pain, told) if told.moment == "after" else "rating.noted"))


def _want_a_number(turn: Turn, phase: AskingPain, words: InWords) -> None:
    if phase.in_words is not None:
        leave_open(turn, replace(phase, in_words="much" if "much" in (words, phase.in_words) else words))
        return
    turn.hush()
    turn.enter(replace(phase, in_words=words))
    turn.say(line("rating.number_wanted"))


def _note_in_digest(turn: Turn, phase: AskingPain, level: int | None) -> None:
    """What the diary will say, without reading it again."""
    diary = turn.session.diary
    if diary is None:
        return
    if level is not None:
        diary = replace(diary, last_level=level, last_told=0)
    if phase.moment != "after":
        diary = replace(diary, left_open=0 if level is not None else diary.left_open + (phase.moment == "before"))
    if phase.moment != "before":
        open_after = diary.left_open_after + (phase.moment == "after")
        diary = replace(diary, left_open_after=0 if level is not None else open_after)
    turn.change(diary=diary)


def is_kinder(session: Session, routine: str | None) -> bool:
    """Whether there is a gentle routine, and it is not the one that waits."""
    return GENTLE in session.routines and routine != GENTLE


def _noted(before: AskedForPain, after: AskingPain) -> str:
    """What is said of the pain after a routine, beside that before it."""
    both = [(before.before, after.back), (before.before_in_leg, after.leg)]
    changes = [now - then for then, now in both if then is not None and now is not None]
    if any(change > 0 for change in changes):
        return "rating.more"
    if max(level for level in (after.back, after.leg, 0) if level is not None) >= MUCH:
        return "rating.bad_after"
    return "rating.less" if any(change < 0 for change in changes) else "rating.noted"


def leave_open(turn: Turn, phase: AskingPain, *, said: bool = True) -> None:
    """Go on without a number.

    Args:
        turn: The turn.
        phase: The question.
        said: Whether the user said so, rather than nothing at all.
    """
    turn.hush()
    if phase.back is not None or phase.leg is not None:
        _go_on(turn, phase)  # one of the two was told
        return
    _note_left_open(turn, phase)
    if phase.in_words == "much" and phase.moment != "after" and is_kinder(turn.session, phase.routine):
        turn.ask(OfferingGentle(phase.routine))
    elif phase.routine is not None:
        set_out(turn, phase.routine)
    elif said:
        turn.enter(Introducing())
        turn.say(line("rating.let_be"))
    else:
        turn.enter(Idle())


def stop(turn: Turn, phase: AskingPain) -> None:
    """Leave the question open and do nothing more."""
    if phase.back is None and phase.leg is None:
        _note_left_open(turn, phase)
    flow.stop(turn)


def _note_left_open(turn: Turn, phase: AskingPain) -> None:
    turn.record(PainNotRated(phase.moment))
    _note_in_digest(turn, phase, None)
    turn.change(pain=replace(turn.session.pain, left_open=True))


def refuse_gentle(turn: Turn, phase: OfferingGentle) -> None:
    """The user does not want the gentle routine: what was asked for is done, with a caution."""
    turn.hush()
    if phase.routine is None:
        turn.enter(Introducing())
        turn.say(line("rating.rest"))
    else:
        turn.say(line("rating.with_care"))
        set_out(turn, phase.routine)
