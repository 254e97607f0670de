"""Which lines are said at which moment. The words themselves stand in ``lines/en.yaml`` and in the routines."""

from __future__ import annotations

from assistant.dialogue.doses import hold_seconds, reps_done, seconds_remaining
from assistant.dialogue.line import Line, line
from assistant.dialogue.phases import (
    TAKES,
    AskingSide,
    CheckingIn,
    Confirming,
    Holding,
    Moving,
    Paused,
    Positioning,
    task_of,
)
from assistant.dialogue.plan import Side, Task, plan, seconds_left
from assistant.dialogue.session import Session
from assistant.routines import Hold, Reps

DISCLAIMER = line("greeting.disclaimer")

HELP_AT_MOST = 7
"""More than this nobody keeps in mind while lying on the floor."""


def numbered_routines(session: Session) -> tuple[Line, ...]:
    """The list of routines, and how to choose one."""
    listed = [
        line("choosing.routine", n=number, title=routine.title, minutes=_minutes_of(session, key))
        for number, (key, routine) in enumerate(session.routines.items(), start=1)
    ]
    return (line("choosing.intro"), *listed, line("choosing.how"))


def announcement(session: Session) -> tuple[Line, ...]:
    """Name and length of the routine, and the side that it is for."""
    routine = session.routine
    assert routine is not None
    lines = [
        line(
            "routine.announce",
            title=routine.title,
            minutes=_minutes(seconds_left(routine, session.plan)),
            steps=len(routine.steps),
        )
    ]
    if routine.asks_for_side and session.sore_side:
        lines.append(line("side.known", side=session.sore_side))
    return tuple(lines)


def cautions(session: Session) -> tuple[Line, ...]:
    """All cautions of the routine."""
    assert session.routine is not None
    spoken = tuple(line("caution.say", text=caution.say) for caution in session.routine.cautions)
    return (line("caution.intro"), *spoken, line("caution.outro"))


def positioning(session: Session, task: int) -> tuple[Line, ...]:
    """How to get into the position of a step."""
    told = (_announce_step(session, task), line("step.getting_there", text=session.step_of(task).getting_there))
    if session.preferences.ready_after is None:
        return (*told, line("step.say_when_there"))
    return told


def instruction(session: Session, task: int, *, announced: bool) -> tuple[Line, ...]:
    """Caution, movement, cue and dose of a step.

    Args:
        session: The session.
        task: Index of the task.
        announced: Whether the step's name and position have been spoken just before.
    """
    step = session.step_of(task)
    lines: list[Line] = []
    if not announced:
        lines = [_announce_step(session, task), line("step.getting_there", text=step.getting_there)]
    lines.append(line("step.caution", text=step.caution))
    if session.easier:
        lines += [line("step.easier", text=step.easier)]
    else:
        lines += [line("step.movement", text=step.movement), line("step.cue", text=step.cue)]
    return (*lines, *_dose(session, session.plan[task]))


def _dose(session: Session, task: Task) -> tuple[Line, ...]:
    assert session.routine is not None
    step = session.routine.steps[task.step]
    side: tuple[Line, ...] = (line("side.this", side=task.side),) if task.side else ()
    match step.dose:
        case Hold(times=1) as dose:
            return (*side, line("step.hold", seconds=hold_seconds(session, dose)))
        case Hold() as dose:
            return (*side, line("step.holds", seconds=hold_seconds(session, dose), times=dose.times))
        case Reps() as dose:
            return (*side, line("step.reps", count=dose.count))


def asked_again(session: Session) -> tuple[Line, ...]:
    """What is said when a question got no answer."""
    match session.phase:
        case AskingSide():
            return (line("side.which_again"),)
        case Positioning():
            return (line("step.say_when_there_again"),)
        case CheckingIn():
            return (hurts_offer(session),)
        case Confirming(routine=key):
            return (_confirm(session, key),)
        case _:
            return ()


def confirmation(session: Session, key: str) -> tuple[Line, ...]:
    """The question whether to leave what is under way."""
    return (_confirm(session, key),)


def _confirm(session: Session, key: str) -> Line:
    if session.routine is not None and session.routine.key == key:
        return line("confirm.start_over")
    return line("confirm.other", title=session.routines[key].title)


def hurts_offer(session: Session) -> Line:
    """What may be done after something hurt; the easier form only once."""
    return line("hurts.offer_rest" if session.easier else "hurts.offer")


def how_long(session: Session, now: float) -> tuple[Line, ...]:
    """What is left of the hold or the reps, and of the routine."""
    lines: list[Line] = []
    phase = session.phase
    inner = phase.resume if isinstance(phase, Paused) else phase
    match inner:
        case Holding():
            paused = isinstance(phase, Paused) and phase.remaining is not None
            left = phase.remaining if paused else seconds_remaining(inner, now)  # type: ignore[union-attr]
            lines.append(line("left.hold", n=max(1, round(left or 0))))
        case Moving():
            dose = session.step_of(inner.task).dose
            assert isinstance(dose, Reps)
            lines.append(line("left.reps", n=max(1, dose.count - reps_done(session, phase, now))))
    if session.routine is not None:
        task = task_of(session.phase) or 0
        lines.append(line("left.routine", n=_minutes(seconds_left(session.routine, session.plan[task:]))))
    return tuple(lines) or (line("left.nothing"),)


def where(session: Session) -> tuple[Line, ...]:
    """Step, side and round."""
    task = task_of(session.phase)
    if session.routine is None or task is None:
        return (line("where.nowhere"),)
    here = session.plan[task]
    lines = [_announce_step(session, task)]
    if here.side:
        lines.append(line("side.this", side=here.side))
    if here.rounds > 1:
        lines.append(line("where.round", n=here.round, of=here.rounds))
    return tuple(lines)


def safety(session: Session) -> tuple[Line, ...]:
    """The cautions again: the routine's and the step's."""
    if session.routine is None:
        return (line("safe.general"),)
    step = session.step
    return (*cautions(session), *((line("step.caution", text=step.caution),) if step else ()))


def why(session: Session, *, stretching: bool) -> tuple[Line, ...]:
    """What it is good for: this routine, or stretching at large."""
    if stretching or session.routine is None:
        return (line("why.stretching"),)
    return (line("why.routine", text=session.routine.purpose),)


def help_here(session: Session) -> tuple[Line, ...]:
    """The commands that are taken now, the most needed first."""
    options = tuple(line(f"help.{intent}") for intent in TAKES[type(session.phase)] if intent != "Help")
    return (line("help.can_say", options=options[:HELP_AT_MOST]),)


def side_noted(side: Side) -> Line:
    """Confirms which leg is sore."""
    return line("side.noted", side=side)


def _announce_step(session: Session, task: int) -> Line:
    assert session.routine is not None
    step = session.plan[task].step
    return line("step.announce", n=step + 1, of=len(session.routine.steps), name=session.routine.steps[step].name)


def _minutes_of(session: Session, key: str) -> int:
    routine = session.routines[key]
    return _minutes(seconds_left(routine, plan(routine, session.sore_side)))


def _minutes(seconds: float) -> int:
    return max(1, round(seconds / 60))
