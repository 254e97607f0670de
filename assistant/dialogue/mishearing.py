"""What is done about what was heard and not understood: nothing that is clearly addressed is met with silence.

* A word of stopping, hurting or a sign, in a routine: everything stands still, and it is asked what was meant, at most
  once a minute.
* To a question: its three reprompts, one after the other, then a short sound.
* While nothing is under way, or all stands still: that it was heard and not understood, once a while, for it may be
  talk, or a television.
* Else: a short sound, if it was clearly speech from near by.
* What is written is addressed, and is answered in words each time, after a question's reprompts with the last of them.
"""

from __future__ import annotations

from dataclasses import replace

from assistant.dialogue.actions import Chime
from assistant.dialogue.events import NotUnderstood
from assistant.dialogue.line import line
from assistant.dialogue.questions import whether_to_stop
from assistant.dialogue.state.care_phases import Alerted, Alerting
from assistant.dialogue.state.phases import AskingLeg, CheckingIn, Idle, InRoutine, Introducing, Paused, Positioning
from assistant.dialogue.turn import Turn

SPEECH = frozenset({"unsure", "not a phrase"})
"""The reasons for which speech is rejected; what has another one was none, or the assistant's own."""

ASKED_EVERY_S = 60.0
"""How much time lies at least between two questions whether to stop."""

TOLD_EVERY_S = {Idle: 600.0, Paused: 60.0, Alerted: 60.0}
"""How much time lies at least between two remarks that it was heard and not understood, by phase."""

SOUND_EVERY_S = 5.0
"""How much time lies at least between two sounds."""


def answer(turn: Turn, heard: NotUnderstood) -> None:
    """Answer what was not understood."""
    if heard.reason not in SPEECH:
        return
    # While nothing is under way there is nothing to stop, and a television says such words all the time.
    addressed = heard.near or (heard.hint is not None and not isinstance(turn.session.phase, Idle))
    if heard.hint is not None and _asks_whether_to_stop(turn):
        turn.change(in_passing=replace(turn.session.in_passing, asked_at=turn.now))
        whether_to_stop.ask(turn, heard.hint)
    elif turn.session.speaking:
        if heard.written and turn.question is None and not isinstance(turn.session.phase, Alerting):
            _say_once(turn)
        elif addressed:
            _sound(turn)
    elif turn.question is not None:
        # Who is getting into a position may well talk to somebody else.
        if addressed or heard.reason == "unsure" or not isinstance(turn.session.phase, Positioning):
            _reprompt(turn, again=heard.written)
    elif addressed and type(turn.session.phase) in TOLD_EVERY_S:
        _tell(turn, always=heard.written)
    elif heard.written:
        _say_once(turn)
    elif heard.reason == "unsure" and not isinstance(turn.session.phase, Idle) and not turn.session.asked_back:
        turn.change(asked_back=True)
        turn.remark(line("unsure.ask"))
    elif addressed:
        _sound(turn)


def _asks_whether_to_stop(turn: Turn) -> bool:
    """Whether it may be asked now; the questions about pain ask for such words themselves."""
    phase = turn.session.phase
    if not isinstance(phase, InRoutine) or isinstance(phase, AskingLeg | CheckingIn):
        return False
    return _is_due(turn, turn.session.in_passing.asked_at, ASKED_EVERY_S)


def _reprompt(turn: Turn, *, again: bool) -> None:
    """Say the next reprompt of the open question; a sound where all have been said, or the last one again."""
    session, question = turn.session, turn.question
    assert question is not None
    reprompts, told = question.reprompts(session, session.phase), session.waiting.reprompted
    if told >= len(reprompts):
        if again:
            turn.remark(*reprompts[-1])
        else:
            _sound(turn)
        return
    turn.change(waiting=replace(session.waiting, reprompted=told + 1, due=None))
    turn.remark(*((line("unsure.ask"),) if told == 0 else ()), *reprompts[told])


def _tell(turn: Turn, *, always: bool) -> None:
    """Say that it was heard and not understood; in a pause there is a sound where that was said not long ago."""
    phase = turn.session.phase
    if always or _is_due(turn, turn.session.in_passing.told_at, TOLD_EVERY_S[type(phase)]):
        turn.change(in_passing=replace(turn.session.in_passing, told_at=turn.now))
        if isinstance(phase, Idle):
            turn.enter(Introducing())
        turn.remark(line(f"unsure.{type(phase).__name__.lower()}"))
    elif not isinstance(phase, Idle):
        _sound(turn)


def _say_once(turn: Turn) -> None:
    """Say that it was not understood, unless that is being said."""
    if not any(said.key == "unsure.ask" for said in turn.session.speaking):
        turn.remark(line("unsure.ask"))


def _sound(turn: Turn) -> None:
    if not isinstance(turn.session.phase, Alerting) and _is_due(
        turn, turn.session.in_passing.sounded_at, SOUND_EVERY_S
    ):
        turn.change(in_passing=replace(turn.session.in_passing, sounded_at=turn.now))
        turn.do(Chime("attention", turn.now))


def _is_due(turn: Turn, last: float | None, every_s: float) -> bool:
    return last is None or turn.now - last >= every_s
