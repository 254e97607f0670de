"""The questions before a routine: which are due, and what follows from their answers.

A question has the key of `assistant.routines.safety`, or one of these forms:

* ``news``: whether anything is new since last time; "yes" makes all questions due.
* ``cleared:KEY``: whether a doctor has agreed, though ``KEY`` was answered with yes.
* ``leg:EXERCISE``: the day after the leg pain had moved down: whether it is still worse.

Who was here lately is asked for news together with how it was after the last time, in a phase of its own: "no" is the
answer to both, "yes" has both asked for apart, and worse has the news asked for in full.

Only an answer leads on, never the time that has passed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal, cast

from assistant.dialogue import announcing, lines
from assistant.dialogue.exercising import going_on
from assistant.dialogue.facts import (
    CautionHeard,
    Cleared,
    HealthAnswer,
    HealthForgotten,
    LegSettled,
    ScreeningComplete,
    Since,
)
from assistant.dialogue.line import Line, line
from assistant.dialogue.questions import alerting, rating, since_last
from assistant.dialogue.state.care_phases import AskingNews, OfferingGentle
from assistant.dialogue.state.one_exercise import known_routine
from assistant.dialogue.state.phases import Closing, Introducing, ReviewingHealth, Screening
from assistant.dialogue.state.session import Session
from assistant.dialogue.state.unfinished import Unfinished
from assistant.dialogue.state.user import Health
from assistant.dialogue.turn import Turn
from intents import Command
from intents.types import SlotValue

NEWS = "news"
CLEARED = "cleared:"
LEG = "leg:"
NOTHING_MORE: Mapping[str, SlotValue] = {}
INTRO, INTRO_AGAIN = line("screening.intro"), line("screening.intro_again")


def begin(turn: Turn, key: str, left: Unfinished | None = None) -> None:
    """Begin a routine if nothing stands against it; ask what has to be asked first.

    Args:
        turn: The turn.
        key: Key of the routine.
        left: Where it stood, if it is one that is gone on with.
    """
    session = turn.session
    if session.user.barred_by is not None:
        alerting.alert_again(turn, session.user.barred_by, refused=True)
        return
    questions = due_for(session, key)
    if NEWS in questions and left is None and since_last.is_due(session, turn.now) and _in_short(session, key):
        turn.change(announced=key)
        turn.ask(AskingNews(key))
    else:
        _ask(turn, Screening(key, questions, left))


def _in_short(session: Session, key: str) -> bool:
    """Whether the news are asked for in few words."""
    return bool(announcing.news(session, key).slots)


def begin_gentle(turn: Turn) -> None:
    """Begin the routine for a bad day."""
    turn.hush()
    begin(turn, rating.GENTLE)


def no_news(turn: Turn, phase: AskingNews, since: Since | Literal["not worse"] = "not worse") -> None:
    """Nothing is new, and it was not worse after the last time."""
    turn.hush()
    since_last.note(turn, since)
    questions = due_for(turn.session, phase.routine)
    _ask(turn, Screening(phase.routine, tuple(question for question in questions if question != NEWS)))


def some_news(turn: Turn, phase: AskingNews) -> None:
    """Something is new, or was worse: each is asked for by itself."""
    turn.hush()
    _hear_cautions_anew(turn)
    _ask(turn, Screening(phase.routine, due_for(turn.session, phase.routine)))


def since_told(turn: Turn, phase: AskingNews, command: Command) -> None:
    """How it was after the last time. After worse the gentle routine is offered, and nothing is taken for heard."""
    since = cast(Since, command.slots["since"])
    if since != "worse":
        no_news(turn, phase, since)
        return
    turn.hush()
    since_last.note(turn, since)
    _hear_cautions_anew(turn)
    if not since_last.offers_gentle(turn, phase.routine):
        turn.say(line("since.worse"))
        begin(turn, phase.routine)


def refuse_gentle(turn: Turn, phase: OfferingGentle) -> None:
    """The user does not want the gentle routine; what was not asked yet before the one they wanted is asked."""
    if phase.routine is None or turn.session.user.screened:
        rating.refuse_gentle(turn, phase)
        return
    turn.hush()
    turn.change(pain=replace(turn.session.pain, at=turn.now))  # and not offered for a number once more
    turn.say(line("rating.with_care"))
    begin(turn, phase.routine)


def due_for(session: Session, key: str) -> tuple[str, ...]:
    """The questions to be asked before a routine."""
    health = session.user.health
    if not health.complete:
        return all_questions(session)
    news = () if session.user.screened else (NEWS,)
    open_ones = tuple(CLEARED + q for q in not_cleared(session))
    steps = {step.key for step in known_routine(session, key).steps}
    return (*news, *open_ones, *(LEG + exercise for exercise in sorted(health.worse_before & steps)))


def all_questions(session: Session) -> tuple[str, ...]:
    """Every question of the screening, in its order."""
    return tuple(question.key for question in session.safety.questions)


def not_cleared(session: Session) -> tuple[str, ...]:
    """Questions answered with yes for which a doctor has to agree and has not."""
    health = session.user.health
    return tuple(
        q.key
        for q in session.safety.questions
        if q.kind == "clearance" and health.said_yes(q.key) and q.key not in health.cleared
    )


def question(session: Session, phase: Screening) -> Line:
    """The words of the open question."""
    return lines.screening_question(session, phase.questions[0], phase.routine)


def has_begun(session: Session, phase: Screening) -> bool:
    """Whether the open question is being said, or has been: an answer before that is none."""
    return question(session, phase) not in session.speaking[1:]


def ends_the_day(session: Session, phase: Screening, answer: Command) -> bool:
    """Whether it is a "yes" to a question whose "yes" ends the day."""
    asked = phase.questions[0]
    kinds = {question.key: question.kind for question in session.safety.questions}
    meant = answer.intent == "Yes" and _answers(answer.slots, asked)
    return meant and has_begun(session, phase) and kinds.get(asked) == "emergency"


def _answers(said: Mapping[str, SlotValue], asked: str) -> bool:
    """Whether a yes that may say itself which questions it answers is one to this question."""
    return asked == NEWS or asked in str(said.get("about", asked)).split()


def answer(turn: Turn, phase: Screening, *, yes: bool, said: Mapping[str, SlotValue] = NOTHING_MORE) -> None:
    """Take the answer to the question that is open, and go on with what follows from it.

    Args:
        turn: The turn.
        phase: The questions that are due.
        yes: The answer.
        said: ``hedged``, where it was a yes with a but, such as "sometimes": no word of a doctor's. ``about``, where it
            says itself which questions it answers: no answer to another one.
    """
    asked, remaining = phase.questions[0], phase.questions[1:]
    if ("hedged" in said and asked.startswith(CLEARED)) or not _answers(said, asked):
        turn.hush()
        turn.say(*turn.asked_again())
        return
    begun = has_begun(turn.session, phase)
    unheard = turn.hush()
    if not begun:
        turn.say(*(unheard[1:] if unheard[0] in {INTRO, INTRO_AGAIN} else unheard))
        return
    told: tuple[Line, ...] = ()
    if asked == NEWS:
        if yes:
            remaining = (*all_questions(turn.session), *(q for q in remaining if q.startswith(LEG)))
            _hear_cautions_anew(turn)
    elif asked.startswith(CLEARED):
        if not _take_clearance(turn, asked.removeprefix(CLEARED), yes=yes):
            return
    elif asked.startswith(LEG):
        told = _take_leg(turn, asked.removeprefix(LEG), yes=yes)
    else:
        taken = _take_answer(turn, asked, yes=yes)
        if taken is None:
            return
        told, first = taken
        remaining = (*first, *remaining)
    _ask(turn, replace(phase, questions=remaining), *told)


def _ask(turn: Turn, phase: Screening, *said: Line) -> None:
    """Ask the next question, if there is one left; else go on with what waits for the answers."""
    if phase.questions:
        if phase.questions[0] == NEWS and question(turn.session, phase).slots:
            turn.change(announced=phase.routine)
        begins = phase.routine is not None and not isinstance(turn.session.phase, Screening)
        if begins and not turn.session.user.health.complete:
            said = (*said, INTRO_AGAIN if turn.session.user.health.answers else INTRO)
        turn.ask(phase, *said)
        return
    health = turn.session.user.health
    if not health.complete and all(q in health.answers for q in all_questions(turn.session)):
        turn.learn(health=replace(health, complete=True))
        turn.record(ScreeningComplete())
        if phase.routine is not None:
            _leave_out_what_was_asked(turn, phase.routine)
    turn.learn(screened=True)
    if said:
        turn.say(*said)
    if phase.left is not None:
        going_on.go_on(turn, phase.left)
    elif phase.routine is not None:
        since_last.before(turn, phase.routine)
    else:
        turn.enter(Introducing())
        turn.say(line("screening.noted"))


def _hear_cautions_anew(turn: Turn) -> None:
    """Something has changed: no caution is taken for heard."""
    turn.learn(practice=replace(turn.session.user.practice, cautions_heard=frozenset()))
    turn.change(announced=None)


def _leave_out_what_was_asked(turn: Turn, key: str) -> None:
    """The cautions that say no more than what was asked a minute ago count as heard."""
    asked = frozenset(caution.say for caution in known_routine(turn.session, key).cautions if caution.asked)
    for caution in sorted(asked):
        turn.record(CautionHeard(caution))
    practice = turn.session.user.practice
    turn.learn(practice=replace(practice, cautions_heard=practice.cautions_heard | asked))


def _take_answer(turn: Turn, question: str, *, yes: bool) -> tuple[tuple[Line, ...], tuple[str, ...]] | None:
    """What is said of an answer, and what has to be asked because of it; None where nothing may follow."""
    session = turn.session
    health = session.user.health
    turn.record(HealthAnswer(question, yes))
    turn.learn(
        health=replace(
            health,
            answers={**health.answers, question: yes},
            cleared=health.cleared - ({question} if not yes else set()),
        )
    )
    kind = session.safety.question(question).kind
    if not yes:
        return (), ()
    if kind == "emergency":
        alerting.alert(turn, question)
        return None
    advice = (line(f"screening_yes.{question}"),)
    if kind == "clearance":
        return advice, (CLEARED + question,)
    return advice, ()


def _take_clearance(turn: Turn, question: str, *, yes: bool) -> bool:
    """Whether the routine may go on after the answer."""
    health = turn.session.user.health
    turn.record(Cleared(question, yes))
    cleared = health.cleared | {question} if yes else health.cleared - {question}
    turn.learn(health=replace(health, cleared=cleared))
    if not yes:
        turn.enter(Closing())
        turn.say(line("screening.not_yet"))
    return yes


def _take_leg(turn: Turn, exercise: str, *, yes: bool) -> tuple[Line, ...]:
    session = turn.session
    health = session.user.health
    turn.learn(health=replace(health, worse_before=health.worse_before - {exercise}))
    if not yes:
        turn.record(LegSettled(exercise))
        return ()
    turn.learn(left_out=session.user.left_out | {exercise})
    return (line("leg.left_out_today", name=lines.name_of_exercise(session, exercise)),)


def review(turn: Turn, _: Command) -> None:
    """Read the answers out and ask whether to change them."""
    turn.hush()
    if not turn.session.user.health.answers:
        turn.enter(Introducing())
        turn.say(line("health.none"))
        return
    turn.ask(ReviewingHealth(erase=False))


def forget(turn: Turn, _: Command) -> None:
    """Ask whether the answers shall be erased."""
    turn.hush()
    turn.ask(ReviewingHealth(erase=True))


def not_sure(turn: Turn) -> None:
    """The user doesn't know: what to do then, and the question again."""
    turn.hush()
    turn.say(line("screening.not_sure"), *turn.asked_again())


def answer_review(turn: Turn, phase: ReviewingHealth, *, yes: bool) -> None:
    """Change or erase the answers, or leave them."""
    session = turn.session
    turn.hush()
    if not yes:
        turn.enter(Introducing())
        turn.say(line("health.kept"))
    elif phase.erase:
        turn.record(HealthForgotten())
        turn.learn(health=Health(worse_before=session.user.health.worse_before), screened=False)
        turn.enter(Introducing())
        turn.say(line("health.erased"))
    else:
        _ask(turn, Screening(None, all_questions(session)))
