"""Answers in between, and what a user may adjust on the way: length of the holds, pace and loudness of the voice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from assistant.dialogue.actions import Tune
from assistant.dialogue.exercising.counting import drop_scheduled, next_rep
from assistant.dialogue.line import Line, line
from assistant.dialogue.state.doses import hold_of, rep_time, reps_of
from assistant.dialogue.state.phases import Closing, Holding, Idle, Introducing, Moving, task_of
from assistant.dialogue.turn import Turn
from assistant.routines import Hold, Reps, Step
from intents import Command

Handler: TypeAlias = Callable[[Turn, Command], None]

LONGER_BY_S = 5
MOST_STEPS = 3


def answer(turn: Turn, *said: Line) -> None:
    """Say something in between; what it cuts short is said afterwards, and counting goes on."""
    unsaid = turn.hush(scheduled=False)
    if isinstance(turn.session.phase, Idle | Closing):
        turn.enter(Introducing())
        unsaid = ()
    turn.say(*said, *unsaid)


def lengthen(by: int) -> Handler:
    """A handler that makes the holds of this step longer or shorter by so many seconds."""

    def change(turn: Turn, _: Command) -> None:
        _change_hold(turn, by)

    return change


def more(turn: Turn, command: Command) -> None:
    """So many seconds or reps more; what is capped stays as it is."""
    session = turn.session
    amount, unit = int(command.slots["more"]), command.slots.get("unit")
    step = session.step
    if step is None:
        return
    if isinstance(step.dose, Hold) and unit != "reps":
        _change_hold(turn, amount)
    elif isinstance(step.dose, Reps) and unit != "seconds":
        _add_reps(turn, step, amount)
    else:
        answer(turn, line("more.other_unit"))


def _change_hold(turn: Turn, by: int) -> None:
    session, phase = turn.session, turn.session.phase
    step, task = session.step, task_of(session.phase)
    if step is None or task is None or not isinstance(step.dose, Hold):
        answer(turn, line("length.no_hold"))
        return
    before = hold_of(session, task)
    turn.change(extra_seconds=session.extra_seconds + by)
    after = hold_of(turn.session, task)
    if after == before:
        turn.change(extra_seconds=session.extra_seconds)
        answer(turn, _length_now("at_limit", after))
    elif isinstance(phase, Holding):
        turn.hush()
        earliest_end = max(turn.now, phase.starts_at) + 1.0
        ends_at = max(phase.ends_at + after.seconds - before.seconds, earliest_end)
        turn.change(phase=replace(phase, ends_at=ends_at, seconds=phase.seconds + ends_at - phase.ends_at))
        drop_scheduled(turn)
        turn.say(_length_now("now", after))
    else:
        answer(turn, _length_now("now", after))


def _length_now(key: str, hold: Hold) -> Line:
    if hold.breaths is not None:
        return line(f"length.{key}_breaths", n=hold.breaths)
    return line(f"length.{key}", n=hold.seconds)


def _add_reps(turn: Turn, step: Step, amount: int) -> None:
    session, task = turn.session, task_of(turn.session.phase)
    assert task is not None
    if step.most_a_day is not None:
        answer(turn, line("more.never"))
        return
    before = reps_of(session, task).count
    turn.change(extra_reps=session.extra_reps + amount)
    after = reps_of(turn.session, task).count
    turn.change(extra_reps=session.extra_reps + after - before)
    told = line("more.reps" if after > before else "more.at_limit", n=after)
    if isinstance(session.phase, Moving):
        turn.hush()
        drop_scheduled(turn)
        turn.say(told)
    else:
        answer(turn, told)


def slower(turn: Turn, command: Command) -> None:
    """Count slower where movements are counted; speak slower elsewhere, and where that was said."""
    session, phase = turn.session, turn.session.phase
    if command.slots.get("about") == "speech" or not isinstance(phase, Moving):
        tune(pace=-1)(turn, command)
        return
    dose = reps_of(session, phase.task)
    coming = next_rep(phase, dose, turn.now)
    begins_at = rep_time(phase, dose, coming)
    turn.change(extra_pace=session.extra_pace + 1)
    pace = reps_of(turn.session, phase.task).pace
    turn.hush()
    if pace == dose.pace:
        turn.change(extra_pace=session.extra_pace)
    elif coming > phase.first:
        # The rep under way ends as it was counted; those after it take longer.
        turn.change(phase=replace(phase, first=coming - 1, starts_at=begins_at - pace))
    drop_scheduled(turn)
    turn.say(line("pace.slower" if pace > dose.pace else "pace.at_limit"))


def tune(pace: int = 0, loudness: int = 0) -> Handler:
    """A handler that changes the voice by so many steps."""

    def change(turn: Turn, _: Command) -> None:
        session = turn.session
        turn.change(pace=_bounded(session.pace + pace), loudness=_bounded(session.loudness + loudness))
        changed = (turn.session.pace, turn.session.loudness) != (session.pace, session.loudness)
        turn.do(Tune(turn.session.pace, turn.session.loudness))
        answer(turn, line("voice.changed" if changed else "voice.at_limit"))

    return change


def _bounded(steps: int) -> int:
    return max(-MOST_STEPS, min(MOST_STEPS, steps))
