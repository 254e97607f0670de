"""An exercise of the library: all its forms, the range of its doses, its cautions and its sources, and its words.

Routines name an exercise and set its dose; `Exercise.step` makes the step of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from assistant.routines.model import DoseRange, Hold, Position, Prop, Reps, Sides, Step
from assistant.routines.words import ExerciseWords

_NOTHING_ELSE = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True)
class DayLimit:
    """How often an exercise may be done on one day.

    Attributes:
        times: Sets.
        source: Key of the source, or ``unverified``.
    """

    __pydantic_config__ = _NOTHING_ELSE

    times: Annotated[int, Field(strict=True, ge=1, le=24)]
    source: str


@dataclass(frozen=True, slots=True)
class ExerciseFacts:
    """What is so of an exercise in every language. Sources are keys of sources.yaml, or ``unverified``.

    Attributes:
        position: The position it is done in.
        sides: Whether it is done on each side, or for the sore leg only.
        caution: Source of the caution that is spoken before the movement.
        leave_when: When to leave it out: what it is about, and the source.
        mistakes: What people do wrong: what it is about, and the source.
        easier: Source of the easier form.
        harder: Source of the harder one, if there is one.
        chair: Key of the exercise that takes its place on a chair; None where there is none, or where it is one.
        allowed: The doses that the sources name, one by one.
        hold: The dose if nobody sets one, if a position is held.
        reps: The same, if a movement is repeated. Exactly one of the two.
        not_with: The answers of the screening that rule it out, each with the key of its source.
        gentler_with: The answers with which it is done in the easier form only, each with the key of its source.
        props: What has to be within reach, each with the key of its source.
        directional: Whether it bends the spine far in one direction, so that the leg-pain rule asks after each set.
        forwards: Whether that is forwards rather than backwards.
        leave_at_once: Whether it is left out as soon as leg pain moves down, without a try of the easier form.
        most_a_day: The limit of a day, if a source names one.
        sources: Keys of the sources of the movement.
    """

    __pydantic_config__ = _NOTHING_ELSE

    position: Position
    caution: str
    leave_when: Annotated[Mapping[str, str], Field(min_length=1)]
    mistakes: Annotated[Mapping[str, str], Field(min_length=1)]
    easier: str
    allowed: Annotated[tuple[DoseRange, ...], Field(min_length=1)]
    sources: Annotated[tuple[str, ...], Field(min_length=1)]
    hold: Hold | None = None
    reps: Reps | None = None
    harder: str | None = None
    chair: str | None = None
    sides: Sides = "one"
    not_with: Mapping[str, str] = field(default_factory=dict)
    gentler_with: Mapping[str, str] = field(default_factory=dict)
    props: Mapping[Prop, str] = field(default_factory=dict)
    directional: bool = False
    forwards: bool = False
    leave_at_once: bool = False
    most_a_day: DayLimit | None = None

    def sources_with_places(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Every source that the exercise refers to, with the key path at which it does."""
        yield from ((("sources", index), source) for index, source in enumerate(self.sources))
        yield from ((("allowed", index, "source"), entry.source) for index, entry in enumerate(self.allowed))
        for name in ("leave_when", "mistakes"):
            yield from (((name, key), source) for key, source in getattr(self, name).items())
        for name in ("caution", "easier", "harder"):
            if (source := getattr(self, name)) is not None:
                yield (name,), source
        if self.most_a_day is not None:
            yield ("most_a_day", "source"), self.most_a_day.source
        for name in ("not_with", "gentler_with", "props"):
            yield from (((name, key), source) for key, source in getattr(self, name).items())


@dataclass(frozen=True, slots=True, kw_only=True)
class Exercise(ExerciseFacts):
    """An exercise in some language: the facts, and the words that stand apart from them.

    Attributes:
        key: The name of its files without the ending.
        words: What is said of it.
    """

    key: str
    words: ExerciseWords

    @property
    def name(self) -> str:
        """What it is called, as spoken."""
        return self.words.name

    def cited(self, what: Literal["caution", "leave_when", "mistakes", "easier", "harder"]) -> list[tuple[str, str]]:
        """What is said because a source says so, each with the source."""
        said, source = getattr(self.words, what), getattr(self, what)
        if isinstance(source, Mapping):
            return [(said[key], source[key]) for key in source]
        return [(said, source)] if source is not None else []

    def step(self) -> Step:
        """The exercise as a step of a routine, with its usual dose."""
        words = self.words
        return Step(
            name=words.name,
            position=self.position,
            getting_there=words.getting_there,
            short_way=words.short_way,
            movement=words.movement,
            cue=words.cue,
            caution=words.caution,
            easier=words.easier,
            source=self.sources[0],
            hold=self.hold,
            reps=self.reps,
            sides=self.sides,
            exercise=self.key,
            short=words.short,
            feel=words.feel,
            harder=words.harder,
            chair=self.chair,
            leave_when=" ".join(words.leave_when[key] for key in self.leave_when),
            not_with=self.not_with,
            gentler_with=self.gentler_with,
            directional=self.directional,
            forwards=self.forwards,
            leave_at_once=self.leave_at_once,
            most_a_day=self.most_a_day.times if self.most_a_day else None,
            allowed=self.allowed,
            beats=words.beats,
            into=words.into,
            release=words.release,
        )
