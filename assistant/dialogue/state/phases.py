"""The phases of a session: what may be going on at one moment.

* A phase holds what it needs and nothing else: there is no hold without its end.
* `Paused` and `Confirming` carry the phase that they came from, with the time that was left of it.
* Which commands are taken in which phase stands in `assistant.dialogue.state.takes`.
"""

from __future__ import annotations

from dataclasses import dataclass

from assistant.dialogue.facts import InWords, Prescribed
from assistant.dialogue.line import Line
from assistant.dialogue.state.care_phases import (
    Alerted,
    Alerting,
    AskingNews,
    AskingPain,
    AskingSide,
    AskingSinceLast,
    ChoosingActivity,
    OfferingActivities,
    OfferingGentle,
    RatingActivity,
    ReviewingHealth,
    Screening,
    TakingBack,
)
from assistant.dialogue.state.reminding import AskingReminder, ConfirmingReminder, ForgettingReminders
from assistant.dialogue.state.routine_phases import (
    AskingLeg,
    Cautioning,
    ChangingSides,
    Closing,
    GettingReady,
    Holding,
    InRoutine,
    Instructing,
    Moving,
    Positioning,
    Resting,
)
from assistant.dialogue.state.unfinished import Unfinished
from intents import Command

__all__ = [
    "Alerted",
    "Alerting",
    "AskingAllRight",
    "AskingHowBad",
    "AskingLeg",
    "AskingNews",
    "AskingPain",
    "AskingSide",
    "AskingToGoOn",
    "AskingWhetherToStop",
    "Cautioning",
    "ChangingSides",
    "CheckingIn",
    "Choosing",
    "Closing",
    "Confirming",
    "ConfirmingDose",
    "Done",
    "GettingReady",
    "GettingUp",
    "Holding",
    "Idle",
    "InRoutine",
    "Instructing",
    "Introducing",
    "Moving",
    "OfferingClearSpeech",
    "OfferingGentle",
    "OfferingToGoOn",
    "OfferingVoice",
    "Paused",
    "Phase",
    "Positioning",
    "ReadingBack",
    "Resting",
    "ReviewingHealth",
    "Screening",
    "beneath",
    "name_of",
]


@dataclass(frozen=True, slots=True)
class Idle:
    """Nothing is under way; waits for a routine to be named."""


@dataclass(frozen=True, slots=True)
class Introducing:
    """Says who it is, or answers a question, with no routine under way."""


@dataclass(frozen=True, slots=True)
class OfferingToGoOn:
    """Says which routine was left unfinished, and asks whether to go on there.

    Attributes:
        left: Where that routine stood.
    """

    left: Unfinished


@dataclass(frozen=True, slots=True)
class Choosing:
    """Reads out numbered routines, a group of them where there are many, and waits for one of them.

    Attributes:
        keys: The routines that may be meant; none: all of them.
        begins: How many of these were read out before.
    """

    keys: tuple[str, ...] = ()
    begins: int = 0


@dataclass(frozen=True, slots=True)
class WakingUp:
    """A limb fell asleep in a position: the user has changed it, and is asked whether the feeling is back.

    Attributes:
        paused: What to go on with; None: nothing waits.
        waited: Whether it has been given a little longer.
    """

    paused: Paused | None
    waited: bool = False


@dataclass(frozen=True, slots=True)
class CheckingIn(InRoutine):
    """It hurt: all stands still, and the user is asked how bad it is, or how to go on.

    Attributes:
        paused: What to go on with where it is not bad; a finished set is not gone on with, what comes after it is.
        in_leg: Whether it was the leg that hurt.
        in_words: How strong it was said to be without a number, if it was.
    """

    paused: Paused
    in_leg: bool = False
    in_words: InWords | None = None

    @property
    def finished(self) -> bool:
        """Whether the set that hurt is over: it is not done again."""
        return isinstance(self.paused.resume, AskingLeg)


@dataclass(frozen=True, slots=True)
class AskingHowBad:
    """It hurts, with no exercise under way: asks how bad it is.

    Attributes:
        paused: The question, or the cautions, to go back to; None: nothing waits.
        in_leg: Whether it is the leg that hurts.
        in_words: As in `CheckingIn`.
    """

    paused: Paused | None
    in_leg: bool = False
    in_words: InWords | None = None


@dataclass(frozen=True, slots=True)
class AskingToGoOn:
    """It hurt too much for the exercise, which is left out: asks whether to go on at all.

    Attributes:
        paused: What comes, if it is to go on.
    """

    paused: Paused


@dataclass(frozen=True, slots=True)
class Paused:
    """Everything stands still until the user resumes.

    Attributes:
        resume: The phase that was left.
        remaining: Seconds that were left of it, where it is timed.
        unsaid: Lines that were cut, to be said on resuming.
        for_sound: Whether it is for want of a sound device, and goes on when that is back.
    """

    resume: Phase
    remaining: float | None = None
    unsaid: tuple[Line, ...] = ()
    for_sound: bool = False


