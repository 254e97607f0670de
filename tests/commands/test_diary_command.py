"""The diary as users meet it on the command line; and a session that is really killed in mid-hold."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import sqlite3
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from assistant.dialogue.facts import Prescribed, SoreSide
from assistant.diary.entries import Entry, SessionKey
from assistant.diary.store import Diary
from assistant.home import folders
from assistant.keeping import memory
from assistant.keeping.diary_keeper import diary_file, local_now
from assistant.keeping.kept_events import events_files
from assistant.keeping.memory import usual_memory
from scripts.testbed.made_diary import made_diary
from tests.commands.calling import call
from tests.routines.test_loading import GOOD

DAYS = 30
COOL_DOWN = """
1 start cool down
1.5 no
2 six
3 no
4 next
5 ready
24 skip
"""


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")


@pytest.fixture
def full(home: Path) -> date:
    """A diary up to today, and the day of its first session."""
    sessions = list(made_diary(DAYS, begins=local_now().replace(hour=6, minute=0) - timedelta(days=DAYS - 1)))
    folders.make_private(diary_file().parent)
    with Diary(diary_file()) as diary:
        diary.write_all((s.key, n, entry) for s in sessions for n, entry in s.numbered)
    return sessions[0].key.day


def everything() -> list[object]:
    with Diary(diary_file()) as diary:
        return list(diary.sessions())


def test_an_empty_diary_is_no_failure_and_no_reproach(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("diary") == 0
    assert "It fills itself as you stretch" in capsys.readouterr().out
    assert call("diary", "show", "today") == 0
    assert "Nothing is noted for this day" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("nonsense",), 2),
        (("show",), 2),
        (("show", "someday"), 2),
        (("show", "2026-02-30"), 2),
        (("show", "20260302"), 2),
        (("plot",), 2),
        (("plot", "picture.jpg"), 2),
        (("plot", "picture.png"), 1),
        (("plot", "picture.png", "--since", "tomorrow"), 2),
        (("export",), 2),
        (("export", "--csv", "d.csv"), 1),
        (("import",), 2),
        (("import", "missing.csv"), 1),
        (("erase",), 2),
        (("erase", "--before", "x", "--yes"), 2),
    ],
)
def test_wrong_calls_and_failures_are_three_lines(
    arguments: tuple[str, ...], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call("diary", *arguments) == code
    shown = capsys.readouterr()
    assert len(shown.err.splitlines()) == 3, shown.err
    assert "Traceback" not in shown.err


def test_calendar_course_and_day_are_shown(full: date, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("diary") == 0
    shown = capsys.readouterr().out
    assert "Minutes in stretches" in shown
    assert "[" in shown
    assert "before → after" in shown
    assert f"since {full:%d %b %Y}" in shown
    assert call("diary", "show", str(full)) == 0
    day = capsys.readouterr().out
    assert f"{full:%d %B %Y}" in day
    assert "single knee to chest, left: held for 10 seconds" in day
    assert "before stretching" in day


def test_a_date_ahead_of_today_is_pointed_out(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folders.make_private(diary_file().parent)
    with Diary(diary_file()) as diary:
        for session in made_diary(1, share=2.0, begins=local_now() + timedelta(days=40)):
            diary.write_all((session.key, n, entry) for n, entry in session.numbered)
    assert call("diary") == 0
    assert "was the clock wrong" in capsys.readouterr().out


def test_export_erase_and_import_give_the_same_diary(full: date, capsys: pytest.CaptureFixture[str]) -> None:
    before = everything()
    assert call("diary", "export", "--csv", "d.csv", "--fhir", "d.json", "--pdf", "d.pdf") == 0
    assert call("diary", "plot", "d.svg") == 0
    assert json.loads(Path("d.json").read_text(encoding="utf-8"))["resourceType"] == "Bundle"
    assert "single knee to chest, left: held for 10 seconds" in Path("d.json").read_text(encoding="utf-8")
    assert "lower back stretch,single knee to chest,left" in Path("d.csv").read_text(encoding="utf-8")
    assert Path("d.pdf").read_bytes().startswith(b"%PDF")
    assert {Path(name).stat().st_mode & 0o777 for name in ("d.csv", "d.json", "d.pdf", "d.svg")} == {0o600}
    assert call("diary", "erase", "--yes") == 0
    assert everything() == []
    capsys.readouterr()
    assert call("diary", "import", "d.csv") == 0
    assert "There already: 0" in capsys.readouterr().out
    assert everything() == before
    assert call("diary", "import", "d.csv") == 0
    assert "Taken in: 0 entries" in capsys.readouterr().out
    assert everything() == before


def test_a_part_is_exported_from_a_day_on(full: date) -> None:
    since = full + timedelta(days=10)
    assert call("diary", "export", "--csv", "d.csv", "--since", str(since)) == 0
    days = {line.split(",")[1][:10] for line in Path("d.csv").read_text(encoding="utf-8").splitlines()[1:]}
    assert min(days) >= str(since)


def test_a_table_with_a_wrong_line_changes_nothing(full: date, capsys: pytest.CaptureFixture[str]) -> None:
    before = everything()
    assert call("diary", "export", "--csv", "d.csv") == 0
    with Path("d.csv").open("a", encoding="utf-8") as file:
        file.write("one,yesterday\n")
    assert call("diary", "import", "d.csv") == 1
    assert "Line " in capsys.readouterr().err
    assert everything() == before


@pytest.mark.parametrize("settings", ["", "volume = nonsense"])
def test_a_routine_of_ones_own_is_shown_by_its_title_also_where_the_settings_are_broken(
    home: Path, settings: str, capsys: pytest.CaptureFixture[str]
) -> None:
    own = folders.make_private(folders.data() / "routines") / "mine.yaml"
    own.write_text(GOOD, encoding="utf-8")
    (folders.make_private(folders.config()) / "settings.toml").write_text(settings, encoding="utf-8")
    folders.make_private(diary_file().parent)
    with Diary(diary_file()) as diary:
        begun = SessionKey("one", local_now())
        diary.write(begun, 1, Entry("routine begun", 1.0, routine="mine"))
        diary.write(begun, 2, Entry("held", 1.0, routine="mine", exercise="belly-rest", seconds=9.0, whole=False))
        diary.write(begun, 3, Entry("routine begun", 1.0, routine="one-that-is-gone"))
    assert call("diary") == 0
    assert "neck roll, one-that-is-gone, 9 s" in capsys.readouterr().out
    assert call("diary", "show", "today") == 0
    shown = capsys.readouterr().out
    for line in ("neck roll begun", "belly rest: held for 9 seconds (not to the end)", "one that is gone begun"):
        assert line in shown


def test_erasing_all_leaves_nothing_that_the_user_has_said(full: date, home: Path) -> None:
    remembered = usual_memory()
    remembered.note(SoreSide("left"))
    remembered.note(Prescribed("press-up", 10, "reps", 3))
    aside = diary_file().with_name("diary.damaged-2026-01-01-120000.sqlite3")
    aside.write_bytes(diary_file().read_bytes())
    (memory.memory_file().parent / "remembered.json.damaged-2026-01-01").write_text("press-up", encoding="utf-8")
    for kept in (*events_files(), folders.cache() / "voice" / "clip.wav"):
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text("your pain was six; press up", encoding="utf-8")
    assert call("diary", "erase", "--yes") == 0
    left = [file for file in home.rglob("*") if file.is_file()]
    assert {file.name for file in left} == {"diary.sqlite3"}
    content = diary_file().read_bytes()
    for word in (b"press up", b"press-up", b"lumbar", b"single-knee", str(full).encode()):
        assert word not in content
    assert usual_memory().known.sore_side is None


@pytest.mark.usefixtures("full")
def test_the_diary_is_not_exported_over_itself(capsys: pytest.CaptureFixture[str]) -> None:
    kept = diary_file().read_bytes()
    assert call("diary", "export", "--csv", str(diary_file())) == 1
    assert "another kind" in capsys.readouterr().err.splitlines()[1]
    assert diary_file().read_bytes() == kept


@pytest.mark.usefixtures("full")
def test_before_the_first_day_of_all_there_is_nothing_to_erase(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("diary", "erase", "--before", "0001-01-01", "--yes") == 0
    assert capsys.readouterr().out.startswith("This erases 0 sessions")


def test_erasing_before_a_day_keeps_what_is_remembered(full: date) -> None:
    usual_memory().note(SoreSide("left"))
    kept = full + timedelta(days=15)
    assert call("diary", "erase", "--before", str(kept), "--yes") == 0
    with Diary(diary_file()) as diary:
        first = diary.span().first
        assert first is not None
        assert first >= kept
    assert str(full).encode() not in diary_file().read_bytes()
    assert usual_memory().known.sore_side == "left"


def test_a_damaged_diary_is_told_and_the_command_goes_on(full: date, capsys: pytest.CaptureFixture[str]) -> None:
    diary_file().write_bytes(b"no database " * 1000)
    assert call("diary") == 0
    shown = capsys.readouterr()
    assert "set aside as" in shown.err
    assert "is empty" in shown.out


def test_a_guests_session_is_not_in_the_diary_unless_it_is_wanted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "script.txt").write_text(COOL_DOWN, encoding="utf-8")
    assert call("session", "--script", "script.txt", "--known") == 0
    assert "How is the pain" not in capsys.readouterr().out
    assert not diary_file().exists()
    assert call("session", "--script", "script.txt", "--known", "--diary") == 0
    said = capsys.readouterr().out
    assert "How is the pain now" in said
    assert "That is a bad day" in said
    assert call("diary", "show", "today") == 0
    shown = capsys.readouterr().out
    for line in ("pain 6 of 10, before stretching", "cool down begun", "(not to the end)", "left out", "to the end"):
        assert line in shown


GENTLE = """
1 start gentle
1.5 no
2 skip
3 next
4 ready
"""


def killed_in_a_hold(folder: Path, remaining: int) -> None:
    """Run a session of which nobody reads more than a page ahead, and kill it at a second of its hold."""
    (folder / "script.txt").write_text(GENTLE, encoding="utf-8")
    pipe = folder / "events"
    os.mkfifo(pipe)
    script = ("session", "--script", "script.txt", "--known", "--diary", "--count", "all", "--events", str(pipe))
    call_of_it = [sys.executable, "-m", "assistant", *script]
    with subprocess.Popen(call_of_it, cwd=folder) as process, pipe.open("rb", buffering=0) as events:
        fcntl.fcntl(events, fcntl.F_SETPIPE_SZ, 4096)  # the session waits once 4 kB, some seconds, are unread
        read = b""
        while b'"remaining": %d}' % remaining not in read:
            read += events.read(1)
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert process.returncode == -signal.SIGKILL


@pytest.mark.skipif(not hasattr(fcntl, "F_SETPIPE_SZ"), reason="only Linux lets a pipe be made small")
def test_what_was_done_until_the_kill_in_mid_hold_is_in_the_diary(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    killed_in_a_hold(tmp_path, remaining=50)
    connection = sqlite3.connect(diary_file())
    assert connection.execute("PRAGMA quick_check").fetchone() == ("ok",)
    connection.close()
    with Diary(diary_file()) as diary:
        (session,) = diary.sessions()
    assert [entry.kind for entry in session.entries] == ["pain not said", "routine begun", "held"]
    held = session.entries[-1]
    assert (held.routine, held.exercise) == ("bad-day", "belly-rest")
    assert held.whole is False
    assert held.seconds is not None
    assert 9.0 <= held.seconds < 120.0, "ten seconds were counted when it was killed: a second may be missing at most"
    assert call("diary") == 0
    assert "ended early; done: belly rest: held for " in capsys.readouterr().out
    assert call("diary", "show", "today") == 0
    shown = capsys.readouterr().out
    assert "belly rest: held for " in shown
    assert "(ended before the routine was over)" in shown
