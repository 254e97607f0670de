"""The shape of a routine and of its steps. What a routine file may say is what can be written down here.

Times are whole seconds. Every text is spoken as it stands: short, plain, second person, one action a sentence.
Every exercise names its source; ``unverified`` where there is none. The exercises themselves, with their forms and the
ranges of their doses, stand in `assistant.routines.exercise`; a step of a routine is one of them with its dose set.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, StringConstraints

from intents.letters import plain
from intents.sided import checked

Text = Annotated[str, StringConstraints(min_length=3, max_length=400, strip_whitespace=True), AfterValidator(checked)]
Beat = Annotated[str, StringConstraints(min_length=2, max_length=40, strip_whitespace=True), AfterValidator(checked)]
_SMALL = r"\p{Ll}\p{Lo}\p{M}"
Name = Annotated[
    str, StringConstraints(pattern=rf"^[{_SMALL}][{_SMALL}' ]*[{_SMALL}]$", max_length=60), AfterValidator(plain)
]
"""Small letters of any script, and spaces: it is said as it stands, and listened for."""
Sides = Literal["one", "both", "sore"]
"""``one``: the exercise has no sides; ``both``: left, then right; ``sore``: only the leg that hurts."""

Form = Literal["easier", "usual", "harder"]
Prop = Literal["worktop", "chair", "pillow", "towel"]
"""What an exercise needs beside the floor, or the chair that it is done on."""

Position = Literal["face down", "on the back", "all fours", "kneeling", "standing", "sitting"]

BREATH_S = 6
"""Seconds of one deep breath, in and out."""

_NOTHING_ELSE = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True)
class Hold:
    """Stay in the position.

    Attributes:
        seconds: Length of one hold.
        times: Holds in a row, on each side.
        rest: Seconds between two holds.
        breaths: Deep breaths in each hold, where it is counted in them instead of seconds; ``seconds`` is then
            `BREATH_S` for each, filled in on loading.
        short_form: Whether it is on purpose less than any source names; never more.
    """

    __pydantic_config__ = _NOTHING_ELSE

    seconds: Annotated[int, Field(strict=True, ge=2, le=180)]
    times: Annotated[int, Field(strict=True, ge=1, le=10)] = 1
    rest: Annotated[int, Field(strict=True, ge=2, le=60)] = 5
    breaths: Annotated[int, Field(strict=True, ge=1, le=10)] | None = None
    short_form: bool = False


@dataclass(frozen=True, slots=True)
class Reps:
    """Move, counted aloud.

    Attributes:
        count: Repetitions, on each side.
        pace: Seconds from one count to the next.
        short_form: As in `Hold`.
    """

    __pydantic_config__ = _NOTHING_ELSE

    count: Annotated[int, Field(strict=True, ge=2, le=30)]
    pace: Annotated[int, Field(strict=True, ge=2, le=15)]
    short_form: bool = False


Dose = Hold | Reps

DoseUnit = Literal["seconds", "breaths", "times", "count", "pace"]


def _as_span(value: Any) -> Any:
    return (value, value) if isinstance(value, int) else value


Span = Annotated[tuple[int, int], BeforeValidator(_as_span)]
"""Least and most; one number stands for both."""


@dataclass(frozen=True, slots=True)
class DoseRange:
    """What one source names for an exercise, least to most.

    Attributes:
        source: Key of the source, or ``unverified``.
        seconds: Of one hold; of one rep, where the exercise is counted in reps.
        times: Holds in a row, on each side.
        count: Reps, on each side.
        pace: Seconds of one rep, to and fro.
        breaths: Deep breaths in one hold.
    """

    __pydantic_config__ = _NOTHING_ELSE

    source: str
    seconds: Span | None = None
    times: Span | None = None
    count: Span | None = None
    pace: Span | None = None
    breaths: Span | None = None


Beats = Mapping[Form, Annotated[tuple[Beat, ...], Field(min_length=1, max_length=6)]]


@dataclass(frozen=True, slots=True)
class Caution:
    """A warning that is spoken before the first step.

    Attributes:
        say: The words.
        source: Key of the source in the routine's ``sources``, or ``unverified``.
        asked: Whether the questions about health have asked all that it says: right after them it is left out.
        about: Questions before a routine that it is about: who has denied all of them does not hear it.
    """

    __pydantic_config__ = _NOTHING_ELSE

    say: Text
    source: str
    asked: bool = False
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One exercise of a routine with its dose.

    Attributes:
        name: What the exercise is called, as spoken.
        position: The position it is done in; a step in another position than the one before waits for the user.
        getting_there: How to get into the position.
        movement: What to do.
        cue: What to look out for meanwhile; spoken after the movement.
        caution: When to leave it; spoken before the movement.
        easier: A milder form, offered when it hurts.
        source: Key of the source of the dose.
        hold: The dose, if a position is held.
        reps: The dose, if a movement is repeated. Exactly one of the two.
        sides: Whether it is done on each side.
        exercise: Key of the exercise in the library; empty for one that is spelled out in the routine file.
        short_way: How to get into the position in a few words; None says it in full each time.
        short: The movement in a few words, for who has met the exercise before; None says it in full each time.
        feel: The answer to "what should I feel".
        harder: A harder form, for who asks.
        chair: Key of the exercise that takes its place on a chair.
        leave_when: When to leave the exercise out; part of the answer to "is this safe".
        not_with: The answers of the screening that rule it out, each with the key of its source.
        gentler_with: The answers with which it is done in the easier form only, each with the key of its source.
        directional: Whether it bends the spine far in one direction, so that the leg-pain rule asks after each set.
        forwards: Whether that is forwards rather than backwards.
        leave_at_once: Whether it is left out as soon as leg pain moves down, without a try of the easier form.
        most_a_day: Sets a day that must not be exceeded; None where no source names a limit.
        allowed: The doses that the sources name; empty for a step that is spelled out without them.
        beats: What is done on each beat of a rep, spoken as it is counted, by form; a form without its own has those of
            the usual one.
        into: How to get into a hold, by form; spoken right before it.
        release: How to get out of a hold.
    """

    __pydantic_config__ = _NOTHING_ELSE

    name: Name
    position: Position
    getting_there: Text
    movement: Text
    cue: Text
    caution: Text
    easier: Text
    source: str
    hold: Hold | None = None
    reps: Reps | None = None
    sides: Sides = "one"
    exercise: str = ""
    short_way: Text | None = None
    short: Text | None = None
    feel: Text | None = None
    harder: Text | None = None
    chair: str | None = None
    leave_when: Text | None = None
    not_with: Mapping[str, str] = field(default_factory=dict)
    gentler_with: Mapping[str, str] = field(default_factory=dict)
    directional: bool = False
    forwards: bool = False
    leave_at_once: bool = False
    most_a_day: Annotated[int, Field(strict=True, ge=1, le=24)] | None = None
    allowed: tuple[DoseRange, ...] = ()
    beats: Beats = field(default_factory=dict)
    into: Mapping[Form, Text] = field(default_factory=dict)
    release: Text | None = None

    def beats_of(self, form: Form) -> tuple[str, ...]:
        """What is done on each beat of a rep; nothing where only the reps are counted."""
        return self.beats.get(form) or self.beats.get("usual", ())

    def into_of(self, form: Form) -> str | None:
        """How to get into a hold."""
        return self.into.get(form) or self.into.get("usual")

    @property
    def key(self) -> str:
        """What the exercise is known by: its key in the library, or the name of a step that is spelled out."""
        return self.exercise or self.name

    @property
    def seated(self) -> bool:
        """Whether it is done off the floor, on a chair or standing at one."""
        return self.position in {"sitting", "standing"}

    def spoken(self) -> Iterator[tuple[str, str]]:
        """Every text of it that may be spoken, with its key."""
        keys = (
            "name",
            "getting_there",
            "short_way",
            "movement",
            "short",
            "cue",
            "feel",
            "caution",
            "leave_when",
            "easier",
            "harder",
        )
        yield from ((key, text) for key in (*keys, "release") if (text := getattr(self, key)) is not None)
        yield from (("beats", text) for beats in self.beats.values() for text in beats)
        yield from (("into", text) for text in self.into.values())

    @property
    def dose(self) -> Dose:
        """The one dose there is; loading made sure of it."""
        dose = self.hold or self.reps
        assert dose is not None
        return dose


