"""What is remembered from one session to the next.

The sore leg, the answers about health, what leg and physiotherapist said of exercises, and which were met before.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter

from assistant.dialogue.facts import (
    CautionHeard,
    Cleared,
    DisclaimerHeard,
    EndedForPain,
    Fact,
    HealthAnswer,
    HealthForgotten,
    LeftOut,
    LegAnswer,
    LegSettled,
    Met,
    Prescribed,
    RoutineBegun,
    ScreeningComplete,
    SetDone,
    SignNoticed,
    SoreSide,
    WithinReachHeard,
)
from assistant.dialogue.state.ladder import STRONG_PAIN
from assistant.dialogue.state.practice import PAUSE_DAYS, Practice
from assistant.dialogue.state.user import Health, User
from assistant.home import folders
from assistant.home.private_file import write_private
from assistant.keeping.progress import FactNumber

_LARGEST_BYTES = 64 << 10

REACH_FIRST_DAYS = 3
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
        reach_heard: How often it was said what has to be within reach before lying down.
        reach_heard_on: The day on which it was said last.
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
            practice=self.practice(today),
        )

    def practice(self, today: date) -> Practice:
        """What of earlier sessions has become habit."""
        return Practice(
            sessions=self.sessions,
            away=None if self.last_session is None else max(0, (today - self.last_session).days),
            days_done={key: days for key, days in self.days_done.items() if self._not_paused(key, today)},
            cautions_heard=frozenset(said for said, day in self.cautions.items() if (today - day).days < PAUSE_DAYS),
        )

    def _not_paused(self, exercise: str, today: date) -> bool:
        """Whether an exercise that is known has been done in the last week, or could have been."""
        last = self.last_done.get(exercise, self.last_session)
        return last is None or (today - last).days <= PAUSE_DAYS

    def reach_due(self, today: date) -> bool:
        """Whether it is to be said what has to be within reach: on the first days, and then once a week."""
        if self.reach_heard_on is None:
            return True
        return today != self.reach_heard_on and (
            self.reach_heard < REACH_FIRST_DAYS or abs(today - self.reach_heard_on) >= REACH_AGAIN_AFTER
        )

    def health(self, today: date) -> Health:
        """The answers; what was worse on an earlier day is to be asked about."""
        worse = frozenset(exercise for exercise, day in self.leg_worse.items() if day < today)
        return Health(self.answers, frozenset(self.cleared), self.screened, worse)

    def left_out_today(self, today: date) -> frozenset[str]:
        """Exercises that are not done any more today."""
        return frozenset(exercise for exercise, day in self.left_out.items() if day == today)

    def done_today(self, today: date) -> Mapping[str, int]:
        """Sets of each exercise that were done today."""
        return self.done if self.done_on == today else {}


_ADAPTER = TypeAdapter(Remembered)


class Memory:
    """The file in which it is kept, for the user alone. A session never fails for want of it.

    Args:
        path: The file; None keeps nothing beyond this process.
        today: The user's local day.

    Attributes:
        known: What is known now.
        notice: What the user should be told: the file was damaged and set aside, or can't be read or written.
        tell: Called with a sentence for the user, once, when it can no longer be written.
    """

    def __init__(self, path: Path | None, today: Callable[[], date] = date.today) -> None:
        self._path = path
        self.today = today
        self.tell: Callable[[str], None] = lambda _: None
        self.known, self.notice = (Remembered(), None) if path is None else load_remembered(path)

    def note(self, fact: Fact, number: FactNumber | None = None) -> None:
        """Keep a fact if it is of a kind that is remembered.

        Args:
            fact: The fact.
            number: What it is known by: one that was kept before is ignored.
        """
        known = self.known
        if number is not None and number.run == known.run and number.number <= known.noted:
            return
        then = with_fact(known, fact, self.today())
        if number is not None and then != known:
            then = replace(then, run=number.run, noted=number.number)
        self._keep(then)

    def _keep(self, known: Remembered) -> None:
        if known == self.known:
            return
        self.known = known
        if self._path is not None:
            refused = save_remembered(known, self._path)
            if refused and refused != self.notice:
                self.tell(refused)
            self.notice = refused or self.notice


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
        case EndedForPain():
            return replace(known, ended_for_pain=today, cautions={})
        case _:
            return known


def _with_practice(known: Remembered, fact: Fact, today: date) -> Remembered:
    match fact:
        case RoutineBegun():
            return replace(known, sessions=known.sessions + 1, last_session=today)
        case CautionHeard(caution=caution):
            lately = {said: day for said, day in known.cautions.items() if (today - day).days < PAUSE_DAYS}
            return replace(known, cautions={**lately, caution: today})
        case _:
            return known


def _with_set(known: Remembered, exercise: str, today: date) -> Remembered:
    """One more set of an exercise, and, if it is the first today, one more day on which it was done."""
    done, last = known.done_today(today), known.last_done.get(exercise)
    days = 0 if last is None or (today - last).days > PAUSE_DAYS else known.days_done.get(exercise, 0)
    return replace(
        known,
        done_on=today,
        done={**done, exercise: done.get(exercise, 0) + 1},
        days_done={**known.days_done, exercise: days + (last != today)},
        last_done={**known.last_done, exercise: today},
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
        case HealthForgotten():
            return replace(known, answers={}, cleared=(), screened=False)
        case _:
            return known


def usual_memory(today: Callable[[], date] = date.today) -> Memory:
    """The memory in the user's data folder.

    Args:
        today: The user's local day.
    """
    return Memory(memory_file(), today)


def memory_file() -> Path:
    """Where it is kept."""
    return folders.data() / "remembered.json"


def forget_all() -> int:
    """Delete what is remembered, with what was set aside of it.

    Returns:
        How many files there were.

    Raises:
        OSError: One can't be deleted.
    """
    path = memory_file()
    found = [file for file in (path, *path.parent.glob(f"{path.name}*")) if file.is_file()]
    for file in found:
        file.unlink(missing_ok=True)
    return len(set(found))


def load_remembered(path: Path) -> tuple[Remembered, str | None]:
    """Read what is known from before.

    Returns:
        What is known, nothing where there is no file; and a sentence for the user where something is wrong with it.
        A damaged file is set aside; one that can't be read stays where it is.
    """
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST_BYTES + 1)
    except FileNotFoundError:
        return Remembered(), None
    except OSError as error:
        return Remembered(), f"What was remembered can't be read: {path}: {error.strerror}."
    try:
        return _parse(content), None
    except ValueError:
        return Remembered(), _set_aside(path)


def save_remembered(known: Remembered, path: Path) -> str | None:
    """Write it, all or nothing.

    Returns:
        A sentence for the user where it can't be written.
    """
    try:
        write_private(path, json.dumps(asdict(known), default=date.isoformat).encode())
    except OSError as error:
        return f"It can't be remembered for the next time: {path}: {error.strerror}."
    return None


def _parse(content: bytes) -> Remembered:
    """What a file says; keys that are missing or not known come from another version, and do no harm.

    Raises:
        ValueError: It is damaged.
    """
    if len(content) > _LARGEST_BYTES:
        raise ValueError("too long")
    return _ADAPTER.validate_json(content, strict=True)


def _set_aside(path: Path) -> str:
    aside = path.with_name(f"{path.name}.damaged-{datetime.now():%Y-%m-%d-%H%M%S}")
    try:
        path.replace(aside)
    except OSError as error:
        return f"What was remembered is damaged, and can't be set aside: {path}: {error.strerror}."
    return f"What was remembered could not be read; it was set aside as {aside}."
