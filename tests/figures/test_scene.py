"""What is seen of a figure: the part that works, the near side in front of the far one, everything in the picture."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.path import Path as Outline

from assistant.figures.figure import Figure, Motion
from assistant.figures.kinematics import Camera, Pose
from assistant.figures.paints import PAINTS, PAINTS_ON_DARK
from assistant.figures.scene import Shape, far_side, frame_of, scene
from tests.figures.test_kinematics import FIGURES, MOTIONS

LEAST_SEEN_CM2 = 12.0


def seen_of_marks(shapes: list[Shape]) -> float:
    """Square centimetres of marks that nothing else is drawn over."""
    seen = 0.0
    for number, shape in enumerate(shapes):
        if shape.paint != "mark":
            continue
        corners = np.array(shape.points)
        low, high = corners.min(axis=0), corners.max(axis=0)
        grid = np.stack(np.meshgrid(*np.linspace(low, high, 25).T), axis=-1).reshape(-1, 2)
        there = Outline(corners).contains_points(grid)
        for other in shapes[number + 2 :]:  # the one right after it is its own core
            there &= ~Outline(np.array(other.points)).contains_points(grid)
        seen += float(there.mean() * np.prod(high - low)) * 1e4
    return seen


@pytest.mark.parametrize(("figure", "motion"), MOTIONS)
def test_the_part_that_works_is_seen_where_it_works_most(figure: Figure, motion: Motion) -> None:
    reached = motion.steps[-1 if motion.held else 0][-1]
    assert seen_of_marks(scene(figure, motion, reached.pose, figure.views[0])) >= LEAST_SEEN_CM2


@pytest.mark.parametrize(("figure", "motion"), MOTIONS)
def test_everything_is_in_the_picture_and_has_its_paint(figure: Figure, motion: Motion) -> None:
    x0, y0, x1, y1 = frame_of(figure, motion, figure.views[0])
    for key_pose in motion.key_poses():
        for shape in scene(figure, motion, key_pose.pose, figure.views[0]):
            assert shape.paint in PAINTS
            assert all(x0 <= x <= x1 and y0 <= y <= y1 for x, y in shape.points)


def test_the_near_leg_is_drawn_over_the_far_one_and_the_far_one_is_paler() -> None:
    figure = next(figure for figure in FIGURES if figure.key == "seated-slump")
    motion = figure.forms["usual"]
    pose: Pose = motion.start.pose
    for camera, far in ((Camera(0, 5), "_left"), (Camera(180, 5), "_right"), (Camera(90, 5), "")):
        assert far_side(camera) == far
        paints = [shape.paint for shape in scene(figure, motion, pose, camera)]
        if far:
            assert max(i for i, paint in enumerate(paints) if paint == "trousers-far") < max(
                i for i, paint in enumerate(paints) if paint == "trousers"
            )
        else:
            assert not any(paint.endswith("-far") for paint in paints)


def brightness(colour: str) -> float:
    """Of a colour, as WCAG counts it."""
    parts = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))


def contrast(one: str, other: str) -> float:
    dark, light = sorted((brightness(one), brightness(other)))
    return (light + 0.05) / (dark + 0.05)


def test_on_a_dark_screen_a_body_is_seen_without_colours_and_its_near_side_is_brighter() -> None:
    paints = PAINTS_ON_DARK
    assert set(paints) == set(PAINTS)
    assert min(contrast(paints[name], "#000000") for name in set(paints) - {"mat", "floor", "eye"}) >= 2.5
    assert all(contrast(paints[name], paints[f"{name}-far"]) >= 2 for name in ("shirt", "trousers", "skin"))
    assert all(contrast(paints["mark"], paints[name]) >= 2 for name in ("core", "trousers", "mat"))
