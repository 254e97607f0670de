"""The figures of the library: YAML in, `Figure` out, every pose put on its ground."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Annotated

from pydantic import ConfigDict, Field, TypeAdapter

from assistant.figures.body import JOINTS, PAIRED, PART_BY_NAME, SIDES, Angles
from assistant.figures.figure import Breath, Figure, Ground, KeyPose, Motion, Thing, lowest
from assistant.figures.kinematics import Camera, Pose, place
from assistant.figures.marks import MARKS
from assistant.routines.model import Form
from assistant.routines.yaml_file import YamlFile, read_yaml

_NOTHING_ELSE = ConfigDict(extra="forbid")
Turns = float | tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class _FormData:
    """A form: the pose it begins with, then the beats of a rep or the steps into a hold: a pose each, or several."""

    __pydantic_config__ = _NOTHING_ELSE

    start: str
    beats: tuple[str | tuple[str, ...], ...] = ()
    hold: tuple[str | tuple[str, ...], ...] = ()
    breath: Breath | tuple[Breath, ...] = "calm"
    works: tuple[str, ...] | None = None
    things: tuple[Thing, ...] | None = None


@dataclass(frozen=True, slots=True)
class _FigureData:
    """What a file says."""

    __pydantic_config__ = _NOTHING_ELSE

    views: Annotated[tuple[tuple[float, float], ...], Field(min_length=1, max_length=2)]
    ground: Ground
    rests: tuple[str, ...]
    works: Annotated[tuple[str, ...], Field(min_length=1)]
    poses: Annotated[Mapping[str, Mapping[str, Turns | tuple[str, ...] | str]], Field(min_length=1)]
    forms: Annotated[Mapping[Form, _FormData], Field(min_length=1)]
    anchor: str = "pelvis"
    things: tuple[Thing, ...] = ()
    symmetrical: bool = field(default=False)


_ADAPTER = TypeAdapter(_FigureData)
_KNOWN_KEYS = [
    *("views", "ground", "rests", "works", "poses", "forms", "anchor", "things", "from", "start", "beats", "hold"),
    *("breath", *JOINTS, *PAIRED),
]


def figure_file(key: str) -> Path:
    """Where the figure of an exercise of the library stands, or would."""
    with resources.as_file(resources.files("assistant.routines") / "figures") as folder:
        return folder / f"{key}.yaml"


@cache
def own_figure(key: str) -> Figure | None:
    """The figure of an exercise; none for one that somebody has written for themselves.

    Raises:
        RoutineInvalid: The file is wrong: a defect of this project.
    """
    path = figure_file(key)
    return read_figure(path)[1] if key and path.is_file() else None


def read_figure(path: Path) -> tuple[YamlFile, Figure]:
    """Read a figure, with its file.

    Raises:
        RoutineInvalid: It can't be read, is no YAML, or breaks the format; names file, key and line.
    """
    file = read_yaml(path)
    data = file.parse(_ADAPTER, file.data, _KNOWN_KEYS)
    figure = Figure(path.stem, tuple(Camera(*view) for view in data.views), data.ground)
    forms = {form: _motion(file, figure, data, form) for form in data.forms}
    return file, replace(figure, forms=forms)


def _motion(file: YamlFile, figure: Figure, data: _FigureData, form: Form) -> Motion:
    given = data.forms[form]
    if bool(given.beats) == bool(given.hold):
        raise file.wrong(("forms", form), "It is either moved or held.", "Give it exactly one: beats: or hold:.")
    things = data.things if given.things is None else given.things
    works = data.works if given.works is None else given.works
    for mark in works:
        if mark not in MARKS:
            raise file.wrong(("works",), f"{mark!r} is no part that can be marked.", f"Use: {', '.join(MARKS)}.")
    steps = tuple((step,) if isinstance(step, str) else step for step in given.beats or given.hold)
    breath = (given.breath,) * len(steps) if isinstance(given.breath, str) else given.breath
    if len(breath) != len(steps):
        raise file.wrong(("forms", form, "breath"), "Not every step has its breath.", "Give one for each step.")
    fixed = _key_pose(file, figure, data, given.start, things, None)
    poses = {name: _key_pose(file, figure, data, name, things, fixed) for step in steps for name in step}
    led = tuple(tuple(poses[name] for name in step) for step in steps)
    return Motion(poses.get(given.start, fixed), led, bool(given.hold), breath, works, things)


def _key_pose(
    file: YamlFile,
    figure: Figure,
    data: _FigureData,
    name: str,
    things: tuple[Thing, ...],
    fixed: KeyPose | None,
) -> KeyPose:
    """A pose on its ground: the first of what it rests on carries it, and its anchor stays where it is at the start."""
    if name not in data.poses:
        raise file.wrong(("forms",), f"There is no pose {name!r}.", f"There are: {', '.join(data.poses)}.")
    angles, rests = _angles(file, data, name)
    placed = place(Pose((0, 0, 0), angles))
    for part in (*rests, data.anchor):
        if part not in PART_BY_NAME:
            raise file.wrong(("poses", name), f"{part!r} is no part of the body.", f"Use: {', '.join(PART_BY_NAME)}.")
    height = figure.support(rests[0], things) - lowest(placed, rests[0])
    x = z = 0.0
    if fixed is not None:
        there, here = place(fixed.pose)[data.anchor].at, placed[data.anchor].at
        x, z = there[0] - here[0], there[2] - here[2]
    return KeyPose(name, Pose((x, height, z), angles), rests)


def _angles(
    file: YamlFile, data: _FigureData, name: str, led_here: tuple[str, ...] = ()
) -> tuple[dict[str, Angles], tuple[str, ...]]:
    """The angles of a pose and what it rests on; what it does not say is so in the pose that it is taken from."""
    given = data.poses[name]
    angles: dict[str, Angles] = dict.fromkeys(JOINTS, (0.0, 0.0, 0.0))
    rests = data.rests
    if "from" in given:
        base = str(given["from"])
        if base not in data.poses or base in {name, *led_here}:
            raise file.wrong(("poses", name, "from"), f"There is no pose {base!r} before it.", "Name another one.")
        angles, rests = _angles(file, data, base, (*led_here, name))
    for joint, value in given.items():
        if joint == "rests" and isinstance(value, tuple):
            rests = tuple(map(str, value))
        elif joint != "from":
            names = [f"{side}_{joint}" for side in SIDES] if joint in PAIRED else [joint]
            if names[0] not in angles or not (turns := _turns(value)):
                raise file.wrong(("poses", name, joint), f"{joint!r} is no joint.", f"Joints: {', '.join(JOINTS)}.")
            angles.update(dict.fromkeys(names, turns))
    return angles, rests


def _turns(value: object) -> Angles | None:
    match value:
        case int() | float():
            return (float(value), 0.0, 0.0)
        case (int() | float() as flexion, int() | float() as aside, int() | float() as round_):
            return (float(flexion), float(aside), float(round_))
        case _:
            return None
