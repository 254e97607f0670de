"""What is asked before a routine, and which signs end one: data with its sources; the voice's lines have the words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, TypeAdapter

from assistant.routines.model import Position
from intents import plain_yaml

QuestionKind = Literal["emergency", "clearance", "adapt"]
Response = Literal["emergency", "help", "rest", "change"]

OURS = "ours, cautious"
"""In place of a source, where we are more careful than any."""

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
        response: ``emergency``: call help at once; ``help``: the same, said slowly, and again; ``rest``: lie still, and
            call help if it doesn't pass; ``change``: rest in another position, and ask whether it has passed.
        source: Key of the source.
    """

    __pydantic_config__ = _NOTHING_ELSE

    key: str
    response: Response
    source: str


@dataclass(frozen=True, slots=True)
class PainLimit:
    """A rung of the ladder of pain.

    Attributes:
        up_to: The highest pain, 0 to 10, to which it reaches.
        source: Key of the source.
    """

    __pydantic_config__ = _NOTHING_ELSE

    up_to: Annotated[int, Field(strict=True, ge=0, le=10)]
    source: str


@dataclass(frozen=True, slots=True)
class PainLimits:
    """The ladder of pain while exercising; what is above the last of them ends it for today.

    Attributes:
        goes_on: Nothing changes; in the leg, all above that leaves the exercise.
        easier: The milder form is taken.
        leaves: The exercise is left, and it is asked whether to go on at all. A second time ends it, too.
    """

    __pydantic_config__ = _NOTHING_ELSE

    goes_on: PainLimit
    easier: PainLimit
    leaves: PainLimit


@dataclass(frozen=True, slots=True)
class Act:
    """A move on the way up from the floor.

    Attributes:
        key: Its name; the voice's lines have the words.
        source: Key of the source.
    """

    __pydantic_config__ = _NOTHING_ELSE

    key: str
    source: str


@dataclass(frozen=True, slots=True)
class LeavingTheFloor:
    """How to leave the floor.

    Attributes:
        acts: All acts, in order.
        left_out: Those that somebody does not need in a position, by the position.
    """

    __pydantic_config__ = _NOTHING_ELSE

    acts: tuple[Act, ...]
    left_out: Mapping[Position, tuple[str, ...]]

    def acts_from(self, position: Position) -> tuple[str, ...]:
        """Keys of the acts that lead from a position on the floor to standing."""
        return tuple(act.key for act in self.acts if act.key not in self.left_out.get(position, ()))


@dataclass(frozen=True, slots=True)
class Safety:
    """All questions, signs and limits, and the way up; their sources are keys of sources.yaml, or `OURS`.

    Attributes:
        questions: Asked before the first routine, and whenever something is new.
        symptoms: The signs that end a routine.
        pain: The ladder of pain.
        leaving_the_floor: The way up from the floor.
        asked_cautions: Cautions of routines that say nothing which the questions have not asked.
    """

    __pydantic_config__ = _NOTHING_ELSE

    questions: tuple[HealthQuestion, ...]
    symptoms: tuple[Symptom, ...]
    pain: PainLimits
    leaving_the_floor: LeavingTheFloor
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
    return TypeAdapter(Safety).validate_python(plain_yaml.load(text))
