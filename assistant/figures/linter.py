"""What must hold of figures beyond their format: nobody is shown a movement that a body does not do."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping

from assistant.errors import RoutineInvalid
from assistant.figures.body import PARTS
from assistant.figures.figure import Figure, KeyPose, Motion, for_side, lowest
from assistant.figures.kinematics import Pose, between, place
from assistant.figures.limits import limit_of
from assistant.figures.loading import figure_file, read_figure
from assistant.routines.exercise import Exercise
from assistant.routines.model import Form
from assistant.routines.yaml_file import YamlFile

TOUCHES_M = 0.03
"""How far from its ground a part may be that lies on it: flesh gives way by as much."""
ON_THE_WAY_M = 0.06
"""The same between two poses, where every joint turns evenly and nothing is put down anew."""
ALIKE_DEG = 3.0
_FREE = ("neck",)  # a face is turned to one side to lie on it
_BETWEEN = (0.25, 0.5, 0.75)


def lint_figure(exercise: Exercise, library: Mapping[str, Exercise]) -> Iterator[RoutineInvalid]:
    """Everything that is wrong with the figure of an exercise of the library.

    Raises:
        RoutineInvalid: It can't be read.
    """
    path = figure_file(exercise.key)
    if not path.is_file():
        yield RoutineInvalid(
            path, "", 1, f"The exercise {exercise.name!r} has no figure.", "Add its poses in a file of that name."
        )
        return
    file, figure = read_figure(path)
    yield from _forms(file, figure, exercise)
    yield from _within_reach(file, figure, exercise)
    for form, motion in figure.forms.items():
        yield from _steps(file, form, motion, exercise)
        yield from _sides(file, form, motion, exercise)
        yield from _on_the_way(file, figure, form, motion)
    poses = {(pose.name, motion.things): (pose, motion) for motion in figure.forms.values() for pose in motion.way()}
    for pose, motion in poses.values():
        yield from _bent_too_far(file, pose)
        yield from _off_the_ground(file, figure, motion, pose)
    if exercise.chair is not None and exercise.chair in library and not figure_file(exercise.chair).is_file():
        yield file.wrong((), f"Its form on a chair, {exercise.chair!r}, has no figure.", "Add its poses.")


def _forms(file: YamlFile, figure: Figure, exercise: Exercise) -> Iterator[RoutineInvalid]:
    wanted = {"usual", "easier", *(("harder",) if exercise.harder else ())}
    for form in sorted(wanted ^ set(figure.forms)):
        has = "has no figure" if form in wanted else "is no form of the exercise"
        yield file.wrong(("forms",), f"The form {form!r} {has}.", f"Show: {', '.join(sorted(wanted))}.")


def _within_reach(file: YamlFile, figure: Figure, exercise: Exercise) -> Iterator[RoutineInvalid]:
    shown = {thing.what for motion in figure.forms.values() for thing in motion.things}
    for prop in sorted(set(exercise.props) - shown):
        yield file.wrong(("things",), f"A {prop} has to be within reach, and is not shown.", f"Add it: what: {prop}")


def _steps(file: YamlFile, form: Form, motion: Motion, exercise: Exercise) -> Iterator[RoutineInvalid]:
    if motion.held != (exercise.hold is not None):
        what = "held" if exercise.hold else "counted in reps"
        yield file.wrong(("forms", form), f"The exercise is {what}, and its figure is not.", "Use hold: or beats:.")
        return
    beats = len(exercise.words.beats.get(form) or exercise.words.beats.get("usual", ()))
    if not motion.held and beats != len(motion.steps):
        why = f"A rep has {beats} beats, and the figure {len(motion.steps)} poses."
        yield file.wrong(("forms", form, "beats"), why, "Give one pose for each beat.")


def _bent_too_far(file: YamlFile, key_pose: KeyPose) -> Iterator[RoutineInvalid]:
    for joint, angles in key_pose.pose.angles.items():
        limit = limit_of(joint)
        broken = limit.broken_by(angles) if limit else None
        if limit and broken:
            why = f"No body bends like that: {joint}, {broken}."
            yield file.wrong(("poses", key_pose.name, joint), why, f"Stay within what it does ({limit.source}).")


def _off_the_ground(file: YamlFile, figure: Figure, motion: Motion, key_pose: KeyPose) -> Iterator[RoutineInvalid]:
    placed = place(key_pose.pose)
    for part in key_pose.rests:
        gap = lowest(placed, part) - figure.support(part, motion.things)
        if abs(gap) > TOUCHES_M:
            where = "above" if gap > 0 else "below"
            why = f"{part!r} should lie on its ground, and is {abs(gap) * 100:.0f} cm {where} it."
            yield file.wrong(
                ("poses", key_pose.name), why, "Bend the joints on the way to it, or take it out of rests."
            )
    yield from _through_the_floor(file, ("poses", key_pose.name), key_pose.pose, TOUCHES_M)


def _through_the_floor(
    file: YamlFile, where: tuple[str, ...], pose: Pose, allowed: float, when: str = ""
) -> Iterator[RoutineInvalid]:
    placed = place(pose)
    depth, part = min((lowest(placed, part.name), part.name) for part in PARTS)
    if depth < -allowed:
        why = f"{part!r} goes {-depth * 100:.0f} cm into the floor{when}."
        yield file.wrong(where, why, "Bend the joints on the way to it.")


def _on_the_way(file: YamlFile, figure: Figure, form: Form, motion: Motion) -> Iterator[RoutineInvalid]:
    """Between two poses, what rests in both of them stays where it is, and nothing goes through the floor."""
    for one, other in itertools.pairwise(motion.way()):
        for share in _BETWEEN:
            found = list(_leaves_the_ground(file, figure, (form, motion), (one, other), share))
            yield from found[:1]
            if found:
                break


def _leaves_the_ground(
    file: YamlFile, figure: Figure, shown: tuple[Form, Motion], poses: tuple[KeyPose, KeyPose], share: float
) -> Iterator[RoutineInvalid]:
    (form, motion), (one, other) = shown, poses
    pose = between(one.pose, other.pose, share)
    placed = place(pose)
    for part in (part for part in one.rests if part in other.rests):
        gap = abs(lowest(placed, part) - figure.support(part, motion.things))
        if gap > ON_THE_WAY_M:
            why = f"{part!r} leaves its ground by {gap * 100:.0f} cm between {one.name} and {other.name}."
            yield file.wrong(("forms", form), why, "Put a pose in between, or let the two be more alike.")
    yield from _through_the_floor(file, ("forms", form), pose, ON_THE_WAY_M, f" between {one.name} and {other.name}")


def _sides(file: YamlFile, form: Form, motion: Motion, exercise: Exercise) -> Iterator[RoutineInvalid]:
    """An exercise without sides gives both the same; one with sides is written for the right one."""
    if exercise.sides != "one":
        if any(mark.endswith("_left") for mark in motion.works) or not any("right" in mark for mark in motion.works):
            yield file.wrong(("works",), "It marks another side than the right one.", "Write it for the right side.")
        return
    ends, mirrored = (
        [step[-1] for step in (one.steps[-1:] if one.held else one.steps)] for one in (motion, for_side(motion, "left"))
    )
    for key_pose in mirrored:
        if not any(_alike(key_pose.pose, other.pose) for other in ends):
            why = f"The pose {key_pose.name!r} is not the same on both sides, and no other one is its mirror image."
            yield file.wrong(("forms", form), why, "Let both sides do the same.")


def _alike(one: Pose, other: Pose) -> bool:
    return all(
        abs(a - b) <= ALIKE_DEG
        for joint, angles in one.angles.items()
        if joint not in _FREE
        for a, b in zip(angles, other.angles[joint], strict=True)
    )
