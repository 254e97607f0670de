"""Hearing that survives its recogniser: one that has failed or hangs is left, and another one started.

A recogniser is native code in a thread of this process. If it raises, its thread ends; if it hangs, nothing can end
it: it is left behind, what it may still say is ignored, and another is loaded beside it. Meanwhile the session is told
that nobody hears. One that fails again and again ends the session; where that stood is kept on disk.
"""

from __future__ import annotations

import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np

from assistant.audio.formats import BLOCK, RATE, Samples
from assistant.errors import AssistantError, RecogniserFailed
from assistant.hearing.front_end.front_end import FrontEnd
from assistant.hearing.listener import Utterance
from intents.sentences import Sentences

STUCK_AFTER_S = 5.0
"""How long one piece of sound may take: a two-hundredth of that is usual."""

LOADS_WITHIN_S = 60.0
"""How long a recogniser may take to load, from a slow disk."""

MOST_FAILURES, COUNTED_FOR_S = 5, 300.0
"""So many failures within so long are too many."""

BLOCKS_AT_REST = 4
"""Blocks that are taken as one while the front end is at rest, 160 ms: that takes half the work, and of a word that
begins then only the beginning is heard a little later."""

RECOGNISER = "recogniser"
"""What is lost while nobody hears."""

_QUEUED_BLOCKS = 10 * RATE // BLOCK  # ten seconds that the recogniser may lag behind

Item: TypeAlias = "tuple[Samples, float] | Sentences"
"""A block of sound with the sample that sounded meanwhile, or what may be said from now on."""


@dataclass(frozen=True, slots=True)
class LoadedFrontEnd:
    """A front end whose recogniser is loaded, and how that is freed."""

    front_end: FrontEnd
    close: Callable[[], None]
    prepare: Callable[[Sentences], None] = lambda _sentences: None
    """Gets ready for sentences that may be taken soon; from any thread."""


LoadFrontEnd: TypeAlias = Callable[[Sentences], LoadedFrontEnd]
"""Loads a recogniser that takes these sentences. May take seconds, and fail with an `AssistantError`."""


class Worker(Protocol):
    """Where one front end works."""

    @property
    def error(self) -> Exception | None:
        """What has ended it."""

    @property
    def ready(self) -> bool:
        """Whether its recogniser is loaded."""

    @property
    def busy_s(self) -> float:
        """For how long it has been at the same piece of work; 0 while it waits."""

    def take(self, item: Item) -> bool:
        """Do this after what was taken before; never waits. False: there is too much of it, it is dropped."""

    def expect(self, coming: Sequence[Sentences]) -> None:
        """Get ready to take these sentences soon, the likeliest first, while it goes on hearing; never waits."""

    def leave(self) -> None:
        """Ignore what it may still say; does not wait for its end."""

    def close(self) -> None:
        """End it; does not wait longer than two seconds."""


class Bundle:
    """Puts blocks together while a front end is at rest.

    Args:
        front_end: Whose.
    """

    def __init__(self, front_end: FrontEnd) -> None:
        self._front_end = front_end
        self._blocks: list[Samples] = []
        self._sounding = 0.0

    def take(self, item: Item) -> Iterator[Item]:
        """The work that this item makes due: a complete bundle, then the item itself unless it waits for more."""
        if self._blocks and not self._continued_by(item):  # it is something else, or from another place
            yield from self.rest()
        if isinstance(item, Sentences) or not (self._blocks or self._front_end.at_rest):
            yield item
            return
        block, sounding = item
        if not self._blocks:
            self._sounding = sounding
        self._blocks.append(block)
        if len(self._blocks) == BLOCKS_AT_REST:
            yield from self.rest()

    def rest(self) -> Iterator[Item]:
        """The blocks that still wait for more."""
        if self._blocks:
            whole, self._blocks = np.concatenate(self._blocks), []
            yield whole, self._sounding

    def _continued_by(self, item: Item) -> bool:
        return isinstance(item, tuple) and abs(item[1] - self._sounding - sum(map(len, self._blocks))) <= 1.0


