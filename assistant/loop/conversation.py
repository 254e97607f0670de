"""One session at work: events into the pure core, its actions out to the performer, deadlines kept.

The same for a simulated and a real sound card; who calls `advance`, and when, is all the difference. Whoever drives it
also tells the recogniser what may be said now, see `Conversation.sentences`; whoever watches it is an observer, see
`assistant.loop.observers`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Protocol

from assistant.audio.formats import RATE
from assistant.dialogue.actions import Action, Chime, Hush, Record, Say, Tick, Tune
from assistant.dialogue.digest import ASKS_DIARY
from assistant.dialogue.events import (
    DeadlineReached,
    Event,
    Heard,
    NotUnderstood,
    SoundBack,
    SoundLost,
    SpeechFinished,
    Started,
)
from assistant.dialogue.foreseeing import foreseen
from assistant.dialogue.manager import next_deadline, respond
from assistant.dialogue.state.phases import Done, Idle, Introducing, Phase
from assistant.dialogue.state.reminding import ASKS_REMINDERS
from assistant.dialogue.state.session import Session
from assistant.hearing.decision import QUICK_INTENTS
from assistant.hearing.listener import Utterance
from assistant.keeping.journal import Journal
from assistant.keeping.reminder_keeper import REMINDER_FACTS
from assistant.loop.in_writing import understood
from assistant.loop.observers import JournalObserver, Observer, Transition
from assistant.loop.session_keeper import SessionKeeper
from assistant.loop.typed import Answered
from assistant.loop.vocabulary import Vocabulary
from intents.letters import plain
from intents.sentences import Sentences

REMINDERS_READ_EVERY_S = 60.0
"""Another process may have changed them, and a machine that slept has another time than it seems."""


class Clock(Protocol):
    """Whose time is the session's."""

    @property
    def clock(self) -> int:
        """Samples so far, at 16 kHz."""


class Performs(Protocol):
    """Carries actions out; what is promised of each, `Performer` says."""

    @property
    def busy(self) -> bool:
        """Whether a line is being said or waits to be said."""

    def say(self, action: Say) -> None:
        """Say a line."""

    def chime(self, action: Chime) -> None:
        """Play a tone."""

    def tick(self, action: Tick) -> None:
        """Mark a counted second."""

    def hush(self, action: Hush) -> None:
        """Fall silent."""

    def tune(self, action: Tune) -> None:
        """Change pace and loudness."""

    def advance(self) -> None:
        """Begin what has become due."""

    def collect(self) -> list[SpeechFinished]:
        """What has been said since the last call."""


