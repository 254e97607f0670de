"""The library of exercises: YAML in, `Exercise` out."""

from __future__ import annotations

from dataclasses import fields, replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from assistant.routines.exercise import DayLimit, Exercise, Sourced
from assistant.routines.model import BREATH_S, DoseRange, Hold, Reps
from assistant.routines.yaml_file import YamlFile, read_yaml

UNVERIFIED = "unverified"
_ADAPTER = TypeAdapter(Exercise)
_KNOWN_KEYS = sorted(
    {f.name for cls in (Exercise, Sourced, DayLimit, DoseRange, Hold, Reps) for f in fields(cls)} - {"key"}
)


def own_exercise_files() -> list[Path]:
    """The files of the library."""
    with resources.as_file(resources.files("assistant.routines") / "exercises") as folder:
        return sorted(folder.glob("*.yaml"))


@cache
def load_exercises() -> dict[str, Exercise]:
    """The library by key.

    Raises:
        RoutineInvalid: A file of it is wrong: a defect of this project.
    """
    return {path.stem: load_exercise(path) for path in own_exercise_files()}


@cache
def own_sources() -> dict[str, str]:
    """Title or address by source key."""
    with resources.as_file(resources.files("assistant.routines") / "sources.yaml") as path:
        return {key: str(value) for key, value in read_yaml(path).data.items()}


def load_exercise(path: Path) -> Exercise:
    """Load and check one exercise file.

    Raises:
        RoutineInvalid: It can't be read, is no YAML, or breaks the format; names key and line.
    """
    file = read_yaml(path)
    data = {**file.data, "hold": with_breaths(file.data.get("hold"))}
    exercise = replace(file.parse(_ADAPTER, data, _KNOWN_KEYS), key=path.stem)
    _check_meaning(file, exercise)
    return exercise


def with_breaths(hold: Any) -> Any:
    """A hold that is counted in breaths lasts as long as they do."""
    if isinstance(hold, dict) and isinstance(hold.get("breaths"), int) and "seconds" not in hold:
        return {**hold, "seconds": hold["breaths"] * BREATH_S}
    return hold


def _check_meaning(file: YamlFile, exercise: Exercise) -> None:
    if (exercise.hold is None) == (exercise.reps is None):
        many = "both a hold and reps" if exercise.hold else "neither a hold nor reps"
        raise file.wrong((), f"The exercise {exercise.name!r} has {many}.", "Give it exactly one: hold: or reps:.")
    for where, source in exercise.sources_with_places():
        if source != UNVERIFIED and source not in own_sources():
            raise file.wrong(
                where,
                f"The source {source!r} is not listed in sources.yaml.",
                "List it there, or write: unverified",
            )
