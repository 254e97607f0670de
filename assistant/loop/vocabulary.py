"""Which sentences are taken when: the dialogue's table of phases joined with the sentence templates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache, cached_property
from pathlib import Path

from assistant.dialogue.questions.table import QUESTIONS
from assistant.dialogue.state.phases import Idle, Phase, name_of
from assistant.dialogue.state.takes import HEARD_TOGETHER, TAKES, context_of
from assistant.errors import SentencesInvalid, UsageError
from assistant.hearing.decision import ASKED_COSTS, IDLE_COSTS, SESSION_COSTS
from assistant.home import folders
from assistant.home.file_cache import FileCache
from assistant.routines import Routine
from assistant.routines.exercise import Exercise
from assistant.routines.naming import MOST_AT_ONCE, names_of_routines
from intents import SentencesError
from intents.compiled import Kept
from intents.language import ENGLISH, Language
from intents.letters import words_of
from intents.loading import load_sentences, own_sentences
from intents.sentences import Sentences

_PHASES: Mapping[str, type[Phase]] = {name_of(kind): kind for kind in TAKES}
_BY_CLASS = {kind.__name__: name for name, kind in _PHASES.items()}

_LIMIT_BYTES = 30_000_000
"""A few sets of routines; of each, every phase takes some hundred kilobytes."""

_LONGEST_CONTRARY = 8
"""The most words of a contrary that is looked for within a text."""

_MOST_WORDS = 100
"""Contraries are looked for among the first words of a text: each costs a millisecond, an alarm too many nothing."""


class Vocabulary:
    """Our own sentences with the names of the routines in them, restricted to phases on request.

    Args:
        routines: Whose names may be said, and those of their exercises.
        exercises: Further exercises that may be named.
        language: Whose sentences.
        kept: Where what was made of them is kept from one run to the next; None: nowhere.

    Raises:
        SentencesInvalid: A routine's name can't be used as a sentence.
    """

    def __init__(
        self,
        routines: Iterable[Routine],
        exercises: Iterable[Exercise] = (),
        language: Language = ENGLISH,
        kept: Kept | None = None,
    ) -> None:
        routines = list(routines)
        names = names_of_routines(routines)
        self._many = len(routines) > MOST_AT_ONCE
        named = {step.name: step.key for routine in routines for step in routine.steps}
        named |= {exercise.name: exercise.key for exercise in exercises}
        try:
            called = [(language.exercise_called(name), key) for name, key in named.items()]
            self._all = own_sentences({"routine": names, "exercise": called}, language, kept)
        except SentencesError as error:
            raise _invalid(error) from error
        self._session_costs = {**SESSION_COSTS, **language.costs("session")}
        self._idle_costs = {**IDLE_COSTS, **language.costs("idle")}
        self._language = language
        self._of_phase: dict[type[Phase], Sentences] = {}

    @property
    def everything(self) -> Sentences:
        """All sentences of all phases."""
        return self._all

    def urgent_intent(self, text: str, sentences: Sentences) -> str | None:
        """The urgent intent to which a word of a text belongs that is no sentence; None: no such word.

        Args:
            text: The text.
            sentences: What may be said now: words in a contrary that stands there ("don't stop") don't count.
        """
        words, urgent = words_of(text), self._language.urgent
        is_contrary = cache(sentences.is_decoy)
        for length in range(min(len(words), _LONGEST_CONTRARY), 1, -1):
            at = 0
            while at + length <= min(len(words), _MOST_WORDS):
                window = words[at : at + length]
                if not urgent.keys().isdisjoint(window) and is_contrary(" ".join(window)):
                    del words[at : at + length]
                at += 1
        return self._language.urgent_intent(words)

    def of_phase(self, phase: type[Phase]) -> Sentences:
        """What a phase takes; the same object each time."""
        if phase not in self._of_phase:
            sentences = self._of_phase_alone(phase)
            if phase in HEARD_TOGETHER:
                sentences = sentences.among(self._together)
            self._of_phase[phase] = sentences
        return self._of_phase[phase]

    def _of_phase_alone(self, phase: type[Phase]) -> Sentences:
        context = {**context_of(phase), "many": self._many, "asked": phase in QUESTIONS}
        sentences = self._all.only(TAKES[phase], context)
        if phase is Idle:
            return sentences.weighted(self._idle_costs)
        asked = ASKED_COSTS if "Number" in TAKES[phase] else {}
        return sentences.weighted({**self._session_costs, **asked})

    @cached_property
    def _together(self) -> Sentences:
        """All that is heard in the phases that listen for the same."""
        return self.of_any(HEARD_TOGETHER).weighted(self._session_costs)

    def of_any(self, phases: Iterable[type[Phase]]) -> Sentences:
        """What one or another of some phases takes."""
        return self._all.any_of(self._of_phase_alone(phase) for phase in phases)

    def named(self, name: str | None) -> Sentences:
        """The sentences of ``idle``, of ``session`` (any phase but idle), of a phase, or (None) of all.

        Raises:
            UsageError: There is no such phase.
        """
        if name is None:
            return self._all
        if name == "session":
            taken = {intent for phase, intents in TAKES.items() if phase is not Idle for intent in intents}
            return self._all.only(taken, {"session": True}).weighted(self._session_costs)
        return self.of_phase(phase_named(name))


def phase_named(name: str) -> type[Phase]:
    """The phase of a name.

    Raises:
        UsageError: There is no such phase.
    """
    name = name.lower() if name.lower() in _PHASES else _BY_CLASS.get(name, name)
    if name not in _PHASES:
        known = ", ".join(["session", *_PHASES])
        raise UsageError(f"There is no phase {name!r}.", "--phase takes the name of a phase.", f"Use one of: {known}.")
    return _PHASES[name]


def kept_sentences() -> FileCache:
    """Where what was made of sentences is kept, for the user alone: it holds the names that they gave."""
    return FileCache(folders.private_cache("sentences"), _LIMIT_BYTES, b"sentences 1\n", ".sentences")


def users_sentences(path: Path) -> Sentences:
    """A user's own sentence file, or folder of them.

    Raises:
        SentencesInvalid: It is no valid sentence file.
    """
    try:
        return load_sentences([path])
    except SentencesError as error:
        raise _invalid(error) from error


def _invalid(error: SentencesError) -> SentencesInvalid:
    return SentencesInvalid(f"The sentence file is not valid: {error.path}.", error.why, error.fix)
