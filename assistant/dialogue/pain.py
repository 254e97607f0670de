"""What pain means for an exercise: the leg-pain rule after directional sets, and the number from zero to ten.

* The leg: nearer the spine or unchanged goes on; further down takes the milder form, and from there leaves the exercise
  out, and with it what else works in that direction. The next day it is asked about.
* The number: up to 3 goes on, 4 and 5 take the milder form, more leaves the exercise out. In the leg, more than 3 does.
"""

from __future__ import annotations

from dataclasses import replace

from assistant.dialogue import flow, lines, rating
from assistant.dialogue.adjusting import answer
from assistant.dialogue.facts import FormTaken, LegAnswer, LegMove, PainSaid
from assistant.dialogue.line import Line, line
from assistant.dialogue.phases import AskingAllRight, AskingLeg, AskingPain, CheckingIn, Paused, task_of
from assistant.dialogue.recording import keep_record
from assistant.dialogue.session import Session, Turn
from intents import Command

GOES_ON = 3
MILDER = 5


def take_leg_answer(turn: Turn, command: Command) -> None:
    """Where the leg pain is after a set."""
    session, phase = turn.session, turn.session.phase
    assert isinstance(phase, AskingLeg)
    moved: LegMove = command.slots["moved"]  # type: ignore[assignment]
    step = session.step_of(phase.task)
    turn.record(LegAnswer(step.key, moved))
    turn.hush()
    if moved == "none":
        turn.change(no_leg_pain=True)
    if moved != "lower":
        turn.say(line(f"leg.{moved}"))
        flow.go_to(turn, phase.task + 1)
    elif session.form != "easier":
        _take_milder_form(turn, phase.task, line("leg.further_down"))
    else:
        turn.change(left_out=session.left_out | _in_the_same_direction(session) | {step.key})
        turn.say(line("leg.leave_out"))
        flow.go_to(turn, phase.task + 1)


def no_pain(turn: Turn, command: Command) -> None:
    """Nothing hurts: an answer to both questions, for the leg and for the number."""
    if isinstance(turn.session.phase, AskingPain):
        rating.take(turn, 0)
    else:
        take_leg_answer(turn, replace(command, slots={"moved": "none"}))


def _in_the_same_direction(session: Session) -> set[str]:
    """All that bends the spine the way that sent the pain down, in this routine and in every other."""
    steps = session.routine.steps if session.routine else ()
    library = {key for key, exercise in session.exercises.items() if exercise.directional}
    return library | {step.key for step in steps if step.directional}


def take_pain(turn: Turn, command: Command) -> None:
    """The pain as a number."""
    session, phase = turn.session, turn.session.phase
    slots = command.slots
    level = int(slots["pain"] if "pain" in slots else slots["number"])
    in_leg = slots.get("place") == "leg"
    task = task_of(phase)
    if isinstance(phase, AskingPain):
        rating.take(turn, level)
        return
    if task is None:
        return
    step = session.step_of(task)
    turn.record(PainSaid(step.key, level, in_leg))
    if level <= GOES_ON:
        _go_on(turn, task)
    elif level <= MILDER and not in_leg and session.form != "easier":
        keep_record(turn, whole=False)
        turn.hush()
        _take_milder_form(turn, task, line("pain.milder"))
    else:
        keep_record(turn, whole=False)
        turn.hush()
        turn.change(left_out=turn.session.left_out | {step.key})
        turn.say(line("pain.leave_out_leg" if in_leg else "pain.leave_out"))
        flow.go_to(turn, task + 1)


def _go_on(turn: Turn, task: int) -> None:
    phase = turn.session.phase
    if isinstance(phase, CheckingIn):
        turn.hush()
        turn.say(line("pain.goes_on"))
        flow.instruct(turn, task)
    elif isinstance(phase, AskingLeg):
        turn.hush()
        turn.enter(replace(phase, asked=1, due=None))
        turn.say(line("pain.goes_on"), lines.leg_question(turn.session))
    else:
        answer(turn, line("pain.goes_on"))


def _take_milder_form(turn: Turn, task: int, why: Line) -> None:
    turn.change(form="easier")
    turn.record(FormTaken(turn.session.step_of(task).key, "easier"))
    turn.say(why)
    flow.instruct(turn, task)


def hurts(turn: Turn, _: Command) -> None:
    """It hurts: the exercise is left at once, and the user is asked how strong it is and how to go on."""
    phase = turn.session.phase
    if turn.session.routine is None and isinstance(phase, Paused):
        flow.resume(turn, phase)  # a question was paused before any routine was under way
        return
    if turn.session.routine is None and isinstance(phase, AskingAllRight):
        turn.hush()  # there is no exercise to be left: back to the question that got no answer
        turn.enter(phase.question)
        turn.say(*lines.asked_again(turn.session))
        return
    keep_record(turn, whole=False)
    turn.hush()
    turn.enter(CheckingIn(task_of(phase) or 0))
    turn.say(line("hurts.ease_out"), lines.hurts_offer(turn.session))
