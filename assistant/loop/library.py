"""All routines that there are, ours and the user's. By itself: what only names them needs no voice and no ears."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from assistant.diary.naming import Names
from assistant.errors import RoutineInvalid
from assistant.hearing.pronunciation import PronunciationUnknown, pronounce
from assistant.home import folders
from assistant.home.settings import Settings
from assistant.routines import Routine
from assistant.routines.loading import load_exercises, load_routines, own_routine_files
from assistant.routines.naming import names_of_exercises
from assistant.routines.yaml_file import KeyPath, read_yaml
from intents.language import ENGLISH, Language
from intents.names import words_of_name


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
    """Our own routines and the user's, but for those of which a word has no sound: no session could listen for them."""
    paths = routine_files(settings)
    routines, errors = load_routines(paths, language)
    for path in users_routine_files(settings):
        routine = routines.get(path.stem)
        error = None if routine is None else _without_sound(path, routine, language)
        if error is not None:
            del routines[path.stem]
            errors.append(error)
    return Library(routines, errors, language)


def _without_sound(path: Path, routine: Routine, language: Language) -> RoutineInvalid | None:
    names: dict[KeyPath, str] = {("names", index): name for index, name in enumerate(routine.names)}
    names |= {("steps", index, "name"): step.name for index, step in enumerate(routine.steps) if not step.exercise}
    for where, name in names.items():
        for word in sorted(words_of_name(name, language.tag)):
            try:
                pronounce(word)
            except PronunciationUnknown as error:
                return read_yaml(path).wrong(where, error.what, error.fix)
    return None


def routine_files(settings: Settings) -> list[Path]:
    """All routine files, ours and the user's; of two with the same name the later one counts."""
    return [*own_routine_files(), *users_routine_files(settings)]


def users_routine_files(settings: Settings) -> list[Path]:
    """The user's own routine files."""
    folder = settings.routines or folders.data() / "routines"
    found = (path for path in folder.glob("*.y*ml") if path.suffix in {".yaml", ".yml"})
    return sorted(path for path in found if not (path.is_fifo() or path.is_char_device()))  # nobody writes into those
