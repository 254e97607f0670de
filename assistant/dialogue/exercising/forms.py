"""The form in which an exercise is done, and how much of it is told: milder, stronger, on a chair; short or in full."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from assistant.dialogue import lines
from assistant.dialogue.exercising import flow
from assistant.dialogue.exercising.adjusting import Handler, answer, in_routine
from assistant.dialogue.exercising.recording import keep_record, the_rest
from assistant.dialogue.exercising.setting_out import gentler, on_chair
from assistant.dialogue.facts import FormTaken, WordsChosen
from assistant.dialogue.line import line
from assistant.dialogue.state.phases import CheckingIn, GettingUp, InRoutine, Instructing, Paused, Positioning
from assistant.dialogue.state.plan import plan
from assistant.dialogue.state.under_way import UnderWay
from assistant.dialogue.turn import Turn
from assistant.routines import Form
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
    turn.record(FormTaken(routine.steps[here].key, "chair"))
    seated = replace(routine, steps=tuple(steps))
    at = UnderWay(seated, plan(seated, session.user.sore_side)).first_of_step(here)
    if acts := flow.acts_up(session, phase.under_way):
        turn.ask(GettingUp(acts, paused=Paused(Positioning(at))), line("form.chair_noted"))
    else:
        turn.say(line("form.chair_noted"))
        flow.enter_step(turn, at)


def word(wordiness: Literal["short", "full"]) -> Handler:
    """A handler that has the movements told short or in full from now on."""

    def change(turn: Turn, _: Command) -> None:
        turn.change(preferences=replace(turn.session.preferences, wordiness=wordiness))
        turn.record(WordsChosen(wordiness))
        phase = turn.session.phase
        if isinstance(phase, Instructing):
            turn.hush()
            flow.instruct(turn, phase.under_way)
        else:
            answer(turn, line(f"wordiness.{wordiness}"))

    return change


def what_to_feel(turn: Turn, _: Command) -> None:
    """What it should feel like, and what people do wrong."""
    answer(turn, *lines.feeling(turn.session))
