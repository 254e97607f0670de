"""What is known of a user from before, and what a fact adds to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Literal

from assistant.dialogue.facts import (
    ActivitiesLeft,
    ActivityRated,
    AimSet,
    CautionHeard,
    Cleared,
    DisclaimerHeard,
    DoseChanged,
    EndedForPain,
    Fact,
    FormTaken,
    HealthAnswer,
    HealthForgotten,
    LeftOut,
    LegAnswer,
    LegSettled,
    Met,
    MilestoneTold,
    PainSaid,
    Prescribed,
    RoutineBegun,
    RoutineMade,
    ScreeningComplete,
    SetDone,
    SignNoticed,
    SignTakenBack,
    SoreSide,
    VoiceTuned,
    WithinReachHeard,
    WordsChosen,
)
from assistant.dialogue.state.ladder import STRONG_PAIN
from assistant.dialogue.state.practice import PAUSE_DAYS, Added, Practice
from assistant.dialogue.state.session import VoiceSteps
from assistant.dialogue.state.user import Health, User
from assistant.routines.model import Form
from assistant.routines.safety import own_safety

REACH_FIRST_DAYS = 3
ACTIVITIES_AGAIN_AFTER = timedelta(days=14)
REACH_AGAIN_AFTER = timedelta(days=7)
"""When it is said what has to be within reach before lying down: ours, cautious."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """What is known from before.

    Attributes:
        sore_side: The leg that hurts.
        disclaimer_heard: Whether it was said that this is general information.
        answers: Yes or no to the questions before the first session, by their keys.
        cleared: Questions for whose "yes" a doctor has agreed.
        screened: Whether all questions were answered, and no sign has ended a session since.
        leg_worse: Days on which the leg pain moved down after an exercise, by the exercise's key.
        left_out: The last day on which an exercise was left out for pain, by the exercise's key.
        ended_for_pain: The last day on which the pain was so strong that nothing more was done.
        met: Keys of exercises that were explained in full.
        prescribed: Doses that a physiotherapist set.
        done_on: The day that ``done`` is about.
        done: Sets of each exercise on that day.
        sessions: How many routines were begun.
        last_session: When the last of them was.
        days_done: Days on which each exercise was done, since the last pause of more than a week.
        last_done: The last of these days.
        cautions: When each caution was heard, by its words.
        activities: What is hard for the user, as far as they told it.
        activities_on: The day on which they were last asked for it.
        reach_heard: How often it was said what has to be within reach before lying down.
        reach_heard_on: The day on which it was said last.
        forms: The form in which each exercise was last done.
        added: What was added to doses, by routine and exercise.
        voice_steps: Pace and loudness of the voice, in steps from what is set.
        voice: The voice that was chosen by voice, and the one that was set then: another setting since counts.
        clear_speech: Whether it speaks for ears that hear little; None: nor has that been offered.
        wordiness: Whether the user wants to be told little, or all; None: by need.
        first_session: When the very first routine was begun.
        milestones: The weeks after which it was said what may be expected.
        aim: On how many days of a week the user wants to stretch.
        went_well: Days on which each exercise was done in its present form without a complaint.
        no_leg_pain_on: The day on which the leg last had no pain; None: it had, since.
        own_routines: What the user has put together by voice, by name.
        run: The process that brought the last fact, see `assistant.keeping.progress`.
        noted: The number of that fact.
    """

    sore_side: Literal["left", "right"] | None = None
    disclaimer_heard: bool = False
    answers: Mapping[str, bool] = field(default_factory=dict)
    cleared: tuple[str, ...] = ()
    screened: bool = False
    leg_worse: Mapping[str, date] = field(default_factory=dict)
    left_out: Mapping[str, date] = field(default_factory=dict)
    ended_for_pain: date | None = None
    met: tuple[str, ...] = ()
    prescribed: tuple[Prescribed, ...] = ()
    done_on: date | None = None
    done: Mapping[str, int] = field(default_factory=dict)
    sessions: int = 0
    last_session: date | None = None
    days_done: Mapping[str, int] = field(default_factory=dict)
    last_done: Mapping[str, date] = field(default_factory=dict)
    cautions: Mapping[str, date] = field(default_factory=dict)
    reach_heard: int = 0
    reach_heard_on: date | None = None
    forms: Mapping[str, Form | Literal["chair"]] = field(default_factory=dict)
    added: Mapping[str, Mapping[str, Added]] = field(default_factory=dict)
    voice_steps: tuple[int, int] = (0, 0)
    voice: tuple[str, str] | None = None
    clear_speech: bool | None = None
    wordiness: Literal["short", "full"] | None = None
    first_session: date | None = None
    milestones: tuple[int, ...] = ()
    aim: int | None = None
    went_well: Mapping[str, int] = field(default_factory=dict)
    no_leg_pain_on: date | None = None
    activities: tuple[str, ...] = ()
    activities_on: date | None = None
    own_routines: Mapping[str, tuple[Prescribed, ...]] = field(default_factory=dict)
    run: str = ""
    noted: int = 0

    def user(self, today: date) -> User:
        """The same for the dialogue."""
        return User(
            health=self.health(today),
            left_out=self.left_out_today(today),
            barred_by=STRONG_PAIN if self.ended_for_pain == today else None,
            sore_side=self.sore_side,
            met=frozenset(exercise for exercise in self.met if self._not_paused(exercise, today)),
            prescribed={prescribed.exercise: prescribed for prescribed in self.prescribed},
            done_today=self.done_today(today),
            reach_due=self.reach_due(today),
            disclaimer_due=not self.disclaimer_heard,
            activities=self.activities,
            activities_due=self.activities_due(today),
            own_routines=self.own_routines,
            practice=self.practice(today),
        )

    def voice_of(self, voices: Sequence[str], *, clear: bool = False) -> VoiceSteps:
        """How the user wants the voice.

        Args:
            voices: Those that can speak here, the one that is set first.
            clear: Whether clear speech is set.
        """
        chosen = self.voice[0] if self.voice and voices and self.voice[1] == voices[0] else None
        return VoiceSteps(*self.voice_steps, chosen if chosen in voices else None, clear or self.clear_speech)

    def practice(self, today: date) -> Practice:
        """What of earlier sessions has become habit; after a pause nothing that is stronger than usual is."""
        away = None if self.last_session is None else _days_apart(today, self.last_session)
        paused = away is None or away > PAUSE_DAYS
        return Practice(
            sessions=self.sessions,
            away=away,
            forms={key: form for key, form in self.forms.items() if form in {"easier", "chair"} or not paused},
            added={}
            if paused
            else {(routine, key): one for routine, added in self.added.items() for key, one in added.items()},
            days=0 if self.first_session is None else max(0, (today - self.first_session).days),
            milestones=frozenset(self.milestones),
            aim=self.aim,
            went_well=self.went_well,
            no_leg_pain=self.no_leg_pain_on is not None and _days_apart(today, self.no_leg_pain_on) <= PAUSE_DAYS,
            days_done={key: days for key, days in self.days_done.items() if self._not_paused(key, today)},
            cautions_heard=frozenset(
                said for said, day in self.cautions.items() if _days_apart(today, day) < PAUSE_DAYS
            ),
        )

    def _not_paused(self, exercise: str, today: date) -> bool:
        """Whether an exercise that is known has been done in the last week, or could have been."""
        last = self.last_done.get(exercise, self.last_session)
        return last is None or _days_apart(today, last) <= PAUSE_DAYS

    def reach_due(self, today: date) -> bool:
        """Whether it is to be said what has to be within reach: on the first days, and then once a week."""
        if self.reach_heard_on is None:
            return True
        return today != self.reach_heard_on and (
            self.reach_heard < REACH_FIRST_DAYS or abs(today - self.reach_heard_on) >= REACH_AGAIN_AFTER
        )

    def activities_due(self, today: date) -> bool:
        """Whether to ask how well what is hard goes: from the second session on, and then every two weeks."""
        asked = self.activities_on
        return self.sessions > 0 and (asked is None or abs(today - asked) >= ACTIVITIES_AGAIN_AFTER)

    def health(self, today: date) -> Health:
        """The answers; what was worse on an earlier day is to be asked about."""
        worse = frozenset(exercise for exercise, day in self.leg_worse.items() if day != today)
        return Health(self.answers, frozenset(self.cleared), self.screened, worse)

    def left_out_today(self, today: date) -> frozenset[str]:
        """Exercises that are not done any more today."""
        return frozenset(exercise for exercise, day in self.left_out.items() if day == today)

    def done_today(self, today: date) -> Mapping[str, int]:
        """Sets of each exercise that were done today."""
        return self.done if self.done_on == today else {}


def _days_apart(today: date, day: date) -> int:
    """How long ago it was. A clock that was set back tells no more than that some time has passed.

    What is then asked, or said in full, once too often does no harm; what is left out may.
    """
    return abs((today - day).days)


def with_fact(known: Remembered, fact: Fact, today: date) -> Remembered:
    """What is known once a fact is."""
    match fact:
        case SoreSide(side=side):
            return replace(known, sore_side=side)
        case DisclaimerHeard():
            return replace(known, disclaimer_heard=True)
        case WithinReachHeard():
            return replace(known, reach_heard=known.reach_heard + 1, reach_heard_on=today)
        case Met(exercise=exercise):
            return replace(known, met=tuple(sorted({*known.met, exercise})))
        case Prescribed():
            kept = tuple(p for p in known.prescribed if p.exercise != fact.exercise)
            return replace(known, prescribed=(*kept, fact))
        case SetDone(exercise=exercise):
            return _with_set(known, exercise, today)
        case _:
            return _with_health(_with_practice(_with_pain(known, fact, today), fact, today), fact)


def _with_pain(known: Remembered, fact: Fact, today: date) -> Remembered:
    match fact:
        case LegAnswer(exercise=exercise, moved="lower"):
            return replace(known, leg_worse={**known.leg_worse, exercise: today}, cautions={})
        case LegSettled(exercise=exercise):
            return replace(known, leg_worse={key: day for key, day in known.leg_worse.items() if key != exercise})
        case LeftOut(exercise=exercise):
            return replace(known, left_out={**known.left_out, exercise: today})
        case SignTakenBack(symptom="strong_pain"):
            return replace(known, ended_for_pain=None)
        case EndedForPain():
            return replace(known, ended_for_pain=today, cautions={})
        case _:
            return known


def _with_practice(known: Remembered, fact: Fact, today: date) -> Remembered:
    match fact:
        case RoutineBegun():
            first = known.first_session or today
            return replace(known, sessions=known.sessions + 1, last_session=today, first_session=first)
        case CautionHeard(caution=caution):
            lately = {said: day for said, day in known.cautions.items() if _days_apart(today, day) < PAUSE_DAYS}
            return replace(known, cautions={**lately, caution: today})
        case LegAnswer(moved=moved):
            worse = moved == "lower"
            went_well = _without(known.went_well, fact.exercise) if worse else known.went_well
            return replace(known, no_leg_pain_on=today if moved == "none" else None, went_well=went_well)
        case PainSaid(exercise=exercise, level=level) if level > own_safety().pain.goes_on.up_to:
            return replace(known, went_well=_without(known.went_well, exercise))
        case _:
            return _with_wishes(known, fact, today)


def _with_wishes(known: Remembered, fact: Fact, today: date) -> Remembered:
    match fact:
        case FormTaken(exercise=exercise, form=form):
            same = known.forms.get(exercise, "usual") == form
            went_well = known.went_well if same else _without(known.went_well, exercise)
            return replace(known, forms={**known.forms, exercise: form}, went_well=went_well)
        case ActivityRated() | ActivitiesLeft():
            activities = fact.among if isinstance(fact, ActivityRated) else known.activities
            return replace(known, activities=activities, activities_on=today)
        case AimSet(days=days):
            return replace(known, aim=days)
        case MilestoneTold(weeks=weeks):
            return replace(known, milestones=(*known.milestones, weeks))
        case DoseChanged(routine=routine, exercise=exercise):
            added = Added(fact.seconds, fact.reps, fact.pace)
            return replace(known, added={**known.added, routine: {**known.added.get(routine, {}), exercise: added}})
        case VoiceTuned(pace=pace, loudness=loudness):
            voice = (fact.voice, fact.instead_of) if fact.voice is not None and fact.instead_of is not None else None
            return replace(known, voice_steps=(pace, loudness), voice=voice, clear_speech=fact.clear)
        case WordsChosen(wordiness=wordiness):
            return replace(known, wordiness=wordiness)
        case RoutineMade(name=name, sets=sets):
            return replace(known, own_routines={**known.own_routines, name: sets})
        case _:
            return known


def _without(went_well: Mapping[str, int], exercise: str) -> Mapping[str, int]:
    return {key: days for key, days in went_well.items() if key != exercise}


def _with_set(known: Remembered, exercise: str, today: date) -> Remembered:
    """One more set of an exercise, and, if it is the first today, one more day on which it was done."""
    done, last = known.done_today(today), known.last_done.get(exercise)
    days = 0 if last is None or _days_apart(today, last) > PAUSE_DAYS else known.days_done.get(exercise, 0)
    return replace(
        known,
        done_on=today,
        done={**done, exercise: done.get(exercise, 0) + 1},
        days_done={**known.days_done, exercise: days + (last != today)},
        last_done={**known.last_done, exercise: today},
        went_well={**known.went_well, exercise: known.went_well.get(exercise, 0) + (last != today)},
    )


def _with_health(known: Remembered, fact: Fact) -> Remembered:
    match fact:
        case HealthAnswer(question=question, yes=yes):
            cleared = known.cleared if yes else tuple(q for q in known.cleared if q != question)
            return replace(known, answers={**known.answers, question: yes}, cleared=cleared, cautions={})
        case Cleared(question=question, yes=yes):
            others = tuple(q for q in known.cleared if q != question)
            return replace(known, cleared=(*others, question) if yes else others)
        case ScreeningComplete():
            return replace(known, screened=True)
        case SignNoticed():
            return replace(known, screened=False, cautions={})
        case SignTakenBack(symptom=symptom):
            return replace(known, answers={q: yes for q, yes in known.answers.items() if not (yes and q == symptom)})
        case HealthForgotten():
            return replace(known, answers={}, cleared=(), screened=False)
        case _:
            return known
