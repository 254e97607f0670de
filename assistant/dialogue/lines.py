"""Which lines are said at which moment. The words themselves stand in ``lines.yaml`` and in the routines."""

from __future__ import annotations

from assistant.dialogue import announcing, progressing
from assistant.dialogue.facts import Prescribed, Side
from assistant.dialogue.line import Line, line
from assistant.dialogue.state.care_phases import AskingPain, OfferingGentle
from assistant.dialogue.state.doses import dose_of, reps_done, reps_of, seconds_remaining
from assistant.dialogue.state.one_exercise import known_routine
from assistant.dialogue.state.phases import (
    AskingHowBad,
    CheckingIn,
    Holding,
    Moving,
    Paused,
)
from assistant.dialogue.state.plan import seconds_left
from assistant.dialogue.state.session import Session
from assistant.dialogue.state.takes import most_needed
from assistant.dialogue.state.told import amount_told, telling_of, tells_all
from assistant.dialogue.state.under_way import UnderWay
from assistant.dialogue.state.unfinished import HoldLeft, RepsLeft, Unfinished
from assistant.routines import Hold, Reps
from assistant.routines.naming import names_of_exercises
from intents import Command
from intents.sided import names_side

DISCLAIMER = line("greeting.disclaimer")
WITHIN_REACH = frozenset(f"floor.within_reach{how}" for how in ("", "_at_first", "_short", "_early"))
"""The lines that say what has to be within reach before lying down."""

HELP_AT_MOST = 7
"""More than this nobody keeps in mind while lying on the floor."""


def offer_to_go_on(session: Session, left: Unfinished) -> tuple[Line, ...]:
    """Where the routine stood that was left unfinished, and the question whether to go on there."""
    title = known_routine(session, left.routine).title
    if left.here is None:
        return (line("unfinished.cautions", title=title), line("unfinished.ask"))
    name = name_of_exercise(session, left.exercise)
    where = [line("unfinished.step", title=title, n=left.here.step + 1, of=len(left.steps), name=name)]
    if left.here.side is not None:
        where.append(line("unfinished.side", side=left.here.side))
    match left.moment:
        case HoldLeft(remaining=remaining):
            where.append(line("unfinished.seconds", n=max(1, round(remaining))))
        case RepsLeft(rep=rep) if rep > 1:
            where.append(line("unfinished.reps", n=rep - 1))
    return (*where, line("unfinished.ask"))


def within_reach(session: Session) -> Line:
    """What has to be within reach before lying down; in few words to who has heard it lately.

    Whether rising is hard, who is here for the first time has just been asked.
    """
    practice = session.user.practice
    if practice.in_habit:
        return line("floor.within_reach_short")
    return line("floor.within_reach" if practice.sessions else "floor.within_reach_at_first")


def within_reach_early(session: Session) -> tuple[Line, ...]:
    """The same at the greeting, where it is due, to who was here lately: they are up, and can put it there.

    Whoever does not hear it out hears it before lying down.
    """
    user = session.user
    due = user.reach_due and user.practice.in_habit and not user.health.said_yes("hard_to_rise")
    return (line("floor.within_reach_early"),) if due else ()


def positioning(session: Session, at: UnderWay) -> tuple[Line, ...]:
    """How to get into the position of a step."""
    told, in_full = way_there(session, at), tells_all(session, at.step)
    if session.preferences.ready_after is None:
        return (*told, line("step.say_when_there" if in_full else "step.say_ready"))
    return told


def way_there(session: Session, at: UnderWay, *, full: bool = False) -> tuple[Line, ...]:
    """The name of a step, and the way into its position."""
    step = at.step
    if step.short_way is None or full or tells_all(session, step):
        named = (announce_step(at),) if len(at.routine.steps) > 1 else ()  # else it is the routine that was named
        return (*named, told_of(at, "step.getting_there", step.getting_there))
    return (told_of(at, "step.name_and_way", step.short_way, name=step.name),)


