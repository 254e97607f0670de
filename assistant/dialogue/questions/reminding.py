"""Reminders by voice: set, read back, told, forgotten; and given once when they come, while nothing is under way.

* What was understood of a time is read back, and counts with "yes"; "no, in the evening" puts it right.
* One that comes while something is under way waits. It is not said any more where a routine was begun in the hour
  before, or since.
* It counts as given when it was spoken to its end, or when the user says something to it. Till then it comes again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from assistant.dialogue import reminder_lines
from assistant.dialogue.events import RemindersRead
from assistant.dialogue.exercising.adjusting import answer
from assistant.dialogue.line import Line, line
from assistant.dialogue.reminder_facts import ReminderGiven, ReminderSet, RemindersForgotten
from assistant.dialogue.state.phases import Idle, Introducing
from assistant.dialogue.state.reminding import (
    AskingReminder,
    ConfirmingReminder,
    Due,
    ForgettingReminders,
    Reminding,
)
from assistant.dialogue.state.session import Session
from assistant.dialogue.turn import UNANSWERED_S, Question, Silence, Turn
from assistant.reminders.meaning import Meant, schedule_of
from assistant.reminders.reminder import Schedule
from intents import Command
from intents.types import SlotValue

HEEDED_WITHIN_S = 3600.0
"""A reminder is not said where a routine was begun so shortly before."""

BEGIN = line("reminder.begin")
"""What is said last."""

_MINUTES_OF_AN_HOUR = 60
_HALF_DAY = 12 * _MINUTES_OF_AN_HOUR

Asking = AskingReminder | ConfirmingReminder | ForgettingReminders


def meant_by(slots: Mapping[str, SlotValue]) -> Meant:
    """What the slots of a command say of a time."""
    days = tuple(str(slots[name]) for name in ("day", "each_week", "day_2", "day_3") if name in slots)
    part = slots.get("part")
    if "daily_part" in slots:
        days, part = ("daily",), slots["daily_part"]
    elif "todays_part" in slots:
        days, part = ("today",), slots["todays_part"]
    hour, minute = slots.get("hour"), int(slots.get("past", slots.get("minute", 0)))
    in_minutes = slots.get("in_minutes")
    if "in_hours" in slots:
        in_minutes = int(slots["in_hours"]) * _MINUTES_OF_AN_HOUR
    return Meant(
        days=days,
        every="each_week" in slots,
        hour=None if hour is None else int(hour),
        minute=minute,
        part=part,  # type: ignore[arg-type]  # the values of the list are those of the type
        in_minutes=None if in_minutes is None else int(in_minutes),
    )


def set_one(turn: Turn, command: Command) -> None:
    """The user wants to be reminded."""
    if _known(turn):
        _consider(turn, meant_by(command.slots))


def put_right(turn: Turn, phase: AskingReminder | ConfirmingReminder, command: Command) -> None:
    """The time that was missing, or another one."""
    _consider(turn, phase.meant.with_answer(meant_by(command.slots)))


def _known(turn: Turn) -> bool:
    if turn.session.reminding is None:
        answer(turn, line("reminder.nowhere"))
    return turn.session.reminding is not None


def _consider(turn: Turn, meant: Meant) -> None:
    reminding = turn.session.reminding
    assert reminding is not None
    turn.hush()
    if not meant.has_time and meant.in_minutes is None:
        turn.ask(AskingReminder(meant))
        return
    wall = reminding.wall_at(turn.now)
    schedule = schedule_of(meant, wall)
    if schedule is None:
        turn.ask(AskingReminder(Meant()), line("reminder.past"))
    else:
        turn.ask(ConfirmingReminder(meant, schedule, wall.date()))


def confirm(turn: Turn, phase: ConfirmingReminder) -> None:
    """It was understood right: it is kept."""
    reminding, schedule = turn.session.reminding, phase.schedule
    assert reminding is not None
    turn.record(ReminderSet(schedule.minute, schedule.days, schedule.on.isoformat() if schedule.on else None))
    others = tuple(kept for kept in reminding.schedules if kept != schedule)
    turn.change(reminding=replace(reminding, schedules=(*others, schedule)))
    _end(turn, line("reminder.noted" if reminding.rings else "reminder.noted_while_on"))


def ask_when(turn: Turn) -> None:
    """It was understood wrong."""
    turn.hush()
    turn.ask(AskingReminder(Meant()))


def leave(turn: Turn, phase: Asking) -> None:
    """Nothing is kept, or forgotten."""
    _end(turn, line("reminder.stays" if isinstance(phase, ForgettingReminders) else "reminder.let_be"))


def _end(turn: Turn, told: Line) -> None:
    turn.hush()
    turn.enter(Introducing())
    turn.say(told)


def which(turn: Turn, _: Command) -> None:
    """Tell all of them."""
    if _known(turn):
        reminding = turn.session.reminding
        assert reminding is not None
        answer(turn, reminder_lines.all_of(reminding.schedules, reminding.wall_at(turn.now).date()))


def forget(turn: Turn, command: Command) -> None:
    """Ask whether to forget them: those that are meant, or all."""
    if not _known(turn):
        return
    reminding = turn.session.reminding
    assert reminding is not None
    meant = meant_by(command.slots)
    wall = reminding.wall_at(turn.now)
    found = tuple(kept for kept in reminding.schedules if _is_meant(kept, meant, wall))
    if not found:
        answer(turn, line("reminder.no_such" if reminding.schedules else "reminder.none"))
        return
    turn.hush()
    turn.ask(ForgettingReminders(found, wall.date(), "all" in command.slots and len(found) > 1))


def _is_meant(kept: Schedule, meant: Meant, wall: datetime) -> bool:
    """Whether a reminder is one of those that are meant by a day and an hour, or by either, or by neither."""
    if meant.days:
        wanted = schedule_of(replace(meant, hour=23, minute=59, part=None), wall)  # of today, too, that is to come
        assert wanted is not None
        on_day = set(wanted.days) <= set(kept.days) if wanted.on is None else kept.comes_on(wanted.on)
        if not on_day:
            return False
    if meant.hour is None:
        return True
    wanted = schedule_of(replace(meant, days=("daily",)), wall)
    assert wanted is not None
    either = meant.part is None and 1 <= meant.hour <= _HALF_DAY // _MINUTES_OF_AN_HOUR
    return (kept.minute - wanted.minute) % (_HALF_DAY if either else 2 * _HALF_DAY) == 0


def forget_this(turn: Turn, phase: ForgettingReminders, *, yes: bool) -> None:
    """Forget the one that was asked about, or all; else ask about the next."""
    going = phase.schedules if phase.together else phase.schedules[:1]
    rest = phase.schedules[len(going) :]
    if yes:
        reminding = turn.session.reminding
        assert reminding is not None
        turn.record(RemindersForgotten(tuple(schedule.uid for schedule in going)))
        kept = tuple(schedule for schedule in reminding.schedules if schedule not in going)
        due = tuple(one for one in reminding.due if one.schedule not in going)
        turn.change(reminding=replace(reminding, schedules=kept, due=due))
        _end(turn, line("reminder.forgotten"))
    elif rest:
        turn.hush()
        turn.ask(replace(phase, schedules=rest))
    else:
        leave(turn, phase)


def take_in(turn: Turn, read: RemindersRead) -> None:
    """The reminders were read anew. What was being said, and was cut by something else than the user, is due again."""
    session = turn.session
    saying = session.reminding.saying if session.reminding and session.speaking else ()
    known = {(one.schedule, one.day) for one in saying}
    coming = tuple(
        Due(one.schedule, one.day, turn.now + one.in_s) for one in read.coming if (one.schedule, one.day) not in known
    )
    turn.change(reminding=Reminding(turn.now, read.wall, read.schedules, coming, read.rings, saying))
    if isinstance(session.phase, Idle):
        turn.enter(session.phase)  # waits for the first of them


def give(turn: Turn) -> None:
    """Say what has become due while nothing is under way; what was heeded already is noted, and not said."""
    session = turn.session
    reminding = session.reminding
    if reminding is None:
        return
    due = tuple(one for one in reminding.due if one.at <= turn.now)
    begun = session.routine_begun_at
    heeded = {one for one in due if begun is not None and begun >= one.at - HEEDED_WITHIN_S}
    for one in heeded:
        _note_given(turn, one)
    said = tuple(one for one in due if one not in heeded)
    turn.change(reminding=replace(reminding, due=tuple(o for o in reminding.due if o not in due), saying=said))
    if not said:
        turn.enter(session.phase)  # waits for the next one
        return
    wall = reminding.wall_at(turn.now)
    turn.enter(Introducing())
    turn.say(*(reminder_lines.due(one.schedule, one.day, wall) for one in said), BEGIN)


def was_heard(turn: Turn) -> None:
    """What was being said has been heard: to its end, or the user has said something to it."""
    reminding = turn.session.reminding
    if reminding is not None and reminding.saying:
        for one in reminding.saying:
            _note_given(turn, one)
        turn.change(reminding=replace(reminding, saying=()))


def _note_given(turn: Turn, one: Due) -> None:
    turn.record(ReminderGiven(one.schedule.uid, one.day.isoformat()))


def _forgetting_question(phase: ForgettingReminders) -> Line:
    if phase.together:
        return line("reminder.forget_all", n=len(phase.schedules))
    return line("reminder.forget_one", when=(reminder_lines.told(phase.schedules[0], phase.today),))


def _reprompts(group: str) -> Callable[[Session, Any], tuple[tuple[Line, ...], ...]]:
    return lambda *_: tuple((line(f"{group}.{name}"),) for name in ("missed", "options", "then"))


_SILENCE: Silence[Any] = Silence(UNANSWERED_S, then=leave)

ROWS = (
    Question(
        AskingReminder,
        asks=lambda _, phase: (line("reminder.what_time" if phase.meant.days else "reminder.when"),),
        answers={
            "ReminderTime": put_right,
            "SetReminder": put_right,
            "No": lambda turn, phase, _: leave(turn, phase),
            "NotNow": lambda turn, phase, _: leave(turn, phase),
        },
        reprompts=_reprompts("again_reminder_time"),
        silence=_SILENCE,
        why="reminder.why",
    ),
    Question(
        ConfirmingReminder,
        asks=lambda _, phase: (line("reminder.confirm", when=(reminder_lines.told(phase.schedule, phase.today),)),),
        answers={
            "Yes": lambda turn, phase, _: confirm(turn, phase),
            "No": lambda turn, *_: ask_when(turn),
            "NotNow": lambda turn, phase, _: leave(turn, phase),
            "ReminderTime": put_right,
            "SetReminder": put_right,
        },
        reprompts=_reprompts("again_reminder"),
        silence=_SILENCE,
    ),
    Question(
        ForgettingReminders,
        asks=lambda _, phase: (_forgetting_question(phase),),
        answers={
            "Yes": lambda turn, phase, _: forget_this(turn, phase, yes=True),
            "No": lambda turn, phase, _: forget_this(turn, phase, yes=False),
        },
        reprompts=_reprompts("again_forgetting"),
        silence=_SILENCE,
    ),
)
"""The rows of the table of questions."""
