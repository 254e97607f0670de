"""What the dialogue records, written into the diary as it happens. No session fails for want of a diary.

A session of the diary is what belongs together: a new one begins with the first thing that happens after half an hour
in which nothing did and no routine was under way. All of it belongs to the user's day on which it began.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

from assistant.dialogue.digest import Digest
from assistant.dialogue.facts import Fact, HealthForgotten, Held, Moved, RoutineBegun
from assistant.dialogue.state.unfinished import Unfinished
from assistant.diary.entries import HEALTH_KINDS, DiarySession, Entry, SessionKey
from assistant.diary.naming import NO_NAMES, Names
from assistant.diary.store import Diary, DiaryDamaged, WrittenLast, damage_notice, open_diary, set_aside
from assistant.diary.summary import last_session_at
from assistant.errors import DiaryUnusable
from assistant.home import folders
from assistant.keeping.diary_digest import digest_of
from assistant.keeping.diary_facts import entry_of
from assistant.keeping.progress import FactNumber

APART_S = 30 * 60.0
"""How long nothing has to happen for what comes next to be another session."""

_Answer = TypeVar("_Answer")

_LONG_AGO_S = -2 * APART_S
_ROUNDING = 1e-3


def diary_file() -> Path:
    """Where the user's diary lies."""
    return folders.data() / "diary" / "diary.sqlite3"


def local_now() -> datetime:
    """The user's time, with its offset from UTC, in whole seconds."""
    return datetime.now().astimezone().replace(microsecond=0)


