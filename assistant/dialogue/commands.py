"""What each command does, in whatever phase it is taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from assistant.dialogue import alert_lines, lines, telling
from assistant.dialogue.actions import Finish
from assistant.dialogue.exercising import flow, forms, sides
from assistant.dialogue.exercising.adjusting import LONGER_BY_S, Handler, answer, lengthen, more, slower, tune
from assistant.dialogue.exercising.recording import keep_record, leave
from assistant.dialogue.facts import Skipped
from assistant.dialogue.line import line
from assistant.dialogue.questions import (
    activities,
    alerting,
    asleep,
    choosing_voice,
    getting_up,
    own_routines,
    pain,
    prescribing,
    rating,
    reading_back,
    reminding,
    rising,
    screening,
    starting,
)
from assistant.dialogue.state.care_phases import Alerted, TakingBack
from assistant.dialogue.state.phases import (
    Cautioning,
    ChangingSides,
    CheckingIn,
    Choosing,
    Done,
    GettingReady,
    GettingUp,
    Holding,
    Idle,
    Instructing,
    Introducing,
    Moving,
    Paused,
    Positioning,
    Resting,
    beneath,
)
from assistant.dialogue.turn import Turn
from intents import Command


def obey(turn: Turn, command: Command) -> None:
    """Carry out a command that the phase takes: as the answer to the open question, or as it is done everywhere."""
    if not reading_back.answers(turn, command):
        HANDLERS[command.intent](turn, command)


def _symptom(turn: Turn, command: Command) -> None:
    symptom = str(command.slots["symptom"])
    if alert_lines.response_to(turn.session, symptom) == "change" and not isinstance(turn.session.phase, Alerted):
        asleep.ease(turn)
    else:
        alerting.alert(turn, symptom)


def _is_fine(turn: Turn, command: Command) -> None:
    if isinstance(turn.session.phase, Alerted):
        alerting.is_fine(turn, turn.session.phase)
    else:
        _resume(turn, command)


def _false_alarm(turn: Turn, _: Command) -> None:
    if isinstance(turn.session.phase, Alerted):
        alerting.ask_whether_misheard(turn, turn.session.phase)


def _which_routines(turn: Turn, command: Command) -> None:
    turn.hush()
    if "more" in command.slots and isinstance(turn.session.phase, Choosing):
        starting.choose_on(turn, turn.session.phase)
    else:
        flow.choose(turn)


def _ready(turn: Turn, command: Command) -> None:
    phase = turn.session.phase
    match phase:
        case Cautioning() | Instructing() if "acknowledges" in command.slots:
            pass  # "okay" to what is being said: it goes on, as the rest has not been heard
        case Alerted():
            alerting.rise(turn, phase)
        case Cautioning():
            turn.hush()
            flow.go_to(turn, phase.under_way, 0)
        case Instructing() | Resting() | ChangingSides():
            turn.hush()
            flow.get_ready(turn, phase.under_way)
        case GettingReady():
            turn.hush()
            flow.begin(turn, phase)
        case _:
            _resume(turn, command)


def _next(turn: Turn, command: Command) -> None:
    under_way, at = turn.session.under_way, turn.session.exercising
    if under_way is None:
        _resume(turn, command)  # a question was paused before any routine: there is only that to go back to
        return
    keep_record(turn)
    turn.hush()
    if at is None:
        flow.go_to(turn, under_way, 0)
        return
    if isinstance(phase := beneath(turn.session.phase), CheckingIn) and phase.finished:
        flow.go_to(turn, at, at.task + 1)
        return
    turn.record(Skipped(at.step.key))
    flow.go_to(turn, at, next((i for i, t in enumerate(at.plan) if t.step > at.here.step), len(at.plan)))


def _back(turn: Turn, command: Command) -> None:
    under_way = turn.session.under_way
    if under_way is None:
        _resume(turn, command)  # as in _next
        return
    keep_record(turn)
    turn.hush()
    before = under_way.first_of_step(max(0, under_way.here.step - 1))
    flow.go_to(turn, replace(before, position=None), before.task)


def _repeat(turn: Turn, _: Command) -> None:
    session, phase = turn.session, turn.session.phase
    match phase:
        case GettingReady() | Holding() | Moving():
            at = leave(turn, phase.under_way)
            turn.hush()
            flow.instruct(turn, at, again=True)
        case Instructing():
            turn.hush()
            flow.instruct(turn, phase.under_way, again=True)
        case Positioning():
            turn.hush()
            turn.say(*lines.way_there(session, phase.under_way, full=True), *turn.asked_again())
        case Alerted():
            alerting.alert_again(turn, phase.cause)
        case Paused(resume=Holding(under_way=at) | Moving(under_way=at) | GettingReady(under_way=at)):
            answer(turn, *lines.instruction(session, at, announced=True, full=True))
        case Idle():
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
    flow.stop(turn)


def _goodbye(turn: Turn, _: Command) -> None:
    """Switch off; who lies on the floor is led up first, unless they say it once more."""
    session, way = turn.session, getting_up.rising(turn.session.phase)
    keep_record(turn)
    turn.hush()
    if way is not None and not way.leaving:
        turn.ask(replace(way, paused=None, leaving=True), line("closing.quiet"))
    elif way is None and not isinstance(session.phase, Alerted | TakingBack) and (acts := flow.way_up(session)):
        turn.ask(GettingUp(acts, leaving=True), line("closing.stopped" if session.under_way else "closing.quiet"))
    else:
        turn.enter(Done())
        turn.do(Finish())


def _out_of_scope(turn: Turn, _: Command) -> None:
    """What this is for and what can be said is told once; after that, talk is let be."""
    if not turn.session.in_passing.scope_told:
        turn.change(in_passing=replace(turn.session.in_passing, scope_told=True))
        answer(turn, line("scope.stretching"))


def _why(turn: Turn, command: Command) -> None:
    question = turn.question
    if question is not None and question.why is not None:
        answer(turn, line(question.why))
    else:
        answer(turn, *lines.why(turn.session, stretching=command.slots.get("about") == "stretching"))


HANDLERS: Mapping[str, Handler] = {
    "StartRoutine": starting.start_routine,
    "MakeRoutine": own_routines.make,
    "WhichRoutines": _which_routines,
    "Side": sides.change_side,
    "Ready": _ready,
    "Next": _next,
    "Back": _back,
    "Repeat": _repeat,
    "StartOver": starting.start_over,
    "Pause": _pause,
    "Resume": _resume,
    "Stop": _stop,
    "Goodbye": _goodbye,
    "ImFine": _is_fine,
    "FalseAlarm": _false_alarm,
    "Symptom": _symptom,
    "Hurts": pain.hurts,
    "PainLevel": pain.take_pain,
    "RatePain": rating.between,
    "OutOfScope": _out_of_scope,
    "RateActivities": activities.begin,
    "TellPhysio": activities.tell_physio,
    "SetReminder": reminding.set_one,
    "WhichReminders": reminding.which,
    "ForgetReminder": reminding.forget,
    "MyWeek": telling.my_week,
    "MyAim": telling.set_aim,
    "MyPain": telling.telling(telling.pain),
    "LastStretch": telling.telling(telling.last_stretch),
    "LeftToday": telling.left_today,
    "Easier": forms.easier,
    "Harder": forms.harder,
    "ChairVersion": forms.chair_version,
    "UsualForm": forms.usual,
    "ShortWords": forms.word("short"),
    "FullWords": forms.word("full"),
    "WhatToFeel": forms.what_to_feel,
    "Longer": lengthen(LONGER_BY_S),
    "Shorter": lengthen(-LONGER_BY_S),
    "More": more,
    "Slower": slower,
    "Faster": tune(pace=1),
    "Louder": choosing_voice.louder,
    "Quieter": tune(loudness=-1),
    "AnotherVoice": choosing_voice.another,
    "ClearSpeech": choosing_voice.speak_clearly,
    "HardToRise": rising.hard_to_rise,
    "HealthAnswers": screening.review,
    "ForgetHealth": screening.forget,
    "Prescription": prescribing.take,
    "HowLong": lambda turn, _: answer(turn, *lines.how_long(turn.session, turn.now)),
    "WhereAmI": lambda turn, _: answer(turn, *lines.where(turn.session)),
    "IsItSafe": lambda turn, _: answer(turn, *lines.safety(turn.session)),
    "Help": lambda turn, _: answer(turn, *lines.help_here(turn.session)),
    "Why": _why,
}
"""What a command does where it is no answer to an open question."""
