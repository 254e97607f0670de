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
from assistant.dialogue.exercising.setting_out import ruled_out, with_prescribed
from assistant.dialogue.line import Line, line
from assistant.dialogue.state.doses import dose_of, hold_of, reps_done, seconds_remaining
from assistant.dialogue.state.phases import (
    AskingAllRight,
    AskingLeg,
    Cautioning,
    CheckingIn,
    Confirming,
    ConfirmingDose,
    GettingReady,
    Holding,
    Moving,
    OfferingToGoOn,
    Paused,
    Phase,
    task_of,
)
from assistant.dialogue.state.plan import Task, plan
from assistant.dialogue.state.session import Session
from assistant.dialogue.state.unfinished import Unfinished
from assistant.dialogue.turn import Turn
from assistant.routines import Hold, Reps, Step


def unfinished_of(session: Session, now: float) -> Unfinished | None:
    """Where a session stands, to be gone on with by another one; None where nothing is under way."""
    if session.routine is None:
        return session.unfinished
    phase, remaining = _innermost(session.phase, None)
    keys = tuple(step.key for step in session.routine.steps)
    task = task_of(phase)
    if task is None:
        return Unfinished(session.routine.key, keys) if isinstance(phase, Cautioning) else None
    here = session.plan[task]
    found = Unfinished(
        routine=session.routine.key,
        steps=keys,
        step=here.step,
        side=here.side,
        round=here.round,
        moment="before",
        form=session.form,
        extra_seconds=session.extra_seconds,
        extra_reps=session.extra_reps,
        extra_pace=session.extra_pace,
        given=session.given,
        evens=here.evens,
    )
    match phase:
        case Holding():
            left = seconds_remaining(phase, now) if remaining is None else remaining
            return replace(found, moment="hold", seconds=phase.seconds, remaining=left)
        case Moving():
            done = phase.first - 1 if remaining is not None else reps_done(session, phase, now)
            return replace(found, moment="reps", rep=done + 1)
        case GettingReady(remaining=float(left)):
            return replace(found, moment="hold", seconds=float(hold_of(session, task).seconds), remaining=left)
        case GettingReady(rep=rep) if rep > 1:
            return replace(found, moment="reps", rep=rep)
        case AskingLeg():
            return replace(found, moment="leg")
        case CheckingIn():
            return replace(found, moment="pain")
        case _:
            return found


def _innermost(phase: Phase, remaining: float | None) -> tuple[Phase, float | None]:
    """The phase that was paused or asked about, with what was left of it."""
    match phase:
        case Paused(resume=Moving() as inner):
            return inner, 0.0  # paused reps begin with the first that was not done
        case Paused(resume=inner, remaining=left):
            return _innermost(inner, left)
        case Confirming(paused=paused):
            return _innermost(paused, remaining)
        case ConfirmingDose(paused=Paused() as paused):
            return _innermost(paused, remaining)
        case AskingAllRight(question=question):
            return _innermost(question, remaining)
        case _:
            return phase, remaining


def greet(turn: Turn) -> None:
    """Say hello; where a routine was left unfinished not long ago, offer to go on with it."""
    left = turn.session.unfinished
    if left is None or left.stale or left.routine not in turn.session.routines:
        settle(turn)
        flow.greet(turn)
        return
    if turn.session.disclaimer_due:
        turn.say(lines.DISCLAIMER)
    turn.ask(OfferingToGoOn())


def decline(turn: Turn) -> None:
    """Forget the offer, and wait for a routine to be named."""
    turn.hush()
    settle(turn)
    flow.greet(turn)


def go_on(turn: Turn) -> None:
    """Take the routine up where it was: caution first, and nothing begins before the user is in position."""
    session = turn.session
    left = session.unfinished
    assert left is not None
    steps = tuple(_restored(session, left))
    tasks = _with_what_evens(plan(replace(session.routines[left.routine], steps=steps), session.sore_side), left)
    same = _same_task(steps, tasks, left)
    task = same if same is not None else _task_after(tasks, left)
    if same is None or not _may_be_done(session, steps[tasks[same].step], left):
        settle(turn)
        same = None
    turn.change(unfinished=None, going_on=False, position=None)
    if task is None:
        turn.say(line("unfinished.gone"))
        flow.greet(turn)
        return
    turn.change(routine=replace(session.routines[left.routine], steps=steps), plan=tasks)
    turn.say(line("unfinished.caution"))
    if same is None:
        flow.go_to(turn, task)
        return
    turn.change(
        form=left.form,
        extra_seconds=left.extra_seconds,
        extra_reps=left.extra_reps,
        extra_pace=left.extra_pace,
        given=left.given,
    )
    _take_up(turn, same, left)


