"""The figure of an exercise: its poses, what it lies or sits on, which part works, and how the poses follow the counting.

Data without a word, in ``assistant/routines/figures/KEY.yaml``, beside the exercise's facts. Written for the right side;
the left one is its mirror image.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from assistant.figures.body import PART_BY_NAME, SEAT_M, Angles, Side, Vector
from assistant.figures.kinematics import Camera, Placed, Pose, ball_at, between, ease, place
from assistant.routines.model import Form

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
        steps: In reps the pose at the end of each beat, the last one being the start again; in a hold the poses on the
            way, the last of them held.
        held: Whether it is a hold.
        breath: Of each step.
        works: Which parts stretch or work, by the names of `marks.MARKS`.
        things: What is needed besides.
    """

    start: KeyPose
    steps: tuple[KeyPose, ...]
    held: bool
    breath: tuple[Breath, ...]
    works: tuple[str, ...]
    things: tuple[Thing, ...]

    def during_rep(self, fraction: float) -> Pose:
        """The pose at a fraction of a rep, 0 to 1: each beat has the same share, and its movement takes all of it."""
        place_in = min(max(fraction, 0.0), 1.0) * len(self.steps)
        beat = min(int(place_in), len(self.steps) - 1)
        return between(self.steps[beat - 1].pose, self.steps[beat].pose, ease(place_in - beat))

    def on_the_way(self, fraction: float) -> Pose:
        """The pose on the way into a hold, 0 at the start and 1 as it is held; the same way back leads out of it."""
        poses = (self.start, *self.steps)
        place_in = min(max(fraction, 0.0), 1.0) * len(self.steps)
        step = min(int(place_in), len(self.steps) - 1)
        return between(poses[step].pose, poses[step + 1].pose, ease(place_in - step))

    def key_poses(self) -> tuple[KeyPose, ...]:
        """What a sheet shows: each pose once, in order."""
        return tuple({key_pose.name: key_pose for key_pose in (self.start, *self.steps)}.values())


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

    return replace(motion, start=turned_over(motion.start), steps=tuple(map(turned_over, motion.steps)))
