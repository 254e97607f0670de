"""Routines on paper: a list, and a sheet with doses, cautions and sources for whoever reviews one."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Mapping

from rich.table import Table

from assistant.dialogue.plan import plan, seconds_left
from assistant.errors import UsageError
from assistant.routines import Dose, Hold, Routine


def overview(routines: Mapping[str, Routine], own: Collection[str]) -> Table:
    """All routines with how to call them and how long they take.

    Args:
        routines: The routines by key.
        own: Keys of those that the user has added.
    """
    table = Table("say: start …", "routine", "steps", "about", "", box=None, pad_edge=False)
    for key, routine in routines.items():
        minutes = max(1, round(seconds_left(routine, plan(routine, None)) / 60))
        names = ", ".join(routine.names).replace("[", "(").replace("]", ")")
        table.add_row(
            names, f"{routine.title} ({key})", str(len(routine.steps)), f"{minutes} min", "yours" if key in own else ""
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


def sheet(routine: Routine) -> str:
    """A routine as a clinician would want to read it."""
    return "\n".join(_lines(routine)) + "\n"


def _lines(routine: Routine) -> Iterator[str]:
    yield f"{routine.title}  ({routine.key})"
    yield f"Reviewed by: {routine.reviewed_by or 'nobody yet'}"
    yield f"Say: start {' / '.join(routine.names)}"
    yield f"Takes about {max(1, round(seconds_left(routine, plan(routine, None)) / 60))} min"
    yield ""
    yield f"Purpose: {routine.purpose}"
    yield ""
    yield "Cautions, spoken before the first step:"
    for caution in routine.cautions:
        yield f"  - {caution.say}  [{caution.source}]"
    for number, step in enumerate(routine.steps, start=1):
        sides = {"one": "", "both": ", each side", "sore": ", sore side only"}[step.sides]
        yield ""
        yield f"{number}. {step.name}: {dose_in_words(step.dose)}{sides}  [{step.source}]"
        yield f"   Position ({step.position}): {step.getting_there}"
        yield f"   Movement: {step.movement}"
        yield f"   Cue: {step.cue}"
        yield f"   Caution: {step.caution}"
        yield f"   Easier: {step.easier}"
    yield ""
    yield f"Closing: {routine.closing}"
    yield ""
    yield "Sources:"
    for key, source in routine.sources.items():
        yield f"  {key}: {source}"


def dose_in_words(dose: Dose) -> str:
    """A dose as written on paper."""
    if isinstance(dose, Hold):
        times = f", {dose.times} times, {dose.rest} s rest" if dose.times > 1 else ""
        return f"hold {dose.seconds} s{times}"
    return f"{dose.count} reps, {dose.pace} s each"
