"""What must hold of exercises and routines beyond their format, so that nobody is hurt by a slip of the pen.

Every finding names file, key and line, what stands there, and what to do about it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping

from assistant.errors import RoutineInvalid
from assistant.routines.exercise import Exercise
from assistant.routines.model import Dose, DoseRange, Hold, Routine, Step
from assistant.routines.reading_age import Syllables, grade, words_of
from assistant.routines.safety import own_safety
from assistant.routines.yaml_file import KeyPath, YamlFile

HARDEST_GRADE = 6.0
LONGEST_STRETCH_S = 60
"""Static stretches of a minute and more before activity cost strength (doi 10.1139/apnm-2015-0235)."""

MOST_GLIDES = 20
MOST_GLIDES_A_DAY = 3
_NERVE = "nerve"
_FLAT = "on the back"
_FLOOR = {"face down", "on the back", "all fours", "kneeling"}
_RISING = {"rise", "stand"}


def lint_exercise(
    file: YamlFile, exercise: Exercise, library: Mapping[str, Exercise], syllables: Syllables
) -> Iterator[RoutineInvalid]:
    """Everything that is wrong with an exercise of the library."""
    dose = exercise.hold or exercise.reps
    assert dose is not None
    where: KeyPath = ("hold",) if isinstance(dose, Hold) else ("reps",)
    yield from _out_of_range(file, where, dose, exercise.allowed, exercise.name)
    yield from _nerve_glide(file, exercise)
    yield from _left_out_for(file, exercise)
    if exercise.chair is not None:
        seated = library.get(exercise.chair)
        if seated is None or seated.position not in {"sitting", "standing"}:
            yield file.wrong(
                ("chair",),
                f"{exercise.chair!r} is no exercise on a chair.",
                "Name one of the library that is done sitting or standing, or leave the line out.",
            )
    forms = [exercise.easier.say, *([exercise.harder.say] if exercise.harder else [])]
    spoken = [exercise.getting_there, exercise.movement, exercise.cue, exercise.feel, exercise.caution, *forms]
    yield from _too_hard_to_read(file, (), " ".join([*spoken, exercise.short, exercise.leave_when]), syllables)


def lint_routine(
    file: YamlFile, routine: Routine, library: Mapping[str, Exercise], syllables: Syllables
) -> Iterator[RoutineInvalid]:
    """Everything that is wrong with a routine, but for its length and the words of command in it."""
    for index, step in enumerate(routine.steps):
        yield from _lint_step(file, ("steps", index), step, library.get(step.exercise))
    yield from _turned_over_twice(file, routine)
    if routine.steps[-1].position in _FLOOR and not _RISING & set(words_of(routine.closing)):
        yield file.wrong(
            ("closing",),
            "The last exercise is on the floor, and the closing does not say how to get up.",
            "Say it, for instance: Roll to your side, push up with your arms, and kneel. Use a chair to rise.",
        )
    for index, caution in enumerate(routine.cautions):
        if not caution.source.strip():
            yield file.wrong(("cautions", index, "source"), "The caution names no source.", "Name it, or: unverified")
    cautions = " ".join(caution.say for caution in routine.cautions)
    yield from _too_hard_to_read(file, ("cautions",), cautions, syllables)
    yield from _too_hard_to_read(file, ("purpose",), routine.purpose, syllables)
    yield from _too_hard_to_read(file, ("closing",), routine.closing, syllables)


def _lint_step(file: YamlFile, here: KeyPath, step: Step, exercise: Exercise | None) -> Iterator[RoutineInvalid]:
    dose_key: KeyPath = (*here, "hold" if step.hold else "reps")
    if exercise is not None:
        yield from _out_of_range(file, dose_key, step.dose, exercise.allowed, step.name)
        if exercise.sides == "both" and step.sides != "both":
            yield file.wrong(
                (*here, "sides"),
                f"{step.name!r} is done on both sides, and here it says {step.sides!r}.",
                "Leave the line out: both sides get the same.",
            )
    elif step.leave_when is None:
        yield file.wrong(
            here,
            f"The step {step.name!r} does not say when to leave it out.",
            "Add a line, for instance: leave_when: Leave it when the pain in your leg gets worse.",
        )
    if isinstance(step.dose, Hold) and step.dose.seconds >= LONGEST_STRETCH_S and not step.directional:
        yield file.wrong(
            dose_key,
            f"The stretch is held for {step.dose.seconds} seconds.",
            f"Hold it for less than {LONGEST_STRETCH_S}; repeat it instead.",
        )


def _out_of_range(
    file: YamlFile, where: KeyPath, dose: Dose, allowed: DoseRange, name: str
) -> Iterator[RoutineInvalid]:
    said: dict[str, int | None] = (
        {"seconds": None if dose.breaths else dose.seconds, "breaths": dose.breaths, "times": dose.times}
        if isinstance(dose, Hold)
        else {"count": dose.count, "pace": dose.pace}
    )
    for unit, amount in said.items():
        span = getattr(allowed, unit)
        if amount is None:
            continue
        if span is None:
            yield file.wrong(
                where, f"No source counts {name!r} in {unit}.", "Give the dose as the exercise's own file does."
            )
        elif not span[0] <= amount <= span[1]:
            yield file.wrong(
                (*where, unit),
                f"{amount} {unit} is outside of what the sources name for {name!r}: {span[0]} to {span[1]}.",
                f"Take a number from {span[0]} to {span[1]} (sources: {', '.join(allowed.sources)}).",
            )


def _nerve_glide(file: YamlFile, exercise: Exercise) -> Iterator[RoutineInvalid]:
    if _NERVE not in exercise.name:
        return
    if exercise.most_a_day is None or exercise.most_a_day > MOST_GLIDES_A_DAY:
        yield file.wrong(
            ("most_a_day",),
            "A nerve glide must not be done without a limit.",
            f"Add: most_a_day: {MOST_GLIDES_A_DAY}, or less.",
        )
    if exercise.allowed.count is None or exercise.allowed.count[1] > MOST_GLIDES:
        yield file.wrong(
            ("allowed", "count"),
            f"A nerve glide is done at most {MOST_GLIDES} times in a row.",
            f"Give count an upper end of {MOST_GLIDES} or less.",
        )


def _left_out_for(file: YamlFile, exercise: Exercise) -> Iterator[RoutineInvalid]:
    if exercise.position == _FLAT and "pregnancy" not in exercise.not_with:
        yield file.wrong(
            ("not_with",),
            f"{exercise.name!r} is done flat on the back, and is not left out in pregnancy.",
            "Add pregnancy to not_with, with its source.",
        )
    known = {question.key for question in own_safety().questions if question.kind == "adapt"}
    for answer in exercise.not_with:
        if answer not in known:
            yield file.wrong(
                ("not_with", answer),
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


def _too_hard_to_read(file: YamlFile, where: KeyPath, text: str, syllables: Syllables) -> Iterator[RoutineInvalid]:
    found = grade(text, syllables)
    if found > HARDEST_GRADE:
        yield file.wrong(
            where,
            f"The words are too hard: grade {found:.1f} by Flesch and Kincaid; {HARDEST_GRADE:.0f} is the most.",
            "Use shorter sentences, one action each, and shorter words.",
        )
