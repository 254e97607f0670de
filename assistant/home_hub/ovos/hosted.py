"""A session on somebody else's speech and hearing: texts in, texts out, and the host says when a text has been spoken.

The clock is the world's: there is no sound card of ours whose samples could be counted, so a hold is as exact as the
host's speech is prompt. All else is as in our own sessions: one thread has the conversation, whatever comes from
elsewhere goes through its inbox, and what it records is kept.
"""

from __future__ import annotations

import queue
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import CancelledError, Executor, Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotAnswered
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from assistant.audio.formats import RATE
from assistant.dialogue.actions import Chime, ChimeKind, Hush, Say, Tick, Tune
from assistant.dialogue.events import SpeechFinished
from assistant.dialogue.line import Line
from assistant.dialogue.state.phases import Idle, Introducing, Moving, Positioning
from assistant.keeping.journal import Journal
from assistant.keeping.only_session import OnlySession
from assistant.loop.conversation import Conversation
from assistant.loop.performer import words_of_line
from assistant.loop.typed import Answered, Asked
from assistant.loop.vocabulary import Vocabulary
from assistant.voice.wording import Wording

ANSWERS_WITHIN_S = 8.0
"""The conversation answers in milliseconds, unless a slow disk holds it up. OVOS itself waits for ten seconds."""


OF_THE_HOST = frozenset({"Louder", "Quieter", "OutOfScope"})
"""No commands of ours: loudness is the host's, and so are timers, music and whatever else it may be asked."""

PACE = frozenset({"Slower", "Faster"})
"""Of the voice, which is the host's, too."""


class Host(Protocol):
    """Who speaks."""

    def speak(self, text: str) -> None:
        """Say a text; returns when it has been said, or cut off."""

    def sound(self, kind: ChimeKind) -> None:
        """Begin a tone."""

    def hush(self) -> None:
        """Cut off what is being said."""


def get_ready(vocabulary: Vocabulary) -> None:
    """Make what may be said ready before anybody waits for it: that takes seconds the first time."""
    for phase in (Introducing, Positioning):
        vocabulary.of_phase(phase).match("")


class WallClock:
    """The world's time as a count of samples.

    Args:
        time: Seconds.
    """

    def __init__(self, time: Callable[[], float] = time.monotonic) -> None:
        self._time = time
        self._began = time()

    @property
    def clock(self) -> int:
        """Samples since it was made."""
        return round((self._time() - self._began) * RATE)


@dataclass(frozen=True, slots=True)
class _Spoken:
    line: Line
    text: str
    begun: float


class HostedPerformer:
    """Hands a session's actions to a host; the promises are those of `assistant.loop.performer.Performer`.

    Args:
        host: Speaks.
        wording: Has the words.
        journal: Is told what was said and sounded.
        clock: The session's.
        executor: One thread, in which the host speaks.
        wake: Called from that thread when something has been said.
        session: The number of this session: the alternatives of a line take turns from one to the next.
    """

    def __init__(
        self,
        host: Host,
        wording: Wording,
        journal: Journal,
        clock: WallClock,
        executor: Executor,
        wake: Callable[[], object],
        session: int = 0,
    ) -> None:
        self._host = host
        self._wording = wording
        self._journal = journal
        self._clock = clock
        self._executor = executor
        self._wake = wake
        self._session = session
        self._turns: dict[str, int] = {}
        self._queue: deque[Line] = deque()
        self._sounding: _Spoken | None = None
        self._speaking: Future[None] | None = None
        self._scheduled: list[Say | Chime | Tick] = []

    @property
    def busy(self) -> bool:
        """Whether a line is being said or waits to be said."""
        return self._sounding is not None or bool(self._queue)

    @property
    def next_at(self) -> float | None:
        """When the next thing with an exact time is due, in seconds on the clock."""
        return min((action.at for action in self._scheduled if action.at is not None), default=None)

    @property
    def _now(self) -> float:
        return self._clock.clock / RATE

    def say(self, action: Say) -> None:
        """Queue a line, or keep it for its time; what was counted for later is not said into a line."""
        if action.at is not None:
            self._scheduled.append(action)
            return
        self._scheduled = [waiting for waiting in self._scheduled if not isinstance(waiting, Say)]
        self._queue.append(action.line)

    def chime(self, action: Chime) -> None:
        """Keep a tone for its time."""
        self._scheduled.append(action)

    def tick(self, action: Tick) -> None:
        """Keep a counted second for its time."""
        self._scheduled.append(action)

    def hush(self, action: Hush) -> None:
        """Fall silent and forget what waits."""
        if self._speaking is not None:
            self._host.hush()
        if self._sounding is not None:
            self._note_said(self._sounding, cut=True)
        self._queue.clear()
        self._sounding = None
        if action.scheduled:
            self._scheduled.clear()

    def tune(self, action: Tune) -> None:
        """Pace and loudness are the host's."""

    def advance(self) -> None:
        """Do what is due, and begin the next line if the host is free."""
        for action in sorted(self._scheduled, key=lambda action: action.at or 0.0):
            if action.at is not None and action.at <= self._now:
                self._scheduled.remove(action)
                self._do(action)
        if self._sounding is None and self._speaking is None and self._queue:
            line = self._queue.popleft()
            self._sounding = _Spoken(line, self._text(line), self._now)
            self._journal.saying(self._now, line.key, self._sounding.text)
            self._speak(self._sounding.text)

    def collect(self) -> list[SpeechFinished]:
        """What has been said since the last call."""
        if self._speaking is None or not self._speaking.done():
            return []
        error, self._speaking = self._speaking.exception(), None
        spoken, self._sounding = self._sounding, None
        if spoken is None:  # a count, or what was cut off
            return []
        if error is not None:
            self._journal.voice_failed(self._now, spoken.text, str(error))
        self._note_said(spoken, cut=False)
        return [SpeechFinished(spoken.line)]

    def _do(self, action: Say | Chime | Tick) -> None:
        match action:
            case Chime(kind=kind):
                self._journal.chime(self._now, kind)
                self._host.sound(kind)
            case Tick(remaining=remaining):
                self._journal.tick(self._now, remaining)
            case Say(line=line) if not self.busy and self._speaking is None:  # a count never waits
                text = self._text(line)
                self._journal.said(line.key, text, self._now, self._now, cut=False)
                self._speak(text)

    def _speak(self, text: str) -> None:
        self._speaking = self._executor.submit(self._host.speak, text)
        self._speaking.add_done_callback(lambda _: self._wake())

    def _text(self, line: Line) -> str:
        turn = self._turns.get(line.key, 0)
        self._turns[line.key] = turn + 1
        return words_of_line(self._wording, line, lambda key: self._session + (turn if key == line.key else 0))

    def _note_said(self, spoken: _Spoken, *, cut: bool) -> None:
        self._journal.said(spoken.line.key, spoken.text, spoken.begun, self._now, cut=cut)


