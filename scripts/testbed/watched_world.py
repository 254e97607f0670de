"""A soundless world that remembers what there was."""

from __future__ import annotations

from assistant.dialogue.actions import Action
from assistant.dialogue.events import Event
from assistant.dialogue.state.phases import Phase
from assistant.dialogue.state.session import Session
from assistant.stage.soundless import SoundlessWorld


class WatchedWorld(SoundlessWorld):
    """Keeps the session after each event, with the time, as ``history``; of that the phases as ``seen``."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.history: list[tuple[Session, float]] = []

    @property
    def seen(self) -> list[Phase]:
        return [session.phase for session, _ in self.history]

    def feed(self, event: Event) -> tuple[Action, ...]:
        actions = super().feed(event)
        self.history.append((self.session, self.now))
        return actions
