"""One page for the physio: the course, the exercises, what was asked for, and what should be looked at."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.diary.entries import Entry
from assistant.diary.files import put_in_place
from assistant.diary.plot import draw_panels, new_figure, title_of
from assistant.diary.summary import WEEK, DaySummary, ExerciseSummary, mean
from assistant.diary.wording import dose_of, matter

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_A4 = (8.27, 11.69)
_LARGEST_TABLE = 12
_MOST_DRAWINGS = 6
_MOST_NOTES = 9
_WIDTH = 104  # letters in a line of the notes

Drawing = tuple[str, "Callable[[Axes], None]"]
"""The name of an exercise, and what draws it."""


def draw_page(
    path: Path,
    days: Sequence[DaySummary],
    exercises: Sequence[ExerciseSummary],
    entries: Sequence[Entry],
    today: date,
    drawings: Sequence[Drawing] = (),
) -> None:
    """Draw the page into a PDF file.

    Args:
        path: The file.
        days: At least one, in order.
        exercises: Those of these days.
        entries: All entries of these days, in order.
        today: The day that the page is of.
        drawings: Of exercises that are shown as they look; there is room for some of them.

    Raises:
        FileUnwritable: The page can't be written.
    """
    figure = new_figure(_A4)
    layout = figure.get_layout_engine()
    assert layout is not None
    layout.set(w_pad=0.35, h_pad=0.12)  # type: ignore[call-arg]
    heights = (1.3, 3, 1.5, 2.2, 3) if not drawings else (1.3, 2.7, 1.3, 2.0, 1.1, 3)
    head, pain, stretching, notes, *strip, table = figure.subplots(
        len(heights), 1, gridspec_kw={"height_ratios": heights}
    )
    pain.sharex(stretching)
    pain.tick_params(labelbottom=False)
    _write_head(head, days, today)
    draw_panels(pain, stretching, days)
    _write_table(table, exercises)
    _write_notes(notes, entries)
    for axes in strip:
        _draw_strip(axes, drawings[:_MOST_DRAWINGS])
    with put_in_place(path) as part:
        # Without the time it was made at, the same diary gives the same page.
        figure.savefig(part, format="pdf", metadata={"Title": title_of(days), "CreationDate": None})


def _write_head(axes: Axes, days: Sequence[DaySummary], today: date) -> None:
    axes.axis("off")
    axes.text(0, 1.0, title_of(days), fontsize=15, weight="bold", va="top")
    stretched = sum(day.sessions > 0 for day in days)
    length = (days[-1].day - days[0].day).days + 1
    minutes = sum(day.seconds for day in days) / 60
    lines = [
        f"Stretched on {stretched} of {length} {'day' if length == 1 else 'days'}, "
        f"{sum(day.sessions for day in days)} sessions, {minutes:.0f} minutes in stretches.",
        f"Mean pain, 0 to 10: {_pain_of(days)}.",
        _last_week(days),
        f"As told to a voice assistant; written on {today:%d %b %Y}. Exercises and doses follow public leaflets.",
    ]
    axes.text(0, 0.62, "\n".join(lines), fontsize=9.5, va="top", linespacing=1.5)


def _pain_of(days: Sequence[DaySummary]) -> str:
    before, after = mean([day.before for day in days]), mean([day.after for day in days])
    return f"{_number(before)} before stretching, {_number(after)} after"


def _last_week(days: Sequence[DaySummary]) -> str:
    last = days[-1].day
    return f"In its last seven days: {_pain_of([day for day in days if last - day.day < WEEK])}."


def _number(value: float | None) -> str:
    return "not told" if value is None else f"{value:.1f}"


def _write_table(axes: Axes, exercises: Sequence[ExerciseSummary]) -> None:
    axes.axis("off")
    if not exercises:
        axes.text(0, 1, "No exercise was done.", fontsize=9.5, va="top")
        return
    rows = [
        [e.name, str(e.sessions), f"{e.seconds / 60:.1f}", "" if e.reps is None else str(e.reps)] for e in exercises
    ]
    shown, rest = rows[:_LARGEST_TABLE], rows[_LARGEST_TABLE:]
    table = axes.table(
        cellText=shown,
        colLabels=["exercise", "sessions", "minutes", "reps"],
        colWidths=[0.5, 0.15, 0.15, 0.15],
        cellLoc="right",
        loc="upper left",
        edges="horizontal",
    )
    table.auto_set_font_size(False)
    table.set_fontsize(9)
    for (row, column), cell in table.get_celld().items():
        cell.set_edgecolor("#999999")
        cell.set_height(1 / (_LARGEST_TABLE + 1.5))
        if column == 0:
            cell.set_text_props(ha="left")
        if row == 0:
            cell.set_text_props(weight="bold")
    if rest:
        axes.text(0, 0, f"and {len(rest)} more", fontsize=9, va="bottom")


def _draw_strip(axes: Axes, drawings: Sequence[Drawing]) -> None:
    axes.axis("off")
    for number, (name, draw) in enumerate(drawings):
        place = axes.inset_axes((number / _MOST_DRAWINGS, 0.0, 0.97 / _MOST_DRAWINGS, 0.8))
        draw(place)
        place.set_title(name, fontsize=7.5, pad=2)


def _write_notes(axes: Axes, entries: Sequence[Entry]) -> None:
    axes.axis("off")
    notes = notes_of(entries)
    shown = notes[:_MOST_NOTES]
    if len(notes) > len(shown):
        shown.append(f"and {len(notes) - len(shown)} more notes, in the table that export --csv writes")
    wrapped = [textwrap.fill(note, _WIDTH, initial_indent="·  ", subsequent_indent="   ") for note in shown]
    axes.text(0, 1, "Notes", fontsize=10.5, weight="bold", va="top")
    axes.text(0, 0.84, "\n".join(wrapped) or "Nothing.", fontsize=9, va="top", linespacing=1.45)


def notes_of(entries: Sequence[Entry]) -> list[str]:
    """Signs, leg pain that moved down, doses that were set, and what was left out or eased, the gravest first."""
    rated: dict[str, list[int]] = {}
    for entry in entries:
        if entry.kind == "activity" and entry.level is not None:
            rated.setdefault(entry.detail or "", []).append(entry.level)
    said = dict.fromkeys(entry.detail for entry in entries if entry.kind == "note")
    signs = Counter(matter(entry.detail) for entry in entries if entry.kind == "sign")
    lower = Counter(entry.exercise for entry in entries if entry.kind == "leg" and entry.detail == "lower")
    doses = {entry.exercise: dose_of(entry) for entry in entries if entry.kind == "prescribed"}
    skipped = Counter(entry.exercise for entry in entries if entry.kind == "skipped")
    eased = Counter(entry.exercise for entry in entries if entry.kind == "form" and entry.detail in {"easier", "chair"})
    sides = [entry.side for entry in entries if entry.kind == "sore side"]
    return [
        *(f"A session was ended by a sign: {sign}, {_times(n)}." for sign, n in signs.most_common()),
        *(f"For you: {note}." for note in said),
        *(_course_of(activity, levels) for activity, levels in rated.items()),
        *(f"Leg pain moved further down after {name}, {_times(n)}." for name, n in lower.most_common()),
        *(f"{dose[0].upper()}{dose[1:]}." for dose in doses.values()),
        *([f"The sore leg is the {sides[-1]} one."] if sides else []),
        *(f"Done in a milder form: {name}, {_times(n)}." for name, n in eased.most_common()),
        *(f"Left out: {name}, {_times(n)}." for name, n in skipped.most_common()),
    ]


def _course_of(activity: str, levels: Sequence[int]) -> str:
    """How well something goes, at first and lately, by the Patient-Specific Functional Scale."""
    course = f"{levels[0]}" if len(levels) == 1 else f"{levels[0]}, lately {levels[-1]}"
    return f"Patient-Specific Functional Scale, {activity}: {course} of 10 (10: as well as ever)."


def _times(number: int) -> str:
    return "once" if number == 1 else "twice" if number == 2 else f"{number} times"
