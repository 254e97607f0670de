"""The way through a routine: what is entered when, what is said there, and what its deadline does."""

from __future__ import annotations

import math
from dataclasses import replace

from assistant.dialogue import lines, progressing
from assistant.dialogue.actions import Chime
from assistant.dialogue.announcing import TELL_IF_IT_HURTS
from assistant.dialogue.exercising.counting import LEAD_S, START_TONE_S, schedule
from assistant.dialogue.exercising.recording import done_so_far, keep_record
from assistant.dialogue.exercising.setting_out import as_last_time, gentler, ruled_out
from assistant.dialogue.facts import Met, MilestoneTold, RoutineDone, SetDone
from assistant.dialogue.line import Line, line
from assistant.dialogue.state.care_phases import Alerted, Alerting, TakingBack
from assistant.dialogue.state.doses import dose_of, owed_to_first_side, reps_done, reps_of, seconds_remaining
from assistant.dialogue.state.one_exercise import known_routine, sets_of
from assistant.dialogue.state.phases import (
    AskingAllRight,
    AskingLeg,
    AskingToGoOn,
    AskingWhetherToStop,
    ChangingSides,
    Choosing,
    Closing,
    Confirming,
    ConfirmingDose,
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
    ReadingBack,
    Resting,
    beneath,
)
from assistant.dialogue.state.plan import is_last_of_step
from assistant.dialogue.state.session import Session
from assistant.dialogue.state.told import tells_all
from assistant.dialogue.state.under_way import UnderWay
from assistant.dialogue.turn import Turn
from assistant.routines import Hold, Reps, Step

CHANGE_SIDES_S = 8.0

GETTING_INTO_HOLD_S = 2.0
"""How long before a hold, beside the lead, its position is taken: all of its seconds are held."""


def greet(turn: Turn) -> None:
    """Say hello, and at first use that this is general information."""
    turn.enter(Introducing())
    turn.say(line("greeting.hello"))
    if turn.session.user.disclaimer_due:
        turn.say(lines.DISCLAIMER)
    turn.say(*lines.reminders(turn.session), *lines.within_reach_early(turn.session), line("greeting.welcome"))


def choose(turn: Turn, keys: tuple[str, ...] = (), begins: int = 0) -> None:
    """Read out the routines by number, or some of them; see `Choosing`."""
    turn.ask(Choosing(keys, begins))


def go_to(turn: Turn, under_way: UnderWay, task: int) -> None:
    """Go on with a task of the plan, or with the next that may be done; close where there is none left."""
    task_coming = coming(turn.session, under_way, task)
    if task_coming is None:
        close(turn, under_way)
        return
    at = replace(under_way, task=task_coming)
    before, side = (at.plan[task - 1] if task and task == task_coming else None), at.here.side
    if before is None or before.step != at.here.step:
        enter_step(turn, replace(at, so_far=as_last_time(turn.session, at)))
    elif side is not None and before.side != side:
        at = at.with_step(extra_seconds=0, extra_reps=0)  # the second side begins with what the first one got
        turn.enter(ChangingSides(at, turn.now + CHANGE_SIDES_S))
        turn.say(lines.change_of_sides(at, side))
    else:
        dose = dose_of(at)
        turn.enter(Resting(at, turn.now + (dose.rest if isinstance(dose, Hold) else CHANGE_SIDES_S)))
        turn.say(line("hold.rest"))


def coming(session: Session, under_way: UnderWay, task: int) -> int | None:
    """The first task from this one on that may be done; None where there is none."""
    tasks = range(task, len(under_way.plan))
    return next((i for i in tasks if not ruled_out(session, under_way.step_of(i))), None)


def go_past(turn: Turn, at: UnderWay, told: Line) -> None:
    """Go on after a set that is over."""
    turn.hush()
    turn.say(told)
    go_to(turn, at, at.task + 1)


def take_milder_forms_from_now_on(turn: Turn, at: UnderWay) -> Line:
    """A set that was too much is over: what comes is done in the milder form."""
    told = line("pain.milder_on")
    turn.learn(milder=True)
    go_past(turn, at, told)
    return told


def enter_step(turn: Turn, at: UnderWay) -> None:
    """Begin a step: into its position first, unless the user is there already."""
    if gentler(turn.session, at.step):
        at = at.with_step(form="easier")
    before: tuple[Line, ...] = ()
    if turn.session.to_remind and turn.session.exercised:
        turn.change(to_remind=False)
        before = (TELL_IF_IT_HURTS,)
    if at.position is not None and at.routine.steps[at.position].position == at.step.position:
        turn.say(*before)
        instruct(turn, at, announced=False)
    else:
        lies_down = not at.step.seated and not acts_up(turn.session, at)
        due = lies_down and turn.session.user.reach_due
        turn.ask(Positioning(at), *before, *((lines.within_reach(turn.session),) if due else ()))


