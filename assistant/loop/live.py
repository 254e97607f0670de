"""The live session: threads round the conversation.

Input callback → bounded queue → recogniser thread → inbox; keyboard thread → inbox; finished clips → inbox. The
main thread waits on the inbox until the next deadline, lets the conversation answer, and watches the devices.
"""

from __future__ import annotations

import contextlib
import queue
import threading
import time
from collections.abc import Callable
from typing import IO, Protocol, TypeAlias

from assistant.audio.card import SoundCard
from assistant.errors import AssistantError
from assistant.hearing.listener import Utterance
from assistant.loop.builder import Assembled
from assistant.loop.conversation import Conversation
from assistant.loop.supervised_recogniser import SupervisedRecogniser
from assistant.loop.typed import Asked, Typed, WaitingLines, read_typed

Inbox: TypeAlias = queue.SimpleQueue[Utterance | Typed | Asked | None]
"""Where all threads leave what they have for the main one; None: a clip has been rendered."""

LONGEST_WAIT_S = 0.1
"""How long the main thread sleeps at most: what is shown is at most so old."""

REOPEN_EVERY_S = 1.0
"""How often a lost device is looked for."""

LET_SPEAK_S = 8.0
"""Looking thoroughly interrupts what works: how long that is put off while something is being said."""


class Card(SoundCard, Protocol):
    """A sound card whose devices may come back."""

    def reopen(self, *, interrupt: bool = True) -> None:
        """Look again which devices are there and start them; if it may not interrupt what works, only the others."""


class Watch:
    """Notices what is lost and what is back, tells the conversation, and looks again for devices.

    Args:
        conversation: The session.
        card: The card.
        recogniser: Hears the microphone.
        clock: Seconds of the world's time: that of the card may stand still.
    """

    def __init__(
        self,
        conversation: Conversation,
        card: Card,
        recogniser: SupervisedRecogniser,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._conversation = conversation
        self._card = card
        self._recogniser = recogniser
        self._clock = clock
        self._lost: str | None = None
        self._lost_at = 0.0
        self._next_reopen = 0.0
        self._next_interruption = 0.0

    def look(self) -> None:
        """Look once; to be called often.

        Raises:
            RecogniserFailed: The recogniser has failed too often.
        """
        self._recogniser.look()
        lost = self._card.lost or self._recogniser.lost
        if lost is not None and lost != self._lost:
            if self._lost is None:
                self._lost_at = self._clock()
                self._next_interruption = self._lost_at + REOPEN_EVERY_S + LET_SPEAK_S
            self._conversation.lose(lost)
            if self._conversation.speaking:  # says what is lost, though it may be found again at once
                self._next_reopen = self._clock() + REOPEN_EVERY_S
        elif self._lost is not None and lost is None:
            self._conversation.regain(self._clock() - self._lost_at)
        self._lost = lost
        self._look_for(self._card.lost)

    def _look_for(self, lost: str | None) -> None:
        if lost is None or self._clock() < self._next_reopen:
            return
        # While it says that the microphone is gone, it is not interrupted, or not often.
        speaks = self._conversation.speaking and lost != "loudspeaker"
        interrupt = not speaks or self._clock() >= self._next_interruption
        with contextlib.suppress(AssistantError):  # not back yet: tried again later
            self._card.reopen(interrupt=interrupt)
        self._next_reopen = self._clock() + REOPEN_EVERY_S
        if interrupt:
            self._next_interruption = self._next_reopen + LET_SPEAK_S


class LiveSession:
    """Runs a conversation on a card that works by itself, until it is finished.

    Args:
        parts: The session and its mixer.
        card: The card.
        inbox: Where all threads leave what they have for the main one.
        recogniser: Hears the microphone.
        show: Called often with the time, to refresh what is shown.
    """

    def __init__(
        self,
        parts: Assembled,
        card: Card,
        inbox: Inbox,
        recogniser: SupervisedRecogniser,
        show: Callable[[float], None],
    ) -> None:
        self._conversation = parts.conversation
        self._mixer = parts.mixer
        self._card = card
        self._inbox = inbox
        self._recogniser = recogniser
        self._watch = Watch(parts.conversation, card, recogniser)
        self._show = show
        self._typed = WaitingLines(parts.conversation.is_urgent, parts.conversation.pass_over)
        self._keyboard_open = False

    def run(self, keyboard: IO[str] | None = None, opened: Callable[[], None] = lambda: None) -> None:
        """Go on until the assistant is switched off, or typed commands have ended and it waits for one.

        Args:
            keyboard: Where commands are typed, if that is how they come.
            opened: Called when the devices are open, before anything is said.

        Raises:
            AssistantError: The sound devices can't be opened, or the recogniser fails again and again.
        """
        self._card.open(self._mixer.render, self._recogniser.hear)
        try:
            opened()
            self._recogniser.open()
            if keyboard is not None:
                self._keyboard_open = True
                reading = (keyboard, self._inbox.put)
                threading.Thread(target=read_typed, args=reading, name="keyboard", daemon=True).start()
            self._conversation.start()
            while not self._over(typed=keyboard is not None):
                self._turn(patient=keyboard is not None and not keyboard.isatty())
        finally:
            self._card.close()
            self._recogniser.close()

    def _over(self, *, typed: bool) -> bool:
        if self._conversation.finished:
            return True
        no_more_typed = typed and not self._keyboard_open and not self._typed
        return no_more_typed and self._conversation.waits

    def _turn(self, *, patient: bool) -> None:
        with contextlib.suppress(queue.Empty):
            self._take(self._inbox.get(timeout=self._wait_s()))
        line = self._typed.take(patient=patient and self._conversation.speaking)
        if line is not None:
            self._conversation.hear_text(line)
        self._conversation.advance()
        self._watch.look()
        self._recogniser.listen_for(self._conversation.sentences, self._conversation.coming)
        self._show(self._conversation.now)

    def _wait_s(self) -> float:
        deadline = self._conversation.deadline
        if deadline is None:
            return LONGEST_WAIT_S
        return min(LONGEST_WAIT_S, max(0.001, deadline - self._conversation.now))

    def _take(self, item: Utterance | Typed | Asked | None) -> None:
        match item:
            case Utterance():
                self._conversation.hear(item)
            case Typed(text=None):
                self._keyboard_open = False
            case Typed():
                self._typed.add(item)
            case Asked(text, answer) if answer.set_running_or_notify_cancel():
                answer.set_result(self._conversation.ask(text))
            case _:  # nobody waits for the answer; or a clip has been rendered: `advance` will find it
                pass
