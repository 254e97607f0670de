"""Time as said, and the same for both sides, whatever is asked for on the way."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.dialogue.announcing import minutes_of
from assistant.dialogue.events import Heard
from assistant.dialogue.exercising.setting_out import adapted
from assistant.dialogue.facts import Held
from assistant.dialogue.state.doses import SHORTEST_HOLD_S
from assistant.dialogue.state.phases import AskingLeg, AskingToGoOn, Holding, Positioning
from assistant.dialogue.state.plan import LETTERS_A_SECOND, USUAL_RATE, plan
from assistant.dialogue.state.practice import Practice
from assistant.dialogue.state.session import VoiceSteps
from assistant.dialogue.state.told import telling_of
from assistant.dialogue.state.under_way import UnderWay
from assistant.routines.safety import own_safety
from assistant.stage.run_through import run_through
from assistant.stage.soundless import SoundlessWorld
from assistant.voice.settings import CLEAR_PACE
from intents import Command
from tests.dialogues.world import ANSWERED, EXERCISES, ROUTINES, World, new_session

ADAPTING = [question.key for question in own_safety().questions if question.kind == "adapt"]
ALL_CAUTIONS = frozenset(
    {caution.say for routine in ROUTINES.values() for caution in routine.cautions}
    | {step.caution for routine in ROUTINES.values() for step in routine.steps}
    | {exercise.step().caution for exercise in EXERCISES.values()}
)
SIDED = sorted(key for key, routine in ROUTINES.items() if any(step.sides == "both" for step in routine.steps))
ROUNDED_S = 15.0
"""It is said in halves of a minute."""
ENDS_WITHIN_S = 3600.0
ON_THE_WAY = st.sampled_from(
    [
        *(Command("Longer"), Command("Shorter"), Command("Easier"), Command("Repeat"), Command("Pause")),
        *(Command("More", {"more": 10, "unit": "seconds"}), Command("PainLevel", {"pain": 4, "place": "back"})),
    ]
)


@given(
    key=st.sampled_from(sorted(ROUTINES)),
    yes_to=st.sets(st.sampled_from(ADAPTING)),
    side=st.sampled_from(["left", "right"]),
    met=st.sets(st.sampled_from(sorted(EXERCISES))),
    days=st.sampled_from([0, 1, 9]),
)
@settings(max_examples=40, deadline=None)
def test_a_routine_takes_as_long_as_is_said_whatever_is_left_out_of_it(
    key: str, yes_to: set[str], side: str, met: set[str], days: int
) -> None:
    health = replace(ANSWERED, answers={**ANSWERED.answers, **dict.fromkeys(yes_to, True)})
    practice = Practice(days, 1, dict.fromkeys(met, days), ALL_CAUTIONS) if days else Practice()
    known: dict[str, Any] = {"health": health, "sore_side": side, "met": frozenset(met), "practice": practice}
    session = new_session(**known)
    ours = adapted(session, ROUTINES[key]).routine
    if not ours.steps:
        return
    played = run_through(ROUTINES[key], EXERCISES, **known)
    said = minutes_of(ours, plan(ours, "left"), telling_of(session, ours)) * 60
    assert abs(said - played.now) <= 0.1 * played.now + ROUNDED_S


@pytest.mark.parametrize(("rate", "clear"), [(120, False), (150, False), (220, False), (150, True)])
@pytest.mark.parametrize("key", ["sciatic-nerve", "chair"])
def test_a_routine_takes_as_long_as_is_said_at_the_rate_that_is_set(
    key: str, rate: int, clear: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    pace = rate / USUAL_RATE * (CLEAR_PACE if clear else 1.0)
    monkeypatch.setattr(SoundlessWorld, "letters_a_second", LETTERS_A_SECOND * pace)
    routine, session = ROUTINES[key], new_session(sore_side="left")
    preferences = replace(session.preferences, rate=rate, clear_pace=CLEAR_PACE)
    set_so = replace(session, preferences=preferences, voice=VoiceSteps(clear=clear))
    played = run_through(routine, EXERCISES).now
    said = minutes_of(routine, plan(routine, "left"), telling_of(set_so, routine)) * 60
    assert abs(said - played) <= 0.1 * played + ROUNDED_S


@given(said=st.lists(st.tuples(ON_THE_WAY, st.floats(0.0, 25.0)), min_size=1, max_size=5), key=st.sampled_from(SIDED))
@settings(max_examples=100, deadline=None)
def test_both_sides_get_the_same_whatever_is_asked_for_on_the_way(said: list[tuple[Command, float]], key: str) -> None:
    world = World(new_session(sore_side="right")).start()
    hear(world, Command("StartRoutine", {"routine": key}))
    coming, shortened = list(said), set()
    held: Counter[tuple[str, str | None]] = Counter()
    wait = coming[0][1]
    while world.session.under_way is not None:
        phase = world.session.phase
        assert world.now < ENDS_WITHIN_S, phase
        if isinstance(phase, Positioning) and not world.speaking:
            hear(world, Command("Ready"))
        elif isinstance(phase, AskingLeg):
            hear(world, Command("LegPain", {"moved": "same"}))
        elif isinstance(phase, AskingToGoOn):
            hear(world, Command("Yes"))
        elif isinstance(phase, Holding) and coming and phase.under_way.here.side and wait <= 0.0:
            command, _ = coming.pop(0)
            wait = coming[0][1] if coming else 0.0
            if command.intent == "Shorter" and phase.under_way.here.side == "right":
                shortened.add(phase.under_way.step.key)
            begun = phase.under_way
            hear(world, command)
            held[begun.step.key, begun.here.side] += _carried_over(begun, world.session.under_way)
            if command.intent == "Pause":
                hear(world, Command("Resume"))
        else:
            wait -= 0.5 if isinstance(phase, Holding) else 0.0
            world.pass_time(0.5)
    for fact in world.facts:
        if isinstance(fact, Held) and fact.whole:
            held[fact.exercise, fact.side] += round(fact.seconds)
    both = {step.key for step in ROUTINES[key].steps if step.sides == "both"} - world.session.user.left_out
    for exercise in both:
        left, right = held[exercise, "left"], held[exercise, "right"]
        even = abs(left - right) < SHORTEST_HOLD_S  # less than that is no hold of its own
        assert even or (exercise in shortened and left > right), (exercise, left, right)


def _carried_over(before: UnderWay, after: UnderWay | None) -> int:
    """Seconds of a hold that need not be held again when it goes on in another form."""
    return max(0, after.so_far.already - before.so_far.already) if after and after.task == before.task else 0


def hear(world: World, command: Command) -> None:
    world.feed(Heard(command, 1.0, world.now, world.now))