class ThreadWorker:
    """A front end in a thread of its own, so that recognising never delays the voice.

    A second thread gets ready for what may be taken next: a phase's graph takes a second to compile the first time, and
    a few hundredths to load. What is asked for before it is ready is waited for; the sound that comes meanwhile waits.

    Args:
        make: Loads it, in that thread.
        deliver: Called from the thread with each utterance.
    """

    def __init__(self, make: Callable[[], LoadedFrontEnd], deliver: Callable[[Utterance], None]) -> None:
        self._make = make
        self._deliver = deliver
        self._queue: queue.SimpleQueue[Item | None] = queue.SimpleQueue()
        self._coming: queue.SimpleQueue[Sequence[Sentences] | None] = queue.SimpleQueue()
        self._since: float | None = time.monotonic()
        self._left = False
        self.error: Exception | None = None
        self.ready = False
        self._thread = threading.Thread(target=self._run, name="recogniser", daemon=True)
        self._thread.start()

    @property
    def busy_s(self) -> float:
        """For how long it has been at the same piece of work."""
        since = self._since
        return 0.0 if since is None else time.monotonic() - since

    def take(self, item: Item) -> bool:
        """Do this after what was taken before."""
        if self._queue.qsize() >= _QUEUED_BLOCKS:
            return False
        self._queue.put(item)
        return True

    def expect(self, coming: Sequence[Sentences]) -> None:
        """Get ready to take these sentences soon."""
        self._coming.put(coming)

    def leave(self) -> None:
        """Ignore what it may still say."""
        self._left = True
        self._queue.put(None)

    def close(self) -> None:
        """End it."""
        self._queue.put(None)
        self._thread.join(timeout=2.0)

    def _run(self) -> None:
        try:
            made = self._make()
        except Exception as error:  # noqa: BLE001 - whatever it is, it is told, and another one is loaded
            self.error = error
            return
        self.ready, self._since = True, None
        threading.Thread(target=self._get_ready, args=(made.prepare,), name="recogniser-ahead", daemon=True).start()
        try:
            for item in self._items(Bundle(made.front_end)):
                if self._left:
                    break
                self._since = time.monotonic()
                if isinstance(item, Sentences):
                    made.front_end.listen_for(item)
                else:
                    for utterance in made.front_end.accept(*item):
                        if not self._left:
                            self._deliver(utterance)
                self._since = None
        except Exception as error:  # noqa: BLE001 - engines raise what they like
            self.error = error
        finally:
            self._coming.put(None)
            made.close()

    def _get_ready(self, prepare: Callable[[Sentences], None]) -> None:
        """Prepare what is coming; what was to come before that no longer matters."""
        while (coming := self._coming.get()) is not None:
            for sentences in coming:
                if not self._coming.empty():
                    break
                with suppress(Exception):  # whatever it is, it is told when they are asked for
                    prepare(sentences)

    def _items(self, bundle: Bundle) -> Iterator[Item]:
        """What is to be done, until the end; waits for it."""
        while (item := self._queue.get()) is not None:
            yield from bundle.take(item)
        yield from bundle.rest()


class SupervisedRecogniser:
    """Hearing, whichever recogniser does it. All but `hear` is called from the main thread.

    Args:
        make: Loads a recogniser.
        sentences: What may be said at first.
        deliver: Called with each utterance, its times on the session's clock; perhaps from another thread.
        start: Starts a worker.
        clock: Seconds of the world's time.

    Attributes:
        dropped: Blocks that came while the recogniser lagged too far behind.
        failures: What has gone wrong so far.
    """

    def __init__(
        self,
        make: LoadFrontEnd,
        sentences: Sentences,
        deliver: Callable[[Utterance], None],
        start: Callable[[Callable[[], LoadedFrontEnd], Callable[[Utterance], None]], Worker] = ThreadWorker,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._make = make
        self._sentences = sentences
        self._deliver = deliver
        self._start = start
        self._clock = clock
        self._worker: Worker | None = None
        self._failed_at: deque[float] = deque(maxlen=MOST_FAILURES)
        self._started_with = sentences
        self._coming: Sequence[Sentences] = ()
        self._down = False
        self.dropped = 0
        self.failures: list[str] = []

    @property
    def lost(self) -> str | None:
        """``"recogniser"`` from a failure until another one is ready, else None."""
        return RECOGNISER if self._down else None

    def open(self) -> None:
        """Begin to hear."""
        if self._worker is None:
            self._begin()

    def hear(self, block: Samples, sounding: float) -> None:
        """Take a block from the sound card's thread, with the sample that sounded; never waits."""
        worker = self._worker
        if worker is not None and not worker.take((block, sounding)):
            self.dropped += 1

    def listen_for(self, sentences: Sentences, coming: Sequence[Sentences] = ()) -> None:
        """Take these sentences, for all blocks that come from now on; the same ones again change nothing.

        Args:
            sentences: What may be said now.
            coming: What may be said soon, the likeliest first.
        """
        if sentences is not self._sentences:
            self._sentences = sentences
            if self._worker is not None:
                self._hand_over(self._worker)
        if coming != self._coming:
            self._coming = coming
            if self._worker is not None:
                self._worker.expect(coming)

    def look(self) -> None:
        """See whether it still hears, and start another one if not; to be called often.

        Raises:
            RecogniserFailed: It has failed too often.
        """
        worker = self._worker
        if worker is None:
            return
        why = self._wrong_with(worker)
        if why is None:
            self._down = self._down and not worker.ready
            if self._started_with is not self._sentences:
                self._hand_over(worker)
            return
        worker.leave()
        self._down = True
        self.failures.append(why)
        self._failed_at.append(self._clock())
        if len(self._failed_at) == MOST_FAILURES and self._clock() - self._failed_at[0] < COUNTED_FOR_S:
            raise RecogniserFailed(
                "You can't be heard any more.",
                f"The recogniser has failed {MOST_FAILURES} times. {why}",
                "Start the assistant again: it offers to go on where you were. Another recogniser: --engine.",
            )
        self._begin()

    def close(self) -> None:
        """End it."""
        if self._worker is not None:
            self._worker.close()

    def _begin(self) -> None:
        sentences = self._started_with = self._sentences
        self._worker = self._start(lambda: self._make(sentences), self._deliver)
        self._worker.expect(self._coming)

    def _hand_over(self, worker: Worker) -> None:
        # Where there is no room, it is tried again with the next look.
        if worker.take(self._sentences):
            self._started_with = self._sentences

    def _wrong_with(self, worker: Worker) -> str | None:
        if worker.error is not None:
            error = worker.error
            return error.why if isinstance(error, AssistantError) else f"{type(error).__name__}: {error}"
        if worker.busy_s > (STUCK_AFTER_S if worker.ready else LOADS_WITHIN_S):
            return f"It has not answered for {worker.busy_s:.0f} s."
        return None
