"""What it takes for a sound to be a command: the numbers of the policy, in one place."""

from __future__ import annotations

from collections.abc import Mapping

_CAN_WAIT = (
    *("Louder", "Quieter", "Slower", "Faster", "Goodbye", "IsItSafe", "WhatToFeel", "MyWeek", "MyPain", "LastStretch"),
    *("LeftToday", "RatePain", "HealthAnswers", "ForgetHealth", "WhichRoutines", "Prescription", "Help", "OutOfScope"),
    *("MyAim", "MakeRoutine", "HardToRise", "RateActivities", "TellPhysio", "AnotherVoice", "ClearSpeech"),
    *("SetReminder", "WhichReminders", "ForgetReminder"),
)
"""What is asked for now and then, and is no harm to say twice."""

SESSION_COSTS: Mapping[str, float] = {
    **dict.fromkeys(_CAN_WAIT, 2.0),
    **dict.fromkeys(("ChairVersion", "UsualForm", "ShortWords", "FullWords", "WhereAmI"), 4.0),
    **dict.fromkeys(("Longer", "Shorter", "Harder", "More", "StartRoutine"), 1.5),
    "StartOver": 2.5,
    "PainLevel": 3.0,
    "Number": -1.5,
    "Back": 2.5,
    "Why": 2.5,
    "Help": 1.5,
    "Repeat": 1.5,
    "Hurts": -1.0,
    "Stop": -2.0,
    **dict.fromkeys(("Yes", "No"), -0.5),
}
"""How much harder than others an intent is to trigger within a session, in nats. Not to stop is worse than to stop for
nothing; what is seldom said is more often imagined than meant. A bare number is only heard where one was asked for.
What is as short as "back" is what crying and barking resemble. What single sentences cost on top of that stands in
``costs.yaml`` in the folder of their language."""

ASKED_COSTS: Mapping[str, float] = {"PainLevel": -1.0}
"""The same where a number is asked for: who was asked how strong the pain is says so, and in words, too."""

IDLE_COSTS: Mapping[str, float] = {
    **dict.fromkeys((*_CAN_WAIT, "Why"), 3.0),
    **dict.fromkeys(("Symptom", "Hurts", "Stop"), 2.5),
}
"""The same while nothing is under way: hours of talk pass before a routine is begun, and nobody is stretching who
could be harmed by it."""
