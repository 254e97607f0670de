"""What exercises are called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from assistant.routines.exercise import Exercise
from assistant.routines.model import Routine


def names_of_exercises(exercises: Mapping[str, Exercise], routines: Iterable[Routine]) -> dict[str, str]:
    """Names by key: of the library, and of the steps that are spelled out in routines, whose name is their key."""
    steps = {step.key: step.name for routine in routines for step in routine.steps}
    library = {key: exercise.name for key, exercise in exercises.items()}
    return library | {key: name for key, name in steps.items() if key not in library}
