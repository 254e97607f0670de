"""What is asked or adjusted in between leads nowhere: afterwards it goes on where it was, in every phase."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from copy import copy
from datetime import datetime

import pytest

from assistant.dialogue.digest import Digest
from assistant.dialogue.line import Line
from assistant.dialogue.questions.table import QUESTIONS
from assistant.dialogue.state.care_phases import Alerted, Alerting
from assistant.dialogue.state.harms import HARMS
from assistant.dialogue.state.phases import (
    AskingAllRight,
    AskingHowBad,
    AskingLeg,
    AskingToGoOn,
    AskingWhetherToStop,
    CheckingIn,
    Choosing,
    Confirming,
    Done,
    GettingUp,
    Idle,
    Introducing,
    Paused,
    Phase,
    Positioning,
    ReadingBack,
    WakingUp,
    name_of,
)
from assistant.dialogue.state.reminding import AskingReminder, ConfirmingReminder, Reminding
from assistant.dialogue.state.takes import TAKES
from assistant.dialogue.state.user import Preferences
from assistant.reminders.reminder import DAILY, Schedule
from intents import Command
from intents.types import SlotValue
from tests.dialogues.world import World, new_session

ADJUSTS: dict[str, dict[str, SlotValue]] = {
    "TellPhysio": {"note": "better"},
    "MyAim": {"days": 3},
    "MakeRoutine": {"own": "evening routine"},
    "ClearSpeech": {},
    "Longer": {},
    "Shorter": {},
    "More": {"more": 3},
    "AnotherVoice": {},
    "RatePain": {},
    "RateActivities": {},
    "Prescription": {"amount": 5, "unit": "reps", "exercise": "press-up"},
    "HealthAnswers": {},
    "ForgetHealth": {},
    "SetReminder": {"day": "tomorrow"},
    "ForgetReminder": {},
}
"""What changes something, or opens a question, and leads no routine; with what may be said of it."""

IN_BETWEEN: Mapping[str, dict[str, SlotValue]] = {
    intent: ADJUSTS.get(intent, {}) for intent, harm in HARMS.items() if harm == "asks" or intent in ADJUSTS
}

YES, NO, READY, STOP = Command("Yes"), Command("No"), Command("Ready"), Command("Stop")
THREE = Command("Number", {"number": 3})


def start(routine: str) -> Command:
    return Command("StartRoutine", {"routine": routine})


LYING = (start("after-activity"), THREE, READY)
WALKS = {
    "sides and leg": (start("sciatic-nerve"), THREE, Command("Side", {"side": "left"}), READY),
    "holds": (Command("StartRoutine", {"exercise": "figure-four"}), THREE, READY),
    "hurts": (*LYING, Command("Hurts"), Command("Number", {"number": 6}), YES, STOP),
    "hurts in general": (Command("Hurts"), THREE),
    "asleep": (*LYING, Command("Symptom", {"symptom": "asleep"}), YES, STOP),
    "paused": (*LYING, Command("Pause"), Command("Resume"), STOP),
    "another": (*LYING, start("before-activity"), NO, STOP),
    "alerted": (start("after-activity"), Command("Symptom", {"symptom": "dizziness"}), Command("FalseAlarm"), YES),
    "list": (Command("WhichRoutines"), NO),
    "dose": (Command("Prescription", ADJUSTS["Prescription"]), YES),
    "health": (Command("HealthAnswers"), NO),
    "news": (start("bad-day"), NO, THREE, READY, STOP),
    "leg read back": (start("lumbar-extension"), THREE, READY),
}
"""What is said one after the other, each as soon as nothing is said any more; then what leads on."""

ANSWERS: Mapping[type[Phase], Command] = {
    AskingLeg: Command("LegPain", {"moved": "same"}),
    CheckingIn: THREE,
    AskingHowBad: THREE,
    AskingReminder: Command("ReminderTime", {"hour": 9}),
    **dict.fromkeys((AskingToGoOn, AskingWhetherToStop, AskingAllRight, WakingUp, ReadingBack), YES),
    ConfirmingReminder: YES,
    **dict.fromkeys((Paused, Confirming), Command("Resume")),
    Positioning: READY,
    GettingUp: Command("Next"),
}
"""What leads on; to all other questions "no" does, or "skip"."""

LEAD_ON = ("No", "Next", "Ready", "Resume", "Yes", "Stop")

MAY_END = (Idle, Introducing, Choosing)
"""Where nothing is under way there is nothing to go on with."""

TELLS_OTHERWISE = ("ShortWords", "FullWords", "Repeat")

PHASES_AFTER, STEPS = 4, 60
"""So much of what comes is compared."""


def walked(walk: str) -> World:
    session = new_session(
        diary=Digest(last_level=3),
        reminding=Reminding(0.0, datetime(2026, 11, 30, 10, 15), (Schedule(480, DAILY),)),
        preferences=Preferences(voices=("en-gb", "joe")),
        screened=walk != "news",
        activities_due=True,
    )
    return World(session).start()


def fork(world: World) -> World:
    other = copy(world)
    for name, kept in vars(world).items():
        if isinstance(kept, list | deque):
            setattr(other, name, kept.copy())
    return other


def step_on(world: World) -> None:
    """Let the next thing happen; who is waited for says what leads on."""
    phase = world.session.phase
    if world.speaking or type(phase) not in (*QUESTIONS, Paused, Alerted):
        world.step()
        return
    takes = TAKES[type(phase)]
    said = ANSWERS.get(type(phase))
    if said is None or said.intent not in takes:
        said = Command(next(intent for intent in LEAD_ON if intent in takes))
    world.obey(said)


def moments() -> dict[str, World]:
    """Sessions in every phase, in the middle of what is said there, and after it."""
    found: dict[str, World] = {}

    def note(world: World) -> None:
        when = "speaking" if world.speaking else "silent"
        found.setdefault(f"{name_of(world.session.phase)}, {when}", fork(world))

    for walk, said in WALKS.items():
        world = walked(walk)
        note(world)
        world.until_quiet()
        for command in said:
            assert command.intent in TAKES[type(world.session.phase)], (walk, command)
            world.obey(command)
            world.pass_time(0.2)
            note(world)
            world.until_quiet()
            note(world)
        while not isinstance(world.session.phase, Idle):
            step_on(world)
            note(world)
            world.pass_time(0.2)
            note(world)
    return found


MOMENTS = moments()


def comes(world: World, times: int = 1) -> tuple[list[str], list[Line]]:
    """The phases that come, as many as are compared, and the lines that are said in the first of them."""
    phases, said = [name_of(world.session.phase)], len(world.spoken)
    lines: list[Line] = []
    for _ in range(STEPS * times):
        if isinstance(world.session.phase, Idle | Done) or len(phases) > PHASES_AFTER * times:
            break
        step_on(world)
        if (here := name_of(world.session.phase)) != phases[-1]:
            phases.append(here)
        if len(phases) == 1 or times > 1:
            lines = [one.line for one in world.spoken[said:] if not one.cut]
    return phases, lines


def come_in_order(wanted: list[str], found: list[str]) -> bool:
    """Whether all of one list is found in the other, in its order."""
    rest = iter(found)
    return all(one in rest for one in wanted)


def test_every_phase_of_a_routine_and_around_it_is_tried() -> None:
    tried = {moment.partition(",")[0] for moment in MOMENTS}
    assert len(tried) > 27
    assert {name_of(Alerting), name_of(GettingUp), "closing", "holding", "asking-leg", "paused"} <= tried


@pytest.mark.parametrize("moment", MOMENTS)
def test_what_would_have_come_comes_afterwards(moment: str) -> None:
    before = MOMENTS[moment]
    phase = before.session.phase
    wanted, told = comes(fork(before))
    for intent in sorted(set(TAKES[type(phase)]) & IN_BETWEEN.keys()):
        world = fork(before)
        world.obey(Command(intent, IN_BETWEEN[intent]))
        found, said = comes(world, times=3)
        if isinstance(phase, MAY_END):
            continue
        assert come_in_order(wanted, found), (intent, found)
        if intent not in TELLS_OTHERWISE:
            assert {one.key for one in told} <= {one.key for one in said}, (intent, found)
