"""What may come next at all: the phases that a recogniser had better be ready for, so that it is when they come.

`assistant.dialogue.foreseeing` knows better which of them will. The tables are in the order in which things happened
most often in the dialogue scripts.
"""

from __future__ import annotations

from collections.abc import Mapping

from assistant.dialogue.state.care_phases import Alerted, Alerting, AskingNews, AskingPain, OfferingGentle
from assistant.dialogue.state.phases import (
    AskingAllRight,
    AskingLeg,
    AskingSide,
    AskingWhetherToStop,
    Cautioning,
    CheckingIn,
    Choosing,
    Closing,
    GettingUp,
    Holding,
    Idle,
    Introducing,
    Moving,
    OfferingToGoOn,
    Paused,
    Phase,
    Positioning,
    ReadingBack,
    ReviewingHealth,
    Screening,
    beneath,
)
from assistant.dialogue.state.takes import HEARD_TOGETHER

Kinds = tuple[type[Phase], ...]

_IN_ROUTINE: Kinds = (Paused, AskingWhetherToStop, CheckingIn, Closing, AskingLeg)
_AFTER: Mapping[type[Phase], Kinds] = {
    Idle: (Introducing, Cautioning, AskingPain, Screening, AskingNews, AskingSide),
    Introducing: (Idle, Cautioning, AskingPain, Screening, AskingNews),
    OfferingToGoOn: (Paused, Introducing, Cautioning),
    Choosing: (Cautioning, Idle, AskingPain, Screening),
    Screening: (ReadingBack, Cautioning, AskingAllRight, Closing),
    AskingNews: (AskingPain, Screening, OfferingGentle, Cautioning),
    ReviewingHealth: (Introducing, Screening),
    AskingPain: (Cautioning, OfferingGentle, AskingSide),
    OfferingGentle: (Cautioning, Closing),
    AskingSide: (Cautioning, AskingAllRight),
    Cautioning: (Positioning, Paused, AskingWhetherToStop),
    Moving: (AskingLeg, Paused, AskingWhetherToStop, CheckingIn, Closing),
    AskingLeg: (ReadingBack, Holding, AskingAllRight, Closing),
    CheckingIn: (Holding, Closing, AskingAllRight),
    Alerting: (Alerted,),
    Alerted: (GettingUp, Closing, Idle),
    Closing: (GettingUp, Idle, AskingPain),
}


def coming(phase: Phase) -> Kinds:
    """The phases for which something else is listened for and that may come next, the likeliest first."""
    kind, below = type(phase), type(beneath(phase))
    after = _AFTER.get(kind, _IN_ROUTINE if kind in HEARD_TOGETHER else (AskingAllRight, Holding, Closing))
    if below is not kind:  # what was interrupted is gone back to
        after = (below, *after)
    alike = HEARD_TOGETHER if kind in HEARD_TOGETHER else (kind,)
    return tuple(dict.fromkeys(other for other in after if other not in alike))
