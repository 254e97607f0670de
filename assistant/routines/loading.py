"""Routine files: YAML in, `Routine` out. A wrong file says what was found and what was expected; others still load."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from importlib import resources
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import ConfigDict, Field, TypeAdapter

from assistant.errors import RoutineInvalid
from assistant.routines.exercise import Exercise
from assistant.routines.exercise_loading import NO_SOURCES, UNVERIFIED, load_exercises, own_sources, with_breaths
from assistant.routines.model import Caution, Hold, Reps, Routine, Sides, Step
from assistant.routines.safety import own_safety
from assistant.routines.words import RoutineWords, check_keys, read_words
from assistant.routines.yaml_file import KeyPath, YamlFile, read_yaml
from intents.language import ENGLISH, Language
from intents.letters import is_letter
from intents.names import words_of_name
from intents.tagged_graph import Unspeakable

__all__ = ["load_exercises", "load_routine", "load_routines", "own_routine_files"]

_ADAPTER = TypeAdapter(Routine)
_KNOWN_KEYS = sorted({f.name for cls in (Routine, Step, Caution, Hold, Reps) for f in fields(cls)} - {"key"})


@dataclass(frozen=True, slots=True)
class _StepFacts:
    """A step of a routine of ours; ``getting_there`` is the key of words of the routine."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    exercise: str
    hold: Any = None
    reps: Any = None
    sides: Sides | None = None
    getting_there: str | None = None


@dataclass(frozen=True, slots=True)
class _CautionFacts:
    """A caution that is about questions before a routine; others are their source alone."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    source: str
    about: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _RoutineFacts:
    """What a file of ours says: a `Routine` without its words, cautions by key with their sources."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    cautions: Annotated[Mapping[str, str | _CautionFacts], Field(min_length=1)]
    steps: Annotated[tuple[_StepFacts, ...], Field(min_length=1)]
    reviewed_by: str | None = None
    purpose_source: str = UNVERIFIED
    closing_source: str = UNVERIFIED


_FACTS = TypeAdapter(_RoutineFacts)
_OWN_OF_A_STEP = {"exercise", "hold", "reps", "getting_there", "sides"}
_ORDER = ("sciatic-nerve", "lumbar-extension", "bad-day", "five-minutes", "chair", "before-activity", "after-activity")


def own_routine_files() -> list[Path]:
    """The routine files that come with the assistant, in the order in which they are read out."""
    found = {path.stem: path for path in sorted(_own_folder().glob("*.yaml"))}
    return [found.pop(key) for key in _ORDER if key in found] + list(found.values())


def _own_folder() -> Path:
    with resources.as_file(resources.files("assistant.routines") / "library") as folder:
        return folder.resolve()


def _is_ours(path: Path) -> bool:
    return path.resolve().parent == _own_folder()


def load_routines(
    paths: Iterable[Path], language: Language = ENGLISH
) -> tuple[dict[str, Routine], list[RoutineInvalid]]:
    """Load all files that can be loaded.

    Args:
        paths: Routine files; of two with the same name the later one counts.
        language: Which has the words of our own, and of the exercises of the library.

    Returns:
        The routines by key (the file's name without its ending), and the errors of the files that are wrong.
    """
    routines: dict[str, Routine] = {}
    errors: list[RoutineInvalid] = []
    for path in paths:
        try:
            routine = load_routine(path, language)
            _refuse_taken_names(path, routine, [r for r in routines.values() if r.key != routine.key])
        except RoutineInvalid as error:
            errors.append(error)
        else:
            routines[routine.key] = routine
    return routines, errors


def load_routine(path: Path, language: Language = ENGLISH) -> Routine:
    """Load and check one routine.

    Args:
        path: A user's file, with facts and words in one, or one of ours, to which a language has the words.
        language: That one; it also has the words of the exercises of the library.

    Raises:
        RoutineInvalid: The file cannot be read, is no YAML, or breaks the format; names key and line.
    """
    return read_routine(path, language)[1]


def read_routine(path: Path, language: Language = ENGLISH) -> tuple[YamlFile, Routine]:
    """The same, with the file."""
    file = read_yaml(path)
    data = dict(file.data)
    if _is_ours(path):
        file, data = _with_words(file, language)
    if isinstance(data.get("steps"), list):
        data["steps"] = [_filled_in(file, index, step, language) for index, step in enumerate(data["steps"])]
    data.setdefault("sources", {})
    routine = replace(file.parse(_ADAPTER, data, _KNOWN_KEYS), key=path.stem)
    _check_meaning(file, routine, language)
    return file, replace(routine, sources=_sources_of(routine, load_exercises(language)))


def written_out(path: Path, language: Language = ENGLISH) -> str:
    """A routine as a user writes one, words and facts in one file: to begin one's own with.

    Args:
        path: A file of ours, or a user's.
        language: Which has the words, if it is ours.

    Raises:
        RoutineInvalid: It can't be loaded.
    """
    file = read_yaml(path)
    data = _with_words(file, language)[1] if _is_ours(path) else file.data
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=120)


