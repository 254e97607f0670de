"""The table goes out and comes back; doubles are recognised; a wrong file changes nothing and is told by its line."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.diary.csv_file import HEADER, Imported, read_csv, take_in, write_csv
from assistant.diary.entries import KINDS, DiarySession, Entry, SessionKey
from assistant.diary.store import Diary
from assistant.errors import DiaryFileInvalid, FileUnwritable
from scripts.testbed.made_diary import NAMES, key, made_diary

WORDS = st.text("abc 'é,\";-", min_size=1, max_size=12).filter(lambda text: text.strip() == text)
AMOUNTS = st.none() | st.floats(0, 1e6)
ENTRIES = st.builds(
    Entry,
    st.sampled_from(KINDS),
    st.floats(0, 1e6),
    st.none() | WORDS,
    st.none() | WORDS,
    st.sampled_from([None, "left", "right"]),
    AMOUNTS,
    st.none() | st.integers(0, 1000),
    st.none() | st.integers(0, 10),
    st.none() | st.integers(1, 10),
    st.sampled_from([None, True, False]),
    st.sampled_from([None, True, False]),
    st.none() | WORDS,
)
TIMES = st.builds(
    lambda time, minutes: time.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=minutes))),
    st.datetimes(datetime(1971, 1, 2), datetime(2090, 1, 1)),
    st.integers(-14 * 60, 14 * 60),
)


def written(path: Path, sessions: tuple[DiarySession, ...]) -> Path:
    with Diary(path) as diary:
        diary.write_all((s.key, n, entry) for s in sessions for n, entry in s.numbered)
    return path


@settings(max_examples=15, deadline=None)
@given(sessions=st.lists(st.tuples(TIMES, st.lists(ENTRIES, min_size=1, max_size=4)), max_size=4))
def test_export_erase_and_import_give_the_same_diary(
    tmp_path_factory: pytest.TempPathFactory, sessions: list[tuple[datetime, list[Entry]]]
) -> None:
    folder = tmp_path_factory.mktemp("diary")
    made = tuple(
        DiarySession(SessionKey(f"s{number}", started_at), tuple(enumerate(entries, start=1)))
        for number, (started_at, entries) in enumerate(sessions)
    )
    with Diary(written(folder / "d.sqlite3", made)) as diary:
        before = diary.sessions()
        assert {session.key.uid: session for session in before} == {session.key.uid: session for session in made}
        write_csv(folder / "d.csv", before)
        diary.erase()
        assert diary.sessions() == ()
        assert take_in(diary, read_csv(folder / "d.csv")).doubles == 0
        assert diary.sessions() == before


def test_doubles_are_recognised_and_what_differs_is_left(tmp_path: Path) -> None:
    sessions = tuple(made_diary(10))
    file = tmp_path / "d.csv"
    number = write_csv(file, sessions)
    with Diary(written(tmp_path / "d" / "d.sqlite3", sessions[:5])) as diary:
        first = take_in(diary, read_csv(file))
        assert first.doubles == sum(len(session.numbered) for session in sessions[:5])
        assert first.new + first.doubles == number
        assert take_in(diary, read_csv(file)) == replace(first, new=0, doubles=number)
        changed = replace(sessions[0].entries[0], level=10)
        diary.write(sessions[0].key, 1, changed)
        again = take_in(diary, read_csv(file))
        assert (again.new, again.doubles, again.differing) == (0, number - 1, 1)
        assert diary.sessions()[0].entries[0] == changed


def test_a_table_has_names_and_what_comes_back_has_keys(tmp_path: Path) -> None:
    sessions, file = tuple(made_diary(4)), tmp_path / "d.csv"
    with Diary(written(tmp_path / "d" / "d.sqlite3", sessions), NAMES) as diary:
        number = write_csv(file, NAMES.all_named(diary.sessions()))
        text = file.read_text(encoding="utf-8")
        assert "lower back stretch,single knee to chest,left" in text
        assert "lumbar-extension" not in text
        assert take_in(diary, read_csv(file)) == Imported(0, number, 0)
        diary.erase()
        assert take_in(diary, read_csv(file)) == Imported(number, 0, 0)
        assert diary.sessions() == sessions


def test_an_exercise_of_ones_own_that_has_the_name_of_another_is_recognised(tmp_path: Path) -> None:
    own = Entry("held", 1.0, "my-back", "press up", seconds=20.0, whole=True)
    file, session = tmp_path / "d.csv", DiarySession(key(), ((1, own),))
    with Diary(written(tmp_path / "d" / "d.sqlite3", (session,)), NAMES) as diary:
        write_csv(file, NAMES.all_named(diary.sessions()))
        assert take_in(diary, read_csv(file)) == Imported(0, 1, 0)
        assert diary.sessions() == (session,)


def test_gaps_that_forgetting_left_stay(tmp_path: Path) -> None:
    session = DiarySession(key(), ((2, Entry("held", 1.0)), (5, Entry("held", 2.0))))
    write_csv(tmp_path / "d.csv", [session])
    assert [n for _, n, _ in read_csv(tmp_path / "d.csv")] == [2, 5]


LINE = "one,2026-03-02T07:30:00+01:00,1,held,1.0,cool down,hamstring stretch,left,20.0,,,,yes,,"


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ([], "first line"),
        (["a,b,c"], "first line"),
        ([LINE[:-2]], "Line 2"),
        ([LINE, LINE], "Line 3"),
        ([LINE.replace("held", "flown")], "flown"),
        ([LINE.replace("left", "up")], "up"),
        ([LINE.replace("+01:00", "")], "offset"),
        ([LINE.replace("2026-03-02", "2026-02-30")], "started_at"),
        ([LINE.replace("+01:00", "+24:00")], "offset"),
        ([LINE.replace("+01:00", "+01:00:00.5")], "offset"),
        ([LINE, LINE.replace(",1,held", ",2,held").replace("07:30", "07:31")], "differs"),
        ([LINE.replace(",1,held", ",0,held")], "n '0'"),
        ([LINE.replace("20.0", "-1")], "seconds"),
        ([LINE.replace("20.0", "nan")], "seconds"),
        ([LINE.replace("20.0", "1e400")], "seconds"),
        ([LINE.replace("20.0,,,", "20.0,,11,")], "level"),
        ([LINE.replace("20.0,,,,", "20.0,,,0,")], "a_day"),
        ([LINE.replace(",yes,", ",maybe,")], "whole"),
        ([LINE.replace("1.0,cool", ",cool")], "at_s"),
        ([LINE.replace("cool down", "x" * 300)], "longer"),
        ([LINE.replace("one,", "\x07,")], "plain text"),
        ([LINE.replace("one,", ",")], "session"),
        (['"unfinished'], "quotation mark"),
        ([LINE.replace("cool down", "x" * 200_000)], "endless"),
    ],
)
def test_a_wrong_line_is_told_and_nothing_is_taken(tmp_path: Path, lines: list[str], why: str) -> None:
    file = tmp_path / "d.csv"
    header = [] if why == "first line" else [",".join(HEADER)]
    file.write_text("\n".join([*header, *lines]) + "\n", encoding="utf-8")
    with pytest.raises(DiaryFileInvalid) as failure:
        read_csv(file)
    assert why in failure.value.why
    assert str(file) in failure.value.what


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"\x00" * 50])
def test_what_is_no_text_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "d.csv").write_bytes(content)
    for path in (tmp_path / "d.csv", tmp_path / "missing.csv", tmp_path):
        with pytest.raises(DiaryFileInvalid):
            read_csv(path)


def test_a_spreadsheets_mark_at_the_beginning_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text(f"\ufeff{','.join(HEADER)}\r\n{LINE}\r\n\r\n", encoding="utf-8", newline="")
    assert len(read_csv(tmp_path / "d.csv")) == 1


def test_an_export_that_fails_leaves_the_older_file(tmp_path: Path) -> None:
    file = tmp_path / "d.csv"
    write_csv(file, tuple(made_diary(3)))
    content = file.read_bytes()
    assert file.stat().st_mode & 0o777 == 0o600

    def failing() -> object:
        yield next(iter(made_diary(3)))
        raise OSError(28, "No space left on device")

    with pytest.raises(FileUnwritable, match=r"d\.csv"):
        write_csv(file, failing())  # type: ignore[arg-type]
    assert file.read_bytes() == content
    assert [path.name for path in tmp_path.iterdir()] == ["d.csv"]
    with pytest.raises(FileUnwritable):
        write_csv(tmp_path / "missing" / "d.csv", ())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_what_a_spreadsheet_makes_of_a_table_is_taken_back(
    tmp_path: Path, encoding: str, separator: str, end: str
) -> None:
    (tmp_path / "ours.csv").write_text(f"{','.join(HEADER)}\n{LINE}\n", encoding="utf-8")
    line = LINE.replace(",", separator)
    if separator != ",":
        line = line.replace("20.0", "20,0")
    lines = [separator.join(HEADER), line, separator * (len(HEADER) - 1), ""]
    if encoding == "utf-8-sig":
        lines.insert(0, f"sep={separator}")
    (tmp_path / "theirs.csv").write_bytes(end.join(lines).encode(encoding))
    assert read_csv(tmp_path / "theirs.csv") == read_csv(tmp_path / "ours.csv")


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04", b"\xd0\xcf\x11\xe0", HEADER[0].encode() + b"\xe9", b"\0\0\0\xfe\xff"]
)
def test_what_is_no_text_is_told_to_be_saved_as_one(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "d.csv").write_bytes(content + b"rest")
    with pytest.raises(DiaryFileInvalid) as failure:
        read_csv(tmp_path / "d.csv")
    assert "text" in failure.value.why or "first line" in failure.value.why


def test_a_link_is_followed_and_what_is_no_file_is_left_as_it_is(tmp_path: Path) -> None:
    real, link = tmp_path / "real.csv", tmp_path / "link.csv"
    write_csv(real, ())
    empty = real.read_text(encoding="utf-8")
    real.write_text(f"{empty}older\n", encoding="utf-8")
    link.symlink_to(real.name)
    write_csv(link, ())
    assert link.is_symlink()
    assert real.read_text(encoding="utf-8") == empty
    os.mkfifo(tmp_path / "pipe.csv")
    for path in (tmp_path / "pipe.csv", tmp_path):
        with pytest.raises(FileUnwritable):
            write_csv(path, ())
    assert (tmp_path / "pipe.csv").is_fifo()
