"""How long it takes until the first tone, and how much of a session is talk: on the first, second and tenth day.

Seven people each do one of our routines once a day, for ten days. The core, the memory and the diary are the
product's own; lines last as long as they do with `scripts/run`: the natural voice, calmly. Each answers `ANSWERING_S`
after the question's last word, is in position as soon as it has been said, and never cuts the voice short: the greeting
neither, in which is said, on some days, what has to be within reach (who talks over it hears it later: 1.8 s).
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import ClassVar

from rich.table import Table

from assistant.dialogue.actions import Action, Record
from assistant.dialogue.digest import ASKS_DIARY
from assistant.dialogue.events import Event
from assistant.dialogue.exercising.counting import COUNTS
from assistant.dialogue.state.care_phases import AskingNews, AskingPain, AskingSinceLast
from assistant.dialogue.state.phases import (
    AskingLeg,
    AskingSide,
    GettingUp,
    Idle,
    Phase,
    Positioning,
    Screening,
    beneath,
)
from assistant.dialogue.state.session import Session
from assistant.home.settings import Settings
from assistant.keeping.diary_keeper import DiaryKeeper
from assistant.keeping.memory import Memory
from assistant.loop.observers import Transition
from assistant.loop.session_keeper import SessionKeeper
from assistant.routines import Routine
from assistant.routines.loading import load_exercises, load_routines, own_routine_files
from assistant.stage.run_through import ANSWERING_S
from assistant.stage.soundless import SoundlessWorld
from assistant.voice.natural import CALM, chosen
from assistant.voice.settings import VoiceSettings
from assistant.voice.synthesiser import Synthesiser
from intents import Command
from scripts.benchmarks.targets import wide_console

DAYS = (1, 2, 10)
GETTING_DOWN_S = 8.0
"""What somebody needs who is not in position yet; told beside the figures, which are for who is."""

MOST_SECOND_DAY_S = 25.0
MOST_FIRST_DAY_S = 75.0
MOST_TALK = 0.45

_BEGINS = datetime(2026, 1, 5, 8, 0).astimezone()
_LONGEST_S = 3600.0


@dataclass(frozen=True, slots=True)
class Day:
    """What came of one session.

    Attributes:
        routine: Key of the routine.
        day: From 1.
        start_s: Seconds from "start" to the first tone; on the first day from the last answer about health.
        to_position_s: Of these, those until the position has been said: what comes after it is said to who is there.
        length_s: From "start" until the last word.
        talk: The part of it in which the voice says something other than a count.
        voice: The same, counts included.
        words_a_minute: Words of talk, by the minutes of the session.
    """

    routine: str
    day: int
    start_s: float
    to_position_s: float
    length_s: float
    talk: float
    voice: float
    words_a_minute: float

    @property
    def most_start_s(self) -> float:
        """What is aimed at."""
        return MOST_FIRST_DAY_S if self.day == 1 else MOST_SECOND_DAY_S

    @property
    def met(self) -> bool:
        """Whether what is aimed at is kept; of talk, from the second day on."""
        return self.start_s <= self.most_start_s and (self.day == 1 or self.talk <= MOST_TALK)


class Lived(SoundlessWorld):
    """A session that is remembered, with lines as long as the voice takes for them."""

    voice: ClassVar[Callable[[str], float]]

    def __init__(self, session: Session, keeper: SessionKeeper) -> None:
        self._keeper = keeper
        super().__init__(session)

    def seconds_of(self, text: str) -> float:
        """How long the voice takes for it."""
        return type(self).voice(text)

    def feed(self, event: Event) -> tuple[Action, ...]:
        """Let something happen, and have it kept."""
        before = self.session
        actions = super().feed(event)
        facts = tuple(action.fact for action in actions if isinstance(action, Record))
        self._keeper(Transition(event, before, self.session, self.now, facts))
        return actions

    def read_diary(self) -> None:
        """What is kept reaches the session."""
        read = self._keeper.read_diary()
        assert read is not None
        self.feed(read)

    def obey(self, command: Command) -> None:
        """Let a command be heard; where it asks for that, the diary is read before."""
        if command.intent in ASKS_DIARY:
            self.read_diary()
        super().obey(command)


def main(out: Path) -> None:
    """Measure, print a table, and write the figures."""
    settings = Settings(**CALM)
    with closing(Synthesiser(VoiceSettings(settings.rate, chosen(settings.voice)))) as synthesiser:
        seconds: dict[str, float] = {}

        def voice(text: str) -> float:
            if text not in seconds:
                seconds[text] = synthesiser.clip(text).seconds
            return seconds[text]

        days = list(measure(voice))
    _show(days)
    figures = {
        "targets": {"second_day_s": MOST_SECOND_DAY_S, "first_day_s": MOST_FIRST_DAY_S, "talk": MOST_TALK},
        "answering_s": ANSWERING_S,
        "days": [{name: _rounded(getattr(day, name)) for name in Day.__slots__} for day in days],
    }
    out.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    missed = [f"{day.routine}, day {day.day}" for day in days if not day.met]
    if missed:
        sys.exit(f"Too slow, or too much talk: {'; '.join(missed)}.")


def measure(voice: Callable[[str], float]) -> Iterator[Day]:
    """The days of all routines.

    Args:
        voice: How many seconds a text takes to say.
    """
    routines, _ = load_routines(own_routine_files())
    kind = type("_Voiced", (Lived,), {"voice": staticmethod(voice)})
    for key in routines:
        with tempfile.TemporaryDirectory() as folder:
            yield from _days(kind, key, routines, Path(folder))


def _days(kind: type[Lived], key: str, routines: Mapping[str, Routine], folder: Path) -> Iterator[Day]:
    calendar = _Calendar()
    memory = Memory(None, lambda: calendar.now().date())
    for day in range(1, max(DAYS) + 1):
        with closing(DiaryKeeper(folder / "diary.sqlite3", sys.exit, calendar.now)) as diary:  # anew, as in life
            keeper = SessionKeeper(memory, diary)
            user = memory.known.user(memory.today())
            world = kind(Session(routines, load_exercises(), user=user), keeper)
            world.read_diary()
            world.start()
            world.until_quiet()
            lived = _live(world, key, day)
        if day in DAYS:
            yield lived
        calendar.days += 1


@dataclass
class _Calendar:
    """A clock that stands still during a session, and is set to the next day after it."""

    days: int = 0

    def now(self) -> datetime:
        return _BEGINS + timedelta(days=self.days)


def _live(world: Lived, key: str, day: int) -> Day:
    """One session, from "start" until the last word."""
    began = asked = world.now
    in_position: float | None = None
    world.obey(Command("StartRoutine", {"routine": key}))
    while world.speaking or not isinstance(world.session.phase, Idle):
        answer = None if world.speaking else answer_to(world.session.phase)
        if world.now > began + _LONGEST_S or (answer is None and world.waits):
            raise RuntimeError(f"{key} stands still in {world.session.phase}")
        if answer is None:
            world.step()
            continue
        world.pass_time(ANSWERING_S)
        if isinstance(world.session.phase, Screening) and day == 1:
            asked = world.now
        if answer.intent == "Ready" and in_position is None:
            in_position = world.now
        world.obey(answer)
    first_tone = next(at for at, tone in world.chimes if tone == "start")
    over = max(said.end for said in world.spoken)
    said = [s for s in world.spoken if s.start >= began]
    talk = [s for s in said if s.line.key not in COUNTS]
    length = over - began
    return Day(
        routine=key,
        day=day,
        start_s=first_tone - asked,
        to_position_s=(in_position or first_tone) - asked,
        length_s=length,
        talk=sum(s.end - s.start for s in talk) / length,
        voice=sum(s.end - s.start for s in said) / length,
        words_a_minute=sum(len(s.text.split()) for s in talk) / (length / 60),
    )


def do_willingly(world: SoundlessWorld, key: str) -> None:
    """Do a routine to its end, as somebody who answers a second after each question."""
    world.start().until_quiet()
    world.obey(Command("StartRoutine", {"routine": key}))
    while world.speaking or not isinstance(world.session.phase, Idle):
        answer = None if world.speaking else answer_to(world.session.phase)
        if answer is None:
            world.step()
        else:
            world.pass_time(1.0)
            world.obey(answer)


def answer_to(phase: Phase) -> Command | None:
    """What somebody says who is well and wants to go on."""
    match beneath(phase):
        case Positioning():
            return Command("Ready")
        case AskingSide():
            return Command("Side", {"side": "left"})
        case AskingLeg():
            return Command("LegPain", {"moved": "same"})
        case AskingPain():
            return Command("PainLevel", {"pain": 3, "both": 1})
        case AskingSinceLast():
            return Command("SinceLast", {"since": "better"})
        case Screening() | AskingNews():
            return Command("No")
        case GettingUp():
            return Command("Next")
        case _:
            return None


def _show(days: list[Day]) -> None:
    table = Table("routine", "day", "to the first tone", "aim", "talk", "aim", "with counts", "words/min", "length", "")
    for day in days:
        table.add_row(
            day.routine,
            str(day.day),
            f"{day.start_s:.1f} s",
            f"{day.most_start_s:.0f} s",
            f"{day.talk:.0%}",
            "–" if day.day == 1 else f"{MOST_TALK:.0%}",
            f"{day.voice:.0%}",
            f"{day.words_a_minute:.0f}",
            f"{day.length_s:.0f} s",
            "met" if day.met else "missed",
        )
    wide_console().print(table)


def _rounded(value: object) -> object:
    return round(value, 3) if isinstance(value, float) else value
