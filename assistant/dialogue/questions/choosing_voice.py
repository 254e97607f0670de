"""Another voice, tried before it is kept; and clear speech, offered once to who wants it louder again and again."""

from __future__ import annotations

from dataclasses import replace

from assistant.dialogue.exercising import flow
from assistant.dialogue.exercising.adjusting import answer, keep_voice, note_voice, retune
from assistant.dialogue.line import Line, line
from assistant.dialogue.state.phases import (
    ChangingSides,
    Closing,
    GettingReady,
    Holding,
    Idle,
    Instructing,
    Introducing,
    Moving,
    OfferingClearSpeech,
    OfferingVoice,
    Paused,
    Positioning,
    Resting,
)
from assistant.dialogue.state.session import Session
from assistant.dialogue.turn import Turn
from intents import Command

LOUDER_OFTEN = 2
"""Who has wanted it louder so often may hear little."""

_CAN_BE_ASKED = Idle | Introducing | Paused | Positioning | Instructing | Resting | ChangingSides
"""Nothing is being held or moved, and no other question is open."""


def another(turn: Turn, _: Command) -> None:
    """Speak in the next voice, and ask whether to keep it; not in the middle of an exercise."""
    phase, voices = turn.session.phase, turn.session.preferences.voices
    if isinstance(phase, GettingReady | Holding | Moving):
        answer(turn, line("voice.later"))
    elif len(voices) < 2:
        answer(turn, line("voice.only"))
    else:
        kept = turn.session.voice.name or voices[0]
        _try_next(turn, OfferingVoice(kept, flow.set_aside(turn), rests=isinstance(phase, Paused)))


def try_next(turn: Turn, phase: OfferingVoice, _: Command) -> None:
    """Nor that one: the one after it."""
    turn.hush()
    _try_next(turn, phase)


def _try_next(turn: Turn, phase: OfferingVoice) -> None:
    voice, voices = turn.session.voice, turn.session.preferences.voices
    tried = voice.name if voice.name in voices else voices[0]
    turn.change(voice=replace(voice, name=voices[(voices.index(tried) + 1) % len(voices)]))
    turn.tune(turn.session.voice)
    turn.ask(phase)


def keep(turn: Turn, phase: OfferingVoice, _: Command | None = None) -> None:
    """From now on it speaks like this."""
    note_voice(turn)
    _go_on(turn, phase, line("voice.kept"))


def refuse(turn: Turn, phase: OfferingVoice, _: Command | None = None) -> None:
    """It sounds as it did before."""
    _as_before(turn, phase)
    _go_on(turn, phase, line("voice.as_before"))


def stop(turn: Turn, phase: OfferingVoice, _: Command | None = None) -> None:
    """Enough of everything."""
    _as_before(turn, phase)
    flow.stop(turn)


def _as_before(turn: Turn, phase: OfferingVoice) -> None:
    turn.change(voice=replace(turn.session.voice, name=phase.kept))
    turn.tune(turn.session.voice)


def louder(turn: Turn, _: Command) -> None:
    """Speak louder; who asks for that again is offered clear speech, at once or when an exercise is over."""
    told = retune(turn, loudness=1)
    turn.change(asked_louder=turn.session.asked_louder + 1)
    if is_due(turn.session) and isinstance(turn.session.phase, _CAN_BE_ASKED):
        offer(turn)
    else:
        answer(turn, told)


def is_due(session: Session) -> bool:
    """Whether clear speech is to be offered: once for ever."""
    return session.asked_louder >= LOUDER_OFTEN and session.voice.clear is None


def offer(turn: Turn) -> None:
    """Ask whether to speak for ears that hear little."""
    phase = turn.session.phase
    if isinstance(phase, Closing):
        turn.ask(OfferingClearSpeech(None, done=phase.done))
    else:
        turn.ask(OfferingClearSpeech(flow.set_aside(turn), rests=isinstance(phase, Paused)))


def accept(turn: Turn, phase: OfferingClearSpeech, _: Command) -> None:
    """It is wanted."""
    keep_voice(turn, replace(turn.session.voice, clear=True))
    _go_on(turn, phase, line("voice.clear"))


def decline(turn: Turn, phase: OfferingClearSpeech, _: Command | None = None) -> None:
    """It is not wanted, or nothing is said: it is not offered again."""
    keep_voice(turn, replace(turn.session.voice, clear=False))
    _go_on(turn, phase, line("voice.not_clear"))


def speak_clearly(turn: Turn, command: Command) -> None:
    """Clear speech because the user asks for it, or as it was before."""
    clear = "usual" not in command.slots
    keep_voice(turn, replace(turn.session.voice, clear=clear))
    answer(turn, line("voice.clear" if clear else "voice.usual"))


def _go_on(turn: Turn, phase: OfferingVoice | OfferingClearSpeech, told: Line) -> None:
    turn.hush()
    if phase.paused is None:
        turn.enter(Closing(done=True) if isinstance(phase, OfferingClearSpeech) and phase.done else Introducing())
        turn.say(told)
    elif phase.rests:
        turn.enter(phase.paused)
        turn.say(told, line("pause.paused"))
    else:
        flow.resume(turn, phase.paused, told)
