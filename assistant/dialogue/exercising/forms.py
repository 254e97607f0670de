"""The form in which an exercise is done, and how much of it is told: milder, stronger, on a chair; short or in full."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from assistant.dialogue import lines
from assistant.dialogue.exercising import flow
from assistant.dialogue.exercising.adjusting import answer
from assistant.dialogue.exercising.recording import keep_record
from assistant.dialogue.exercising.setting_out import reset_step, ruled_out, with_prescribed
from assistant.dialogue.facts import Form, FormTaken
from assistant.dialogue.line import line
from assistant.dialogue.state.phases import CheckingIn, Instructing, Positioning, task_of
from assistant.dialogue.state.plan import plan
from assistant.dialogue.state.session import Session, Wordiness
from assistant.dialogue.turn import Turn
from assistant.routines import Step
from intents import Command

Handler: TypeAlias = Callable[[Turn, Command], None]


def easier(turn: Turn, _: Command) -> None:
    """One form milder."""
    if turn.session.form == "easier" and not isinstance(turn.session.phase, CheckingIn):
        answer(turn, line("form.mildest"))
    else:
        _take(turn, "usual" if turn.session.form == "harder" else "easier")


def harder(turn: Turn, _: Command) -> None:
    """One form stronger, if there is one."""
    session = turn.session
    step = session.step
    if step is None:
        return
    if session.form == "easier":
        _take(turn, "usual")
    elif session.form == "usual" and step.harder is not None:
        _take(turn, "harder")
    else:
        answer(turn, line("form.strongest"))


def _take(turn: Turn, form: Form) -> None:
    phase = turn.session.phase
    task = task_of(phase)
    assert task is not None
    keep_record(turn, whole=False)
    turn.hush()
    turn.change(form=form)
    turn.record(FormTaken(turn.session.step_of(task).key, form))
    if isinstance(phase, Positioning):
        turn.enter(Positioning(task))
        turn.say(line(f"form.{form}_noted"), line("step.say_when_there_again"))
    else:
        flow.instruct(turn, task)


def chair_version(turn: Turn, _: Command) -> None:
    """Do this exercise, and those that come, on a chair, as far as there are versions for it."""
    session = turn.session
    routine, task = session.routine, task_of(session.phase)
    assert routine is not None and task is not None
    here = session.plan[task].step
    steps = [*routine.steps[:here], *(on_chair(session, step) or step for step in routine.steps[here:])]
    if steps[here] is routine.steps[here]:
        answer(turn, line("form.no_chair"))
        return
    keep_record(turn, whole=False)
    turn.hush()
    turn.record(FormTaken(routine.steps[here].key, "chair"))
    seated = replace(routine, steps=tuple(steps))
    turn.change(routine=seated, plan=plan(seated, session.sore_side), position=None)
    reset_step(turn)
    turn.say(line("form.chair_noted"))
    flow.enter_step(turn, next(i for i, coming in enumerate(turn.session.plan) if coming.step == here))


def on_chair(session: Session, step: Step) -> Step | None:
    """The version of an exercise on a chair, if there is one that nothing stands against."""
    exercise = session.exercises.get(step.chair) if step.chair else None
    if exercise is None:
        return None
    seated = exercise.step()
    return None if ruled_out(session, seated) else with_prescribed(seated, session.prescribed.get(seated.key))


def word(wordiness: Wordiness) -> Handler:
    """A handler that has the movements told short or in full from now on."""

    def change(turn: Turn, _: Command) -> None:
        turn.change(wordiness=wordiness)
        phase = turn.session.phase
        if isinstance(phase, Instructing):
            turn.hush()
            flow.instruct(turn, phase.task)
        else:
            answer(turn, line(f"wordiness.{wordiness}"))

    return change


def what_to_feel(turn: Turn, _: Command) -> None:
    """What it should feel like, and what people do wrong."""
    answer(turn, *lines.feeling(turn.session))
