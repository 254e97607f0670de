"""The diary equals what happened, after every single thing that happens; and no session fails for want of it."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.dialogue.digest import Digest
from assistant.dialogue.events import Event, Heard
from assistant.dialogue.exercising.recording import done_so_far
from assistant.dialogue.facts import (
    HealthAnswer,
    HealthForgotten,
    Held,
    Moved,
    PainNotRated,
    PainRated,
    PainSaid,
    RoutineBegun,
    RoutineDone,
    SetDone,
)
from assistant.dialogue.state.phases import Holding, Moving
from assistant.dialogue.state.takes import TAKES
from assistant.diary.entries import HEALTH_KINDS
from assistant.diary.store import Diary, set_aside_files
from assistant.keeping.diary_facts import entry_of
from assistant.keeping.diary_keeper import APART_S, DiaryKeeper, local_now
from intents import Command
from tests.dialogue.drawn_commands import SLOTS
from tests.dialogues.world import World, new_session
from tests.keeping.diary_user import HELD, MORNING, DiaryUser


class KeptWorld(World):
    """The soundless world with a diary, as the conversation keeps it; looks after every event whether it is right."""

    keeper: DiaryKeeper
    user: DiaryUser
    so_far: Held | Moved | None = None
    noted: int = 0

    def feed(self, event: Event) -> tuple:  # type: ignore[type-arg]
        actions = super().feed(event)
        for fact in self.facts[self.noted :]:
            self.keeper.note(fact, self.now)
        self.noted = len(self.facts)
        if self.session.under_way is None:
            self.keeper.routine_over()
        under_way = isinstance(self.session.phase, Holding | Moving)
        self.so_far = done_so_far(self.session.phase, self.now) if under_way else None
        if self.so_far is not None:
            self.keeper.note_so_far(self.so_far, self.now)
        self.check()
        return actions

    def check(self) -> None:
        expected = [entry for entry in map(entry_of, self.facts) if entry is not None]
        if any(isinstance(fact, HealthForgotten) for fact in self.facts):
            last = max(n for n, fact in enumerate(self.facts) if isinstance(fact, HealthForgotten))
            before = [entry_of(fact) for fact in self.facts[:last]]
            after = [entry_of(fact) for fact in self.facts[last:]]
            expected = [e for e in before if e is not None and e.kind not in HEALTH_KINDS] + [e for e in after if e]
        there = [replace(entry, at_s=0.0) for _, entries in self.user.written() for entry in entries]
        if self.so_far is not None:
            so_far = entry_of(self.so_far)
            assert there[-1] == so_far
            there.pop()
        # What was begun, and paused, is in the diary before the fact of it is recorded.
        assert len(there) - len(expected) in {0, 1}, (there, expected)
        assert there[: len(expected)] == expected
        assert all(entry.whole is False for entry in there[len(expected) :])


GOES_ON = ("Ready", "Ready", "Yes", "Number", "LegPain", "Resume")
BETWEEN = ("PainLevel", "Pause", "Next", "Easier", "Longer", "Repeat", "Hurts", "Side", "Back", "Stop", "ForgetHealth")


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_after_every_event_the_diary_is_what_happened(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    user = DiaryUser(tmp_path_factory.mktemp("home"))
    world = KeptWorld(new_session(diary=Digest(), sore_side="left"))
    world.user, world.keeper = user, user.keeper()
    world.start()
    routines = st.sampled_from(["after-activity", "five-minutes", "sciatic-nerve"])
    world.feed(Heard(Command("StartRoutine", {"routine": data.draw(routines)}), 1.0, 0.0, 0.0))
    for _ in range(data.draw(st.integers(3, 16))):
        taken = TAKES[type(world.session.phase)]
        wanted = [i for i in (*GOES_ON, *BETWEEN, "StartRoutine") if i in taken]
        if wanted and data.draw(st.integers(0, 3)) > 0:
            intent = data.draw(st.sampled_from(wanted))
            slots = data.draw(SLOTS.get(intent, st.just({})))
            world.feed(Heard(Command(intent, slots), 1.0, world.now, world.now))
        world.pass_time(data.draw(st.sampled_from([1.5, 8.0, 25.0, 60.0])))
    world.keeper.close()
    assert user.told == []
    world.check()


def test_what_is_held_is_written_second_by_second_and_once(user: DiaryUser) -> None:
    keeper = user.keeper()
    keeper.note(RoutineBegun("after-activity"), 0.0)
    for seconds in (1.0, 2.0, 3.0):
        keeper.note_so_far(replace(HELD, seconds=seconds, whole=False), seconds)
        ((_, entries),) = user.written()
        assert [(entry.kind, entry.seconds, entry.whole) for entry in entries[1:]] == [("held", seconds, False)]
    keeper.note(HELD, 20.0)
    keeper.note_so_far(replace(HELD, seconds=1.0, whole=False), 30.0)  # the second round
    ((_, entries),) = user.written()
    assert [(entry.seconds, entry.whole) for entry in entries[1:]] == [(20.0, True), (1.0, False)]


def test_what_is_said_in_mid_hold_does_not_double_the_hold(user: DiaryUser) -> None:
    keeper = user.keeper()
    keeper.note(RoutineBegun("after-activity"), 0.0)
    keeper.note_so_far(replace(HELD, seconds=8.0, whole=False), 8.0)
    keeper.note(PainSaid("hamstring", 3, in_leg=False), 8.5)
    ((_, entries),) = user.written()
    assert [(entry.kind, entry.seconds) for entry in entries[1:]] == [("pain", None), ("held", 8.0)]
    keeper.note_so_far(replace(HELD, seconds=9.0, whole=False), 9.0)
    keeper.note(HELD, 20.0)
    keeper.note(SetDone("hamstring"), 20.0)
    ((_, entries),) = user.written()
    assert [(entry.kind, entry.seconds) for entry in entries[1:]] == [
        ("pain", None),
        ("held", 20.0),
        ("set done", None),
    ]
    with Diary(user.path) as diary:
        assert [n for n, _ in diary.sessions()[0].numbered] == [1, 2, 3, 4]


def test_a_session_over_midnight_belongs_to_the_day_on_which_it_began(user: DiaryUser) -> None:
    user.clock = datetime(2026, 3, 2, 23, 50, tzinfo=MORNING.tzinfo)
    keeper = user.keeper()
    keeper.note(RoutineBegun("after-activity"), 5.0)
    user.clock += timedelta(minutes=20)
    keeper.note(HELD, 1205.0)
    assert keeper.today() == date(2026, 3, 2), "the set that follows counts for that day, too"
    keeper.note(RoutineDone("after-activity"), 1210.0)
    keeper.routine_over()
    assert keeper.today() == date(2026, 3, 3)
    assert user.days() == [date(2026, 3, 2)]
    user.clock += timedelta(minutes=40)
    keeper.note(RoutineBegun("before-activity"), 1210.0 + APART_S + 1)
    assert user.days() == [date(2026, 3, 2), date(2026, 3, 3)]


def test_what_belongs_together_is_one_session_however_long_a_routine_is_paused(user: DiaryUser) -> None:
    keeper = user.keeper()
    keeper.note(PainRated("before", 4), 0.0)
    keeper.note(RoutineBegun("after-activity"), 10.0)
    keeper.note(HELD, 3 * 3600.0)  # paused for hours
    keeper.routine_over()
    keeper.note(PainRated("after", 3), 3 * 3600.0 + 60)
    assert len(user.written()) == 1
    keeper.note(PainRated("between", 3), 7 * 3600.0)
    assert [len(entries) for _, entries in user.written()] == [4, 1]


def test_a_clock_that_is_set_back_loses_and_doubles_nothing(user: DiaryUser) -> None:
    keeper = user.keeper()
    keeper.note(HELD, 0.0)
    user.clock -= timedelta(days=30)  # it had been a month ahead
    keeper.note(HELD, APART_S + 1)
    assert user.days() == [date(2026, 1, 31), date(2026, 3, 2)]
    digest = user.digest()
    assert digest.last_stretch == 0, "what is dated ahead is not the last time"
    assert digest.week_days == 1


@pytest.mark.parametrize(
    ("utc", "offset_h", "day"),
    [
        (datetime(2026, 3, 28, 23, 30, tzinfo=UTC), 1, date(2026, 3, 29)),  # the night in which summer time begins
        (datetime(2026, 3, 29, 22, 30, tzinfo=UTC), 2, date(2026, 3, 30)),
        (datetime(2026, 10, 24, 22, 30, tzinfo=UTC), 2, date(2026, 10, 25)),  # and that in which it ends
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), 2, date(2026, 10, 25)),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), 1, date(2026, 10, 25)),  # the same hour on the clock, once more
        (datetime(2026, 10, 25, 22, 30, tzinfo=UTC), 1, date(2026, 10, 25)),
    ],
)
def test_days_are_the_users_own_also_when_summer_time_begins_and_ends(
    user: DiaryUser, monkeypatch: pytest.MonkeyPatch, utc: datetime, offset_h: int, day: date
) -> None:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    try:
        user.clock = datetime.fromtimestamp(utc.timestamp()).astimezone()
        keeper = user.keeper()
        keeper.note(HELD, 0.0)
        assert keeper.today() == day
        assert local_now().utcoffset() in {timedelta(hours=1), timedelta(hours=2)}
        monkeypatch.setenv("TZ", "Pacific/Auckland")  # the user has travelled since
        time.tzset()
        with Diary(user.path) as diary:
            (session,) = diary.sessions()
        assert session.key.day == day
        assert session.key.started_at == utc
        assert session.key.started_at.utcoffset() == timedelta(hours=offset_h)
    finally:
        monkeypatch.undo()
        time.tzset()


def test_the_digest_tells_this_week_and_the_one_before(user: DiaryUser) -> None:
    pain = {13: (6, 5), 8: (5, 4), 6: (4, 3), 2: (3, 2), 0: (2, 1)}
    today = user.clock
    for ago, (before, after) in pain.items():
        user.clock = today - timedelta(days=ago)
        keeper = user.keeper()
        keeper.note(PainRated("before", before), 0.0)
        keeper.note(replace(HELD, seconds=90.0), 100.0)
        keeper.note(PainRated("after", after), 200.0)
        keeper.close()
    assert user.digest() == Digest(
        week_days=3, week_minutes=4, last_stretch=0, last_level=1, pain_week=3, pain_week_before=6,
        pain_days=(6, 5, 4, 3), left_open=0,
    )  # fmt: skip
    user.clock = today + timedelta(days=4)
    keeper = user.keeper()
    for n in range(5):
        keeper.note(PainNotRated("before"), float(n))
    days = (5, 4, 3, 2)
    assert keeper.digest() == Digest(1 + 1, 3, 4, 1, 4, pain_week=2, pain_week_before=4, pain_days=days, left_open=3)


def test_what_is_erased_while_a_session_runs_stays_erased_and_the_session_goes_on(user: DiaryUser) -> None:
    keeper = user.keeper()
    keeper.note(RoutineBegun("after-activity"), 0.0)
    keeper.note(HELD, 30.0)
    with Diary(user.path) as other:
        assert other.erase() == 1
    keeper.note(replace(HELD, side="right"), 60.0)
    keeper.close()
    assert user.told == []
    ((_, entries),) = user.written()
    assert [entry.side for entry in entries] == ["right"]


def break_file(path: Path) -> None:
    for ending in ("-wal", "-shm"):
        Path(f"{path}{ending}").unlink(missing_ok=True)
    path.write_bytes(b"not a database at all, but long enough to be read as one. " * 200)


def test_a_diary_that_breaks_meanwhile_is_set_aside_with_nothing_lost_of_the_session(user: DiaryUser) -> None:
    keeper = user.keeper()
    keeper.note(RoutineBegun("after-activity"), 0.0)
    keeper.note(HELD, 30.0)
    keeper.close()
    keeper = user.keeper()
    keeper.note(HealthAnswer("fall", yes=False), 1.0)
    keeper.note(HELD, 40.0)
    keeper._diary.close()  # type: ignore[union-attr]
    break_file(user.path)
    keeper._diary = reopened(user.path)
    keeper.note(SetDone("hamstring"), 41.0)
    ((_, entries),) = user.written()
    assert [entry.kind for entry in entries] == ["health answer", "held", "set done"]
    (aside,) = set_aside_files(user.path)
    assert len(user.told) == 1
    assert str(aside) in user.told[0]


def reopened(path: Path) -> Diary:
    """A connection that was open before the file broke."""
    diary = Diary.__new__(Diary)
    diary.path = path
    diary._connection = sqlite3.connect(path, isolation_level=None)
    return diary


def test_a_damaged_diary_is_told_at_the_start_and_the_session_goes_on(user: DiaryUser) -> None:
    user.path.parent.mkdir()
    break_file(user.path)
    keeper = user.keeper()
    keeper.note(HELD, 0.0)
    assert len(user.written()) == 1
    assert "set aside" in user.told[0]


@pytest.mark.parametrize("blocked", [lambda path: path.mkdir(parents=True), lambda path: path.parent.write_text("x")])
def test_where_no_diary_can_be_kept_it_is_told_once_and_the_session_goes_on(
    user: DiaryUser, blocked: Callable[[Path], object]
) -> None:
    blocked(user.path)
    keeper = user.keeper()
    for n in range(3):
        keeper.note(HELD, float(n))
    assert keeper.digest() == Digest()
    assert keeper.today() == MORNING.date()
    keeper.note(HealthForgotten(), 5.0)
    keeper.close()
    assert len(user.told) == 1
    assert user.told[0].startswith("No diary is kept")


def test_what_could_not_be_written_is_written_when_there_is_room_again(user: DiaryUser) -> None:
    keeper = user.keeper()
    keeper.note(RoutineBegun("after-activity"), 0.0)
    keeper._diary.query("PRAGMA query_only = ON")  # type: ignore[union-attr]
    keeper.note(HELD, 10.0)
    keeper.note(replace(HELD, side="right"), 40.0)
    assert len(user.told) == 1
    assert "can't be written" in user.told[0]
    keeper._diary.query("PRAGMA query_only = OFF")  # type: ignore[union-attr]
    keeper.note(SetDone("hamstring"), 41.0)
    ((_, entries),) = user.written()
    assert [entry.kind for entry in entries] == ["routine begun", "held", "held", "set done"]


def test_forgetting_health_leaves_the_rest_and_goes_on_in_the_same_session(user: DiaryUser) -> None:
    keeper = user.keeper()
    keeper.note(HELD, 0.0)
    keeper.note(HealthAnswer("pregnancy", yes=True), 1.0)
    keeper.note(HealthForgotten(), 2.0)
    keeper.note(HELD, 3.0)
    ((_, entries),) = user.written()
    assert [entry.kind for entry in entries] == ["held", "held"]
    keeper.close()
    assert b"pregnancy" not in user.path.read_bytes()
