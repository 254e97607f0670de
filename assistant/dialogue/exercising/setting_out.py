"""From a routine's name to its first line: which exercises are for this user, at which dose, on which side."""

from __future__ import annotations

from dataclasses import replace

from assistant.dialogue import lines
from assistant.dialogue.facts import Prescribed, RoutineBegun
from assistant.dialogue.line import line
from assistant.dialogue.state.phases import AskingSide, Cautioning, Closing
from assistant.dialogue.state.plan import plan
from assistant.dialogue.state.session import Session
from assistant.dialogue.state.under_way import UnderWay
from assistant.dialogue.turn import Turn
from assistant.routines import Dose, Hold, Reps, Routine, Step

FLAT = "on the back"


def ruled_out(session: Session, step: Step) -> bool:
    """Whether an exercise must not be done: by an answer about health, by what was said of it, or its own limit."""
    health = session.user.health
    return (
        any(health.said_yes(question) for question in step.not_with)
        or (step.position == FLAT and health.said_yes("pregnancy"))
        or step.key in session.user.left_out
        or (step.most_a_day is not None and _sets_today(session, step) >= step.most_a_day)
    )


def _sets_today(session: Session, step: Step) -> int:
    """Sets of an exercise that were done today, on the floor and on a chair."""
    from_the_floor = {key for key, exercise in session.exercises.items() if exercise.chair == step.key}
    return sum(session.user.done_today.get(key, 0) for key in {step.key, step.chair or step.key, *from_the_floor})


def with_prescribed(step: Step, prescribed: Prescribed | None) -> Step:
    """A step with the dose that a physiotherapist set for it."""
    if prescribed is None:
        return step
    dose: Dose = step.dose
    if isinstance(dose, Reps) and prescribed.unit == "reps":
        return replace(step, reps=replace(dose, count=prescribed.amount))
    if isinstance(dose, Hold) and prescribed.unit == "seconds":
        return replace(step, hold=replace(dose, seconds=prescribed.amount, breaths=None))
    return step


def adapted(session: Session, routine: Routine) -> Routine:
    """A routine as it is right for this user; its steps may all be gone."""
    steps = tuple(
        with_prescribed(step, session.user.prescribed.get(step.key))
        for step in routine.steps
        if not ruled_out(session, step)
    )
    return replace(routine, steps=steps)


def set_out(turn: Turn, key: str) -> None:
    """Begin a routine that nothing stands against; asks for the sore side where it matters and is not known."""
    session = turn.session
    routine = session.routines[key]
    ours = adapted(session, routine)
    if not ours.steps:
        turn.enter(Closing())
        turn.say(line("adapted.nothing_remains", title=routine.title))
        return
    if ours.asks_for_side and session.user.sore_side is None:
        turn.ask(AskingSide(key))
        return
    under_way = UnderWay(ours, plan(ours, session.user.sore_side))
    turn.record(RoutineBegun(key))
    turn.enter(Cautioning(under_way))
    kept = {step.name for step in ours.steps}
    without = [step.name for step in routine.steps if step.name not in kept]
    turn.say(*lines.announcement(session, under_way, without), *lines.cautions_due(turn.session, ours))
