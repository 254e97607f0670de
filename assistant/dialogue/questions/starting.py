"""Which routine is to be done: named, chosen by number, or instead of the one under way; and for which leg."""

from __future__ import annotations

from assistant.dialogue import lines
from assistant.dialogue.exercising import flow, going_on, setting_out, sides
from assistant.dialogue.exercising.adjusting import answer
from assistant.dialogue.exercising.recording import keep_record
from assistant.dialogue.line import line
from assistant.dialogue.questions import screening
from assistant.dialogue.state.phases import (
    AskingSide,
    Confirming,
    Introducing,
    OfferingToGoOn,
)
from assistant.dialogue.state.session import Session
from assistant.dialogue.turn import Turn
from intents import Command

LAST_DONE = "usual"
"""In a command: the routine that was done last."""


def start_routine(turn: Turn, command: Command) -> None:
    """Begin a routine; where one is under way, ask first whether to leave it."""
    key = _meant(turn.session, command)
    if key is None:
        turn.hush()
        _choose(turn)
    elif turn.session.under_way is None:
        turn.hush()
        going_on.settle(turn)
        if "exercise" in command.slots:
            turn.say(line("choosing.part", title=turn.session.routines[key].title))
        screening.begin(turn, key)
    else:
        _ask_whether_to_leave(turn, key)


def _meant(session: Session, command: Command) -> str | None:
    """The routine that was named: by its name, as the one that was done last, or the shortest that has an exercise."""
    if "exercise" in command.slots:
        exercise = command.slots["exercise"]
        holding = [r for r in session.routines.values() if exercise in {step.key for step in r.steps}]
        return min(holding, key=lambda routine: len(routine.steps)).key if holding else None
    key = str(command.slots["routine"])
    if key == LAST_DONE:
        key = (session.diary and session.diary.last_routine) or ""
    return key if key in session.routines else None


def _choose(turn: Turn) -> None:
    """Where it can't be told which is meant, all are read out; with one under way, that it isn't known is said."""
    if turn.session.under_way is None:
        flow.choose(turn)
    else:
        answer(turn, line("choosing.unknown"))


def start_over(turn: Turn, _: Command) -> None:
    """Ask whether to begin the routine under way anew."""
    if (under_way := turn.session.under_way) is not None:
        _ask_whether_to_leave(turn, under_way.routine.key)


def _ask_whether_to_leave(turn: Turn, key: str) -> None:
    turn.ask(Confirming(key, flow.stand_still(turn)))


def leave_for_another(turn: Turn, phase: Confirming) -> None:
    """The routine under way is left for the one that was named."""
    turn.hush()
    keep_record(turn)
    screening.begin(turn, phase.routine)


def go_on(turn: Turn, phase: OfferingToGoOn) -> None:
    """Go on with the routine that was left unfinished, if nothing stands against it."""
    turn.hush()
    screening.begin(turn, phase.left.routine, phase.left)


def choose(turn: Turn, command: Command) -> None:
    """Begin the routine with this number in the list."""
    keys = list(turn.session.routines)
    number = int(command.slots["number"])
    turn.hush()
    if 1 <= number <= len(keys):
        going_on.settle(turn)
        screening.begin(turn, keys[number - 1])
    else:
        turn.say(line("choosing.no_such", n=len(keys)))


def choose_none(turn: Turn) -> None:
    """None of the list."""
    turn.hush()
    turn.enter(Introducing())
    turn.say(line("choosing.none"))


def take_side(turn: Turn, phase: AskingSide, command: Command) -> None:
    """Remember which leg is sore, and set out on the routine that needs to know."""
    turn.hush()
    if sides.note_side(turn, command) is None:
        turn.say(*turn.asked_again())  # "the other leg", of none that is known
    else:
        setting_out.set_out(turn, phase.routine)


def correct_side(turn: Turn, command: Command) -> None:
    """Before a routine it is said that the other leg is sore: noted, and the open question again."""
    side = sides.note_side(turn, command)
    turn.hush()
    question = turn.question
    assert question is not None
    noted = (lines.side_noted(side),) if side else ()
    turn.say(*noted, *question.asks(turn.session, turn.session.phase))
