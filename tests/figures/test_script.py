"""The browser's program and ours give the same: it is run by node, where there is one."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import Any

import pytest

from assistant.figures.export import body_data, figure_data, script
from assistant.figures.figure import Motion
from assistant.figures.kinematics import Pose, place
from assistant.figures.loading import own_figure
from assistant.figures.scene import scene
from assistant.routines.exercise_loading import load_exercises

FRACTIONS = (0.0, 0.13, 0.5, 0.77, 1.0)
AIR = 0.7
PROGRAM = """
const { body, figures, fractions, air } = JSON.parse(require("fs").readFileSync(0));
const told = {};
for (const [key, figure] of Object.entries(figures))
  for (const [name, form] of Object.entries(figure.forms))
    told[`${key} ${name}`] = fractions.map(fraction => {
      const pose = (form.held ? Figure.onTheWay : Figure.duringRep)(form, fraction);
      const places = Object.fromEntries(Object.entries(Figure.place(body, pose)).map(([n, frame]) => [n, frame.at]));
      const breath = Figure.air(body, form, fraction, 2.5);
      const [right, left] = [false, true].map(left =>
        Figure.scene(body, figure, form, pose, figure.views[0], { air, left }));
      const extent = shapes => [Math.min, Math.max].map(f => f(...shapes.flatMap(s => s.points.map(p => p[0]))));
      return { places, breath, shapes: right, right: extent(right), left: extent(left) };
    });
console.log(JSON.stringify(told));
"""


@pytest.fixture(scope="module")
def told() -> dict[str, list[dict[str, Any]]]:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed here: the browser's program can't be run")
    figures = {key: figure_data(figure) for key in load_exercises() if (figure := own_figure(key)) is not None}
    given = json.dumps({"body": body_data(), "figures": figures, "fractions": FRACTIONS, "air": AIR})
    done = subprocess.run([node, "-e", script() + PROGRAM], input=given, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, list[dict[str, Any]]] = json.loads(done.stdout)
    return found


def pose_of(motion: Motion, fraction: float) -> Pose:
    return motion.on_the_way(fraction) if motion.held else motion.during_rep(fraction)


@pytest.mark.parametrize("key", load_exercises())
def test_both_put_every_joint_in_the_same_place_and_draw_the_same(
    key: str, told: dict[str, list[dict[str, Any]]]
) -> None:
    figure = own_figure(key)
    assert figure is not None
    for form, motion in figure.forms.items():
        for fraction, theirs in zip(FRACTIONS, told[f"{key} {form}"], strict=True):
            pose = pose_of(motion, fraction)
            for name, placed in place(pose).items():
                assert theirs["places"][name] == pytest.approx(placed.at, abs=2e-4), name  # a tenth of a millimetre
            assert theirs["breath"] == pytest.approx(motion.air(fraction, 2.5))
            assert theirs["left"] == pytest.approx([-x for x in reversed(theirs["right"])])  # the mirror image
            ours = scene(figure, motion, pose, figure.views[0], AIR)
            assert [shape["paint"] for shape in theirs["shapes"]] == [shape.paint for shape in ours]
            assert [shape["edge"] for shape in theirs["shapes"]] == [shape.edge for shape in ours]
            for shape, own in zip(theirs["shapes"], ours, strict=True):
                for axis in (0, 1):  # the outlines' extents: their corners may differ where some lie in one line
                    values = [point[axis] for point in shape["points"]]
                    mine = [point[axis] for point in own.points]
                    assert (min(values), max(values)) == pytest.approx((min(mine), max(mine)), abs=5e-4)
