"""What is hard for the user, and how well they can do it: the Patient-Specific Functional Scale.

Up to three things of their own, 0 not at all to 10 as well as ever (Stratford and others, 1995). It is offered after a
routine, at the start and every two weeks, or asked for; never insisted on: silence and "no" leave it for two weeks.
A physio reads it in what the diary exports, with what they have been told besides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from assistant.dialogue.exercising.adjusting import answer
from assistant.dialogue.facts import ActivitiesLeft, ActivityRated, NoteForPhysio
from assistant.dialogue.line import Line, line
from assistant.dialogue.lines import name_of_exercise
from assistant.dialogue.questions import pain
from assistant.dialogue.state.care_phases import ChoosingActivity, OfferingActivities, RatingActivity
from assistant.dialogue.state.phases import Closing
from assistant.dialogue.state.session import Session
from assistant.dialogue.turn import Turn
from intents import Command
from intents.types import SlotValue

MOST = 3
"""So many activities the scale asks for."""

Asking = OfferingActivities | ChoosingActivity | RatingActivity


def due_after(session: Session) -> bool:
    """Whether it is asked after a routine: of who keeps a diary, when it is time."""
    return session.diary is not None and session.user.activities_due


def after(turn: Turn) -> None:
    """Ask after a routine: how well they can do it now, or first whether to note anything at all."""
    chosen = turn.session.user.activities
    turn.learn(activities_due=False)
    if chosen:
        turn.ask(RatingActivity(chosen, done=True), line("activities.time"))
    else:
        turn.ask(OfferingActivities(done=True))


def begin(turn: Turn, command: Command) -> None:
    """Ask because the user wants to: for how well they can do it, or for what is hard."""
    if turn.session.diary is None:
        answer(turn, line("diary.none"))
        return
    turn.hush()
    chosen = turn.session.user.activities
    if chosen and "anew" not in command.slots:
        turn.ask(RatingActivity(chosen))
    else:
        turn.ask(ChoosingActivity())


def accept(turn: Turn, phase: OfferingActivities) -> None:
    """The user wants it noted."""
    turn.hush()
    turn.ask(ChoosingActivity(done=phase.done))


def choose(turn: Turn, phase: ChoosingActivity, command: Command) -> None:
    """Something that is hard: how well they can do it."""
    activity = str(command.slots["activity"])
    turn.hush()
    if activity in phase.chosen:
        turn.say(line("activities.chosen"), *turn.asked_again())
    else:
        turn.ask(RatingActivity((*phase.chosen, activity), len(phase.chosen), choosing=True, done=phase.done))


def rate(turn: Turn, phase: RatingActivity, command: Command) -> None:
    """How well it goes; then the next one, or something else that is hard."""
    level = pain.level_of(command)
    if pain.too_high(turn, level):
        return
    turn.hush()
    turn.record(ActivityRated(phase.chosen[phase.n], level, phase.chosen))
    turn.learn(activities=phase.chosen)
    _go_on(turn, phase)


def _go_on(turn: Turn, phase: RatingActivity) -> None:
    if phase.n + 1 < len(phase.chosen):
        turn.ask(replace(phase, n=phase.n + 1))
    elif phase.choosing and len(phase.chosen) < MOST:
        turn.ask(ChoosingActivity(phase.chosen, phase.done))
    else:
        _end(turn, phase, "activities.noted")


def leave(turn: Turn, phase: Asking) -> None:
    """Enough, or nothing at all: what was told stays."""
    turn.hush()
    told = isinstance(phase, RatingActivity) and phase.n > 0
    if told or (isinstance(phase, ChoosingActivity) and phase.chosen):
        _end(turn, phase, "activities.noted")
    else:
        turn.record(ActivitiesLeft())
        _end(turn, phase, "rating.let_be")


def _end(turn: Turn, phase: Asking, told: str) -> None:
    turn.enter(Closing(phase.done))
    turn.say(line(told))


def rating_question(phase: RatingActivity) -> Line:
    """How well they can do one of them; what the numbers mean is said with the first."""
    name = (line(f"activity.{phase.chosen[phase.n]}"),)
    return line("activities.rate" if phase.n == 0 else "activities.rate_short", activity=name)


def choosing_question(phase: ChoosingActivity) -> Line:
    """What is hard; what there is to choose from is said at first."""
    return line("activities.another" if phase.chosen else "activities.which")


def tell_physio(turn: Turn, command: Command) -> None:
    """Note something for the physio, who reads it in what the diary exports."""
    if turn.session.diary is None:
        answer(turn, line("diary.none"))
        return
    note, said = _note(turn.session, command.slots)
    turn.record(NoteForPhysio(note))
    answer(turn, line("activities.physio", note=(said,)))


def _note(session: Session, slots: Mapping[str, SlotValue]) -> tuple[str, Line]:
    """What is noted, and how it is said: a whole note, what is how and when, or how an exercise is."""
    if "note" in slots:
        return str(slots["note"]), line(f"physio_note.{slots['note']}")
    if "exercise" in slots:
        name, felt = name_of_exercise(session, str(slots["exercise"])), str(slots["note_of_exercise"])
        return f"{name}: {felt}", line("note.exercise", name=name, how=(line(f"note_of.{felt}"),))
    told = [str(slots[part]) for part in ("note_about", "note_how", "note_when") if part in slots]
    side, _, leg = told[0].rpartition(" ")
    about = line("note.one leg", side=side) if side else line(f"note.{leg}")
    how = line(f"note.{told[1]}")
    when = tuple(line(f"note.{part}") for part in told[2:])
    return ", ".join(told), line("note.when" if when else "note.what", about=(about,), how=(how,), when=when)
