"""Routines on paper: a list, and a sheet with doses, cautions and sources for whoever reviews one."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping
from textwrap import fill, wrap

from rich.table import Table

from assistant.dialogue.announcing import minutes_of
from assistant.dialogue.state.plan import plan
from assistant.errors import UsageError
from assistant.routines import Routine, Sides, Step
from assistant.routines.dose_ranges import dose_in_words, ranges_in_words
from assistant.routines.exercise import Exercise
from assistant.routines.exercise_loading import own_sources
from intents.letters import plain
from intents.sided import for_side

SIDES: Mapping[Sides, str] = {"one": "", "both": ", each side", "sore": ", sore side only"}
_WIDTH = 110
_TITLES = 16
EVERYWHERE = (
    "In every routine: the questions about health come first; a sign of danger ends it [ALLINA, SHEF]; pain of 4 or 5 "
    "out of 10 takes the easier form, of 6 or more (in the leg: of 4 or more) leaves the exercise out [TRAFFIC]; the "
    "way up from the floor is told one move at a time [NIA]."
)
_EVERYWHERE_SOURCES = ("AB-D", "ALLINA", "NIA", "SHEF", "TRAFFIC")


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
    wanted = plain(name).strip()
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
    yield from wrap(f"Purpose: {routine.purpose} [{routine.purpose_source}]", _WIDTH)
    yield ""
    yield "At a glance:"
    for number, step in enumerate(routine.steps, start=1):
        yield f"  {number}. {step.name}: {dose_in_words(step.dose)}{SIDES[step.sides]}"
    yield ""
    yield "Cautions, spoken before the first step:"
    for caution in routine.cautions:
        yield fill(f"{caution.say} [{caution.source}]", _WIDTH, initial_indent="  - ", subsequent_indent="    ")
    for number, step in enumerate(routine.steps, start=1):
        yield ""
        yield from _step(number, step, exercises)
    yield ""
    yield from wrap(f"Closing: {routine.closing} [{routine.closing_source}]", _WIDTH)
    yield ""
    yield from wrap(EVERYWHERE, _WIDTH)
    yield ""
    yield "Sources:"
    for key, source in sources_of(routine).items():
        yield f"  {key}: {source}"


def sources_of(routine: Routine) -> dict[str, str]:
    """Title or address of every source that the sheet names, by key."""
    known = own_sources()
    everywhere = {key: known[key] for key in _EVERYWHERE_SOURCES}
    return {**routine.sources, **everywhere, "unverified": "no source was seen; worded cautiously"}


def _step(number: int, step: Step, exercises: Mapping[str, Exercise]) -> Iterator[str]:
    exercise = exercises.get(step.exercise)
    sources = ", ".join(exercise.sources) if exercise else step.source
    yield f"{number}. {step.name}  [{sources}]"
    for title, text in rows(step, exercise, exercises):
        if text:
            yield fill(
                for_side(text, None),
                _WIDTH,
                initial_indent=f"   {title:<{_TITLES}}",
                subsequent_indent=" " * (_TITLES + 3),
                break_on_hyphens=False,
            )


def rows(step: Step, exercise: Exercise | None, exercises: Mapping[str, Exercise]) -> Iterator[tuple[str, str]]:
    """What is said of a step: for an exercise of the library with the source of each fact."""
    yield "Dose", dose_in_words(step.dose) + SIDES[step.sides]
    yield "In the sources", ranges_in_words(step.allowed)
    if step.most_a_day is not None:
        source = f" [{exercise.most_a_day.source}]" if exercise and exercise.most_a_day else ""
        yield "Limit", f"at most {step.most_a_day} times a day{source}; voice never adds to the count"
    yield "Position", f"{step.position}. {step.getting_there}"
    yield "Movement", step.movement
    yield "On each beat", ", ".join(step.beats_of("usual"))
    yield "Into and out", " ".join(filter(None, (step.into_of("usual"), step.release)))
    yield "Look out for", step.cue
    yield "Should feel", step.feel or ""
    yield "Caution", _cited(exercise.cited("caution")) if exercise else step.caution
    yield "Leave it out", _cited(exercise.cited("leave_when")) if exercise else step.leave_when or ""
    yield "Mistakes", _cited(exercise.cited("mistakes")) if exercise else ""
    yield "Easier", _cited(exercise.cited("easier")) if exercise else step.easier
    yield "Harder", _cited(exercise.cited("harder")) if exercise else step.harder or ""
    yield "On a chair", exercises[step.chair].name if step.chair and step.chair in exercises else ""
    yield "Easier form", ", ".join(f"with {why.replace('_', ' ')} [{s}]" for why, s in step.gentler_with.items())
    yield "Within reach", ", ".join(f"{prop} [{source}]" for prop, source in exercise.props.items()) if exercise else ""
    yield "Not with", ", ".join(f"{why.replace('_', ' ')} [{source}]" for why, source in step.not_with.items())
    if step.directional:
        then = "left out" if step.leave_at_once else "a little of the easier form, and if that is no better, left out"
        yield "Leg pain", f"asked about after each set; further down: {then} [AB-D]"


def _cited(said: Iterable[tuple[str, str]]) -> str:
    return " ".join(f"{text} [{source}]" for text, source in said)
