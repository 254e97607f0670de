"""The dialogue manager: one pure function from what happened to what is to be done.

The rules:

* A command is obeyed if `state.takes.TAKES` lists it for the phase, else nothing happens.
* To an open question it is the answer that its row in `questions.table` says; else it does what it does everywhere.
* Every command silences what is being said; questions have what they cut said afterwards.
* A phase that speaks goes on when its last line has been spoken; what silence does after a question, its row says.
* Nothing here reads a clock, draws a number or speaks English: same session, event and time, same result.
"""

from __future__ import annotations

from assistant.dialogue import commands, deadlines, sound
from assistant.dialogue.actions import Action
from assistant.dialogue.events import (
    DeadlineReached,
    DiaryRead,
    Event,
    Heard,
    NotUnderstood,
    SoundBack,
    SoundLost,
    SpeechFinished,
    Started,
)
from assistant.dialogue.exercising import going_on
from assistant.dialogue.line import line
from assistant.dialogue.questions.table import QUESTIONS
from assistant.dialogue.state.phases import Done, Idle, Positioning
from assistant.dialogue.state.session import Session
from assistant.dialogue.state.takes import TAKES
from assistant.dialogue.turn import Turn

__all__ = ["next_deadline", "respond"]

next_deadline = deadlines.next_deadline


def respond(session: Session, event: Event, now: float) -> tuple[Session, tuple[Action, ...]]:
    """Answer an event.

    Args:
        session: The session so far.
        event: What happened.
        now: Seconds on the sample clock; never less than in the call before.

    Returns:
        The session as it is now, and what is to be done, in this order.
    """
    if isinstance(session.phase, Done):
        return session, ()
    turn = Turn(session, now, QUESTIONS)
    match event:
        case Started():
            going_on.greet(turn)
        case Heard(command=command) if command.intent in TAKES[type(session.phase)]:
            turn.change(asked_back=False)
            commands.obey(turn, command)
        case NotUnderstood(reason=reason):
            _ask_back(turn, reason)
        case SpeechFinished(line=spoken):
            deadlines.speech_finished(turn, spoken)
        case DeadlineReached():
            due = next_deadline(session)
            if due is not None and due <= now:
                deadlines.deadline_reached(turn)
        case DiaryRead(digest=digest, done_today=done_today):
            turn.change(diary=digest)
            turn.learn(done_today=done_today)
        case SoundLost(device=device):
            sound.lost(turn, device)
        case SoundBack(away_s=away_s):
            sound.back(turn, away_s)
        case _:
            pass
    return turn.session, tuple(turn.actions)


def _ask_back(turn: Turn, reason: str) -> None:
    """Say once that nothing was understood, where an answer is awaited or a command likely; never twice in a row."""
    session = turn.session
    # Who is getting into a position may well talk to somebody else.
    awaited = turn.question is not None and not isinstance(session.phase, Positioning)
    likely = reason == "unsure" and not isinstance(session.phase, Idle)
    if (likely or (awaited and reason == "not a phrase")) and not session.speaking and not session.asked_back:
        turn.change(asked_back=True)
        turn.say(line("unsure.ask"))
