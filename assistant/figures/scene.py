"""What is drawn of a figure, from back to front: flat shapes, each with what it is painted as.

`figure.js` does the same in the browser; a test holds the two together.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from assistant.figures.body import PARTS, Part
from assistant.figures.figure import Figure, Motion
from assistant.figures.furniture import floors, furniture
from assistant.figures.hulls import Point, outline
from assistant.figures.kinematics import Camera, Placed, Pose, ball_at, place
from assistant.figures.marks import MARKS

Box = tuple[float, float, float, float]
"""Least and most to the right, least and most down, in metres: x0, y0, x1, y1."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A flat shape.

    Attributes:
        points: Its outline, in metres to the right and down.
        paint: What it is painted as; ``far`` behind it on the side that is turned away.
        edge: Whether its edge is drawn, too.
    """

    points: Sequence[Point]
    paint: str
    edge: bool = True


@dataclass(frozen=True, slots=True)
class _Seen:
    """A part of the scene with how near it is."""

    part: Part
    circles: tuple[tuple[float, float, float], ...]
    near: float


SHADED = ("shirt", "trousers", "skin")
"""Paints that have a lighter one for the side that is turned away."""
CLOSER_M: Mapping[str, float] = {"hair": 0.03, "eye": 0.02, "neck": -0.05, "nose": -0.04}
"""How much nearer than it is a part or a paint counts: what lies on something else must not vanish in it."""
MARK_M = 0.06
"""How much nearer than the middle of its part a mark counts; as much further, where it is on the other side."""
TURNED_AWAY_M = 0.035
CORE_SHARE = 0.3
"""The dark core of a mark, by which it is told from bare skin on grey paper."""
BREATHING = ("waist", "ribs")
BREATH_SHARE = 0.06
"""How much larger than in between the trunk is when it is full of air."""


def scene(figure: Figure, motion: Motion, pose: Pose, camera: Camera, air: float = 0.0) -> list[Shape]:
    """Everything that is seen of a pose, what is furthest away first.

    Args:
        figure: Of the exercise.
        motion: One of its forms, for one side.
        pose: The pose.
        camera: Where it is looked from.
        air: How full of air it is: -1 breathed out, 1 breathed in.
    """
    placed = place(pose)
    shapes = [Shape(outline(_see({}, floor, camera, 0).circles), floor.paint) for floor in floors(figure.ground)]
    seen = [_see(placed, part, camera, air) for part in parts_of(figure, motion)]
    far = far_side(camera)
    drawn: list[_Seen] = []
    for one in sorted(seen, key=lambda one: one.near):
        shade = "-far" if far and one.part.paint in SHADED and one.part.name.endswith(far) else ""
        shapes.append(Shape(outline(one.circles), one.part.paint + shade))
        if one.part.paint == "mark":
            core = [(x, y, radius * CORE_SHARE) for x, y, radius in one.circles]
            shapes.append(Shape(outline(core), "core", edge=False))
        shapes += [
            Shape(outline(_stub(other, one)), other.part.paint + shade, edge=False)
            for other in drawn
            if other.part.name in one.part.joined
        ]
        drawn.append(one)
    return shapes


def parts_of(figure: Figure, motion: Motion) -> tuple[Part, ...]:
    """What is drawn, but for the floor: the body, the marks on it, and what stands and lies about."""
    marks = (Part(name, MARKS[name], "mark") for name in motion.works)
    return (*PARTS, *marks, *furniture(figure, motion))


def _see(placed: Mapping[str, Placed], part: Part, camera: Camera, air: float) -> _Seen:
    """A part as it is seen; a ball without a frame stands in the world."""
    seen = [
        (
            camera.see(ball_at(placed, ball) if ball.frame else ball.at),
            ball.radius * (1 + BREATH_SHARE * air * (part.name in BREATHING)),
        )
        for ball in part.balls
    ]
    near = sum(at[2] for at, _ in seen) / len(seen)
    if part.paint == "mark":
        inside = [placed[ball.frame].point((0, ball.at[1], 0)) for ball in part.balls]
        middle = sum(camera.see(point)[2] for point in inside) / len(inside)
        near = middle + (MARK_M if near - middle > -TURNED_AWAY_M else -MARK_M)
    else:
        near += CLOSER_M.get(part.name, CLOSER_M.get(part.paint, 0.0))
    return _Seen(part, tuple((at[0], at[1], radius) for at, radius in seen), near)


def far_side(camera: Camera) -> str:
    """Which side is turned away: ``_left`` or ``_right``; neither when it is seen from the front or from above."""
    to_the_right = camera.see((0, 0, 1))[2]
    return "" if abs(to_the_right) < 0.7 else "_left" if to_the_right > 0 else "_right"


def _stub(one: _Seen, joined: _Seen) -> Iterable[tuple[float, float, float]]:
    """What of a part is drawn once more without an edge, over the edge of the one it goes over into."""
    if one.part.whole:
        return one.circles
    middle = [sum(circle[i] for circle in joined.circles) / len(joined.circles) for i in range(2)]
    nearest = min(one.circles, key=lambda circle: math.dist(circle[:2], middle))
    if one.part.name == "head":
        return (nearest,)
    centre = [sum(circle[i] for circle in one.circles) / len(one.circles) for i in range(3)]
    return (nearest, (centre[0], centre[1], min(nearest[2], centre[2])))


def frame_of(figure: Figure, motion: Motion, camera: Camera) -> Box:
    """What a picture has to show so that every pose of a motion is in it."""
    points = [
        point
        for key_pose in motion.key_poses()
        for shape in scene(figure, motion, key_pose.pose, camera)
        for point in shape.points
    ]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return (min(xs), min(ys), max(xs), max(ys))
