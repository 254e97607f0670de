"""The end of a routine: what follows its closing words, also where something else came between.

Who lies on the floor is led up first; then come offers, and the question for the pain. What is asked or wanted during
the closing words, or on the way up, puts that off and never does away with it, unless a routine is begun by it.
"""

from __future__ import annotations

from assistant.dialogue.events import DeadlineReached, Event, SpeechFinished
from assistant.dialogue.questions import activities, choosing_voice, rating
from assistant.dialogue.state.care_phases import Alerted, Alerting
from assistant.dialogue.state.phases import Closing, GettingUp, Idle, Paused, Phase, beneath
from assistant.dialogue.state.session import Session
from assistant.dialogue.turn import Turn


def after_words(turn: Turn, phase: Closing) -> None:
    """The closing words have been said."""
    if phase.acts:
        turn.ask(GettingUp(phase.acts, phase.done))
    elif phase.done and choosing_voice.is_due(turn.session):
        choosing_voice.offer(turn)
    elif phase.done and activities.due_after(turn.session):
        activities.after(turn)
    elif phase.done and rating.due_after(turn.session):
        rating.after(turn)
    else:
        turn.enter(Idle())


def put_off_or_take_up(turn: Turn, before: Session, event: Event) -> None:
    """After an event: keep what it came between, and go back to that once nothing is under way any more."""
    session = turn.session
    left = _left(before.phase)
    if session.under_way is not None and session.under_way.position is not None:
        turn.change(to_close=None)  # in another routine's position: that leads up from there
    elif isinstance(session.phase, Alerting | Alerted):
        turn.change(to_close=None)  # it leads up by itself
    elif left and not isinstance(event, SpeechFinished | DeadlineReached) and _left(session.phase) is None:
        turn.change(to_close=Paused(left, unsaid=before.speaking if isinstance(before.phase, Closing) else ()))
    _take_up(turn)


def _left(phase: Phase) -> Closing | None:
    """What is still to come of an ending; None where none is under way."""
    match beneath(phase):
        case Closing() as closing:
            return closing
        case GettingUp(acts=acts, done=done):
            return Closing(done, acts)
    return None


def _take_up(turn: Turn) -> None:
    waits = turn.session.to_close
    if waits is None or not isinstance(turn.session.phase, Idle) or turn.session.speaking:
        return
    assert isinstance(waits.resume, Closing)
    turn.change(to_close=None)
    turn.enter(waits.resume)
    if waits.unsaid:
        turn.say(*waits.unsaid)
    else:
        after_words(turn, waits.resume)
