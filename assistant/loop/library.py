"""All routines that there are, ours and the user's. By itself: what only names them needs no voice and no ears."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from assistant.diary.naming import Names
from assistant.errors import RoutineInvalid
from assistant.home import folders
from assistant.home.settings import Settings
from assistant.routines import Routine
from assistant.routines.loading import load_exercises, load_routines, own_routine_files
from assistant.routines.naming import names_of_exercises
from intents.language import ENGLISH, Language


@dataclass(frozen=True, slots=True)
class Library:
    """All routines that could be loaded in a language, and what was wrong with the others."""

    routines: dict[str, Routine]
    errors: list[RoutineInvalid]
    language: Language = ENGLISH

    @property
    def names(self) -> Names:
        """What the diary's keys are called."""
        exercises = names_of_exercises(load_exercises(self.language), self.routines.values())
        return Names(exercises, {key: routine.title for key, routine in self.routines.items()})


def load_library(settings: Settings, language: Language = ENGLISH) -> Library:
    """Our own routines and the user's."""
    return Library(*load_routines(routine_files(settings), language), language)


def routine_files(settings: Settings) -> list[Path]:
    """All routine files, ours and the user's; of two with the same name the later one counts."""
    return [*own_routine_files(), *users_routine_files(settings)]


def users_routine_files(settings: Settings) -> list[Path]:
    """The user's own routine files."""
    folder = settings.routines or folders.data() / "routines"
    return sorted(path for path in folder.glob("*.y*ml") if path.suffix in {".yaml", ".yml"})
