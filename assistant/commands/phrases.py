"""What may be said, by what it is for: for the README, and for whoever asks the command line."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.voice.wording import Wording

GROUPS = (
    ("to begin", ("StartRoutine", "WhichRoutines", "Number", "MakeRoutine")),
    ("to hold it up, or end it", ("Stop", "Pause", "Resume", "Goodbye")),
    ("on the way", ("Ready", "Side", "Next", "Back", "Repeat", "StartOver", "Yes", "No", "NotSure", "ImFine")),
    ("when something hurts", ("Hurts", "PainLevel", "NoPain", "LegPain", "SinceLast", "Symptom", "FalseAlarm")),
    ("to change an exercise", ("Easier", "Harder", "ChairVersion", "UsualForm", "Longer", "Shorter", "More")),
    ("to ask", ("HowLong", "WhereAmI", "WhatToFeel", "Why", "IsItSafe")),
    (
        "how it speaks",
        ("ShortWords", "FullWords", "Slower", "Faster", "Louder", "Quieter", "AnotherVoice", "ClearSpeech"),
    ),
    (
        "your diary, your physio",
        (
            *("RatePain", "RateActivities", "Activity", "TellPhysio", "NotNow", "MyWeek", "MyAim", "MyPain"),
            *("LastStretch", "LeftToday", "Prescription"),
        ),
    ),
    ("to be reminded", ("SetReminder", "ReminderTime", "WhichReminders", "ForgetReminder")),
    ("your health", ("HealthAnswers", "ForgetHealth", "HardToRise")),
)
"""What commands are for, and their intents; "help" itself and talk outside the scope stand in none."""


def phrases() -> Iterator[tuple[str, tuple[str, ...]]]:
    """What a group of commands is for, and the phrases that the assistant teaches for them."""
    wording = Wording()
    for purpose, intents in GROUPS:
        yield purpose, tuple(wording.templates(f"help.{intent}")[0] for intent in intents)


def as_text() -> str:
    """A paragraph each, for a terminal."""
    return "\n".join(f"{purpose}:\n  {'; '.join(said)}" for purpose, said in phrases())


def as_markdown() -> str:
    """A table, as in the README."""
    rows = (f"| {purpose} | {' · '.join(f'*{one}*' for one in said)} |" for purpose, said in phrases())
    return "\n".join(("| | say |", "|---|---|", *rows))
