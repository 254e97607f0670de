"""Answers in between, and what a user may adjust on the way: length of the holds, pace and loudness of the voice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from assistant.dialogue.exercising.counting import drop_scheduled, next_rep
from assistant.dialogue.facts import DoseChanged, VoiceTuned
from assistant.dialogue.line import Line, line
from assistant.dialogue.state.doses import dose_of, hold_of, rep_time, reps_of
from assistant.dialogue.state.phases import Holding, Idle, InRoutine, Introducing, Moving
from assistant.dialogue.state.practice import Added
from assistant.dialogue.state.session import VoiceSteps
from assistant.dialogue.state.under_way import UnderWay
from assistant.dialogue.turn import Turn
from assistant.routines import Hold, Reps
from intents import Command

Handler: TypeAlias = Callable[[Turn, Command], None]

LONGER_BY_S = 5
MOST_STEPS = 3

MOST_AT_ONCE = 20
"""Seconds or reps that may be added at once."""


def answer(turn: Turn, *said: Line) -> None:
    """Say something in between; what it cuts short is said afterwards, and counting goes on."""
    unsaid = turn.hush(scheduled=False)
    if isinstance(turn.session.phase, Idle):
        turn.enter(Introducing())
    turn.say(*said, *unsaid)


def in_routine(handle: Callable[[Turn, InRoutine, Command], None]) -> Handler:
    """A handler of a command that is taken in phases of a routine only."""

    def in_phase(turn: Turn, command: Command) -> None:
        if isinstance(turn.session.phase, InRoutine):
            handle(turn, turn.session.phase, command)

    return in_phase


def lengthen(by: int) -> Handler:
    """A handler that makes the holds of this step longer or shorter by so many seconds."""

    def change(turn: Turn, phase: InRoutine, command: Command) -> None:
        _change_hold(turn, phase, -int(command.slots["less"]) if "less" in command.slots else by)

    return in_routine(change)


@in_routine
def more(turn: Turn, phase: InRoutine, command: Command) -> None:
    """So many seconds or reps more, or so many in all; what is capped stays as it is."""
    unit, dose = command.slots.get("unit"), dose_of(phase.under_way)
    fits = unit != ("reps" if isinstance(dose, Hold) else "seconds")
    if "to" in command.slots:
        amount = int(command.slots["to"]) - (dose.seconds if isinstance(dose, Hold) else dose.count)
    else:
        amount = int(command.slots["more"])
    if fits and "more" in command.slots and amount > MOST_AT_ONCE:
        answer(turn, line(f"more.most_{'seconds' if isinstance(dose, Hold) else 'reps'}", n=MOST_AT_ONCE))
    elif isinstance(dose, Hold) and unit != "reps":
        _change_hold(turn, phase, amount)
    elif isinstance(dose, Reps) and unit != "seconds":
        _add_reps(turn, phase, amount)
    else:
        answer(turn, line("more.other_unit"))


def _change_hold(turn: Turn, phase: InRoutine, by: int) -> None:
    at = phase.under_way
    if not isinstance(at.step.dose, Hold):
        answer(turn, line("length.no_hold"))
        return
    changed = at.with_step(extra_seconds=at.so_far.extra_seconds + by)
    before, after = hold_of(at), hold_of(changed)
    if after == before:
        answer(turn, _length_now("at_limit", after))
    elif isinstance(phase, Holding):
        _remember(turn, changed)
        turn.hush()
        earliest_end = max(turn.now, phase.starts_at) + 1.0
        ends_at = max(phase.ends_at + after.seconds - before.seconds, earliest_end)
        seconds = phase.seconds + ends_at - phase.ends_at
        turn.change(phase=replace(phase, under_way=changed, ends_at=ends_at, seconds=seconds))
        drop_scheduled(turn)
        turn.say(_length_now("now", after))
    else:
        _remember(turn, changed)
        turn.change(phase=replace(phase, under_way=changed))
        answer(turn, _length_now("now", after))


def _remember(turn: Turn, at: UnderWay) -> None:
    """What the user has changed about a dose, for the next time; not what only makes the sides even."""
    if at.here.evens is None:
        so_far = at.so_far
        changed = DoseChanged(at.routine.key, at.step.key, so_far.extra_seconds, so_far.extra_reps, so_far.extra_pace)
        turn.record(changed)
        practice = turn.session.user.practice
        added = Added(changed.seconds, changed.reps, changed.pace)
        turn.learn(practice=replace(practice, added={**practice.added, (at.routine.key, at.step.key): added}))


def _length_now(key: str, hold: Hold) -> Line:
    if hold.breaths is not None:
        return line(f"length.{key}_breaths", n=hold.breaths)
    return line(f"length.{key}", n=hold.seconds)


def _add_reps(turn: Turn, phase: InRoutine, amount: int) -> None:
    at = phase.under_way
    if at.step.most_a_day is not None:
        answer(turn, line("more.never"))
        return
    before, extra = reps_of(at).count, at.so_far.extra_reps
    after = reps_of(at.with_step(extra_reps=extra + amount)).count
    told = line("more.reps" if after > before else "more.at_limit", n=after)
    changed = at.with_step(extra_reps=extra + after - before)
    if after != before:
        _remember(turn, changed)
    turn.change(phase=replace(phase, under_way=changed))
    if isinstance(phase, Moving):
        turn.hush()
        drop_scheduled(turn)
        turn.say(told)
    else:
        answer(turn, told)


def slower(turn: Turn, command: Command) -> None:
    """Count slower where movements are counted; speak slower elsewhere, and where that was said."""
    phase = turn.session.phase
    if command.slots.get("about") == "speech" or not isinstance(phase, Moving):
        tune(pace=-1)(turn, command)
        return
    at = phase.under_way
    dose = reps_of(at)
    coming = next_rep(phase, dose, turn.now)
    slowed = at.with_step(extra_pace=at.so_far.extra_pace + 1)
    pace = reps_of(slowed).pace
    turn.hush()
    if pace > dose.pace:
        _remember(turn, slowed)
        phase = replace(phase, under_way=slowed)
        if coming > phase.first:
            # The rep under way ends as it was counted; those after it take longer.
            phase = replace(phase, first=coming - 1, starts_at=rep_time(phase, dose, coming) - pace)
        turn.change(phase=phase)
    drop_scheduled(turn)
    turn.say(line("pace.slower" if pace > dose.pace else "pace.at_limit"))


def tune(pace: int = 0, loudness: int = 0) -> Handler:
    """A handler that changes the voice by so many steps."""

    def change(turn: Turn, _: Command) -> None:
        answer(turn, retune(turn, pace, loudness))

    return change


def retune(turn: Turn, pace: int = 0, loudness: int = 0) -> Line:
    """Change the voice by so many steps.

    Returns:
        What to say about it.
    """
    before = turn.session.voice
    after = replace(before, pace=_bounded(before.pace + pace), loudness=_bounded(before.loudness + loudness))
    keep_voice(turn, after)
    return line("voice.changed" if after != before else "voice.at_limit")


def keep_voice(turn: Turn, voice: VoiceSteps) -> None:
    """Speak like this from now on, and the next time."""
    before = turn.session.voice
    turn.change(voice=voice)
    turn.tune(voice)
    if voice != before:
        note_voice(turn)


def note_voice(turn: Turn) -> None:
    """Remember how it speaks."""
    voice, voices = turn.session.voice, turn.session.preferences.voices
    turn.record(VoiceTuned(voice.pace, voice.loudness, voice.name, voices[0] if voices else None, voice.clear))


def _bounded(steps: int) -> int:
    return max(-MOST_STEPS, min(MOST_STEPS, steps))
