"""Signs of danger, and pain that is too strong: all is left, fixed words are said to their end, nothing is begun.

* Who does not answer after a sign hears what to do again, slowly; so does at once who calls for help.
* Who lies on the floor is led up when they say so, one act at a time; not who waits for help.
* What was misheard can be taken back by voice: it is asked what it is about, and then it is gone on with.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from assistant.dialogue import alert_lines
from assistant.dialogue.exercising import flow, going_on
from assistant.dialogue.exercising.adjusting import MOST_STEPS, answer
from assistant.dialogue.exercising.recording import keep_record
from assistant.dialogue.facts import EndedForPain, Held, ScreeningComplete, SignNoticed, SignTakenBack
from assistant.dialogue.line import Line, line
from assistant.dialogue.questions import getting_up
from assistant.dialogue.state.care_phases import Alerted, Alerting, TakingBack
from assistant.dialogue.state.ladder import STRONG_PAIN, Rating
from assistant.dialogue.state.phases import Closing, GettingUp, Introducing, OfferingToGoOn, Paused
from assistant.dialogue.state.session import Session
from assistant.dialogue.state.unfinished import Unfinished
from assistant.dialogue.turn import Silence, Turn, at_once

SLOWER_BY = 2
"""Steps of pace by which the words are said slower where nobody answers, or help is wanted."""

AGAIN_AFTER_S = 20.0
HELP_AGAIN_AFTER_S = 8.0
"""How long nobody has to say anything until the words are said again; sooner to who calls for help."""

TOLD_AT_MOST = 3
"""How often they are said in a row."""


def alert(turn: Turn, cause: str) -> None:
    """Leave everything for a sign of danger.

    Args:
        turn: The turn.
        cause: Key of a sign, or of a question of the screening, in `assistant.routines.safety`.
    """
    step = turn.session.step
    turn.learn(health=replace(turn.session.user.health, complete=False))
    _leave_everything(turn, cause, SignNoticed(cause, step.key if step else None))


def end_for_pain(turn: Turn, rating: Rating) -> None:
    """Leave everything for today, because the pain is too strong."""
    step = turn.session.step
    _leave_everything(turn, STRONG_PAIN, EndedForPain(step.key if step else None, rating.level, rating.in_leg))


def _leave_everything(turn: Turn, cause: str, fact: SignNoticed | EndedForPain) -> None:
    session = turn.session
    left = _to_be_taken_up(turn)
    keep_record(turn)
    going_on.settle(turn)
    turn.hush()
    turn.record(fact)
    turn.learn(barred_by=session.user.barred_by or cause)  # what was first is not lifted with what came after it
    acts, slowly = _acts_up(session), alert_lines.response_to(session, cause) == "help"
    told = alert_lines.alert(session, cause, exercising=session.step is not None, lying=bool(acts))
    _tell(turn, Alerting(cause, left, slowly, acts=acts), *told)


def _acts_up(session: Session) -> tuple[str, ...]:
    """What leads up from the floor; from lying, where the user was about to rise, as they lie down again."""
    if getting_up.rising(session.phase):
        return session.safety.leaving_the_floor.acts_from("on the back")
    return flow.way_up(session)


def _tell(turn: Turn, phase: Alerting, *told: Line) -> None:
    if phase.slowly:
        voice = turn.session.voice
        turn.tune(replace(voice, pace=max(-MOST_STEPS, voice.pace - SLOWER_BY)))
    turn.enter(phase)
    turn.say(*told)


def _to_be_taken_up(turn: Turn) -> Unfinished | None:
    """Where the routine stood, should it be taken up: what has been done of the exercise is noted now."""
    if isinstance(turn.session.phase, Alerted | TakingBack):
        return turn.session.phase.left
    if turn.session.under_way is None:
        return None
    left = going_on.unfinished_of(turn.session, turn.now)
    if left is None or left.moment == "leg":
        return left
    done = left.done
    amount = 0 if done is None else round(done.seconds) if isinstance(done, Held) else done.reps
    return replace(left, moment="before", so_far=replace(left.so_far, already=left.so_far.already + amount))


def alert_again(turn: Turn, cause: str, *, refused: bool = False) -> None:
    """Say the words about a sign once more.

    Args:
        turn: The turn.
        cause: As in `alert`.
        refused: Whether the user wanted to exercise all the same.
    """
    phase = turn.session.phase
    left = phase.left if isinstance(phase, Alerted | TakingBack) else None
    acts, slowly = _acts_up(turn.session), alert_lines.response_to(turn.session, cause) == "help"
    turn.hush()
    told = alert_lines.alert(turn.session, cause, exercising=False, refused=refused, lying=bool(acts))
    _tell(turn, Alerting(cause, left, slowly, acts=acts), *told)


def heard_out(turn: Turn, phase: Alerting) -> None:
    """The words have been said to their end."""
    if phase.slowly:
        turn.tune(turn.session.voice)
    turn.enter(Alerted(phase.cause, phase.left, phase.told, phase.acts))


def silence_after(turn: Turn, phase: Alerted) -> Silence[Any] | None:
    """What silence after the words does: they are said again, slowly. Who rests because of pain is let rest."""
    if phase.told >= TOLD_AT_MOST or phase.cause == STRONG_PAIN:
        return None
    wants_help = alert_lines.response_to(turn.session, phase.cause) == "help"
    return at_once(HELP_AGAIN_AFTER_S if wants_help else AGAIN_AFTER_S, _nobody_answers)


def _nobody_answers(turn: Turn, phase: Alerted) -> None:
    told = alert_lines.alert_unanswered(turn.session, phase.cause)
    _tell(turn, Alerting(phase.cause, phase.left, slowly=True, told=phase.told + 1, acts=phase.acts), *told)


def is_fine(turn: Turn, phase: Alerted) -> None:
    """The user feels well again: that is good to hear, and it stays over for today."""
    turn.enter(replace(phase, told=TOLD_AT_MOST))
    answer(turn, line("alert.fine"))


def rise(turn: Turn, phase: Alerted) -> None:
    """The user wants to rise: they are led up from the floor, one act at a time. Who waits for help stays down."""
    if phase.acts and alert_lines.leads_up(turn.session, phase.cause):
        turn.hush()
        turn.ask(GettingUp(tuple(act for act in phase.acts if act != getting_up.FIRST)))
    else:
        turn.enter(replace(phase, told=TOLD_AT_MOST))
        answer(turn, line("rating.let_be"))


def take_back(turn: Turn, phase: TakingBack) -> None:
    """It was misheard: nothing stands against exercise any more, but for what stood against it before."""
    session, user = turn.session, turn.session.user
    turn.hush()
    turn.record(SignTakenBack(phase.cause))
    if user.barred_by not in {None, phase.cause}:
        alert_again(turn, str(user.barred_by))
        return
    answers = {key: yes for key, yes in user.health.answers.items() if not (yes and key == phase.cause)}
    complete = all(question.key in answers for question in session.safety.questions)
    if complete and not user.health.complete:
        turn.record(ScreeningComplete())
    turn.learn(barred_by=None, health=replace(user.health, answers=answers, complete=complete))
    if phase.acts:
        turn.change(to_close=Paused(Closing(acts=phase.acts)))  # who then does nothing more is led up
    if phase.left is None:
        turn.enter(Introducing())
        turn.say(line("alert.taken_back"), line("greeting.welcome"))
        return
    turn.change(unfinished=phase.left)
    turn.enter(OfferingToGoOn(phase.left))
    turn.say(line("alert.taken_back"), line("unfinished.ask"))


def ask_whether_misheard(turn: Turn, phase: Alerted) -> None:
    """A false alarm, says the user: ask whether it was none, by its name."""
    turn.hush()
    turn.ask(TakingBack(phase.cause, phase.left, phase.acts))
