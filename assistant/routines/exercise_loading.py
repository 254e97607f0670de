"""The library of exercises: facts and words in, both YAML, `Exercise` out."""

from __future__ import annotations

from dataclasses import fields, replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from assistant.routines.exercise import DayLimit, Exercise, ExerciseFacts
from assistant.routines.model import BREATH_S, DoseRange, Hold, Reps
from assistant.routines.safety import OURS
from assistant.routines.words import ExerciseWords, check_keys, read_words
from assistant.routines.yaml_file import YamlFile, read_yaml
from intents.language import ENGLISH, Language

UNVERIFIED = "unverified"
NO_SOURCES = frozenset({UNVERIFIED, OURS})
_ADAPTER = TypeAdapter(ExerciseFacts)
_KNOWN_KEYS = sorted({f.name for cls in (ExerciseFacts, DayLimit, DoseRange, Hold, Reps) for f in fields(cls)})


def own_exercise_files() -> list[Path]:
    """The files of the library."""
    with resources.as_file(resources.files("assistant.routines") / "exercises") as folder:
        return sorted(folder.glob("*.yaml"))


@cache
def load_exercises(language: Language = ENGLISH) -> dict[str, Exercise]:
    """The library by key, in a language.

    Raises:
        RoutineInvalid: A file of it is wrong: a defect of this project.
    """
    return {path.stem: load_exercise(path, language) for path in own_exercise_files()}


@cache
def own_sources() -> dict[str, str]:
    """Title or address by source key."""
    with resources.as_file(resources.files("assistant.routines") / "sources.yaml") as path:
        return {key: str(value) for key, value in read_yaml(path).data.items()}


def load_exercise(path: Path, language: Language = ENGLISH) -> Exercise:
    """Load and check one exercise.

    Args:
        path: The file with its facts.
        language: Has a file of the same name with its words.

    Raises:
        RoutineInvalid: One of the two can't be read, is no YAML, breaks the format, or doesn't fit the other; names
            file, key and line.
    """
    return read_exercise(path, language)[1]


def read_exercise(path: Path, language: Language = ENGLISH) -> tuple[YamlFile, Exercise]:
    """The same, with the file."""
    file = read_yaml(path)
    data = {**file.data, "hold": with_breaths(file.data.get("hold"))}
    facts = file.parse(_ADAPTER, data, _KNOWN_KEYS)
    words_file, words = read_words(ExerciseWords, language, path.name)
    check_keys(words_file, ("leave_when",), words.leave_when, facts.leave_when)
    check_keys(words_file, ("mistakes",), words.mistakes, facts.mistakes)
    said = {"harder": words.harder, "beats": words.beats, "into": words.into, "release": words.release}
    due = {"harder": facts.harder, "beats": facts.reps, "into": facts.hold, "release": facts.hold}
    check_keys(words_file, (), [key for key, text in said.items() if text], [key for key, fact in due.items() if fact])
    given = {f.name: getattr(facts, f.name) for f in fields(facts)}
    exercise = Exercise(**given, words=words, key=path.stem)
    _check_meaning(file, exercise)
    return replace(file, words=words_file), exercise


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
        if source not in NO_SOURCES and source not in own_sources():
            raise file.wrong(
                where,
                f"The source {source!r} is not listed in sources.yaml.",
                "List it there, or write: unverified",
            )
