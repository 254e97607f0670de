"""Going on with a routine that was left unfinished, because the assistant was ended in the middle of it.

A process may be killed at any moment. What is needed to go on is kept outside as an `Unfinished`, made anew from the
session after every event; the next session is given it and offers to go on.

* Nothing goes on by itself: the user says yes, hears a word of caution, and says when they are in position.
* What was held or moved before is counted when that exercise is over, or at once where the user doesn't go on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.dialogue import lines
from assistant.dialogue.exercising import flow
from assistant.dialogue.exercising.recording import moment_of
from assistant.dialogue.exercising.setting_out import ruled_out, with_prescribed
from assistant.dialogue.facts import Moved
from assistant.dialogue.line import Line, line
from assistant.dialogue.state.doses import dose_of
from assistant.dialogue.state.one_exercise import known_routine, routine_of
from assistant.dialogue.state.phases import (
    AskingLeg,
    CheckingIn,
    Holding,
    Moving,
    OfferingToGoOn,
    Paused,
    Positioning,
    beneath,
)
from assistant.dialogue.state.plan import Task, plan
from assistant.dialogue.state.session import Session
from assistant.dialogue.state.under_way import UnderWay
from assistant.dialogue.state.unfinished import HoldLeft, Moment, RepsLeft, Unfinished
from assistant.dialogue.turn import Turn
from assistant.routines import Hold, Reps, Step


def unfinished_of(session: Session, now: float) -> Unfinished | None:
    """Where a session stands, to be gone on with by another one; None where nothing is under way."""
    under_way = session.under_way
    if under_way is None:
        return session.unfinished
    routine = under_way.routine
    left = Unfinished(routine.key, tuple(step.key for step in routine.steps))
    if session.exercising is None:
        return left
    hurting = isinstance(beneath(session.phase), CheckingIn)
    moment = moment_of(session.phase, now)
    return replace(
        left, here=under_way.here, so_far=under_way.so_far, moment=moment, exercised=session.exercised, hurting=hurting
    )


def greet(turn: Turn) -> None:
    """Say hello; where a routine was left unfinished not long ago, offer to go on with it."""
    left = turn.session.unfinished
    if left is None or left.stale or routine_of(turn.session, left.routine) is None:
        settle(turn)
        flow.greet(turn)
        return
    if turn.session.user.disclaimer_due:
        turn.say(lines.DISCLAIMER)
    turn.ask(OfferingToGoOn(left))


def decline(turn: Turn) -> None:
    """Forget the offer, and wait for a routine to be named."""
    turn.hush()
    settle(turn)
    flow.greet(turn)


def go_on(turn: Turn, left: Unfinished) -> None:
    """Take the routine up where it was: caution first, and nothing begins before the user is in position."""
    session = turn.session
    steps = tuple(_restored(session, left))
    routine = replace(known_routine(session, left.routine), steps=steps)
    tasks = _with_what_evens(plan(routine, session.user.sore_side), left)
    same = _same_task(steps, tasks, left)
    task = same if same is not None else _task_after(tasks, left)
    if same is None or not _may_be_done(session, steps[tasks[same].step], left):
        settle(turn)
        same = None
    turn.change(unfinished=None, exercised=left.exercised)
    if task is None:
        turn.say(line("unfinished.gone"))
        flow.greet(turn)
        return
    turn.say(line("unfinished.caution"))
    if same is None:
        flow.go_to(turn, UnderWay(routine, tasks), task)
    else:
        at = UnderWay(routine, tasks, same, so_far=left.so_far)
        if left.hurting:
            _ask_how_bad(turn, at, left)
        else:
            _take_up(turn, at, left.moment)


def _restored(session: Session, left: Unfinished) -> Sequence[Step]:
    """The steps as they were for this user, chair versions included; what is no longer there is left out."""
    own = {step.key: step for step in known_routine(session, left.routine).steps}
    found = [
        own.get(key) or (session.exercises[key].step() if key in session.exercises else None) for key in left.steps
    ]
    return [with_prescribed(step, session.user.prescribed.get(step.key)) for step in found if step is not None]


def _may_be_done(session: Session, step: Step, left: Unfinished) -> bool:
    """Whether nothing stands against the step that was under way; the sets of today were counted when it began."""
    others = {key: sets for key, sets in session.user.done_today.items() if key != left.exercise}
    return not ruled_out(replace(session, user=replace(session.user, done_today=others)), step)


def _with_what_evens(tasks: Sequence[Task], left: Unfinished) -> tuple[Task, ...]:
    """The plan with the task that had been added to make both sides even, where that was under way."""
    here = left.here
    last = max((i for i, task in enumerate(tasks) if here and task.step == here.step), default=None)
    if here is None or here.evens is None or last is None:
        return tuple(tasks)
    return (*tasks[: last + 1], here, *tasks[last + 1 :])


def _same_task(steps: Sequence[Step], tasks: Sequence[Task], left: Unfinished) -> int | None:
    here = left.here
    if here is None:
        return None
    wanted = (left.exercise, here.side, here.round, here.evens)
    same = [i for i, t in enumerate(tasks) if (steps[t.step].key, t.side, t.round, t.evens) == wanted]
    return min(same, key=lambda i: abs(tasks[i].step - here.step), default=None)


def _task_after(tasks: Sequence[Task], left: Unfinished) -> int | None:
    step = left.here.step if left.here else 0
    return next((i for i, task in enumerate(tasks) if task.step >= step), None)


def _ask_how_bad(turn: Turn, at: UnderWay, left: Unfinished) -> None:
    """It had hurt: that is asked first, and what had been done is not done again."""
    if left.done is not None:
        turn.record(left.done)
        done = left.done.reps if isinstance(left.done, Moved) else round(left.done.seconds)
        at = at.with_step(already=at.so_far.already + done)
    turn.ask(CheckingIn(at, Paused(AskingLeg(at) if left.moment == "leg" else Positioning(at))))


def _take_up(turn: Turn, at: UnderWay, moment: Moment) -> None:
    dose = dose_of(at)
    match moment:
        case HoldLeft(seconds=seconds, remaining=remaining) if isinstance(dose, Hold) and remaining > 0:
            turn.enter(Paused(Holding(at, 0.0, remaining, max(seconds, remaining), -1), remaining))
            turn.say(*_getting_there(at))
        case RepsLeft(rep=rep) if isinstance(dose, Reps) and rep <= dose.count:
            turn.enter(Paused(Moving(at, 0.0, rep, rep)))
            turn.say(*_getting_there(at))
        case HoldLeft(seconds=seconds) if isinstance(dose, Hold):  # all of it was held, and only its end was missing
            flow.done(turn, Holding(at, 0.0, 0.0, seconds, -1))
        case RepsLeft() if isinstance(dose, Reps):
            flow.done(turn, Moving(at, 0.0, dose.count + 1, dose.count + 1))
        case "leg":
            turn.ask(AskingLeg(at))
        case "pain":
            turn.ask(CheckingIn(at, Paused(Positioning(at))))
        case _:
            flow.enter_step(turn, at)


def _getting_there(at: UnderWay) -> tuple[Line, ...]:
    """Into position, with the caution of the exercise; the user says when it may begin."""
    return (
        lines.announce_step(at),
        *lines.this_side(at),
        lines.told_of(at, "step.getting_there", at.step.getting_there),
        lines.told_of(at, "step.caution", at.step.caution),
        line("step.say_when_there"),
    )


def settle(turn: Turn) -> None:
    """It is not gone on with: what was done of an exercise is remembered, and the rest forgotten."""
    left = turn.session.unfinished
    if left is None:
        return
    turn.change(unfinished=None)
    if left.done is not None:
        turn.record(left.done)