def instruction(session: Session, at: UnderWay, *, announced: bool, full: bool) -> tuple[Line, ...]:
    """Caution, movement, cue and dose of a step.

    Args:
        session: The session.
        at: The routine, at the step that is told.
        announced: Whether the step's name and position have been spoken just before.
        full: Whether it is told in full, whatever the user knows of it.
    """
    step = at.step
    told = "full" if full or step.short is None else amount_told(session, step)
    lines: list[Line] = []
    if not announced and told == "full":
        lines = [announce_step(at), told_of(at, "step.getting_there", step.getting_there)]
    elif not announced:  # the position is the same as before
        lines = [line("step.name", name=step.name)]
    if told == "full" or step.caution not in session.user.practice.cautions_heard:
        lines.append(told_of(at, "step.caution", step.caution))
    lines += [line(f"gentler.{q}") for q in step.gentler_with if session.user.health.said_yes(q)]
    way = step.getting_there if told == "full" or step.short_way is None else step.short_way
    way_names_it = names_side(way) and (announced or told == "full")
    if told == "full" and not (way_names_it and names_side(step.movement)):
        lines += this_side(at)
    if at.so_far.form == "easier":
        lines += [told_of(at, "step.easier", step.easier), *progressing.stronger_due(session, at)]
    elif at.so_far.form == "harder" and step.harder is not None:
        lines += [told_of(at, "step.harder", step.harder)]
    elif told == "full":
        lines += [told_of(at, "step.movement", step.movement), told_of(at, "step.cue", step.cue)]
    elif told == "short" and step.short is not None and not _says_what_to_do(at):
        lines += [told_of(at, "step.movement", step.short)]
    if told != "full" and not way_names_it and not any(_names_the_side(said) for said in (*lines, into(at))):
        lines += this_side(at)
    return (*lines, *_dose(session, at, "" if told == "full" else "_short"))


def _names_the_side(said: Line) -> bool:
    return names_side(str(dict(said.slots).get("text", "")))


def _says_what_to_do(at: UnderWay) -> bool:
    """Whether what is said right before the hold says it."""
    return into(at).key == "hold.into"


def told_of(at: UnderWay, key: str, text: str, **slots: str | int) -> Line:
    """A text about the exercise, which may name the leg."""
    return line(key, text=text, **slots, **({"side": at.here.side} if at.here.side else {}))


def this_side(at: UnderWay) -> tuple[Line, ...]:
    """Which leg it is; nothing where the exercise has no sides."""
    return (line("side.this", side=at.here.side),) if at.here.side else ()


def into(at: UnderWay) -> Line:
    """How to get into a hold, right before it; that it is about to begin, where nobody has written that."""
    text = at.step.into_of(at.so_far.form) if isinstance(at.step.dose, Hold) else None
    return told_of(at, "hold.into", text) if text else line("hold.get_ready")


def release(at: UnderWay) -> Line:
    """How to get out of a hold."""
    text = at.step.release
    return told_of(at, "hold.release", text) if text else line("hold.release_only")


