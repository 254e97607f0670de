"""What leads a session on by itself: that the time has come, or that everything has been said."""

from __future__ import annotations

from dataclasses import replace

from assistant.dialogue import lines
from assistant.dialogue.exercising import flow
from assistant.dialogue.exercising.counting import LEAD_S, schedule
from assistant.dialogue.facts import DisclaimerHeard
from assistant.dialogue.line import Line, line
from assistant.dialogue.questions import rating
from assistant.dialogue.state.doses import rep_time, reps_of
from assistant.dialogue.state.phases import (
    Alerted,
    Alerting,
    AskingAllRight,
    AskingPain,
    Cautioning,
    ChangingSides,
    Choosing,
    Closing,
    GettingReady,
    Holding,
    Idle,
    Instructing,
    Introducing,
    Moving,
    Paused,
    Positioning,
    Resting,
)
from assistant.dialogue.state.session import Session
from assistant.dialogue.turn import Turn

ASK_AGAIN_S = 20.0
"""How long an unanswered question rests before it is asked a second time; after that it waits, or, where the answer
matters, the user is asked whether all is right, and the session pauses."""

CHOOSING_S = 30.0


def next_deadline(session: Session) -> float | None:
    """When the session wants to be told that time has passed, in seconds on the sample clock."""
    phase = session.phase
    match phase:
        case Holding(ends_at=ends_at, upcoming=upcoming):
            return ends_at if upcoming < 0 else ends_at - upcoming - LEAD_S
        case Moving(upcoming=upcoming):
            dose = reps_of(session, phase.task)
            if upcoming > dose.count + 1:
                return rep_time(phase, dose, dose.count + 1)
            return rep_time(phase, dose, upcoming) - LEAD_S
        case Resting(ends_at=ends_at) | ChangingSides(ends_at=ends_at):
            return ends_at
        case Choosing() | Positioning() | AskingAllRight():
            return phase.due
        case _ if isinstance(phase, flow.QUESTIONS):
            return phase.due
        case _:
            return None


def deadline_reached(turn: Turn) -> None:
    """Do what the phase was waiting for."""
    phase = turn.session.phase
    match phase:
        case Holding():
            if phase.upcoming >= 0:
                schedule(turn)
            else:
                flow.done(turn, phase.task)
        case Moving():
            if phase.upcoming <= reps_of(turn.session, phase.task).count + 1:
                schedule(turn)
            else:
                flow.done(turn, phase.task)
        case Resting() | ChangingSides():
            turn.hush()
            flow.get_ready(turn, phase.task)
        case Choosing():
            turn.enter(Idle())
        case Positioning() if turn.session.preferences.ready_after is not None:
            flow.instruct(turn, phase.task)
        case _:
            _nobody_answered(turn)


def _nobody_answered(turn: Turn) -> None:
    """Ask again; where the answer matters, ask whether all is right, and in the end rest. Never go on."""
    phase = turn.session.phase
    match phase:
        case _ if isinstance(phase, flow.QUESTIONS_THAT_MATTER) and phase.asked > 1:
            turn.enter(AskingAllRight(replace(phase, asked=1, due=None)))
            turn.say(line("silence.all_right"))
        case AskingAllRight():
            turn.enter(Paused(phase.question))
            turn.say(line("silence.paused"))
        case AskingPain():
            rating.leave_open(turn, said=False)
        case _ if isinstance(phase, Positioning | flow.QUESTIONS):
            turn.enter(replace(phase, asked=phase.asked + 1, due=None))
            turn.say(*lines.asked_again(turn.session))
        case _:
            return


def speech_finished(turn: Turn, spoken: Line) -> None:
    """Go on once everything that was to be said has been said."""
    session = turn.session
    if spoken in session.speaking:
        at = session.speaking.index(spoken)
        turn.change(speaking=session.speaking[:at] + session.speaking[at + 1 :])
    if spoken == lines.DISCLAIMER:
        turn.change(disclaimer_due=False)
        turn.record(DisclaimerHeard())
    if not turn.session.speaking:
        _after_speech(turn)


def _after_speech(turn: Turn) -> None:
    phase = turn.session.phase
    match phase:
        case Closing(done=True) if rating.due_after(turn.session):
            rating.after(turn)
        case Introducing() | Closing():
            turn.enter(Idle())
        case Alerting(cause=cause):
            turn.enter(Alerted(cause))
        case Cautioning():
            flow.go_to(turn, 0)
        case Instructing():
            flow.get_ready(turn, phase.task)
        case GettingReady():
            flow.begin(turn, phase)
        case Choosing():
            turn.enter(replace(phase, due=turn.now + CHOOSING_S))
        case Positioning() if turn.session.preferences.ready_after is not None:
            turn.enter(replace(phase, due=turn.now + turn.session.preferences.ready_after))
        case _ if isinstance(phase, flow.QUESTIONS_THAT_MATTER | AskingAllRight):
            turn.enter(replace(phase, due=turn.now + ASK_AGAIN_S))
        case AskingPain():
            turn.enter(replace(phase, due=turn.now + rating.ANSWERED_WITHIN_S))
        case _ if isinstance(phase, Positioning | flow.QUESTIONS):
            turn.enter(replace(phase, due=turn.now + ASK_AGAIN_S if phase.asked == 1 else None))
        case _:
            return
