"""The diary as people see it in a terminal: a calendar of the last weeks, the course of the pain, a day in full."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from assistant.diary.entries import DiarySession
from assistant.diary.summary import BAD_DAY, DaySummary, SessionSummary, day_summaries, mean, mean_pain
from assistant.diary.wording import told

WEEKS = 6
RECENT = 5
_BARS = " ▁▂▃▄▅▆▇█"
_DAY_NAMES = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")


def overview(
    sessions: Sequence[SessionSummary], recent: Sequence[DiarySession], today: date
) -> Iterator[RenderableType]:
    """Calendar, course, the last sessions, and a line about all of it.

    Args:
        sessions: Every session of the diary, in order.
        recent: The last of them, in full.
        today: The user's day.
    """
    days = day_summaries(sessions)
    past = [day for day in days if day.day <= today]
    if not days:
        yield "Your diary is empty. It fills itself as you stretch."
        return
    yield Text("Minutes in stretches", style="bold")
    yield calendar(past, today)
    pain = [day for day in past if day.worst is not None]
    if pain:
        yield Text("\nPain, 0 none to 10 worst", style="bold")
        yield course(pain, today)
    yield Text("\nLast sessions", style="bold")
    for session in recent:
        yield from _in_short(session)
    yield Text(f"\n{in_all(days)}")
    if len(past) < len(days):
        yield Text(
            f"{len(days) - len(past)} of these days lie ahead of today: was the clock wrong? See them with: "
            f"diary show {days[-1].day}",
            style="dim",
        )
    yield Text(f"More: stretch-assistant diary show {past[-1].day if past else days[-1].day}", style="dim")


def in_all(days: Sequence[DaySummary]) -> str:
    """How much there is, in a line."""
    sessions = sum(day.sessions for day in days)
    stretched = sum(day.sessions > 0 for day in days)
    minutes = sum(day.seconds for day in days) / 60
    return (
        f"In all {sessions} {'session' if sessions == 1 else 'sessions'} on {stretched} "
        f"{'day' if stretched == 1 else 'days'}, {minutes:.0f} minutes in stretches, since {days[0].day:%d %b %Y}."
    )


def calendar(days: Sequence[DaySummary], today: date) -> Table:
    """The last weeks: minutes for each day with stretching, a dot for one without, today in brackets."""
    by_day = {day.day: day for day in days}
    monday = today - timedelta(days=today.weekday())
    table = Table(box=None, pad_edge=False, padding=(0, 1))
    table.add_column("week of", justify="right", style="dim")
    for name in _DAY_NAMES:
        table.add_column(name, justify="right", min_width=4)
    for week in range(WEEKS - 1, -1, -1):
        begins = monday - timedelta(weeks=week)
        cells = [_cell(by_day.get(begins + timedelta(days=n)), begins + timedelta(days=n), today) for n in range(7)]
        table.add_row(f"{begins.day} {begins:%b}", *cells)
    return table


def _in_short(session: DiarySession) -> Iterator[Text]:
    """A session in a line; of one that ended early also what was done."""
    entries = session.entries
    seconds = sum(entry.seconds or 0.0 for entry in entries if entry.kind in {"held", "moved"})
    routines = ", ".join(dict.fromkeys(e.routine for e in entries if e.kind == "routine begun" and e.routine))
    pain = {entry.detail: entry.level for entry in entries if entry.kind == "pain"}
    levels = [pain.get("before", pain.get("between")), pain.get("after")]
    line = Text(f"{session.key.started_at:%d %b %H:%M}  {routines or 'no routine'}, {_minutes(seconds)}")
    if levels != [None, None]:
        line.append(f", pain {_level(levels[0])} → {_level(levels[1])}")
    yield line
    if _ended_early(session):
        done = [told(entry) for entry in entries if entry.kind in {"held", "moved"}]
        yield Text(f"              ended early; done: {'; '.join(done) or 'nothing yet'}", style="dim")


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:.0f} min" if seconds >= 60 else f"{seconds:.0f} s"


def _ended_early(session: DiarySession) -> bool:
    kinds = [entry.kind for entry in session.entries if entry.kind in {"routine begun", "routine done"}]
    return bool(kinds) and kinds[-1] == "routine begun"


def _cell(day: DaySummary | None, when: date, today: date) -> Text:
    if when > today:
        return Text("")
    if day is None or not day.sessions:
        shown = Text("·", style="dim")
    else:
        minutes = round(day.seconds / 60)
        shown = Text(str(minutes) if minutes else "<1", style="bold green")
    return Text.assemble("[", shown, "]") if when == today else shown


def course(days: Sequence[DaySummary], today: date) -> Table:
    """The pain of the last weeks: a bar for each day on which it was told, and the means."""
    by_day = {day.day: day for day in days}
    monday = today - timedelta(days=today.weekday())
    table = Table(box=None, pad_edge=False, padding=(0, 1))
    table.add_column("week of", justify="right", style="dim")
    table.add_column("Mo–Su")
    table.add_column("mean before → after")
    for week in range(WEEKS - 1, -1, -1):
        begins = monday - timedelta(weeks=week)
        week_days = [by_day.get(begins + timedelta(days=n)) for n in range(7)]
        told_days = [day for day in week_days if day is not None]
        if told_days:
            before, after = mean([day.before for day in told_days]), mean([day.after for day in told_days])
            table.add_row(f"{begins.day} {begins:%b}", _bars(week_days), f"{_level(before)} → {_level(after)}")
    return table


def _bars(days: Sequence[DaySummary | None]) -> Text:
    text = Text()
    for day in days:
        pain = mean_pain([day]) if day else None
        if pain is None:
            text.append("·", style="dim")
        else:
            text.append(_BARS[max(1, round(pain * 8 / 10))], style="red" if pain >= BAD_DAY else "cyan")
    return text


def _level(value: float | None) -> str:
    return "–" if value is None else f"{value:.0f}" if isinstance(value, int) else f"{value:.1f}"


def day_sheet(day: date, sessions: Sequence[DiarySession]) -> Iterator[str]:
    """A day in full, a line for each thing, with the time on the user's clock."""
    yield f"{day:%A, %d %B %Y}"
    if not sessions:
        yield "Nothing is noted for this day."
    for session in sessions:
        begun = session.key.started_at
        yield ""
        for entry in session.entries:
            at = begun + timedelta(seconds=entry.at_s)
            next_day = "" if at.date() == day else " (after midnight)"
            yield f"  {at:%H:%M}{next_day}  {told(entry)}"
        if _ended_early(session):
            yield "  (ended before the routine was over)"
