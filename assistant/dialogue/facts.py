"""What is worth remembering of a session."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from assistant.dialogue.reminder_facts import ReminderGiven, ReminderSet, RemindersForgotten
from assistant.routines import Form

Side = Literal["left", "right"]
LegMove = Literal["higher", "same", "lower", "none"]
"""Where the leg pain is now, compared with before: nearer the spine, unchanged, further down the leg, or not there."""


@dataclass(frozen=True, slots=True)
class Held:
    """A position was held.

    Attributes:
        routine: Key of the routine.
        exercise: Key of the exercise.
        side: The side, if it has sides.
        seconds: How long it was held, pauses left out.
        whole: Whether that was all of it.
    """

    routine: str
    exercise: str
    side: Side | None
    seconds: float
    whole: bool


@dataclass(frozen=True, slots=True)
class Moved:
    """A movement was repeated.

    Attributes:
        routine: Key of the routine.
        exercise: Key of the exercise.
        side: The side, if it has sides.
        reps: Repetitions that were counted to their end.
        whole: Whether that was all of them.
        seconds: How long that took, pauses left out.
    """

    routine: str
    exercise: str
    side: Side | None
    reps: int
    whole: bool
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class SoreSide:
    """The user said which leg hurts."""

    side: Side


@dataclass(frozen=True, slots=True)
class DisclaimerHeard:
    """The words that this is general information were spoken to their end."""


@dataclass(frozen=True, slots=True)
class CautionHeard:
    """A caution of a routine was spoken to its end, or has just been asked about; these are its words."""

    caution: str


@dataclass(frozen=True, slots=True)
class WithinReachHeard:
    """What has to be within reach before lying down was spoken to its end."""


@dataclass(frozen=True, slots=True)
class HealthAnswer:
    """A question of the screening was answered."""

    question: str
    yes: bool


@dataclass(frozen=True, slots=True)
class Cleared:
    """The user says whether a doctor has agreed, in spite of an answer that stands against exercise."""

    question: str
    yes: bool


@dataclass(frozen=True, slots=True)
class ScreeningComplete:
    """All questions of the screening have been answered."""


@dataclass(frozen=True, slots=True)
class HealthForgotten:
    """The user wants the answers to the screening erased."""


@dataclass(frozen=True, slots=True)
class SignNoticed:
    """A sign ended what was under way; the screening is due again.

    Attributes:
        symptom: Its key in `assistant.routines.safety`.
        exercise: The exercise under way, if any.
    """

    symptom: str
    exercise: str | None


@dataclass(frozen=True, slots=True)
class SignTakenBack:
    """A sign, or pain that ended it for today, had been misheard.

    Attributes:
        symptom: As in `SignNoticed`.
    """

    symptom: str


@dataclass(frozen=True, slots=True)
class LegAnswer:
    """Where the leg pain was after a set.

    Attributes:
        exercise: Key of the exercise.
        moved: Where it has moved.
    """

    exercise: str
    moved: LegMove


@dataclass(frozen=True, slots=True)
class LegSettled:
    """The next day: the leg is no longer worse after that exercise."""

    exercise: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An exercise is not done any more today, for the pain that it made."""

    exercise: str


@dataclass(frozen=True, slots=True)
class PainSaid:
    """The user has put a number to the pain.

    Attributes:
        exercise: Key of the exercise under way.
        level: 0 to 10.
        in_leg: Whether it is in the leg.
    """

    exercise: str
    level: int
    in_leg: bool


@dataclass(frozen=True, slots=True)
class EndedForPain:
    """The pain was so strong that nothing more is done today.

    Attributes:
        exercise: Key of the exercise under way, if any.
        level: 0 to 10.
        in_leg: Whether it is in the leg.
    """

    exercise: str | None
    level: int
    in_leg: bool


@dataclass(frozen=True, slots=True)
class Met:
    """An exercise was explained in full."""

    exercise: str


@dataclass(frozen=True, slots=True)
class SetDone:
    """An exercise of a routine was done to its end, on all its sides."""

    exercise: str


@dataclass(frozen=True, slots=True)
class Prescribed:
    """A dose that the user's physiotherapist set, or that the user wants, as told.

    Attributes:
        exercise: Key of the exercise.
        amount: Reps, seconds of a hold, or how many times it is held.
        unit: Which of them.
        a_day: Sets a day; None if nothing was said about that.
    """

    exercise: str
    amount: int
    unit: Literal["reps", "seconds", "times"]
    a_day: int | None = None


