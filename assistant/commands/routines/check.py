"""Checking routine files as a whole: format, medicine, words, length. What is found is told in the author's terms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from assistant.dialogue.announcing import minutes_of
from assistant.dialogue.facts import Held, Moved
from assistant.dialogue.state.phases import Choosing, Idle
from assistant.dialogue.state.plan import LETTERS_A_SECOND, plan
from assistant.dialogue.state.takes import TAKES, context_of
from assistant.errors import AssistantError, RoutineInvalid
from assistant.hearing.pronunciation import pronounce
from assistant.loop.vocabulary import Vocabulary
from assistant.routines import Routine
from assistant.routines.beats import cramped
from assistant.routines.exercise_loading import load_exercises
from assistant.routines.linter import lint_routine
from assistant.routines.loading import load_routines, own_routine_files, read_routine
from assistant.routines.yaml_file import KeyPath, YamlFile
from assistant.stage.run_through import run_through
from intents.language import ENGLISH, Language
from intents.letters import words_of
from intents.sentences import Sentences
from intents.sided import for_side

LENGTH_WITHIN = 0.1
ROUNDING_S = 20.0
"""Lengths are said in half minutes; of a short routine that alone is a tenth."""

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


def check_routines(files: Iterable[Path], language: Language = ENGLISH) -> Checked:
    """Check routine files, ours in a language or a user's in that one."""
    checked = Checked()
    paths = list(files)
    routines, errors = load_routines([*own_routine_files(), *paths], language)  # names of ours are taken
    checked.found += errors
    begins = Vocabulary(routines.values(), language=language).everything.only(("StartRoutine",), context_of(Idle))
    for path in paths:
        routine = routines.get(path.stem)
        if routine is None or any(isinstance(e, RoutineInvalid) and e.path == path for e in errors):
            continue
        findings = list(_findings(*read_routine(path, language), begins, language))
        checked.found += findings
        if not findings:
            minutes = minutes_of(routine, plan(routine, None))
            steps = len(routine.steps)
            checked.fine.append(f"{routine.key}: {routine.title}, {steps} steps, {minutes:g} min, is in order.")
    return checked


@cache
def syllables(word: str) -> int:
    """Syllables of a word: the vowels of its pronunciation."""
    return sum(phone in _VOWELS for phone in pronounce(word)[0])


def _findings(file: YamlFile, routine: Routine, begins: Sentences, language: Language) -> Iterator[RoutineInvalid]:
    yield from lint_routine(file, routine, load_exercises(language), syllables, language)
    texts: list[tuple[KeyPath, str]] = [((key,), getattr(routine, key)) for key in ("title", "purpose", "closing")]
    if file.words is not None:
        for name in ("cautions", "getting_there"):
            texts += [((name, key), text) for key, text in file.words.data.get(name, {}).items()]
    else:
        texts += [(("cautions", i, "say"), caution.say) for i, caution in enumerate(routine.cautions)]
        for i, step in enumerate(routine.steps):
            own = [(key, text) for key, text in step.spoken() if key == "getting_there" or not step.exercise]
            texts += [(("steps", i, key), text) for key, text in own]
    for where, text in texts:
        yield from commands_in(file.spoken, where, language.aloud.read(for_side(text, None)), language)
        yield from _not_read_aloud(file.spoken, where, for_side(text, None), language)
    for i, step in enumerate(routine.steps):
        yield from cramped(file, ("steps", i), step, LETTERS_A_SECOND, language)
    yield from _title_in_the_way(file, routine, begins, language)
    yield from _length(file, routine, language)


def commands_in(file: YamlFile, where: KeyPath, text: str, language: Language = ENGLISH) -> Iterator[RoutineInvalid]:
    """Finds a command word in a text that the assistant would say."""
    found = sorted(words_alone(text, language) & command_words(language))
    if found:
        yield file.wrong(
            where,
            f"The word {found[0]!r} is a command: the assistant would hear itself say it.",
            "Say it in other words, for instance: the other side; carry on; let it sink.",
        )


def _not_read_aloud(file: YamlFile, where: KeyPath, text: str, language: Language) -> Iterator[RoutineInvalid]:
    piece = language.aloud.unreadable(text)
    if piece is not None:
        yield file.wrong(
            where,
            f"{piece!r} can't be read aloud.",
            "Write it in words of the spoken language, as you would say it; with a space behind each sentence.",
        )


def words_alone(text: str, language: Language = ENGLISH) -> frozenset[str]:
    """The words of a text, but for those that may be said behind another one; see `Language.natural`."""
    sentences = (tuple(words_of(sentence)) for sentence in re.split(r"[.:?!]", text))
    return frozenset(word for said in sentences for i, word in enumerate(said) if not i or word not in language.natural)


INTERRUPTING = ("Stop", "Pause", "Hurts", "Symptom", "Goodbye")
"""What is acted on at once, whatever is being said."""


@cache
def command_words(language: Language = ENGLISH) -> frozenset[str]:
    """The words that are a command by themselves in some phase, but for numbers.

    Of the less usual ones only those that interrupt: the others are told from the voice's own by what is being said.
    """
    intents = {intent for taken in TAKES.values() for intent in taken} - {"Number"}
    taken = _commands(language).of_any(phase for phase in TAKES if phase is not Idle).only(intents)
    return frozenset(
        word
        for sentences in (taken.usual(), taken.unframed().only(INTERRUPTING))
        for word in sentences.graph().single_words
        if sentences.match(word) is not None
    )


@cache
def _commands(language: Language = ENGLISH) -> Vocabulary:
    """What may be said whatever the routines are called."""
    return Vocabulary((), language=language)


def _title_in_the_way(
    file: YamlFile, routine: Routine, begins: Sentences, language: Language
) -> Iterator[RoutineInvalid]:
    said = language.to_start(routine.title)
    begun = begins.match(said)
    if begun is None or begun.slots.get("routine") != routine.key:
        yield file.spoken.wrong(
            ("title",),
            f"Nobody can begin the routine by its title: {said!r} is not understood.",
            "Let the title be one of its names, with stretch, routine or exercises behind it if you like.",
        )
    commands = [word for word in routine.title.split() if _commands(language).of_phase(Choosing).usual().match(word)]
    if commands:
        yield file.spoken.wrong(
            ("title",), f"The word {commands[0]!r} in the title is a command.", "Choose another word."
        )


def _length(file: YamlFile, routine: Routine, language: Language) -> Iterator[RoutineInvalid]:
    played = run_through(routine, load_exercises(language), language)
    said = minutes_of(routine, plan(routine, "left")) * 60
    if abs(said - played.now) > max(ROUNDING_S, LENGTH_WITHIN * played.now):
        yield file.wrong(
            (),
            f"It says that it takes {said / 60:g} minutes, and takes {played.now / 60:.1f}.",
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
