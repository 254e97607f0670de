"""What of a session may be shown to others: nothing that tells of the user's health.

Questions are the same for everybody, and whoever can't hear them has to read them. What is answered, what it does, and
what the diary says of it is the user's own: it is said aloud in the room, and goes nowhere else. What is in no table
here is not shown.
"""

from __future__ import annotations

from assistant.dialogue.state.phases import (
    AskingSide,
    Choosing,
    Confirming,
    GettingUp,
    OfferingClearSpeech,
    OfferingToGoOn,
    OfferingVoice,
    Phase,
)
from assistant.dialogue.state.reminding import AskingReminder, ConfirmingReminder, ForgettingReminders
from intents.language import ENGLISH, Language
from intents.letters import words_of

OPEN_GROUPS = frozenset(
    {
        *("greeting", "choosing", "routine", "floor", "caution", "step", "hold", "reps", "pause", "side", "scope"),
        *("form", "wordiness", "more", "pace", "length", "left", "where", "why", "safe", "voice", "sound", "closing"),
        *("getting_up", "help", "silence", "confirm", "unfinished", "unsure", "whether_to_stop", "alert", "own"),
        *("screening_ask", "reminder"),
    }
)
"""Groups of lines that tell of exercises and of the course of a session, and the words about a sign of danger."""

HEALTH_GROUPS = frozenset(
    {
        *("adapted", "gentler", "screening", "screening_yes", "health", "health_yes", "taking_back", "asleep", "hurts"),
        *("pain", "rating", "diary", "progress", "activities", "activity", "physio_note", "note", "note_of"),
        *("since", "leg"),
        *("prescription", "read_back"),
    }
)
"""Groups of lines that tell something of the user's health, but for the questions among them."""

_QUESTIONS = (
    *("ask", "which", "why", "how_bad", "offer", "number_wanted", "news", "intro", "say_yes_or_no", "still_none"),
)
_PERSONAL = frozenset({"taking_back.ask"})  # names the sign

_COURSE_INTENTS = frozenset(
    {
        *("StartRoutine", "WhichRoutines", "MakeRoutine", "Stop", "Pause", "Resume", "Goodbye", "Ready", "Next"),
        *("Back", "Repeat", "StartOver", "ImFine", "Easier", "Harder", "ChairVersion", "UsualForm", "Longer"),
        *("Shorter", "More", "HowLong", "WhereAmI", "WhatToFeel", "Why", "IsItSafe", "Help", "OutOfScope", "NotNow"),
        *("ShortWords", "FullWords", "Slower", "Faster", "Louder", "Quieter", "Side"),
        *("AnotherVoice", "ClearSpeech", "SetReminder", "WhichReminders", "ForgetReminder", "ReminderTime"),
    }
)
"""What may be shown as heard whenever it was said."""

_ANSWERS = frozenset({"Yes", "No", "NotSure", "Number"})
_OPEN_QUESTIONS = (
    *(OfferingToGoOn, Choosing, Confirming, GettingUp, AskingSide, OfferingVoice, OfferingClearSpeech),
    *(AskingReminder, ConfirmingReminder, ForgettingReminders),
)
"""Questions whose answers say nothing of the user's health."""

_ABOUT_HEALTH = frozenset({"Hurts", "Symptom"})


def may_show_line(key: str) -> bool:
    """Whether the words of a line may be shown, by its key."""
    group, _, name = key.partition(".")
    if group in OPEN_GROUPS or group.startswith("again_"):
        return True
    return group in HEALTH_GROUPS and name.startswith(_QUESTIONS) and key not in _PERSONAL


def may_show_heard(text: str, intent: str | None, phase: Phase, language: Language = ENGLISH) -> bool:
    """Whether words that were heard may be shown.

    Args:
        text: The words.
        intent: What they were taken for; None: for nothing, and then it may be anything that somebody said.
        phase: In which they were said.
        language: Theirs.
    """
    if language.urgent_intent(words_of(text)) in _ABOUT_HEALTH:
        return False
    return intent in _COURSE_INTENTS or (intent in _ANSWERS and isinstance(phase, _OPEN_QUESTIONS))
