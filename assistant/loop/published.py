"""What others may know of a session while it runs: one value, complete at any time, for a screen or a bridge.

As JSON, version 1; times are seconds on the session's sample clock::

    version, clock     1; the clock as it is heard now
    at                 since when this is so: a moment ahead, where the sound card is given its sound ahead of time
    condition          idle asking caution getting-ready holding repeating resting paused lost alert closing ended
    phase              the phase, more exactly; null where it asks something, which may be about health
    lost               device that is missing, or null; what is said about a sign of danger keeps its condition
    routine            {id, name} or null
    exercise           {id, name, form: easier | usual | harder} or null
    side               left | right | null: the exercise has no sides
    step, steps        from 1, or null
    next, next_side    name of the next exercise; side that comes before it, if one does
    countdown          {began, ends, seconds} of a hold or a rest, or null. Left are ends - max(clock, began) of
                       `seconds`: began may lie a moment ahead, and after a pause began to ends is the rest of it
    left               {seconds, of} while that stands still, or null
    rep                {number, of, began, lasts, beats} or null: rep `number` begins at `began`, the others follow
                       each other; began is null while they stand still
    set                {number, of, amount, unit: seconds | reps | breaths} or null: so many holds in a row on a side
    line, line_at      words being said, from when on; null: none, or (private: true) none that may be shown
    heard              {words, taken, why, at} or null: the words where they may be shown; why they were not taken
    buttons            [{say, label, intent, urgent}]: what may be said instead of pressed, the most needed first
    alert              what to do about a sign of danger, or null
    figure             {exercise, form, side} where there is one, or null
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from assistant.dialogue.exercising import flow
from assistant.dialogue.facts import Side
from assistant.dialogue.state.doses import dose_of, reps_of
from assistant.dialogue.state.phases import (
    Alerted,
    Alerting,
    AskingWhetherToStop,
    Cautioning,
    ChangingSides,
    CheckingIn,
    Closing,
    Confirming,
    ConfirmingDose,
    Done,
    GettingReady,
    GettingUp,
    Holding,
    Idle,
    Instructing,
    Introducing,
    Moving,
    Paused,
    Phase,
    Positioning,
    Resting,
    name_of,
)
from assistant.dialogue.state.session import Session
from assistant.dialogue.state.under_way import UnderWay
from assistant.figures.loading import figure_file
from assistant.loop.buttons import Button
from assistant.routines import Form, Hold

VERSION = 1

Condition = Literal[
    "idle",
    "asking",
    "caution",
    "getting-ready",
    "holding",
    "repeating",
    "resting",
    "paused",
    "lost",
    "alert",
    "closing",
    "ended",
]

_CONDITIONS: Mapping[type[Phase], Condition] = {
    **dict.fromkeys((Idle, Introducing), "idle"),
    Cautioning: "caution",
    **dict.fromkeys((Positioning, Instructing, GettingReady), "getting-ready"),
    Holding: "holding",
    Moving: "repeating",
    **dict.fromkeys((Resting, ChangingSides), "resting"),
    Paused: "paused",
    **dict.fromkeys((Alerting, Alerted), "alert"),
    **dict.fromkeys((Closing, GettingUp), "closing"),
    Done: "ended",
}
"""All other phases ask something."""


@dataclass(frozen=True, slots=True)
class Named:
    """A routine: its key and its title."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class ShownExercise:
    """An exercise: its key, its name, and the form in which it is done."""

    id: str
    name: str
    form: Form


