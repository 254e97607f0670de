"""Sound devices that go away and come back: the session pauses, says so where it can, and goes on where it was."""

from __future__ import annotations

from dataclasses import replace

from assistant.dialogue.exercising import flow
from assistant.dialogue.line import Line, line
from assistant.dialogue.questions import alerting
from assistant.dialogue.state.care_phases import Alerted, Alerting
from assistant.dialogue.state.phases import Choosing, Closing, Idle, Introducing, Paused, ReviewingHealth
from assistant.dialogue.turn import Turn

GOES_ON_WITHIN_S = 60.0
"""After a longer time the user may have got up, and says when to go on."""

MUTE = "loudspeaker"
"""What is lost where nothing can be said."""


def lost(turn: Turn, device: str) -> None:
    """Pause, and say so unless it is the loudspeaker that has gone."""
    phase = turn.session.phase
    told = () if device == MUTE else (_told(device),)
    match phase:
        case Alerting() if device != MUTE:
            turn.say(*told)  # what to do about a sign of danger is said to its end
        case Alerting() | Alerted():
            turn.hush()
            if isinstance(phase, Alerting):
                alerting.heard_out(turn, phase)
            turn.say(*told)
        case Idle() | Introducing() | Choosing() | ReviewingHealth():
            turn.hush()
            turn.enter(Introducing() if told else Idle())
            turn.say(*told)
        case Paused():
            turn.hush()
            turn.say(*told)
        case _:
            if isinstance(phase, Closing):
                flow.stand_still(turn)
            else:
                flow.pause(turn)
            if isinstance(paused := turn.session.phase, Paused):
                turn.change(phase=replace(paused, for_sound=True))
            turn.say(*told)


def back(turn: Turn, away_s: float) -> None:
    """Go on with what was paused for want of sound; what the user had paused stays so."""
    phase = turn.session.phase
    match phase:
        case Paused(for_sound=True) if away_s <= GOES_ON_WITHIN_S:
            flow.resume(turn, phase, line("sound.back"))
        case Paused():
            turn.hush()
            turn.change(phase=replace(phase, for_sound=False))
            turn.say(line("sound.back_paused"))
        case Alerted():
            alerting.alert_again(turn, phase.cause)
        case Idle() | Introducing():
            turn.hush()
            turn.enter(Introducing())
            turn.say(line("sound.back"))
        case _:
            pass


def _told(device: str) -> Line:
    return line("sound.lost_microphone" if device == "microphone" else "sound.lost_hearing")
