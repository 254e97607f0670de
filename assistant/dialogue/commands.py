"""What each command does, in whatever phase it is taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from assistant.dialogue import lines, telling
from assistant.dialogue.actions import Finish
from assistant.dialogue.exercising import flow, forms, going_on, setting_out
from assistant.dialogue.exercising.adjusting import LONGER_BY_S, Handler, answer, lengthen, more, slower, tune
from assistant.dialogue.exercising.recording import keep_record
from assistant.dialogue.facts import Skipped, SoreSide
from assistant.dialogue.line import line
from assistant.dialogue.questions import alerting, pain, prescribing, rating, screening
from assistant.dialogue.state.phases import (
    Alerted,
    AskingAllRight,
    AskingPain,
    AskingSide,
    Cautioning,
    ChangingSides,
    Choosing,
    Closing,
    Confirming,
    ConfirmingDose,
    Done,
    GettingReady,
    Holding,
    Idle,
    Instructing,
    Introducing,
    Moving,
    OfferingGentle,
    OfferingToGoOn,
    Paused,
    Positioning,
    Resting,
    ReviewingHealth,
    Screening,
    task_of,
)
from assistant.dialogue.state.plan import Side, plan
from assistant.dialogue.turn import Turn
from intents import Command


def obey(turn: Turn, command: Command) -> None:
    """Carry out a command that the phase takes."""
    HANDLERS[command.intent](turn, command)


def _start_routine(turn: Turn, command: Command) -> None:
    key = str(command.slots["routine"])
    if turn.session.routine is None:
        turn.hush()
        going_on.settle(turn)
        screening.begin(turn, key)
    else:
        _confirm(turn, key)


def _start_over(turn: Turn, _: Command) -> None:
    if turn.session.routine is not None:
        _confirm(turn, turn.session.routine.key)


def _confirm(turn: Turn, key: str) -> None:
    flow.pause(turn)
    paused = turn.session.phase
    assert isinstance(paused, Paused)
    turn.enter(Confirming(key, paused))
    turn.say(*lines.confirmation(turn.session, key))


def _yes(turn: Turn, _: Command) -> None:
    phase = turn.session.phase
    match phase:
        case OfferingToGoOn():
            turn.hush()
            screening.begin_again(turn)
        case Confirming():
            turn.hush()
            turn.enter(phase.paused)
            keep_record(turn, whole=False)
            screening.begin(turn, phase.routine)
        case Screening():
            screening.answer(turn, yes=True)
        case ReviewingHealth():
            screening.answer_review(turn, yes=True)
        case OfferingGentle():
            turn.hush()
            screening.begin(turn, rating.GENTLE)
        case ConfirmingDose():
            prescribing.confirm(turn, yes=True)
        case AskingAllRight():
            _ask_once_more(turn, phase)
        case _:
            return


def _no(turn: Turn, _: Command) -> None:
    phase = turn.session.phase
    match phase:
        case OfferingToGoOn():
            going_on.decline(turn)
        case Confirming():
            flow.resume(turn, phase.paused)
        case Choosing():
            turn.hush()
            turn.enter(Introducing())
            turn.say(line("choosing.none"))
        case Screening():
            screening.answer(turn, yes=False)
        case ReviewingHealth():
            screening.answer_review(turn, yes=False)
        case AskingPain():
            rating.leave_open(turn)
        case OfferingGentle():
            rating.refuse_gentle(turn)
        case ConfirmingDose():
            prescribing.confirm(turn, yes=False)
        case AskingAllRight():
            alerting.alert(turn, "not_all_right")
        case _:
            return


def _not_sure(turn: Turn, _: Command) -> None:
    if isinstance(turn.session.phase, AskingPain):
        rating.leave_open(turn)
        return
    turn.hush()
    turn.say(line("screening.not_sure"), *lines.asked_again(turn.session))


def _fine(turn: Turn, _: Command) -> None:
    phase = turn.session.phase
    if isinstance(phase, AskingAllRight):
        _ask_once_more(turn, phase)
    elif isinstance(phase, Paused):
        flow.resume(turn, phase)


def _ask_once_more(turn: Turn, phase: AskingAllRight) -> None:
    turn.hush()
    turn.enter(phase.question)
    turn.say(*lines.asked_again(turn.session))


def _symptom(turn: Turn, command: Command) -> None:
    alerting.alert(turn, str(command.slots["symptom"]))


def _which_routines(turn: Turn, _: Command) -> None:
    turn.hush()
    flow.choose(turn)


def _number(turn: Turn, command: Command) -> None:
    if not isinstance(turn.session.phase, Choosing):
        pain.take_pain(turn, command)
        return
    keys = list(turn.session.routines)
    number = int(command.slots["number"])
    turn.hush()
    if 1 <= number <= len(keys):
        going_on.settle(turn)
        screening.begin(turn, keys[number - 1])
    else:
        turn.say(line("choosing.no_such", n=len(keys)))


def _side(turn: Turn, command: Command) -> None:
    session = turn.session
    side: Side = "left" if command.slots["side"] == "left" else "right"
    turn.record(SoreSide(side))
    turn.change(sore_side=side)
    phase = session.phase
    if isinstance(phase, AskingSide):
        turn.hush()
        setting_out.set_out(turn, phase.routine)
    elif session.routine is not None:
        task = task_of(phase)
        step = session.plan[task].step if task is not None else None
        new_plan = plan(session.routine, side)
        turn.change(plan=new_plan)
        if isinstance(phase, Positioning | Instructing) and step is not None:
            # The plan may have another order now: begin the step that is under way anew.
            turn.hush()
            turn.say(lines.side_noted(side))
            flow.enter_step(turn, next(i for i, coming in enumerate(new_plan) if coming.step == step))
        else:
            answer(turn, lines.side_noted(side))


def _ready(turn: Turn, _: Command) -> None:
    phase = turn.session.phase
    match phase:
        case Cautioning():
            turn.hush()
            flow.go_to(turn, 0)
        case Positioning():
            turn.hush()
            flow.instruct(turn, phase.task)
        case Instructing() | Resting() | ChangingSides():
            turn.hush()
            flow.get_ready(turn, phase.task)
        case GettingReady():
            turn.hush()
            flow.begin(turn, phase)
        case Paused():
            flow.resume(turn, phase)
        case _:
            return


def _resumed_question(turn: Turn) -> bool:
    """Where a question was paused before any routine was under way, there is only that question to go back to."""
    phase = turn.session.phase
    if turn.session.routine is None and isinstance(phase, Paused):
        flow.resume(turn, phase)
        return True
    return False


def _next(turn: Turn, _: Command) -> None:
    if isinstance(turn.session.phase, AskingPain):
        rating.leave_open(turn)
        return
    if _resumed_question(turn):
        return
    session = turn.session
    task = task_of(session.phase)
    keep_record(turn, whole=False)
    turn.hush()
    if task is None:
        flow.go_to(turn, 0)
        return
    turn.record(Skipped(session.step_of(task).key))
    step = session.plan[task].step
    flow.go_to(turn, next((i for i, t in enumerate(session.plan) if t.step > step), len(session.plan)))


def _back(turn: Turn, _: Command) -> None:
    if _resumed_question(turn):
        return
    session = turn.session
    task = task_of(session.phase)
    keep_record(turn, whole=False)
    turn.hush()
    step = max(0, session.plan[task].step - 1) if task is not None else 0
    turn.change(position=None)
    flow.go_to(turn, next(i for i, t in enumerate(session.plan) if t.step == step))


def _repeat(turn: Turn, _: Command) -> None:
    session, phase = turn.session, turn.session.phase
    match phase:
        case GettingReady() | Holding() | Moving():
            keep_record(turn, whole=False)
            turn.hush()
            flow.instruct(turn, phase.task, again=True)
        case Instructing():
            turn.hush()
            flow.instruct(turn, phase.task, again=True)
        case Alerted():
            alerting.alert_again(turn, phase.cause)
        case Paused(resume=Holding(task=task) | Moving(task=task) | GettingReady(task=task)):
            answer(turn, *lines.instruction(session, task, announced=True, full=True))
        case Closing() | Idle():
            turn.hush()
            turn.enter(Introducing())
            turn.say(*session.last_said)
        case _:
            again = session.last_said
            turn.hush(scheduled=False)
            turn.say(*again)


def _resume(turn: Turn, _: Command) -> None:
    phase = turn.session.phase
    if isinstance(phase, Paused):
        flow.resume(turn, phase)


def _pause(turn: Turn, _: Command) -> None:
    if isinstance(turn.session.phase, Paused):
        turn.hush()
        turn.change(phase=replace(turn.session.phase, for_sound=False))
    else:
        flow.pause(turn)
    turn.say(line("pause.paused"))


def _stop(turn: Turn, _: Command) -> None:
    if isinstance(turn.session.phase, AskingPain):
        rating.note_left_open(turn)
    flow.stop(turn)


def _goodbye(turn: Turn, _: Command) -> None:
    keep_record(turn, whole=False)
    turn.hush()
    turn.change(routine=None, plan=())
    turn.enter(Done())
    turn.do(Finish())


def _why(turn: Turn, command: Command) -> None:
    answer(turn, *lines.why(turn.session, stretching=command.slots.get("about") == "stretching"))


HANDLERS: Mapping[str, Handler] = {
    "StartRoutine": _start_routine,
    "WhichRoutines": _which_routines,
    "Number": _number,
    "Side": _side,
    "Ready": _ready,
    "Next": _next,
    "Back": _back,
    "Repeat": _repeat,
    "StartOver": _start_over,
    "Pause": _pause,
    "Resume": _resume,
    "Stop": _stop,
    "Goodbye": _goodbye,
    "Yes": _yes,
    "No": _no,
    "NotSure": _not_sure,
    "ImFine": _fine,
    "Symptom": _symptom,
    "Hurts": pain.hurts,
    "PainLevel": pain.take_pain,
    "LegPain": pain.take_leg_answer,
    "NoPain": pain.no_pain,
    "NotNow": lambda turn, _: rating.leave_open(turn),
    "RatePain": lambda turn, _: rating.between(turn),
    "MyWeek": telling.telling(telling.week),
    "MyPain": telling.telling(telling.pain),
    "LastStretch": telling.telling(telling.last_stretch),
    "LeftToday": telling.left_today,
    "Easier": forms.easier,
    "Harder": forms.harder,
    "ChairVersion": forms.chair_version,
    "ShortWords": forms.word("short"),
    "FullWords": forms.word("full"),
    "WhatToFeel": forms.what_to_feel,
    "Longer": lengthen(LONGER_BY_S),
    "Shorter": lengthen(-LONGER_BY_S),
    "More": more,
    "Slower": slower,
    "Faster": tune(pace=1),
    "Louder": tune(loudness=1),
    "Quieter": tune(loudness=-1),
    "HealthAnswers": screening.review,
    "ForgetHealth": screening.forget,
    "Prescription": prescribing.take,
    "HowLong": lambda turn, _: answer(turn, *lines.how_long(turn.session, turn.now)),
    "WhereAmI": lambda turn, _: answer(turn, *lines.where(turn.session)),
    "IsItSafe": lambda turn, _: answer(turn, *lines.safety(turn.session)),
    "Help": lambda turn, _: answer(turn, *lines.help_here(turn.session)),
    "Why": _why,
}
"""One handler for each intent; a test holds it against ``TAKES`` and against the sentences."""