@dataclass(frozen=True, slots=True)
class Countdown:
    """A hold or a rest that runs; all in seconds, `seconds` is its whole length."""

    began: float
    ends: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of a hold or a rest that stands still, in seconds, and its whole length."""

    seconds: float
    of: float


@dataclass(frozen=True, slots=True)
class Rep:
    """Rep `number` begins at `began` and `lasts` so many seconds, each of its beats an equal part; others follow it."""

    number: int
    of: int
    began: float | None
    lasts: float
    beats: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SetOfStep:
    """Which hold of how many in a row on a side, and its dose."""

    number: int
    of: int
    amount: int
    unit: Literal["seconds", "reps", "breaths"]


@dataclass(frozen=True, slots=True)
class ShownFigure:
    """What is drawn."""

    exercise: str
    form: Form
    side: Side | None


@dataclass(frozen=True, slots=True)
class HeardWords:
    """What was heard last, if it may be shown; or why it was not taken."""

    words: str | None
    taken: bool
    why: str | None
    at: float


@dataclass(frozen=True, slots=True)
class Published:
    """The state; see the module."""

    condition: Condition
    phase: str | None = None
    lost: str | None = None
    routine: Named | None = None
    exercise: ShownExercise | None = None
    side: Side | None = None
    step: int | None = None
    steps: int | None = None
    next: str | None = None
    next_side: Side | None = None
    countdown: Countdown | None = None
    left: Left | None = None
    rep: Rep | None = None
    set: SetOfStep | None = None
    line: str | None = None
    line_at: float | None = None
    private: bool = False
    heard: HeardWords | None = None
    buttons: tuple[Button, ...] = ()
    alert: str | None = None
    figure: ShownFigure | None = None
    at: float = field(default=0.0, compare=False)

    def data(self, clock: float) -> dict[str, Any]:
        """The state for JSON, at a time of the clock."""
        return {"version": VERSION, "clock": clock, **asdict(self)}

    def rep_at(self, clock: float) -> int:
        """Which rep is being done at a time of the clock; 0 before the first."""
        if self.rep is None or self.rep.began is None or clock < self.rep.began:
            return 0 if self.rep is None else self.rep.number - 1
        return min(self.rep.of, self.rep.number + int((clock - self.rep.began) // self.rep.lasts))


def condition_of(session: Session, lost: str | None) -> Condition:
    """In which condition a session is, with a device that is missing."""
    condition: Condition = _CONDITIONS.get(type(session.phase), "asking")
    return "lost" if lost and condition not in {"alert", "ended"} else condition


def place(session: Session) -> dict[str, Any]:
    """The fields that tell where a session is, and how it counts."""
    under_way, phase = session.under_way, session.phase
    fields: dict[str, Any] = {"phase": name_of(phase) if type(phase) in _CONDITIONS else None}
    if under_way is None:
        return fields
    routine = under_way.routine
    fields |= {"routine": Named(routine.key, routine.title), "steps": len(routine.steps)}
    at = session.exercising
    if at is None:
        first = flow.coming(session, under_way, 0)
        return fields | {"next": None if first is None else under_way.step_of(first).name}
    key, form, side = at.step.exercise, at.so_far.form, at.here.side
    return {
        **fields,
        **_after(session, at),
        **_counting(session.phase, at),
        "exercise": ShownExercise(at.step.key, at.step.name, form),
        "side": side,
        "step": at.here.step + 1,
        "set": _set(at),
        "figure": ShownFigure(key, form, side) if key and figure_file(key).is_file() else None,
    }


def _after(session: Session, at: UnderWay) -> dict[str, Any]:
    """What comes: the other side, the next exercise."""
    side, task = None, flow.coming(session, at, at.task + 1)
    while task is not None and at.plan[task].step == at.here.step:
        if side is None and at.plan[task].side != at.here.side:
            side = at.plan[task].side
        task = flow.coming(session, at, task + 1)
    return {"next": None if task is None else at.step_of(task).name, "next_side": side}


def _counting(phase: Phase, at: UnderWay) -> dict[str, Any]:
    match phase:
        case Holding(starts_at=began, ends_at=ends, seconds=seconds):
            return {"countdown": Countdown(began, ends, seconds)}
        case Resting(ends_at=ends) | ChangingSides(ends_at=ends):
            seconds = _rest(phase, at)
            return {"countdown": Countdown(ends - seconds, ends, seconds)}
        case Moving(starts_at=began, first=first):
            return {"rep": _rep(at, first, began)}
        case GettingReady(remaining=remaining, rep=rep):
            return _standing(phase, at, remaining, rep)
        case (
            (Paused() as paused)
            | AskingWhetherToStop(paused=paused)
            | Confirming(paused=paused)
            | ConfirmingDose(paused=Paused() as paused)
            | CheckingIn(paused=paused)
        ):
            inner = paused.resume
            number = inner.first if isinstance(inner, Moving) else inner.rep if isinstance(inner, GettingReady) else 1
            return _standing(inner, at, paused.remaining, number)
        case _:
            return {}


def _standing(phase: Phase, at: UnderWay, remaining: float | None, rep: int) -> dict[str, Any]:
    """A hold, a rest or a set that stands still, or goes on in a moment."""
    if not isinstance(phase, Holding | Moving | GettingReady | Resting | ChangingSides):
        return {}
    dose = dose_of(at)
    if remaining is not None:
        whole = _rest(phase, at) if isinstance(phase, Resting | ChangingSides) else getattr(dose, "seconds", remaining)
        return {"left": Left(remaining, max(whole, remaining))}
    return {} if isinstance(dose, Hold) else {"rep": _rep(at, rep, None)}


def _rest(phase: Phase, at: UnderWay) -> float:
    """How long a rest, or changing sides, is in whole."""
    dose = dose_of(at)
    return float(dose.rest) if isinstance(phase, Resting) and isinstance(dose, Hold) else flow.CHANGE_SIDES_S


def _rep(at: UnderWay, number: int, began: float | None) -> Rep:
    dose = reps_of(at)
    return Rep(number, dose.count, began, dose.pace, at.step.beats_of(at.so_far.form))


def _set(at: UnderWay) -> SetOfStep:
    dose, here = dose_of(at), at.here
    if not isinstance(dose, Hold):
        return SetOfStep(here.round, here.rounds, dose.count, "reps")
    if dose.breaths is not None:
        return SetOfStep(here.round, here.rounds, dose.breaths, "breaths")
    return SetOfStep(here.round, here.rounds, dose.seconds, "seconds")
