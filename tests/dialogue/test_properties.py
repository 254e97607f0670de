"""What must hold whatever the user says whenever: found out by saying anything at any time."""

from __future__ import annotations

import math
from typing import get_args

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from assistant.dialogue.commands import HANDLERS
from assistant.dialogue.doses import seconds_remaining
from assistant.dialogue.events import Heard, NotUnderstood, SoundBack, SoundLost
from assistant.dialogue.facts import Held, Moved
from assistant.dialogue.manager import next_deadline
from assistant.dialogue.phases import (
    TAKES,
    Closing,
    Confirming,
    Holding,
    Idle,
    Introducing,
    Paused,
    Phase,
    context_of,
    name_of,
)
from assistant.dialogue.session import Counting, Preferences
from assistant.routines import Hold, Reps
from intents import Command
from tests.dialogues.world import ROUTINES, VOCABULARY, WORDING, World, new_session

SLOTS = {
    "StartRoutine": st.fixed_dictionaries({"routine": st.sampled_from(sorted(ROUTINES))}),
    "Number": st.fixed_dictionaries({"number": st.integers(0, 10)}),
    "Side": st.fixed_dictionaries({"side": st.sampled_from(["left", "right"])}),
}
COMMANDS = st.sampled_from(sorted(HANDLERS)).flatmap(
    lambda intent: SLOTS.get(intent, st.just({})).map(lambda slots: Command(intent, slots, "why should i stretch"))
)
STOP = Command("Stop", {}, "stop")


class AnyUser(RuleBasedStateMachine):
    """A user who says anything at any time, over a microphone that comes and goes."""

    @initialize(
        side=st.sampled_from([None, "left", "right"]),
        counting=st.sampled_from(get_args(Counting)),
        ready_after=st.sampled_from([None, 10.0]),
        first=st.booleans(),
    )
    def switch_on(self, side: str | None, counting: Counting, ready_after: float | None, first: bool) -> None:
        session = new_session(preferences=Preferences(counting, ready_after), sore_side=side, disclaimer_due=first)
        self.world = World(session).start()

    @rule(command=COMMANDS)
    def say(self, command: Command) -> None:
        if command.intent == "Goodbye":
            return
        self.world.feed(Heard(command, 1.0, self.world.now, self.world.now))

    @rule(routine=st.sampled_from(sorted(ROUTINES)))
    def start(self, routine: str) -> None:
        self.world.feed(Heard(Command("StartRoutine", {"routine": routine}), 1.0, 0.0, 0.0))

    @rule(reason=st.sampled_from(["noise", "unsure", "not a phrase"]))
    def mumble(self, reason: str) -> None:
        self.world.feed(NotUnderstood(reason))

    @rule(seconds=st.floats(0.01, 60.0))
    def wait(self, seconds: float) -> None:
        self.world.pass_time(seconds)

    @rule()
    def listen_to_the_end(self) -> None:
        self.world.until_quiet()

    @rule(command=st.sampled_from(["Ready", "Ready", "Next"]))
    def go_on_willingly(self, command: str) -> None:
        self.world.until_quiet()
        self.world.feed(Heard(Command(command), 1.0, 0.0, 0.0))

    @rule(back_after=st.floats(0.0, 5.0))
    def lose_the_microphone(self, back_after: float) -> None:
        self.world.feed(SoundLost("microphone"))
        self.world.pass_time(back_after)
        self.world.feed(SoundBack())

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
            assert isinstance(phase, Idle), "only where nothing is under way is there nothing to stop"
            return
        world = World(self.world.session, now=self.world.now)
        world.feed(Heard(STOP, 1.0, world.now, world.now))
        assert isinstance(world.session.phase, Closing)
        assert world.session.routine is None
        assert next_deadline(world.session) is None

    @invariant()
    def deadlines_are_never_in_the_past(self) -> None:
        if hasattr(self, "world"):
            due = next_deadline(self.world.session)
            assert due is None or due >= self.world.now - 1e-9

    @invariant()
    def what_is_listened_for_is_what_the_phase_takes(self) -> None:
        if hasattr(self, "world") and self.world.listens_for is not None:
            assert type(self.world.listens_for) is type(self.world.session.phase)

    @invariant()
    def a_pause_never_hides_another(self) -> None:
        if hasattr(self, "world"):
            phase = self.world.session.phase
            inner = phase.paused if isinstance(phase, Confirming) else phase
            assert not (isinstance(inner, Paused) and isinstance(inner.resume, Paused | Confirming))

    @invariant()
    def every_whole_hold_took_as_long_as_it_says(self) -> None:
        if not hasattr(self, "world"):
            return
        for fact in self.world.facts:
            if isinstance(fact, Held) and fact.whole:
                dose = next(s.dose for s in ROUTINES[fact.routine].steps if s.name == fact.step)
                assert isinstance(dose, Hold)
                assert 2 <= fact.seconds <= 61
            elif isinstance(fact, Moved) and fact.whole:
                dose = next(s.dose for s in ROUTINES[fact.routine].steps if s.name == fact.step)
                assert isinstance(dose, Reps)
                assert fact.reps == dose.count


TestAnyUser = AnyUser.TestCase
TestAnyUser.settings = settings(
    max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


def test_every_command_that_a_phase_takes_has_a_handler_sentences_and_a_help_line() -> None:
    taken = {intent for intents in TAKES.values() for intent in intents}
    assert taken == set(HANDLERS)
    for phase, intents in TAKES.items():
        sentences = VOCABULARY.everything.only(intents, context_of(phase))
        assert set(sentences.intents) == set(intents), name_of(phase)
    for intent in taken - {"Help"}:
        assert WORDING.text(f"help.{intent}", {})


def test_stop_is_taken_wherever_anything_is_under_way_or_being_said() -> None:
    for phase in get_args(Phase):
        assert phase.__name__ in {"Idle", "Done"} or "Stop" in TAKES[phase]


def test_silence_never_skips_a_step_that_waits_for_the_user() -> None:
    world = World(new_session(sore_side="left")).start()
    world.hear("start sciatic stretch")
    world.until_waiting()
    waiting = world.session.phase
    world.pass_time(3600.0)
    assert world.session.phase == waiting
    asked = [s.text for s in world.spoken if "Say ready" in s.text]
    assert len(asked) == 2, "it asks again, once, then waits"


def test_an_undisturbed_hold_ticks_every_second_from_its_length_down_to_one() -> None:
    world = World(new_session(sore_side="left")).start()
    world.hear("start sciatic stretch")
    world.until_waiting()
    world.hear("ready")
    world.until_waiting()
    assert isinstance(world.session.phase, Idle | Introducing)
    remaining = [remaining for _, remaining in world.ticks]
    assert remaining == [*range(20, 0, -1), *range(20, 0, -1)]
    times = [at for at, _ in world.ticks]
    assert all(
        math.isclose(later - earlier, 1.0, abs_tol=1e-9)
        for earlier, later, left in zip(times, times[1:], remaining, strict=False)
        if left > 1
    )