@dataclass(frozen=True, slots=True)
class Routine:
    """A sequence of steps with its names, cautions and sources.

    Attributes:
        title: What the routine is called when it is announced.
        names: What a user may call it after "start"; hassil templates such as ``lower back [extension]``.
        purpose: Why somebody would do it: the answer to "why".
        reviewed_by: The clinician who has read it, or null.
        cautions: Spoken before the first step.
        steps: The exercises, in order.
        closing: Spoken at the end.
        sources: Key to address or title, for every key that the rest refers to.
        purpose_source: Key of the source of the purpose.
        closing_source: Key of the source of how to get up, in the closing.
        key: The file's name without its ending; filled in on loading.
    """

    __pydantic_config__ = _NOTHING_ELSE

    title: Name
    names: Annotated[tuple[str, ...], Field(min_length=1)]
    purpose: Text
    cautions: Annotated[tuple[Caution, ...], Field(min_length=1)]
    steps: Annotated[tuple[Step, ...], Field(min_length=1, max_length=20)]
    closing: Text
    sources: Mapping[str, str]
    reviewed_by: str | None = None
    purpose_source: str = "unverified"
    closing_source: str = "unverified"
    key: str = field(default="", kw_only=True)

    @property
    def asks_for_side(self) -> bool:
        """Whether a step is done only on the leg that hurts."""
        return any(step.sides == "sore" for step in self.steps)
