"""Readable dialogue scripts: what the user does and what must follow, a line each.

sore side: left               settings, before anything else (also: counting, ready after, first use, and those about
                              the user's health: see `_SETTINGS`)
user: start sciatic stretch   said once the assistant is silent
user interrupts: stop         said while it is speaking, or at once if it is silent
nonsense: bla bla             like user, but must not be understood
ignored: stop                 said at once, and not taken here
far off: bla bla              like nonsense, but from far off, or not clearly speech
wait: 20                      seconds in which the user says nothing
finish speaking:              wait until it is silent
says: Which leg is sore       the beginning of a line said since the last "says", in order
says next: Left leg           the line after that one begins so
quiet about: Step 2           no line since the last "user" begins like this
phase: asking-side            the phase now
step: 2 left                  number of the step now, and its side
tone: end                     a tone since the last "user" (no tone: attention)
held: 20                      seconds of the last hold that was recorded (or reps: 10)
last tick: 5                  seconds left at the last tick
finished:                     the assistant has switched itself off
exercise: press up            what the step now is called
routine: none                 key of the routine under way
noted: leg answer lower       a fact of that name was recorded, its values in it
never said: Hold it           no line of the whole session begins like this
killed:                       the assistant is killed at once and started again (long ago: only the next day)
days later: 1                 the assistant is switched on so many days later, and knows what it has kept
off until: 2026-01-06 09:00   the assistant is switched off, and on again then
sound lost: microphone        a sound device goes away (or recogniser: what understands the sound)
sound back: 5                 it is back after so many seconds
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from assistant.dialogue.digest import Digest
from assistant.dialogue.events import SoundBack, SoundLost
from assistant.dialogue.exercising.going_on import unfinished_of
from assistant.dialogue.facts import Held, Moved, Prescribed
from assistant.dialogue.state.phases import name_of
from assistant.dialogue.state.practice import Practice
from assistant.dialogue.state.session import Session
from assistant.dialogue.state.user import Health, Preferences
from assistant.keeping.journal import name_of_fact
from assistant.keeping.memory import Memory
from assistant.keeping.reminder_keeper import ReminderKeeper
from assistant.loop.session_keeper import somebody_known
from tests.dialogues.world import ANSWERED, ROUTINES, World, new_session

_PATIENCE_S = 300.0


_SETTINGS = {
    "sore side": "left, or right",
    "counting": "all, last five, or tones",
    "ready after": "seconds",
    "household number": "digits",
    "voices": "names, the one that is set first",
    "first use": "the disclaimer is due",
    "before lying down": "it is due to be said what has to be within reach (if anything is said here)",
    "health": "never asked; asked before; asked today (if nothing is said)",
    "yes to": "questions that were answered with yes, with commas",
    "cleared": "those of them for which a doctor has agreed",
    "leg worse after": "exercises that sent pain down the leg on an earlier day",
    "left out today": "exercises that were left out for pain earlier today",
    "met": "exercises that were explained before",
    "prescribed": "exercise, amount, reps or seconds, sets a day; for instance: press-up 10 reps 3",
    "done today": "exercise and sets",
    "sessions": "how many there were before; all cautions have been heard lately",
    "away": "days since the last of them; yesterday if nothing is said",
    "days done": "exercises and on how many days each was done; they have been explained",
    "wall clock": "the time of day at the beginning; reminders are kept",
    "diary": "a diary is kept; what it says, by the names of Digest, for instance: week_days 3, week_minutes 14",
}


class ScriptFailed(AssertionError):
    """A line of a script does not hold."""


def run_script(path: Path) -> None:
    """Play a script; raises ScriptFailed with file, line and what happened instead."""
    player: _Player | None = None
    settings: dict[str, str] = {}
    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        text = raw.split("#", 1)[0].strip()
        if not text:
            continue
        verb, _, what = (part.strip() for part in text.partition(":"))
        if verb in _SETTINGS:
            settings[verb] = what
            continue
        player = player or _Player(settings)
        try:
            player.do(verb, what)
        except AssertionError as error:
            heard = "\n".join(
                f"    {s.start:7.2f}  {s.text}{' (cut)' if s.cut else ''}" for s in player.world.spoken[-8:]
            )
            phase = name_of(player.world.session.phase)
            raise ScriptFailed(
                f"{path.name}, line {number}: {text}\n  {error}\n  phase: {phase}, t = {player.world.now:.2f}\n{heard}"
            ) from error
    assert player is not None, f"{path.name} says nothing"


class _Player:
    def __init__(self, settings: dict[str, str]) -> None:
        preferences = Preferences()
        if "counting" in settings:
            preferences = replace(preferences, counting=settings["counting"])  # type: ignore[arg-type]
        if "ready after" in settings:
            preferences = replace(preferences, ready_after=float(settings["ready after"]))
        preferences = replace(preferences, household_number=settings.get("household number"))
        preferences = replace(preferences, voices=tuple(_listed(settings.get("voices"))))
        self._day = date(2026, 1, 5)
        self._memory = Memory(None, lambda: self._day)
        self._memory.known = replace(somebody_known(), sore_side=settings.get("sore side"))  # type: ignore[arg-type]
        self._kept = 0
        days_done = {key: int(days) for key, days in map(str.split, _listed(settings.get("days done")))}
        self._wall = _wall(settings.get("wall clock", "2026-01-05 10:00"))
        self._reminders = self._reminder_keeper() if "wall clock" in settings else None
        self.world = self._started(
            new_session(
                preferences=preferences,
                sore_side=settings.get("sore side"),
                disclaimer_due="first use" in settings,
                reach_due="before lying down" in settings,
                health=_health(settings),
                screened=settings.get("health", "asked today") == "asked today",
                met=frozenset((*_listed(settings.get("met")), *days_done)),
                practice=_practice(settings, days_done),
                left_out=frozenset(_listed(settings.get("left out today"))),
                prescribed={p.exercise: p for p in map(_prescribed, _listed(settings.get("prescribed")))},
                diary=_digest(settings.get("diary")),
                done_today={key: int(sets) for key, sets in map(str.split, _listed(settings.get("done today")))},
            )
        )
        self._verbs: dict[str, Callable[[str], object]] = {
            "user": self._user,
            "user interrupts": self._interrupt,
            "nonsense": self._nonsense,
            "ignored": self._ignored,
            "far off": self._far_off,
            "no tone": self._no_tone,
            "wait": lambda what: self.world.pass_time(float(what)),
            "finish speaking": lambda _: self.world.until_quiet(),
            "until": self._until,
            "says": self._says,
            "says next": self._says_next,
            "quiet about": self._quiet_about,
            "phase": self._phase,
            "step": self._step,
            "tone": self._tone,
            "held": self._held,
            "reps": self._reps,
            "last tick": self._last_tick,
            "finished": self._finished,
            "exercise": self._exercise,
            "routine": self._routine,
            "noted": self._noted,
            "never said": self._never_said,
            "killed": self._killed,
            "days later": self._days_later,
            "off until": self._off_until,
            "sound lost": lambda device: self.world.feed(SoundLost(device)),
            "sound back": self._sound_back,
        }

    def do(self, verb: str, what: str) -> None:
        assert verb in self._verbs, f"{verb!r} is no verb of a script"
        self._verbs[verb](what)

    def _user(self, words: str) -> None:
        self.world.until_quiet()
        self._interrupt(words)

    def _interrupt(self, words: str) -> None:
        self.world.pass_time(0.4)
        self._user_at = self.world.now
        assert self.world.hear(words) is not None, f"{words!r} is not understood here"

    def _nonsense(self, words: str) -> None:
        self.world.until_quiet()
        self._user_at = self.world.now
        command = self.world.hear(words)
        assert command is None, f"{words!r} was understood as {command}"

    def _ignored(self, words: str) -> None:
        self.world.pass_time(0.2)
        command = self.world.hear(words)
        assert command is None, f"{words!r} was taken as {command}"

    def _far_off(self, words: str) -> None:
        self.world.until_quiet()
        self._user_at = self.world.now
        assert self.world.hear(words, near=False) is None, f"{words!r} was understood"

    def _says(self, text: str) -> None:
        patience = self.world.now + _PATIENCE_S
        while True:
            while self._read < len(self.world.spoken):
                said = self.world.spoken[self._read].text
                self._read += 1
                if said.lower().startswith(text.lower()):
                    return
            assert self.world.now < patience and not self.world.waits, f"it never said {text!r}"
            self.world.pass_time(0.1)

    def _until(self, name: str) -> None:
        patience = self.world.now + _PATIENCE_S
        while name_of(self.world.session.phase) != name:
            assert self.world.now < patience and not self.world.waits, f"it never came to {name}"
            self.world.pass_time(0.1)

    def _says_next(self, text: str) -> None:
        before = self._read
        self._says(text)
        assert self._read == before + 1, f"it said {self.world.spoken[before].text!r} before"

    def _quiet_about(self, text: str) -> None:
        since = [s for s in self.world.spoken if s.start >= self._user_at]
        assert not any(s.text.lower().startswith(text.lower()) for s in since), f"it did say {text!r}"

    def _phase(self, name: str) -> None:
        actual = name_of(self.world.session.phase)
        assert actual == name, f"the phase is {actual}"

    def _step(self, what: str) -> None:
        at = self.world.session.exercising
        assert at is not None, "no step is under way"
        coming = at.here
        actual = " ".join(filter(None, (str(coming.step + 1), coming.side)))
        assert actual == what or actual.split()[0] == what, f"the step is {actual}"

    def _tone(self, kind: str) -> None:
        tones = [tone for at, tone in self.world.chimes if at >= self._user_at]
        assert kind in tones, f"tones since then: {tones}"

    def _no_tone(self, kind: str) -> None:
        assert kind not in [tone for at, tone in self.world.chimes if at >= self._user_at], f"there was a tone: {kind}"

    def _held(self, seconds: str) -> None:
        held = [fact.seconds for fact in self.world.facts if isinstance(fact, Held)]
        assert held and abs(held[-1] - float(seconds)) < 0.05, f"held: {held}"

    def _reps(self, count: str) -> None:
        reps = [fact.reps for fact in self.world.facts if isinstance(fact, Moved)]
        assert reps and reps[-1] == int(count), f"reps: {reps}"

    def _last_tick(self, remaining: str) -> None:
        assert self.world.ticks and self.world.ticks[-1][1] == int(remaining), f"ticks: {self.world.ticks[-3:]}"

    def _finished(self, _: str) -> None:
        assert self.world.finished, "it has not switched itself off"

    def _exercise(self, name: str) -> None:
        step = self.world.session.step
        assert step is not None, "no exercise is under way"
        assert step.name == name, f"the exercise is {step.name}"

    def _routine(self, key: str) -> None:
        under_way = self.world.session.under_way
        actual = under_way.routine.key if under_way else "none"
        assert actual == key, f"the routine is {actual}"

    def _noted(self, what: str) -> None:
        facts = [
            " ".join((name_of_fact(fact), *(str(value) for value in asdict(fact).values())))
            for fact in self.world.facts
        ]
        assert any(set(what.split()) <= set(fact.split()) for fact in facts), f"noted was: {facts}"

    def _killed(self, when: str) -> None:
        session = self.world.session
        left = unfinished_of(session, self.world.now)
        again = new_session(
            preferences=replace(session.preferences, wordiness="by need"),
            user=replace(session.user, screened=session.user.screened and when != "long ago", disclaimer_due=False),
            unfinished=left and replace(left, stale=when == "long ago"),
        )
        facts = self.world.facts
        self._wall += timedelta(seconds=self.world.now)
        self.world = self._started(again, facts=facts)

    def _started(self, session: Session, **kept: Any) -> World:
        """The assistant, switched on."""
        self._read = 0
        self._user_at = 0.0
        world = World(session, reminders=self._reminders, **kept)
        self.world = world
        world.read_reminders()
        return world.start()

    def _reminder_keeper(self) -> ReminderKeeper:
        self._folder = TemporaryDirectory()
        path = Path(self._folder.name) / "reminders.sqlite3"
        return ReminderKeeper(path, print, lambda: self._wall + timedelta(seconds=self._now()), UTC)

    def _now(self) -> float:
        return self.world.now

    def _off_until(self, when: str) -> None:
        assert self._wall + timedelta(seconds=self.world.now) < _wall(when), "that is not later"
        session = self.world.session
        self._wall = _wall(when)
        self.world = self._started(new_session(user=session.user), facts=self.world.facts)

    def _days_later(self, days: str) -> None:
        for fact in self.world.facts[self._kept :]:
            self._memory.note(fact)
        self._day += timedelta(days=int(days))
        session = self.world.session
        kept = self._memory.known
        known = kept.user(self._day)
        facts = self.world.facts
        self._kept = len(facts)
        again = new_session(
            user=known,
            diary=session.diary,
            preferences=replace(session.preferences, wordiness=kept.wordiness or "by need"),
            voice=kept.voice_of(session.preferences.voices),
        )
        self._wall += timedelta(days=int(days))
        self.world = self._started(again, facts=facts)

    def _sound_back(self, seconds: str) -> None:
        self.world.pass_time(float(seconds))
        self.world.feed(SoundBack(float(seconds)))

    def _never_said(self, text: str) -> None:
        said = [s.text for s in self.world.spoken if s.text.lower().startswith(text.lower())]
        assert not said, f"it did say {said}"


def _wall(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _listed(text: str | None) -> list[str]:
    return [item.strip() for item in (text or "").split(",") if item.strip()]


def _health(settings: dict[str, str]) -> Health:
    if settings.get("health") == "never asked":
        return Health()
    answers = {**ANSWERED.answers, **dict.fromkeys(_listed(settings.get("yes to")), True)}
    cleared = frozenset(_listed(settings.get("cleared")))
    return Health(answers, cleared, complete=True, worse_before=frozenset(_listed(settings.get("leg worse after"))))


def _practice(settings: dict[str, str], days_done: dict[str, int]) -> Practice:
    if "sessions" not in settings:
        return Practice()
    cautions = {caution.say for routine in ROUTINES.values() for caution in routine.cautions}
    cautions |= {step.caution for routine in ROUTINES.values() for step in routine.steps}
    return Practice(int(settings["sessions"]), int(settings.get("away", "1")), days_done, frozenset(cautions))


def _digest(text: str | None) -> Digest | None:
    if text is None:
        return None
    given: dict[str, Any] = {}
    for item in _listed(text):
        name, value = item.split()
        days = tuple(int(day) for day in value.split("/")) if "/" in value else None
        given[name] = days or (int(value) if value.isdecimal() else value)
    return Digest(**given)


def _prescribed(text: str) -> Prescribed:
    exercise, amount, unit, *a_day = text.split()
    return Prescribed(
        exercise, int(amount), "seconds" if unit == "seconds" else "reps", int(a_day[0]) if a_day else None
    )
