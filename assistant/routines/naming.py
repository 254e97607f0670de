"""What exercises and routines are called."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from assistant.routines.exercise import Exercise
from assistant.routines.model import Routine


def names_of_exercises(exercises: Mapping[str, Exercise], routines: Iterable[Routine]) -> dict[str, str]:
    """Names by key: of the library, and of the steps that are spelled out in routines, whose name is their key."""
    steps = {step.key: step.name for routine in routines for step in routine.steps}
    library = {key: exercise.name for key, exercise in exercises.items()}
    return library | {key: name for key, name in steps.items() if key not in library}


MOST_AT_ONCE = 10
"""So many routines have a number that can be said; of more, first words of their titles are names, too."""

_FIRST_WORDS = "first words: "


def names_of_routines(routines: Collection[Routine]) -> list[tuple[str, str]]:
    """What routines may be called, each with the key of the routine.

    Where there are many, so are the first words of a title: of one routine they are its name, of several they stand for
    all of these, see `keys_beginning`.
    """
    names = [(name, routine.key) for routine in routines for name in routine.names]
    if len(routines) <= MOST_AT_ONCE:
        return names
    beginning: dict[str, list[str]] = {}
    for routine in routines:
        words = routine.title.split()
        for count in range(1, len(words)):
            beginning.setdefault(" ".join(words[:count]), []).append(routine.key)
    taken = {name for name, _ in names} | {routine.title for routine in routines}
    return names + [
        (first, keys[0] if len(keys) == 1 else _FIRST_WORDS + first)
        for first, keys in beginning.items()
        if first not in taken
    ]


def keys_beginning(routines: Iterable[Routine], named: str) -> tuple[str, ...]:
    """The routines that first words stand for; none if what was named is something else."""
    first = named.removeprefix(_FIRST_WORDS)
    if first == named:
        return ()
    return tuple(routine.key for routine in routines if f"{routine.title} ".startswith(f"{first} "))
