"""The assistant in a simulated world: put together as in life, and mortal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import date
from pathlib import Path

from rich.console import Console

from assistant.audio.formats import RATE, Samples
from assistant.audio.room import Room
from assistant.audio.simulated import SimulatedCard
from assistant.commands.terminal import Terminal, shown
from assistant.dialogue.exercising.going_on import unfinished_of
from assistant.dialogue.facts import Fact, Held, Moved
from assistant.dialogue.state.session import Session
from assistant.hearing.listener import Listener, Utterance
from assistant.home.settings import Settings
from assistant.keeping.diary_keeper import DiaryKeeper, diary_file
from assistant.keeping.journal import Journal, Row
from assistant.keeping.kept_events import KeptEvents
from assistant.keeping.memory import Memory, memory_file
from assistant.keeping.progress import STALE_AFTER, FactNumber, Progress, usual_path
from assistant.loop.builder import Assembled, assemble
from assistant.loop.engines import load_recogniser
from assistant.loop.live import Watch
from assistant.loop.observers import Transition
from assistant.loop.session_keeper import SessionKeeper
from assistant.loop.supervised_recogniser import LoadedFrontEnd, SupervisedRecogniser
from assistant.stage.soundless import SoundlessVoice
from intents.sentences import Sentences
from scripts.simulation.faulty import (
    FaultyCard,
    FaultyFrontEnd,
    FaultyVoice,
    FaultyWorld,
    FittedVoice,
    SteppedWorker,
    WordFrontEnd,
)
from scripts.simulation.judge import Judge, finite
from scripts.simulation.person import WordMouth
from scripts.simulation.seeds import LOSES
from scripts.simulation.surroundings import Surroundings


class _MortalMemory(Memory):
    """The real memory, in a process that may be killed before and after every fact."""

    def __init__(self, path: Path, today: Callable[[], date], world: FaultyWorld) -> None:
        super().__init__(path, today)
        self._world = world

    def note(self, fact: Fact, number: FactNumber | None = None) -> None:
        self._world.write()
        super().note(fact, number)
        self._world.write()


class _MortalDiary(DiaryKeeper):
    """The real keeper of the diary, in a process that may be killed before and after every entry."""

    def __init__(self, around: Surroundings) -> None:
        super().__init__(diary_file(), around.tell, around.wall, around.new_uid)
        self._world = around.world

    def note(self, fact: Fact, now: float, number: FactNumber | None = None) -> None:
        self._world.write()
        super().note(fact, now, number)
        self._world.write()

    def note_so_far(self, fact: Held | Moved, now: float) -> None:
        self._world.write()
        super().note_so_far(fact, now)
        self._world.write()


class _MortalProgress(Progress):
    """The real progress, in a process that may be killed before and after it is kept; says what was kept."""

    def __init__(self, around: Surroundings) -> None:
        super().__init__(usual_path(), around.tell, around.wall)
        self._around = around
        self.kept_session: Session | None = None

    def keep(self, session: Session, now: float, facts: Sequence[Fact]) -> None:
        self._around.world.write()
        super().keep(session, now, facts)
        self.kept_session = session
        if not self.refused:
            self._around.happened(facts)
        self._around.world.write()


class Process:
    """The assistant from its start to its end, put together as `assistant.commands.session` does it."""

    def __init__(self, around: Surroundings) -> None:
        world, plan, parts = around.world, around.plan, around.parts
        self.inbox: list[Utterance] = []
        self.journal = Journal(self._row, around.person)
        self._around = around
        self.judge = Judge(plan.block / RATE)
        self._open = ExitStack()
        self.journal.add(self._open.enter_context(KeptEvents(around.tell)))
        self.diary = _MortalDiary(around)
        self._open.callback(self.diary.close)
        self.memory = _MortalMemory(memory_file(), self.diary.today, world)
        if self.memory.notice:
            around.tell(self.memory.notice)
        self.memory.tell = around.tell
        self.progress = _MortalProgress(around)
        before = self.progress.before
        self.left = before.unfinished if before else None
        self.stale = before is not None and abs(around.wall() - before.at) > STALE_AFTER
        self.judge.begin(self.left)
        self.voice = FaultyVoice(FittedVoice(parts.voice) if plan.sound else SoundlessVoice(), world)
        settings = Settings(count=plan.counting, ready_after=plan.ready_after or "ask")
        self.parts: Assembled = assemble(
            settings,
            parts.library.routines,
            self.voice,
            self.journal,
            SessionKeeper(self.memory, self.diary, self.progress),
            lambda: None,
            vocabulary=parts.vocabulary,
        )
        self.conversation = self.parts.conversation
        self.recogniser = SupervisedRecogniser(
            self._make,
            self.conversation.sentences,
            self.inbox.append,
            start=lambda make, deliver: SteppedWorker(make, deliver, world),
            clock=lambda: world.now,
        )
        self.terminal = Terminal(Console(quiet=True), "simulation")
        room = Room((1.0,), plan.echo, 0.04) if plan.sound and plan.echo else None
        inner = SimulatedCard(around.mouth, room=room, block=plan.block)
        self.card = FaultyCard(inner, world)
        self.watch = Watch(self.conversation, self.card, self.recogniser, clock=lambda: world.now)
        self.judged_session = self.conversation.session
        self.conversation.observers += [self.terminal.observe, self._judge]

    def start(self) -> None:
        """Open the card and greet."""
        self.card.open(self.parts.mixer.render, self._heard)
        self.recogniser.open()
        for fault, side in LOSES.items():
            if fault in self._around.world.wrong:
                self.card.inner.lose(side)
        self.conversation.start()

    def step(self) -> None:
        """One block of the world's time."""
        conversation = self.conversation
        self.card.inner.advance()
        while self.inbox:
            conversation.hear(self.inbox.pop(0))
        conversation.advance()
        self.watch.look()
        self.recogniser.listen_for(conversation.sentences)

    @property
    def kept_session(self) -> Session:
        """The session as it is on the disk."""
        return self.progress.kept_session or self.conversation.session

    def look_at_the_diary(self) -> None:
        """The diary equals what happened: neither missing nor double."""
        difference = self._around.difference(unfinished_of(self.conversation.session, self.conversation.now))
        self.judge.must(not difference, difference)

    def end(self) -> None:
        """What the system does for a process that has gone."""
        self._open.close()

    def _heard(self, block: Samples, sounding: float) -> None:
        self.recogniser.hear(block, sounding)

    def _make(self, sentences: Sentences) -> LoadedFrontEnd:
        world = self._around.world
        mouth = self._around.mouth
        if isinstance(mouth, WordMouth):
            return LoadedFrontEnd(FaultyFrontEnd(WordFrontEnd(mouth, sentences), world), lambda: None)
        recogniser = load_recogniser("auto", None)
        front_end = self.parts.echo_front_end(Listener(recogniser, sentences))
        return LoadedFrontEnd(FaultyFrontEnd(front_end, world), recogniser.close)

    def _row(self, row: Row) -> None:
        self._around.outcome.rows.append(row)
        shown(row)
        self.judge(row)

    def _judge(self, transition: Transition) -> None:
        after, facts = transition.after, transition.facts
        self.judge.event(transition.event, transition.before, after, transition.now, facts)
        self.judged_session = after
        self.judge.must(finite(after), "a time has gone astray")
        if facts:
            self.look_at_the_diary()
        self.terminal.status(transition.now)
