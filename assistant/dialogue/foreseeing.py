"""What comes next, tried: the core is a pure function, so it is known what silence brings, and what likely answers do.

The recogniser is made ready for that. To be wrong here costs a few hundredths of a second, no word.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from assistant.dialogue.events import DeadlineReached, Event, Heard, SpeechFinished
from assistant.dialogue.manager import next_deadline, respond
from assistant.dialogue.questions.table import QUESTIONS
from assistant.dialogue.state.coming import Kinds, coming
from assistant.dialogue.state.phases import Phase
from assistant.dialogue.state.session import Session
from assistant.dialogue.state.takes import HEARD_TOGETHER, TAKES
from intents import Command

LIKELY: Mapping[str, Sequence[Mapping[str, Any]]] = {
    "Ready": ({},),
    "No": ({},),
    "Yes": ({},),
    "Side": ({"side": "left"}, {"side": "right"}),
    "Next": ({},),
    "LegPain": ({"moved": "none"}, {"moved": "same"}),
    "SinceLast": ({"since": "better"}, {"since": "same"}),
    "Number": ({"number": 2}, {"number": 5}),
    "Resume": ({},),
    "Stop": ({},),
    "Pause": ({},),
    "Repeat": ({},),
}
"""Answers that come often, the likeliest first."""

_LONGEST_EVENTS = 200
_LINE_S = 2.0


def likely_answers(session: Session) -> Iterator[Command]:
    """What may well be said now, the likeliest first."""
    takes = TAKES[type(session.phase)]
    for intent, answers in LIKELY.items():
        if intent in takes:
            yield from (Command(intent, dict(slots)) for slots in answers)
    if "StartRoutine" in takes and session.under_way is None:
        yield from (Command("StartRoutine", {"routine": key}) for key in session.routines)


def foreseen(session: Session, now: float) -> Kinds:
    """The phases for which something else is listened for and that may come next, the likeliest first.

    Args:
        session: Where it has come to.
        now: The time, in seconds on the sample clock.
    """
    in_silence = [_in_silence(session, now)]
    question = session.under_way is None or type(session.phase) in QUESTIONS
    answered = [kind for kind, _ in Counter(_when_answered(session, now)).most_common()] if question else []
    # A question is answered, most of the time, or left open; of an exercise the end comes.
    tried = [*answered[:1], *in_silence, *answered[1:]] if question else in_silence
    return tuple(kind for kind in dict.fromkeys([*tried, *coming(session.phase)]) if kind is not None)


def _in_silence(session: Session, now: float) -> type[Phase] | None:
    """What comes if nobody says anything; None: nothing else."""
    here = session.phase
    for _ in range(_LONGEST_EVENTS):
        deadline = next_deadline(session)
        if session.speaking:
            event: Event = SpeechFinished(session.speaking[0])
            now += _LINE_S
        elif deadline is not None:
            event = DeadlineReached()
            now = max(now, deadline)
        else:
            return None
        session, _actions = respond(session, event, now)
        if not _heard_alike(session.phase, here):
            return type(session.phase)
    return None


def _when_answered(session: Session, now: float) -> Iterator[type[Phase]]:
    for command in likely_answers(session):
        try:
            after = respond(session, Heard(command, 1.0, now, now), now)[0].phase
        except (KeyError, ValueError):  # it is not taken there as it is
            continue
        if not _heard_alike(after, session.phase):
            yield type(after)


def _heard_alike(one: Phase, other: Phase) -> bool:
    return type(one) is type(other) or {type(one), type(other)} <= set(HEARD_TOGETHER)