class DiaryKeeper:
    """Writes one user's sessions.

    Args:
        path: The database.
        tell: Called with a sentence for the user where something is wrong with it; once for each thing.
        clock: The user's time; only asked when a session begins, and for today.
        new_uid: Makes up a name for a session.
        names: What the user's exercises and routines are called, for a diary from when it held names.
    """

    def __init__(
        self,
        path: Path,
        tell: Callable[[str], None],
        clock: Callable[[], datetime] = local_now,
        new_uid: Callable[[], str] = lambda: uuid.uuid4().hex,
        names: Names = NO_NAMES,
    ) -> None:
        self._path = path
        self._tell_user = tell
        self._told: set[str] = set()
        self._clock = clock
        self._new_uid = new_uid
        self._session: SessionKey | None = None
        self._entries: dict[int, Entry] = {}
        self._unwritten: set[int] = set()
        self._so_far: int | None = None
        self._last = 0
        self._began_at = 0.0
        self._last_at = 0.0
        self._under_way = False
        self._noted = FactNumber("", 0)
        self._diary: Diary | None = None
        try:
            folders.make_private(path.parent)
            self._diary, notice = open_diary(path, clock(), names)
            if notice:
                self._tell(notice)
        except OSError as error:
            self._tell(f"No diary is kept: {path}: {error.strerror or error}.")
        except DiaryUnusable as error:
            self._tell(f"No diary is kept. {error.what} {error.why}")

    def today(self) -> date:
        """The user's day: that of the session under way, or the present one."""
        return self._session.day if self._session is not None and self._under_way else self._clock().date()

    def take_up(self, left: Unfinished | None, owed: Sequence[tuple[FactNumber, Fact]]) -> None:
        """Go on with the session that was written last: the process that wrote it was ended in the middle.

        What had been written of a hold or of reps is replaced by all that comes of it, as if nothing had happened.

        Args:
            left: The routine that was under way; None where none was.
            owed: Facts that may not have been written any more, with their numbers.
        """
        last = self._last_session()
        if last is not None:
            self._session = last.key
            self._entries = dict(last.numbered)
            self._last = max(self._entries)
            self._began_at = -max(0.0, (self._clock() - last.key.started_at).total_seconds())
            self._under_way = True
        unwritten = [(number, fact) for number, fact in owed if not self._seen(number)]
        done = [] if left is None or left.done is None else [left.done]
        self._so_far = self._begun_of([*(fact for _, fact in unwritten), *done])
        for number, fact in unwritten:
            self.note(fact, 0.0, number)
        self._under_way = left is not None and not left.stale
        if not self._under_way:
            self._last_at = _LONG_AGO_S  # nothing else belongs to it

    def _seen(self, number: FactNumber) -> bool:
        """Whether a fact, or a later one, has been written before."""
        return number.run == self._noted.run and number.number <= self._noted.number

    def _begun_of(self, coming: Sequence[Fact]) -> int | None:
        """The last entry, if it is what was written so far of something that comes whole, or is gone on with."""
        newest = self._entries.get(self._last)
        if newest is None or not _in_part(newest):
            return None
        entries = [entry for entry in map(entry_of, coming) if entry is not None and _same_thing(entry, newest)]
        # Less than that: it was begun anew, and what stands there had been left.
        return self._last if any(_amount(entry) >= _amount(newest) - _ROUNDING for entry in entries) else None

    def _last_session(self) -> DiarySession | None:
        """The session that was written last, which need not be the latest: the clock may have been set."""
        try:
            last = self._diary.written_last() if self._diary else None
            if self._diary is None or last is None:
                return None
            self._noted = FactNumber(last.run, last.number)
            return self._diary.session(last.session)
        except DiaryDamaged:
            self._begin_anew()
        except DiaryUnusable as error:
            self._tell(f"The diary can't be read. {error.why}")
        return None

    def note(self, fact: Fact, now: float, number: FactNumber | None = None) -> None:
        """Write a fact.

        Args:
            fact: What was done or said.
            now: Seconds on the sample clock.
            number: What it is known by to the next process, if this one is ended.
        """
        self._noted = number or self._noted
        if isinstance(fact, HealthForgotten):
            self._forget_health()
            return
        entry = entry_of(fact)
        if entry is None:
            return
        self._write(entry, now, final=True)
        self._under_way = self._under_way or isinstance(fact, RoutineBegun)

    def note_so_far(self, fact: Held | Moved, now: float) -> None:
        """Write what of a hold or of reps has been done so far; `note` replaces it by all that was done."""
        entry = entry_of(fact)
        assert entry is not None
        self._write(entry, now, final=False)

    def digest(self) -> Digest:
        """What the diary says in short, as of today."""
        return self._asked(digest_of) or Digest()

    def last_session_at(self) -> datetime | None:
        """When the user stretched last: when that session began; None: never."""
        return self._asked(last_session_at)

    def _asked(self, question: Callable[[Diary, date], _Answer]) -> _Answer | None:
        """What the diary answers as of today; None where it can't be read."""
        try:
            return question(self._diary, self.today()) if self._diary else None
        except DiaryDamaged:
            self._begin_anew()
        except DiaryUnusable as error:
            self._tell(f"The diary can't be read. {error.why}")
        return None

    def routine_over(self) -> None:
        """No routine is under way any more."""
        self._under_way = False

    def close(self) -> None:
        """Close the database."""
        if self._diary is not None:
            self._diary.close()

    def _write(self, entry: Entry, now: float, *, final: bool) -> None:
        begun = None if self._so_far is None else self._entries[self._so_far]
        goes_on = begun is not None and _same_thing(entry, begun)
        if self._session is None or (not goes_on and not self._under_way and now - self._last_at > APART_S):
            self._begin_session(now)
        entry = replace(entry, at_s=round(now - self._began_at, 3))
        so_far = None if self._so_far is None else self._entries[self._so_far]
        if so_far is not None and _same_thing(entry, so_far):
            self._put(self._last, entry)
            self._so_far = None if final else self._last
        elif so_far is not None and final:  # said in mid-hold: the hold comes after it, as it ends after it
            self._put(self._last, entry)
            self._put(self._last + 1, so_far)
            self._so_far = self._last
        else:
            self._put(self._last + 1, entry)
            self._so_far = None if final else self._last
        if self._last_at != _LONG_AGO_S:
            self._last_at = now
        self._save()

    def _put(self, n: int, entry: Entry) -> None:
        self._entries[n] = entry
        self._unwritten.add(n)
        self._last = n

    def _begin_session(self, now: float) -> None:
        self._session = SessionKey(self._new_uid(), self._clock().replace(microsecond=0))
        self._entries, self._unwritten, self._so_far, self._last = {}, set(), None, 0
        self._began_at = self._last_at = now

    def _save(self) -> None:
        """Write what is not written yet: usually one entry; more where the disk had no room in between."""
        if self._diary is None:
            return
        session = self._session
        assert session is not None
        try:
            rows = [(session, n, self._entries[n]) for n in sorted(self._unwritten)]
            self._diary.write_all(rows, self._written_last(session))
            self._unwritten.clear()
        except DiaryDamaged:
            self._begin_anew()
        except DiaryUnusable as error:
            self._tell(f"It can't be written into the diary. {error.why}")

    def _written_last(self, session: SessionKey) -> WrittenLast:
        return WrittenLast(session.uid, self._noted.run, self._noted.number)

    def _begin_anew(self) -> None:
        """The database is damaged: set it aside; the new one begins with all of the session under way."""
        assert self._diary is not None
        self._diary.close()
        self._diary = None
        try:
            aside = set_aside(self._path, self._clock())
            self._diary, _ = open_diary(self._path, self._clock())
            self._tell(damage_notice(aside))
            if self._session is not None:
                session = self._session
                rows = [(session, n, entry) for n, entry in self._entries.items()]
                self._diary.write_all(rows, self._written_last(session))
                self._unwritten.clear()
        except (DiaryDamaged, DiaryUnusable) as error:
            self._tell(f"The diary is damaged, and no new one can be begun: {error}")

    def _forget_health(self) -> None:
        """The answers about health go, those of all earlier sessions too."""
        self._entries = {n: entry for n, entry in self._entries.items() if entry.kind not in HEALTH_KINDS}
        self._unwritten &= self._entries.keys()
        try:
            if self._diary is not None:
                self._diary.forget(HEALTH_KINDS)
        except DiaryDamaged:
            self._begin_anew()
        except DiaryUnusable as error:
            self._tell(f"{error.what} {error.why}")

    def _tell(self, sentence: str) -> None:
        if sentence not in self._told:
            self._told.add(sentence)
            self._tell_user(sentence)


@contextmanager
def diary_if(wanted: bool, tell: Callable[[str], None], names: Callable[[], Names]) -> Iterator[DiaryKeeper | None]:
    """The user's own diary where a session without a sound device is to be written into it; None for a guest."""
    keeper = DiaryKeeper(diary_file(), tell, names=names()) if wanted else None
    try:
        yield keeper
    finally:
        if keeper is not None:
            keeper.close()


def _in_part(entry: Entry) -> bool:
    """Whether it is a hold, or movements, that did not come to their end."""
    return entry.kind in {"held", "moved"} and not entry.whole


def _amount(entry: Entry) -> float:
    """How much was done: reps, or seconds."""
    return entry.seconds or 0.0 if entry.reps is None else float(entry.reps)


def _same_thing(whole: Entry, so_far: Entry) -> bool:
    """Whether an entry is the end of what was noted so far."""
    return (whole.kind, whole.routine, whole.exercise, whole.side) == (
        so_far.kind,
        so_far.routine,
        so_far.exercise,
        so_far.side,
    )
