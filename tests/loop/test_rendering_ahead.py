"""What is about to be said has been asked for before: in whole routines nobody waits for a line."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from assistant.dialogue.actions import Action, Say
from assistant.dialogue.events import Event
from assistant.dialogue.line import Line
from assistant.dialogue.state.session import Session
from assistant.loop.builder import texts_to_prepare
from assistant.loop.observers import Transition
from assistant.loop.rendering_ahead import RenderingAhead
from assistant.routines.loading import load_exercises, load_routines, own_routine_files
from assistant.stage.soundless import SoundlessWorld
from scripts.benchmarks.pace import do_willingly


class Renders:
    """Notes what is wanted, and takes all of it for rendered."""

    def __init__(self) -> None:
        self.next: list[str] = []
        self.ready: set[str] = set()

    def prepare_next(self, texts: Iterable[str]) -> None:
        self.next = list(texts)
        self.ready |= set(self.next)

    def prepare(self, texts: Iterable[str]) -> None:
        self.ready |= set(texts)


class World(SoundlessWorld):
    """Watched by what renders ahead; notes what was said that nobody had foreseen."""

    def __init__(self, session: Session) -> None:
        self.renders = Renders()
        self.unforeseen: list[str] = []
        self.foreseen = 0
        super().__init__(session)
        self.ahead = RenderingAhead(self.renders, self.text_later, texts_to_prepare)

    def text_later(self, line: Line, later: int) -> str:
        return self.text(line)

    def feed(self, event: Event) -> tuple[Action, ...]:
        before, now = self.session, self.now
        actions = super().feed(event)
        for action in actions:
            if isinstance(action, Say):
                text = self.text(action.line)
                self.foreseen += text in self.renders.ready
                self.unforeseen += [] if text in self.renders.ready else [text]
        self.ahead(Transition(event, before, self.session, now, ()))
        self.ahead.settle()
        return actions


@pytest.mark.parametrize("key", ["sciatic-nerve", "chair", "before-activity"])
def test_nothing_of_a_routine_comes_unforeseen(key: str) -> None:
    routines, _ = load_routines(own_routine_files())
    world = World(Session(routines, load_exercises()))
    do_willingly(world, key)
    world.ahead.close()
    assert world.foreseen > 50
    assert world.unforeseen[2:] == [], "but for the greeting, of two lines"
