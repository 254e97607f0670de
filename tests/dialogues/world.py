"""The soundless world for tests: with our own routines, and words instead of commands."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from assistant.dialogue.actions import Action
from assistant.dialogue.events import Event, NotUnderstood
from assistant.dialogue.state.reminding import ASKS_REMINDERS
from assistant.dialogue.state.session import Session
from assistant.dialogue.state.user import Health, User
from assistant.keeping.reminder_keeper import REMINDER_FACTS, ReminderKeeper
from assistant.loop.vocabulary import Vocabulary
from assistant.routines.loading import load_exercises, load_routines, own_routine_files
from assistant.routines.safety import own_safety
from assistant.stage.soundless import SoundlessWorld
from assistant.voice.wording import Wording
from intents import Command

ROUTINES, _ERRORS = load_routines(own_routine_files())
EXERCISES = load_exercises()
VOCABULARY = Vocabulary(ROUTINES.values(), EXERCISES.values())
WORDING = Wording()


ANSWERED = Health({question.key: False for question in own_safety().questions}, complete=True)
"""Somebody who has answered every question before a routine with no."""


USER_FIELDS = {field.name for field in fields(User)}


def new_session(**changes: object) -> Session:
    """A session with our own routines, of somebody who has just been asked how they are, unless told otherwise."""
    known = {name: changes.pop(name) for name in USER_FIELDS & changes.keys()}
    user = replace(User(ANSWERED, screened=True), **known)  # type: ignore[arg-type]
    return Session(**{"routines": ROUTINES, "exercises": EXERCISES, "user": user, **changes})  # type: ignore[arg-type]


@dataclass
class World(SoundlessWorld):
    """One session of it; the times that scripts and tests give were found with this voice.

    Attributes:
        reminders: Keeps reminders; None: none are kept.
    """

    letters_a_second = 14.0
    between_lines_s = 0.0
    reminders: ReminderKeeper | None = None

    def feed(self, event: Event) -> tuple[Action, ...]:
        before = len(self.facts)
        actions = super().feed(event)
        new = [fact for fact in self.facts[before:] if isinstance(fact, REMINDER_FACTS)]
        if self.reminders is not None and new:
            for fact in new:
                self.reminders.note(fact)
            self.read_reminders()
        return actions

    def read_reminders(self) -> None:
        read = self.reminders.read() if self.reminders is not None else None
        if read is not None:
            self.feed(read)

    def hear(self, text: str, *, near: bool = True) -> Command | None:
        """Words are heard now, from near by or far off; those that are no sentence here are not understood."""
        sentences = VOCABULARY.of_phase(type(self.session.phase))
        command = sentences.match(text)
        if command is None:
            self.feed(NotUnderstood("not a phrase", VOCABULARY.urgent_intent(text, sentences), near))
        else:
            if command.intent in ASKS_REMINDERS:
                self.read_reminders()
            self.obey(command)
        return command
