"""An exercise of the library: all its forms, the range of its doses, its cautions and its sources.

Routines name an exercise and set its dose; `Exercise.step` makes the step of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import ConfigDict, Field

from assistant.routines.model import DoseRange, Hold, Name, Position, Reps, Sides, Step, Text

_NOTHING_ELSE = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True)
class Sourced:
    """Something that is said of an exercise because a source says it: a caution, a mistake, an easier form.

    Attributes:
        say: The words.
        source: Key of the source, or ``unverified``.
    """

    __pydantic_config__ = _NOTHING_ELSE

    say: Text
    source: str


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
class Exercise:
    """An exercise.

    Attributes:
        name: What it is called, as spoken.
        position: The position it is done in.
        sides: Whether it is done on each side, or for the sore leg only.
        getting_there: How to get into the position.
        movement: What to do, in full.
        short: The same in a few words, for who has met it before.
        cue: What to look out for meanwhile.
        feel: What it should feel like.
        caution: Spoken before the movement.
        leave_when: When to leave it out.
        mistakes: What people do wrong; on paper, and in answer to a question.
        easier: The easier form.
        harder: The harder one, if there is one.
        chair: Key of the exercise that takes its place on a chair; None where there is none, or where it is one.
        allowed: The doses that the sources name, one by one.
        hold: The dose if nobody sets one, if a position is held.
        reps: The same, if a movement is repeated. Exactly one of the two.
        not_with: The answers of the screening that rule it out, each with the key of its source.
        directional: Whether the leg-pain rule asks after each set.
        leave_at_once: Whether it is left out as soon as leg pain moves down, without a try of the easier form.
        most_a_day: The limit of a day, if a source names one.
        sources: Keys of the sources of the movement.
        key: The file's name without its ending; filled in on loading.
    """

    __pydantic_config__ = _NOTHING_ELSE

    name: Name
    position: Position
    getting_there: Text
    movement: Text
    short: Text
    cue: Text
    feel: Text
    caution: Sourced
    leave_when: Annotated[tuple[Sourced, ...], Field(min_length=1)]
    mistakes: Annotated[tuple[Sourced, ...], Field(min_length=1)]
    easier: Sourced
    allowed: Annotated[tuple[DoseRange, ...], Field(min_length=1)]
    sources: Annotated[tuple[str, ...], Field(min_length=1)]
    hold: Hold | None = None
    reps: Reps | None = None
    harder: Sourced | None = None
    chair: str | None = None
    sides: Sides = "one"
    not_with: Mapping[str, str] = field(default_factory=dict)
    directional: bool = False
    leave_at_once: bool = False
    most_a_day: DayLimit | None = None
    key: str = field(default="", kw_only=True)

    def sources_with_places(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Every source that the exercise refers to, with the key path at which it does."""
        yield from ((("sources", index), source) for index, source in enumerate(self.sources))
        for name in ("allowed", "leave_when", "mistakes"):
            yield from (((name, index, "source"), entry.source) for index, entry in enumerate(getattr(self, name)))
        for name in ("caution", "easier", "harder", "most_a_day"):
            entry = getattr(self, name)
            if entry is not None:
                yield (name, "source"), entry.source
        yield from ((("not_with", answer), source) for answer, source in self.not_with.items())

    def spoken(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Every text that may be spoken, with its key path."""
        for name in ("name", "getting_there", "movement", "short", "cue", "feel"):
            yield (name,), getattr(self, name)
        for name in ("caution", "easier", "harder"):
            entry = getattr(self, name)
            if entry is not None:
                yield (name, "say"), entry.say
        for name in ("leave_when", "mistakes"):
            yield from (((name, index, "say"), entry.say) for index, entry in enumerate(getattr(self, name)))

    def step(self) -> Step:
        """The exercise as a step of a routine, with its usual dose."""
        return Step(
            name=self.name,
            position=self.position,
            getting_there=self.getting_there,
            movement=self.movement,
            cue=self.cue,
            caution=self.caution.say,
            easier=self.easier.say,
            source=self.sources[0],
            hold=self.hold,
            reps=self.reps,
            sides=self.sides,
            exercise=self.key,
            short=self.short,
            feel=self.feel,
            harder=self.harder.say if self.harder else None,
            chair=self.chair,
            leave_when=" ".join(rule.say for rule in self.leave_when),
            not_with=self.not_with,
            directional=self.directional,
            leave_at_once=self.leave_at_once,
            most_a_day=self.most_a_day.times if self.most_a_day else None,
            allowed=self.allowed,
        )
