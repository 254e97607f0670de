"""The dialogue manager: one pure function from what happened to what is to be done.

The rules:

* A command is obeyed if `state.takes.TAKES` lists it for the phase, else nothing happens.
* To an open question it is the answer that its row in `questions.table` says; else it does what it does everywhere.
* Every command silences what is being said; questions have what they cut said afterwards.
* What is not understood is answered as `mishearing` says; nothing that is clearly meant for it is met with silence.
* A phase that speaks goes on when its last line has been spoken; what silence does after a question, its row says.
* Nothing here reads a clock, draws a number or speaks English: same session, event and time, same result.
"""

from __future__ import annotations

from dataclasses import replace

from assistant.dialogue import commands, deadlines, ending, mishearing, sound
from assistant.dialogue.actions import Action
from assistant.dialogue.events import (
    DeadlineReached,
    DiaryRead,
    Event,
    Heard,
    NotUnderstood,
    RemindersRead,
    SoundBack,
    SoundLost,
    SpeechFinished,
    Started,
)
from assistant.dialogue.exercising import going_on
from assistant.dialogue.questions import reminding
from assistant.dialogue.questions.table import QUESTIONS
from assistant.dialogue.state.phases import Done
from assistant.dialogue.state.session import Session, VoiceSteps
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
            if session.voice != VoiceSteps():
                turn.tune(session.voice)
            going_on.greet(turn)
        case Heard(command=command) if command.intent in TAKES[type(session.phase)]:
            turn.change(asked_back=False, waiting=replace(session.waiting, reprompted=0))
            reminding.was_heard(turn)
            commands.obey(turn, command)
        case NotUnderstood():
            mishearing.answer(turn, event)
        case SpeechFinished(line=spoken):
            deadlines.speech_finished(turn, spoken)
        case DeadlineReached():
            due = next_deadline(session)
            if due is not None and due <= now:
                deadlines.deadline_reached(turn)
        case DiaryRead() | RemindersRead():
            _take_in(turn, event)
        case SoundLost(device=device):
            sound.lost(turn, device)
        case SoundBack(away_s=away_s):
            sound.back(turn, away_s)
        case _:
            pass
    ending.put_off_or_take_up(turn, session, event)
    return turn.session, tuple(turn.actions)


def _take_in(turn: Turn, read: DiaryRead | RemindersRead) -> None:
    """Something that is kept was read anew."""
    if isinstance(read, RemindersRead):
        reminding.take_in(turn, read)
    else:
        turn.change(diary=read.digest)
        turn.learn(done_today=read.done_today)
