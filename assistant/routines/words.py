"""The words of our own exercises and routines: they stand in the folder of a language, the facts stand here.

Words refer to facts by their keys, and say nothing of doses and sources: a translation can't change those. Each fact
has its words and each word its fact, or the file is refused.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Annotated, TypeVar

from pydantic import ConfigDict, Field, TypeAdapter

from assistant.routines.model import Beats, Form, Name, Text
from assistant.routines.yaml_file import KeyPath, YamlFile, read_yaml
from intents.language import Language

_NOTHING_ELSE = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True)
class ExerciseWords:
    """All that is said of an exercise.

    Attributes:
        name: What it is called, as spoken.
        getting_there: How to get into the position.
        short_way: The same in a few words, for who has been there before.
        movement: What to do, in full.
        short: The same in a few words, for who has met it before.
        cue: What to look out for meanwhile.
        feel: What it should feel like.
        caution: Spoken before the movement.
        leave_when: When to leave it out, by the keys of the facts.
        mistakes: What people do wrong, by the keys of the facts; on paper, and in answer to a question.
        easier: The easier form.
        harder: The harder one, if there is one.
        beats: Of what is counted in reps: as in `Step`.
        into: Of what is held: as in `Step`.
        release: Of what is held: as in `Step`.
    """

    __pydantic_config__ = _NOTHING_ELSE

    name: Name
    getting_there: Text
    short_way: Text
    movement: Text
    short: Text
    cue: Text
    feel: Text
    caution: Text
    leave_when: Mapping[str, Text]
    mistakes: Mapping[str, Text]
    easier: Text
    harder: Text | None = None
    beats: Beats = field(default_factory=dict)
    into: Mapping[Form, Text] = field(default_factory=dict)
    release: Text | None = None

    def spoken(self) -> Iterator[tuple[KeyPath, str]]:
        """Every text, with its key path in the file."""
        for name in (f.name for f in fields(self)):
            yield from _texts((name,), getattr(self, name))


def _texts(where: KeyPath, value: object) -> Iterator[tuple[KeyPath, str]]:
    match value:
        case str() as text:
            yield where, text
        case Mapping() as texts:
            for key, inner in texts.items():
                yield from _texts((*where, key), inner)
        case tuple() as texts:
            for index, inner in enumerate(texts):
                yield from _texts((*where, index), inner)


@dataclass(frozen=True, slots=True)
class RoutineWords:
    """All that is said of a routine, but for its steps.

    Attributes:
        title: What it is called when it is announced.
        names: What a user may call it after "start"; hassil templates.
        purpose: Why somebody would do it.
        cautions: Spoken before the first step, by the keys of the facts.
        closing: Spoken at the end.
        getting_there: How to get into a position from the step before, by the key that the steps name.
    """

    __pydantic_config__ = _NOTHING_ELSE

    title: Name
    names: Annotated[tuple[str, ...], Field(min_length=1)]
    purpose: Text
    cautions: Mapping[str, Text]
    closing: Text
    getting_there: Mapping[str, Text] = field(default_factory=dict)


Words = TypeVar("Words", ExerciseWords, RoutineWords)


def read_words(kind: type[Words], language: Language, name: str) -> tuple[YamlFile, Words]:
    """Read a file of words.

    Args:
        kind: Whose.
        language: In which language.
        name: The file's name, that of the file with the facts.

    Raises:
        RoutineInvalid: It can't be read, is no YAML, or says something else; names key and line.
    """
    folder = "exercises" if kind is ExerciseWords else "routines"
    file = read_yaml(language.file(folder, name))
    return file, file.parse(TypeAdapter(kind), file.data, [f.name for f in fields(kind)])


def check_keys(file: YamlFile, where: KeyPath, words: Collection[str], facts: Collection[str]) -> None:
    """Refuse facts without words, and words without a fact.

    Args:
        file: The file with the words.
        where: The key path below which they stand in it.
        words: Keys that have words.
        facts: Keys of the facts.

    Raises:
        RoutineInvalid: A key is on one side only.
    """
    for key in facts:
        if key not in words:
            raise file.wrong((*where, key), f"The fact {key!r} has no words.", f"Add a line {key}: … there.")
    for key in words:
        if key not in facts:
            known = ", ".join(facts) or "none"
            raise file.wrong((*where, key), f"There is no fact {key!r}.", f"Take the line out, or use one of: {known}.")
