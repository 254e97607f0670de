"""Which routine is to be done: named, chosen by number, or instead of the one under way; and for which leg."""

from __future__ import annotations

from typing import Literal

from assistant.dialogue import announcing, lines
from assistant.dialogue.exercising import flow, going_on, setting_out, sides
from assistant.dialogue.exercising.adjusting import answer
from assistant.dialogue.exercising.recording import keep_record
from assistant.dialogue.facts import Prescribed
from assistant.dialogue.line import Line, line
from assistant.dialogue.questions import screening
from assistant.dialogue.state.doses import SHORTEST_HOLD_S
from assistant.dialogue.state.one_exercise import routine_of
from assistant.dialogue.state.phases import (
    AskingSide,
    Choosing,
    Confirming,
    Introducing,
    OfferingToGoOn,
)
from assistant.dialogue.state.session import Session
from assistant.dialogue.turn import Turn
from assistant.routines.dose_ranges import most_allowed
from assistant.routines.naming import keys_beginning
from intents import Command

LAST_DONE = "usual"
"""In a command: the routine that was done last."""

PRESCRIBED = "prescribed"
"""In a command: the exercise that a physiotherapist set."""


def start_routine(turn: Turn, command: Command) -> None:
    """Begin a routine; where one is under way, ask first whether to leave it."""
    key = _meant(turn.session, command)
    refusal = _want(turn, command) if key is not None else None
    if refusal is not None:
        answer(turn, refusal)
    elif key is None:
        turn.hush()
        _choose(turn, keys_beginning(turn.session.routines.values(), str(command.slots.get("routine", ""))))
    elif turn.session.under_way is None:
        turn.hush()
        going_on.settle(turn)
        screening.begin(turn, key)
    else:
        _ask_whether_to_leave(turn, key)


def _meant(session: Session, command: Command) -> str | None:
    """What was named: a routine, the one that was done last, an exercise by itself, or what a physiotherapist set."""
    if "exercise" in command.slots:
        key = str(command.slots["exercise"])
        written = [r for r in session.routines.values() if key in {step.key for step in r.steps if not step.exercise}]
        return written[0].key if written else key if key in session.exercises else None
    key = str(command.slots["routine"])
    if key == LAST_DONE:
        key = (session.diary and session.diary.last_routine) or ""
    if key == PRESCRIBED:
        key = _set_by_physio(session)
    return key if routine_of(session, key) is not None else None


def _set_by_physio(session: Session) -> str:
    """The exercise of which most sets are still to be done today, or the first that was set."""
    user = session.user
    left = {key: (one.a_day or 1) - user.done_today.get(key, 0) for key, one in user.prescribed.items()}
    return max(left, key=left.__getitem__, default="")


def _want(turn: Turn, command: Command) -> Line | None:
    """Keep the amount that was named with an exercise; what it is refused with, if no source allows that much."""
    session, key = turn.session, str(command.slots.get("exercise", ""))
    exercise = session.exercises.get(key)
    if exercise is None or "amount" not in command.slots:
        turn.change(wanted=None)
        return None
    amount = int(command.slots["amount"])
    if (in_seconds := command.slots.get("unit") == "seconds") and exercise.reps is not None:
        return line("prescription.other_unit", name=exercise.name)
    if in_seconds and amount < SHORTEST_HOLD_S:
        return line("own.too_short", name=exercise.name, n=amount, least=SHORTEST_HOLD_S)
    # "Two bridges": what is held is held twice.
    unit: Literal["reps", "seconds", "times"] = (
        "reps" if exercise.reps is not None else "seconds" if in_seconds else "times"
    )
    most = most_allowed(exercise.allowed, "count" if unit == "reps" else unit)
    if most is not None and amount > most:
        return line("own.too_long" if in_seconds else "own.too_many", name=exercise.name, n=amount, most=most)
    turn.change(wanted=Prescribed(key, amount, unit))
    return None


def _choose(turn: Turn, keys: tuple[str, ...]) -> None:
    """Where it can't be told which is meant, those are read out, or all; under way, that it isn't known is said."""
    if turn.session.under_way is None:
        flow.choose(turn, keys)
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


def choose(turn: Turn, phase: Choosing, command: Command) -> None:
    """Begin the routine with this number in the list."""
    keys, _ = announcing.numbered_group(turn.session, phase)
    number = int(command.slots["number"])
    turn.hush()
    if 1 <= number <= len(keys):
        going_on.settle(turn)
        screening.begin(turn, keys[number - 1])
    else:
        turn.say(line("choosing.no_such", n=len(keys)))


def choose_on(turn: Turn, phase: Choosing) -> None:
    """Read out the next group of the list; after the last one the first."""
    group, more = announcing.numbered_group(turn.session, phase)
    flow.choose(turn, phase.keys, phase.begins + len(group) if more else 0)


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
        turn.change(side_told=True)
        setting_out.set_out(turn, phase.routine)


def correct_side(turn: Turn, command: Command) -> None:
    """Before a routine it is said that the other leg is sore: noted, and the open question again."""
    side = sides.note_side(turn, command)
    turn.hush()
    question = turn.question
    assert question is not None
    noted = (lines.side_noted(side),) if side else ()
    turn.say(*noted, *question.asks(turn.session, turn.session.phase))
