"""From a routine's name to its first line: which exercises are for this user, at which dose, on which side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.dialogue import announcing
from assistant.dialogue.facts import Prescribed, RoutineBegun
from assistant.dialogue.line import line
from assistant.dialogue.state.one_exercise import known_routine
from assistant.dialogue.state.phases import AskingSide, Cautioning, Closing
from assistant.dialogue.state.plan import plan
from assistant.dialogue.state.practice import Added
from assistant.dialogue.state.session import Session, Waiting
from assistant.dialogue.state.under_way import StepSoFar, UnderWay
from assistant.dialogue.turn import Turn
from assistant.routines import Dose, Form, Hold, Reps, Routine, Step

FLAT = "on the back"
CHAIR = "chair"
"""Key of the routine on a chair."""

STRONG_UP_TO = 3
"""With more pain than this before a routine, a stronger form or a larger dose of earlier days is not taken up."""


def as_last_time(session: Session, at: UnderWay) -> StepSoFar:
    """How a step begins: in the form and with the dose of the last time, unless the pain is worse than mild."""
    practice, key = session.user.practice, at.step.key
    last = practice.forms.get(key, "usual")
    form: Form = "easier" if session.user.milder else "usual" if last == "chair" else last
    added = practice.added.get((at.routine.key, key), Added())
    if (session.pain.before or 0) > STRONG_UP_TO:
        form = "usual" if form == "harder" else form
        added = replace(added, seconds=min(0, added.seconds), reps=min(0, added.reps))
    if at.step.most_a_day is not None:
        added = replace(added, reps=min(0, added.reps))
    if form == "harder" and at.step.harder is None:
        form = "usual"
    return StepSoFar(form, extra_seconds=added.seconds, extra_reps=added.reps, extra_pace=added.pace)


def ruled_out(session: Session, step: Step) -> bool:
    """Whether an exercise must not be done: by an answer about health, by what was said of it, or its own limit."""
    return (
        _not_for_their_health(session, step)
        or step.key in session.user.left_out
        or (step.most_a_day is not None and _sets_today(session, step) >= step.most_a_day)
    )


def _not_for_their_health(session: Session, step: Step) -> bool:
    health = session.user.health
    return (
        any(health.said_yes(question) for question in step.not_with)
        or (step.position == FLAT and health.said_yes("pregnancy"))
        or (not step.seated and health.said_yes("hard_to_rise"))
    )


def gentler(session: Session, step: Step) -> tuple[str, ...]:
    """The answers about health for which an exercise is done in the easier form only."""
    return tuple(question for question in step.gentler_with if session.user.health.said_yes(question))


def on_chair(session: Session, step: Step) -> Step | None:
    """The version of an exercise on a chair, if there is one that nothing stands against."""
    exercise = session.exercises.get(step.chair) if step.chair else None
    if exercise is None:
        return None
    seated = exercise.step()
    return None if ruled_out(session, seated) else with_prescribed(seated, session.user.prescribed.get(seated.key))


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


@dataclass(frozen=True, slots=True)
class Adapted:
    """A routine as it is right for a user.

    Attributes:
        routine: The routine; its steps may all be gone.
        instead: Names of the exercises that others take the place of, each with the other's.
        without: Names of those that are left out.
    """

    routine: Routine
    instead: tuple[tuple[str, str], ...] = ()
    without: tuple[str, ...] = ()


def adapted(session: Session, routine: Routine) -> Adapted:
    """A routine without what this user must not do; on a chair what their health rules out, or they did so before."""
    steps: dict[str, Step] = {}
    instead: list[tuple[str, str]] = []
    without: list[str] = []
    taken_from: dict[str, int] = {}
    for index, step in enumerate(routine.steps):
        taken: Step | None = step
        if ruled_out(session, step):
            taken = on_chair(session, step) if _not_for_their_health(session, step) else None
        elif session.user.practice.forms.get(step.key) == "chair":
            taken = on_chair(session, step) or step
        if taken is None or taken.key in steps:
            without.append(step.name)
            continue
        if taken is not step:
            instead.append((step.name, taken.name))
        steps[taken.key] = with_prescribed(taken, session.user.prescribed.get(taken.key))
        taken_from[taken.key] = index
    # Who gets a chair for some of it begins on it: nobody lies down twice.
    in_order = sorted(steps.values(), key=lambda step: not step.seated) if instead else list(steps.values())
    ways = (_with_own_way(session, routine, step, taken_from[step.key], before) for step, before in _after(in_order))
    return Adapted(replace(routine, steps=tuple(ways)), tuple(instead), tuple(without))


def _after(steps: Sequence[Step]) -> Iterator[tuple[Step, Step | None]]:
    return zip(steps, (None, *steps), strict=False)


def _with_own_way(session: Session, routine: Routine, step: Step, index: int, before: Step | None) -> Step:
    """A step whose way into its position begins where the user is: another exercise came before than in the routine."""
    usual = routine.steps[index - 1].position if index else None
    exercise = session.exercises.get(step.exercise)
    if exercise is None or usual == (before.position if before else None):
        return step
    return replace(step, getting_there=exercise.words.getting_there)


def set_out(turn: Turn, key: str) -> None:
    """Begin a routine that nothing stands against; asks for the sore side where it matters and is not known."""
    session = turn.session
    routine = known_routine(session, key)
    fit = adapted(session, routine)
    ours = fit.routine
    if not ours.steps:
        _chair_instead(turn, routine)
        return
    if ours.asks_for_side and session.user.sore_side is None:
        turn.ask(AskingSide(key))
        return
    under_way = UnderWay(ours, plan(ours, session.user.sore_side))
    turn.record(RoutineBegun(key))
    turn.enter(Cautioning(under_way))
    told = announcing.announcement(session, under_way, fit.without, fit.instead)
    cautions = announcing.cautions_due(turn.session, ours)
    if line("rating.with_care") in turn.session.speaking:
        cautions = tuple(said for said in cautions if said != announcing.TELL_IF_IT_HURTS)  # it has just said so
    turn.change(side_told=False, to_remind=not cautions)
    turn.say(*told, *cautions)
    if not turn.session.speaking:
        turn.change(waiting=Waiting(turn.now))  # there is nothing to wait for


def _chair_instead(turn: Turn, routine: Routine) -> None:
    """Nothing of a routine is for this user: the chair routine is, where that has something."""
    session = turn.session
    seated = session.routines.get(CHAIR)
    if seated is not None and seated.key != routine.key and adapted(session, seated).routine.steps:
        turn.say(line("adapted.chair_instead", title=routine.title))
        set_out(turn, CHAIR)
        return
    turn.enter(Closing())
    turn.say(line("adapted.nothing_remains", title=routine.title))
