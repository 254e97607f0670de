"""The way through a routine: what is entered when, what is said there, and what its deadline does."""

from __future__ import annotations

import math
from dataclasses import replace

from assistant.dialogue import lines
from assistant.dialogue.actions import Chime
from assistant.dialogue.exercising.counting import LEAD_S, START_TONE_S, schedule
from assistant.dialogue.exercising.recording import keep_record
from assistant.dialogue.exercising.setting_out import reset_step, ruled_out
from assistant.dialogue.facts import Met, RoutineDone, SetDone
from assistant.dialogue.line import Line, line
from assistant.dialogue.state.doses import dose_of, owed_to_first_side, reps_done, reps_of, seconds_remaining
from assistant.dialogue.state.phases import (
    AskingAllRight,
    AskingLeg,
    ChangingSides,
    Choosing,
    Closing,
    Confirming,
    ConfirmingDose,
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
from assistant.dialogue.state.plan import is_last_of_step
from assistant.dialogue.turn import Turn
from assistant.routines import Hold, Reps

CHANGE_SIDES_S = 8.0


def greet(turn: Turn) -> None:
    """Say hello, and at first use that this is general information."""
    turn.enter(Introducing())
    if turn.session.disclaimer_due:
        turn.say(lines.DISCLAIMER)
    turn.say(*lines.reminders(turn.session), line("greeting.welcome"))


def choose(turn: Turn) -> None:
    """Read out the routines by number."""
    turn.ask(Choosing())


def go_to(turn: Turn, task: int) -> None:
    """Go on with a task of the plan, or close where there is none left."""
    session = turn.session
    skipped = task
    while task < len(session.plan) and ruled_out(session, session.step_of(task)):
        task += 1
    if task >= len(session.plan):
        close(turn)
        return
    coming = session.plan[task]
    before = session.plan[task - 1] if task and task == skipped else None
    if before is None or before.step != coming.step:
        reset_step(turn)
        enter_step(turn, task)
    elif before.side != coming.side:
        turn.change(extra_seconds=0, extra_reps=0)  # the second side begins with what the first one got
        turn.enter(ChangingSides(task, turn.now + CHANGE_SIDES_S))
        turn.say(lines.change_of_sides(turn.session, task))
    else:
        dose = dose_of(session, task)
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
        turn.ask(Positioning(task))


def take_position(turn: Turn, phase: Positioning) -> None:
    """The user is in position, or taken to be."""
    turn.hush()
    instruct(turn, phase.task)


def instruct(turn: Turn, task: int, *, announced: bool = True, again: bool = False) -> None:
    """Tell the movement; in full to who hears it for the first time, or asks for it again."""
    session = turn.session
    step = session.step_of(task)
    turn.change(position=session.plan[task].step)
    turn.enter(Instructing(task))
    turn.say(*lines.instruction(session, task, announced=announced, full=again or lines.tells_all(session, step)))
    if step.key not in session.met and session.form == "usual":
        turn.change(met=session.met | {step.key})
        turn.record(Met(step.key))


def get_ready(turn: Turn, task: int, remaining: float | None = None, rep: int = 1) -> None:
    """Say that it is about to begin."""
    turn.enter(GettingReady(task, remaining, rep))
    turn.say(line("hold.get_ready" if remaining is None and rep == 1 else "hold.carry_on"))


def begin(turn: Turn, phase: GettingReady) -> None:
    """Start the hold or the reps a moment from now, on an exact sample."""
    starts_at = turn.now + LEAD_S
    turn.do(Chime("start", starts_at - START_TONE_S))
    dose = dose_of(turn.session, phase.task)
    if isinstance(dose, Reps):
        turn.enter(Moving(phase.task, starts_at, phase.rep, phase.rep))
    else:
        left = min(dose.seconds, phase.remaining) if phase.remaining is not None else dose.seconds
        turn.enter(Holding(phase.task, starts_at, starts_at + left, dose.seconds, math.floor(left + 1e-9)))
    schedule(turn)


def done(turn: Turn, task: int) -> None:
    """A hold or a set of reps is over: remember it, and go on, or ask for the leg first."""
    keep_record(turn, whole=True)
    _even_out(turn, task)
    session = turn.session
    step = session.step_of(task)
    last_of_step = is_last_of_step(session.plan, task)
    if last_of_step:
        turn.record(SetDone(step.key))
        turn.change(done_today={**session.done_today, step.key: session.done_today.get(step.key, 0) + 1})
    if last_of_step and step.directional and not session.no_leg_pain:
        turn.ask(AskingLeg(task))
    else:
        go_to(turn, task + 1)


def _even_out(turn: Turn, task: int) -> None:
    """Note what this side got; at the end of a step, the first side gets what the user added on the second."""
    session, phase = turn.session, turn.session.phase
    amount = round(phase.seconds) if isinstance(phase, Holding) else reps_of(session, task).count
    turn.change(given=(*session.given, (session.plan[task].side, amount)))
    if is_last_of_step(session.plan, task) and (owed := owed_to_first_side(turn.session, task)) is not None:
        turn.change(plan=(*session.plan[: task + 1], owed, *session.plan[task + 1 :]))


def close(turn: Turn) -> None:
    """Speak the closing words of a routine that was done to its end."""
    routine = turn.session.routine
    assert routine is not None
    turn.record(RoutineDone(routine.key))
    turn.enter(Closing(done=True))
    turn.change(routine=None, plan=(), position=None)
    # Who has moved to a chair on the way does not need to hear how to rise from the floor.
    moved = routine.steps[-1].seated and not turn.session.routines[routine.key].steps[-1].seated
    turn.say(line("closing.on_chair") if moved else line("closing.words", text=routine.closing))


def stop(turn: Turn) -> None:
    """End what is under way, at once."""
    keep_record(turn, whole=False)
    turn.hush()
    under_way = turn.session.routine is not None
    turn.enter(Closing())
    turn.change(routine=None, plan=(), position=None)
    turn.say(line("closing.stopped" if under_way else "closing.quiet"))


def pause(turn: Turn) -> None:
    """Pause, from whatever phase."""
    match turn.session.phase:
        case Confirming(paused=paused) | ConfirmingDose(paused=paused):
            turn.hush()  # the question is dropped; what it interrupted stays paused
            turn.enter(paused or Idle())
        case AskingAllRight(question=question):
            turn.hush()
            turn.enter(Paused(question))
        case _:
            stand_still(turn)


def stand_still(turn: Turn) -> Paused:
    """Leave a phase so that it can be gone on with; what is left of a hold, a rest or a set of reps is kept."""
    phase, now = turn.session.phase, turn.now
    if isinstance(phase, Paused):
        return phase
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
    paused = Paused(resume, remaining, turn.hush())
    turn.enter(paused)
    return paused


def resume(turn: Turn, paused: Paused, *told: Line) -> None:
    """Go on where it was paused.

    Args:
        turn: The turn.
        paused: What to go on with.
        told: What is said before.
    """
    turn.hush()
    if told:
        turn.say(*told)
    unsaid = tuple(left for left in paused.unsaid if left not in told)
    inner = paused.resume
    match inner:
        case Holding():
            if paused.remaining:
                get_ready(turn, inner.task, paused.remaining)
            else:
                turn.enter(inner)
                done(turn, inner.task)
        case Moving():
            get_ready(turn, inner.task, rep=inner.first)
        case GettingReady():
            get_ready(turn, inner.task, inner.remaining, inner.rep)
        case Resting() | ChangingSides():
            turn.enter(replace(inner, ends_at=turn.now + (paused.remaining or 0.0)))
            turn.say(line("pause.going_on"))
        case _:
            turn.enter(inner)
            turn.say(*(unsaid or turn.asked_again() or (line("pause.going_on"),)))
