"""Answers in between, and what a user may adjust on the way: length of the holds, pace and loudness of the voice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from assistant.dialogue import flow
from assistant.dialogue.actions import Chime, Tune
from assistant.dialogue.counting import drop_scheduled
from assistant.dialogue.doses import hold_seconds
from assistant.dialogue.line import Line, line
from assistant.dialogue.phases import Closing, Holding, Idle, Introducing
from assistant.dialogue.session import Turn
from assistant.routines import Hold
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
        session, phase = turn.session, turn.session.phase
        step = session.step
        if step is None or not isinstance(step.dose, Hold):
            answer(turn, line("length.no_hold"))
            return
        before = hold_seconds(session, step.dose)
        turn.change(extra_seconds=session.extra_seconds + by)
        after = hold_seconds(turn.session, step.dose)
        if after == before:
            turn.change(extra_seconds=session.extra_seconds)
            answer(turn, line("length.at_limit", n=after))
            return
        if isinstance(phase, Holding):
            turn.hush()
            earliest_end = max(turn.now, phase.starts_at) + 1.0
            ends_at = max(phase.ends_at + after - before, earliest_end)
            turn.change(phase=replace(phase, ends_at=ends_at, seconds=phase.seconds + ends_at - phase.ends_at))
            if turn.now < phase.starts_at - flow.START_TONE_S:
                turn.do(Chime("start", phase.starts_at - flow.START_TONE_S))
            drop_scheduled(turn)
            turn.say(line("length.now", n=after))
        else:
            answer(turn, line("length.now", n=after))

    return change


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