def take_position(turn: Turn, phase: Positioning) -> None:
    """The user is in position."""
    turn.hush()
    instruct(turn, phase.under_way)


def instruct(turn: Turn, at: UnderWay, *, announced: bool = True, again: bool = False) -> None:
    """Tell the movement; in full to who hears it for the first time, or asks for it again."""
    session, step = turn.session, at.step
    turn.enter(Instructing(replace(at, position=at.here.step)))
    turn.say(*lines.instruction(session, at, announced=announced, full=again or tells_all(session, step)))
    if step.key not in session.user.met and at.so_far.form == "usual":
        turn.learn(met=session.user.met | {step.key})
        turn.record(Met(step.key))


def get_ready(turn: Turn, at: UnderWay, remaining: float | None = None, rep: int = 1) -> None:
    """Say that it is about to begin."""
    turn.enter(GettingReady(at, remaining, rep))
    if remaining is not None or rep > 1:
        turn.say(line("hold.carry_on"))
    if rep == 1:
        turn.say(lines.into(at))


def get_ready_or_begin(turn: Turn, at: UnderWay) -> None:
    """After a movement has been told: how many times was said last, so nothing need be said before it begins."""
    turn.enter(GettingReady(at))
    if isinstance(dose_of(at), Reps):
        begin(turn, GettingReady(at))
    else:
        turn.say(lines.into(at))


def begin(turn: Turn, phase: GettingReady) -> None:
    """Start the hold or the reps a moment from now, on an exact sample."""
    at, dose = phase.under_way, dose_of(phase.under_way)
    starts_at = turn.now + LEAD_S + (GETTING_INTO_HOLD_S if isinstance(dose, Hold) else 0.0)
    turn.do(Chime("start", starts_at - START_TONE_S))
    if isinstance(dose, Reps):
        turn.enter(Moving(at, starts_at, phase.rep, phase.rep))
    else:
        left = min(dose.seconds, phase.remaining) if phase.remaining is not None else dose.seconds
        turn.enter(Holding(at, starts_at, starts_at + left, dose.seconds, math.floor(left + 1e-9)))
    schedule(turn)


def done(turn: Turn, phase: Holding | Moving) -> None:
    """A hold or a set of reps is over: remember it, and go on, or ask for the leg first."""
    fact = done_so_far(phase, turn.now, whole=True)
    if fact is not None:
        turn.record(fact)
    at = _evened_out(phase)
    if isinstance(phase, Holding):
        turn.say(lines.release(at))
    step, session = at.step, turn.session
    last_of_step = is_last_of_step(at.plan, at.task)
    if last_of_step and not at.here.trial:
        turn.record(SetDone(step.key))
        others = tuple(one for one in session.sets_done if one.exercise != step.key)
        turn.change(sets_done=(*others, *sets_of([_as_done(at)])))
        turn.learn(done_today={**session.user.done_today, step.key: session.user.done_today.get(step.key, 0) + 1})
    if last_of_step and step.directional and not session.user.no_leg_pain:
        turn.ask(AskingLeg(at))
    else:
        go_to(turn, at, at.task + 1)


def _as_done(at: UnderWay) -> Step:
    """The step with the dose that it was done with."""
    dose = dose_of(replace(at, task=at.task, so_far=replace(at.so_far, given=())))
    return replace(at.step, hold=dose) if isinstance(dose, Hold) else replace(at.step, reps=dose)


def _evened_out(phase: Holding | Moving) -> UnderWay:
    """With what this side got; at the end of a step, the first side is to get what the user added on the second."""
    at = phase.under_way
    amount = round(phase.seconds) if isinstance(phase, Holding) else reps_of(at).count
    at = at.with_step(given=(*at.so_far.given, (at.here.side, amount + at.so_far.already)), already=0)
    owed = owed_to_first_side(at) if is_last_of_step(at.plan, at.task) else None
    return at if owed is None else replace(at, plan=(*at.plan[: at.task + 1], owed, *at.plan[at.task + 1 :]))


def close(turn: Turn, under_way: UnderWay, *instead: Line) -> None:
    """Speak the closing words of a routine that was done to its end, or others; then lead up from the floor.

    Where all of it was skipped, nothing was done to its end, and there is no praise.
    """
    routine = under_way.routine
    if not turn.session.exercised and not instead:
        turn.enter(Closing(acts=acts_up(turn.session, under_way)))
        turn.say(line("closing.nothing_done"))
        return
    turn.record(RoutineDone(routine.key))
    turn.enter(Closing(done=True, acts=acts_up(turn.session, under_way)))
    if instead:
        turn.say(*instead)
        return
    # Who has moved to a chair on the way does not need to hear how to rise from the floor.
    moved = routine.steps[-1].seated and not known_routine(turn.session, routine.key).steps[-1].seated
    turn.say(line("closing.on_chair") if moved else line("closing.words", text=routine.closing))
    _tell_progress(turn)


