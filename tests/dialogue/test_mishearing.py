"""What was heard and not understood is never met with silence, and costs nobody a second of a hold."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from assistant.dialogue.actions import Chime, Say
from assistant.dialogue.events import Heard, NotUnderstood
from assistant.dialogue.facts import Prescribed
from assistant.dialogue.mishearing import ASKED_EVERY_S, SOUND_EVERY_S, SPEECH
from assistant.dialogue.questions.table import QUESTIONS
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
from assistant.dialogue.state.doses import seconds_remaining
from assistant.dialogue.state.harms import HARMS, URGENT
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
    Holding,
    Idle,
    OfferingClearSpeech,
    OfferingToGoOn,
    OfferingVoice,
    Paused,
    Phase,
    Positioning,
    ReadingBack,
    ReviewingHealth,
    Screening,
    WakingUp,
    name_of,
)
from assistant.dialogue.state.plan import plan
from assistant.dialogue.state.reminding import AskingReminder, ConfirmingReminder, ForgettingReminders
from assistant.dialogue.state.under_way import UnderWay
from assistant.dialogue.state.unfinished import Unfinished
from assistant.reminders.meaning import Meant
from assistant.reminders.reminder import DAILY, Schedule
from intents import Command
from intents.language import ENGLISH
from tests.dialogue.drawn_commands import INTENTS
from tests.dialogue.test_properties import AnyUser
from tests.dialogues.world import ROUTINES, World, new_session


class AnyMumbler(AnyUser):
    """A user of whom much is not understood."""

    def __init__(self) -> None:
        super().__init__()
        self.asked_at: float | None = None
        self.asked_in: World | None = None

    @rule(reason=st.sampled_from(["unsure", "not a phrase"]), hint=st.sampled_from([None, *sorted(URGENT)]))
    def mumble_nearby(self, reason: str, hint: str | None) -> None:
        before, now = self.world.session, self.world.now
        actions = self.world.feed(NotUnderstood(reason, hint, near=True))
        if reason in SPEECH and type(before.phase) in QUESTIONS and not before.speaking:
            sounded = before.in_passing.sounded_at
            all_said = before.waiting.reprompted == 3 and sounded is not None and now - sounded < SOUND_EVERY_S
            assert all_said or any(isinstance(action, Say | Chime) for action in actions)

    @precondition(lambda self: isinstance(self.world.session.phase, Holding))
    @rule(hint=st.sampled_from(sorted(URGENT)), thinks=st.floats(0.0, 9.0), answer=st.sampled_from(["Ready", "No"]))
    def a_hold_that_is_carried_on_with_is_held_for_its_whole_seconds(
        self, hint: str, thinks: float, answer: str
    ) -> None:
        phase, now = self.world.session.phase, self.world.now
        asked_at = self.world.session.in_passing.asked_at
        assert isinstance(phase, Holding)
        left = seconds_remaining(phase, now)
        self.world.feed(NotUnderstood("not a phrase", hint))
        if not isinstance(self.world.session.phase, AskingWhetherToStop):
            assert asked_at is not None and now - asked_at < ASKED_EVERY_S, "it is asked at once"
            return
        self.world.pass_time(thinks)
        self.world.feed(Heard(Command(answer), 1.0, 0.0, 0.0))
        if left > 0:
            while not isinstance(self.world.session.phase, Holding):
                self.world.pass_time(0.1)
            resumed = self.world.session.phase
            assert math.isclose(resumed.ends_at - resumed.starts_at, left, abs_tol=1e-6)
            assert math.isclose(resumed.seconds, phase.seconds, abs_tol=1e-6)

    @invariant()
    def it_is_asked_whether_to_stop_at_most_once_a_minute(self) -> None:
        if not hasattr(self, "world"):
            return
        asked_at = self.world.session.in_passing.asked_at
        if asked_at != self.asked_at and self.world is self.asked_in and asked_at is not None:
            assert self.asked_at is None or asked_at - self.asked_at >= ASKED_EVERY_S
        self.asked_at, self.asked_in = asked_at, self.world


TestAnyMumbler = AnyMumbler.TestCase
TestAnyMumbler.settings = settings(
    max_examples=40, stateful_step_count=30, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)

ROUTINE = ROUTINES["sciatic-nerve"]
AT = UnderWay(ROUTINE, plan(ROUTINE, "left"))
PAUSED = Paused(Positioning(AT))
AT_ITS_EASIEST = AT.with_step(form="easier")
PRESCRIBED = Prescribed("press-up", 10, "reps", None)
EVERY_MORNING = Schedule(480, DAILY)
OPEN: tuple[Phase, ...] = (
    OfferingToGoOn(Unfinished(ROUTINE.key, ())),
    Choosing(),
    *(Screening(ROUTINE.key, (question,)) for question in ("chest", "news", "cleared:fall", "leg:press-up")),
    ReviewingHealth(erase=False),
    ReviewingHealth(erase=True),
    AskingPain("before", ROUTINE.key),
    *(OfferingGentle(None, why) for why in ("much", "rising", "more than usual", "worse since")),
    AskingSinceLast(ROUTINE.key),
    AskingNews(ROUTINE.key),
    OfferingActivities(),
    ChoosingActivity(("walking",)),
    RatingActivity(("walking", "socks"), 1),
    AskingPain("after", None, of_leg=True, back=3),
    AskingSide(ROUTINE.key),
    Positioning(AT),
    AskingLeg(AT),
    CheckingIn(AT, PAUSED),
    CheckingIn(AT, Paused(AskingLeg(AT))),
    AskingHowBad(None),
    AskingToGoOn(PAUSED),
    GettingUp(("rest", "rise"), done=True),
    GettingUp(("rise",), done=False),
    GettingUp(("rise",), paused=PAUSED),
    GettingUp(("rise",), leaving=True),
    WakingUp(PAUSED),
    TakingBack("chest_pain"),
    CheckingIn(AT_ITS_EASIEST, Paused(Positioning(AT_ITS_EASIEST))),
    AskingAllRight(AskingSide(ROUTINE.key)),
    Confirming(ROUTINE.key, PAUSED),
    ConfirmingDose(PRESCRIBED, None),
    OfferingVoice("en-gb", None),
    OfferingClearSpeech(None),
    AskingReminder(Meant()),
    ConfirmingReminder(Meant(hour=8), EVERY_MORNING, date(2026, 11, 30)),
    ForgettingReminders((EVERY_MORNING,), date(2026, 11, 30)),
    *(AskingWhetherToStop(heard, PAUSED) for heard in sorted(URGENT)),
    ReadingBack(AskingLeg(AT), Command("LegPain", {"moved": "higher"})),
    ReadingBack(Screening(ROUTINE.key, ("chest",)), Command("Yes")),
)


def test_every_question_is_among_those_that_are_tried() -> None:
    assert {type(phase) for phase in OPEN} == set(QUESTIONS)


@pytest.mark.parametrize("phase", OPEN, ids=map(name_of, OPEN))
def test_every_question_has_three_reprompts_that_differ_then_a_sound(phase: Phase) -> None:
    world = World(new_session(phase=phase))
    row: Any = QUESTIONS[type(phase)]
    told = [" ".join(map(world.text, lines)) for lines in row.reprompts(world.session, phase)]
    assert len(set(told)) == 3 and all(told)
    for expected in told:
        before = len(world.spoken)
        world.feed(NotUnderstood("not a phrase", near=True))
        world.until_quiet()
        assert " ".join(spoken.text for spoken in world.spoken[before:]).endswith(expected)
        assert world.session.phase == phase
    before = len(world.spoken)
    world.feed(NotUnderstood("not a phrase", near=True))
    world.pass_time(1.0)
    assert len(world.spoken) == before
    assert [kind for _, kind in world.chimes] == ["attention"]


def test_what_a_mistake_does_is_known_of_every_intent() -> None:
    assert set(HARMS) == INTENTS
    assert set(ENGLISH.urgent.values()) == URGENT == {"Stop", "Hurts", "Symptom"}


def test_of_two_urgent_words_the_weightier_counts() -> None:
    assert ENGLISH.urgent_intent(["stop", "pain", "chest"]) == "Symptom"
    assert ENGLISH.urgent_intent(["stop", "hurts"]) == "Hurts"
    assert ENGLISH.urgent_intent(["chestnut", "stopped"]) is None


def test_all_that_is_answered_to_a_mumble_is_passed_over_by_repeat() -> None:
    world = World(new_session()).start()
    world.hear("start sciatic stretch")
    world.until_quiet()
    asked = world.session.last_said
    world.hear("purple elephants")
    world.until_quiet()
    assert world.session.last_said == asked


@pytest.mark.parametrize("phase", [Idle(), Positioning(AT), PAUSED], ids=name_of)
def test_what_is_written_is_answered_in_words_each_time(phase: Phase) -> None:
    world = World(new_session(phase=phase))
    for _ in range(5):
        world.pass_time(1.0)
        before = len(world.spoken)
        world.feed(NotUnderstood("not a phrase", near=True, written=True))
        world.until_quiet()
        assert len(world.spoken) > before


def test_what_is_written_in_a_hold_costs_nothing_of_it() -> None:
    hold = Holding(AT, starts_at=0.0, ends_at=20.0, seconds=20.0, upcoming=-1)
    world = World(new_session(phase=hold))
    world.feed(NotUnderstood("not a phrase", near=True, written=True))
    world.feed(NotUnderstood("not a phrase", near=True, written=True))
    assert world.session.phase == hold and [line.key for line in world.session.speaking] == ["unsure.ask"]
