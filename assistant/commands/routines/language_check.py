"""Checking a language as a whole: the words of our exercises, the lines, the questions about health."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from assistant.commands.routines.check import Checked, command_words, commands_in, syllables, words_alone
from assistant.dialogue.state.plan import LETTERS_A_SECOND
from assistant.errors import AssistantError, RoutineInvalid
from assistant.figures.linter import lint_figure
from assistant.routines.beats import cramped
from assistant.routines.exercise_loading import load_exercises, own_exercise_files, read_exercise
from assistant.routines.linter import lint_exercise
from assistant.routines.loading import own_routine_files
from assistant.routines.reading_age import grade
from assistant.routines.safety import own_safety
from assistant.voice.wording import Wording
from intents.language import ENGLISH, Language
from intents.sided import for_side

_SLOT = re.compile(r"\{[^}]*\}")
_GLUE = "listing"  # how items of a list are joined: no sentences


def check_library(language: Language = ENGLISH) -> Checked:
    """Check our own exercises and the lines that the assistant says."""
    checked = Checked()
    library = load_exercises(language)
    for path in own_exercise_files():
        file, exercise = read_exercise(path, language)
        findings = list(lint_exercise(file, exercise, library, syllables, language))
        for where, text in exercise.words.spoken():
            findings += commands_in(file.spoken, where, for_side(text, None), language)
        findings += lint_figure(exercise, library)
        findings += cramped(file.spoken, (), exercise.step(), LETTERS_A_SECOND, language)
        checked.found += findings
        if not findings:
            checked.fine.append(f"{exercise.key}: {exercise.name}, is in order.")
    wording = Wording(language=language)
    wrong = [
        *_left_over(language),
        *_lines_too_hard(language, wording),
        *_commands_in_lines(language, wording),
        *_health_questions(language, wording),
    ]
    checked.found += wrong
    if not wrong:
        checked.fine.append("What the assistant says besides is in order.")
    return checked


def _left_over(language: Language) -> Iterator[AssistantError]:
    """Files with words of what there is not."""
    for folder, facts in (("exercises", own_exercise_files()), ("routines", own_routine_files())):
        known = {path.name for path in facts}
        for path in sorted(language.file(folder).glob("*.y*ml")):
            if path.name not in known:
                yield RoutineInvalid(
                    path, "", 1, f"There are no {folder} of that name.", "Rename the file, or remove it."
                )


def _lines_too_hard(language: Language, wording: Wording) -> Iterator[AssistantError]:
    groups: dict[str, list[str]] = {}
    for key in sorted(wording.keys()):
        groups.setdefault(key.partition(".")[0], []).extend(wording.templates(key))
    del groups[_GLUE]
    for group, texts in groups.items():
        found = grade(" ".join(text.rstrip(".") + "." for text in texts), syllables, language)
        if language.reading is not None and found > language.reading.hardest_grade:
            why = f"The lines are too hard to follow: grade {found:.1f} by Flesch and Kincaid."
            yield _line_wrong(language, group, why, "Use shorter sentences and shorter words.")


def _commands_in_lines(language: Language, wording: Wording) -> Iterator[AssistantError]:
    """Lines that say a command word without teaching it."""
    for key in sorted(wording.keys()):
        if key.partition(".")[0] in language.teaching_groups:
            continue
        said = {
            word for template in wording.templates(key) for word in words_alone(_SLOT.sub(" a ", template), language)
        }
        for word in sorted(said & command_words(language) - language.teaching.get(key, frozenset())):
            why = f"The word {word!r} is a command: the assistant would hear itself say it."
            fix = "Say it in other words; or, if the line teaches it, list it in teaching.yaml."
            yield _line_wrong(language, key, why, fix)


def _health_questions(language: Language, wording: Wording) -> Iterator[AssistantError]:
    """Questions about health without words, and words without a question."""
    kinds = {question.key: question.kind for question in own_safety().questions}
    wanted: Mapping[str, set[str]] = {
        "screening_ask": set(kinds),
        "screening_yes": {key for key, kind in kinds.items() if kind != "emergency"},
        "health_yes": set(kinds),
        "gentler": {key for exercise in load_exercises(language).values() for key in exercise.gentler_with},
    }
    for group, keys in wanted.items():
        given = {key.partition(".")[2] for key in wording.keys() if key.startswith(f"{group}.")}  # noqa: SIM118
        for key in sorted(keys - given):
            yield _line_wrong(language, group, f"The question {key!r} has no words.", f"Add a line {key}: … there.")
        for key in sorted(given - keys):
            why = f"There is no question {key!r} that needs them."
            yield _line_wrong(language, f"{group}.{key}", why, "Take the line out.")
    for act in own_safety().leaving_the_floor.acts:
        if f"getting_up.{act.key}" not in wording.keys():  # noqa: SIM118 - no mapping
            why = f"The act {act.key!r} on the way up from the floor has no words."
            yield _line_wrong(language, "getting_up", why, f"Add a line {act.key}: … there.")


def _line_wrong(language: Language, key: str, why: str, fix: str) -> RoutineInvalid:
    return RoutineInvalid(language.file("lines.yaml"), key, 1, why, fix)
