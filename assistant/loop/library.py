"""All routines that there are, ours and the user's. By itself: what only names them needs no voice and no ears."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from assistant.diary.naming import Names
from assistant.errors import AssistantError, RoutineInvalid
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
    errors: Sequence[AssistantError]
    language: Language = ENGLISH

    @property
    def names(self) -> Names:
        """What the diary's keys are called."""
        exercises = names_of_exercises(load_exercises(self.language), self.routines.values())
        return Names(exercises, {key: routine.title for key, routine in self.routines.items()})


def load_library(settings: Settings, language: Language = ENGLISH) -> Library:
    """Our own routines and the user's, but for those of which a word has no sound: no session could listen for them."""
    routines, invalid = load_routines(routine_files(settings), language)
    errors: list[AssistantError] = [*_unreadable(settings), *invalid]
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
    """The user's own routine files; none where their folder can't be read, which `load_library` tells."""
    with suppress(OSError):
        found = (path for path in _folder(settings).glob("*.y*ml") if path.suffix in {".yaml", ".yml"})
        return sorted(
            path for path in found if not (path.is_fifo() or path.is_char_device())
        )  # nobody writes into those
    return []


def _folder(settings: Settings) -> Path:
    return settings.routines or folders.data() / "routines"


def _unreadable(settings: Settings) -> Iterator[AssistantError]:
    """What is wrong with the folder; it need not be there unless the settings name it."""
    try:
        os.scandir(_folder(settings)).close()
    except OSError as error:
        if settings.routines is not None or not isinstance(error, FileNotFoundError):
            yield AssistantError(
                f"Your own routines can't be read: {_folder(settings)}.",
                f"{error.strerror}.",
                "Check that folder, or name another: routines in the settings.",
            )
