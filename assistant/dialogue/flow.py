"""The way through a routine: what is entered when, what is said there, and what its deadline does."""

from __future__ import annotations

import math
from dataclasses import replace

from assistant.dialogue import lines
from assistant.dialogue.actions import Chime
from assistant.dialogue.counting import LEAD_S, schedule
from assistant.dialogue.doses import hold_seconds, rep_time, reps_done, seconds_remaining
from assistant.dialogue.facts import DisclaimerHeard
from assistant.dialogue.line import Line, line
from assistant.dialogue.phases import (
    AskingSide,
    Cautioning,
    ChangingSides,
    CheckingIn,
    Choosing,
    Closing,
    Confirming,
    GettingReady,
    Holding,
    Idle,
    Instructing,
    Introducing,
    Moving,
    Paused,
    Phase,
    Positioning,
    Resting,
)
from assistant.dialogue.plan import plan
from assistant.dialogue.recording import keep_record
from assistant.dialogue.session import Session, Turn
from assistant.routines import Hold, Reps

ASK_AGAIN_S = 20.0
"""How long an unanswered question rests before it is asked a second time; after that it waits."""

CHOOSING_S = 30.0
CHANGE_SIDES_S = 8.0
START_TONE_S = 0.4
"""How long before a hold its start tone sounds, so that tone and first count don't collide."""


def greet(turn: Turn) -> None:
    """Say hello, and at first use that this is general information."""
    turn.enter(Introducing())
    if turn.session.disclaimer_due:
        turn.say(lines.DISCLAIMER)
    turn.say(line("greeting.welcome"))


def choose(turn: Turn) -> None:
    """Read out the routines by number."""
    turn.enter(Choosing())
    turn.say(*lines.numbered_routines(turn.session))


def start_routine(turn: Turn, key: str) -> None:
    """Begin a routine, with the question for the sore side where it matters and is not known."""
    session = turn.session
    routine = session.routines[key]
    turn.change(routine=None, plan=(), position=None, easier=False, extra_seconds=0)
    if routine.asks_for_side and session.sore_side is None:
        turn.enter(AskingSide(key))
        turn.say(line("side.which"))
        return
    turn.change(routine=routine, plan=plan(routine, session.sore_side))
    turn.enter(Cautioning())
    turn.say(*lines.announcement(turn.session), *lines.cautions(turn.session))


def go_to(turn: Turn, task: int) -> None:
    """Go on with a task of the plan, or close where there is none left."""
    session = turn.session
    if task >= len(session.plan):
        close(turn)
        return
    coming = session.plan[task]
    before = session.plan[task - 1] if task else None
    if before is None or before.step != coming.step:
        turn.change(easier=False, extra_seconds=0)
        enter_step(turn, task)
    elif before.side != coming.side:
        turn.enter(ChangingSides(task, turn.now + CHANGE_SIDES_S))
        turn.say(line("side.change", side=coming.side or ""))
    else:
        dose = session.step_of(task).dose
        rest = dose.rest if isinstance(dose, Hold) else CHANGE_SIDES_S
        turn.enter(Resting(task, turn.now + rest))
        turn.say(line("hold.rest"))


def enter_step(turn: Turn, task: int) -> None:
    """Begin a step: into its position first, unless the user is there already."""
    session = turn.session
    assert session.routine is not None
    step = session.step_of(task)
    there = session.position is not None and session.routine.steps[session.position].position == step.position
    if there:
        instruct(turn, task, announced=False)
    else:
        turn.enter(Positioning(task))
        turn.say(*lines.positioning(session, task))


def instruct(turn: Turn, task: int, *, announced: bool = True) -> None:
    """Tell the movement."""
    turn.change(position=turn.session.plan[task].step)
    turn.enter(Instructing(task))
    turn.say(*lines.instruction(turn.session, task, announced=announced))


def get_ready(turn: Turn, task: int, remaining: float | None = None, rep: int = 1) -> None:
    """Say that it is about to begin."""
    turn.enter(GettingReady(task, remaining, rep))
    turn.say(line("hold.get_ready" if remaining is None and rep == 1 else "hold.carry_on"))


def begin(turn: Turn, phase: GettingReady) -> None:
    """Start the hold or the reps a moment from now, on an exact sample."""
    starts_at = turn.now + LEAD_S
    turn.do(Chime("start", starts_at - START_TONE_S))
    dose = turn.session.step_of(phase.task).dose
    if isinstance(dose, Reps):
        turn.enter(Moving(phase.task, starts_at, phase.rep, phase.rep))
    else:
        seconds = hold_seconds(turn.session, dose)
        left = min(seconds, phase.remaining) if phase.remaining is not None else seconds
        turn.enter(Holding(phase.task, starts_at, starts_at + left, seconds, math.floor(left + 1e-9)))
    schedule(turn)


