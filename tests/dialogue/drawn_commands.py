"""Commands, drawn at random."""

from __future__ import annotations

from typing import get_args

from hypothesis import strategies as st

from assistant.dialogue.facts import LegMove, Since
from assistant.dialogue.state.takes import TAKES
from assistant.routines.safety import own_safety
from intents import Command
from intents.types import SlotValue
from tests.dialogues.world import EXERCISES, ROUTINES

SAFETY = own_safety()
UNITS = st.sampled_from(["reps", "seconds"])
SLOTS: dict[str, st.SearchStrategy[dict[str, SlotValue]]] = {
    "StartRoutine": st.one_of(
        st.fixed_dictionaries(
            {"routine": st.sampled_from([*sorted(ROUTINES), "usual", "prescribed", "evening routine"])}
        ),
        st.fixed_dictionaries(
            {"exercise": st.sampled_from(sorted(EXERCISES))},
            optional={"amount": st.integers(2, 60), "unit": st.just("seconds")},
        ),
    ),
    "Number": st.fixed_dictionaries({"number": st.integers(0, 10)}),
    "Side": st.fixed_dictionaries({"side": st.sampled_from(["left", "right", "other"])}),
    "Symptom": st.fixed_dictionaries({"symptom": st.sampled_from([s.key for s in SAFETY.symptoms])}),
    "LegPain": st.fixed_dictionaries({"moved": st.sampled_from(get_args(LegMove))}),
    "SinceLast": st.fixed_dictionaries({"since": st.sampled_from(get_args(Since))}),
    "PainLevel": st.fixed_dictionaries(
        {"pain": st.integers(0, 10), "place": st.sampled_from(["leg", "back"])},
        optional={"in_words": st.sampled_from(["some", "much"]), "leg": st.integers(0, 11), "both": st.just(1)},
    ),
    "More": st.fixed_dictionaries({"more": st.integers(2, 20)}, optional={"unit": UNITS}),
    "Slower": st.fixed_dictionaries({}, optional={"about": st.just("speech")}),
    "Why": st.fixed_dictionaries({}, optional={"about": st.just("stretching")}),
    "Activity": st.fixed_dictionaries({"activity": st.sampled_from(["walking", "socks", "work"])}),
    "TellPhysio": st.fixed_dictionaries({"note": st.sampled_from(["better", "a question"])}),
    "RateActivities": st.fixed_dictionaries({}, optional={"anew": st.just(1)}),
    "ClearSpeech": st.fixed_dictionaries({}, optional={"usual": st.just(1)}),
    **dict.fromkeys(
        ("SetReminder", "ReminderTime", "ForgetReminder"),
        st.fixed_dictionaries(
            {},
            optional={
                "day": st.sampled_from(["today", "tomorrow", "daily", "weekend", "monday"]),
                "hour": st.integers(0, 24),
                "past": st.sampled_from([-15, 0, 30]),
                "part": st.sampled_from(["morning", "afternoon", "evening", "night"]),
                "in_minutes": st.integers(1, 90),
                "all": st.just(1),
            },
        ),
    ),
    "MyAim": st.fixed_dictionaries({"days": st.integers(1, 7)}),
    "MakeRoutine": st.fixed_dictionaries({"own": st.sampled_from(["evening routine", "own routine"])}),
    "Prescription": st.fixed_dictionaries(
        {"amount": st.integers(2, 60), "unit": UNITS},
        optional={"exercise": st.sampled_from([*EXERCISES, "nothing known"]), "a_day": st.integers(1, 10)},
    ),
}
INTENTS = {intent for intents in TAKES.values() for intent in intents}
COMMANDS = st.sampled_from(sorted(INTENTS)).flatmap(
    lambda intent: SLOTS.get(intent, st.just({})).map(lambda slots: Command(intent, slots))
)
