"""Whether any line comes late in our seven routines, with nothing in the cache.

Reckoned with the measured cost of each text on an otherwise idle processor: one text after the other, what is asked
for first, then what `RenderingAhead` wants, then the rest of the routine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from assistant.dialogue.actions import Action
from assistant.dialogue.events import Event
from assistant.dialogue.exercising.counting import COUNTS
from assistant.dialogue.line import Line
from assistant.dialogue.state.plan import LETTERS_A_SECOND
from assistant.dialogue.state.session import Session
from assistant.loop.builder import texts_to_prepare
from assistant.loop.observers import Transition
from assistant.loop.rendering_ahead import RenderingAhead
from assistant.routines.loading import load_exercises, load_routines, own_routine_files
from assistant.stage.soundless import SoundlessWorld, Spoken
from scripts.benchmarks.pace import do_willingly

NOTICED_S = 0.1
"""A line that is later than that is late."""


@dataclass(frozen=True, slots=True)
class Course:
    """A routine with an empty cache.

    Attributes:
        routine: Its key.
        lines: How many lines were said.
        late: How many of them came late.
        latest_s: By how much at most.
        missing: Counts that could not be said in time, a tick in their place.
    """

    routine: str
    lines: int
    late: int
    latest_s: float
    missing: int


class Rendering:
    """One text after the other, each as long as it costs, on the session's own clock.

    Args:
        cost: Seconds that a text takes.
    """

    def __init__(self, cost: Callable[[str], float]) -> None:
        self.now = 0.0
        self._cost = cost
        self._ready: dict[str, float] = {}
        self._next: list[str] = []
        self._background: list[str] = []
        self._free_at = 0.0

    def prepare_next(self, texts: Iterable[str]) -> None:
        """See `RenderingAhead`."""
        self._work()
        self._next = list(texts)

    def prepare(self, texts: Iterable[str]) -> None:
        """See `RenderingAhead`."""
        self._work()
        self._background += texts

    def ready_at(self, text: str) -> float:
        """When a text that is asked for now is there."""
        self._work()
        if text not in self._ready:
            self._free_at = max(self._free_at, self.now) + self._cost(text)
            self._ready[text] = self._free_at
        return self._ready[text]

    def _work(self) -> None:
        """What has been done by now."""
        while self._free_at <= self.now and (self._next or self._background):
            text = (self._next or self._background).pop(0)
            if text not in self._ready:
                self._free_at += self._cost(text)
                self._ready[text] = self._free_at
        self._free_at = max(self._free_at, self.now)


class Timed(SoundlessWorld):
    """A session whose lines begin when they have been rendered."""

    def __init__(self, session: Session, seconds: Callable[[str], float], cost: Callable[[str], float]) -> None:
        self._seconds = seconds
        self.rendering = Rendering(cost)
        self.late: list[float] = []
        self.missing = 0
        super().__init__(session)
        self._ahead = RenderingAhead(self.rendering, lambda line, _: self.text(line), texts_to_prepare)

    def seconds_of(self, text: str) -> float:
        """How long a text sounds."""
        return self._seconds(text)

    def feed(self, event: Event) -> tuple[Action, ...]:
        """Let something happen, and look ahead from there."""
        before = self.session
        self.rendering.now = self.now
        actions = super().feed(event)
        self._ahead(Transition(event, before, self.session, self.now, ()))
        self._ahead.settle()
        return actions

    def _said(self, line: Line, at: float) -> Spoken:
        self.rendering.now = self.now
        text = self.text(line)
        late = max(0.0, self.rendering.ready_at(text) - at)
        if line.key in COUNTS:
            self.missing += late > 0
            late = 0.0
        else:
            self.late.append(late)
        return Spoken(at, at + late + self.seconds_of(text), line, text)


def courses_of(known: Mapping[str, float], factor: float) -> Iterable[Course]:
    """Every routine, done by somebody who answers a second after each question, with an empty cache.

    Args:
        known: Seconds of texts; others last as long as their letters.
        factor: Seconds of work for a second of sound.
    """

    def seconds(text: str) -> float:
        return known.get(text) or len(text) / LETTERS_A_SECOND

    routines, _ = load_routines(own_routine_files())
    for key in routines:
        world = Timed(Session(routines, load_exercises()), seconds, lambda text: 0.02 + factor * seconds(text))
        do_willingly(world, key)
        late = world.late[1:]  # the first has its own measure: it waits for the engine
        yield Course(key, len(late), sum(each > NOTICED_S for each in late), max(late), world.missing)
