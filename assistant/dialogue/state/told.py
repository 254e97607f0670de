"""How much is told: what of the cautions is due, and whether a step is told in full, in few words, or by its name."""

from __future__ import annotations

from assistant.dialogue.state.plan import USUAL_RATE, Amount, Telling
from assistant.dialogue.state.session import STEP_PACE, Session
from assistant.routines import Routine, Step
from assistant.routines.model import Caution


def cautions_for(session: Session, routine: Routine) -> tuple[Caution, ...]:
    """The cautions of a routine, but for those about what the user has denied."""
    answers = session.user.health.answers
    return tuple(c for c in routine.cautions if not c.about or any(answers.get(q, True) for q in c.about))


def due_of(session: Session, routine: Routine) -> tuple[Caution, ...]:
    """The cautions of a routine for this user that were not heard in the last week."""
    heard = session.user.practice.cautions_heard
    return tuple(caution for caution in cautions_for(session, routine) if caution.say not in heard)


def amount_told(session: Session, step: Step) -> Amount:
    """How much of a step is told: in full to who has not met it, in the end its name alone; or as the user wants it."""
    if session.preferences.wordiness != "by need":
        return session.preferences.wordiness
    if step.short is None or step.key not in session.user.met:
        return "full"
    return "name" if session.user.practice.knows_by_name(step.key) else "short"


def tells_all(session: Session, step: Step) -> bool:
    """Whether a movement is told in full: to who has not met it, or wants it so."""
    return amount_told(session, step) == "full"


def telling_of(session: Session, routine: Routine) -> Telling:
    """How much of a routine is told to this user."""
    practice, voice, preferences = session.user.practice, session.voice, session.preferences
    speed = preferences.rate / USUAL_RATE * STEP_PACE**voice.pace
    return Telling(
        {step.key: amount_told(session, step) for step in routine.steps},
        [caution.say for caution in due_of(session, routine)],
        practice.cautions_heard,
        practice.in_habit,
        speed * preferences.clear_pace if voice.clear else speed,
    )
