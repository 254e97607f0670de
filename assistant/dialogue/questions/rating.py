"""The pain as a number, before and after a routine: asked for once, taken or left, never insisted on.

* Asked only where a diary is kept, at most once an hour, and not of somebody who has left it open three times in a row.
* Silence leaves it open, and the routine goes on. Who leaves it open before is not asked after; who has left it open
  after three routines is not asked after any more.
* Six and more is a bad day: the gentle routine is offered. So it is after strong words that no number followed.
* What is noted is a number that the user said. Who says it in words is asked for the number, once.
"""

from __future__ import annotations

from dataclasses import replace

from assistant.dialogue.exercising import flow
from assistant.dialogue.exercising.setting_out import set_out
from assistant.dialogue.facts import InWords, PainNotRated, PainRated
from assistant.dialogue.line import Line, line
from assistant.dialogue.questions import pain
from assistant.dialogue.state.phases import AskingPain, Idle, Introducing, OfferingGentle
from assistant.dialogue.state.session import AskedForPain, Session
from assistant.dialogue.turn import Turn
from intents import Command

GENTLE = "bad-day"
"""Key of the routine for a bad day."""

BAD_DAY = 6
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
        turn.change(pain=AskedForPain(turn.now))
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
    """Note the number that was said, and go on with what follows from it."""
    words = pain.in_words(command)
    if words is not None:
        _want_a_number(turn, phase, words)
        return
    level = 0 if command.intent == "NoPain" else pain.level_of(command)
    if pain.too_high(turn, level):
        return
    session = turn.session
    turn.hush()
    turn.record(PainRated(phase.moment, level))
    _note_in_digest(turn, phase, level)
    if phase.moment == "before":
        turn.change(pain=replace(session.pain, before=level))
    if phase.moment != "after" and level >= BAD_DAY and _is_kinder(session, phase):
        turn.ask(OfferingGentle(phase.routine))
    elif phase.routine is not None:
        set_out(turn, phase.routine)
    else:
        turn.enter(Introducing())
        turn.say(_noted(session.pain.before, level) if phase.moment == "after" else line("rating.noted"))


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


def _is_kinder(session: Session, phase: AskingPain) -> bool:
    """Whether there is a gentle routine, and it is not the one that waits."""
    return GENTLE in session.routines and phase.routine != GENTLE


def _noted(before: int | None, after: int) -> Line:
    if after >= BAD_DAY:
        return line("rating.bad_after")
    if before is not None and after < before:
        return line("rating.less")
    return line("rating.noted")


def leave_open(turn: Turn, phase: AskingPain, *, said: bool = True) -> None:
    """Go on without a number.

    Args:
        turn: The turn.
        phase: The question.
        said: Whether the user said so, rather than nothing at all.
    """
    turn.hush()
    _note_left_open(turn, phase)
    if phase.in_words == "much" and phase.moment != "after" and _is_kinder(turn.session, phase):
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
