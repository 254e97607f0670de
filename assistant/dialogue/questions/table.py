"""All questions: what is asked, how it is asked again, what the answers and silence do. One row, one question.

To add a question: a phase in `assistant.dialogue.state.phases`, its commands in `assistant.dialogue.state.takes`, a row
here. Whoever wants it asked calls ``turn.ask(phase)``. What a row is made of: `assistant.dialogue.turn.Question`.
"""

from __future__ import annotations

from typing import cast

from assistant.dialogue import lines
from assistant.dialogue.exercising import flow, going_on
from assistant.dialogue.facts import LegMove
from assistant.dialogue.line import line
from assistant.dialogue.questions import alerting, all_right, pain, prescribing, rating, screening, starting
from assistant.dialogue.questions.all_right import MATTERS
from assistant.dialogue.state.phases import (
    AskingAllRight,
    AskingLeg,
    AskingPain,
    AskingSide,
    CheckingIn,
    Choosing,
    Confirming,
    ConfirmingDose,
    Idle,
    OfferingGentle,
    OfferingToGoOn,
    Positioning,
    ReviewingHealth,
    Screening,
)
from assistant.dialogue.turn import Question, Questions, Silence

_ROWS = (
    Question(
        OfferingToGoOn,
        asks=lambda session, phase: lines.offer_to_go_on(session, phase.left),
        asks_again=lambda *_: (line("unfinished.ask"),),
        answers={
            "Yes": lambda turn, phase, _: starting.go_on(turn, phase),
            "No": lambda turn, *_: going_on.decline(turn),
        },
    ),
    Question(
        Choosing,
        asks=lambda session, *_: lines.numbered_routines(session),
        answers={
            "Number": lambda turn, _, command: starting.choose(turn, command),
            "No": lambda turn, *_: starting.choose_none(turn),
        },
        silence=Silence(after_s=30.0, asked_at_most=1, then=lambda turn, *_: turn.enter(Idle())),
    ),
    Question(
        Screening,
        asks=lambda session, phase: (lines.screening_question(session, phase.questions[0]),),
        asks_again=lambda session, phase: (
            lines.screening_question(session, phase.questions[0]),
            line("screening.say_yes_or_no"),
        ),
        answers={
            "Yes": lambda turn, phase, _: screening.answer(turn, phase, yes=True),
            "No": lambda turn, phase, _: screening.answer(turn, phase, yes=False),
            "NotSure": lambda turn, *_: screening.not_sure(turn),
        },
        silence=MATTERS,
        why="screening.why",
    ),
    Question(
        ReviewingHealth,
        asks=lambda session, phase: (
            (line("health.erase"),) if phase.erase else (*lines.health_answers(session), line("health.change"))
        ),
        asks_again=lambda _, phase: (line("health.erase" if phase.erase else "health.change"),),
        answers={
            "Yes": lambda turn, phase, _: screening.answer_review(turn, phase, yes=True),
            "No": lambda turn, phase, _: screening.answer_review(turn, phase, yes=False),
        },
    ),
    Question(
        AskingPain,
        asks=lambda _, phase: (lines.pain_question(phase),),
        answers={
            "Number": lambda turn, phase, command: rating.take(turn, phase, pain.level_of(command)),
            "PainLevel": lambda turn, phase, command: rating.take(turn, phase, pain.level_of(command)),
            "NoPain": lambda turn, phase, _: rating.take(turn, phase, 0),
            "NotNow": lambda turn, phase, _: rating.leave_open(turn, phase),
            "NotSure": lambda turn, phase, _: rating.leave_open(turn, phase),
            "Next": lambda turn, phase, _: rating.leave_open(turn, phase),
            "No": lambda turn, phase, _: rating.leave_open(turn, phase),
            "Stop": lambda turn, phase, _: rating.stop(turn, phase),
        },
        silence=Silence(
            after_s=rating.ANSWERED_WITHIN_S,
            asked_at_most=1,
            then=lambda turn, phase: rating.leave_open(turn, phase, said=False),
        ),
        why="rating.why",
    ),
    Question(
        OfferingGentle,
        asks=lambda *_: (line("rating.bad_day"),),
        answers={
            "Yes": lambda turn, *_: screening.begin_gentle(turn),
            "No": lambda turn, phase, _: rating.refuse_gentle(turn, phase),
        },
    ),
    Question(
        AskingSide,
        asks=lambda *_: (line("side.which"),),
        asks_again=lambda *_: (line("side.which_again"),),
        answers={"Side": starting.take_side},
        silence=MATTERS,
    ),
    Question(
        Positioning,
        asks=lambda session, phase: lines.positioning(session, phase.under_way),
        asks_again=lambda *_: (line("step.say_when_there_again"),),
        answers={"Ready": lambda turn, phase, _: flow.take_position(turn, phase)},
    ),
    Question(
        AskingLeg,
        asks=lambda session, *_: (lines.leg_question(session),),
        answers={
            "LegPain": lambda turn, phase, command: pain.take_leg_answer(
                turn, phase, cast(LegMove, command.slots["moved"])
            ),
            "NoPain": lambda turn, phase, _: pain.take_leg_answer(turn, phase, "none"),
        },
        silence=MATTERS,
        why="leg.why",
    ),
    Question(
        CheckingIn,
        asks=lambda _, phase: (lines.hurts_offer(phase.under_way),),
        answers={"Number": lambda turn, _, command: pain.take_pain(turn, command)},
        silence=MATTERS,
    ),
    Question(
        AskingAllRight,
        asks=lambda *_: (line("silence.all_right"),),
        answers={
            "ImFine": lambda turn, phase, _: all_right.ask_once_more(turn, phase),
            "Yes": lambda turn, phase, _: all_right.ask_once_more(turn, phase),
            "No": lambda turn, *_: alerting.alert(turn, "not_all_right"),
            "Hurts": all_right.hurts,
        },
        silence=Silence(asked_at_most=1, then=all_right.rest),
    ),
    Question(
        Confirming,
        asks=lambda session, phase: (lines.confirmation(session, phase.routine),),
        answers={
            "Yes": lambda turn, phase, _: starting.leave_for_another(turn, phase),
            "No": lambda turn, phase, _: flow.resume(turn, phase.paused),
        },
    ),
    Question(
        ConfirmingDose,
        asks=lambda session, phase: (lines.dose_question(session, phase.prescribed),),
        answers={
            "Yes": lambda turn, phase, _: prescribing.confirm(turn, phase, yes=True),
            "No": lambda turn, phase, _: prescribing.confirm(turn, phase, yes=False),
        },
    ),
)

QUESTIONS: Questions = {row.phase: row for row in _ROWS}
"""The row of each phase that waits for an answer."""
