"""What was written is there, whatever happens to the process; it is the user's alone; and it can be forgotten."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from assistant.diary.entries import HEALTH_KINDS, KINDS, Entry
from assistant.diary.naming import FIRST_EXERCISES, FIRST_ROUTINES, Names
from assistant.diary.schema import MIGRATIONS, MadeByNewerVersion, migrate, version_of
from assistant.diary.store import Diary, DiaryDamaged, WrittenLast, open_diary, set_aside_files
from assistant.errors import DiaryUnusable
from scripts.testbed.made_diary import BEGUN, NAMES, key, made_diary

HELD = Entry("held", 12.5, "after-activity", "hamstring", "left", 20.0, whole=True)
VERSION_1 = Path(__file__).parent / "version-1.sql"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "diary" / "diary.sqlite3"


def contents(path: Path) -> list[tuple[str, int, Entry]]:
    with Diary(path) as diary:
        return [(s.key.uid, n, entry) for s in diary.sessions() for n, entry in s.numbered]


def fill(path: Path, days: int = 20) -> None:
    with Diary(path) as diary:
        diary.write_all((s.key, n, entry) for s in made_diary(days) for n, entry in s.numbered)


def test_every_entry_is_there_for_others_at_once_and_comes_back_as_it_was(path: Path) -> None:
    entries = [Entry(kind, 1.0 + n) for n, kind in enumerate(KINDS)] + [
        HELD,
        Entry("moved", 2.0, "a", "b", None, 40.0, 10, whole=False),
        Entry("pain", 3.0, level=0, detail="before"),
        Entry("health answer", 4.0, yes=False, detail="fall"),
        Entry("prescribed", 5.0, exercise="press-up", reps=10, a_day=3),
    ]
    with Diary(path) as diary:
        for n, entry in enumerate(entries, start=1):
            diary.write(key(), n, entry)
            assert contents(path)[-1] == ("one", n, entry)
        (session,) = diary.sessions()
    assert session.key == key()
    assert session.entries == tuple(entries)


def test_an_entry_is_written_anew_in_its_place(path: Path) -> None:
    with Diary(path) as diary:
        for seconds in (5.0, 6.0, 20.0):
            diary.write(key(), 1, Entry("held", 1.0, seconds=seconds))
    assert contents(path) == [("one", 1, Entry("held", 1.0, seconds=20.0))]


def test_a_killed_process_loses_nothing_that_it_said_was_written(path: Path) -> None:
    writing = f"""
import itertools
from pathlib import Path
from assistant.diary.entries import Entry
from assistant.diary.store import Diary
from scripts.testbed.made_diary import key
diary = Diary(Path({str(path)!r}))
for n in itertools.count(1):
    diary.write(key(), n, Entry("held", float(n), seconds=float(n)))
    print(n, flush=True)
