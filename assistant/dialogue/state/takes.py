"""Which commands are taken in which phase: one table, used for everything.

* ``TAKES`` says which intents are legal in a phase. It gives the recogniser its grammar, ``what can I say`` its
  answer, and the state diagram its labels. Any other command does nothing.
* "It hurts", signs and "stop" are taken everywhere, but for the few sentences of `Alerting`: what to do about a sign of
  danger is heard to its end.
* `Idle` takes whole phrases only: its sentences are asked for without the ``session`` context.
"""

from __future__ import annotations

from collections.abc import Mapping

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
from assistant.dialogue.state.phases import (
    AskingAllRight,
    AskingHowBad,
    AskingLeg,
    AskingSide,
    AskingToGoOn,
    AskingWhetherToStop,
    Cautioning,
    ChangingSides,
    CheckingIn,
    Choosing,
    Closing,
    Confirming,
    ConfirmingDose,
    Done,
    GettingReady,
    GettingUp,
    Holding,
    Idle,
    Instructing,
    Introducing,
    Moving,
    OfferingClearSpeech,
    OfferingToGoOn,
    OfferingVoice,
    Paused,
    Phase,
    Positioning,
    ReadingBack,
    Resting,
    ReviewingHealth,
    Screening,
    WakingUp,
    name_of,
)
from assistant.dialogue.state.reminding import AskingReminder, ConfirmingReminder, ForgettingReminders

_VOICE = ("Slower", "Faster", "Louder", "Quieter")
_OTHER_VOICE = ("AnotherVoice", "ClearSpeech")
_HEALTH = ("HealthAnswers", "ForgetHealth")
_DIARY = ("MyWeek", "MyAim", "MyPain", "LeftToday", "LastStretch", "RatePain", "RateActivities", "TellPhysio")
_REMINDERS = ("SetReminder", "WhichReminders", "ForgetReminder")
_NO_ROUTINE = (
    *("StartRoutine", "WhichRoutines", "Symptom", "Hurts", "Stop", "Help", "Why", "IsItSafe", *_DIARY, *_VOICE),
    *("Goodbye", "Prescription", "MakeRoutine", *_REMINDERS, *_HEALTH, "HardToRise", "OutOfScope"),
)
_QUESTIONS = ("Repeat", "HowLong", "WhereAmI", "Why", "IsItSafe", "Help", "OutOfScope")
_STARTS = ("StartOver", "StartRoutine", "HardToRise", "Goodbye", "MakeRoutine")
_UNDER_WAY = (*("Stop", "Pause", "Hurts", "Symptom", *_QUESTIONS, *_VOICE, *_STARTS),)
_FORMS = ("Easier", "Harder", "ChairVersion", "UsualForm", "ShortWords", "FullWords")
_IN_STEP = ("Next", "Back", *_FORMS, *_UNDER_WAY, "WhatToFeel", "PainLevel", "Prescription", *_OTHER_VOICE)
_DOSE = ("Longer", "Shorter", "More")
_ANSWERING = ("Repeat", "Stop", "Hurts", "Symptom", "Help", *_VOICE, "Goodbye")
_HOW_BAD = ("Number", "PainLevel", "NoPain")