@dataclass(frozen=True, slots=True)
class Confirming:
    """Asks whether to leave what is under way for something else.

    Attributes:
        routine: Key of the routine to start instead; the one under way: start it over.
        paused: What to go back to on "no".
    """

    routine: str
    paused: Paused


@dataclass(frozen=True, slots=True)
class ConfirmingDose:
    """Reads a prescribed dose back and asks whether it is right.

    Attributes:
        prescribed: The dose.
        paused: What to go back to; None: nothing was under way.
    """

    prescribed: Prescribed
    paused: Paused | None


@dataclass(frozen=True, slots=True)
class AskingWhetherToStop:
    """A word of stopping, hurting or a sign was heard in passing: asks what is meant, with the counting paused.

    Attributes:
        heard: The intent that the word belongs to.
        paused: What to go back to.
    """

    heard: str
    paused: Paused


@dataclass(frozen=True, slots=True)
class OfferingVoice:
    """Speaks in another voice, and asks whether to keep it.

    Attributes:
        kept: The voice that is gone back to where it isn't kept.
        paused: What to go back to; None: no routine was under way.
        rests: Whether it stays paused afterwards, as it was before.
    """

    kept: str
    paused: Paused | None
    rests: bool = False


@dataclass(frozen=True, slots=True)
class OfferingClearSpeech:
    """Asks whether to speak for ears that hear little.

    Attributes:
        paused: As in `OfferingVoice`.
        rests: The same.
        done: Whether a routine was just done to its end.
    """

    paused: Paused | None
    rests: bool = False
    done: bool = False


@dataclass(frozen=True, slots=True)
class ReadingBack:
    """Asks whether an answer was heard right, before it steers the routine or ends the day.

    Attributes:
        question: The phase whose question was answered.
        answer: The answer as it was heard.
    """

    question: Phase
    answer: Command


@dataclass(frozen=True, slots=True)
class AskingAllRight:
    """A question that matters got no answer twice: asks whether the user is all right, then pauses.

    Attributes:
        question: The phase whose question is open.
    """

    question: Phase


@dataclass(frozen=True, slots=True)
class GettingUp:
    """Leads the user up from the floor, one act at a time, and waits for each.

    Attributes:
        acts: The acts that are left, the present one first.
        done: Whether a routine was done to its end.
        paused: What is gone on with on a chair once they are up; None: nothing.
        leaving: Whether the assistant is switched off then.
    """

    acts: tuple[str, ...]
    done: bool = False
    paused: Paused | None = None
    leaving: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """The assistant has been switched off."""


Phase = (
    Idle
    | Introducing
    | OfferingToGoOn
    | Choosing
    | Screening
    | ReviewingHealth
    | AskingNews
    | AskingPain
    | AskingSinceLast
    | OfferingActivities
    | ChoosingActivity
    | RatingActivity
    | OfferingGentle
    | AskingSide
    | Cautioning
    | Positioning
    | Instructing
    | GettingReady
    | Holding
    | Moving
    | Resting
    | ChangingSides
    | AskingLeg
    | CheckingIn
    | AskingHowBad
    | AskingToGoOn
    | AskingAllRight
    | Paused
    | Confirming
    | ConfirmingDose
    | AskingWhetherToStop
    | OfferingVoice
    | OfferingClearSpeech
    | ReadingBack
    | Alerting
    | Alerted
    | TakingBack
    | WakingUp
    | AskingReminder
    | ConfirmingReminder
    | ForgettingReminders
    | Closing
    | GettingUp
    | Done
)


def name_of(phase: Phase | type[Phase]) -> str:
    """A phase's name as users and files see it, for instance ``getting-ready``."""
    kind = phase if isinstance(phase, type) else type(phase)
    return "".join("-" + c.lower() if c.isupper() else c for c in kind.__name__).lstrip("-")


def beneath(phase: Phase) -> Phase:
    """What is gone back to after a pause, or after a question that came in between; the phase itself if neither is."""
    match phase:
        case (
            Paused(resume=inner)
            | AskingAllRight(question=inner)
            | ReadingBack(question=inner)
            | Confirming(paused=inner)
            | ConfirmingDose(paused=Paused() as inner)
            | AskingHowBad(paused=Paused() as inner)
            | WakingUp(paused=Paused() as inner)
            | AskingToGoOn(paused=inner)
            | AskingWhetherToStop(paused=inner)
            | OfferingVoice(paused=Paused() as inner)
            | OfferingClearSpeech(paused=Paused() as inner)
            | GettingUp(paused=Paused() as inner)
        ):
            return beneath(inner)
        case _:
            return phase
