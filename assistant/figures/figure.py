"""The figure of an exercise: its poses, what it lies on, which part works, and how the poses follow the counting.

Data without a word, in ``assistant/routines/figures/KEY.yaml``, beside the exercise's facts. It is written for the
right side; the left one is its mirror image.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from pydantic import ConfigDict

from assistant.figures.body import PART_BY_NAME, SEAT_M, Angles, Side
from assistant.figures.kinematics import Camera, Placed, Pose, ball_at, between, ease
from assistant.routines.model import BREATH_S, Form

PILLOW_M = 0.06
"""Height of a pillow that is lain upon."""

Breath = Literal["calm", "in", "out"]
Ground = Literal["mat", "chair", "floor"]
_NOTHING_ELSE = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True)
class Thing:
    """What stands or lies about.

    Attributes:
        what: What it is; a towel goes from both hands round the right foot.
        at: Where on the floor, for what stands there: to the front and to the right of where the hips begin, in metres.
        turn: Degrees that it is turned by.
        under: The part of the body that lies on it, for a pillow.
    """

    __pydantic_config__ = _NOTHING_ELSE

    what: Literal["chair", "worktop", "pillow", "towel"]
    at: tuple[float, float] = (0.0, 0.0)
    turn: float = 0.0
    under: str | None = None


@dataclass(frozen=True, slots=True)
class KeyPose:
    """A pose as it stands in the file, with what carries it.

    Attributes:
        name: As it is called there.
        pose: Where everything is.
        rests: The parts of the body that lie, stand or sit on something; the first of them sets the height.
    """

    name: str
    pose: Pose
    rests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Motion:
    """An exercise in one of its forms.

    Attributes:
        start: The pose that it begins with, and ends with.
        steps: In reps a step for each beat, in a hold the steps on the way into it. Each is the poses it leads through,
            of which the last one is reached: the end of the beat, or, of the last step of a hold, what is held.
        held: Whether it is a hold.
        breath: Of each step.
        works: Which parts stretch or work, by the names of `marks.MARKS`.
        things: What is needed besides.
    """

    start: KeyPose
    steps: tuple[tuple[KeyPose, ...], ...]
    held: bool
    breath: tuple[Breath, ...]
    works: tuple[str, ...]
    things: tuple[Thing, ...]

    def during_rep(self, fraction: float) -> Pose:
        """The pose at a fraction of a rep, 0 to 1: each beat has the same share, and its movement takes all of it."""
        step, share = _place_in(fraction, len(self.steps))
        return _along((self.steps[step - 1][-1], *self.steps[step]), share)

    def on_the_way(self, fraction: float) -> Pose:
        """The pose on the way into a hold, 0 at the start and 1 as it is held; the same way back leads out of it."""
        step, share = _place_in(fraction, len(self.steps))
        return _along((self.steps[step - 1][-1] if step else self.start, *self.steps[step]), share)

    def air(self, fraction: float, seconds: float) -> float:
        """How full of air the body is, -1 breathed out and 1 breathed in.

        Args:
            fraction: Of a rep, or of the way into a hold.
            seconds: Since some beginning: who breathes calmly takes `BREATH_S` for each breath, whatever they do.
        """
        step, share = _place_in(fraction, len(self.steps))
        match self.breath[step]:
            case "in":
                return 2 * ease(share) - 1
            case "out":
                return 1 - 2 * ease(share)
            case "calm":
                return math.sin(math.tau * seconds / BREATH_S)

    def key_poses(self) -> tuple[KeyPose, ...]:
        """What a sheet shows: the start and what each step reaches, each pose once."""
        return tuple({pose.name: pose for pose in (self.start, *(step[-1] for step in self.steps))}.values())

    def way(self) -> tuple[KeyPose, ...]:
        """Every pose from the start to the last, in order."""
        return (self.start, *(pose for step in self.steps for pose in step))


def _place_in(fraction: float, parts: int) -> tuple[int, float]:
    """In which of so many equal parts a fraction lies, and how far into it."""
    place_in = min(max(fraction, 0.0), 1.0) * parts
    part = min(int(place_in), parts - 1)
    return part, place_in - part


def _along(path: tuple[KeyPose, ...], share: float) -> Pose:
    """The pose on a path through some poses: it begins and ends gently, and goes evenly through those in between."""
    leg, within = _place_in(ease(share), len(path) - 1)
    return between(path[leg].pose, path[leg + 1].pose, within)


@dataclass(frozen=True, slots=True)
class Figure:
    """The figure of an exercise.

    Attributes:
        key: The exercise's key.
        views: From where it is best seen; the first is the one to take where there is room for one.
        ground: What it is done on.
        forms: The exercise in each form that it has; the chair's form is another exercise with its own figure.
    """

    key: str
    views: tuple[Camera, ...]
    ground: Ground
    forms: Mapping[Form, Motion] = field(default_factory=dict)

    def support(self, part: str, things: tuple[Thing, ...] = ()) -> float:
        """Height of what a part of the body lies, stands or sits on, in metres."""
        if any(thing.under == part for thing in things):
            return PILLOW_M
        return SEAT_M if self.ground == "chair" and part.startswith(("pelvis", "thigh")) else 0.0


def lowest(placed: Mapping[str, Placed], part: str) -> float:
    """Height of the lowest point of a part of the body, in metres."""
    return min(ball_at(placed, ball)[1] - ball.radius for ball in PART_BY_NAME[part].balls)


def mirrored(pose: Pose) -> Pose:
    """The same pose of the other side."""
    x, y, z = pose.root
    return Pose((x, y, -z), {_other(joint): _across(joint, angles) for joint, angles in pose.angles.items()})


def _other(joint: str) -> str:
    side, _, rest = joint.partition("_")
    return {"left": f"right_{rest}", "right": f"left_{rest}"}.get(side, joint)


def _across(joint: str, angles: Angles) -> Angles:
    flexion, aside, round_ = angles
    return angles if joint.startswith(("left_", "right_")) else (flexion, -aside, -round_)


def for_side(motion: Motion, side: Side) -> Motion:
    """The motion done with one side: as it is written for the right one, mirrored for the left."""
    if side == "right":
        return motion

    def turned_over(key_pose: KeyPose) -> KeyPose:
        swapped = {"left": "right", "right": "left"}
        rests = tuple(
            f"{name}_{swapped[end]}" if end in swapped else part
            for part in key_pose.rests
            for name, _, end in (part.rpartition("_"),)
        )
        return KeyPose(key_pose.name, mirrored(key_pose.pose), rests)

    return replace(
        motion, start=turned_over(motion.start), steps=tuple(tuple(map(turned_over, step)) for step in motion.steps)
    )