TAKES: Mapping[type[Phase], tuple[str, ...]] = {
    Idle: (*_NO_ROUTINE, *_OTHER_VOICE),
    Introducing: (*_NO_ROUTINE, "Repeat", *_OTHER_VOICE),
    OfferingToGoOn: ("Yes", "No", "StartRoutine", "WhichRoutines", *_ANSWERING),
    Choosing: ("Number", "StartRoutine", "WhichRoutines", "No", *_HEALTH, "OutOfScope", *_ANSWERING),
    Screening: ("Yes", "No", "NotSure", "Pause", "Why", *_ANSWERING, "Side"),
    AskingNews: ("Yes", "No", "SinceLast", "NotSure", "Pause", "Why", *_ANSWERING, "Side"),
    ReviewingHealth: ("Yes", "No", *_ANSWERING),
    AskingPain: (
        "Number",
        "PainLevel",
        "NoPain",
        "NotNow",
        "NotSure",
        "Next",
        "No",
        "Pause",
        "Why",
        "StartRoutine",
        *_ANSWERING,
    ),
    AskingSinceLast: ("SinceLast", "NotNow", "NotSure", "Next", "Pause", "Why", "StartRoutine", *_ANSWERING),
    OfferingActivities: ("Yes", "No", "NotNow", "NotSure", "Next", "Pause", "Why", "StartRoutine", *_ANSWERING),
    ChoosingActivity: ("Activity", "No", "NotNow", "NotSure", "Next", "Pause", "Why", "StartRoutine", *_ANSWERING),
    RatingActivity: ("Number", "No", "NotNow", "NotSure", "Next", "Pause", "Why", "StartRoutine", *_ANSWERING),
    OfferingGentle: ("Yes", "No", "Pause", "StartRoutine", *_ANSWERING),
    AskingSide: ("Side", "Pause", "Why", "IsItSafe", "StartRoutine", *_ANSWERING),
    Cautioning: ("Ready", "Next", "Side", "ShortWords", "FullWords", *_UNDER_WAY),
    Positioning: ("Ready", "Side", *_IN_STEP),
    Instructing: ("Ready", "Side", *_DOSE, *_IN_STEP),
    GettingReady: ("Ready", "Side", *_DOSE, *_IN_STEP),
    Holding: (*_DOSE, "Side", *_IN_STEP),
    Moving: ("More", "Side", *_IN_STEP),
    Resting: ("Ready", "Side", *_DOSE, *_IN_STEP),
    ChangingSides: ("Ready", "Side", *_DOSE, *_IN_STEP),
    AskingLeg: ("LegPain", *_HOW_BAD, "Pause", "Why", "WhereAmI", "HowLong", *_ANSWERING, "Yes", "No"),
    CheckingIn: (
        *(*_HOW_BAD, "Easier", "Next", "ChairVersion", "Pause", "Why", "IsItSafe"),
        *("WhereAmI", "HowLong", *_ANSWERING),
    ),
    AskingHowBad: (*_HOW_BAD, "Pause", "Why", *_ANSWERING),
    AskingToGoOn: ("Yes", "No", "Ready", "Resume", "PainLevel", "Pause", "Why", "WhereAmI", "HowLong", *_ANSWERING),
    AskingAllRight: ("ImFine", "Yes", "No", "Pause", *_ANSWERING),
    Paused: ("Resume", "Ready", "Side", "Next", "Back", "PainLevel", "ImFine", *_UNDER_WAY, *_OTHER_VOICE),
    Confirming: ("Yes", "No", *_ANSWERING),
    ConfirmingDose: ("Yes", "No", *_ANSWERING),
    AskingReminder: ("ReminderTime", "SetReminder", "No", "NotNow", "Why", *_ANSWERING),
    ConfirmingReminder: ("Yes", "No", "ReminderTime", "SetReminder", "NotNow", *_ANSWERING),
    ForgettingReminders: ("Yes", "No", *_ANSWERING),
    AskingWhetherToStop: ("Ready", "Resume", "Yes", "No", "ImFine", "Pause", *_ANSWERING),
    OfferingVoice: ("Yes", "No", "NotSure", "AnotherVoice", "Next", *_ANSWERING),
    OfferingClearSpeech: ("Yes", "No", "NotSure", *_ANSWERING),
    ReadingBack: ("Yes", "No", "LegPain", "NoPain", "Pause", "Why", *_ANSWERING),
    Alerting: (),
    Alerted: (
        *("Repeat", "Ready", "Stop", "FalseAlarm", "ImFine", "Symptom", "Hurts", "StartRoutine", "Help"),
        *(*_VOICE, "Goodbye"),
    ),
    TakingBack: ("Yes", "No", *_ANSWERING),
    WakingUp: ("Yes", "No", "ImFine", "Pause", "Why", *_ANSWERING),
    GettingUp: ("Ready", "Yes", "Next", "Pause", "HardToRise", "StartRoutine", *_ANSWERING),
    Closing: ("Repeat", *_NO_ROUTINE),
    Done: (),
}
"""The intents that each phase takes, the ones a user needs most first."""


HEARD_TOGETHER: tuple[type[Phase], ...] = (
    *(Positioning, Instructing, GettingReady, Holding, Moving, Resting, ChangingSides),
)
"""Phases in which the same is listened for, though not all of it is taken in each of them.

They follow each other every few seconds, often while somebody speaks, and the recogniser has nothing to change then.
The phases that take less are not among them: what is not taken would compete with what is, and the more words are in
a grammar, the more of other people's talk is taken for them."""


NEEDED_FIRST: Mapping[type[Phase], tuple[str, ...]] = {
    Cautioning: ("Ready", "Stop", "Pause", "Repeat"),
    Positioning: ("Ready", "Repeat", "Stop", "Pause", "Hurts", "Next", "Easier"),
    Instructing: ("Ready", "Repeat", "Stop", "Pause", "Hurts", "Next", "Easier"),
    GettingReady: ("Stop", "Pause", "Hurts", "Repeat", "Next", "Easier"),
    Holding: ("Stop", "Pause", "Hurts", "HowLong", "Longer", "Easier", "Next"),
    Moving: ("Stop", "Pause", "Hurts", "HowLong", "Slower", "Easier", "Next"),
    Resting: ("Ready", "Stop", "Pause", "Hurts", "HowLong"),
    ChangingSides: ("Ready", "Stop", "Pause", "Hurts", "HowLong"),
    AskingLeg: ("LegPain", "NoPain", "Hurts", "Stop", "Pause", "Repeat"),
    Paused: ("Resume", "Stop", "Hurts", "Next", "Repeat", "HowLong"),
}
"""What is named first where it isn't what the phase takes first: what somebody needs there, on the floor."""


_NOT_TAUGHT = ("Help", "OutOfScope")


def most_needed(phase: Phase) -> tuple[str, ...]:
    """The intents that a phase takes and that are taught, the most needed first."""
    takes = TAKES[type(phase)]
    first = tuple(intent for intent in NEEDED_FIRST.get(type(phase), ()) if intent in takes)
    return (*first, *(intent for intent in takes if intent not in {*first, *_NOT_TAUGHT}))


def context_of(phase: type[Phase]) -> Mapping[str, bool | str]:
    """The context of sentences: single words are only taken within a session, and some in one phase."""
    return {"session": phase is not Idle, "phase": name_of(phase)}
