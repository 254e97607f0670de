"""A session on an MQTT broker, as a device of Home Assistant: what it is told, and the buttons that are pressed there.

What is pressed enters the session as words, the very words that the screen's buttons say: phases, the questions about
health and "stop" hold for it as for the voice. What the session does not take now is left alone.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from assistant.dialogue.events import DiaryRead
from assistant.dialogue.facts import EndedForPain, PainRated, PainSaid, RoutineDone
from assistant.dialogue.state.care_phases import Alerted, Alerting, TakingBack
from assistant.home_hub.broker import Broker, Will
from assistant.home_hub.entities import BUTTONS, OFFLINE, ONLINE, Topics, discovery
from assistant.loop.allowance import Allowance

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Self

    from assistant.dialogue.state.session import Session
    from assistant.home.mqtt_settings import MqttSettings
    from assistant.keeping.diary_keeper import DiaryKeeper
    from assistant.loop.observers import Transition
    from assistant.loop.published import Published
    from assistant.loop.publisher import Publisher

LONGEST_COMMAND = 200
"""Bytes; what is longer was pressed by nobody."""

PRESSES_AT_ONCE, PRESSES_A_SECOND = 5, 2.0
"""How quickly buttons are taken; "stop" is counted apart."""


class MqttHub:
    """Tells a broker of a session, and takes what is pressed there; an observer of its transitions.

    Args:
        settings: Which broker, and what it is told.
        session: The session to begin with.
        publisher: Knows what may be known of the session, and takes words.
        diary: The user's diary; None: none is kept.
        tell: Told, from any thread, a sentence for the user where something is wrong.
        clock: Seconds, for how fast buttons are pressed.

    Raises:
        SettingsInvalid: A file that the settings name can't be read.
    """

    def __init__(
        self,
        settings: MqttSettings,
        session: Session,
        publisher: Publisher,
        diary: DiaryKeeper | None,
        tell: Callable[[str], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._topics = Topics(settings.node, settings.prefix)
        self._publisher = publisher
        self._diary = diary
        self._tells_pain = settings.pain
        self._routines = _routines(session)
        self._discovery = discovery(self._topics, self._routines, pain=settings.pain)
        self._usual: str | None = None
        self._chosen: str | None = None
        self._days_this_week = 0
        self._last_session: datetime | None = None
        self._pain: int | None = None
        self._clock = clock
        self._presses = {kind: Allowance(PRESSES_AT_ONCE, PRESSES_A_SECOND) for kind in ("stop", "")}
        self._broker = Broker(
            settings,
            Will(self._topics.availability, OFFLINE),
            self._wanted,
            (self._topics.press, self._topics.choose_routine, self._topics.hub),
            self._take,
            tell,
        )

    def __enter__(self) -> Self:
        self._broker.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self._broker.__exit__(*error)

    def observe(self, transition: Transition) -> None:
        """Note what has happened. Nothing here waits for the broker."""
        session = transition.after
        happened = list(events_of(transition))
        for event, routine in happened:
            self._broker.happened(self._topics.event, json.dumps({"event_type": event, "routine": routine}))
        if happened or isinstance(transition.event, DiaryRead):
            self._read_diary(session)
        for fact in transition.facts:
            if isinstance(fact, PainRated | PainSaid | EndedForPain):
                self._pain = fact.level
        routines = _routines(session)
        if routines != self._routines:
            self._routines = routines
            self._discovery = discovery(self._topics, routines, pain=self._tells_pain)

    def _read_diary(self, session: Session) -> None:
        if self._diary is None:
            return
        digest = self._diary.digest()
        self._days_this_week = digest.week_days
        self._last_session = self._diary.last_session_at()
        self._usual = _name_of(session, digest.last_routine)
        self._pain = digest.last_level if self._pain is None else self._pain

    @property
    def _to_start(self) -> str:
        """The routine that the button starts: the one that was chosen, else the one that was begun last."""
        return next(
            (name for name in (self._chosen, self._usual) if name in self._routines), next(iter(self._routines))
        )

    def _wanted(self) -> Mapping[str, str]:
        state, topics = self._publisher.state, self._topics
        diary = {
            "last_session": None if self._last_session is None else self._last_session.isoformat(),
            "days_this_week": self._days_this_week,
        }
        return {
            topics.discovery: self._discovery,
            topics.state: json.dumps(_state(state), ensure_ascii=False),
            topics.seconds_left: json.dumps(seconds_left(state, self._publisher.clock())),
            topics.diary: json.dumps(diary),
            topics.routine: self._to_start,
            topics.pain: json.dumps(self._pain) if self._tells_pain else "",  # empty: the broker forgets it
            topics.availability: ONLINE,
        }

    def _take(self, topic: str, payload: bytes) -> None:
        text = payload[: LONGEST_COMMAND + 1].decode("utf-8", "replace")
        if topic == self._topics.hub:
            if text == ONLINE:
                self._broker.tell_again()
        elif topic == self._topics.choose_routine:
            if text in self._routines:
                self._chosen = text
        elif topic == self._topics.press and text in BUTTONS:
            self._press(text)

    def _press(self, button: str) -> None:
        if not self._presses["stop" if button == "stop" else ""].spend(self._clock()):
            return
        for shown in self._publisher.state.buttons:
            if shown.intent == BUTTONS[button] and (button != "start" or _capital(shown.label) == self._to_start):
                self._publisher.say(shown.say)
                return


def events_of(transition: Transition) -> Iterator[tuple[str, str | None]]:
    """What happened to a routine, each with its title: see `assistant.home_hub.entities.EVENTS`."""
    was, now = transition.before.under_way, transition.after.under_way
    same = was is not None and now is not None and was.routine.key == now.routine.key
    if was is not None and not same:
        done = any(isinstance(fact, RoutineDone) for fact in transition.facts)
        yield "finished" if done else "stopped", _capital(was.routine.title)
    if now is not None and not same:
        yield "started", _capital(now.routine.title)
    told = isinstance(transition.before.phase, Alerting | Alerted | TakingBack)
    if isinstance(transition.after.phase, Alerting) and not told:
        yield "alert", None if was is None else _capital(was.routine.title)


def seconds_left(state: Published, clock: float) -> int | None:
    """Of a hold, rounded up; None: nothing is held."""
    if state.condition != "holding" or state.countdown is None:
        return None
    return max(0, math.ceil(round(state.countdown.ends - max(clock, state.countdown.began), 3)))


def _state(state: Published) -> dict[str, object]:
    return {
        "state": state.condition,
        "running": "OFF" if state.routine is None else "ON",
        "routine": None if state.routine is None else _capital(state.routine.name),
        "step": None if state.exercise is None else _capital(state.exercise.name),
        "number": state.step,
        "of": state.steps,
        "side": state.side,
    }


def _routines(session: Session) -> tuple[str, ...]:
    """Names of the routines that can be started, those that the user made by voice among them; each once."""
    titles = [routine.title for routine in session.routines.values()]
    return tuple(dict.fromkeys(_capital(title) for title in (*titles, *session.user.own_routines)))


def _name_of(session: Session, key: str | None) -> str | None:
    """What a routine is called; one that was made by voice goes by its name."""
    if key is None:
        return None
    return _capital(session.routines[key].title if key in session.routines else key)


def _capital(name: str) -> str:
    """A name as it is shown by itself."""
    return name[:1].upper() + name[1:]
