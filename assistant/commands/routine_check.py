"""Checking routine files as a whole: format, medicine, words, length. What is found is told in the author's terms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from assistant.dialogue.facts import Held, Moved
from assistant.dialogue.lines import minutes_of
from assistant.dialogue.state.phases import Choosing, Idle
from assistant.dialogue.state.plan import plan
from assistant.dialogue.state.takes import TAKES, context_of
from assistant.errors import AssistantError, RoutineInvalid
from assistant.hearing.pronunciation import pronounce
from assistant.loop.vocabulary import Vocabulary
from assistant.routines import Routine
from assistant.routines.exercise import Exercise
from assistant.routines.exercise_loading import load_exercise, load_exercises, own_exercise_files
from assistant.routines.linter import lint_exercise, lint_routine
from assistant.routines.loading import load_routines, own_routine_files
from assistant.routines.reading_age import grade
from assistant.routines.yaml_file import KeyPath, YamlFile, read_yaml
from assistant.stage.run_through import run_through
from assistant.voice.wording import Wording
from intents.language import ENGLISH
from intents.letters import words_of

LENGTH_WITHIN = 0.1
ROUNDING_S = 20.0
"""Lengths are said in half minutes; of a short routine that alone is a tenth."""

_SLOT = re.compile(r"\{[^}]*\}")
_GLUE = "listing"  # how items of a list are joined: no sentences
_VOWELS = frozenset(["AA", "AE", "AH", "AO", "AW", "AY", "EH", "ER", "EY", "IH", "IY", "OW", "OY", "UH", "UW"])


@dataclass
class Checked:
    """What came of a check.

    Attributes:
        fine: A sentence for each file that is in order.
        found: What is wrong, in the order of the files.
    """

    fine: list[str] = field(default_factory=list)
    found: list[AssistantError] = field(default_factory=list)


def check_routines(files: Iterable[Path]) -> Checked:
    """Check routine files."""
    checked = Checked()
    paths = list(files)
    routines, errors = load_routines([*own_routine_files(), *paths])  # names of ours are taken
    checked.found += errors
    for path in paths:
        routine = routines.get(path.stem)
        if routine is None or any(isinstance(e, RoutineInvalid) and e.path == path for e in errors):
            continue
        findings = list(_findings(read_yaml(path), routine))
        checked.found += findings
        if not findings:
            minutes = minutes_of(routine, plan(routine, None))
            steps = len(routine.steps)
            checked.fine.append(f"{routine.key}: {routine.title}, {steps} steps, {minutes:g} min, is in order.")
    return checked


def check_library() -> Checked:
    """Check our own exercises and the lines that the assistant says."""
    checked = Checked()
    library = load_exercises()
    for path in own_exercise_files():
        file, exercise = read_yaml(path), load_exercise(path)
        findings = [*lint_exercise(file, exercise, library, syllables), *_commands_in_exercise(file, exercise)]
        checked.found += findings
        if not findings:
            checked.fine.append(f"{exercise.key}: {exercise.name}, is in order.")
    wrong = [*_lines_too_hard(), *_commands_in_lines()]
    checked.found += wrong
    if not wrong:
        checked.fine.append("What the assistant says besides is in order.")
    return checked


@cache
def syllables(word: str) -> int:
    """Syllables of a word: the vowels of its pronunciation."""
    return sum(phone in _VOWELS for phone in pronounce(word)[0])


def _findings(file: YamlFile, routine: Routine) -> Iterator[RoutineInvalid]:
    yield from lint_routine(file, routine, load_exercises(), syllables)
    texts: list[tuple[KeyPath, str]] = [(("purpose",), routine.purpose), (("closing",), routine.closing)]
    texts += [(("cautions", i, "say"), caution.say) for i, caution in enumerate(routine.cautions)]
    for i, step in enumerate(routine.steps):
        texts += [
            (("steps", i, key), text) for key, text in step.spoken() if key == "getting_there" or not step.exercise
        ]
    for where, text in texts:
        yield from _commands_in(file, where, text)
    yield from _title_in_the_way(file, routine)
    yield from _length(file, routine)


def _commands_in_exercise(file: YamlFile, exercise: Exercise) -> Iterator[RoutineInvalid]:
    for where, text in exercise.spoken():
        yield from _commands_in(file, where, text)


def _commands_in(file: YamlFile, where: KeyPath, text: str) -> Iterator[RoutineInvalid]:
    found = sorted(set(words_of(text)) & command_words())
    if found:
        yield file.wrong(
            where,
            f"The word {found[0]!r} is a command: the assistant would hear itself say it.",
            "Say it in other words, for instance: the other side; carry on; let it sink.",
        )


@cache
def command_words() -> frozenset[str]:
    """The words that are a command by themselves in some phase, but for numbers."""
    found: set[str] = set()
    for phase in TAKES:
        if phase is Idle:
            continue
        sentences = _commands().of_phase(phase)
        words = {arc.word for arc in sentences.graph().arcs if arc.word}
        found |= {w for w in words if (command := sentences.match(w)) is not None and command.intent != "Number"}
    return frozenset(found)


@cache
def _commands() -> Vocabulary:
    """What may be said whatever the routines are called."""
    return Vocabulary(())


def _title_in_the_way(file: YamlFile, routine: Routine) -> Iterator[RoutineInvalid]:
    beginnings = Vocabulary([routine]).everything.only(("StartRoutine",), context_of(Idle))
    if beginnings.match(f"start {routine.title}") is None:
        yield file.wrong(
            ("title",),
            f"Nobody can begin the routine by its title: 'start {routine.title}' is not understood.",
            "Let the title be one of its names, with stretch, routine or exercises behind it if you like.",
        )
    commands = [word for word in routine.title.split() if _commands().of_phase(Choosing).match(word)]
    if commands:
        yield file.wrong(("title",), f"The word {commands[0]!r} in the title is a command.", "Choose another word.")


def _length(file: YamlFile, routine: Routine) -> Iterator[RoutineInvalid]:
    played = run_through(routine, load_exercises())
    said = minutes_of(routine, plan(routine, "left")) * 60
    if abs(said - played.seconds) > max(ROUNDING_S, LENGTH_WITHIN * played.seconds):
        yield file.wrong(
            (),
            f"It says that it takes {said / 60:g} minutes, and takes {played.seconds / 60:.1f}.",
            "This is a defect of the assistant, not of your file. Please report it.",
        )
    done: dict[tuple[str, str], float] = {}
    for fact in played.facts:
        if isinstance(fact, Held | Moved) and fact.side is not None:
            amount = fact.seconds if isinstance(fact, Held) else fact.reps
            done[fact.exercise, fact.side] = done.get((fact.exercise, fact.side), 0.0) + amount
    for index, step in enumerate(routine.steps):
        if step.sides == "both" and done.get((step.key, "left")) != done.get((step.key, "right")):
            yield file.wrong(
                ("steps", index), f"The sides of {step.name!r} do not get the same.", "Give it sides: both."
            )


def _commands_in_lines() -> Iterator[AssistantError]:
    """A line that says a command word without teaching it."""
    wording = Wording()
    for key in sorted(wording.keys()):
        if key.partition(".")[0] in ENGLISH.teaching_groups:
            continue
        said = {word for template in wording.templates(key) for word in words_of(_SLOT.sub(" ", template))}
        for word in sorted(said & command_words() - ENGLISH.teaching.get(key, frozenset())):
            yield RoutineInvalid(
                ENGLISH.file("lines.yaml"),
                key,
                1,
                f"The word {word!r} is a command: the assistant would hear itself say it.",
                "Say it in other words; or, if the line teaches it, list it in teaching.yaml.",
            )


def _lines_too_hard() -> Iterator[AssistantError]:
    wording = Wording()
    groups: dict[str, list[str]] = {}
    for key in sorted(wording.keys()):
        groups.setdefault(key.partition(".")[0], []).extend(wording.templates(key))
    del groups[_GLUE]
    reading = ENGLISH.reading
    for group, texts in groups.items():
        found = grade(" ".join(text.rstrip(".") + "." for text in texts), syllables)
        if reading is not None and found > reading.hardest_grade:
            yield RoutineInvalid(
                ENGLISH.file("lines.yaml"),
                group,
                1,
                f"The lines are too hard to follow: grade {found:.1f} by Flesch and Kincaid.",
                "Use shorter sentences and shorter words.",
            )
