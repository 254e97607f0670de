"""Forward kinematics: places that can be worked out by hand, bones that keep their length, sides that are the same."""

from __future__ import annotations

import itertools
import math

import pytest

from assistant.figures.body import FRAMES, JOINTS, Angles
from assistant.figures.figure import Figure, Motion, for_side, mirrored
from assistant.figures.kinematics import Camera, Pose, between, ease, place
from assistant.figures.loading import own_figure
from assistant.routines.exercise_loading import load_exercises

FIGURES = [figure for key in load_exercises() if (figure := own_figure(key)) is not None]
MOTIONS = [
    pytest.param(figure, motion, id=f"{figure.key}-{form}")
    for figure in FIGURES
    for form, motion in figure.forms.items()
]


def standing(**bent: Angles) -> Pose:
    return Pose((0, 0.9, 0), {**dict.fromkeys(JOINTS, (0.0, 0.0, 0.0)), **bent})


def test_who_stands_has_feet_below_and_the_right_side_at_the_right() -> None:
    placed = place(standing())
    assert placed["foot_right"].at == pytest.approx((0, 0.07, 0.09))
    assert placed["hand_left"].at == pytest.approx((0, 0.9 + 0.49 - 0.55, -0.17))


@pytest.mark.parametrize(
    ("joint", "angles", "frame", "where"),
    [
        ("right_hip", (90, 0, 0), "shin_right", (0.42, 0.9, 0.09)),  # the thigh points to the front
        ("right_knee", (90, 0, 0), "foot_right", (-0.41, 0.48, 0.09)),  # the heel goes to the back
        ("left_hip", (0, 90, 0), "shin_left", (0, 0.9, -0.51)),  # outwards, on the left
        ("left_shoulder", (180, 0, 0), "forearm_left", (0, 0.9 + 0.49 + 0.30, -0.17)),  # overhead
        ("pelvis", (90, 0, 0), "head", (-0.51, 0.9, 0)),  # face up, head at the left
        ("spine", (0, 0, 90), "upper_arm_right", (-0.17, 0.9 + 0.49, 0)),  # turned to the right
    ],
)
def test_a_joint_bends_the_way_anatomists_count_it(
    joint: str, angles: Angles, frame: str, where: tuple[float, float, float]
) -> None:
    assert place(standing(**{joint: angles}))[frame].at == pytest.approx(where, abs=1e-9)


@pytest.mark.parametrize(("figure", "motion"), MOTIONS)
def test_bones_keep_their_length_also_on_the_way(figure: Figure, motion: Motion) -> None:
    way = [pose.pose for pose in motion.way()]
    for pose in (*way, *(between(one, other, 0.4) for one, other in itertools.pairwise(way))):
        placed = place(pose)
        for frame in FRAMES:
            if frame.parent is not None:
                length = math.dist(placed[frame.name].at, placed[frame.parent].at)
                assert length == pytest.approx(math.hypot(*frame.at), abs=1e-9)


@pytest.mark.parametrize(("figure", "motion"), MOTIONS)
def test_the_left_side_is_the_mirror_image_of_the_right(figure: Figure, motion: Motion) -> None:
    for right, left in zip(motion.way(), for_side(motion, "left").way(), strict=True):
        there, here = place(right.pose), place(left.pose)
        for name, placed in there.items():
            other = name.replace("_left", "_L").replace("_right", "_left").replace("_L", "_right")
            x, y, z = placed.at
            assert here[other].at == pytest.approx((x, y, -z), abs=1e-9)
    assert mirrored(mirrored(motion.start.pose)) == motion.start.pose


def test_it_moves_gently_from_pose_to_pose() -> None:
    assert [ease(u) for u in (-1, 0, 0.5, 1, 2)] == [0, 0, 0.5, 1, 1]
    assert ease(0.01) < 0.001


def test_each_beat_of_a_rep_ends_in_its_pose() -> None:
    figure = own_figure("nerve-glide")
    assert figure is not None
    motion = figure.forms["usual"]
    ends = [motion.during_rep((beat + 1 - 1e-9) / 4).angles["right_knee"][0] for beat in range(4)]
    assert ends == pytest.approx([step[-1].pose.angles["right_knee"][0] for step in motion.steps], abs=0.01)
    assert motion.during_rep(0) == motion.steps[-1][-1].pose  # as the rep before ended


def test_a_hold_is_reached_from_the_start_and_held_at_the_end() -> None:
    figure = own_figure("double-knee-to-chest")
    assert figure is not None
    motion = figure.forms["usual"]
    assert motion.on_the_way(0) == motion.start.pose
    assert motion.on_the_way(0.5) == motion.steps[0][-1].pose  # one knee, then the other
    held = motion.steps[-1][-1].pose.angles
    assert all(angles == pytest.approx(held[joint]) for joint, angles in motion.on_the_way(1).angles.items())


def test_who_is_told_when_to_breathe_does_and_others_breathe_calmly() -> None:
    slump, hold = own_figure("seated-slump"), own_figure("figure-four")
    assert slump is not None
    assert hold is not None
    told, calm = slump.forms["usual"], hold.forms["usual"]
    assert [round(told.air(fraction, 99.0), 3) for fraction in (0, 0.25, 0.4999, 0.5, 0.75, 1)] == [1, 0, -1, -1, 0, 1]
    assert calm.air(1, 1.5) == pytest.approx(1)  # a quarter of a breath
    assert calm.air(1, 4.5) == pytest.approx(-1)


def test_a_camera_sees_the_near_side_nearer_and_up_upwards() -> None:
    side, front = Camera(0, 0), Camera(90, 0)
    assert side.see((1, 2, 3)) == pytest.approx((1, -2, 3))
    assert front.see((1, 2, 3)) == pytest.approx((-3, -2, 1))  # who faces us has their right at our left
