"""A contact sheet of the figures: every pose of every exercise in each of its forms, to be looked at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from assistant.figures.axes import draw_on
from assistant.figures.figure import Figure, KeyPose, Motion
from assistant.figures.loading import own_figure
from assistant.figures.scene import Box, frame_of
from assistant.routines.exercise_loading import load_exercises

COLUMNS = 6
_INCHES_A_METRE = 1.5
_HALF_WIDTH_M, _MARGIN_M, _TITLE_M = 1.12, 0.03, 0.1


@dataclass(frozen=True, slots=True)
class Cell:
    """One pose of the sheet."""

    title: str
    figure: Figure
    motion: Motion
    key_pose: KeyPose


def cells(keys: Sequence[str]) -> Iterator[list[Cell]]:
    """Every pose, a list for each form of an exercise."""
    for key in keys:
        figure = own_figure(key)
        if figure is None:
            continue
        for form, motion in figure.forms.items():
            yield [Cell(f"{key}, {form}: {key_pose.name}", figure, motion, key_pose) for key_pose in motion.key_poses()]


def draw(axes: Axes, cell: Cell, box: Box, height: float) -> None:
    """Draw a pose; all pictures have the same scale, those of a form the same frame, those of a row the same height."""
    draw_on(axes, cell.figure, cell.motion, cell.key_pose)
    x0, _, x1, bottom = box
    middle = (x0 + x1) / 2
    axes.set_xlim(middle - _HALF_WIDTH_M, middle + _HALF_WIDTH_M)
    axes.set_ylim(bottom + _MARGIN_M, bottom + _MARGIN_M - height)
    axes.set_title(cell.title, fontsize=6, pad=1)


def main(out: Path, only: Sequence[str]) -> None:
    """Draw the sheet.

    Args:
        out: The PNG file.
        only: Keys of exercises; all of them when there are none.
    """
    rows: list[list[tuple[Cell, Box]]] = [[]]
    for strip in cells(only or list(load_exercises())):
        if len(rows[-1]) + len(strip) > COLUMNS:
            rows.append([])
        rows[-1] += [(cell, frame_of(cell.figure, cell.motion, cell.figure.views[0])) for cell in strip]
    heights = [max(y1 - y0 for _, (_, y0, _, y1) in row) + 2 * _MARGIN_M for row in rows]
    width, height = COLUMNS * 2 * _HALF_WIDTH_M, sum(heights) + len(rows) * _TITLE_M
    canvas = Canvas(figsize=(width * _INCHES_A_METRE, height * _INCHES_A_METRE))
    top = height
    for row, row_height in zip(rows, heights, strict=True):
        top -= row_height + _TITLE_M
        for column, (cell, box) in enumerate(row):
            place = (column / COLUMNS, top / height, 1 / COLUMNS, row_height / height)
            draw(canvas.add_axes(place), cell, box, row_height)
    out.parent.mkdir(parents=True, exist_ok=True)
    canvas.savefig(out, dpi=100)
    print(f"{sum(map(len, rows))} poses in {out}")
