"""The phases that ask for health and pain, and that tell what to do about a sign, outside of any exercise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from assistant.dialogue.facts import InWords, PainMoment
from assistant.dialogue.state.trend import Trend
from assistant.dialogue.state.unfinished import Unfinished


@dataclass(frozen=True, slots=True)
class Screening:
    """Asks what would stand against exercise, one question after the other.

    Attributes:
        routine: Key of the routine that waits for it; None: the user wanted to change the answers.
        questions: What is still to be asked, the present one first: see `assistant.dialogue.questions.screening`.
        left: Where that routine stood, if it is one that is gone on with.
    """

    routine: str | None
    questions: tuple[str, ...]
    left: Unfinished | None = None


@dataclass(frozen=True, slots=True)
class ReviewingHealth:
    """Has read out the answers, or was asked to erase them, and asks whether to.

    Attributes:
        erase: Whether they are to be erased rather than asked anew.
    """

    erase: bool


@dataclass(frozen=True, slots=True)
class AskingSide:
    """Asks which leg is sore.

    Attributes:
        routine: Key of the routine that needs to know.
    """

    routine: str


@dataclass(frozen=True, slots=True)
class AskingPain:
    """Asks for the pain, from zero to ten; may be left open.

    Attributes:
        moment: Before a routine, after one, or because the user wants it noted.
        routine: Key of the routine that waits for it, if one does.
        in_words: How strong it was said to be without a number, if it was.
        of_leg: Whether it is the leg's that is asked for: where a leg is sore, both are.
        back: What was told of the back.
        leg: What was told of the leg.
    """

    moment: PainMoment
    routine: str | None
    in_words: InWords | None = None
    of_leg: bool = False
    back: int | None = None
    leg: int | None = None


@dataclass(frozen=True, slots=True)
class AskingSinceLast:
    """Asks how it was after the last session: better, the same, or worse.

    Attributes:
        routine: Key of the routine that waits for it.
    """

    routine: str


@dataclass(frozen=True, slots=True)
class AskingNews:
    """Asks in one question whether anything is new, and whether it was worse after the last session.

    Attributes:
        routine: Key of the routine that waits for it.
    """

    routine: str


@dataclass(frozen=True, slots=True)
class OfferingGentle:
    """A bad day: asks whether to do the gentle routine.

    Attributes:
        routine: Key of the routine that was wanted, if one was.
        why: What was noticed.
    """

    routine: str | None
    why: Trend | Literal["worse since"] = "much"


@dataclass(frozen=True, slots=True)
class OfferingActivities:
    """Asks whether to note what is hard for the user, to see how that changes; may be left open.

    Attributes:
        done: Whether a routine was just done to its end.
    """

    done: bool = False


@dataclass(frozen=True, slots=True)
class ChoosingActivity:
    """Asks for something that is hard for the user.

    Attributes:
        chosen: What was chosen before.
        done: As in `OfferingActivities`.
    """

    chosen: tuple[str, ...] = ()
    done: bool = False


@dataclass(frozen=True, slots=True)
class RatingActivity:
    """Asks how well the user can do one of these things, from zero to ten.

    Attributes:
        chosen: All that were chosen.
        n: Which of them it is about, from 0.
        choosing: Whether they are being chosen, and more may follow.
        done: As in `OfferingActivities`.
    """

    chosen: tuple[str, ...]
    n: int = 0
    choosing: bool = False
    done: bool = False


@dataclass(frozen=True, slots=True)
class Alerting:
    """Says what to do about a sign that ended the routine; takes nothing until that is said.

    Attributes:
        cause: Key of the sign, or of the question that was answered with yes.
        left: Where the routine stood, to be taken up if it was misheard.
        slowly: Whether it is said slowly, because nobody answers or help is wanted.
        told: How often it has been said in a row, this time included.
        acts: What leads up from the floor, where the user lies or kneels on it.
    """

    cause: str
    left: Unfinished | None = None
    slowly: bool = False
    told: int = 1
    acts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Alerted:
    """The words about the sign have been said; they are repeated on request, and nothing is begun.

    Attributes:
        cause: As in `Alerting`.
        left: The same.
        told: The same.
        acts: The same.
    """

    cause: str
    left: Unfinished | None = None
    told: int = 1
    acts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TakingBack:
    """The user says that it was a false alarm: asks whether it was none.

    Attributes:
        cause: As in `Alerting`.
        left: The same.
        acts: The same.
    """

    cause: str
    left: Unfinished | None = None
    acts: tuple[str, ...] = ()