class Conversation:
    """A session with its voice.

    Args:
        session: The state to begin with.
        clock: Its time.
        performer: Speaks and counts.
        vocabulary: What may be said in which phase.
        journal: Is told what was heard and what was lost, and each transition.
        keeper: Keeps the session, and reads the diary.

    Attributes:
        session: The state now.
        observers: Told of each transition, in this order, once its actions have been handed out.
    """

    def __init__(
        self,
        session: Session,
        clock: Clock,
        performer: Performs,
        vocabulary: Vocabulary,
        journal: Journal,
        keeper: SessionKeeper,
    ) -> None:
        self.session = session
        self.observers: list[Observer] = [JournalObserver(journal), keeper]
        self._clock = clock
        self._performer = performer
        self._vocabulary = vocabulary
        self._journal = journal
        self._keeper = keeper
        self._coming: tuple[type[Phase] | None, Sequence[Sentences]] = None, ()
        self._reminders_read_at = 0.0

    @property
    def now(self) -> float:
        """Seconds on the sample clock."""
        return self._clock.clock / RATE

    @property
    def finished(self) -> bool:
        """Whether the assistant was switched off."""
        return isinstance(self.session.phase, Done)

    @property
    def waits(self) -> bool:
        """Whether nothing will happen any more unless somebody says something, or a reminder comes."""
        return not self._performer.busy and (self.deadline is None or isinstance(self.session.phase, Idle))

    @property
    def speaking(self) -> bool:
        """Whether a line is being said or about to be."""
        return self._performer.busy

    @property
    def deadline(self) -> float | None:
        """When time alone will bring the session on."""
        return next_deadline(self.session)

    @property
    def sentences(self) -> Sentences:
        """What may be said now; the same object for as long as that doesn't change."""
        return self._vocabulary.of_phase(type(self.session.phase))

    @property
    def coming(self) -> Sequence[Sentences]:
        """What may be said soon, the likeliest first; equal for as long as the phase is the same."""
        kind = type(self.session.phase)
        if self._coming[0] is not kind:
            soon = foreseen(self.session, self.now)
            self._coming = kind, [self._vocabulary.of_phase(other) for other in soon]
        return self._coming[1]

    def start(self) -> None:
        """Greet."""
        self._read_diary()
        self._read_reminders()
        self.feed(Started())

    def feed(self, event: Event) -> None:
        """Let the session answer an event."""
        before, now = self.session, self.now
        self.session, actions = respond(before, event, now)
        facts = tuple(action.fact for action in actions if isinstance(action, Record))
        transition = Transition(event, before, self.session, now, facts)
        self._keeper.write_ahead(transition)
        for action in actions:
            self._perform(action)
        for observer in self.observers:
            observer(transition)
        if any(isinstance(fact, REMINDER_FACTS) for fact in facts):
            self._read_reminders()

    def _read_diary(self) -> None:
        read = self._keeper.read_diary()
        if read is not None:
            self.feed(read)

    def _read_reminders(self) -> None:
        self._reminders_read_at = self.now
        read = self._keeper.read_reminders()
        if read is not None:
            self.feed(read)

    def hear(self, utterance: Utterance) -> None:
        """Let the session answer what was heard."""
        self._journal.heard(self.now, utterance)
        if utterance.command is not None:
            if utterance.command.intent in ASKS_DIARY:
                self._read_diary()
            if utterance.command.intent in ASKS_REMINDERS:
                self._read_reminders()
            self.feed(Heard(utterance.command, utterance.confidence, utterance.start_s, utterance.end_s))
        else:
            self.feed(NotUnderstood(utterance.rejected or "unsure", utterance.hint, utterance.near, utterance.written))

    def hear_text(self, text: str) -> bool:
        """Take words as heard, typed or from a script.

        Returns:
            Whether they are a command now.
        """
        utterance = self._typed(text)
        self.hear(utterance)
        return utterance.command is not None

    def ask(self, text: str, leave: Collection[str] = ()) -> Answered | None:
        """Take words from elsewhere in the house if they are a command now, or one that can't wait is among them.

        They are meant for the assistant, so that single words count also where none would that a microphone hears.

        Args:
            text: The words.
            leave: Commands that are not ours there.

        Returns:
            What became of them; None: nothing, they leave the session as it is.
        """
        idle = isinstance(self.session.phase, Idle)
        typed = self._typed(text, self._vocabulary.of_phase(Introducing) if idle else self.sentences, by_gist=not idle)
        if (typed.command is None and typed.hint is None) or (typed.command and typed.command.intent in leave):
            return None
        before = self.session
        self.hear(typed)
        return Answered(typed.command, before, self.session)

    def is_urgent(self, text: str) -> bool:
        """Whether words that were typed can't wait until the assistant has spoken."""
        typed = self._typed(text)
        return typed.hint is not None if typed.command is None else typed.command.intent in QUICK_INTENTS

    def pass_over(self, text: str) -> None:
        """Note words that were typed and are not wanted any more."""
        self._journal.heard(self.now, replace(self._typed(text), command=None, rejected="overtaken"))

    def _typed(self, text: str, sentences: Sentences | None = None, *, by_gist: bool = True) -> Utterance:
        sentences = sentences or self.sentences
        words = " ".join(plain(text).split())
        command = understood(words, sentences, by_gist=by_gist)
        rejected = None if command else "not a phrase"
        hint = None if command else self._vocabulary.urgent_intent(words, sentences)
        return Utterance(self.now, self.now, words, 1.0, command, rejected, hint, near=True, written=True)

    def advance(self) -> None:
        """Take in what has been played, and do what has become due."""
        for finished in self._performer.collect():
            self.feed(finished)
        if self.now - self._reminders_read_at >= REMINDERS_READ_EVERY_S:
            self._read_reminders()
        while (due := self.deadline) is not None and due <= self.now:
            self.feed(DeadlineReached())
        self._performer.advance()

    def lose(self, device: str) -> None:
        """A sound device has gone."""
        self._journal.lost(self.now, device)
        self.feed(SoundLost(device))

    def regain(self, away_s: float = 0.0) -> None:
        """The sound device is back, after so many seconds of the world's time."""
        self._journal.back(self.now)
        self.feed(SoundBack(away_s))

    def _perform(self, action: Action) -> None:
        match action:
            case Say():
                self._performer.say(action)
            case Chime():
                self._performer.chime(action)
            case Tick():
                self._performer.tick(action)
            case Hush():
                self._performer.hush(action)
            case Tune():
                self._performer.tune(action)
            case _:  # what was recorded is for the observers; that it is over shows in the phase
                pass
