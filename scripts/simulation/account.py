"""The simulation's own account of what happened, held against what the diary says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from assistant.dialogue.facts import Fact, HealthForgotten
from assistant.diary.entries import HEALTH_KINDS, Entry
from assistant.diary.store import Diary
from assistant.keeping.diary_facts import Naming, entry_of


class Account:
    """Everything that was recorded for good, over all processes."""

    def __init__(self) -> None:
        self._entries: Counter[Entry] = Counter()

    def happened(self, facts: Sequence[Fact], names: Naming) -> None:
        """These are on the disk now, or will be when the process starts again."""
        for fact in facts:
            if isinstance(fact, HealthForgotten):
                self._entries = Counter({e: n for e, n in self._entries.items() if e.kind not in HEALTH_KINDS})
            elif (entry := entry_of(fact, names)) is not None:
                self._entries[replace(entry, at_s=0.0)] += 1

    def difference(self, diary: Path, unfinished: int) -> str:
        """What the diary has too much or too little; empty where it equals the account.

        Args:
            diary: The database, which another connection may be writing.
            unfinished: Holds or sets of movements that may stand in it as far as they came.
        """
        found = Counter(_entries_of(diary))
        missing, surplus = self._entries - found, found - self._entries
        begun = [entry for entry in surplus.elements() if entry.kind in {"held", "moved"} and not entry.whole]
        double = surplus - Counter(begun)
        if missing or double or len(begun) > unfinished:
            return f"missing in the diary {[*missing]}, too much in it {[*double]}, begun {begun}"
        return ""


def _entries_of(path: Path) -> list[Entry]:
    """All entries, without their times, read by a connection of its own."""
    with Diary(path) as diary:
        return [replace(entry, at_s=0.0) for session in diary.sessions() for entry in session.entries]
