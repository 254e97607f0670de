"""What it does if a command is taken that was not said, or is missed: one table of all intents.

* ``urgent``: it must not be missed. It is acted on, or asked about, at once.
* ``steers``: taken by mistake, it leads the routine, or an answer, to where the user does not want it.
* ``asks``: something is told or the voice is changed, and all goes on as before.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Harm = Literal["urgent", "steers", "asks"]

_BY_HARM: Mapping[Harm, tuple[str, ...]] = {
    "urgent": ("Stop", "Hurts", "Symptom"),
    "steers": (
        *("StartRoutine", "StartOver", "Number", "Side", "Ready", "Next", "Back", "Pause", "Resume", "Goodbye"),
        *("Yes", "No", "NotSure", "NotNow", "ImFine", "LegPain", "NoPain", "PainLevel", "Easier", "Harder"),
        *("ChairVersion", "UsualForm", "Longer", "Shorter", "More", "Prescription", "ForgetHealth", "HealthAnswers"),
        *("RatePain", "HardToRise", "MakeRoutine", "MyAim", "FalseAlarm", "SinceLast"),
        *("RateActivities", "Activity", "TellPhysio", "AnotherVoice", "ClearSpeech"),
        *("SetReminder", "ReminderTime", "ForgetReminder"),
    ),
    "asks": (
        *(
            "WhichRoutines",
            "Repeat",
            "HowLong",
            "WhereAmI",
            "Why",
            "IsItSafe",
            "Help",
            "WhatToFeel",
            "MyWeek",
            "MyPain",
        ),
        *(
            "OutOfScope",
            "WhichReminders",
            "LastStretch",
            "LeftToday",
            "Slower",
            "Faster",
            "Louder",
            "Quieter",
            "ShortWords",
            "FullWords",
        ),
    ),
}

HARMS: Mapping[str, Harm] = {intent: harm for harm, intents in _BY_HARM.items() for intent in intents}
"""What a mistake does, by intent."""

URGENT = frozenset(_BY_HARM["urgent"])
"""The intents that are never passed over, however little of them was heard."""

ASKS = frozenset(_BY_HARM["asks"])
"""The intents after which all goes on as before: beside another command they count for nothing."""

WHOLE_ONLY = frozenset({"Yes", "No", "NotSure", "NotNow", "NoPain", "ImFine", "FalseAlarm"})
"""Answers that more words may turn round: they count where they are all that was said."""

YIELDS = frozenset({"OutOfScope", "Help"})
"""What counts for nothing beside a command: "good morning, start the chair stretch"."""
