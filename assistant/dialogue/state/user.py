"""What is known of the user: set, told before, or learned in this session."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from assistant.dialogue.facts import Prescribed, Side
from assistant.dialogue.state.ladder import Rating
from assistant.dialogue.state.plan import USUAL_RATE
from assistant.dialogue.state.practice import Practice

Wordiness = Literal["by need", "short", "full"]
Counting = Literal["all", "last five", "tones"]


@dataclass(frozen=True, slots=True)
class Preferences:
    """What the user has set.

    Attributes:
        counting: Count every second of a hold, the last five (holds up to ten seconds in full), or tones only.
        ready_after: Seconds after which the user is taken to be in position; None waits for "ready".
        wordiness: Movements are told in full at first, short later, by name in the end; or always short, or in full.
        voices: The voices that can speak here, the one that is set first.
        household_number: Digits of a number to call for help, in groups; None where none is set.
        rate: How fast the voice speaks, in words a minute.
        clear_pace: How many times as fast it does where it speaks for ears that hear little.
    """

    counting: Counting = "last five"
    ready_after: float | None = None
    wordiness: Wordiness = "by need"
    voices: tuple[str, ...] = ()
    household_number: str | None = None
    rate: int = USUAL_RATE
    clear_pace: float = 1.0


@dataclass(frozen=True, slots=True)
class Health:
    """What the user has answered to the questions before the first session.

    Attributes:
        answers: Yes or no by the question's key.
        cleared: Questions answered with yes, for which a doctor has agreed to exercise.
        complete: Whether all have been answered; a sign that ended a routine makes them due again.
        worse_before: Exercises after which, on an earlier day, the leg pain had moved down.
    """

    answers: Mapping[str, bool] = field(default_factory=dict)
    cleared: frozenset[str] = frozenset()
    complete: bool = False
    worse_before: frozenset[str] = frozenset()

    def said_yes(self, key: str) -> bool:
        """Whether a question was answered with yes."""
        return self.answers.get(key, False)


@dataclass(frozen=True, slots=True)
class User:
    """What is known of the user.

    Attributes:
        health: What was answered to the questions before a routine.
        screened: Whether they were asked in this session.
        barred_by: The question or sign for which no exercise is begun in this session.
        left_out: Exercises that are not done today, for what was said about them.
        ratings: The pain as it was rated while exercising, or when it hurt, in this session.
        milder: Whether exercises begin in their milder form in this session.
        no_leg_pain: Whether the leg doesn't hurt today.
        sore_side: The leg that hurts, once it is known.
        met: Exercises that were explained in full before.
        prescribed: Doses that the user's physiotherapist set, by exercise.
        done_today: Sets of each exercise that were done today.
        reach_due: Whether it is to be said, before lying down, what has to be within reach.
        disclaimer_due: Whether it is still to be said that this is general information.
        activities: What is hard for the user, as far as they told it.
        activities_due: Whether it is time to ask how well they can do it.
        own_routines: What the user has put together by voice, by name.
        practice: What earlier sessions have left behind.
    """

    health: Health = Health()
    screened: bool = False
    barred_by: str | None = None
    left_out: frozenset[str] = frozenset()
    ratings: tuple[Rating, ...] = ()
    milder: bool = False
    no_leg_pain: bool = False
    sore_side: Side | None = None
    met: frozenset[str] = frozenset()
    prescribed: Mapping[str, Prescribed] = field(default_factory=dict)
    done_today: Mapping[str, int] = field(default_factory=dict)
    reach_due: bool = False
    disclaimer_due: bool = False
    activities: tuple[str, ...] = ()
    activities_due: bool = False
    own_routines: Mapping[str, tuple[Prescribed, ...]] = field(default_factory=dict)
    practice: Practice = field(default_factory=Practice)

    @property
    def sore_leg(self) -> Side | None:
        """The leg whose pain is asked for apart from the back's: the sore one, unless it doesn't hurt today."""
        return None if self.no_leg_pain else self.sore_side