"""
    with subprocess.Popen([sys.executable, "-c", writing], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = 0
        while said < 25:
            said = int(process.stdout.readline())
        process.send_signal(signal.SIGKILL)
        said = int([str(said), *process.stdout.read().split()][-1])
    there = contents(path)
    assert [n for _, n, _ in there][:said] == list(range(1, said + 1))
    assert len(there) <= said + 1


def test_it_is_for_the_user_alone_also_where_it_was_open_to_others(path: Path) -> None:
    path.parent.mkdir(mode=0o755)
    path.touch(mode=0o644)
    with Diary(path) as diary:
        diary.write(key(), 1, HELD)
        assert {file.name: file.stat().st_mode & 0o777 for file in path.parent.iterdir()} == {
            path.name: 0o600,
            f"{path.name}-wal": 0o600,
            f"{path.name}-shm": 0o600,
        }
        assert path.parent.stat().st_mode & 0o777 == 0o700
        for pragma, value in (("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("secure_delete", 1)):
            assert diary.query(f"PRAGMA {pragma}") == [(value,)]


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO entries (session, n, kind, at_s) VALUES (1, 2, 'nonsense', 0.0)",
        "INSERT INTO entries (session, n, kind, at_s, level) VALUES (1, 2, 'pain', 0.0, 11)",
        "INSERT INTO entries (session, n, kind, at_s, level) VALUES (1, 2, 'pain', 0.0, 'four')",
        "INSERT INTO entries (session, n, kind, at_s) VALUES (99, 1, 'pain', 0.0)",
        "INSERT INTO sessions (uid, started_at, utc_offset_s, day) VALUES ('x', 'now', 0, 'Monday')",
    ],
)
def test_the_tables_take_nothing_that_makes_no_sense(path: Path, statement: str) -> None:
    with Diary(path) as diary:
        diary.write(key(), 1, HELD)
        with pytest.raises(DiaryUnusable):
            diary.query(statement)


def test_a_diary_of_the_first_version_opens_with_all_that_is_in_it(path: Path) -> None:
    path.parent.mkdir()
    with sqlite3.connect(path) as old:
        old.executescript(VERSION_1.read_text(encoding="utf-8"))
    old.close()
    with Diary(path) as diary:
        assert diary.query("PRAGMA user_version") == [(len(MIGRATIONS),)]
        (session,) = diary.sessions()
        assert diary.written_last() == WrittenLast(session.key.uid)
    assert session.key == key("0123456789abcdef", BEGUN)
    assert session.entries[1] == HELD
    assert {entry.kind for entry in session.entries} == {"pain", "held", "prescribed", "health answer"}


def test_a_diary_that_held_names_holds_keys_and_what_is_unknown_stays_readable(path: Path) -> None:
    path.parent.mkdir()
    with sqlite3.connect(path) as old:
        old.executescript(VERSION_1.read_text(encoding="utf-8"))
        rows = [("sciatic nerve stretch", "child's pose"), ("my own stretch", "press up"), ("gone", "my twist")]
        for n, row in enumerate(rows, start=10):
            old.execute(
                "INSERT INTO entries (session, n, kind, at_s, routine, exercise) VALUES (1, ?, 'held', 1.0, ?, ?)",
                (n, *row),
            )
    old.close()
    names = Names({**NAMES.exercises, "my twist": "my twist"}, {**NAMES.routines, "mine": "my own stretch"})
    for _ in range(2):  # once, and never again
        with Diary(path, names) as diary:
            entries = dict(diary.sessions()[0].numbered)
            assert [(entries[n].routine, entries[n].exercise) for n in (10, 11, 12)] == [
                ("sciatic-nerve", "childs-pose"),
                ("mine", "press-up"),
                ("gone", "my twist"),
            ]
            assert entries[3].exercise == "press-up"
            assert [names.named(entries[n]).routine for n in (10, 11, 12)] == [routine for routine, _ in rows]
            assert [names.named(entries[n]).exercise for n in (10, 11, 12)] == [exercise for _, exercise in rows]


def test_the_names_that_diaries_held_at_first_are_those_of_the_exercises_and_routines_that_there_were() -> None:
    assert set(FIRST_EXERCISES.values()) <= NAMES.exercises.keys()
    assert set(FIRST_ROUTINES.values()) <= NAMES.routines.keys()


def test_migrations_go_one_by_one_and_a_failing_one_changes_nothing() -> None:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    first = ("CREATE TABLE a (x INTEGER) STRICT", "INSERT INTO a VALUES (7)")
    second = ("ALTER TABLE a ADD COLUMN y TEXT", "UPDATE a SET y = 'seven'")
    broken = ("UPDATE a SET y = 'lost'", "DROP TABLE missing")
    migrate(connection, [first])
    assert version_of(connection) == 1
    with pytest.raises(sqlite3.OperationalError):
        migrate(connection, [first, second, broken])
    assert version_of(connection) == 2
    assert connection.execute("SELECT * FROM a").fetchall() == [(7, "seven")]
    with pytest.raises(MadeByNewerVersion):
        migrate(connection, [first])


def test_a_diary_of_a_newer_version_is_left_alone(path: Path) -> None:
    fill(path, 3)
    with sqlite3.connect(path) as newer:
        newer.execute("PRAGMA user_version = 99")
    newer.close()
    before = path.read_bytes()
    with pytest.raises(DiaryUnusable, match=str(path)) as failure:
        open_diary(path, BEGUN)
    assert "newer version" in failure.value.why
    assert path.read_bytes() == before


def damage(path: Path, how: str) -> None:
    content = bytearray(path.read_bytes())
    match how:
        case "no database":
            content = bytearray(b"This is no database, but a letter to my aunt. " * 100)
        case "a page overwritten":
            content[8192:12288] = b"\xa5" * 4096
        case "cut short":
            del content[len(content) // 2 :]
    path.write_bytes(content)


@pytest.mark.parametrize("how", ["no database", "a page overwritten", "cut short"])
def test_a_damaged_diary_is_set_aside_under_its_date_told_and_a_new_one_begun(path: Path, how: str) -> None:
    fill(path)
    damage(path, how)
    content = path.read_bytes()
    with pytest.raises(DiaryDamaged):
        Diary(path)
    diary, notice = open_diary(path, BEGUN)
    with diary:
        assert diary.sessions() == ()
        diary.write(key(), 1, HELD)
    (aside,) = set_aside_files(path)
    assert notice is not None
    assert str(aside) in notice
    assert aside.name == "diary.damaged-2026-03-02-073000.sqlite3"
    assert aside.read_bytes() == content
    assert contents(path) == [("one", 1, HELD)]


def test_a_folder_in_its_place_is_an_error_of_ours(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(DiaryUnusable, match=str(path)):
        open_diary(path, BEGUN)


def traces(folder: Path, *words: str) -> list[str]:
    return [file.name for file in folder.rglob("*") for word in words if word.encode() in file.read_bytes()]


def secret(path: Path) -> None:
    with Diary(path) as diary:
        for day in range(40):
            began = key(f"session-{day}", BEGUN + timedelta(days=day))
            word = "earlier-secret" if day < 20 else "later-secret"
            rows = [(began, n, Entry("held", 1.0, exercise=f"{word}-{n}")) for n in range(1, 30)]
            diary.write_all(rows, WrittenLast(began.uid, "secret-run", 29))
    assert traces(path.parent, "earlier-secret")


def test_erasing_leaves_no_trace_in_any_file(path: Path) -> None:
    secret(path)
    with Diary(path) as diary:
        assert diary.erase() == 40
        assert not traces(path.parent, "secret", "session-")  # nor in the log, while it is open
        assert diary.span().sessions == 0
    assert not traces(path.parent, "secret", "session-")


def test_erasing_before_a_day_keeps_that_day_and_what_follows(path: Path) -> None:
    secret(path)
    with Diary(path) as diary:
        day = (BEGUN + timedelta(days=20)).date()
        assert diary.erase(day) == 20
        assert diary.span().first == day
        assert diary.span().sessions == 20
    assert not traces(path.parent, "earlier-secret", "session-19")
    assert traces(path.parent, "later-secret")


def test_answers_about_health_are_forgotten_and_the_rest_stays(path: Path) -> None:
    with Diary(path) as diary:
        for n, kind in enumerate((*HEALTH_KINDS, "held"), start=1):
            diary.write(key(), n, Entry(kind, 1.0, detail=f"tumour-{n}" if kind in HEALTH_KINDS else None))
        diary.write(key("two"), 1, Entry("health answer", 1.0, detail="tumour-again"))
        diary.forget(HEALTH_KINDS)
        assert not traces(path.parent, "tumour")
        (session,) = diary.sessions()
    assert session.numbered == ((4, Entry("held", 1.0)),)


def test_erasing_tells_where_another_process_is_reading(path: Path) -> None:
    secret(path)
    reader = sqlite3.connect(path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM entries").fetchone()
    with Diary(path) as diary, pytest.raises(DiaryUnusable, match="erase"):
        diary._connection.execute("PRAGMA busy_timeout = 1")
        diary.erase()
    reader.close()
    with Diary(path) as diary:
        diary.erase()
    assert not traces(path.parent, "secret")


def test_a_folder_that_cannot_be_made_is_told(path: Path) -> None:
    path.parent.write_text("in the way", encoding="utf-8")
    with pytest.raises(DiaryUnusable, match=str(path)):
        Diary(path)


def test_days_are_found_from_and_to(path: Path) -> None:
    fill(path, 20)
    with Diary(path) as diary:
        first, last = date(2026, 3, 5), date(2026, 3, 9)
        days = {session.key.day for session in diary.sessions(first, last)}
        assert days == {d for d in (s.key.day for s in diary.sessions()) if first <= d <= last}
        assert days
