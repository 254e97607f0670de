"""All questions: what is asked, how it is asked again, what the answers and silence do. One row, one question.

To add a question: a phase in `assistant.dialogue.state.phases`, its commands in `assistant.dialogue.state.takes`, a row
here. Whoever wants it asked calls ``turn.ask(phase)``. What a row is made of: `assistant.dialogue.turn.Question`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from assistant.dialogue import announcing, lines
from assistant.dialogue.exercising import flow, going_on
from assistant.dialogue.facts import LegMove
from assistant.dialogue.line import Line, line
from assistant.dialogue.questions import (
    activities,
    alerting,
    all_right,
    asleep,
    choosing_voice,
    getting_up,
    leg,
    pain,
    prescribing,
    rating,
    reading_back,
    reminding,
    screening,
    since_last,
    starting,
    still_no_pain,
    whether_to_stop,
)
from assistant.dialogue.questions.all_right import IN_PAIN, MATTERS
from assistant.dialogue.state.care_phases import (
    AskingNews,
    AskingPain,
    AskingSinceLast,
    ChoosingActivity,
    OfferingActivities,
    OfferingGentle,
    RatingActivity,
    TakingBack,
)
from assistant.dialogue.state.phases import (
    AskingAllRight,
    AskingHowBad,
    AskingLeg,
    AskingSide,
    AskingToGoOn,
    AskingWhetherToStop,
    CheckingIn,
    Choosing,
    Confirming,
    ConfirmingDose,
    GettingUp,
    Idle,
    OfferingClearSpeech,
    OfferingToGoOn,
    OfferingVoice,
    Phase,
    Positioning,
    ReadingBack,
    ReviewingHealth,
    Screening,
    WakingUp,
)
from assistant.dialogue.state.session import Session
from assistant.dialogue.turn import UNANSWERED_S, Question, Questions, Silence, at_once


def _three(group: str, options: tuple[Line, ...] = ()) -> tuple[tuple[Line, ...], ...]:
    """What was not understood, what the options are, what will be done: the lines of a group, or other options."""
    return (line(f"{group}.missed"),), options or (line(f"{group}.options"),), (line(f"{group}.then"),)


def _reprompts(group: str) -> Callable[[Session, Phase], tuple[tuple[Line, ...], ...]]:
    return lambda *_: _three(group)


_LEAVES_IT = ("No", "NotNow", "NotSure", "Next")

_ROWS = (
    Question(
        OfferingToGoOn,
        asks=lambda session, phase: lines.offer_to_go_on(session, phase.left),
        asks_again=lambda *_: (line("unfinished.ask"),),
        answers={
            "Yes": lambda turn, phase, _: starting.go_on(turn, phase),
            "No": lambda turn, *_: going_on.decline(turn),
        },
        reprompts=_reprompts("again_unfinished"),
    ),
    Question(
        Choosing,
        asks=announcing.numbered_routines,
        answers={
            "Number": starting.choose,
            "No": lambda turn, *_: starting.choose_none(turn),
        },
        reprompts=_reprompts("again_choosing"),
        silence=Silence(after_s=15.0, then=lambda turn, *_: turn.enter(Idle())),
    ),
    Question(
        Screening,
        asks=lambda session, phase: (screening.question(session, phase),),
        asks_again=lambda session, phase: (
            screening.question(session, phase),
            line("screening.say_yes_or_no"),
        ),
        answers={
            "Yes": lambda turn, phase, command: screening.answer(turn, phase, yes=True, said=command.slots),
            "No": lambda turn, phase, _: screening.answer(turn, phase, yes=False),
            "NotSure": lambda turn, *_: screening.not_sure(turn),
            "Side": lambda turn, _, command: starting.correct_side(turn, command),
        },
        reprompts=lambda session, phase: _three(
            "again_screening",
            options=(screening.question(session, phase), line("screening.say_yes_or_no")),
        ),
        silence=MATTERS,
        why="screening.why",
        reads_back=screening.ends_the_day,
    ),
    Question(
        AskingNews,
        asks=lambda session, phase: (announcing.news_and_since(session, phase.routine),),
        answers={
            "Yes": lambda turn, phase, _: screening.some_news(turn, phase),
            "NotSure": lambda turn, phase, _: screening.some_news(turn, phase),
            "No": lambda turn, phase, _: screening.no_news(turn, phase),
            "SinceLast": screening.since_told,
            "Side": lambda turn, _, command: starting.correct_side(turn, command),
        },
        reprompts=_reprompts("again_news"),
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
        reprompts=lambda _, phase: _three(
            "again_health", options=(line("health.erase" if phase.erase else "health.change"),)
        ),
    ),
    Question(
        AskingPain,
        asks=lambda session, phase: (lines.pain_question(session, phase),),
        answers={
            "Number": rating.take,
            "PainLevel": rating.take,
            "NoPain": rating.take,
            "NotNow": lambda turn, phase, _: rating.leave_open(turn, phase),
            "NotSure": lambda turn, phase, _: rating.leave_open(turn, phase),
            "Next": lambda turn, phase, _: rating.leave_open(turn, phase),
            "No": lambda turn, phase, _: rating.leave_open(turn, phase),
            "Stop": lambda turn, phase, _: rating.stop(turn, phase),
        },
        reprompts=_reprompts("again_rating"),
        silence=at_once(rating.ANSWERED_WITHIN_S, lambda turn, phase: rating.leave_open(turn, phase, said=False)),
        why="rating.why",
    ),
    Question(
        AskingSinceLast,
        asks=lambda session, _: (line("since.ask_short" if session.user.practice.in_habit else "since.ask"),),
        answers={
            "SinceLast": since_last.take,
            **dict.fromkeys(("NotNow", "NotSure", "Next"), lambda turn, phase, _: since_last.leave_open(turn, phase)),
        },
        reprompts=_reprompts("again_since"),
        silence=at_once(rating.ANSWERED_WITHIN_S, since_last.leave_open),
        why="since.why",
    ),
    Question(
        OfferingActivities,
        asks=lambda *_: (line("activities.offer"),),
        answers={
            "Yes": lambda turn, phase, _: activities.accept(turn, phase),
            **dict.fromkeys(_LEAVES_IT, lambda turn, phase, _: activities.leave(turn, phase)),
        },
        reprompts=_reprompts("again_activities_offer"),
        silence=at_once(rating.ANSWERED_WITHIN_S, activities.leave),
        why="activities.why",
    ),
    Question(
        ChoosingActivity,
        asks=lambda _, phase: (activities.choosing_question(phase),),
        asks_again=lambda *_: (line("activities.which"),),
        answers={
            "Activity": activities.choose,
            **dict.fromkeys(_LEAVES_IT, lambda turn, phase, _: activities.leave(turn, phase)),
        },
        reprompts=_reprompts("again_activity"),
        silence=at_once(UNANSWERED_S, activities.leave),
        why="activities.why",
    ),
    Question(
        RatingActivity,
        asks=lambda _, phase: (activities.rating_question(phase),),
        answers={
            "Number": activities.rate,
            **dict.fromkeys(_LEAVES_IT, lambda turn, phase, _: activities.leave(turn, phase)),
        },
        reprompts=_reprompts("again_activity_rating"),
        silence=at_once(rating.ANSWERED_WITHIN_S, activities.leave),
        why="activities.why",
    ),
    Question(
        OfferingGentle,
        asks=lambda _, phase: lines.gentle_offer(phase),
        asks_again=lambda *_: (line("rating.gentle"),),
        answers={
            "Yes": lambda turn, *_: screening.begin_gentle(turn),
            "No": lambda turn, phase, _: screening.refuse_gentle(turn, phase),
        },
        reprompts=_reprompts("again_gentle"),
    ),
    Question(
        AskingSide,
        asks=lambda *_: (line("side.which"),),
        asks_again=lambda *_: (line("side.which_again"),),
        answers={"Side": starting.take_side},
        reprompts=_reprompts("again_side"),
        silence=MATTERS,
    ),
    Question(
        Positioning,
        asks=lambda session, phase: lines.positioning(session, phase.under_way),
        asks_again=lambda *_: (line("step.say_when_there_again"),),
        answers={"Ready": lambda turn, phase, _: flow.take_position(turn, phase)},
        reprompts=_reprompts("again_position"),
        # It takes time to get into a position, and nothing is wrong meanwhile.
        silence=Silence(
            after_s=30.0,
            reprompts=lambda *_: ((line("step.say_when_there_again"),), *_three("again_position")[1:]),
        ),
    ),
    Question(
        AskingLeg,
        asks=lambda session, *_: (lines.leg_question(session),),
        answers={
            "LegPain": lambda turn, phase, command: leg.take_answer(turn, phase, cast(LegMove, command.slots["moved"])),
            "NoPain": lambda turn, phase, _: leg.take_answer(turn, phase, "none"),
            "Number": lambda turn, _, command: pain.take_pain(turn, command),
            "Yes": lambda turn, phase, _: still_no_pain.take(turn, phase, yes=True),
            "No": lambda turn, phase, _: still_no_pain.take(turn, phase, yes=False),
        },
        reprompts=_reprompts("again_leg"),
        silence=MATTERS,
        why="leg.why",
        reads_back=lambda _, __, answer: answer.intent == "NoPain" or answer.slots.get("moved") in {"higher", "none"},
    ),
    Question(
        CheckingIn,
        asks=lambda _, phase: (lines.hurts_offer(phase),),
        answers=dict.fromkeys(("Number", "NoPain"), lambda turn, _, command: pain.take_pain(turn, command)),
        reprompts=lambda _, phase: _three("again_pain", options=(lines.hurts_offer(phase),)),
        silence=IN_PAIN,
    ),
    Question(
        AskingHowBad,
        asks=lambda *_: (line("hurts.how_bad"),),
        answers=dict.fromkeys(
            ("Number", "NoPain", "PainLevel"), lambda turn, _, command: pain.take_pain(turn, command)
        ),
        reprompts=lambda *_: _three("again_pain", options=(line("pain.number_wanted"), line("hurts.how_bad"))),
        silence=IN_PAIN,
        why="hurts.why",
    ),
    Question(
        AskingToGoOn,
        asks=lambda *_: (line("pain.go_on_at_all"),),
        answers={
            **dict.fromkeys(("Yes", "Ready", "Resume"), lambda turn, phase, _: flow.resume(turn, phase.paused)),
            "No": lambda turn, *_: flow.stop(turn),
        },
        reprompts=_reprompts("again_go_on"),
        silence=IN_PAIN,
        why="hurts.why",
    ),
    Question(
        TakingBack,
        asks=lambda _, phase: (line("taking_back.ask", cause=(line(f"taking_back.{phase.cause}"),)),),
        answers={
            "Yes": lambda turn, phase, _: alerting.take_back(turn, phase),
            "No": lambda turn, phase, _: alerting.alert_again(turn, phase.cause),
        },
        reprompts=_reprompts("again_taking_back"),
        silence=Silence(then=lambda turn, phase: alerting.alert_again(turn, phase.cause)),
    ),
    Question(
        WakingUp,
        asks=lambda *_: (line("asleep.ask"),),
        answers={
            **dict.fromkeys(("Yes", "ImFine"), lambda turn, phase, _: asleep.is_back(turn, phase)),
            "No": lambda turn, phase, _: asleep.is_not_back(turn, phase),
        },
        reprompts=_reprompts("again_asleep"),
        silence=MATTERS,
        why="asleep.why",
    ),
    Question(
        AskingWhetherToStop,
        asks=lambda _, phase: (whether_to_stop.question(phase),),
        answers={
            "Yes": whether_to_stop.confirm,
            **dict.fromkeys(
                ("Ready", "Resume", "No", "ImFine"), lambda turn, phase, _: flow.resume(turn, phase.paused)
            ),
        },
        reprompts=_reprompts("again_stop"),
        silence=whether_to_stop.SILENCE,
    ),
    Question(
        OfferingVoice,
        asks=lambda *_: (line("voice.sample"),),
        asks_again=lambda *_: (line("voice.keep"),),
        answers={
            "Yes": choosing_voice.keep,
            **dict.fromkeys(("No", "NotSure"), choosing_voice.refuse),
            **dict.fromkeys(("AnotherVoice", "Next"), choosing_voice.try_next),
            "Stop": choosing_voice.stop,
        },
        reprompts=_reprompts("again_voice"),
        silence=at_once(UNANSWERED_S, choosing_voice.refuse),
    ),
    Question(
        OfferingClearSpeech,
        asks=lambda *_: (line("voice.offer_clear"),),
        answers={"Yes": choosing_voice.accept, **dict.fromkeys(("No", "NotSure"), choosing_voice.decline)},
        reprompts=_reprompts("again_clear"),
        silence=at_once(UNANSWERED_S, choosing_voice.decline),
    ),
    Question(
        ReadingBack,
        asks=lambda _, phase: (lines.read_back(phase.answer),),
        answers={
            "Yes": lambda turn, phase, _: reading_back.confirm(turn, phase),
            "No": lambda turn, phase, _: reading_back.ask_again(turn, phase),
            "LegPain": reading_back.take_instead,
            "NoPain": reading_back.take_instead,
        },
        reprompts=lambda _, phase: _three(
            "again_read_back", options=(line("read_back.say"), lines.read_back(phase.answer))
        ),
        silence=MATTERS,
    ),
    Question(
        AskingAllRight,
        asks=lambda *_: (line("silence.all_right"),),
        answers={
            **dict.fromkeys(("ImFine", "Yes"), lambda turn, phase, _: all_right.ask_once_more(turn, phase)),
            "No": lambda turn, *_: alerting.alert(turn, "not_all_right"),
        },
        reprompts=_reprompts("again_all_right"),
        silence=at_once(UNANSWERED_S, all_right.rest),
    ),
    Question(
        GettingUp,
        asks=lambda _, phase: getting_up.act(phase),
        answers={
            "Ready": lambda turn, phase, _: getting_up.go_on(turn, phase),
            "Yes": lambda turn, phase, _: getting_up.go_on(turn, phase),
            "Next": lambda turn, phase, _: getting_up.skip(turn, phase),
            "Hurts": lambda turn, phase, _: getting_up.hurts(turn, phase),
        },
        reprompts=lambda _, phase: _three("again_getting_up", options=getting_up.options(phase)),
        silence=MATTERS,
    ),
    Question(
        Confirming,
        asks=lambda session, phase: (lines.confirmation(session, phase.routine),),
        answers={
            "Yes": lambda turn, phase, _: starting.leave_for_another(turn, phase),
            "No": lambda turn, phase, _: flow.resume(turn, phase.paused),
        },
        reprompts=_reprompts("again_confirm"),
    ),
    Question(
        ConfirmingDose,
        asks=lambda session, phase: (lines.dose_question(session, phase.prescribed),),
        answers={
            "Yes": lambda turn, phase, _: prescribing.confirm(turn, phase, yes=True),
            "No": lambda turn, phase, _: prescribing.confirm(turn, phase, yes=False),
        },
        reprompts=_reprompts("again_dose"),
    ),
    *reminding.ROWS,
)

QUESTIONS: Questions = {row.phase: row for row in _ROWS}
"""The row of each phase that waits for an answer."""
