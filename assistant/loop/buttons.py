"""What can be pressed instead of said: a button for each command that the phase takes, by the same table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assistant.dialogue.announcing import numbered_group
from assistant.dialogue.state.phases import Choosing, Idle
from assistant.dialogue.state.session import Session
from assistant.dialogue.state.takes import TAKES, most_needed
from assistant.hearing.decision import QUICK_INTENTS
from assistant.voice.wording import Wording
from intents.language import ENGLISH, Language

HIGHEST_NUMBER = 10

SAID_ONLY = frozenset({"PainLevel", "Prescription", "TellPhysio", "MyAim", "MakeRoutine"})
"""Commands that need words of the user's own: how much, what, by which name."""


@dataclass(frozen=True, slots=True)
class Button:
    """One thing to say.

    Attributes:
        say: The words, as they would be typed.
        label: What stands on it.
        intent: What it means.
        urgent: Whether it waits for nothing.
    """

    say: str
    label: str
    intent: str
    urgent: bool


class Buttons:
    """Makes them.

    Args:
        wording: Has the words.
        language: Of the words.
    """

    def __init__(self, wording: Wording, language: Language = ENGLISH) -> None:
        self._wording = wording
        self._keys = wording.keys()
        self._language = language

    def of(self, session: Session) -> tuple[Button, ...]:
        """What can be pressed now, the most needed first; further signs after all else: of many, few find room."""
        first: list[Button] = []
        further: list[Button] = []
        for intent in most_needed(session.phase):
            for place, (say, label) in enumerate(self._sayings(session, intent)):
                behind = place > 0 and intent == "Symptom"
                button = Button(say, label[:1].upper() + label[1:], intent, intent in QUICK_INTENTS)
                (further if behind else first).append(button)
        return (*first, *further)

    def _sayings(self, session: Session, intent: str) -> Iterator[tuple[str, str]]:
        """Words that mean it, each with what stands on the button."""
        if intent in SAID_ONLY:
            return
        taught = self._wording.templates(f"help.{intent}")[0]
        if intent == "StartRoutine":
            if "WhichRoutines" in TAKES[type(session.phase)]:  # while something is under way, that is in the way
                titles = [routine.title for routine in session.routines.values()]
                yield from ((self._language.to_start(title), title) for title in (*titles, *session.user.own_routines))
        elif intent == "Number":
            yield from self._numbers(session)
        elif isinstance(session.phase, Idle) and (whole := self._words(f"button_whole.{intent}")):
            yield from ((said, taught) for said in whole)
        else:
            yield from ((said, said) for said in self._words(f"button.{intent}") or (taught,))

    def _words(self, key: str) -> tuple[str, ...]:
        return self._wording.templates(key) if key in self._keys else ()

    def _numbers(self, session: Session) -> Iterator[tuple[str, str]]:
        phase = session.phase
        if isinstance(phase, Choosing):
            keys, _ = numbered_group(session, phase)
            labels = [(n, session.routines[key].title) for n, key in enumerate(keys, start=1)]
        else:
            labels = [(n, str(n)) for n in range(HIGHEST_NUMBER + 1)]
        yield from ((self._language.in_words(n), label) for n, label in labels)
