"""Routines on paper: a list, and a sheet with doses, cautions and sources for whoever reviews one."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Mapping

from rich.table import Table

from assistant.dialogue.lines import minutes_of
from assistant.dialogue.plan import plan
from assistant.errors import UsageError
from assistant.routines import Dose, Hold, Routine, Sides, Step
from assistant.routines.exercise import Exercise, Form
from assistant.routines.model import DoseRange

_SIDES: Mapping[Sides, str] = {"one": "", "both": ", each side", "sore": ", sore side only"}


def overview(routines: Mapping[str, Routine], own: Collection[str]) -> Table:
    """All routines with how to call them and how long they take.

    Args:
        routines: The routines by key.
        own: Keys of those that the user has added.
    """
    table = Table("say: start …", "routine", "steps", "about", "", box=None, pad_edge=False)
    for key, routine in routines.items():
        minutes = minutes_of(routine, plan(routine, None))
        names = ", ".join(routine.names).replace("[", "(").replace("]", ")")
        table.add_row(
            names,
            f"{routine.title} ({key})",
            str(len(routine.steps)),
            f"{minutes:g} min",
            "yours" if key in own else "",
        )
    return table


def find_routine(routines: Mapping[str, Routine], name: str) -> Routine:
    """The routine of that key, title or spoken name.

    Raises:
        UsageError: There is none.
    """
    wanted = name.lower().strip()
    for key, routine in routines.items():
        spoken = {spoken.replace("[", "").replace("]", "") for spoken in routine.names} | {
            spoken.split(" [")[0] for spoken in routine.names
        }
        if wanted in {key, routine.title, *spoken}:
            return routine
    close = difflib.get_close_matches(wanted, [*routines, *(routine.title for routine in routines.values())], n=1)
    raise UsageError(
        f"There is no routine {name!r}.",
        f"There are: {', '.join(routines)}.",
        f"Did you mean {close[0]!r}?" if close else "Use one of these names.",
    )


def sheet(routine: Routine, exercises: Mapping[str, Exercise]) -> str:
    """A routine as a clinician would want to read it.

    Args:
        routine: The routine.
        exercises: The library, for what the routine takes from it.
    """
    return "\n".join(_lines(routine, exercises)) + "\n"


def _lines(routine: Routine, exercises: Mapping[str, Exercise]) -> Iterator[str]:
    yield f"{routine.title}  ({routine.key})"
    yield f"Reviewed by: {routine.reviewed_by or 'nobody yet'}"
    yield f"Say: start {' / '.join(routine.names)}"
    yield f"Takes about {minutes_of(routine, plan(routine, None)):g} min"
    yield ""
    yield f"Purpose: {routine.purpose}"
    yield ""
    yield "At a glance:"
    for number, step in enumerate(routine.steps, start=1):
        yield f"  {number}. {step.name}: {dose_in_words(step.dose)}{_SIDES[step.sides]}"
    yield ""
    yield "Cautions, spoken before the first step:"
    for caution in routine.cautions:
        yield f"  - {caution.say}  [{caution.source}]"
    for number, step in enumerate(routine.steps, start=1):
        yield ""
        yield from _step(number, step, exercises)
    yield ""
    yield f"Closing: {routine.closing}"
    yield ""
    yield "In every routine: the questions about health come first; a sign of danger ends it; pain of 4 or 5 out of 10"
    yield "takes the easier form, of 6 or more (in the leg: of 4 or more) leaves the exercise out."
    yield ""
    yield "Sources:"
    for key, source in routine.sources.items():
        yield f"  {key}: {source}"
    yield "  unverified: no source was seen; worded cautiously"


def _step(number: int, step: Step, exercises: Mapping[str, Exercise]) -> Iterator[str]:
    exercise = exercises.get(step.exercise)
    sources = ", ".join(exercise.sources) if exercise else step.source
    yield f"{number}. {step.name}: {dose_in_words(step.dose)}{_SIDES[step.sides]}  [{sources}]"
    if exercise is not None:
        yield f"   Sources allow: {range_in_words(exercise.allowed)}  [{', '.join(exercise.allowed.sources)}]"
    if step.most_a_day is not None:
        yield f"   At most {step.most_a_day} times a day; the count is never raised by voice"
    yield f"   Position ({step.position}): {step.getting_there}"
    yield f"   Movement: {step.movement}"
    yield f"   Cue: {step.cue}"
    if step.feel:
        yield f"   Should feel: {step.feel}"
    yield f"   Caution: {step.caution}"
    if step.leave_when:
        yield f"   Leave out: {step.leave_when}"
    yield f"   Easier: {step.easier}{_source_of(exercise.easier if exercise else None)}"
    if step.harder:
        yield f"   Harder: {step.harder}{_source_of(exercise.harder if exercise else None)}"
    if step.chair and step.chair in exercises:
        yield f"   On a chair: {exercises[step.chair].name}"
    if exercise is not None:
        yield f"   Mistakes: {' '.join(exercise.mistakes)}"
    if step.not_with:
        yield "   Not with: " + ", ".join(f"{why.replace('_', ' ')}  [{key}]" for why, key in step.not_with.items())
    if step.directional:
        yield "   After each set it asks where the leg pain is: further down takes the easier form, then leaves it out"


def _source_of(form: Form | None) -> str:
    return f"  [{form.source}]" if form else ""


def range_in_words(allowed: DoseRange) -> str:
    """The range of a dose as written on paper."""
    spans = (
        (allowed.seconds if allowed.breaths is None else None, "s"),
        (allowed.breaths, "breaths"),
        (allowed.times, "times"),
        (allowed.count, "reps"),
        (allowed.pace, "s each"),
    )
    return ", ".join(f"{s[0]}–{s[1]} {unit}" if s[0] < s[1] else f"{s[0]} {unit}" for s, unit in spans if s is not None)


def dose_in_words(dose: Dose) -> str:
    """A dose as written on paper."""
    if isinstance(dose, Hold):
        length = f"{dose.breaths} deep breaths" if dose.breaths else f"{dose.seconds} s"
        times = f", {dose.times} times, {dose.rest} s rest" if dose.times > 1 else ""
        return f"hold {length}{times}"
    return f"{dose.count} reps, {dose.pace} s each"
