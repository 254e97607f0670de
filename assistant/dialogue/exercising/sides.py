"""Which leg it is, said or corrected on the way: "my left leg", "wrong leg", "the other leg", in holds and reps, too.

* Of an exercise for the sore leg, the leg that is named is the sore one from now on.
* Of one for both legs, they change places: what was done counts for the leg that it was done with.
* The exercise is begun anew with the right leg; nothing that was done of it is lost.
"""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from assistant.dialogue import lines
from assistant.dialogue.exercising import flow
from assistant.dialogue.exercising.adjusting import answer
from assistant.dialogue.exercising.recording import keep_record
from assistant.dialogue.facts import Side, SoreSide
from assistant.dialogue.line import line
from assistant.dialogue.state.phases import Cautioning, InRoutine, Instructing, Paused, Phase, Positioning
from assistant.dialogue.state.plan import plan
from assistant.dialogue.state.under_way import UnderWay
from assistant.dialogue.turn import Turn
from intents import Command
from intents.sided import names_side

OTHER = "other"
"""In a command: the leg that it is not now."""

_OPPOSITE: dict[Side | None, Side | None] = {"left": "right", "right": "left", None: None}


def change_side(turn: Turn, command: Command) -> None:
    """The leg is said, or said anew, with a routine under way."""
    phase = turn.session.phase
    inner = phase.resume if isinstance(phase, Paused) else phase
    if not isinstance(inner, InRoutine):
        return
    at = inner.under_way
    told_before = isinstance(inner, Cautioning | Positioning | Instructing)
    begun = at.here.side is not None and not isinstance(inner, Cautioning)
    swaps = begun and at.step.sides == "both"
    if begun and command.slots["side"] == at.here.side:
        if not swaps:
            note_side(turn, command)
        answer(turn, *lines.this_side(at))
    elif swaps and (command.slots["side"] == OTHER or not told_before):
        _begin_anew(turn, inner, _swapped(at))
    elif (side := note_side(turn, command)) is None:
        answer(turn, line("side.none"))
    else:
        changed = _planned_for(at, side)
        if isinstance(inner, Positioning | Instructing) or (at.here.side and not isinstance(inner, Cautioning)):
            _begin_anew(turn, inner, changed.with_step(given=()))
        else:
            _stay(turn, replace(inner, under_way=changed))
            answer(turn, lines.side_noted(side))


def note_side(turn: Turn, command: Command) -> Side | None:
    """Remember which leg is sore; None where "the other" is said of none."""
    said, known = command.slots["side"], turn.session.user.sore_side
    side: Side | None = _OPPOSITE[known] if said == OTHER else "left" if said == "left" else "right"
    if side is not None:
        turn.record(SoreSide(side))
        turn.learn(sore_side=side)
    return side


def _planned_for(at: UnderWay, side: Side) -> UnderWay:
    """What comes, for that leg; the present exercise, too, if it has sides. A trial of its milder form stays one."""
    tasks, here = plan(at.routine, side), at.here
    if here.side is not None and not here.trial:
        return replace(at, plan=tasks, task=0).first_of_step(here.step)
    before = tuple(task for task in at.plan if task.step <= here.step)
    changed = replace(at, plan=(*before, *(task for task in tasks if task.step > here.step)))
    if here.side is None:
        return changed
    return replace(changed, plan=tuple(replace(t, side=side) if t is here else t for t in changed.plan))


def _swapped(at: UnderWay) -> UnderWay:
    """With left and right changed over in the exercise that is under way."""
    tasks = tuple(replace(t, side=_OPPOSITE[t.side]) if t.step == at.here.step else t for t in at.plan)
    given = tuple((_OPPOSITE[side], amount) for side, amount in at.so_far.given)
    return replace(at, plan=tasks).with_step(given=given)


def _begin_anew(turn: Turn, inner: InRoutine, at: UnderWay) -> None:
    """The same hold or set, all of it, with another leg; in a pause only after it."""
    at = at.with_step(already=0)
    side = at.here.side or turn.session.user.sore_side
    assert side is not None
    noted = lines.side_noted(side)
    if isinstance(turn.session.phase, Paused):
        keep_record(turn)
        fresh = inner if isinstance(inner, Positioning) else Instructing(at)
        _stay(turn, replace(fresh, under_way=at))
        answer(turn, noted)
        return
    keep_record(turn)
    turn.hush()
    turn.say(noted)
    if not isinstance(inner, Positioning) and names_side(at.step.getting_there):
        turn.ask(Positioning(at))  # the hands go to the other leg first
    elif isinstance(inner, Positioning) or at.step.sides != "both":
        flow.enter_step(turn, at)
    else:
        flow.instruct(turn, at)


def _stay(turn: Turn, inner: InRoutine) -> None:
    """Stay in the phase, or in the pause, with another leg."""
    phase = turn.session.phase
    if isinstance(phase, Paused):
        told = (
            ()
            if not isinstance(inner, Instructing)
            else lines.instruction(turn.session, inner.under_way, announced=False, full=True)
        )
        turn.change(phase=replace(phase, resume=cast("Phase", inner), remaining=None, unsaid=told))
    else:
        turn.change(phase=inner)
