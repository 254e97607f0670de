"""The body that figures are drawn with: joints, the frames that hang on them, and the flesh round them.

Metres and degrees. Each frame stands upright as long as its joint is not bent: x to the front, y up, z to the right. A
joint turns by up to three angles: flexion, to the side, round its own length. Bending forwards counts as positive, and
so does bending a knee.

The lengths are those of an adult of 1.70 m after Drillis and Contini's segment lengths (in D. Winter, Biomechanics and
Motor Control of Human Movement); the radii are ours, so that it looks like a person.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Side = Literal["left", "right"]
Vector = tuple[float, float, float]
Angles = tuple[float, float, float]
"""Flexion, to the side, and round its length, in degrees."""

SIDES: tuple[Side, Side] = ("left", "right")
SEAT_M = 0.46
"""Height of the seat of a chair: a little more than a shin, so that the feet stand flat."""
WORKTOP_M = 0.90


@dataclass(frozen=True, slots=True)
class Frame:
    """A part of the skeleton.

    Attributes:
        name: What it is called; that of a limb ends in ``_left`` or ``_right``.
        parent: The frame that it hangs on; none for the pelvis.
        joint: The joint between the two; its angles are what a pose gives.
        at: Where the joint lies in the parent's frame.
        signs: How flexion, to the side, and round the length turn about z, x and y.
        share: How much of the joint's angles this frame takes: the spine bends in three places.
    """

    name: str
    parent: str | None
    joint: str
    at: Vector
    signs: Vector
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class Ball:
    """A ball of flesh: where in its frame it lies, and its radius."""

    frame: str
    at: Vector
    radius: float


@dataclass(frozen=True, slots=True)
class Part:
    """What is drawn in one piece: the hull of some balls.

    Attributes:
        name: What it is called.
        balls: At least one.
        paint: What it is painted as.
        joined: Parts that it goes over into without an edge.
        whole: Whether it is drawn anew as a whole for that, and not only the end where the two meet.
    """

    name: str
    balls: tuple[Ball, ...]
    paint: str
    joined: tuple[str, ...] = ()
    whole: bool = False


_TRUNK = (-1.0, 1.0, -1.0)
_MIDDLE = (
    Frame("pelvis", None, "pelvis", (0, 0, 0), (1, 1, -1)),
    Frame("waist", "pelvis", "spine", (0, 0.09, 0), _TRUNK, 1 / 3),
    Frame("ribs", "waist", "spine", (0, 0.14, 0), _TRUNK, 1 / 3),
    Frame("chest", "ribs", "spine", (0, 0.13, 0), _TRUNK, 1 / 3),
    Frame("head", "chest", "neck", (0, 0.15, 0), _TRUNK),
)
_LIMBS = (
    ("upper_arm", "chest", "shoulder", (0, 0.13, 0.17), 1),
    ("forearm", "upper_arm", "elbow", (0, -0.30, 0), 1),
    ("hand", "forearm", "wrist", (0, -0.25, 0), 1),
    ("thigh", "pelvis", "hip", (0, 0, 0.09), 1),
    ("shin", "thigh", "knee", (0, -0.42, 0), -1),
    ("foot", "shin", "ankle", (0, -0.41, 0), 1),
)
_WHOLE_LIMBS = {"forearm", "hand", "shin", "foot"}  # frames whose parent is of the same side


def _limb_frames(side: Side) -> Iterator[Frame]:
    out = 1 if side == "right" else -1
    for name, parent, joint, (x, y, z), flexion in _LIMBS:
        above = f"{parent}_{side}" if name in _WHOLE_LIMBS else parent
        yield Frame(f"{name}_{side}", above, f"{side}_{joint}", (x, y, z * out), (flexion, -out, -out))


FRAMES: tuple[Frame, ...] = (*_MIDDLE, *_limb_frames("left"), *_limb_frames("right"))
JOINTS: tuple[str, ...] = tuple(dict.fromkeys(frame.joint for frame in FRAMES))
PAIRED: tuple[str, ...] = tuple(joint for _, _, joint, _, _ in _LIMBS)


def _both(frame: str, *balls: tuple[float, float, float, float]) -> tuple[Ball, ...]:
    """Balls that lie on both sides of the middle."""
    return tuple(Ball(frame, (x, y, z * out), radius) for x, y, z, radius in balls for out in (-1, 1))


def _middle(frame: str, *balls: tuple[float, float, float]) -> tuple[Ball, ...]:
    return tuple(Ball(frame, (x, y, 0), radius) for x, y, radius in balls)


_MIDDLE_PARTS = (
    Part("pelvis", _both("pelvis", (-0.015, -0.015, 0.075, 0.1), (0, 0.09, 0.06, 0.088)), "trousers"),
    Part("waist", _both("waist", (0, 0, 0.055, 0.086), (0, 0.14, 0.06, 0.09)), "shirt", ("ribs",), whole=True),
    Part("ribs", _both("ribs", (0, 0, 0.06, 0.09), (0, 0.13, 0.08, 0.1)), "shirt", ("waist", "chest"), whole=True),
    Part("chest", _both("chest", (0, 0, 0.08, 0.1), (0, 0.11, 0.13, 0.062)), "shirt", ("ribs",), whole=True),
    Part("neck", (*_middle("chest", (0, 0.15, 0.052)), *_middle("head", (0.01, 0.09, 0.05))), "skin", ("head",)),
    Part("head", _middle("head", (0.0, 0.185, 0.092), (0.03, 0.15, 0.075), (0.05, 0.105, 0.045)), "skin"),
    Part("nose", _middle("head", (0.1, 0.15, 0.018), (0.09, 0.17, 0.012)), "skin"),
    Part("hair", _middle("head", (-0.035, 0.207, 0.08), (-0.058, 0.14, 0.052), (0.02, 0.25, 0.034)), "hair"),
    Part("mouth", _both("head", (0.082, 0.118, 0.016, 0.004)), "eye"),
    Part("fringe", _both("head", (0.045, 0.238, 0.032, 0.03), (0, 0.25, 0.042, 0.034)), "hair"),
    *(
        Part(f"eye_{side}", (Ball("head", (0.072, 0.178, z), 0.008),), "eye")
        for side, z in zip(SIDES, (-0.04, 0.04), strict=True)
    ),
)
_LIMB_PARTS: tuple[tuple[str, str, tuple[str, ...], tuple[tuple[float, float, float], ...]], ...] = (
    ("upper_arm", "shirt", (), ((0, 0, 0.057), (0, -0.30, 0.043))),
    ("forearm", "skin", ("hand",), ((0, 0, 0.042), (0, -0.25, 0.03))),
    ("hand", "skin", ("forearm",), ((0, 0, 0.03), (0.005, -0.07, 0.034), (0, -0.15, 0.018))),
    ("thigh", "trousers", ("shin",), ((0, 0, 0.088), (0, -0.42, 0.06))),
    ("shin", "trousers", ("thigh",), ((0, 0, 0.06), (-0.018, -0.13, 0.057), (0, -0.41, 0.04))),
    ("foot", "skin", (), ((-0.03, -0.035, 0.037), (0, 0, 0.038), (0.12, -0.046, 0.026), (0.18, -0.052, 0.018))),
)


def _limb_parts(side: Side) -> Iterator[Part]:
    for name, paint, joined, balls in _LIMB_PARTS:
        frame = f"{name}_{side}"
        yield Part(frame, _middle(frame, *balls), paint, tuple(f"{other}_{side}" for other in joined))


PARTS: tuple[Part, ...] = (*_MIDDLE_PARTS, *_limb_parts("left"), *_limb_parts("right"))
PART_BY_NAME = {part.name: part for part in PARTS}