def next_deadline(session: Session) -> float | None:
    """When the session wants to be told that time has passed, in seconds on the sample clock."""
    phase = session.phase
    match phase:
        case Holding(ends_at=ends_at, upcoming=upcoming):
            return ends_at if upcoming < 0 else ends_at - upcoming - LEAD_S
        case Moving(upcoming=upcoming):
            dose = session.step_of(phase.task).dose
            assert isinstance(dose, Reps)
            if upcoming > dose.count + 1:
                return rep_time(phase, dose, dose.count + 1)
            return rep_time(phase, dose, upcoming) - LEAD_S
        case Resting(ends_at=ends_at) | ChangingSides(ends_at=ends_at):
            return ends_at
        case Choosing() | AskingSide() | Positioning() | CheckingIn() | Confirming():
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
                keep_record(turn, whole=True)
                go_to(turn, phase.task + 1)
        case Moving():
            dose = turn.session.step_of(phase.task).dose
            assert isinstance(dose, Reps)
            if phase.upcoming <= dose.count + 1:
                schedule(turn)
            else:
                keep_record(turn, whole=True)
                go_to(turn, phase.task + 1)
        case Resting() | ChangingSides():
            turn.hush()
            get_ready(turn, phase.task)
        case Choosing():
            turn.enter(Idle())
        case Positioning() if turn.session.preferences.ready_after is not None:
            instruct(turn, phase.task)
        case AskingSide() | Positioning() | CheckingIn() | Confirming():
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
        case Introducing() | Closing():
            turn.enter(Idle())
        case Cautioning():
            go_to(turn, 0)
        case Instructing():
            get_ready(turn, phase.task)
        case GettingReady():
            begin(turn, phase)
        case Choosing():
            turn.enter(replace(phase, due=turn.now + CHOOSING_S))
        case Positioning() if turn.session.preferences.ready_after is not None:
            turn.enter(replace(phase, due=turn.now + turn.session.preferences.ready_after))
        case AskingSide() | Positioning() | CheckingIn() | Confirming():
            turn.enter(replace(phase, due=turn.now + ASK_AGAIN_S if phase.asked == 1 else None))
        case _:
            return


def close(turn: Turn) -> None:
    """Speak the closing words of a routine that was done to its end."""
    routine = turn.session.routine
    assert routine is not None
    turn.enter(Closing())
    turn.change(routine=None, plan=(), position=None)
    turn.say(line("closing.words", text=routine.closing))


def stop(turn: Turn) -> None:
    """End what is under way, at once."""
    keep_record(turn, whole=False)
    turn.hush()
    under_way = turn.session.routine is not None
    turn.enter(Closing())
    turn.change(routine=None, plan=(), position=None)
    turn.say(line("closing.stopped" if under_way else "closing.quiet"))


def pause(turn: Turn) -> None:
    """Stand still; what is left of a hold, a rest or a set of reps is kept."""
    phase, now = turn.session.phase, turn.now
    if isinstance(phase, Paused):
        return
    if isinstance(phase, Confirming):  # the question is dropped; what it interrupted stays paused
        turn.hush()
        turn.enter(phase.paused)
        return
    remaining: float | None = None
    resume: Phase = phase
    match phase:
        case Holding():
            remaining = seconds_remaining(phase, now)
        case Moving():
            resume = replace(phase, first=reps_done(turn.session, phase, now) + 1)
        case Resting(ends_at=ends_at) | ChangingSides(ends_at=ends_at):
            remaining = max(0.0, ends_at - now)
        case GettingReady():
            remaining = phase.remaining
    unsaid = turn.hush()
    turn.enter(Paused(resume, remaining, unsaid))


def resume(turn: Turn, paused: Paused) -> None:
    """Go on where it was paused."""
    turn.hush()
    inner = paused.resume
    match inner:
        case Holding():
            if paused.remaining:
                get_ready(turn, inner.task, paused.remaining)
            else:
                turn.enter(inner)
                keep_record(turn, whole=True)
                go_to(turn, inner.task + 1)
        case Moving():
            get_ready(turn, inner.task, rep=inner.first)
        case GettingReady():
            get_ready(turn, inner.task, inner.remaining, inner.rep)
        case Resting() | ChangingSides():
            turn.enter(replace(inner, ends_at=turn.now + (paused.remaining or 0.0)))
            turn.say(line("pause.going_on"))
        case AskingSide() | Positioning() | CheckingIn() | Confirming():
            turn.enter(replace(inner, asked=1, due=None))
            turn.say(*(paused.unsaid or lines.asked_again(turn.session)))
        case Choosing():
            turn.enter(Choosing())
            turn.say(*(paused.unsaid or lines.numbered_routines(turn.session)))
        case _:
            turn.enter(inner)
            turn.say(*(paused.unsaid or (line("pause.going_on"),)))
