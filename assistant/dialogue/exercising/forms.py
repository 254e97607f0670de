"""The form in which an exercise is done, and how much of it is told: milder, stronger, on a chair; short or in full."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from assistant.dialogue import lines
from assistant.dialogue.exercising import flow
from assistant.dialogue.exercising.adjusting import Handler, answer, in_routine
from assistant.dialogue.exercising.recording import keep_record, the_rest
from assistant.dialogue.exercising.setting_out import gentler, on_chair, ruled_out, with_prescribed
from assistant.dialogue.facts import FormTaken, WordsChosen
from assistant.dialogue.line import line
from assistant.dialogue.state.one_exercise import known_routine
from assistant.dialogue.state.phases import (
    Cautioning,
    CheckingIn,
    GettingUp,
    InRoutine,
    Instructing,
    Paused,
    Positioning,
)
from assistant.dialogue.state.plan import plan
from assistant.dialogue.state.session import Session
from assistant.dialogue.state.under_way import UnderWay
from assistant.dialogue.turn import Turn
from assistant.routines import Form, Step
from intents import Command


@in_routine
def easier(turn: Turn, phase: InRoutine, _: Command) -> None:
    """One form milder; a set that is over is not done again, so that what comes is done so."""
    form = phase.under_way.so_far.form
    if isinstance(phase, CheckingIn) and phase.finished:
        flow.take_milder_forms_from_now_on(turn, phase.under_way)
    elif form == "easier" and not isinstance(phase, CheckingIn):
        answer(turn, line("form.mildest"))
    else:
        _take(turn, phase, "usual" if form == "harder" else "easier")


@in_routine
def harder(turn: Turn, phase: InRoutine, _: Command) -> None:
    """One form stronger, if there is one."""
    form = phase.under_way.so_far.form
    if gentler(turn.session, phase.under_way.step):
        answer(turn, line("form.strongest_for_you"))
    elif form == "easier":
        _take(turn, phase, "usual")
    elif form == "usual" and phase.under_way.step.harder is not None:
        _take(turn, phase, "harder")
    else:
        answer(turn, line("form.strongest"))


def _take(turn: Turn, phase: InRoutine, form: Form) -> None:
    at = the_rest(turn, phase.under_way).with_step(form=form)
    turn.hush()
    turn.record(FormTaken(at.step.key, form))
    practice = turn.session.user.practice
    turn.learn(practice=replace(practice, forms={**practice.forms, at.step.key: form}))
    if isinstance(phase, Positioning):
        turn.enter(Positioning(at))
        turn.say(line(f"form.{form}_noted"), line("step.say_when_there_again"))
    else:
        flow.instruct(turn, at)


@in_routine
def chair_version(turn: Turn, phase: InRoutine, _: Command) -> None:
    """Do this exercise, and those that come, on a chair, as far as there are versions for it."""
    session, routine, here = turn.session, phase.under_way.routine, phase.under_way.here.step
    if isinstance(phase, CheckingIn) and phase.finished:
        answer(turn, line("form.over"), line("hurts.how_bad"))
        return
    steps = [*routine.steps[:here], *(on_chair(session, step) or step for step in routine.steps[here:])]
    if steps[here] is routine.steps[here]:
        answer(turn, line("form.no_chair"))
        return
    keep_record(turn)
    turn.hush()
    _take_all(turn, [old.key for old, new in zip(routine.steps, steps, strict=True) if old is not new], "chair")
    seated = replace(routine, steps=tuple(steps))
    at = UnderWay(seated, plan(seated, session.user.sore_side)).first_of_step(here)
    if acts := flow.acts_up(session, phase.under_way):
        turn.ask(GettingUp(acts, paused=Paused(Positioning(at))), line("form.chair_noted"))
    else:
        turn.say(line("form.chair_noted"))
        flow.enter_step(turn, at)


@in_routine
def usual(turn: Turn, phase: InRoutine, command: Command) -> None:
    """Neither milder nor stronger; from a chair back to the floor, with what comes, as far as nothing forbids it."""
    session, at = turn.session, phase.under_way
    routine, here = at.routine, at.here.step
    if isinstance(phase, CheckingIn) and phase.finished:
        answer(turn, line("form.over"), line("hurts.how_bad"))
        return
    steps = [*routine.steps[:here], *(_on_floor(session, routine.key, step) for step in routine.steps[here:])]
    if steps[here] is not routine.steps[here]:
        keep_record(turn)
        turn.hush()
        _take_all(turn, [new.key for old, new in zip(routine.steps, steps, strict=True) if old is not new], "usual")
        turn.say(line("form.floor_noted"))
        down = replace(routine, steps=tuple(steps))
        flow.enter_step(turn, UnderWay(down, plan(down, session.user.sore_side)).first_of_step(here))
    elif _from_the_floor(session, routine.key, at.step) is not None or gentler(session, at.step):
        answer(turn, line("form.not_for_you"))
    elif at.so_far.form != "usual":
        _take(turn, phase, "usual")
    elif isinstance(phase, Positioning) and command.slots.get("place") == "floor":
        flow.take_position(turn, phase)  # "on the floor": there they are
    else:
        answer(turn, line("form.usual_already"))


def _from_the_floor(session: Session, routine: str, step: Step) -> Step | None:
    """The exercise of a routine that a step is the version of on a chair."""
    return next((one for one in known_routine(session, routine).steps if one.chair == step.key != one.key), None)


def _on_floor(session: Session, routine: str, step: Step) -> Step:
    """A step as it is on the floor, where it is a version on a chair and nothing stands against the other."""
    usual = _from_the_floor(session, routine, step)
    if usual is None or ruled_out(session, usual):
        return step
    exercise = session.exercises.get(usual.exercise)
    way = usual.getting_there if exercise is None else exercise.words.getting_there
    return replace(with_prescribed(usual, session.user.prescribed.get(usual.key)), getting_there=way)


def _take_all(turn: Turn, exercises: Sequence[str], form: Literal["usual", "chair"]) -> None:
    """Note the form of several exercises, for the next time as well."""
    for exercise in exercises:
        turn.record(FormTaken(exercise, form))
    practice = turn.session.user.practice
    turn.learn(practice=replace(practice, forms={**practice.forms, **dict.fromkeys(exercises, form)}))


def word(wordiness: Literal["short", "full"]) -> Handler:
    """A handler that has the movements told short or in full from now on."""

    def change(turn: Turn, command: Command) -> None:
        turn.change(preferences=replace(turn.session.preferences, wordiness=wordiness))
        turn.record(WordsChosen(wordiness))
        phase = turn.session.phase
        if isinstance(phase, Instructing):
            turn.hush()
            flow.instruct(turn, phase.under_way)
        elif isinstance(phase, Cautioning) and "heard" in command.slots:  # before: they want to begin
            turn.hush()
            flow.go_to(turn, phase.under_way, 0)
        else:
            answer(turn, line(f"wordiness.{wordiness}"))

    return change


def what_to_feel(turn: Turn, _: Command) -> None:
    """What it should feel like, and what people do wrong."""
    answer(turn, *lines.feeling(turn.session))
