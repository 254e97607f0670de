"""Figures on matplotlib's axes, for the contact sheet and the diary's page."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

from assistant.figures.figure import Figure, KeyPose, Motion
from assistant.figures.loading import own_figure
from assistant.figures.paints import EDGE, PAINTS
from assistant.figures.scene import scene
from assistant.routines.exercise_loading import load_exercises

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def draw_on(axes: Axes, figure: Figure, motion: Motion, key_pose: KeyPose) -> None:
    """Draw a pose, in metres, as the first of the figure's views shows it."""
    axes.axis("off")
    axes.set_aspect("equal")
    for shape in scene(figure, motion, key_pose.pose, figure.views[0]):
        xs, ys = zip(*shape.points, strict=True)
        colour, width = (EDGE, 0.7) if shape.edge else ("none", 0.0)
        axes.fill(xs, ys, facecolor=PAINTS[shape.paint], edgecolor=colour, linewidth=width, joinstyle="round")
    axes.invert_yaxis()


def drawings_of(names: Iterable[str]) -> list[tuple[str, Callable[[Axes], None]]]:
    """What draws each of these exercises, in the pose that it is held in, or that its first beat reaches.

    Args:
        names: As they are spoken; those without a figure are left out.
    """
    keys = {exercise.name: key for key, exercise in load_exercises().items()}
    drawings: list[tuple[str, Callable[[Axes], None]]] = []
    for name in names:
        figure = own_figure(keys.get(name, ""))
        if figure is not None:
            motion = figure.forms["usual"]
            key_pose = motion.steps[-1 if motion.held else 0][-1]
            drawings.append((name, partial(draw_on, figure=figure, motion=motion, key_pose=key_pose)))
    return drawings