_Inbox: TypeAlias = "queue.SimpleQueue[Asked | None]"


@dataclass(frozen=True, slots=True)
class HostedParts:
    """A conversation with what performs it.

    Attributes:
        conversation: The session.
        performer: Performs it.
        clock: Its time.
    """

    conversation: Conversation
    performer: HostedPerformer
    clock: WallClock


class HostedSession:
    """Runs a conversation in a thread of its own, from the first words until nothing is under way any more.

    Args:
        make: Makes the conversation, in the thread of the session; given one for the host, and what to call when that
            has spoken.
        over: Called in the thread of the session when it is over, with what has ended it, if that was an error.

    Raises:
        AlreadyRunning: On `begin`, if another session runs on this machine.
    """

    def __init__(
        self,
        make: Callable[[Executor, Callable[[], object]], HostedParts],
        over: Callable[[BaseException | None], None],
    ) -> None:
        self._make = make
        self._over = over
        self._inbox: _Inbox = queue.SimpleQueue()
        self._stack = ExitStack()
        self._thread = threading.Thread(target=self._run, name="hosted session", daemon=True)
        self._begun = False
        self._closing = threading.Event()
        self._ended = threading.Event()

    def begin(self) -> None:
        """Begin; what is asked first is answered in place of a greeting."""
        self._stack.enter_context(OnlySession())
        self._thread.start()

    def ask(self, text: str) -> bool:
        """Take words.

        Returns:
            Whether they were a command, or held an urgent word; else nothing has happened.
        """
        answer: Future[Answered | None] = Future()
        self._inbox.put(Asked(text, answer))
        if self._ended.is_set():
            self._leave_unanswered()
        with suppress(NotAnswered, CancelledError):
            return answer.result(ANSWERS_WITHIN_S) is not None
        answer.cancel()
        return False

    def _leave_unanswered(self) -> None:
        with suppress(queue.Empty):
            while True:
                item = self._inbox.get_nowait()
                if item is not None:
                    item.answer.cancel()

    def close(self) -> None:
        """End it as it stands, and wait for that; what was done is kept, and offered to be gone on with."""
        self._closing.set()
        self._inbox.put(None)
        self._thread.join()

    def _run(self) -> None:
        error: BaseException | None = None
        try:
            executor = self._stack.enter_context(ThreadPoolExecutor(1, "host speaks"))
            self._parts = self._make(executor, lambda: self._inbox.put(None))  # here: a diary stays in its thread
            conversation = self._parts.conversation
            conversation.start()
            while not (conversation.finished or self._idle or self._closing.is_set()):
                self._turn()
        except Exception as raised:  # noqa: BLE001 - whatever it is: the host is told that the session is over
            error = raised
        finally:
            self._stack.close()
            self._ended.set()
            self._leave_unanswered()
            self._over(error)

    @property
    def _idle(self) -> bool:
        conversation = self._parts.conversation
        return self._begun and isinstance(conversation.session.phase, Idle) and not conversation.speaking

    def _turn(self) -> None:
        conversation = self._parts.conversation
        with suppress(queue.Empty):
            item = self._inbox.get(timeout=self._wait_s())
            if item is not None and item.answer.set_running_or_notify_cancel():
                moving = isinstance(conversation.session.phase, Moving)  # there, it is the counting that is paced
                item.answer.set_result(conversation.ask(item.text, OF_THE_HOST if moving else OF_THE_HOST | PACE))
                self._begun = True
        if self._begun:
            conversation.advance()

    def _wait_s(self) -> float | None:
        times = [at for at in (self._parts.conversation.deadline, self._parts.performer.next_at) if at is not None]
        return max(0.001, min(times) - self._parts.clock.clock / RATE) if times and self._begun else None
