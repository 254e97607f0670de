"""The live session: threads round the conversation.

Input callback → bounded queue → recogniser thread → inbox; keyboard thread → inbox; finished clips → inbox. The
main thread waits on the inbox until the next deadline, lets the conversation answer, and watches the devices.
"""

from __future__ import annotations

import contextlib
import queue
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Protocol

from assistant.app.conversation import Conversation
from assistant.app.ear import Ear
from assistant.audio.card import SoundCard
from assistant.audio.formats import BLOCK, RATE, Samples
from assistant.audio.mixer import Mixer
from assistant.errors import AssistantError
from assistant.hearing.listener import Utterance
from intents.sentences import Sentences

LONGEST_WAIT_S = 0.05
"""How long the main thread sleeps at most: what is shown is at most so old."""

REOPEN_EVERY_S = 3.0
"""Looking for a lost device interrupts the one that works."""

_MICROPHONE_BLOCKS = 10 * RATE // BLOCK  # ten seconds that the recogniser may lag behind


class Card(SoundCard, Protocol):
    """A sound card whose devices may come back."""

    def reopen(self) -> None:
        """Look again which devices are there and start them."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A line from the keyboard, or (None) its end."""

    text: str | None


class RecogniserThread:
    """Hears in a thread of its own, so that recognising never delays the voice.

    Args:
        ear: The ear, used by this thread only from now on.
        deliver: Called from the thread with each utterance, its times on the session's clock.
        fail: Called from the thread with the error that ended it.
    """

    def __init__(
        self,
        ear: Ear,
        deliver: Callable[[Utterance], None],
        fail: Callable[[AssistantError], None],
    ) -> None:
        self._ear = ear
        self._deliver = deliver
        self._fail = fail
        self._queue: queue.Queue[tuple[Samples, float] | Sentences | None] = queue.Queue(_MICROPHONE_BLOCKS)
        self.dropped = 0
        self._thread = threading.Thread(target=self._run, name="recogniser", daemon=True)

    def start(self) -> None:
        """Begin to hear."""
        self._thread.start()

    def hear(self, block: Samples, sounding: float) -> None:
        """Take a block from the sound card's thread, with the sample that sounded; never waits."""
        try:
            self._queue.put_nowait((block, sounding))
        except queue.Full:
            self.dropped += 1

    def listen_for(self, sentences: Sentences) -> None:
        """Take these sentences, for all blocks that come from now on."""
        with contextlib.suppress(queue.Full):
            self._queue.put(sentences, timeout=1.0)

    def close(self) -> None:
        """End the thread; does not wait longer than two seconds."""
        with contextlib.suppress(queue.Full):
            self._queue.put(None, timeout=1.0)
        self._thread.join(timeout=2.0)

    def _run(self) -> None:
        try:
            while (item := self._queue.get()) is not None:
                if isinstance(item, Sentences):
                    self._ear.listen_for(item)
                    continue
                for utterance in self._ear.accept(*item):
                    self._deliver(utterance)
        except AssistantError as error:
            self._fail(error)


class LiveSession:
    """Runs a conversation on a card that works by itself, until it is finished.

    Args:
        conversation: The session.
        card: The card.
        mixer: The conversation's mixer.
        inbox: Where all threads leave what they have for the main one.
        recogniser: Hears the microphone; None where commands are typed.
        show: Called often, to refresh what is shown.
    """

    def __init__(
        self,
        conversation: Conversation,
        card: Card,
        mixer: Mixer,
        inbox: queue.SimpleQueue[Utterance | Typed | AssistantError | None],
        recogniser: RecogniserThread | None,
        show: Callable[[], None],
    ) -> None:
        self._conversation = conversation
        self._card = card
        self._mixer = mixer
        self._inbox = inbox
        self._recogniser = recogniser
        self._show = show
        self._typed: list[str] = []
        self._keyboard_open = False
        self._lost: str | None = None
        self._next_reopen = 0.0

    def run(self, keyboard: IO[str] | None = None, opened: Callable[[], None] = lambda: None) -> None:
        """Go on until the assistant is switched off, or typed commands have ended and it waits for one.

        Args:
            keyboard: Where typed commands come from.
            opened: Called when the devices are open, before anything is said.

        Raises:
            AssistantError: The sound devices can't be opened, or the recogniser has failed.
        """
        self._card.open(self._mixer.render, self._recogniser.hear if self._recogniser else _nobody_listens)
        try:
            opened()
            if self._recogniser:
                self._recogniser.start()
            if keyboard is not None:
                self._keyboard_open = True
                threading.Thread(target=self._read, args=(keyboard,), name="keyboard", daemon=True).start()
            self._conversation.start()
            while not self._over():
                self._turn(patient=keyboard is not None and not keyboard.isatty())
        finally:
            self._card.close()
            if self._recogniser:
                self._recogniser.close()

    def _over(self) -> bool:
        if self._conversation.finished:
            return True
        no_more_typed = not self._keyboard_open and not self._typed
        return self._recogniser is None and no_more_typed and self._conversation.waits

    def _turn(self, *, patient: bool) -> None:
        with contextlib.suppress(queue.Empty):
            self._take(self._inbox.get(timeout=self._wait_s()))
        # Lines from a pipe are all there at once: each waits until the assistant has spoken.
        if self._typed and not (patient and self._conversation.speaking):
            self._conversation.hear_text(self._typed.pop(0))
        self._conversation.advance()
        self._watch()
        self._show()

    def _wait_s(self) -> float:
        deadline = self._conversation.deadline
        if deadline is None:
            return LONGEST_WAIT_S
        return min(LONGEST_WAIT_S, max(0.001, deadline - self._conversation.now))

    def _take(self, item: Utterance | Typed | AssistantError | None) -> None:
        match item:
            case Utterance():
                self._conversation.hear(item)
            case Typed(text=str(text)):
                if text.strip():
                    self._typed.append(text)
            case Typed():
                self._keyboard_open = False
            case AssistantError():
                raise item
            case None:  # a clip has been rendered: `advance` will find it
                pass

    def _read(self, keyboard: IO[str]) -> None:
        try:
            for text in keyboard:
                self._inbox.put(Typed(text))
        except (OSError, ValueError) as error:  # closed, or not text
            print(f"The keyboard can no longer be read: {error}", file=sys.stderr)
        self._inbox.put(Typed(None))

    def _watch(self) -> None:
        lost = self._card.lost
        if lost and not self._lost:
            self._conversation.lose(lost)
        elif self._lost and not lost:
            self._conversation.regain()
        self._lost = lost
        if lost and time.monotonic() >= self._next_reopen:
            self._next_reopen = time.monotonic() + REOPEN_EVERY_S
            with contextlib.suppress(AssistantError):  # not back yet: tried again later
                self._card.reopen()


def _nobody_listens(_block: Samples, _sounding: float) -> None:
    """Where commands are typed, the microphone is not opened."""
