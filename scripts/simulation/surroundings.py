"""What outlives a process: the person, the world, the wall clock, and the account of what happened."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from assistant.audio.formats import Samples
from assistant.dialogue.facts import Fact, SetDone
from assistant.dialogue.state.unfinished import Unfinished
from assistant.keeping.diary_keeper import diary_file
from assistant.keeping.journal import Row
from assistant.loop.library import Library
from assistant.loop.vocabulary import Vocabulary
from assistant.voice.synthesiser import Synthesiser
from scripts.simulation.account import Account
from scripts.simulation.faulty import FaultyWorld
from scripts.simulation.person import Person, SoundMouth, WordMouth
from scripts.simulation.seeds import Plan

BEGINS = datetime(2026, 3, 1, 10, tzinfo=UTC)
"""When it is in a simulated world."""


@dataclass(frozen=True)
class Parts:
    """What all sessions share, because making it takes time and it keeps nothing."""

    library: Library
    vocabulary: Vocabulary
    voice: Synthesiser
    clips: dict[str, Samples]
    cache: Path | None


@dataclass
class Outcome:
    """What came of a seed.

    Attributes:
        plan: What was to happen.
        violated: What did not hold; None: all did.
        rows: The journals of its processes, one after the other.
        told: Sentences for the user beside those of the journal.
        seconds: Of the world's time.
        rested_s: Seconds of sound that were heard at rest.
        events: Events that were judged.
        kills: Processes that were killed.
    """

    plan: Plan
    violated: str | None = None
    rows: list[Row] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    seconds: float = 0.0
    rested_s: float = 0.0
    events: int = 0
    kills: int = 0

    @property
    def digest(self) -> str:
        """Equal for equal courses."""
        return hashlib.sha256(json.dumps([self.rows, self.told], sort_keys=True).encode()).hexdigest()[:16]


class Surroundings:
    """Of all the processes of a seed, one after the other.

    Args:
        plan: What happens.
        parts: What all sessions share.
        home: An empty folder, which takes the place of the user's.
    """

    def __init__(self, plan: Plan, parts: Parts, home: Path) -> None:
        self.plan = plan
        self.home = home
        self.parts = parts
        self.world = FaultyWorld()
        self.outcome = Outcome(plan)
        self.mouth = SoundMouth(parts.clips, plan.noise, plan.seed) if plan.sound else WordMouth()
        self.person = Person(plan, self.mouth)
        self.clock_off = 0.0
        self.clock_jumped = False
        self.disk_was_full = False
        self.done: Counter[str] = Counter()
        self._account = Account()
        self._diaries = 0

    def wall(self) -> datetime:
        """The time of day, which may jump."""
        return BEGINS + timedelta(seconds=self.world.now + self.clock_off)

    def tell(self, sentence: str) -> None:
        """A sentence for the user; where the home is differs each time."""
        self.outcome.told.append(sentence.replace(str(self.home), "HOME"))

    def new_uid(self) -> str:
        """A name for a session in the diary: the same seed gives the same."""
        self._diaries += 1
        return f"{self.plan.seed}-{self._diaries}"

    def happened(self, facts: Sequence[Fact]) -> None:
        """Facts that are safely on disk, so that they must be remembered exactly once."""
        self.done.update(fact.exercise for fact in facts if isinstance(fact, SetDone))
        self._account.happened(facts)

    def difference(self, left: Unfinished | None) -> str:
        """What the diary has too much or too little; empty where it equals the account, or the disk was full.

        Args:
            left: What is under way, or was when the last process was killed.
        """
        return "" if self.disk_was_full else self._account.difference(diary_file(), left)
