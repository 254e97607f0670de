"""Questions about the diary, answered: this week, the pain, the last time, what is left today. Nobody is scolded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from assistant.dialogue import lines, progressing
from assistant.dialogue.digest import Digest
from assistant.dialogue.exercising.adjusting import Handler, answer
from assistant.dialogue.facts import AimSet
from assistant.dialogue.line import Line, line
from assistant.dialogue.turn import Turn
from intents import Command


def telling(tell: Callable[[Digest], tuple[Line, ...]]) -> Handler:
    """A handler that answers from the diary."""

    def handle(turn: Turn, _: Command) -> None:
        diary = turn.session.diary
        answer(turn, *(tell(diary) if diary else (line("diary.none"),)))

    return handle


def week(diary: Digest) -> tuple[Line, ...]:
    """What was done in the last seven days, and whether the pain is less than in the seven before."""
    if not diary.week_days:
        return (line("diary.week_nothing"),)
    key = "diary.week" if diary.week_minutes else "diary.week_short"
    told = (line(key, days=diary.week_days, minutes=diary.week_minutes),)
    if diary.pain_week is not None and diary.pain_week_before is not None and diary.pain_week < diary.pain_week_before:
        return (*told, line("diary.week_less_pain", now=diary.pain_week, then=diary.pain_week_before))
    return told


def my_week(turn: Turn, _: Command) -> None:
    """The week, and how much of the aim that is."""
    session = turn.session
    told = week(session.diary) if session.diary else (line("diary.none"),)
    answer(turn, *told, *progressing.aim_reached(session))


def set_aim(turn: Turn, command: Command) -> None:
    """The user says on how many days of a week it shall be."""
    days = int(command.slots["days"])
    turn.record(AimSet(days))
    turn.learn(practice=replace(turn.session.user.practice, aim=days))
    answer(turn, line("progress.aim_noted", n=days))


def pain(diary: Digest) -> tuple[Line, ...]:
    """The pain as it was last told, and its course; advice where it does not get less."""
    if diary.last_level is None:
        return (line("diary.pain_unknown"),)
    told = [line(f"diary.pain_{_when(diary.last_told)}", level=diary.last_level, n=diary.last_told)]
    now, then = diary.pain_week, diary.pain_week_before
    if now is not None and then is not None:
        told.append(line("diary.pain_course", now=now, then=then))
        if now >= max(1, then):
            told.append(line("diary.pain_advice"))
    return tuple(told)


def last_stretch(diary: Digest) -> tuple[Line, ...]:
    """When something was stretched last."""
    if diary.last_stretch is None:
        return (line("diary.last_never"),)
    return (line(f"diary.last_{_when(diary.last_stretch)}", n=diary.last_stretch),)


def left_today(turn: Turn, _: Command) -> None:
    """What of the prescribed sets is still to be done today."""
    session = turn.session
    daily = any(prescribed.a_day for prescribed in session.user.prescribed.values())
    rest = lines.reminders(session)
    answer(turn, *(rest or (line("diary.left_none" if daily else "diary.left_unknown"),)))


def _when(days: int) -> str:
    return "today" if days <= 0 else "yesterday" if days == 1 else "days"
