"""What leads a session on by itself: that the time has come, or that everything has been said.

Silence leads on only where a question's row says so: see `assistant.dialogue.turn.Silence`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from assistant.dialogue import ending, lines
from assistant.dialogue.exercising import flow
from assistant.dialogue.exercising.counting import LEAD_S, schedule
from assistant.dialogue.facts import CautionHeard, DisclaimerHeard, WithinReachHeard
from assistant.dialogue.line import Line
from assistant.dialogue.questions import alerting, choosing_voice, reminding
from assistant.dialogue.state.care_phases import Alerted, Alerting
from assistant.dialogue.state.doses import rep_time, reps_of
from assistant.dialogue.state.phases import (
    Cautioning,
    ChangingSides,
    Closing,
    GettingReady,
    Holding,
    Idle,
    Instructing,
    Introducing,
    Moving,
    Positioning,
    Resting,
)
from assistant.dialogue.state.session import Session, Waiting
from assistant.dialogue.turn import Silence, Turn, at_once


def next_deadline(session: Session) -> float | None:
    """When the session wants to be told that time has passed, in seconds on the sample clock."""
    phase = session.phase
    match phase:
        case Holding(ends_at=ends_at, upcoming=upcoming):
            return ends_at if upcoming < 0 else ends_at - upcoming - LEAD_S
        case Moving(upcoming=upcoming):
            dose = reps_of(phase.under_way)
            if upcoming > dose.count + 1:
                return rep_time(phase, dose, dose.count + 1)
            return rep_time(phase, dose, upcoming) - LEAD_S
        case Resting(ends_at=ends_at) | ChangingSides(ends_at=ends_at):
            return None if session.speaking else ends_at  # what is being said is heard first: which leg it is now
        case _:
            return session.waiting.due


def deadline_reached(turn: Turn) -> None:
    """Do what the phase was waiting for."""
    phase = turn.session.phase
    match phase:
        case Holding():
            if phase.upcoming >= 0:
                schedule(turn)
            else:
                flow.done(turn, phase)
        case Moving():
            if phase.upcoming <= reps_of(phase.under_way).count + 1:
                schedule(turn)
            else:
                flow.done(turn, phase)
        case Resting() | ChangingSides():
            flow.get_ready(turn, phase.under_way)
        case Cautioning():
            flow.go_to(turn, phase.under_way, 0)
        case Idle():
            reminding.give(turn)
        case _:
            _nobody_answered(turn)


def _nobody_answered(turn: Turn) -> None:
    silence = _silence(turn)
    if silence is None:
        return
    reprompts, told = _reprompts(turn, silence), turn.session.waiting.reprompted
    if told < len(reprompts):
        turn.change(waiting=Waiting(reprompted=told + 1))
        turn.remark(*reprompts[told])
    elif silence.then is not None:
        silence.then(turn, turn.session.phase)


def _silence(turn: Turn) -> Silence[Any] | None:
    """What silence does now: in a position it goes on where the user has set a time for that."""
    ready_after = turn.session.preferences.ready_after
    if isinstance(turn.session.phase, Positioning) and ready_after is not None:
        return at_once(ready_after, lambda turn, phase: flow.instruct(turn, phase.under_way))
    if isinstance(turn.session.phase, Alerted):
        return alerting.silence_after(turn, turn.session.phase)
    return turn.question.silence if turn.question else None


def _reprompts(turn: Turn, silence: Silence[Any]) -> tuple[tuple[Line, ...], ...]:
    """What is said to silence before anything is done, one after the other."""
    session, question = turn.session, turn.question
    told = silence.reprompts or (question and question.reprompts)
    return told(session, session.phase) if told else ()


def speech_finished(turn: Turn, spoken: Line) -> None:
    """Go on once everything that was to be said has been said."""
    session = turn.session
    if spoken in session.speaking:
        at = session.speaking.index(spoken)
        turn.change(speaking=session.speaking[:at] + session.speaking[at + 1 :])
    _note_heard(turn, spoken)
    if not turn.session.speaking:
        _after_speech(turn)


def _note_heard(turn: Turn, spoken: Line) -> None:
    """What is not said each day has been spoken to its end."""
    if spoken == lines.DISCLAIMER:
        turn.learn(disclaimer_due=False)
        turn.record(DisclaimerHeard())
    elif spoken.key in lines.WITHIN_REACH:
        turn.learn(reach_due=False)
        turn.record(WithinReachHeard())
    elif spoken == reminding.BEGIN:
        reminding.was_heard(turn)
    elif spoken.key in {"caution.say", "step.caution"}:
        caution = str(dict(spoken.slots)["text"])
        practice = turn.session.user.practice
        if caution not in practice.cautions_heard:
            turn.learn(practice=replace(practice, cautions_heard=practice.cautions_heard | {caution}))
            turn.record(CautionHeard(caution))


def _after_speech(turn: Turn) -> None:
    phase = turn.session.phase
    match phase:
        case Closing():
            ending.after_words(turn, phase)
        case Positioning() if choosing_voice.is_due(turn.session):
            choosing_voice.offer(turn)
        case Introducing():
            turn.enter(Idle())
        case Alerting():
            alerting.heard_out(turn, phase)
            _wait_for_an_answer(turn)
        case Cautioning():
            flow.go_to(turn, phase.under_way, 0)
        case Instructing():
            flow.get_ready_or_begin(turn, phase.under_way)
        case GettingReady():
            flow.begin(turn, phase)
        case Resting(ends_at=ends_at) | ChangingSides(ends_at=ends_at) if ends_at < turn.now:
            flow.get_ready(turn, phase.under_way)
        case _:
            _wait_for_an_answer(turn)


def _wait_for_an_answer(turn: Turn) -> None:
    silence, waiting = _silence(turn), turn.session.waiting
    if silence is None:
        return
    waits = waiting.reprompted < len(_reprompts(turn, silence)) or silence.then is not None
    turn.change(waiting=replace(waiting, due=turn.now + silence.after_s if waits else None))