def _with_words(file: YamlFile, language: Language) -> tuple[YamlFile, dict[str, Any]]:
    """A file of ours with the words that a language has for it, as a user would have written it."""
    facts = file.parse(_FACTS, file.data, _KNOWN_KEYS)
    words_file, words = read_words(RoutineWords, language, file.path.name)
    steps = [{key: value for key, value in asdict(step).items() if value is not None} for step in facts.steps]
    check_keys(words_file, ("cautions",), words.cautions, facts.cautions)
    ways = list(dict.fromkeys(step["getting_there"] for step in steps if "getting_there" in step))
    check_keys(words_file, ("getting_there",), words.getting_there, ways)
    for step in steps:
        if "getting_there" in step:
            step["getting_there"] = words.getting_there[step["getting_there"]]
    asked = own_safety().asked_cautions
    data = {
        "title": words.title,
        "names": words.names,
        "purpose": words.purpose,
        **file.data,
        "closing": words.closing,
        "cautions": [
            {"say": words.cautions[key], **({"source": fact} if isinstance(fact, str) else asdict(fact))}
            | ({"asked": True} if key in asked else {})
            for key, fact in facts.cautions.items()
        ],
        "steps": steps,
    }
    return replace(file, words=words_file), data


def _filled_in(file: YamlFile, index: int, step: Any, language: Language) -> Any:
    """A step that names an exercise, with all that the library says of it; one that is spelled out as it is."""
    if not isinstance(step, dict) or "exercise" not in step:
        return step
    where: KeyPath = ("steps", index)
    exercise = _exercise_named(file, (*where, "exercise"), step["exercise"], load_exercises(language))
    for key in step:
        if key not in _OWN_OF_A_STEP:
            raise file.wrong(
                (*where, key),
                f"The step takes the exercise {exercise.key!r} from the library, and cannot change its {key!r}.",
                f"Beside exercise it may have: {', '.join(sorted(_OWN_OF_A_STEP - {'exercise'}))}. "
                "Or spell the whole step out, without exercise.",
            )
    resolved = exercise.step()
    filled = {f.name: getattr(resolved, f.name) for f in fields(Step)}
    if "hold" in step or "reps" in step:
        filled |= {"hold": with_breaths(step.get("hold")), "reps": step.get("reps")}
    filled |= {key: step[key] for key in ("getting_there", "sides") if key in step}
    return filled


def _exercise_named(file: YamlFile, where: KeyPath, name: Any, library: Mapping[str, Exercise]) -> Exercise:
    by_name: Mapping[str, Exercise] = {exercise.name: exercise for exercise in library.values()}
    found = library.get(str(name)) or by_name.get(str(name))
    if found is None:
        close = difflib.get_close_matches(str(name), [*library, *by_name], n=1)
        raise file.wrong(
            where,
            f"There is no exercise {str(name)!r} in the library.",
            f"Did you mean {close[0]!r}?" if close else f"There are: {', '.join(library)}. Or spell the step out.",
        )
    return found


def _sources_of(routine: Routine, library: Mapping[str, Exercise]) -> dict[str, str]:
    """All sources that the routine refers to, its own before the library's."""
    known = {**own_sources(), **routine.sources}
    keys = [*routine.sources, routine.purpose_source, *(caution.source for caution in routine.cautions)]
    keys.append(routine.closing_source)
    for step in routine.steps:
        exercise = library.get(step.exercise)
        keys += [step.source, *(source for _, source in (exercise.sources_with_places() if exercise else ()))]
    return {key: known[key] for key in dict.fromkeys(keys) if key in known}


def _check_meaning(file: YamlFile, routine: Routine, language: Language) -> None:
    known = {*NO_SOURCES, *own_sources(), *routine.sources}
    for index, step in enumerate(routine.steps):
        here: KeyPath = ("steps", index)
        if (step.hold is None) == (step.reps is None):
            many = "both a hold and reps" if step.hold else "neither a hold nor reps"
            raise file.wrong(here, f"The step {step.name!r} has {many}.", "Give it exactly one: hold: or reps:.")
        if step.source not in known:
            raise _unknown_source(file, (*here, "source"), step.source, routine)
    for index, caution in enumerate(routine.cautions):
        if caution.source not in known:
            raise _unknown_source(file, ("cautions", index, "source"), caution.source, routine)
    for name in ("purpose_source", "closing_source"):
        if getattr(routine, name) not in known:
            raise _unknown_source(file, (name,), getattr(routine, name), routine)
    for index, spoken in enumerate(routine.names):
        _check_name(file.spoken, ("names", index), spoken, language)
    for index, step in enumerate(routine.steps):
        _check_name(file, ("steps", index, "name"), step.name, language)


def _check_name(file: YamlFile, where: KeyPath, name: str, language: Language) -> None:
    """Refuse what nobody could say: one such name among the sentences, and no session could listen."""
    why = ""
    if not all((is_letter(char) and not char.isupper()) or char in "' []()|" for char in name):
        why = "it holds more than small letters and spaces"
    else:
        try:
            words_of_name(name, language.tag)
        except Unspeakable as error:
            why = str(error)
    if why:
        raise file.wrong(
            where,
            f"{name!r} cannot be spoken: {why}.",
            "Use small letters and spaces; [x] for a word that may be left out, (a|b) for a choice.",
        )


def _unknown_source(file: YamlFile, where: KeyPath, source: str, routine: Routine) -> RoutineInvalid:
    known = ", ".join(sorted({*routine.sources, *own_sources()}))
    return file.wrong(
        where,
        f"The source {source!r} is not listed under sources.",
        f"List it there, use one that is ({known}), or write: source: unverified",
    )


def _refuse_taken_names(path: Path, routine: Routine, others: Sequence[Routine]) -> None:
    for other in others:
        taken = set(routine.names) & set(other.names)
        if taken:
            raise RoutineInvalid(
                path,
                "names",
                1,
                f"The routine {other.title!r} is already called {min(taken)!r}.",
                "Give this one a name of its own.",
            )
