"""What it takes for a sound to be a command: the numbers of the policy, in one place."""

from __future__ import annotations

from collections.abc import Mapping

_CAN_WAIT = (
    *("Louder", "Quieter", "Slower", "Faster", "Goodbye", "IsItSafe", "WhatToFeel", "MyWeek", "MyPain", "LastStretch"),
    *("LeftToday", "RatePain", "HealthAnswers", "ForgetHealth", "WhichRoutines", "Prescription", "Help"),
)
"""What is asked for now and then, and is no harm to say twice."""

SESSION_COSTS: Mapping[str, float] = {
    **dict.fromkeys(_CAN_WAIT, 2.0),
    **dict.fromkeys(("ChairVersion", "ShortWords", "FullWords", "WhereAmI"), 4.0),
    **dict.fromkeys(("Longer", "Shorter", "Harder", "More"), 1.5),
    "PainLevel": 3.0,
    "Back": 5.5,
    "Why": 5.0,
    "Help": 1.5,
    "Repeat": 1.5,
    "Hurts": -1.0,
    "Stop": -2.0,
    **dict.fromkeys(("Yes", "No", "Ready"), -0.5),
    "no": -0.75,
    "stop (it|now|please|this|the session|the routine)": 2.0,
    **dict.fromkeys(("quit", "enough", "cancel", "that's enough"), 3.0),
    "ouch": 3.0,
    "pause (it|please)": 3.0,
    **dict.fromkeys(("wait", "wait a (moment|minute|second)"), 6.0),
    "(a|an) {number}": 3.0,
    "next": 2.0,
    **dict.fromkeys(("let's go", "i'm there", "begin", "carry on"), 2.5),
    **dict.fromkeys(("go on", "okay"), 1.5),
    **dict.fromkeys(("yeah", "yep", "that's right", "i think so"), 2.0),
    **dict.fromkeys(("i (do|did|am|have)", "it (does|did|is)", "they do"), 2.0),
    **dict.fromkeys(("none", "nothing new", "they don't"), 1.0),
}
"""How much harder than others an intent, or a single sentence of it, is to trigger within a session, in nats. Not to
stop is worse than to stop for nothing, but it is "stop" that people say for it. What is as short as "quit" or "back" is
what crying, barking and every other syllable resemble; what is seldom said is more often imagined than meant. The plain
answers "yes", "no" and "ready" are easy, "no" above all; the many ways around them are not. A sentence that begins like
a dearer one costs as much: "wait a" with nothing behind it is "wait" as long as it is a partial result."""

IDLE_COSTS: Mapping[str, float] = {**dict.fromkeys(_CAN_WAIT, 3.0), "bye bye": 2.0, "Symptom": 2.5}
"""The same while nothing is under way: hours of talk pass before a routine is begun, and nobody is stretching who
could be harmed by it."""

DROWNED: Mapping[str, tuple[tuple[str, ...], ...]] = {"stop": (("T", "AA", "P"),)}
"""What is left of a word where the assistant's own voice covers its faintest sound: the hiss of "stop". Heard anywhere
else it is no command; a baby's cry is like that, too."""
