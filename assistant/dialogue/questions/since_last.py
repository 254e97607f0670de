"""How it was after the last time: with that a session begins, where one came before. Worse is no day for the same."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, cast

from assistant.dialogue.facts import Since, SinceLast
from assistant.dialogue.line import line
from assistant.dialogue.questions import rating
from assistant.dialogue.state.care_phases import AskingSinceLast, OfferingGentle
from assistant.dialogue.state.session import Session
from assistant.dialogue.turn import Turn
from intents import Command

LONGEST_AGO_DAYS = 7
"""What was longer ago is forgotten."""

ASKED_AGAIN_AFTER_S = 6 * 3600.0


def before(turn: Turn, key: str) -> None:
    """Set out on a routine; ask how it was after the last time where there was one."""
    if is_due(turn.session, turn.now):
        _is_asked(turn)
        turn.ask(AskingSinceLast(key))
    else:
        rating.before(turn, key)


def _is_asked(turn: Turn) -> None:
    turn.change(pain=replace(turn.session.pain, since_at=turn.now))


def note(turn: Turn, since: Since | Literal["not worse"]) -> None:
    """Note how it was, told together with whether anything is new."""
    _is_asked(turn)
    turn.record(SinceLast(since))


def is_due(session: Session, now: float) -> bool:
    """Whether it is asked: of who keeps a diary, and stretched some days ago, once a day."""
    diary, asked_at = session.diary, session.pain.since_at
    lately = asked_at is not None and now - asked_at < ASKED_AGAIN_AFTER_S
    if diary is None or diary.last_stretch is None or lately or not rating.wants_to_be_asked(session):
        return False
    return 1 <= diary.last_stretch <= LONGEST_AGO_DAYS


def take(turn: Turn, phase: AskingSinceLast, command: Command) -> None:
    """How it was; after worse the gentle routine is offered, with what to do if it lasts."""
    since = cast(Since, command.slots["since"])
    turn.record(SinceLast(since))
    turn.hush()
    if since == "worse" and offers_gentle(turn, phase.routine):
        return
    if since == "worse" or not turn.session.user.practice.in_habit:
        turn.say(line(f"since.{since}"))
    rating.before(turn, phase.routine)


def offers_gentle(turn: Turn, routine: str) -> bool:
    """Offer the gentle routine after worse, where it is kinder than the one that waits, and say whether it was."""
    kinder = rating.is_kinder(turn.session, routine)
    if kinder:
        turn.ask(OfferingGentle(routine, "worse since"), line("since.worse"))
    return kinder


def leave_open(turn: Turn, phase: AskingSinceLast) -> None:
    """Go on without an answer."""
    turn.hush()
    rating.before(turn, phase.routine)