def _tell_progress(turn: Turn) -> None:
    """After a routine: once, what may be expected by now, and how much of the week's aim is done."""
    weeks = progressing.milestone_due(turn.session)
    told = progressing.aim_reached(turn.session, with_today=True)
    if weeks is not None:
        practice = turn.session.user.practice
        turn.record(MilestoneTold(weeks))
        turn.learn(practice=replace(practice, milestones=practice.milestones | {weeks}))
        told = (line(f"progress.weeks_{weeks}"), *told)
    if told:
        turn.say(*told)


def stop(turn: Turn) -> None:
    """End what is under way, at once."""
    keep_record(turn)
    turn.hush()
    acts = () if isinstance(turn.session.phase, GettingUp) else way_up(turn.session)
    under_way = turn.session.under_way
    turn.enter(Closing(acts=acts))
    turn.say(line("closing.stopped" if under_way else "closing.quiet"))


def way_up(session: Session) -> tuple[str, ...]:
    """What leads up from the floor, or is left of that, whatever is going on."""
    match beneath(session.phase):
        case (Alerting() | Alerted() | TakingBack() | Closing() | GettingUp()) as phase:
            return phase.acts
    if session.under_way is not None and session.under_way.position is not None:
        return acts_up(session, session.under_way)
    put_off = session.to_close.resume if session.to_close else None
    return put_off.acts if isinstance(put_off, Closing) else ()


def acts_up(session: Session, under_way: UnderWay) -> tuple[str, ...]:
    """What leads up from where the user is; nothing where that is not on the floor."""
    if under_way.position is None or (step := under_way.routine.steps[under_way.position]).seated:
        return ()
    return session.safety.leaving_the_floor.acts_from(step.position)


def pause(turn: Turn) -> None:
    """Pause, from whatever phase."""
    if isinstance(turn.session.phase, ReadingBack | AskingToGoOn):
        stand_still(turn)
    else:
        set_aside(turn)


def set_aside(turn: Turn) -> Paused | None:
    """Leave whatever is going on; a question that came in between is dropped.

    Returns:
        What can be gone on with; None where nothing waits.
    """
    paused: Paused | None = None
    match turn.session.phase:
        case Idle() | Introducing() | Closing() | Choosing():
            pass
        case (
            Confirming(paused=inner)
            | ConfirmingDose(paused=inner)
            | AskingWhetherToStop(paused=inner)
            | AskingToGoOn(paused=inner)
        ):
            paused = inner  # what it interrupted stays paused
        case AskingAllRight(question=question) | ReadingBack(question=question):
            paused = paused_at(question)
        case _:
            return stand_still(turn)
    turn.hush()
    turn.enter(paused or Idle())
    return paused


def paused_at(question: Phase) -> Paused:
    """The pause in which a question is open; where it was asked in a pause, that one."""
    return question.paused if isinstance(question, AskingWhetherToStop | AskingToGoOn) else Paused(question)


def stand_still(turn: Turn) -> Paused:
    """Leave a phase so that it can be gone on with; what is left of a hold, a rest or a set of reps is kept."""
    phase, now = turn.session.phase, turn.now
    if isinstance(phase, Paused):
        return phase
    remaining: float | None = None
    resume: Phase = phase
    match phase:
        case Holding():
            remaining = seconds_remaining(phase, now)
        case Moving():
            resume = replace(phase, first=reps_done(phase, now) + 1)
        case Resting(ends_at=ends_at) | ChangingSides(ends_at=ends_at):
            remaining = max(0.0, ends_at - now)
        case GettingReady():
            remaining = phase.remaining
    paused = Paused(resume, remaining, turn.hush())
    turn.enter(paused)
    return paused


def resume(turn: Turn, paused: Paused, *told: Line) -> None:
    """Go on where it was paused.

    Args:
        turn: The turn.
        paused: What to go on with.
        told: What is said before.
    """
    turn.hush()
    if told:
        turn.say(*told)
    unsaid = tuple(left for left in paused.unsaid if left not in told)
    inner = paused.resume
    match inner:
        case Holding():
            if paused.remaining:
                get_ready(turn, inner.under_way, paused.remaining)
            else:
                done(turn, inner)
        case Moving():
            get_ready(turn, inner.under_way, rep=inner.first)
        case GettingReady():
            get_ready(turn, inner.under_way, inner.remaining, inner.rep)
        case Resting() | ChangingSides():
            turn.enter(replace(inner, ends_at=turn.now + (paused.remaining or 0.0)))
            which_side = unsaid if isinstance(inner, ChangingSides) else ()
            turn.say(line("pause.going_on"), *which_side)
        case _:
            turn.enter(inner)
            turn.say(*(unsaid or turn.asked_again() or (line("pause.going_on"),)))
