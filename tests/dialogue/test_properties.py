"""What must hold whatever the user says whenever: found out by saying anything at any time."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import datetime
from typing import get_args

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from assistant.dialogue import lines
from assistant.dialogue.commands import HANDLERS
from assistant.dialogue.digest import Digest
from assistant.dialogue.events import DiaryRead, Heard, NotUnderstood, SoundBack, SoundLost
from assistant.dialogue.exercising.going_on import unfinished_of
from assistant.dialogue.exercising.setting_out import ruled_out
from assistant.dialogue.facts import EndedForPain, Held, LegMove, Moved, SignNoticed, SignTakenBack, Since
from assistant.dialogue.manager import next_deadline
from assistant.dialogue.questions.all_right import IN_PAIN, MATTERS
from assistant.dialogue.questions.table import QUESTIONS
from assistant.dialogue.state.care_phases import (
    Alerted,
    Alerting,
    AskingNews,
    AskingPain,
    AskingSinceLast,
    ChoosingActivity,
    OfferingActivities,
    OfferingGentle,
    RatingActivity,
    TakingBack,
)
from assistant.dialogue.state.doses import SHORTEST_HOLD_S, dose_of, seconds_remaining
from assistant.dialogue.state.harms import URGENT
from assistant.dialogue.state.ladder import STRONG_PAIN
from assistant.dialogue.state.phases import (
    AskingAllRight,
    AskingHowBad,
    AskingLeg,
    AskingSide,
    AskingToGoOn,
    AskingWhetherToStop,
    Cautioning,
    CheckingIn,
    Choosing,
    Closing,
    Confirming,
    ConfirmingDose,
    GettingReady,
    GettingUp,
    Holding,
    Idle,
    Introducing,
    Moving,
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
    beneath,
    name_of,
)
from assistant.dialogue.state.practice import Practice
from assistant.dialogue.state.reminding import AskingReminder, ConfirmingReminder, ForgettingReminders, Reminding
from assistant.dialogue.state.takes import HEARD_TOGETHER, TAKES, context_of
from assistant.dialogue.state.user import Counting, Health, Preferences
from assistant.reminders.reminder import DAILY, Schedule
from assistant.routines import Hold, Reps
from assistant.routines.dose_ranges import LONGEST_HOLD_S, amounts, least_allowed, most_allowed
from assistant.routines.model import DoseUnit
from intents import Command
from tests.dialogue.drawn_commands import COMMANDS, INTENTS, SLOTS
from tests.dialogues.world import ANSWERED, EXERCISES, ROUTINES, VOCABULARY, WORDING, World, new_session

STOP = Command("Stop", {}, "stop")
HEALTH = st.sampled_from(
    [
        Health(),
        *(ANSWERED, ANSWERED, ANSWERED),
        replace(ANSWERED, worse_before=frozenset({"press-up"})),
        replace(ANSWERED, answers={**ANSWERED.answers, "brittle_bones": True}),
        replace(ANSWERED, answers={**ANSWERED.answers, "pregnancy": True}),
        replace(ANSWERED, answers={**ANSWERED.answers, "surgery": True}),
    ]
)
YES, NO = Command("Yes"), Command("No")
ANSWERS: dict[type[Phase], tuple[Command, ...]] = {
    Screening: (YES, NO),
    ReviewingHealth: (YES, NO),
    AskingSide: (Command("Side", {"side": "left"}), Command("Side", {"side": "right"})),
    AskingLeg: tuple(Command("LegPain", {"moved": moved}) for moved in get_args(LegMove)),
    CheckingIn: (Command("Easier"), Command("Next"), *(Command("Number", {"number": n}) for n in (0, 4, 9))),
    AskingHowBad: tuple(Command("Number", {"number": n}) for n in (0, 4, 6, 9)),
    AskingToGoOn: (YES, NO, Command("Ready"), Command("Resume")),
    WakingUp: (YES, NO, Command("ImFine")),
    TakingBack: (YES, NO),
    Confirming: (YES, NO),
    **dict.fromkeys((ConfirmingReminder, ForgettingReminders), (YES, NO)),
    AskingReminder: (Command("ReminderTime", {"hour": 9}), NO),
    ConfirmingDose: (YES, NO),
    AskingPain: (
        *(Command("PainLevel", {"pain": n, "leg": 7}) for n in (1, 8)),
        Command("Number", {"number": 0}),
        Command("PainLevel", {"pain": 7, "place": "back"}),
        Command("Next"),
    ),
    OfferingGentle: (YES, NO),
    AskingSinceLast: (*(Command("SinceLast", {"since": since}) for since in get_args(Since)), Command("NotSure")),
    AskingNews: (YES, NO, *(Command("SinceLast", {"since": since}) for since in get_args(Since)), Command("NotSure")),
    Choosing: (Command("Number", {"number": 1}), NO),
    OfferingActivities: (YES, NO),
    ChoosingActivity: (Command("Activity", {"activity": "driving"}), NO),  # of those drawn none is chosen twice
    RatingActivity: (Command("Number", {"number": 4}), Command("Next")),
    **dict.fromkeys((OfferingToGoOn, OfferingVoice, OfferingClearSpeech), (YES, NO)),
    AskingAllRight: (Command("ImFine"), YES, NO),
    AskingWhetherToStop: (Command("Ready"), Command("Resume"), YES, NO, Command("ImFine")),
    ReadingBack: (YES, NO),
    Positioning: (Command("Ready"),),
    GettingUp: (Command("Ready"), YES, Command("Next")),
}
WILLING = {
    Screening: NO,
    AskingSide: Command("Side", {"side": "left"}),
    Positioning: Command("Ready"),
    AskingLeg: Command("LegPain", {"moved": "same"}),
    CheckingIn: Command("Easier"),
    AskingHowBad: Command("Number", {"number": 2}),
    AskingToGoOn: YES,
    WakingUp: YES,
    TakingBack: NO,
    Confirming: NO,
    AskingReminder: Command("ReminderTime", {"hour": 9}),
    ConfirmingReminder: YES,
    ForgettingReminders: NO,
    ConfirmingDose: YES,
    ReviewingHealth: NO,
    AskingPain: Command("Next"),
    AskingNews: NO,
    OfferingActivities: NO,
    ChoosingActivity: NO,
    RatingActivity: Command("Number", {"number": 4}),
    OfferingGentle: NO,
    AskingSinceLast: Command("SinceLast", {"since": "better"}),
    AskingAllRight: Command("ImFine"),
    AskingWhetherToStop: Command("Ready"),
    ReadingBack: YES,
    GettingUp: Command("Ready"),
    Paused: Command("Resume"),
}
"""What somebody says who wants to go on."""

IN_HABIT = Practice(
    3,
    away=1,
    cautions_heard=frozenset(caution.say for routine in ROUTINES.values() for caution in routine.cautions),
)

MAY_BE_LEFT_OPEN = (
    *(AskingPain, AskingSinceLast, OfferingGentle, Choosing, Positioning),
    *(OfferingActivities, ChoosingActivity, RatingActivity),
    *(AskingReminder, ConfirmingReminder, ForgettingReminders),
    OfferingVoice,
    OfferingClearSpeech,
)
"""The phases in which silence is an answer, too."""

REMINDING = Reminding(0.0, datetime(2026, 11, 30, 10, 15), (Schedule(480, DAILY), Schedule(690, (0, 3))))


class AnyUser(RuleBasedStateMachine):
    """A user who says anything at any time, over a microphone that comes and goes."""

    @initialize(
        side=st.sampled_from([None, "left", "right"]),
        counting=st.sampled_from(get_args(Counting)),
        ready_after=st.sampled_from([None, 10.0]),
        first=st.booleans(),
        health=HEALTH,
        screened=st.booleans(),
        diary=st.sampled_from(
            [
                None,
                Digest(),
                Digest(left_open=3, last_level=6, pain_week=5, pain_week_before=4),
                Digest(last_stretch=1, last_level=3),
            ]
        ),
        practice=st.sampled_from([Practice(), IN_HABIT]),
    )
    def switch_on(
        self,
        side: str | None,
        counting: Counting,
        ready_after: float | None,
        first: bool,
        health: Health,
        screened: bool,
        diary: Digest | None,
        practice: Practice,
    ) -> None:
        session = new_session(
            preferences=Preferences(counting, ready_after),
            sore_side=side,
            disclaimer_due=first,
            health=health,
            screened=screened and health.complete,
            diary=diary,
            practice=practice,
            reminding=REMINDING,
        )
        self.world = World(session).start()

    @rule(command=COMMANDS)
    def say(self, command: Command) -> None:
        if command.intent in {"Goodbye", "Symptom"}:
            return
        self.world.feed(Heard(command, 1.0, self.world.now, self.world.now))

    @rule(routine=st.sampled_from(sorted(ROUTINES)))
    def start(self, routine: str) -> None:
        self.world.feed(Heard(Command("StartRoutine", {"routine": routine}), 1.0, 0.0, 0.0))

    @rule(symptom=SLOTS["Symptom"], really=st.integers(0, 7))
    def feel_a_sign(self, symptom: dict[str, str], really: int) -> None:
        if really == 0:  # nothing more happens in a session after it
            self.world.feed(Heard(Command("Symptom", symptom), 1.0, self.world.now, self.world.now))

    @rule(
        reason=st.sampled_from(["noise", "unsure", "not a phrase"]),
        hint=st.sampled_from([None, None, *sorted(URGENT)]),
        near=st.booleans(),
    )
    def mumble(self, reason: str, hint: str | None, *, near: bool) -> None:
        self.world.feed(NotUnderstood(reason, hint, near))

    @precondition(lambda self: bool(TAKES[type(self.world.session.phase)]))
    @rule(data=st.data())
    def say_something_that_is_taken(self, data: st.DataObject) -> None:
        taken = [
            intent for intent in TAKES[type(self.world.session.phase)] if intent not in {"Goodbye", "Stop", "Symptom"}
        ]
        intent = data.draw(st.sampled_from(taken))
        slots = data.draw(SLOTS.get(intent, st.just({})))
        self.world.feed(Heard(Command(intent, slots), 1.0, self.world.now, self.world.now))

    @rule(seconds=st.floats(0.01, 60.0))
    def wait(self, seconds: float) -> None:
        self.world.pass_time(seconds)

    @rule()
    def listen_to_the_end(self) -> None:
        self.world.until_quiet()

    @rule(routine=st.sampled_from(sorted(ROUTINES)), turns=st.integers(1, 12), waits=st.floats(1.0, 20.0))
    def go_on_willingly(self, routine: str, turns: int, waits: float) -> None:
        for _ in range(turns):
            if isinstance(self.world.session.phase, Idle | Introducing | Closing):
                command: Command | None = Command("StartRoutine", {"routine": routine})
            else:
                command = WILLING.get(type(self.world.session.phase))
            if command is None:
                self.world.pass_time(waits)
            else:
                self.world.until_quiet()
                self.world.feed(Heard(command, 1.0, self.world.now, self.world.now))

    @precondition(lambda self: self.world.session.diary is not None)
    @rule(left_open=st.integers(0, 3))
    def another_day_begins(self, left_open: int) -> None:
        self.world.feed(DiaryRead(Digest(week_days=2, last_stretch=1, left_open=left_open), {}))

    @rule(
        back_after=st.floats(0.0, 5.0),
        away_s=st.sampled_from([1.0, 1000.0]),
        device=st.sampled_from(["microphone", "loudspeaker", "recogniser"]),
    )
    def lose_sound(self, back_after: float, away_s: float, device: str) -> None:
        self.world.feed(SoundLost(device))
        self.world.pass_time(back_after)
        self.world.feed(SoundBack(away_s))

    @rule(agrees=st.booleans(), stale=st.booleans(), asked=st.booleans())
    def is_killed_and_started_again(self, agrees: bool, stale: bool, asked: bool) -> None:
        before = self.world.session
        left = unfinished_of(before, self.world.now)
        again = new_session(
            user=replace(before.user, screened=before.user.screened and asked, disclaimer_due=False),
            unfinished=left and replace(left, stale=stale),
        )
        self.world = World(again, facts=self.world.facts).start()
        if left is not None and not stale:
            assert unfinished_of(self.world.session, 0.0) == left, "what is not answered is not lost"
            self.world.until_quiet()
            self.world.feed(Heard(Command("Yes" if agrees else "No"), 1.0, 0.0, 0.0))

    @precondition(lambda self: isinstance(self.world.session.phase, Holding))
    @rule(wait=st.floats(0.0, 20.0))
    def pausing_keeps_what_is_left_of_a_hold(self, wait: float) -> None:
        phase = self.world.session.phase
        assert isinstance(phase, Holding)
        left = seconds_remaining(phase, self.world.now)
        self.world.feed(Heard(Command("Pause"), 1.0, 0.0, 0.0))
        self.world.pass_time(wait)
        assert isinstance(self.world.session.phase, Paused)
        self.world.feed(Heard(Command("Resume"), 1.0, 0.0, 0.0))
        if left > 0:
            while not isinstance(self.world.session.phase, Holding):
                self.world.pass_time(0.1)
            resumed = self.world.session.phase
            assert math.isclose(resumed.ends_at - resumed.starts_at, left, abs_tol=1e-6)

    @invariant()
    def stop_ends_it_in_one_event(self) -> None:
        if not hasattr(self, "world"):
            return
        phase = self.world.session.phase
        if "Stop" not in TAKES[type(phase)]:
            assert isinstance(phase, Alerting), "what to do about a sign is heard to its end"
            return
        world = World(self.world.session, now=self.world.now)
        world.feed(Heard(STOP, 1.0, world.now, world.now))
        assert isinstance(world.session.phase, Closing)
        assert world.session.under_way is None
        assert next_deadline(world.session) is None

    @invariant()
    def deadlines_are_never_in_the_past(self) -> None:
        if hasattr(self, "world"):
            due = next_deadline(self.world.session)
            assert due is None or due >= self.world.now - 1e-9

    @invariant()
    def a_pause_never_hides_another(self) -> None:
        if hasattr(self, "world"):
            phase = self.world.session.phase
            held_by = (Confirming, ConfirmingDose, AskingWhetherToStop)
            inner = phase.paused if isinstance(phase, held_by) else phase
            assert not (isinstance(inner, Paused) and isinstance(inner.resume, (Paused, *held_by)))

    @invariant()
    def nothing_is_done_that_an_answer_has_ruled_out(self) -> None:
        if not hasattr(self, "world"):
            return
        session = self.world.session
        if isinstance(session.phase, HEARD_TOGETHER):
            step = session.step
            assert step is not None
            before_today = replace(
                session, user=replace(session.user, done_today={})
            )  # the limit of a day is looked at on setting out
            assert not ruled_out(before_today, step), step.key

    @invariant()
    def nothing_is_begun_before_the_questions_are_answered_nor_after_a_sign_of_danger(self) -> None:
        if not hasattr(self, "world"):
            return
        session = self.world.session
        standing: str | None = None
        for fact in self.world.facts:
            match fact:
                case SignNoticed(symptom=symptom):
                    standing = standing or symptom
                case EndedForPain():
                    standing = standing or STRONG_PAIN
                case SignTakenBack(symptom=symptom) if symptom == standing:
                    standing = None
        assert session.user.barred_by == standing, "a sign is never forgotten in a session, unless it is taken back"
        if session.under_way is not None:
            assert session.user.barred_by is None
            assert session.user.screened
            for question in session.safety.questions:
                yes = session.user.health.said_yes(question.key)
                assert not (yes and question.kind == "emergency")
                assert not (yes and question.kind == "clearance" and question.key not in session.user.health.cleared)

    @invariant()
    def no_exercise_is_done_by_who_was_not_asked_for_news(self) -> None:
        if hasattr(self, "world") and isinstance(self.world.session.phase, (Cautioning, *HEARD_TOGETHER)):
            assert self.world.session.user.screened

    @invariant()
    def no_guest_is_asked_for_the_pain(self) -> None:
        if hasattr(self, "world") and isinstance(self.world.session.phase, AskingPain | OfferingGentle):
            assert self.world.session.diary is not None

    @invariant()
    def every_question_can_be_answered_repeated_and_left(self) -> None:
        if not hasattr(self, "world") or type(self.world.session.phase) not in QUESTIONS:
            return
        phase, now = self.world.session.phase, self.world.now
        asked = World(self.world.session, now=now)
        asked.feed(Heard(Command("Repeat"), 1.0, now, now))
        assert type(asked.session.phase) is type(phase)
        if isinstance(phase, Positioning):
            way = lines.way_there(self.world.session, phase.under_way, full=True)
            assert asked.session.last_said[: len(way)] == way, "the way there is told in full"
        else:
            assert asked.session.last_said == self.world.session.last_said
        assert asked.speaking
        asked.pass_time(600.0)
        # The number may be left open: silence is an answer to it. A list is put away, and a position may have its time.
        if isinstance(phase, TakingBack):
            assert isinstance(asked.session.phase, Alerted), "what is not taken back stands"
        elif not isinstance(phase, MAY_BE_LEFT_OPEN):
            assert type(asked.session.phase) in {type(phase), Paused}, "silence leads nowhere"
        if QUESTIONS[type(phase)].silence in (MATTERS, IN_PAIN):
            assert isinstance(asked.session.phase, Paused)
        for answer in ANSWERS[type(phase)]:
            # What is said over the start of a question is no answer to it yet: it is heard out first.
            world = World(replace(self.world.session, speaking=()), now=now)
            world.feed(Heard(answer, 1.0, now, now))
            assert world.session.phase != phase, answer
        for way_out in (Command("Symptom", {"symptom": "dizziness"}), STOP):
            world = World(self.world.session, now=now)
            world.feed(Heard(way_out, 1.0, now, now))
            assert isinstance(world.session.phase, Alerting | Closing)

    @invariant()
    def no_dose_lies_outside_both_ends_of_what_the_sources_name(self) -> None:
        if not hasattr(self, "world") or not isinstance(self.world.session.phase, GettingReady | Holding | Moving):
            return
        at = self.world.session.phase.under_way
        step, dose = at.step, dose_of(at)
        if not step.allowed or step.key in self.world.session.user.prescribed or at.here.evens is not None:
            return  # a physio's word is a source of its own; what makes the sides even is part of a dose
        unit: DoseUnit = "count" if isinstance(dose, Reps) else "seconds" if dose.breaths is None else "breaths"
        least, most = least_allowed(step.allowed, unit), most_allowed(step.allowed, unit)
        assert least is not None and most is not None
        given = amounts(dose)[unit] + at.so_far.already  # of what hurt, only the rest is done
        # Of what has a limit a day, those that were done before it was begun anew are taken off.
        assert given <= most and (given >= least or dose.short_form or step.most_a_day is not None), (step.key, dose)
        assert not isinstance(dose, Hold) or dose.seconds >= SHORTEST_HOLD_S

    @invariant()
    def every_whole_dose_is_within_what_the_exercise_allows(self) -> None:
        if not hasattr(self, "world"):
            return
        for fact in self.world.facts:
            if isinstance(fact, Held | Moved) and fact.whole:
                allowed = EXERCISES[fact.exercise].allowed if fact.exercise in EXERCISES else ()
                if isinstance(fact, Held):
                    longest = max(LONGEST_HOLD_S, most_allowed(allowed, "seconds") or 0)
                    assert 2 <= fact.seconds <= longest + 1, fact
                else:
                    assert not allowed or fact.reps <= (most_allowed(allowed, "count") or 0), fact


TestAnyUser = AnyUser.TestCase
TestAnyUser.settings = settings(
    max_examples=60, stateful_step_count=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


def test_every_command_that_a_phase_takes_has_a_handler_sentences_and_a_help_line() -> None:
    done_elsewhere = set()
    for phase, intents in TAKES.items():
        answers = QUESTIONS[phase].answers.keys() if phase in QUESTIONS else set()
        assert answers <= set(intents), f"{name_of(phase)} does not take all its answers"
        assert set(intents) - answers <= set(HANDLERS), name_of(phase)
        done_elsewhere |= set(intents) - answers
        sentences = VOCABULARY.everything.only(intents, context_of(phase))
        assert set(sentences.intents) == set(intents), name_of(phase)
    assert done_elsewhere == set(HANDLERS), "no handler is never called"
    for intent in INTENTS - {"Help"}:
        assert intent == "OutOfScope" or WORDING.text(f"help.{intent}", {})


def test_stop_is_taken_wherever_anything_is_under_way_or_being_said() -> None:
    for phase in get_args(Phase):
        assert phase.__name__ in {"Alerting", "Done"} or "Stop" in TAKES[phase]


def test_silence_never_skips_a_step_that_waits_for_the_user() -> None:
    world = World(new_session(sore_side="left")).start()
    world.hear("start sciatic stretch")
    world.until_waiting()
    waiting = world.session.phase
    world.pass_time(3600.0)
    assert world.session.phase == waiting
    asked = [s.text for s in world.spoken if "Say ready" in s.text]
    assert len(asked) == 3, "it says what it waits for twice more, then it waits without a word"


def test_an_undisturbed_hold_ticks_every_second_from_its_length_down_to_one() -> None:
    world = World(new_session(sore_side="left")).start()
    world.hear("start sciatic stretch")
    world.until_waiting()
    world.hear("ready")
    world.until_waiting()
    assert isinstance(beneath(world.session.phase), AskingLeg), "nobody answers"
    remaining = [remaining for _, remaining in world.ticks]
    assert remaining == 4 * [*range(20, 0, -1)]
    times = [at for at, _ in world.ticks]
    assert all(
        math.isclose(later - earlier, 1.0, abs_tol=1e-9)
        for earlier, later, left in zip(times, times[1:], remaining, strict=False)
        if left > 1
    )
