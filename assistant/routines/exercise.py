"""An exercise of the library: all its forms, the range of its doses, its cautions and its sources.

Routines name an exercise and set its dose; `Exercise.step` makes the step of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import ConfigDict, Field

from assistant.routines.model import Dose, DoseRange, Hold, Name, Position, Reps, Sides, Step, Text

_NOTHING_ELSE = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True)
class Form:
    """An easier or a harder form of an exercise.

    Attributes:
        say: What is to be done instead.
        source: Key of the source, or ``unverified``.
    """

    __pydantic_config__ = _NOTHING_ELSE

    say: Text
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
        allowed: The doses that the sources name.
        hold: The dose if nobody sets one, if a position is held.
        reps: The same, if a movement is repeated. Exactly one of the two.
        not_with: The answers of the screening that rule it out, each with the key of its source.
        directional: Whether the leg-pain rule asks after each set.
        most_a_day: Sets a day that must not be exceeded.
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
    caution: Text
    leave_when: Text
    mistakes: Annotated[tuple[Text, ...], Field(min_length=1)]
    easier: Form
    allowed: DoseRange
    sources: Annotated[tuple[str, ...], Field(min_length=1)]
    hold: Hold | None = None
    reps: Reps | None = None
    harder: Form | None = None
    chair: str | None = None
    sides: Sides = "one"
    not_with: Mapping[str, str] = field(default_factory=dict)
    directional: bool = False
    most_a_day: Annotated[int, Field(strict=True, ge=1, le=24)] | None = None
    key: str = field(default="", kw_only=True)

    def all_sources(self) -> tuple[str, ...]:
        """Keys of every source that the exercise refers to, ``unverified`` left out."""
        forms = [self.easier.source, *([self.harder.source] if self.harder else [])]
        keys = [*self.sources, *self.allowed.sources, *forms, *self.not_with.values()]
        return tuple(key for key in dict.fromkeys(keys) if key != "unverified")

    def step(self, dose: Dose | None = None, getting_there: str | None = None) -> Step:
        """The exercise as a step of a routine.

        Args:
            dose: The dose; None for the usual one.
            getting_there: How to get there from the step before, where that is another way than from standing.
        """
        dose = dose or self.hold or self.reps
        return Step(
            name=self.name,
            position=self.position,
            getting_there=getting_there or self.getting_there,
            movement=self.movement,
            cue=self.cue,
            caution=self.caution,
            easier=self.easier.say,
            source=self.sources[0],
            hold=dose if isinstance(dose, Hold) else None,
            reps=dose if isinstance(dose, Reps) else None,
            sides=self.sides,
            exercise=self.key,
            short=self.short,
            feel=self.feel,
            harder=self.harder.say if self.harder else None,
            chair=self.chair,
            leave_when=self.leave_when,
            not_with=self.not_with,
            directional=self.directional,
            most_a_day=self.most_a_day,
            allowed=self.allowed,
        )
