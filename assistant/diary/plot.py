"""The course of the pain and of the stretching as a picture.

Readable in grey and by the colour-blind: what is before and what is after differ in shape and filling, not in colour
alone. Many days are drawn by week, many years by month, so that they are a course and no cloud.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from assistant.diary.files import put_in_place
from assistant.diary.summary import DaySummary, mean

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Unit = Literal["day", "week", "month"]
BY_WEEK_FROM_DAYS = 120
BY_MONTH_FROM_DAYS = 1100
"""From so many days on a point is a week, or a month."""

MOST_TICKS = 8

_BEFORE, _AFTER, _BAR = "#0b3c5d", "#d17a00", "#9fb4c7"  # dark, middle and light: apart in grey, too
_LEAST_DAYS = 7


@dataclass(frozen=True, slots=True)
class Point:
    """A day, a week or a month of the course.

    Attributes:
        day: Its first day.
        days: Days with stretching.
        minutes: Minutes in stretches, in all.
        before: Mean pain before.
        after: Mean pain after, or told in between.
    """

    day: date
    days: int
    minutes: float
    before: float | None
    after: float | None


def course_of(days: Sequence[DaySummary]) -> tuple[list[Point], Unit]:
    """The points to draw, and what each of them is; at least one day."""
    length = (days[-1].day - days[0].day).days
    unit: Unit = "month" if length >= BY_MONTH_FROM_DAYS else "week" if length >= BY_WEEK_FROM_DAYS else "day"
    groups: dict[date, list[DaySummary]] = {}
    for day in days:
        groups.setdefault(_beginning(day.day, unit), []).append(day)
    return [_point(begins, group) for begins, group in groups.items()], unit


def _beginning(day: date, unit: Unit) -> date:
    match unit:
        case "day":
            return day
        case "week":
            return day - timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)


def _point(begins: date, days: Sequence[DaySummary]) -> Point:
    before = mean([day.before for day in days])
    after = mean([day.after for day in days])
    told = mean([day.worst for day in days if day.before is None and day.after is None])
    return Point(
        begins,
        sum(day.sessions > 0 for day in days),
        sum(day.seconds for day in days) / 60,
        before if before is not None or after is not None else told,
        after,
    )


def draw_course(path: Path, days: Sequence[DaySummary]) -> None:
    """Draw the course into an SVG or PNG file.

    Args:
        path: The file; its ending says which.
        days: At least one, in order.

    Raises:
        FileUnwritable: The picture can't be written.
    """
    figure = new_figure((10, 6))
    pain, stretching = figure.subplots(2, 1, sharex=True, gridspec_kw={"height_ratios": (2, 1)})
    draw_panels(pain, stretching, days)
    figure.suptitle(title_of(days), fontsize=13, x=0.02, ha="left", weight="bold")
    with put_in_place(path) as part:
        figure.savefig(part, format=path.suffix[1:].lower(), dpi=150)


def new_figure(inches: tuple[float, float]) -> Figure:
    """A figure that draws without a screen."""
    import matplotlib as mpl  # noqa: PLC0415 - half a second of import
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    mpl.rcParams["text.parse_math"] = False  # a name may hold dollars
    mpl.rcParams["svg.fonttype"] = "none"  # words stay words
    mpl.rcParams["pdf.fonttype"] = 42
    figure = Figure(figsize=inches, layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def title_of(days: Sequence[DaySummary]) -> str:
    """From when to when."""
    first, last = days[0].day, days[-1].day
    until = f" to {last.day} {last:%b %Y}" if last != first else ""
    return f"Pain and stretching, {first.day} {first:%b %Y}{until}"


def draw_panels(pain: Axes, stretching: Axes, days: Sequence[DaySummary]) -> None:
    """Draw the pain above and the minutes below."""
    from matplotlib.ticker import MaxNLocator  # noqa: PLC0415

    points, unit = course_of(days)
    _draw_pain(pain, points)
    middles = [_noon(p.day) for p in points]
    width = {"day": 0.8, "week": 5.6, "month": 24.0}[unit]
    stretching.bar(middles, [p.minutes for p in points], width, color=_BAR, edgecolor="#33475b")
    stretching.set_ylabel(f"minutes in stretches\na {unit}")
    stretching.set_ylim(0, max(1.0, 1.08 * max(p.minutes for p in points)))
    stretching.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    _date_axis(stretching, points, width, by_day=unit == "day")
    for axes in (pain, stretching):
        axes.grid(axis="y", color="#dddddd", linewidth=0.7)
        axes.set_axisbelow(True)
        for edge in ("top", "right"):
            axes.spines[edge].set_visible(False)


def _draw_pain(axes: Axes, points: Sequence[Point]) -> None:
    before = [(_noon(p.day), p.before) for p in points if p.before is not None]
    after = [(_noon(p.day), p.after) for p in points if p.after is not None]
    size = 7 if len(points) <= 60 else 4
    if before:
        axes.plot(
            *zip(*before, strict=True),
            color=_BEFORE,
            marker="o",
            markersize=size,
            linewidth=1.8,
            label="before stretching",
        )
    if after:
        (line,) = axes.plot(
            *zip(*after, strict=True), color=_AFTER, marker="s", markersize=size, label="after stretching"
        )
        line.set(linestyle=(0, (4, 2)), linewidth=1.4, markerfacecolor="none", markeredgewidth=1.6)
    if before or after:
        axes.legend(loc="upper right", frameon=False, ncols=2)
    else:
        axes.text(0.5, 0.5, "no pain was told", transform=axes.transAxes, ha="center", color="#555555")
    axes.set_ylim(-0.4, 10.4)
    axes.set_yticks(range(0, 11, 2))
    axes.set_ylabel("pain\n0 none, 10 worst")


def _date_axis(axes: Axes, points: Sequence[Point], width: float, *, by_day: bool) -> None:
    """Ticks that say day and month, or month and year, wherever one looks."""
    first, last = points[0].day, points[-1].day
    room = max(0.75 * width, (_LEAST_DAYS - (last - first).days) / 2)  # the bar of a single day is narrow, too
    axes.set_xlim(_noon(first) - room, _noon(last) + room)
    ticks = _days(first, last) if by_day else _months(first, last)
    labels = [f"{tick.day} {tick:%b}" if by_day else f"{tick:%b %Y}" for tick in ticks]
    axes.set_xticks([_noon(tick) for tick in ticks], labels)


def _noon(day: date) -> float:
    """Where a day's bar and dot have their middle, in days."""
    return day.toordinal() + 0.5


def _days(first: date, last: date) -> list[date]:
    step = (last - first).days // MOST_TICKS + 1
    return [first + timedelta(days=n) for n in range(0, (last - first).days + 1, step)]


def _months(first: date, last: date) -> list[date]:
    begins = first.year * 12 + first.month - 1 + (first.day > 1)
    ends = last.year * 12 + last.month - 1
    step = next(n for n in (1, 2, 3, 6, *range(12, 12_000, 12)) if (ends - begins) // n < MOST_TICKS)
    return [date(month // 12, month % 12 + 1, 1) for month in range(begins, ends + 1) if month % step == 0]
