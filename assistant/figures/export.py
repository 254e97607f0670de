"""Figures for elsewhere: as data that `figure.js` takes, and as pictures in SVG."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import resources
from typing import Any

from assistant.figures import scene as drawing
from assistant.figures.body import FRAMES, PARTS, Part
from assistant.figures.figure import Figure, KeyPose, Motion
from assistant.figures.furniture import floors, furniture
from assistant.figures.kinematics import Camera, Pose
from assistant.figures.marks import MARKS
from assistant.figures.paints import EDGE, PAINTS
from assistant.routines.model import BREATH_S

MARGIN_CM = 2.0
_DIGITS = 4


def script() -> str:
    """The program that draws figures in a browser."""
    return (resources.files("assistant.figures") / "figure.js").read_text(encoding="utf-8")


def body_data() -> dict[str, Any]:
    """The body, for `figure.js`; the same for every figure."""
    return {
        "frames": [
            {
                "name": frame.name,
                "parent": frame.parent,
                "joint": frame.joint,
                "at": frame.at,
                "signs": frame.signs,
                "share": frame.share,
            }
            for frame in FRAMES
        ],
        "parts": [_part(part) for part in PARTS],
        "shaded": drawing.SHADED,
        "closer": drawing.CLOSER_M,
        "markNearer": drawing.MARK_M,
        "turnedAway": drawing.TURNED_AWAY_M,
        "coreShare": drawing.CORE_SHARE,
        "breathing": drawing.BREATHING,
        "breathShare": drawing.BREATH_SHARE,
        "breathSeconds": BREATH_S,
    }


def figure_data(figure: Figure) -> dict[str, Any]:
    """A figure, for `figure.js`."""
    return {
        "views": [[camera.yaw, camera.pitch] for camera in figure.views],
        "floors": [_part(part) for part in floors(figure.ground)],
        "forms": {form: _form(figure, motion) for form, motion in figure.forms.items()},
    }


def _form(figure: Figure, motion: Motion) -> dict[str, Any]:
    marks = (Part(name, MARKS[name], "mark") for name in motion.works)
    return {
        "held": motion.held,
        "start": _pose(motion.start.pose),
        "steps": [[_pose(pose.pose) for pose in step] for step in motion.steps],
        "breath": motion.breath,
        "parts": [_part(part) for part in (*marks, *furniture(figure, motion))],
        "boxes": [_view_box(figure, motion, camera) for camera in figure.views],
    }


def _pose(pose: Pose) -> dict[str, Any]:
    return {"root": [round(value, _DIGITS) for value in pose.root], "angles": dict(pose.angles)}


def _part(part: Part) -> dict[str, Any]:
    balls = [
        {"frame": ball.frame, "at": [round(value, _DIGITS) for value in ball.at], "radius": ball.radius}
        for ball in part.balls
    ]
    return {"name": part.name, "paint": part.paint, "joined": part.joined, "whole": part.whole, "balls": balls}


def _view_box(figure: Figure, motion: Motion, camera: Camera) -> list[float]:
    x0, y0, x1, y1 = (100 * value for value in drawing.frame_of(figure, motion, camera))
    width, height = x1 - x0 + 2 * MARGIN_CM, y1 - y0 + 2 * MARGIN_CM
    return [round(value, 1) for value in (x0 - MARGIN_CM, y0 - MARGIN_CM, width, height)]


def style(paints: Mapping[str, str] = PAINTS, edge: str = EDGE) -> str:
    """The style sheet of the pictures: a class for each paint, and the colour of the edges."""
    rules = (f".figure .{name}{{fill:{colour}}}" for name, colour in paints.items())
    return "".join(rules) + f".figure .edge{{stroke:{edge};stroke-width:.8;stroke-linejoin:round}}"


def picture(figure: Figure, motion: Motion, key_pose: KeyPose, title: str) -> str:
    """A pose as an SVG element; `style` has to be on the page.

    Args:
        figure: Of the exercise.
        motion: One of its forms, as it is written: for the right side.
        key_pose: One of its poses.
        title: What is read aloud in place of the picture; may hold no markup.
    """
    camera = figure.views[0]
    x, y, width, height = _view_box(figure, motion, camera)
    shapes = "".join(
        f'<polygon class="{shape.paint}{" edge" if shape.edge else ""}" points="{_points(shape.points)}"/>'
        for shape in drawing.scene(figure, motion, key_pose.pose, camera)
    )
    box = f"{x:g} {y:g} {width:g} {height:g}"
    return f'<svg class="figure" role="img" viewBox="{box}" style="--w:{width:g}"><title>{title}</title>{shapes}</svg>'


def _points(points: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{x * 100:.1f},{y * 100:.1f}" for x, y in points)
