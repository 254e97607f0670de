"""What the commands of the diary do: find it, show it, export it, erase it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

from rich.console import Console

from assistant.commands.diary.sheet import RECENT, day_sheet, overview
from assistant.diary.entries import DiarySession
from assistant.diary.naming import Names
from assistant.diary.store import Diary, open_diary, set_aside_files
from assistant.diary.summary import day_summaries, exercise_summaries, session_summaries
from assistant.errors import AssistantError, DiaryUnusable, UsageError
from assistant.home import folders
from assistant.keeping import memory, progress
from assistant.keeping.diary_keeper import diary_file, local_now


class DiaryEmpty(AssistantError):
    """There is nothing in the diary yet, or nothing of those days."""


def day_of(text: str) -> date:
    """A day as the user typed it.

    Raises:
        UsageError: It is none.
    """
    today = local_now().date()
    known = {"today": today, "yesterday": today - timedelta(days=1)}
    if text.lower() in known:
        return known[text.lower()]
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise UsageError(f"{text!r} is no day.", "A day is written with year, month and day.", "For instance: 2026-03-02")


@contextmanager
def users_diary(names: Names) -> Iterator[Diary]:
    """The user's diary; tells on standard error where it was damaged.

    Args:
        names: What exercises and routines are called.

    Raises:
        DiaryUnusable: It can't be opened.
    """
    path = diary_file()
    try:
        folders.make_private(path.parent)
    except OSError as error:
        raise DiaryUnusable(
            f"The diary can't be used: {path}.", f"{error.strerror or error}.", "Check that the folder is yours."
        ) from error
    diary, notice = open_diary(path, local_now(), names)
    with diary:
        if notice:
            Console(stderr=True).print(notice, highlight=False, soft_wrap=True, markup=False)
        yield diary


def show_overview(console: Console, names: Names) -> None:
    """A calendar of the last weeks, and the course of the pain.

    Raises:
        DiaryUnusable: It can't be read.
    """
    today = local_now().date()
    with users_diary(names) as diary:
        sessions = session_summaries(diary)
        recent = diary.sessions(sessions[-RECENT:][0].day)[-RECENT:] if sessions else ()
    for part in overview(sessions, names.all_named(recent), today):
        console.print(part, highlight=False)


def show_day(console: Console, day: date, names: Names) -> None:
    """Everything of a day.

    Raises:
        DiaryUnusable: It can't be read.
    """
    with users_diary(names) as diary:
        sessions = diary.sessions(day, day)
    for line in day_sheet(day, names.all_named(sessions)):
        console.print(line, highlight=False, soft_wrap=True, markup=False)


def draw(file: Path, first: date | None, names: Names) -> str:
    """Draw the course into a picture; gives a sentence about it.

    Raises:
        UsageError: It is neither SVG nor PNG.
        DiaryEmpty: There is nothing to draw.
        DiaryUnusable: It can't be read.
        FileUnwritable: The picture can't be written.
    """
    from assistant.diary.plot import draw_course  # noqa: PLC0415 - half a second of import

    if file.suffix.lower() not in {".svg", ".png"}:
        raise UsageError(f"{file} is no picture.", "Its name ends neither in .svg nor in .png.", "Name it diary.svg.")
    with users_diary(names) as diary:
        days = day_summaries(session_summaries(diary, first or date.min))
    if not days:
        raise empty(first)
    draw_course(file, days)
    return f"The picture lies in {file}"


def export(kind: str, file: Path, first: date | None, names: Names) -> str:
    """Write the diary into a file; gives a sentence about it.

    Args:
        kind: ``csv``, ``fhir`` or ``pdf``.
        file: The file.
        first: The first day of it; None: all.
        names: What exercises and routines are called.

    Raises:
        DiaryEmpty: There is nothing to export.
        DiaryUnusable: It can't be read.
        FileUnwritable: The file can't be written.
    """
    with users_diary(names) as diary:
        sessions = diary.sessions(first)
        if not sessions:
            raise empty(first)
        _EXPORTS[kind](file, names.all_named(sessions), diary, first or date.min)
    days = len({session.key.day for session in sessions})
    return f"{many(len(sessions), 'session')} on {many(days, 'day')} lie in {file}\nIt was sent to nobody."


def _to_csv(file: Path, sessions: tuple[DiarySession, ...], _: Diary, __: date) -> None:
    from assistant.diary.csv_file import write_csv  # noqa: PLC0415

    write_csv(file, sessions)


def first_uid(diary: Diary) -> str:
    """What tells whose diary it is: the session that was written first. Of a diary that holds one."""
    ((uid,),) = diary.query("SELECT uid FROM sessions ORDER BY id LIMIT 1")
    return str(uid)


def _to_fhir(file: Path, sessions: tuple[DiarySession, ...], diary: Diary, _: date) -> None:
    from assistant.diary.fhir import write_bundle  # noqa: PLC0415 - its models take their time

    write_bundle(file, sessions, local_now(), first_uid(diary))


def _to_pdf(file: Path, sessions: tuple[DiarySession, ...], diary: Diary, first: date) -> None:
    from assistant.diary.page import draw_page  # noqa: PLC0415 - half a second of import
    from assistant.figures.axes import drawings_of  # noqa: PLC0415

    exercises = exercise_summaries(diary, first)
    draw_page(
        file,
        day_summaries(session_summaries(diary, first)),
        exercises,
        [entry for session in sessions for entry in session.entries],
        local_now().date(),
        drawings_of(exercise.name for exercise in exercises),
    )


_EXPORTS: dict[str, Callable[[Path, tuple[DiarySession, ...], Diary, date], None]] = {
    "csv": _to_csv,
    "fhir": _to_fhir,
    "pdf": _to_pdf,
}


def import_file(file: Path, names: Names) -> str:
    """Take an exported table in; gives a sentence about it.

    Raises:
        DiaryFileInvalid: It is none of ours, or a line is wrong; nothing was taken in.
        DiaryUnusable: The diary can't be written.
    """
    from assistant.diary.csv_file import read_csv, take_in  # noqa: PLC0415

    rows = read_csv(file)
    with users_diary(names) as diary:
        result = take_in(diary, rows)
    told = f"Taken in: {many(result.new, 'entry', 'entries')}. There already: {result.doubles}."
    if result.differing:
        told += f" Different in the diary, and left as they are there: {result.differing}."
    return told


def what_goes(before: date | None, names: Names) -> list[str]:
    """What erasing would delete, for the user to read.

    Raises:
        DiaryUnusable: The diary can't be read.
    """
    with users_diary(names) as diary:
        last = date.max if before is None else max(before, date.min + timedelta(days=1)) - timedelta(days=1)
        sessions = [] if before == date.min else session_summaries(diary, last=last)
    aside = len([file for file in set_aside_files(diary_file()) if file.suffix == diary_file().suffix])
    lines = [f"This erases {many(len(sessions), 'session')} from your diary{f' before {before}' if before else ''}."]
    if aside:
        lines.append(f"With it go {many(aside, 'damaged diary', 'damaged diaries')}, set aside earlier.")
    lines.append(
        "The words and sounds that are kept for a bug report go, too, the speech that was rendered, and where you were "
        "in a routine."
    )
    if before is None:
        lines.append("So does what is remembered of you: answers about health, doses of your physio, the sore leg.")
    lines.append("Files that you exported yourself stay where you put them.")
    return lines


def erase(before: date | None, names: Names) -> str:
    """Erase all, or what lies before a day; gives a sentence about it.

    Raises:
        DiaryUnusable: Something can't be erased.
        AssistantError: Kept words or sounds can't be deleted.
    """
    from assistant.commands import report  # noqa: PLC0415 - it knows the engines, which take their time

    with users_diary(names) as diary:
        number = diary.erase(before)
    try:
        for file in set_aside_files(diary_file()):
            file.unlink(missing_ok=True)
        progress.usual_path().unlink(missing_ok=True)
        if before is None:
            memory.forget_all()
        forget_clips()
    except OSError as error:
        raise DiaryUnusable(
            "Not everything could be erased.", f"{error.filename}: {error.strerror or error}.", "Delete it yourself."
        ) from error
    report.erase()
    return f"Erased: {many(number, 'session')}. Nothing of it is left in the files of this assistant."


def forget_clips() -> None:
    """Delete the speech that was rendered: what was told of the pain is among it. It is made again when needed.

    Raises:
        OSError: It can't be deleted.
    """
    folder = folders.cache() / "voice"
    if folder.is_dir():
        shutil.rmtree(folder)


def confirmed(ask: Callable[[str], str] = input) -> bool:
    """Whether the user, shown what goes, wants it erased."""
    try:
        return ask("Erase it? It can't be brought back. [y/N] ").strip().lower() in {"y", "yes"}
    except EOFError:
        return False


def many(number: int, one: str, many: str | None = None) -> str:
    """A number of things, in words."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def empty(first: date | None) -> DiaryEmpty:
    """The error of a diary in which there is nothing from a day on."""
    since = f" since {first}" if first else ""
    return DiaryEmpty(
        f"There is nothing in your diary{since}.", "It fills itself as you stretch.", "Type: stretch-assistant"
    )
