"""What is said about a sign of danger, and about pain that is too strong."""

from __future__ import annotations

from assistant.dialogue.line import Line, line
from assistant.dialogue.state.ladder import STRONG_PAIN
from assistant.dialogue.state.session import Session
from assistant.routines.safety import Response


def alert(
    session: Session, cause: str, *, exercising: bool, refused: bool = False, lying: bool = False
) -> tuple[Line, ...]:
    """What to do about a sign of danger.

    Args:
        session: The session.
        cause: Key of a sign, or of a question that was answered with yes.
        exercising: Whether a stretch has to be let go of first.
        refused: Whether the user has just wanted to exercise all the same.
        lying: Whether the user is down on the floor.
    """
    rise = (line("alert.rise"),) if lying and leads_up(session, cause) else ()
    again = (*((line("alert.barred"),) if refused else ()), line("alert.again"))
    let_go = (line("alert.let_go"),) if exercising else ()
    if cause == STRONG_PAIN:
        return (*let_go, line("alert.strong_pain"), line("alert.settles"), *rise, *again)
    match response_to(session, cause):
        case "emergency":
            return (*let_go, line("alert.emergency"), *_household(session), *again)
        case "help":
            return (line("alert.help"), *_household(session), *again)
    own = (line("alert.numb"),) if cause in {"numbness", "weakness"} else (line("alert.rest"),)
    return (*let_go, *own, line("alert.over"), *rise, *again)


def leads_up(session: Session, cause: str) -> bool:
    """Whether the user may be led up from the floor; not where they wait for help."""
    return cause == STRONG_PAIN or response_to(session, cause) not in {"emergency", "help"}


def alert_unanswered(session: Session, cause: str) -> tuple[Line, ...]:
    """What is said slowly to somebody who does not answer after a sign, or wants help."""
    if response_to(session, cause) == "help":
        return (line("alert.help"), *_household(session))
    return (line("alert.nobody"), line("alert.help"), *_household(session))


def response_to(session: Session, cause: str) -> Response:
    """What is to be done about a sign; a question that ends the day is an emergency."""
    return {symptom.key: symptom.response for symptom in session.safety.symptoms}.get(cause, "emergency")


def _household(session: Session) -> tuple[Line, ...]:
    """The number that the user has set for such a case."""
    number = session.preferences.household_number
    return (line("alert.household", number=number),) if number else ()
