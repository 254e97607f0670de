"""Where a session is, as it is published: its condition, its step, and how it counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assistant.dialogue.exercising import flow
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
from assistant.loop.published import (
    Condition,
    Countdown,
    Left,
    Named,
    Rep,
    SetOfStep,
    ShownExercise,
    ShownFigure,
)
from assistant.routines import Hold

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