def _dose(session: Session, at: UnderWay, short: str) -> tuple[Line, ...]:
    step = at.step
    theirs = (line("prescription.theirs"),) if step.key in session.user.prescribed else ()
    match dose_of(at):
        case Hold(breaths=int(breaths)):
            return (*theirs, line(f"step.breaths{short}", n=breaths))
        case Hold(times=1) as dose if dose.seconds % 60 == 0:
            return (*theirs, line(f"step.hold_minutes{short}", minutes=dose.seconds // 60))
        case Hold(times=1) as dose:
            return (*theirs, line(f"step.hold{short}", seconds=dose.seconds))
        case Hold() as dose:
            return (*theirs, line(f"step.holds{short}", seconds=dose.seconds, times=dose.times))
        case Reps() as dose:
            return (*theirs, line(f"step.reps{short}", count=dose.count))


def confirmation(session: Session, key: str) -> Line:
    """The question whether to leave what is under way."""
    if session.under_way is not None and session.under_way.routine.key == key:
        return line("confirm.start_over")
    return line("confirm.other", title=known_routine(session, key).title)


def hurts_offer(phase: CheckingIn) -> Line:
    """What may be done after something hurt; the easier form only once, and of a set that is over nothing more."""
    if phase.finished:
        return line("hurts.how_bad")
    return line("hurts.offer_rest" if phase.under_way.so_far.form == "easier" else "hurts.offer")


def screening_question(session: Session, question: str, routine: str | None = None) -> Line:
    """A question before a routine; see `assistant.dialogue.questions.screening` for its forms."""
    kind, _, about = question.partition(":")
    match kind:
        case "news":
            return announcing.news(session, routine)
        case "cleared":
            return line("screening.cleared_surgeon" if about == "surgery" else "screening.cleared")
        case "leg":
            return line("leg.still_worse", name=name_of_exercise(session, about))
        case _:
            return line(f"screening_ask.{question}")


def name_of_exercise(session: Session, key: str) -> str:
    """What an exercise is called."""
    return names_of_exercises(session.exercises, session.routines.values()).get(key, key)


def health_answers(session: Session) -> tuple[Line, ...]:
    """What the user has answered, said with what follows from it."""
    answers = session.user.health.answers
    said_yes = tuple(line(f"health_yes.{q.key}") for q in session.safety.questions if answers.get(q.key))
    if not said_yes:
        return (line("health.all_no"),)
    return (line("health.yes_to", items=said_yes),)


def pain_question(session: Session, phase: AskingPain) -> Line:
    """The question for the pain, from zero to ten; in few words to who has answered it before.

    Where a leg is sore, that of the back and that of the leg are asked for apart, in few words both in one.
    """
    side = session.user.sore_leg
    key = "rating.ask_after" if phase.moment == "after" else "rating.ask"
    if side is None:
        return line(f"{key}_short" if _has_rated(session) else key)
    if phase.of_leg:
        return line("rating.ask_leg", side=side)
    if asks_for_both(session, phase):
        routine = phase.routine and session.announced == phase.routine and known_routine(session, phase.routine)
        which = "_known" if routine and routine.asks_for_side else ""
        return line(f"{key}_both_short{which}", side=side)
    return line("rating.ask_back_short" if _has_rated(session) else f"{key}_back")


def asks_for_both(session: Session, phase: AskingPain) -> bool:
    """Whether the pain of back and leg is asked for in one question: where a leg is sore, in few words."""
    neither_told = phase.back is None and phase.leg is None
    return session.user.sore_leg is not None and neither_told and _has_rated(session)


def _has_rated(session: Session) -> bool:
    return session.user.practice.in_habit and session.diary is not None and session.diary.last_level is not None


def gentle_offer(phase: OfferingGentle) -> tuple[Line, ...]:
    """What was noticed, and the question whether to do the gentle routine."""
    noticed = {
        "rising": ("rating.rising", "diary.pain_advice"),
        "more than usual": ("rating.more_than_usual",),
        "worse since": (),  # has been said before
    }
    return (*(line(key) for key in noticed.get(phase.why, ("rating.much",))), line("rating.gentle"))


def leg_question(session: Session) -> Line:
    """Where the leg pain is after a set."""
    practice = session.user.practice
    if practice.in_habit and practice.no_leg_pain:
        return line("leg.still_none")
    short = "_short" if practice.in_habit else ""
    side = session.user.sore_side
    return line(f"leg.ask_side{short}", side=side) if side else line(f"leg.ask{short}")


def dose_question(session: Session, prescribed: Prescribed) -> Line:
    """A prescribed dose, read back."""
    name = name_of_exercise(session, prescribed.exercise)
    key = f"prescription.confirm_{prescribed.unit}"
    if prescribed.a_day is None:
        return line(key, name=name, n=prescribed.amount)
    return line(f"{key}_a_day", name=name, n=prescribed.amount, times=prescribed.a_day)


def reminders(session: Session) -> tuple[Line, ...]:
    """What of the prescribed sets is still to be done today."""
    open_ones = [
        (prescribed, prescribed.a_day - session.user.done_today.get(key, 0))
        for key, prescribed in session.user.prescribed.items()
        if prescribed.a_day
    ]
    return tuple(
        line(
            "prescription.reminder",
            name=name_of_exercise(session, prescribed.exercise),
            n=sets,
            of=prescribed.a_day or 0,
        )
        for prescribed, sets in open_ones
        if sets > 0
    )


def feeling(session: Session) -> tuple[Line, ...]:
    """What an exercise should feel like."""
    step = session.step
    if step is None:
        return (line("where.nowhere"),)
    return (line("step.feel", text=step.feel or step.cue),)


def how_long(session: Session, now: float) -> tuple[Line, ...]:
    """What is left of the hold or the reps, and of the routine."""
    lines: list[Line] = []
    phase = session.phase
    match phase:
        case Paused(resume=Holding(), remaining=float(left)):
            lines.append(line("left.hold", n=max(1, round(left))))
        case Holding():
            lines.append(line("left.hold", n=max(1, round(seconds_remaining(phase, now)))))
        case Moving(under_way=at) | Paused(resume=Moving(under_way=at)):
            lines.append(line("left.reps", n=max(1, reps_of(at).count - reps_done(phase, now))))
    if (under_way := session.under_way) is not None:
        routine, tasks = under_way.routine, under_way.plan[under_way.task :]
        lines.append(line("left.routine", n=_minutes(seconds_left(routine, tasks, telling_of(session, routine)))))
    return tuple(lines) or (line("left.nothing"),)


def where(session: Session) -> tuple[Line, ...]:
    """Step, side and round."""
    at = session.exercising
    if at is None:
        return (line("where.nowhere"),)
    lines = [announce_step(at)]
    lines += this_side(at)
    if at.here.rounds > 1:
        lines.append(line("where.round", n=at.here.round, of=at.here.rounds))
    return tuple(lines)


def safety(session: Session) -> tuple[Line, ...]:
    """The cautions again: the routine's and the step's."""
    if session.under_way is None:
        return (line("safe.general"),)
    told, step = announcing.cautions(session, session.under_way.routine), session.step
    if step is None:
        return told
    leaving = (line("step.leave_when", text=step.leave_when),) if step.leave_when else ()
    return (*told, line("step.caution", text=step.caution), *leaving)


def why(session: Session, *, stretching: bool) -> tuple[Line, ...]:
    """What it is good for: this routine, or stretching at large."""
    if stretching or session.under_way is None:
        return (line("why.stretching"),)
    return (line("why.routine", text=session.under_way.routine.purpose),)


def read_back(answer: Command) -> Line:
    """An answer, read back as a question."""
    moved = answer.slots.get("moved", "none")
    return line(f"read_back.{'yes' if answer.intent == 'Yes' else moved}")


def help_here(session: Session) -> tuple[Line, ...]:
    """The commands that are taken now, the most needed first."""
    level = isinstance(session.phase, AskingPain | CheckingIn | AskingHowBad)
    options = tuple(
        line("help.level" if level and intent == "Number" else f"help.{intent}")
        for intent in most_needed(session.phase)
    )
    return (line("help.can_say", options=options[:HELP_AT_MOST]),)


def side_noted(side: Side) -> Line:
    """Confirms which leg is sore."""
    return line("side.noted", side=side)


def change_of_sides(at: UnderWay, side: Side) -> Line:
    """Which side comes now; where it only gets what the other side got more, how much that is."""
    if at.here.evens is None:
        return line("side.change", side=side)
    key = "side.evens_seconds" if isinstance(at.step.dose, Hold) else "side.evens_reps"
    return line(key, side=side, n=at.here.evens)


def announce_step(at: UnderWay) -> Line:
    """Which step it is, and what it is called."""
    return line("step.announce", n=at.here.step + 1, of=len(at.routine.steps), name=at.step.name)


def _minutes(seconds: float) -> int:
    return max(1, round(seconds / 60))
