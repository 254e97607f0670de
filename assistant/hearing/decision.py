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

OVER_TALK = 0.0
"""By how many nats a sentence must be likelier than what a general model of language makes of its sound, where that
makes other words of it. Of what natural voices of the training said in noise (10 dB) one in eighty is by less; of what
was taken for something else, nearly half; of other people's talk, half."""

QUICK_INTENTS = frozenset({"Stop", "Pause", "Hurts", "Symptom"})
NEVER_ASKED_ABOUT = frozenset({"Stop", "Hurts"})
"""Intents that are taken though something else might have been said: who says them has no breath for questions."""

STABLE_S = 0.24
"""How long a partial result must stand still before it is acted on."""

AT_ONCE_WORDS = 2
"""A longer sentence is not taken from a partial result where it may be said around others, too: "I'd like to go" may be
the beginning of "I'd like to go back"."""

STABLE_OVER_VOICE_S = 0.06
"""The same while the assistant's voice sounds, or has just fallen silent: two partial results that agree."""

OVER_VOICE_ODDS = 15.0
"""By how much likelier than the engine believes it is that "stop" or "it hurts" was said into the voice."""

WORD_AND_ENDPOINT_S = 1.2
"""When an utterance is over, the voice sounded in it if it has not been silent for longer than this."""

STILL_S = 2.5
"""After so long without a stir nothing is decoded until there is one: longer than any endpoint waits."""

LEAD_S = 0.5
"""What is decoded of the stillness before a stir: words may begin softly."""

URGENT_SHARE = 0.9
"""How likely it must be that an urgent word was among what was heard, for it to be asked about."""

NEAR_WORDS = 2
NEAR_S = 0.5
NEAR_ABOVE_FLOOR_DB = 20.0
"""What is shorter than these, or stands less out of the room's noise, may be a cough, or somebody in the next room."""

SHORTEST_S = 0.12
"""No word is shorter than this; a knock on the floor is."""

LEAST_VOICE_SHARE = 0.1
"""A voice has most of its power below 1.2 kHz: of 1,900 recordings of the training, people's and natural voices', 99 in
100 have a fifth of it there at the least, on hissing microphones too. Birds, squeaks and running water have less."""
