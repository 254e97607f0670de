"""The simulation's own account of what happened, held against what the diary says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from assistant.dialogue.facts import Fact, HealthForgotten
from assistant.dialogue.state.unfinished import HoldLeft, RepsLeft, Unfinished
from assistant.diary.entries import HEALTH_KINDS, Entry
from assistant.diary.store import Diary
from assistant.keeping.diary_facts import entry_of


class Account:
    """Everything that was recorded for good, over all processes."""

    def __init__(self) -> None:
        self._entries: Counter[Entry] = Counter()

    def happened(self, facts: Sequence[Fact]) -> None:
        """These are on the disk now, or will be when the process starts again."""
        for fact in facts:
            if isinstance(fact, HealthForgotten):
                self._entries = Counter({e: n for e, n in self._entries.items() if e.kind not in HEALTH_KINDS})
            elif (entry := entry_of(fact)) is not None:
                self._entries[replace(entry, at_s=0.0)] += 1

    def difference(self, diary: Path, left: Unfinished | None) -> str:
        """What the diary has too much or too little; empty where it equals the account.

        Args:
            diary: The database, which another connection may be writing.
            left: What is under way, or was when the last process was killed: as far as it came it stands there, once.
        """
        found = Counter(_entries_of(diary))
        missing, surplus = self._entries - found, found - self._entries
        begun = [entry for entry in surplus if left is not None and _is_begin_of(entry, left)]
        double = surplus - Counter(begun[:1])
        if missing or double:
            return f"missing in the diary {[*missing]}, too much in it {[*double.elements()]}, under way {left}"
        return ""


def _is_begin_of(entry: Entry, left: Unfinished) -> bool:
    """Whether an entry is what has been done so far of the hold or of the movements that are to be gone on with."""
    kind = {HoldLeft: "held", RepsLeft: "moved"}.get(type(left.moment))
    return (entry.kind, entry.routine, entry.exercise, entry.side, entry.whole) == (
        kind,
        left.routine,
        left.exercise,
        left.here.side if left.here else None,
        False,
    )


def _entries_of(path: Path) -> list[Entry]:
    """All entries, without their times, read by a connection of its own."""
    with Diary(path) as diary:
        return [replace(entry, at_s=0.0) for session in diary.sessions() for entry in session.entries]
