"""What is asked before a routine, and which signs end one: data with its sources; the voice's lines have the words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

import yaml
from pydantic import ConfigDict, TypeAdapter

QuestionKind = Literal["emergency", "clearance", "adapt"]
Response = Literal["emergency", "rest"]

_NOTHING_ELSE = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True)
class HealthQuestion:
    """A question of the screening; "yes" has consequences.

    Attributes:
        key: Its name; `Exercise.not_with` refers to it where ``kind`` is ``adapt``.
        kind: ``emergency``: no routine, seek help at once; ``clearance``: no routine before a doctor agreed;
            ``adapt``: some exercises are left out.
        source: Key of the source.
    """

    __pydantic_config__ = _NOTHING_ELSE

    key: str
    kind: QuestionKind
    source: str


@dataclass(frozen=True, slots=True)
class Symptom:
    """A sign that ends the routine wherever it is.

    Attributes:
        key: Its name, as in the sentences' slot.
        response: ``emergency``: call help at once; ``rest``: lie still, and call help if it doesn't pass.
        source: Key of the source.
    """

    __pydantic_config__ = _NOTHING_ELSE

    key: str
    response: Response
    source: str


@dataclass(frozen=True, slots=True)
class Safety:
    """All questions and signs; the keys of their sources are those of sources.yaml.

    Attributes:
        questions: Asked before the first routine, and whenever something is new.
        symptoms: The signs that end a routine.
        asked_cautions: Cautions of routines that say nothing which the questions have not asked.
    """

    __pydantic_config__ = _NOTHING_ELSE

    questions: tuple[HealthQuestion, ...]
    symptoms: tuple[Symptom, ...]
    asked_cautions: tuple[str, ...] = ()

    def question(self, key: str) -> HealthQuestion:
        """The question of that name.

        Raises:
            KeyError: There is none.
        """
        return {question.key: question for question in self.questions}[key]


@cache
def own_safety() -> Safety:
    """The questions and signs that come with the assistant."""
    text = (resources.files("assistant.routines") / "safety.yaml").read_text(encoding="utf-8")
    return TypeAdapter(Safety).validate_python(yaml.safe_load(text))
