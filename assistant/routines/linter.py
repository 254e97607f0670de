"""What must hold of exercises and routines beyond their format, so that nobody is hurt by a slip of the pen.

Every finding names file, key and line, what stands there, and what to do about it.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from assistant.errors import RoutineInvalid
from assistant.routines.dose_ranges import LONGEST_HOLD_S, dose_in_words, misfit, most_allowed, ranges_in_words
from assistant.routines.exercise import Exercise
from assistant.routines.model import Dose, DoseRange, Hold, Routine, Step
from assistant.routines.reading_age import Syllables, grade
from assistant.routines.safety import own_safety
from assistant.routines.yaml_file import KeyPath, YamlFile
from intents.language import ENGLISH, Language
from intents.letters import words_of
from intents.sided import for_side, names_side

MOST_GLIDES = 20
MOST_GLIDES_A_DAY = 3
_FLAT = "on the back"
_NO_SENTENCES = {"name", "beats"}


def lint_exercise(
    file: YamlFile,
    exercise: Exercise,
    library: Mapping[str, Exercise],
    syllables: Syllables,
    language: Language = ENGLISH,
) -> Iterator[RoutineInvalid]:
    """Everything that is wrong with an exercise of the library."""
    dose = exercise.hold or exercise.reps
    assert dose is not None
    where: KeyPath = ("hold",) if isinstance(dose, Hold) else ("reps",)
    yield from _out_of_range(file, where, dose, exercise.allowed, exercise.name)
    limit = exercise.most_a_day.times if exercise.most_a_day else None
    yield from _nerve_glide(language, file, (), exercise.name, limit, most_allowed(exercise.allowed, "count"))
    yield from _left_out_for(file, exercise)
    if exercise.chair is not None:
        seated = library.get(exercise.chair)
        if seated is None or not seated.step().seated:
            yield file.wrong(
                ("chair",),
                f"{exercise.chair!r} is no exercise on a chair.",
                "Name one of the library that is done sitting or standing, or leave the line out.",
            )
    yield from _leg_not_named(file.spoken, exercise)
    texts = " ".join(for_side(text, None) for where, text in exercise.words.spoken() if where[0] not in _NO_SENTENCES)
    yield from _too_hard_to_read(file.spoken, (), texts, syllables, language)


def lint_routine(
    file: YamlFile,
    routine: Routine,
    library: Mapping[str, Exercise],
    syllables: Syllables,
    language: Language = ENGLISH,
) -> Iterator[RoutineInvalid]:
    """Everything that is wrong with a routine, but for its length and the words of command in it."""
    for index, step in enumerate(routine.steps):
        yield from _lint_step(file, ("steps", index), step, library.get(step.exercise), syllables, language)
    yield from _turned_over_twice(file, routine)
    for index, caution in enumerate(routine.cautions):
        if not caution.source.strip():
            yield file.wrong(("cautions", index, "source"), "The caution names no source.", "Name it, or: unverified")
        where: KeyPath = ("cautions", index, "about")
        yield from _answers_nobody_gives(file, where, caution.about, kinds=("clearance", "adapt"))
    cautions = " ".join(caution.say for caution in routine.cautions)
    yield from _too_hard_to_read(file.spoken, ("cautions",), cautions, syllables, language)
    yield from _too_hard_to_read(file.spoken, ("purpose",), routine.purpose, syllables, language)
    yield from _too_hard_to_read(file.spoken, ("closing",), routine.closing, syllables, language)


def _lint_step(
    file: YamlFile, here: KeyPath, step: Step, exercise: Exercise | None, syllables: Syllables, language: Language
) -> Iterator[RoutineInvalid]:
    dose_key: KeyPath = (*here, "hold" if step.hold else "reps")
    if step.allowed:
        yield from _out_of_range(file, dose_key, step.dose, step.allowed, step.name)
    if exercise is not None:
        if exercise.sides == "both" and step.sides != "both":
            yield file.wrong(
                (*here, "sides"),
                f"{step.name!r} is done on both sides, and here it says {step.sides!r}.",
                "Leave the line out: both sides get the same.",
            )
    else:
        if step.leave_when is None:
            yield file.wrong(
                here,
                f"The step {step.name!r} does not say when to leave it out.",
                "Add a line, for instance: leave_when: Leave it when the pain in your leg gets worse.",
            )
        for name in ("not_with", "gentler_with"):
            yield from _answers_nobody_gives(file, (*here, name), getattr(step, name))
        yield from _nerve_glide(
            language, file, here, step.name, step.most_a_day, step.reps.count if step.reps else None
        )
        texts = " ".join(for_side(text, None) for name, text in step.spoken() if name not in _NO_SENTENCES)
        yield from _too_hard_to_read(file, here, texts, syllables, language)
    if isinstance(step.dose, Hold) and step.dose.seconds >= LONGEST_HOLD_S and (not step.directional or step.forwards):
        yield file.wrong(
            dose_key,
            f"The stretch is held for {step.dose.seconds} seconds.",
            f"Hold it for less than {LONGEST_HOLD_S}; repeat it instead.",
        )


def _out_of_range(
    file: YamlFile, where: KeyPath, dose: Dose, allowed: Sequence[DoseRange], name: str
) -> Iterator[RoutineInvalid]:
    counted, held = most_allowed(allowed, "count") is not None, isinstance(dose, Hold)
    unit = misfit(dose, allowed)
    if counted == held:
        yield file.wrong(
            where,
            f"{name!r} is {'counted in reps, not held' if counted else 'held, not counted in reps'}.",
            f"Write, for instance: {'reps: {count: 5, pace: 5}' if counted else 'hold: {seconds: 20}'}",
        )
    elif unit is not None:
        yield file.wrong(
            (*where, unit),
            f"{dose_in_words(dose)}: no source names that much or little for {name!r}.",
            f"Take a dose that one does: {ranges_in_words(allowed)}. Less on purpose: short_form: true.",
        )


def _nerve_glide(
    language: Language, file: YamlFile, here: KeyPath, name: str, most_a_day: int | None, most_reps: int | None
) -> Iterator[RoutineInvalid]:
    """A nerve must not be pulled to and fro without end, whoever wrote the exercise."""
    if not language.looks_for("nerve_glide") & set(words_of(name)):
        return
    if most_a_day is None or most_a_day > MOST_GLIDES_A_DAY:
        yield file.wrong(
            (*here, "most_a_day"),
            "A nerve glide must not be done without a limit.",
            f"Allow it at most {MOST_GLIDES_A_DAY} times a day, with most_a_day.",
        )
    if most_reps is None or most_reps > MOST_GLIDES:
        yield file.wrong(
            here,
            f"A nerve glide is done at most {MOST_GLIDES} times in a row.",
            f"Count it in reps, {MOST_GLIDES} or less.",
        )


def _leg_not_named(file: YamlFile, exercise: Exercise) -> Iterator[RoutineInvalid]:
    """Who lies with closed eyes has to hear which leg it is, wherever one leg is to be moved."""
    needed = ("movement", "short", *(("into",) if exercise.hold else ()))
    naming = {str(where[0]) for where, text in exercise.words.spoken() if names_side(text)}
    if exercise.sides == "one":
        for key in sorted(naming):
            yield file.wrong((key,), f"{exercise.name!r} has no sides, and its words name one.", "Leave the side out.")
        return
    for key in needed:
        if key not in naming:
            yield file.wrong(
                (key,),
                f"{exercise.name!r} is done with one leg, and the words do not say which.",
                "Name it, for instance: Straighten your {side:left|right} knee.",
            )


def _left_out_for(file: YamlFile, exercise: Exercise) -> Iterator[RoutineInvalid]:
    if exercise.position == _FLAT and "pregnancy" not in exercise.not_with:
        yield file.wrong(
            ("not_with",),
            f"{exercise.name!r} is done flat on the back, and is not left out in pregnancy.",
            "Add pregnancy to not_with, with its source.",
        )
    for name in ("not_with", "gentler_with"):
        yield from _answers_nobody_gives(file, (name,), getattr(exercise, name))


def _answers_nobody_gives(
    file: YamlFile, here: KeyPath, answers: Iterable[str], *, kinds: Collection[str] = ("adapt",)
) -> Iterator[RoutineInvalid]:
    known = {question.key for question in own_safety().questions if question.kind in kinds}
    for answer in answers:
        if answer not in known:
            yield file.wrong(
                (*here, answer),
                f"Nobody is asked about {answer!r}.",
                f"Use one of: {', '.join(sorted(known))}.",
            )


def _turned_over_twice(file: YamlFile, routine: Routine) -> Iterator[RoutineInvalid]:
    runs = [position for position, _ in itertools.groupby(step.position for step in routine.steps)]
    for number, position in enumerate(runs):
        if position in runs[:number]:
            index = max(i for i, step in enumerate(routine.steps) if step.position == position)
            yield file.wrong(
                ("steps", index),
                f"The routine comes back to a position that was left before: {position}.",
                "Put the exercises of one position one after the other, so that nobody has to turn over twice.",
            )


def _too_hard_to_read(
    file: YamlFile, where: KeyPath, text: str, syllables: Syllables, language: Language
) -> Iterator[RoutineInvalid]:
    found = grade(text, syllables, language)
    if language.reading is not None and found > language.reading.hardest_grade:
        yield file.wrong(
            where,
            f"The words are too hard: grade {found:.1f} by Flesch and Kincaid; "
            f"{language.reading.hardest_grade:.0f} is the most.",
            "Use shorter sentences, one action each, and shorter words.",
        )
