"""A soundless world that remembers which phases there were."""

from __future__ import annotations

from assistant.dialogue.actions import Action
from assistant.dialogue.events import Event
from assistant.dialogue.state.phases import Phase
from assistant.stage.soundless import SoundlessWorld


class WatchedWorld(SoundlessWorld):
    """Keeps the phase after each event, in their order, as ``seen``."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.seen: list[Phase] = []

    def feed(self, event: Event) -> tuple[Action, ...]:
        actions = super().feed(event)
        self.seen.append(self.session.phase)
        return actions
