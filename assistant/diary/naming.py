"""Names and keys: the diary holds keys; names stand where people read them, and in the tables that are exported.

What has no name, because its routine is gone or was never known here, is called by its key, and the other way round.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from assistant.diary.entries import DiarySession, Entry

FIRST_EXERCISES = {
    "belly rest": "belly-rest",
    "bridge": "bridge",
    "cat and camel": "cat-and-camel",
    "child's pose": "childs-pose",
    "double knee to chest": "double-knee-to-chest",
    "figure four": "figure-four",
    "hamstring stretch": "hamstring",
    "hip flexor stretch": "hip-flexor",
    "knee rolls": "knee-rolls",
    "nerve glide": "nerve-glide",
    "pelvic tilt": "pelvic-tilt",
    "press up": "press-up",
    "rest on elbows": "on-elbows",
    "seated figure four": "seated-figure-four",
    "seated forward bend": "seated-forward-bend",
    "seated hamstring stretch": "seated-hamstring",
    "seated nerve glide": "seated-nerve-glide",
    "seated slump and tall": "seated-slump",
    "single knee to chest": "single-knee-to-chest",
    "standing bend": "standing-back-bend",
}
FIRST_ROUTINES = {
    "chair stretch": "chair",
    "cool down": "after-activity",
    "gentle stretch": "bad-day",
    "lower back stretch": "lumbar-extension",
    "quick stretch": "five-minutes",
    "sciatic nerve stretch": "sciatic-nerve",
    "warm up": "before-activity",
}
"""Keys by the names that diaries held until they held keys, and that tables from then have. They never change, whatever
the exercises and routines are called today."""


@dataclass(frozen=True)
class Names:
    """What exercises and routines are called.

    Attributes:
        exercises: Names by key; of two exercises with the same name the first is meant by it.
        routines: Titles by key.
    """

    exercises: Mapping[str, str] = field(default_factory=dict)
    routines: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def _exercise_keys(self) -> Mapping[str, str]:
        return FIRST_EXERCISES | _reversed(self.exercises)

    @cached_property
    def _routine_keys(self) -> Mapping[str, str]:
        return FIRST_ROUTINES | _reversed(self.routines)

    def exercise(self, key: str) -> str:
        """What an exercise is called."""
        return self.exercises.get(key, key)

    def key_of_exercise(self, name: str | None) -> str | None:
        """The exercise that is or was called so; None for None."""
        return self._exercise_keys.get(name or "", name)

    def key_of_routine(self, title: str | None) -> str | None:
        """The routine that is or was called so; None for None."""
        return self._routine_keys.get(title or "", title)

    def named(self, entry: Entry) -> Entry:
        """An entry with names in place of keys: for people."""
        routine, exercise = entry.routine, entry.exercise
        return replace(
            entry,
            routine=routine and self.routines.get(routine, routine),
            exercise=exercise and self.exercise(exercise),
        )

    def keyed(self, entry: Entry) -> Entry:
        """An entry with keys in place of names."""
        return replace(
            entry,
            routine=self.key_of_routine(entry.routine),
            exercise=self.key_of_exercise(entry.exercise),
        )

    def all_named(self, sessions: Iterable[DiarySession]) -> tuple[DiarySession, ...]:
        """Sessions with names in place of keys: for people."""
        return tuple(
            DiarySession(session.key, tuple((n, self.named(entry)) for n, entry in session.numbered))
            for session in sessions
        )


NO_NAMES = Names()


def _reversed(names: Mapping[str, str]) -> dict[str, str]:
    return {name: key for key, name in reversed([*names.items()])}
