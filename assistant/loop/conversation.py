"""One session at work: events into the pure core, its actions out to the performer, deadlines kept.

The same for a simulated and a real sound card; who calls `advance`, and when, is all the difference.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

from assistant.audio.formats import RATE
from assistant.audio.mixer import Mixer
from assistant.dialogue.actions import Action, Chime, Finish, Hush, ListenFor, Record, Say, Tick, Tune
from assistant.dialogue.digest import ASKS_DIARY
from assistant.dialogue.events import (
    DeadlineReached,
    DiaryRead,
    Event,
    Heard,
    NotUnderstood,
    SoundBack,
    SoundLost,
    Started,
)
from assistant.dialogue.exercising.recording import done_so_far
from assistant.dialogue.facts import Fact, Held, Moved
from assistant.dialogue.manager import next_deadline, respond
from assistant.dialogue.state.phases import Done, Holding, Idle, Moving, Phase, name_of, task_of
from assistant.dialogue.state.session import Session
from assistant.hearing.listener import Utterance
from assistant.keeping.journal import Journal
from assistant.loop.performer import Performer
from assistant.loop.vocabulary import Vocabulary
from intents.sentences import Sentences


class Keeping(Protocol):
    """What a conversation needs of who keeps the diary."""

    def read(self) -> DiaryRead:
        """What the diary says in short, and what was done today."""

    def note_so_far(self, fact: Held | Moved, now: float) -> None:
        """Write what of a hold or of reps has been done so far, at seconds on the sample clock."""

    def routine_over(self) -> None:
        """No routine is under way."""


class Conversation:
    """A session with its voice.

    Args:
        session: The state to begin with.
        mixer: Whose clock is the time.
        performer: Speaks and counts.
        vocabulary: What may be said in which phase.
        journal: Is told everything.
        on_sentences: Called with what is to be listened for, whenever that changes.
        on_fact: Called with what is worth remembering.
        diary: Keeps the diary; None keeps none.
        on_turn: Called after every event, before anything is done about it, with the session as it is then, the time,
            and the facts that `on_fact` will be called with.
    """

    def __init__(  # noqa: PLR0913 - here everything meets
        self,
        session: Session,
        mixer: Mixer,
        performer: Performer,
        vocabulary: Vocabulary,
        journal: Journal,
        on_sentences: Callable[[Sentences], None] = lambda _: None,
        *,
        on_fact: Callable[[Fact], None] = lambda _: None,
        diary: Keeping | None = None,
        on_turn: Callable[[Session, float, Sequence[Fact]], None] = lambda *_: None,
    ) -> None:
        self.session = session
        self._mixer = mixer
        self._performer = performer
        self._vocabulary = vocabulary
        self._journal = journal
        self._on_sentences = on_sentences
        self._on_fact = on_fact
        self._diary = diary
        self._so_far: Held | Moved | None = None
        self._on_turn = on_turn
        self._place: dict[str, object] = {}

    @property
    def now(self) -> float:
        """Seconds on the sample clock."""
        return self._mixer.clock / RATE

    @property
    def finished(self) -> bool:
        """Whether the assistant was switched off."""
        return isinstance(self.session.phase, Done)

    @property
    def waits(self) -> bool:
        """Whether nothing will happen any more unless somebody says something."""
        return not self._performer.busy and self.deadline is None

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
        """What may be said now."""
        return self._vocabulary.of_phase(type(self.session.phase))

    def start(self) -> None:
        """Greet."""
        self._on_sentences(self.sentences)
        self._read_diary()
        self.feed(Started())

    def feed(self, event: Event) -> None:
        """Let the session answer an event."""
        now = self.now
        self.session, actions = respond(self.session, event, now)
        self._on_turn(self.session, now, [action.fact for action in actions if isinstance(action, Record)])
        for action in actions:
            self._perform(action)
        self._note_place()
        self._note_progress()

    def _read_diary(self) -> None:
        if self._diary is not None:
            self.feed(self._diary.read())

    def _note_progress(self) -> None:
        """Write down each second that was held and each rep: what was counted aloud outlives a killed process."""
        if self._diary is None:
            return
        if self.session.routine is None:
            self._diary.routine_over()
        so_far = done_so_far(self.session, self.now) if isinstance(self.session.phase, Holding | Moving) else None
        if so_far is not None and so_far != self._so_far:
            self._diary.note_so_far(so_far, self.now)
        self._so_far = so_far

    def hear(self, utterance: Utterance) -> None:
        """Let the session answer what was heard, unless it was its own voice, brought back by the room."""
        maybe_echo = utterance.text and not utterance.surely_near
        says_so = maybe_echo and self._performer.is_echo(utterance.text, utterance.start_s)
        if says_so or (utterance.surely_own and utterance.command is not None):
            self._journal.heard(self.now, replace(utterance, command=None, rejected="own voice"))
            return
        self._take(utterance)

    def _take(self, utterance: Utterance) -> None:
        self._journal.heard(self.now, utterance)
        if utterance.command is not None:
            if utterance.command.intent in ASKS_DIARY:
                self._read_diary()
            self.feed(Heard(utterance.command, utterance.confidence, utterance.start_s, utterance.end_s))
        else:
            self.feed(NotUnderstood(utterance.rejected or "unsure"))

    def hear_text(self, text: str) -> bool:
        """Take words as heard, typed or from a script.

        Returns:
            Whether they are a command now.
        """
        words = " ".join(text.lower().split())
        command = self.sentences.match(words)
        rejected = None if command else "not a phrase"
        self._take(Utterance(self.now, self.now, words, 1.0, command, rejected))
        return command is not None

    def advance(self) -> None:
        """Take in what has been played, and do what has become due."""
        for finished in self._performer.collect():
            self.feed(finished)
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
            case ListenFor(phase=phase):
                self._on_sentences(self._vocabulary.of_phase(type(phase)))
            case Record(fact=fact):
                self._journal.fact(self.now, fact)
                self._on_fact(fact)
            case Finish():
                pass

    def _note_place(self) -> None:
        place = place_of(self.session)
        if place != self._place:
            self._place = place
            self._journal.phase(self.now, **place)  # type: ignore[arg-type]


def place_of(session: Session) -> dict[str, object]:
    """Where a session is, for people and files: phase, routine, step (from 1), exercise, side, round."""
    phase: Phase = session.phase
    place: dict[str, object] = {"phase": name_of(phase), "routine": None, "step": None}
    if session.routine is None or isinstance(phase, Idle):
        return place
    place["routine"] = session.routine.key
    task = task_of(phase)
    if task is not None:
        coming = session.plan[task]
        place |= {
            "step": coming.step + 1,
            "exercise": session.routine.steps[coming.step].name,
            "side": coming.side,
            "round": coming.round,
        }
    return place
