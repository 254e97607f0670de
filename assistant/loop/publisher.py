"""Whoever shows a session elsewhere learns its state here, and puts in what is pressed there as if it were typed.

The session's thread writes, any others read: of several states that come in a row a slow reader gets the latest, and
nobody who reads, or has stopped to, delays the session.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from assistant.closing import ClosedAfterUse
from assistant.dialogue.alert_lines import alert
from assistant.dialogue.events import SoundBack, SoundLost
from assistant.dialogue.exercising.counting import COUNTS
from assistant.dialogue.line import Line
from assistant.dialogue.state.phases import Alerted, Alerting
from assistant.dialogue.state.session import Session
from assistant.keeping.journal import Journal, Row
from assistant.loop.builder import Assembled
from assistant.loop.buttons import Buttons
from assistant.loop.discretion import may_show_heard, may_show_line
from assistant.loop.observers import Transition
from assistant.loop.place import condition_of, place
from assistant.loop.published import HeardWords, Published
from assistant.loop.typed import Typed
from assistant.voice.wording import Wording
from intents.language import ENGLISH, Language

LONGEST_SAID = 200
"""Characters that are taken at once."""

_NOT_TAKEN = {"not a phrase": "no_phrase", "unsure": "unsure", "overtaken": "overtaken"}
"""Why words are not taken that somebody said to the assistant, and the line for it; the rest is noise, or its own."""


class Publisher(ClosedAfterUse):
    """An observer of transitions and a journal's sink that knows what may be known of the session.

    Args:
        session: The session to begin with.
        text_of: The words of a line.
        put: Takes words that are to be taken as typed; called from any thread.
        clock: Seconds of the session's sample clock as it is heard now; called from any thread.
        language: In which it speaks.
    """

    def __init__(
        self,
        session: Session,
        text_of: Callable[[Line], str],
        put: Callable[[Typed], object],
        clock: Callable[[], float],
        language: Language = ENGLISH,
    ) -> None:
        self.clock = clock
        self._text_of = text_of
        self._put = put
        self._language = language
        self._wording = Wording(language=language)
        self._buttons = Buttons(self._wording, language)
        self._session = session
        self._lost: str | None = None
        self._changed = threading.Condition()
        self._number = 0
        self._over = False
        self._state = Published(condition_of(session, None), buttons=self._buttons.of(session), **place(session))

    @property
    def state(self) -> Published:
        """The state now; any thread may ask."""
        return self._state

    def say(self, words: str) -> None:
        """Take words from elsewhere as if they were typed here; any thread may call this.

        Args:
            words: What is beyond `LONGEST_SAID` characters, or is none that can be said, is left out.
        """
        text = "".join(c if c.isprintable() else " " for c in words[:LONGEST_SAID]).strip()
        if text:
            self._put(Typed(text, alone=True))

    def subscribe(self) -> Subscription:
        """A reader of its own, who is first given the state as it is."""
        return Subscription(self)

    def observe(self, transition: Transition) -> None:
        """Note where the session has come to."""
        self._session = session = transition.after
        match transition.event:
            case SoundLost(device=device):
                self._lost = device
            case SoundBack():
                self._lost = None
        said: dict[str, Any] = {}
        if session.speaking:
            said = {name: getattr(self._state, name) for name in ("line", "line_at", "private")}
        self._publish(
            Published(
                condition_of(session, self._lost),
                lost=self._lost,
                heard=self._state.heard,
                buttons=self._buttons.of(session),
                alert=self._alert(session),
                at=transition.now,
                **said,
                **place(session),
            )
        )

    def __call__(self, row: Row) -> None:
        """Note what is said, and what was heard."""
        at = row["t"]
        match row["kind"]:
            case "saying":
                shown = may_show_line(row["line"])
                line = row["text"] if shown else None
                self._publish(replace(self._state, line=line, line_at=at, private=not shown, at=at))
            case "said" if row["line"] not in COUNTS and row["start"] >= (self._state.line_at or 0.0):
                # What was hushed is noted as said a moment after the next line has begun.
                self._publish(replace(self._state, line=None, line_at=None, private=False, at=at))
            case "heard":
                shown = may_show_heard(row["text"], row["intent"], self._session.phase, self._language)
                heard = HeardWords(row["text"] if shown else None, True, None, at)
                self._publish(replace(self._state, heard=heard, at=at))
            case "rejected" if row["text"] and row["rejected"] in _NOT_TAKEN:
                why = self._wording.text(f"not_taken.{_NOT_TAKEN[row['rejected']]}", {})
                self._publish(replace(self._state, heard=HeardWords(None, False, why, at), at=at))
            case _:
                pass

    def close(self) -> None:
        """The session is over: readers are told so, and no more."""
        with self._changed:
            self._state = Published("ended", heard=self._state.heard)
            self._number += 1
            self._over = True
            self._changed.notify_all()

    def _alert(self, session: Session) -> str | None:
        if not isinstance(session.phase, Alerting | Alerted):
            return None
        told = alert(session, session.phase.cause, exercising=False, lying=bool(session.phase.acts))
        return " ".join(self._text_of(line) for line in told)

    def _publish(self, state: Published) -> None:
        if state == self._state or self._over:
            return
        with self._changed:
            self._state = state
            self._number += 1
            self._changed.notify_all()

    def _newer(self, number: int, timeout_s: float | None) -> tuple[int, Published | None, bool]:
        with self._changed:
            self._changed.wait_for(lambda: self._number != number or self._over, timeout_s)
            return self._number, self._state if self._number != number else None, self._over


def publish(
    parts: Assembled,
    journal: Journal,
    put: Callable[[Typed], object],
    clock: Callable[[], float],
    language: Language = ENGLISH,
) -> Publisher:
    """A publisher that watches a conversation from now on.

    Args:
        parts: The conversation.
        journal: Its journal.
        put: As of `Publisher`.
        clock: The same.
        language: In which it speaks.
    """
    publisher = Publisher(parts.conversation.session, parts.performer.text_of, put, clock, language)
    journal.add(publisher)
    parts.conversation.observers.append(publisher.observe)
    return publisher


class Subscription:
    """Reads the states of a publisher in one thread, the latest one at a time."""

    def __init__(self, publisher: Publisher) -> None:
        self._publisher = publisher
        self._number = -1
        self.over = False
        """Whether the session has ended and its last state has been read."""

    def next(self, timeout_s: float | None = None) -> Published | None:
        """The state, once it is another than the one read before; None: it is not after so many seconds, or `over`."""
        self._number, state, self.over = self._publisher._newer(self._number, timeout_s)
        return state