def _restored(session: Session, left: Unfinished) -> Sequence[Step]:
    """The steps as they were for this user, chair versions included; what is no longer there is left out."""
    own = {step.key: step for step in session.routines[left.routine].steps}
    found = [
        own.get(key) or (session.exercises[key].step() if key in session.exercises else None) for key in left.steps
    ]
    return [with_prescribed(step, session.prescribed.get(step.key)) for step in found if step is not None]


def _may_be_done(session: Session, step: Step, left: Unfinished) -> bool:
    """Whether nothing stands against the step that was under way; the sets of today were counted when it began."""
    others = {key: sets for key, sets in session.done_today.items() if key != left.exercise}
    return not ruled_out(replace(session, done_today=others), step)


def _with_what_evens(tasks: Sequence[Task], left: Unfinished) -> tuple[Task, ...]:
    """The plan with the task that had been added to make both sides even, where that was under way."""
    last = max((i for i, task in enumerate(tasks) if task.step == left.step), default=None)
    if left.evens is None or last is None:
        return tuple(tasks)
    return (*tasks[: last + 1], Task(left.step, left.side, 1, 1, evens=left.evens), *tasks[last + 1 :])


def _same_task(steps: Sequence[Step], tasks: Sequence[Task], left: Unfinished) -> int | None:
    wanted = (left.exercise, left.side, left.round, left.evens)
    same = [i for i, t in enumerate(tasks) if (steps[t.step].key, t.side, t.round, t.evens) == wanted]
    return min(same, key=lambda i: abs(tasks[i].step - left.step), default=None)


def _task_after(tasks: Sequence[Task], left: Unfinished) -> int | None:
    return next((i for i, task in enumerate(tasks) if task.step >= left.step), None)


def _take_up(turn: Turn, task: int, left: Unfinished) -> None:
    dose = dose_of(turn.session, task)
    match left.moment:
        case "hold" if isinstance(dose, Hold) and left.remaining > 0:
            seconds = max(left.seconds, left.remaining)
            turn.enter(Paused(Holding(task, 0.0, left.remaining, seconds, -1), left.remaining))
            turn.say(*_getting_there(turn.session, task))
        case "reps" if isinstance(dose, Reps) and left.rep <= dose.count:
            turn.enter(Paused(Moving(task, 0.0, left.rep, left.rep)))
            turn.say(*_getting_there(turn.session, task))
        case "hold" if isinstance(dose, Hold):  # all of it was held, and only its end was missing
            turn.enter(Holding(task, 0.0, 0.0, left.seconds, -1))
            flow.done(turn, task)
        case "reps" if isinstance(dose, Reps):
            turn.enter(Moving(task, 0.0, dose.count + 1, dose.count + 1))
            flow.done(turn, task)
        case "leg":
            turn.ask(AskingLeg(task))
        case "pain":
            turn.ask(CheckingIn(task))
        case _:
            flow.enter_step(turn, task)


def _getting_there(session: Session, task: int) -> tuple[Line, ...]:
    """Into position, with the caution of the exercise; the user says when it may begin."""
    step, side = session.step_of(task), session.plan[task].side
    return (
        *lines.where(session)[:1],
        line("step.getting_there", text=step.getting_there),
        line("step.caution", text=step.caution),
        *((line("side.this", side=side),) if side else ()),
        line("step.say_when_there"),
    )


def settle(turn: Turn) -> None:
    """It is not gone on with: what was done of an exercise is remembered, and the rest forgotten."""
    left = turn.session.unfinished
    if left is None:
        return
    turn.change(unfinished=None, going_on=False)
    if left.done is not None:
        turn.record(left.done)
