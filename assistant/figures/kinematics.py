"""From joint angles to places: forward kinematics, what lies between two poses, and the camera.

`figure.js` does the same in the browser; a test holds the two together.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from assistant.figures.body import FRAMES, Angles, Ball, Vector

Matrix = tuple[Vector, Vector, Vector]
"""Rows."""


@dataclass(frozen=True, slots=True)
class Pose:
    """How a body is bent, and where it is.

    Attributes:
        root: Where the middle between the hips is, in metres; the floor lies at 0.
        angles: Of every joint, in degrees.
    """

    root: Vector
    angles: Mapping[str, Angles]


@dataclass(frozen=True, slots=True)
class Placed:
    """A frame in the world: where its joint is, and how it is turned."""

    at: Vector
    turn: Matrix

    def point(self, inside: Vector) -> Vector:
        """Where a point of the frame is in the world."""
        x, y, z = apply(self.turn, inside)
        return (self.at[0] + x, self.at[1] + y, self.at[2] + z)


@dataclass(frozen=True, slots=True)
class Camera:
    """Where it is looked from, infinitely far away.

    Attributes:
        yaw: Degrees round the figure: 0 sees its right side, 90 its front as it stands.
        pitch: Degrees above the horizon.
    """

    yaw: float
    pitch: float

    def see(self, point: Vector) -> Vector:
        """To the right, down, and towards the camera, in metres."""
        (sy, cy), (sp, cp) = _sin_cos(self.yaw), _sin_cos(self.pitch)
        x, y, z = point
        ahead = x * sy + z * cy
        return (x * cy - z * sy, ahead * sp - y * cp, ahead * cp + y * sp)


def _sin_cos(degrees: float) -> tuple[float, float]:
    radians = math.radians(degrees)
    return math.sin(radians), math.cos(radians)


def turned(about_z: float, about_x: float, about_y: float) -> Matrix:
    """Turn about z first, then about the new x, then about the new y; degrees."""
    (sz, cz), (sx, cx), (sy, cy) = _sin_cos(about_z), _sin_cos(about_x), _sin_cos(about_y)
    return (
        (cz * cy - sz * sx * sy, -sz * cx, cz * sy + sz * sx * cy),
        (sz * cy + cz * sx * sy, cz * cx, sz * sy - cz * sx * cy),
        (-cx * sy, sx, cx * cy),
    )


def apply(turn: Matrix, v: Vector) -> Vector:
    """A vector, turned."""
    a, b, c = turn
    return (
        a[0] * v[0] + a[1] * v[1] + a[2] * v[2],
        b[0] * v[0] + b[1] * v[1] + b[2] * v[2],
        c[0] * v[0] + c[1] * v[1] + c[2] * v[2],
    )


def _after(first: Matrix, second: Matrix) -> Matrix:
    columns = [apply(first, (second[0][i], second[1][i], second[2][i])) for i in range(3)]
    return (
        (columns[0][0], columns[1][0], columns[2][0]),
        (columns[0][1], columns[1][1], columns[2][1]),
        (columns[0][2], columns[1][2], columns[2][2]),
    )


def place(pose: Pose) -> dict[str, Placed]:
    """Every frame of the body in the world."""
    placed: dict[str, Placed] = {}
    for frame in FRAMES:
        flexion, aside, round_ = pose.angles[frame.joint]
        sz, sx, sy = frame.signs
        turn = turned(sz * flexion * frame.share, sx * aside * frame.share, sy * round_ * frame.share)
        if frame.parent is None:
            placed[frame.name] = Placed(pose.root, turn)
        else:
            parent = placed[frame.parent]
            placed[frame.name] = Placed(parent.point(frame.at), _after(parent.turn, turn))
    return placed


def ball_at(placed: Mapping[str, Placed], ball: Ball) -> Vector:
    """Where the middle of a ball is."""
    return placed[ball.frame].point(ball.at)


def ease(fraction: float) -> float:
    """A movement that begins and ends gently: 0 to 1, with no speed at either end."""
    u = min(1.0, max(0.0, fraction))
    return u * u * (3 - 2 * u)


def between(one: Pose, other: Pose, share: float) -> Pose:
    """The pose on the way from one to another; every joint turns at the same time."""

    def mixed(a: Vector, b: Vector) -> Vector:
        return (a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share)

    angles = {joint: mixed(angles, other.angles[joint]) for joint, angles in one.angles.items()}
    return Pose(mixed(one.root, other.root), angles)