InWords = Literal["some", "much"]
"""How strong pain is, said without a number. It is asked about, or acted on; the diary holds numbers only."""

PainMoment = Literal["before", "after", "between"]
"""When the pain was asked for: before a routine, after one, or because the user wanted it noted."""


@dataclass(frozen=True, slots=True)
class RoutineBegun:
    """A routine was announced."""

    routine: str


@dataclass(frozen=True, slots=True)
class RoutineDone:
    """A routine was done to its end."""

    routine: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """The user left an exercise out."""

    exercise: str


@dataclass(frozen=True, slots=True)
class FormTaken:
    """An exercise is done in another form from here on."""

    exercise: str
    form: Form | Literal["chair"]


@dataclass(frozen=True, slots=True)
class DoseChanged:
    """The user has changed the dose of an exercise.

    Attributes:
        routine: Key of the routine.
        exercise: Key of the exercise.
        seconds: What is added to its holds now, in all.
        reps: The same for its reps.
        pace: The same for each of its reps, in seconds.
    """

    routine: str
    exercise: str
    seconds: int
    reps: int
    pace: int


@dataclass(frozen=True, slots=True)
class VoiceTuned:
    """The user wants the voice otherwise.

    Attributes:
        pace: In steps from what is set.
        loudness: The same.
        voice: Another one; None: the one that is set.
        instead_of: The one that is set.
        clear: Whether it speaks for ears that hear little; None: nor has that been offered.
    """

    pace: int
    loudness: int
    voice: str | None = None
    instead_of: str | None = None
    clear: bool | None = None


@dataclass(frozen=True, slots=True)
class WordsChosen:
    """The user wants to be told much or little."""

    wordiness: Literal["short", "full"]


@dataclass(frozen=True, slots=True)
class AimSet:
    """On how many days of a week the user wants to stretch."""

    days: int


@dataclass(frozen=True, slots=True)
class MilestoneTold:
    """It was said what may be expected after so many weeks."""

    weeks: int


@dataclass(frozen=True, slots=True)
class RoutineMade:
    """The user has put a routine together.

    Attributes:
        name: What it is called.
        sets: Its exercises with their amounts, in order.
    """

    name: str
    sets: tuple[Prescribed, ...]


@dataclass(frozen=True, slots=True)
class PainRated:
    """The user has put a number to the pain, with no exercise under way.

    Attributes:
        moment: When.
        level: 0 to 10.
        in_leg: Whether it is that of the leg, where a leg is sore.
    """

    moment: PainMoment
    level: int
    in_leg: bool = False


Since = Literal["better", "same", "worse"]
"""What is answered to how it was."""


@dataclass(frozen=True, slots=True)
class SinceLast:
    """How it was after the last session, asked at the beginning of the one after."""

    since: Since | Literal["not worse"]


@dataclass(frozen=True, slots=True)
class ActivityRated:
    """How well the user can do something that is hard for them, by the Patient-Specific Functional Scale.

    Attributes:
        activity: What it is.
        level: 0, not at all, to 10, as well as ever.
        among: All that they have chosen so far.
    """

    activity: str
    level: int
    among: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ActivitiesLeft:
    """The user does not want to tell how well they can do what is hard for them."""


@dataclass(frozen=True, slots=True)
class NoteForPhysio:
    """What the user wants their physiotherapist to know, as one of the things that can be said."""

    note: str


@dataclass(frozen=True, slots=True)
class PainNotRated:
    """The question for the pain was left open."""

    moment: PainMoment


Fact = (
    Held
    | Moved
    | SoreSide
    | DisclaimerHeard
    | CautionHeard
    | WithinReachHeard
    | HealthAnswer
    | Cleared
    | ScreeningComplete
    | HealthForgotten
    | SignNoticed
    | SignTakenBack
    | LegAnswer
    | LegSettled
    | LeftOut
    | PainSaid
    | EndedForPain
    | Met
    | SetDone
    | Prescribed
    | RoutineBegun
    | RoutineDone
    | Skipped
    | FormTaken
    | DoseChanged
    | VoiceTuned
    | WordsChosen
    | RoutineMade
    | AimSet
    | MilestoneTold
    | PainRated
    | SinceLast
    | ActivityRated
    | ActivitiesLeft
    | NoteForPhysio
    | PainNotRated
    | ReminderSet
    | ReminderGiven
    | RemindersForgotten
)
