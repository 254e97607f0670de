"""``stretch-assistant wyoming``: waits for words from satellites, and runs the session they ask for in its own room.

While nobody has asked for one the microphone is closed, and what can be told without a session is told from the pure
core. Words arrive in the inbox that the session takes its own from, so that there is one order and one thread for both.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import closing, suppress

from rich.console import Console
from rich.markup import escape

from assistant.commands.session import run_asked
from assistant.dialogue.events import Heard
from assistant.errors import AssistantError, EngineMissing
from assistant.hearing.listener import Utterance
from assistant.home.settings import Settings
from assistant.home_hub.reception import Reception, Reply
from assistant.keeping import memory
from assistant.keeping.diary_keeper import DiaryKeeper, diary_file
from assistant.loop.builder import begin
from assistant.loop.library import Library, load_library
from assistant.loop.live import Inbox
from assistant.loop.observers import Transition
from assistant.loop.session_keeper import SessionKeeper
from assistant.loop.typed import Answered, Asked
from assistant.loop.vocabulary import Vocabulary
from assistant.routines.loading import load_exercises
from assistant.voice.wording import Wording
from intents import Command

LINGERS_S = 600.0
"""A session that somebody in another room has begun ends when nothing has come of it for so long."""


class Lingering:
    """Says goodbye to a session that nobody goes on with; an observer of it.

    Args:
        inbox: The session's.
        lingers_s: How long it is waited.
    """

    def __init__(self, inbox: Inbox, lingers_s: float = LINGERS_S) -> None:
        self._inbox = inbox
        self._lingers_s = lingers_s
        self._timer: threading.Timer | None = None

    def __call__(self, transition: Transition) -> None:
        """Wait anew where somebody was heard, or the session has moved on; talk near by that it ignores is neither."""
        moved = transition.before.phase != transition.after.phase
        if self._timer is None or moved or isinstance(transition.event, Heard):
            self.end()
            self._timer = threading.Timer(self._lingers_s, self._say_goodbye, [transition.now])
            self._timer.daemon = True
            self._timer.start()

    def _say_goodbye(self, at: float) -> None:
        self._inbox.put(Utterance(at, at, "", 1.0, Command("Goodbye", {}), None))

    def end(self) -> None:
        """Wait no longer."""
        if self._timer is not None:
            self._timer.cancel()


class Desk:
    """Where the words of satellites arrive.

    Args:
        settings: The user's settings.
        library: The routines.
        vocabulary: What may be said.
        run: Runs a session that takes commands from an inbox and tells an observer; whether it ended by a goodbye.
        tell: Given a sentence for the user where something is wrong.
        tell_health: Whether satellites are told what the diary says, too.
    """

    def __init__(
        self,
        settings: Settings,
        library: Library,
        vocabulary: Vocabulary,
        run: Callable[[Inbox, Lingering], bool],
        tell: Callable[[str], None],
        *,
        tell_health: bool = False,
    ) -> None:
        self._settings = settings
        self._run = run
        self._tell = tell
        self._library = library
        self._exercises = load_exercises()
        self._reception = Reception(Wording(), vocabulary, tell_health)
        self._inbox: Inbox = queue.SimpleQueue()
        self._in_session = False
        self._refused: AssistantError | None = None
        self._preview("")  # makes ready what may be said

    def ask(self, text: str) -> Future[Reply]:
        """Take words; from any thread.

        Returns:
            What the satellite is to be told, as soon as that is known.
        """
        reply: Future[Reply] = Future()
        asked = Asked(text, Future())

        def answered(done: Future[Answered | None]) -> None:
            if not done.cancelled() and reply.set_running_or_notify_cancel():
                reply.set_result(self._reply(done.result()))

        asked.answer.add_done_callback(answered)
        reply.add_done_callback(lambda done: asked.answer.cancel() if done.cancelled() else None)
        self._inbox.put(asked)
        return reply

    def _reply(self, answered: Answered | None) -> Reply:
        if self._refused is not None:
            return self._reception.refuse(answered, self._refused)
        return self._reception.reply(answered, in_session=self._in_session)

    def work(self) -> None:
        """Answer satellites, and run the sessions that they ask for, until Ctrl-C."""
        while True:
            item = self._inbox.get()
            if isinstance(item, Asked) and not item.answer.cancelled() and not self._answer(item):
                return

    def _answer(self, asked: Asked) -> bool:
        answered = self._preview(asked.text)
        if answered is None or not self._reception.needs_room(answered):
            _settle(asked, answered)
            return True
        self._inbox.put(asked)  # the session takes it from there once it runs
        lingering = Lingering(self._inbox)
        self._in_session = True
        try:
            return self._run(self._inbox, lingering)
        except AssistantError as error:
            self._refused = error
            self._settle_all()
            return True
        finally:
            self._refused = None
            self._in_session = False
            lingering.end()

    def _preview(self, text: str) -> Answered | None:
        """What the words would do in a session of this user, without one."""
        with closing(DiaryKeeper(diary_file(), self._tell, names=self._library.names)) as diary:
            keeper = SessionKeeper(memory.usual_memory(diary.today), diary)
            session = begin(self._settings, self._library.routines, self._exercises, keeper)
            return self._reception.without_session(session, keeper.read_diary(), text)

    def _settle_all(self) -> None:
        """Answer all that have asked meanwhile."""
        while not self._inbox.empty():
            item = self._inbox.get()
            if isinstance(item, Asked):
                _settle(item, self._preview(item.text))


def _settle(asked: Asked, answered: Answered | None) -> None:
    if asked.answer.set_running_or_notify_cancel():
        asked.answer.set_result(answered)


def run_wyoming(
    settings: Settings, console: Console, host: str | None, port: int | None, *, announce: bool, tell_health: bool
) -> None:
    """Serve satellites until Ctrl-C.

    Args:
        settings: The user's settings.
        console: Where to show it.
        host: The address that is served; None: every one of this machine.
        port: None: the usual one; 0 takes one that is free.
        announce: Whether it can be found by zeroconf.
        tell_health: Whether satellites are told what the diary says, too.

    Raises:
        EngineMissing: The extra ``home`` is not installed.
        AssistantError: The port can't be had.
    """
    try:
        from assistant.home_hub.wyoming_server import WyomingServer  # noqa: PLC0415
    except ImportError as error:
        raise EngineMissing(
            "Satellites can't be served.",
            f"The packages of the extra 'home' are not installed: {error}.",
            "Type: pip install 'stretch-assistant[home]'",
        ) from error

    def tell(sentence: str) -> None:
        console.print(f"[yellow]{escape(sentence)}[/]", highlight=False)

    def run(inbox: Inbox, watch: Lingering) -> bool:
        return run_asked(settings, console, inbox, watch)

    library = load_library(settings)
    vocabulary = Vocabulary(library.routines.values(), load_exercises().values())
    desk = Desk(settings, library, vocabulary, run, tell, tell_health=tell_health)
    with WyomingServer(desk.ask, host=host, port=port, announce=announce, tell=tell) as server:
        console.print(
            f"Waiting for satellites on port {server.port}; the microphone is closed until one of them begins a "
            "session. Ctrl-C ends.",
            highlight=False,
            soft_wrap=True,
        )
        with suppress(KeyboardInterrupt):
            desk.work()
    console.print("No longer waiting for satellites.")
