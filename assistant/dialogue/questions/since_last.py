"""How it was after the last time: with that a session begins, where one came before. Worse is no day for the same."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

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
        turn.change(pain=replace(turn.session.pain, since_at=turn.now))
        turn.ask(AskingSinceLast(key))
    else:
        rating.before(turn, key)


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
    if since == "worse" and rating.is_kinder(turn.session, phase.routine):
        turn.ask(OfferingGentle(phase.routine, "worse since"), line("since.worse"))
        return
    if since == "worse" or not turn.session.user.practice.in_habit:
        turn.say(line(f"since.{since}"))
    rating.before(turn, phase.routine)


def leave_open(turn: Turn, phase: AskingSinceLast) -> None:
    """Go on without an answer."""
    turn.hush()
    rating.before(turn, phase.routine)
