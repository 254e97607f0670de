"""Whoever watches a session is told of each event with the session before and after it; the disk comes first."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from assistant.dialogue.events import Heard, Started
from assistant.dialogue.facts import Fact, RoutineBegun
from assistant.dialogue.state.session import Session
from assistant.home.settings import Settings
from assistant.keeping.journal import Journal
from assistant.keeping.memory import Memory
from assistant.keeping.progress import FactNumber, Progress
from assistant.loop.builder import assemble
from assistant.loop.library import load_library
from assistant.loop.observers import Transition
from assistant.loop.session_keeper import SessionKeeper, somebody_known
from assistant.loop.speaking import make_synthesiser


def test_progress_is_kept_before_anything_is_said_and_facts_are_noted_with_their_numbers(tmp_path: Path) -> None:
    happened: list[str] = []
    numbers: list[FactNumber | None] = []
    seen: list[Transition] = []

    class NotedProgress(Progress):
        def keep(self, session: Session, now: float, facts: Sequence[Fact]) -> None:
            happened.append("kept")
            super().keep(session, now, facts)

    class NotedMemory(Memory):
        def note(self, fact: Fact, number: FactNumber | None = None) -> None:
            happened.append("noted")
            numbers.append(number)
            super().note(fact, number)

    settings = Settings()
    memory, progress = NotedMemory(None), NotedProgress(tmp_path / "progress.json")
    memory.known = somebody_known()
    keeper = SessionKeeper(memory, progress=progress, screened=True)
    journal = Journal(lambda row: happened.append("said") if row["kind"] == "saying" else None)
    with make_synthesiser(settings) as voice:
        conversation = assemble(settings, load_library(settings).routines, voice, journal, keeper).conversation
        conversation.observers.append(seen.append)
        conversation.start()
        before = conversation.sentences
        assert happened == ["kept", "said"]
        happened.clear()
        assert conversation.hear_text("start lower back stretch")
    assert happened[0] == "kept"
    assert happened.index("said") < happened.index("noted")
    started, heard = seen
    assert isinstance(started.event, Started)
    assert isinstance(heard.event, Heard)
    assert heard.before is started.after
    assert heard.after is conversation.session
    assert conversation.sentences is not before
    assert heard.facts == (RoutineBegun("lumbar-extension"),)
    assert numbers == [FactNumber(progress.run, 1)]
    assert [fact for _, fact in Progress(progress.path).owed()] == list(heard.facts)
