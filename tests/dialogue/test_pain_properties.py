"""What must hold of pain, whatever is rated whenever: found out by hurting at any time, at any strength."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from assistant.dialogue.facts import EndedForPain, Fact, Held, LegMove, Moved, RoutineBegun
from assistant.dialogue.questions.leg import TRIAL_HOLD_S, TRIAL_REPS
from assistant.dialogue.state.care_phases import Alerting, AskingPain
from assistant.dialogue.state.doses import SHORTEST_HOLD_S
from assistant.dialogue.state.ladder import Rating, Rung, rung
from assistant.dialogue.state.phases import (
    AskingAllRight,
    AskingHowBad,
    AskingLeg,
    AskingSide,
    AskingToGoOn,
    CheckingIn,
    Closing,
    Done,
    GettingUp,
    Idle,
    InRoutine,
    Introducing,
    Paused,
    Phase,
    Positioning,
    ReadingBack,
)
from assistant.dialogue.state.takes import TAKES
from assistant.dialogue.state.under_way import UnderWay
from assistant.routines import Hold, Step
from assistant.routines.safety import own_safety
from intents import Command
from tests.dialogue.test_mishearing import OPEN
from tests.dialogues.world import EXERCISES, ROUTINES, VOCABULARY, World, new_session

LIMITS = own_safety().pain
RUNGS: tuple[Rung, ...] = get_args(Rung)
RATINGS = st.builds(Rating, st.integers(0, 10), st.booleans())
HURTS = Command("Hurts")
PHASES = [phase for phase in get_args(Phase) if phase not in {Alerting, Done}]


@pytest.mark.parametrize(
    ("levels", "now", "follows"),
    [
        ((), 0, "go on"),
        ((), 3, "go on"),
        ((), 4, "easier"),
        ((), 5, "easier"),
        ((), 6, "leave"),
        ((), 7, "leave"),
        ((), 8, "end"),
        ((), 10, "end"),
        ((6,), 6, "end"),
        ((7,), 3, "go on"),
        ((4, 5), 6, "leave"),
        ((5, 5), 5, "easier"),
    ],
)
def test_the_ladder_of_the_back(levels: tuple[int, ...], now: int, follows: Rung) -> None:
    assert rung([Rating(level) for level in levels], Rating(now), LIMITS) == follows


def test_the_leg_is_allowed_no_more_than_what_goes_on() -> None:
    assert rung((), Rating(3, in_leg=True), LIMITS) == "go on"
    assert rung((), Rating(4, in_leg=True), LIMITS) == "leave"
    assert rung([Rating(6)], Rating(4, in_leg=True), LIMITS) == "end"
    assert rung([Rating(5)], Rating(4, in_leg=True), LIMITS) == "leave"


def test_below_the_milder_form_there_is_no_milder_one() -> None:
    assert rung((), Rating(5), LIMITS, milder_left=False) == "leave"
    assert rung((), Rating(3), LIMITS, milder_left=False) == "go on"


@given(before=st.lists(RATINGS, max_size=5), now=RATINGS, more=RATINGS, milder_left=st.booleans())
def test_more_pain_never_leads_further_down_the_ladder(
    before: list[Rating], now: Rating, more: Rating, *, milder_left: bool
) -> None:
    here = RUNGS.index(rung(before, now, LIMITS, milder_left=milder_left))
    for stronger in (replace(now, level=max(now.level, more.level)), replace(now, in_leg=True)):
        assert RUNGS.index(rung(before, stronger, LIMITS, milder_left=milder_left)) >= here
    assert RUNGS.index(rung([*before, more], now, LIMITS, milder_left=milder_left)) >= here


@pytest.mark.parametrize("phase", PHASES, ids=lambda phase: phase.__name__)
def test_pain_signs_and_stop_are_taken_in_every_phase(phase: type[Phase]) -> None:
    assert {"Hurts", "Symptom", "Stop"} <= set(TAKES[phase])
    sentences = VOCABULARY.of_phase(phase)
    for words, intent in (("that hurts", "Hurts"), ("i feel dizzy", "Symptom"), ("stop it now", "Stop")):
        command = sentences.match(words)
        assert command is not None
        assert command.intent == intent


@pytest.mark.parametrize("phase", [Idle(), Introducing(), Closing(), *OPEN], ids=lambda phase: type(phase).__name__)
def test_it_hurts_is_asked_about_and_leads_back_to_what_was_open(phase: Phase) -> None:
    world = World(new_session(phase=phase))
    world.obey(HURTS)
    asked = world.session.phase
    if isinstance(phase, GettingUp):
        assert world.session.phase == phase, "on the way up it is the same act again, after a rest"
        assert world.speaking
        return
    assert isinstance(asked, CheckingIn | AskingHowBad | AskingPain)
    assert world.speaking
    if isinstance(phase, AskingPain | CheckingIn | AskingHowBad):
        return  # it is asked how bad it is already
    under_way = world.session.under_way
    world.until_quiet()
    world.obey(Command("Number", {"number": 1}))
    assert world.speaking
    if under_way is None:
        inner = phase.question if isinstance(phase, AskingAllRight | ReadingBack) else phase
        assert isinstance(world.session.phase, type(inner) | Introducing)
    else:
        assert world.session.under_way is not None


class Sore(RuleBasedStateMachine):
    """Somebody who does a routine willingly, and whom it hurts, here and there, now more, now less."""

    @initialize(side=st.sampled_from([None, "left", "right"]), routine=st.sampled_from(sorted(ROUTINES)))
    def set_out(self, side: str | None, routine: str) -> None:
        self.world = World(new_session(sore_side=side)).start()
        self.world.obey(Command("StartRoutine", {"routine": routine}))
        self.steps: dict[str, Step] = {}

    @rule(times=st.integers(1, 6))
    def go_on(self, times: int) -> None:
        for _ in range(times):
            match self.world.session.phase:
                case AskingLeg():
                    self.obey("LegPain", moved="same")
                case CheckingIn() | AskingHowBad():
                    self.obey("Number", number=2)
                case AskingToGoOn():
                    self.obey("Yes")
                case Paused():
                    self.obey("Resume")
                case _ if "Ready" in TAKES[type(self.world.session.phase)]:
                    self.obey("Ready")
                case AskingSide():
                    self.obey("Side", side="left")
                case _:
                    self.world.pass_time(10.0)

    @rule(seconds=st.floats(0.1, 40.0))
    def wait(self, seconds: float) -> None:
        self.world.pass_time(seconds)

    @rule(in_leg=st.booleans())
    def hurt(self, *, in_leg: bool) -> None:
        self.obey("Hurts", **({"place": "leg"} if in_leg else {}))

    @rule(level=st.integers(0, 10), place=st.sampled_from(["leg", "back", None]))
    def rate(self, level: int, place: str | None) -> None:
        self.obey("PainLevel", pain=level, **({"place": place} if place else {}))

    @rule(words=st.sampled_from(["some", "much"]))
    def rate_in_words(self, words: str) -> None:
        self.obey("PainLevel", in_words=words)

    @precondition(lambda self: isinstance(self.world.session.phase, AskingLeg))
    @rule(moved=st.sampled_from(get_args(LegMove)))
    def tell_of_the_leg(self, moved: str) -> None:
        self.obey("LegPain", moved=moved)

    @rule(intent=st.sampled_from(["Easier", "Pause", "Resume", "ImFine", "No", "NoPain", "Next"]))
    def say(self, intent: str) -> None:
        if intent in TAKES[type(self.world.session.phase)]:
            self.obey(intent)

    def obey(self, intent: str, **slots: str | int) -> None:
        self.world.obey(Command(intent, slots))

    @property
    def of_this_routine(self) -> list[Fact]:
        begun = max((n for n, fact in enumerate(self.world.facts) if isinstance(fact, RoutineBegun)), default=0)
        return self.world.facts[begun:]

    @invariant()
    def after_the_end_of_the_ladder_nothing_is_begun(self) -> None:
        if not hasattr(self, "world"):
            return
        ends = [n for n, fact in enumerate(self.world.facts) if isinstance(fact, EndedForPain)]
        if not ends:
            return
        assert not isinstance(self.world.session.phase, InRoutine)
        assert not any(isinstance(fact, Held | Moved | RoutineBegun) for fact in self.world.facts[ends[0] :])
        for routine in ROUTINES:
            again = World(self.world.session, now=self.world.now)
            again.obey(Command("StartRoutine", {"routine": routine}))
            again.until_waiting(900.0)
            assert again.session.under_way is None
            assert not again.facts

    @invariant()
    def no_set_is_given_twice(self) -> None:
        if not hasattr(self, "world"):
            return
        done: Counter[tuple[str, str | None]] = Counter()
        for fact in self.of_this_routine:
            if isinstance(fact, Moved):
                done[fact.exercise, fact.side] += fact.reps
            elif isinstance(fact, Held):
                done[fact.exercise, fact.side] += round(fact.seconds)
        if (under_way := self.world.session.under_way) is not None:
            self.steps |= {step.key: step for step in under_way.routine.steps}
        for (exercise, _), amount in done.items():
            dose = self.steps[exercise].dose
            if isinstance(dose, Hold):
                shortened = dose.times * (SHORTEST_HOLD_S + 1)  # what little is left of a hold lasts as long at least
                assert amount <= dose.seconds * dose.times + TRIAL_HOLD_S + shortened, (exercise, amount)
            else:
                assert amount <= dose.count + TRIAL_REPS, (exercise, amount)


TestSore = Sore.TestCase
TestSore.settings = settings(
    max_examples=60, stateful_step_count=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


def test_what_hurt_in_mid_set_is_not_done_from_its_beginning() -> None:
    """Seven of eight press-ups, then "it hurts", "two": one more, not eight."""
    world = World(new_session(sore_side="left")).start()
    routine = ROUTINES["lumbar-extension"]
    at = UnderWay(routine, ())
    assert at.routine.steps[0].key == "press-up"
    world.hear("start lower back stretch")
    while not isinstance(world.session.phase, Positioning):
        world.pass_time(0.5)
    world.hear("ready")
    while sum(s.line.key == "reps.count" for s in world.spoken) < 7:
        world.pass_time(0.5)
    world.pass_time(6.0)
    world.hear("it hurts")
    world.until_quiet()
    world.hear("two")
    while not isinstance(world.session.phase, AskingLeg):
        world.pass_time(0.5)
    assert sum(fact.reps for fact in world.facts if isinstance(fact, Moved)) == 8
    assert EXERCISES["press-up"].reps is not None
