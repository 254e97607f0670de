"""The real parts with something wrong: wrappers that fail when they are told to, and are the real thing otherwise."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future

from assistant.audio.card import Hear, Render
from assistant.audio.formats import RATE, Samples
from assistant.audio.real import WATCHDOG_S
from assistant.audio.simulated import SimulatedCard
from assistant.errors import VoiceUnavailable
from assistant.hearing.decision import STILL_S
from assistant.hearing.front_end.front_end import FrontEnd
from assistant.hearing.listener import Utterance
from assistant.loop.supervised_recogniser import Bundle, Item, LoadedFrontEnd
from assistant.stage.soundless import SoundlessVoice
from assistant.voice.clip import Clip
from assistant.voice.synthesiser import Synthesiser
from intents.sentences import Sentences
from scripts.simulation.person import WordMouth

_QUEUED = 500


class Killed(BaseException):
    """The process is killed here."""


class RecogniserCrashError(Exception):
    """What an engine may throw."""


class FaultyWorld:
    """The time that goes on whatever the sound card does, and what is wrong just now.

    Attributes:
        now: Seconds.
        wrong: What is wrong, by its name in `Fault`.
        crash_due: Whether the recogniser crashes with the next block.
        lives_for: So many writes to the disk until the process is killed; None: it isn't.
        rested_s: Seconds of sound that were heard at rest.
    """

    def __init__(self) -> None:
        self.now = 0.0
        self.wrong: set[str] = set()
        self.crash_due = False
        self.lives_for: int | None = None
        self.rested_s = 0.0

    def write(self) -> None:
        """Something is about to be written to the disk, or was: the process may die here.

        Raises:
            Killed: It does.
        """
        if self.lives_for is not None:
            self.lives_for -= 1
            if self.lives_for < 0:
                self.lives_for = None
                raise Killed


class FaultyCard:
    """The simulated card; like the real one it takes a device for lost when nothing has come for a while."""

    def __init__(self, inner: SimulatedCard, world: FaultyWorld) -> None:
        self.inner = inner
        self._world = world
        self._since: float | None = None
        self._late: list[tuple[Samples, float]] = []
        self._hear: Hear | None = None

    @property
    def lost(self) -> str | None:
        """See `SoundCard`."""
        if self.inner.lost is None:
            self._since = None
            return None
        if self._since is None:
            self._since = self._world.now
        return self.inner.lost if self._world.now - self._since >= WATCHDOG_S else None

    def open(self, render: Render, hear: Hear) -> None:
        """See `SoundCard`."""
        self._hear = hear
        self.inner.open(render, self._take)

    def reopen(self, *, interrupt: bool = True) -> None:
        """See `SoundCard`."""
        self.inner.reopen(interrupt=interrupt)

    def close(self) -> None:
        """See `SoundCard`."""
        self.inner.close()

    def _take(self, block: Samples, sounding: float) -> None:
        assert self._hear is not None
        wrong = self._world.wrong
        if "blocks dropped" in wrong:
            return
        if "blocks late" in wrong:
            self._late.append((block, sounding))
            return
        for late in self._late:
            self._hear(*late)
        self._late = []
        self._hear(block, sounding)
        if "blocks doubled" in wrong:
            self._hear(block, sounding)


class WordFrontEnd:
    """Hears what a `WordMouth` says, without recognising anything: words are taken as they were said."""

    def __init__(self, mouth: WordMouth, sentences: Sentences) -> None:
        self._mouth = mouth
        self._sentences = sentences
        self._last = 0
        self._still_s = 0.0

    @property
    def at_rest(self) -> bool:
        """See `FrontEnd`: as a `Listener` it rests when nothing has stirred for long."""
        return self._still_s >= STILL_S

    def listen_for(self, sentences: Sentences) -> None:
        """See `FrontEnd`."""
        self._sentences = sentences

    def accept(self, block: Samples, sounding: float) -> list[Utterance]:
        """See `FrontEnd`."""
        found = []
        self._still_s = 0.0 if block.any() else self._still_s + len(block) / RATE
        for at in block.nonzero()[0]:
            number = int(block[at])
            if number > self._last:  # a doubled block doubles a moment of sound, no word
                self._last = number
                words, lasts = self._mouth.said[number]
                end = (sounding + float(at)) / RATE
                command = self._sentences.match(words)
                rejected = None if command else "not a phrase"
                found.append(Utterance(end - lasts, end, words, 1.0, command, rejected))
        return found

    def flush(self) -> list[Utterance]:
        """See `FrontEnd`: a word is heard when it is over."""
        return []


class FaultyFrontEnd:
    """A front end that crashes when it is due."""

    def __init__(self, inner: FrontEnd, world: FaultyWorld) -> None:
        self._inner = inner
        self._world = world

    @property
    def at_rest(self) -> bool:
        """See `FrontEnd`."""
        return self._inner.at_rest

    def listen_for(self, sentences: Sentences) -> None:
        """See `FrontEnd`."""
        self._inner.listen_for(sentences)

    def accept(self, block: Samples, sounding: float) -> list[Utterance]:
        """See `FrontEnd`."""
        if self._world.crash_due:
            self._world.crash_due = False
            raise RecogniserCrashError("segment fault, or the like")
        if self._inner.at_rest:
            self._world.rested_s += len(block) / RATE
        return self._inner.accept(block, sounding)

    def flush(self) -> list[Utterance]:
        """See `FrontEnd`."""
        return self._inner.flush()


class SteppedWorker:
    """A `Worker` without a thread: does at once what it is given, unless it hangs."""

    def __init__(
        self, make: Callable[[], LoadedFrontEnd], deliver: Callable[[Utterance], None], world: FaultyWorld
    ) -> None:
        self._world = world
        self._deliver = deliver
        self._made = make()
        self._bundle = Bundle(self._made.front_end)
        self._waiting: deque[Item] = deque()
        self._hangs_since: float | None = None
        self._left = False
        self.error: Exception | None = None
        self.ready = True

    @property
    def busy_s(self) -> float:
        """See `Worker`."""
        return 0.0 if self._hangs_since is None else self._world.now - self._hangs_since

    def take(self, item: Item) -> bool:
        """See `Worker`."""
        if "recogniser hangs" in self._world.wrong and self._hangs_since is None and not isinstance(item, Sentences):
            self._world.wrong.discard("recogniser hangs")  # this one, and not the one after it
            self._hangs_since = self._world.now
        if self._hangs_since is not None:
            if len(self._waiting) >= _QUEUED:
                return False
            self._waiting.append(item)
            return True
        if self.error is not None or self._left:
            return True
        try:
            for each in self._bundle.take(item):
                if isinstance(each, Sentences):
                    self._made.front_end.listen_for(each)
                else:
                    for utterance in self._made.front_end.accept(*each):
                        self._deliver(utterance)
        except RecogniserCrashError as error:
            self.error = error
        return True

    def expect(self, coming: Sequence[Sentences]) -> None:
        """See `Worker`: nothing takes time here."""

    def leave(self) -> None:
        """See `Worker`."""
        self._left = True
        self._made.close()

    def close(self) -> None:
        """See `Worker`."""
        self.leave()


class FaultyVoice:
    """A voice whose child process dies (no clip comes) or stalls (clips come late)."""

    def __init__(self, inner: SoundlessVoice, world: FaultyWorld) -> None:
        self._inner = inner
        self._world = world
        self._stalled: list[tuple[Future[Clip], Clip]] = []

    def request(self, text: str) -> Future[Clip]:
        """See `Voice`."""
        future: Future[Clip] = Future()
        if "voice dies" in self._world.wrong:
            future.set_exception(VoiceUnavailable("The voice does not answer.", "It was tried 3 times.", "Wait."))
            return future
        clip = self._inner.clip(text)  # here and now: what follows is the same every time
        if "voice stalls" in self._world.wrong:
            self._stalled.append((future, clip))
        else:
            future.set_result(clip)
        return future

    def speak_as(self, pace: float, voice: str | None = None, *, clear: bool = False) -> None:
        """See `Voice`."""
        self._inner.speak_as(pace, voice, clear=clear)

    def go_on(self) -> None:
        """What has stalled comes now."""
        stalled, self._stalled = self._stalled, []
        for future, clip in stalled:
            future.set_result(clip)


class FittedVoice(SoundlessVoice):
    """The real voice, its clips as long as their letters say.

    The engine's own lengths differ by some samples with what it spoke before.

    Args:
        inner: The real one.
    """

    def __init__(self, inner: Synthesiser) -> None:
        super().__init__()
        self._inner = inner
        self.speak_as(1.0)  # the process before may have spoken faster

    def clip(self, text: str) -> Clip:
        """The clip of a text."""
        samples, said = super().clip(text).samples, self._inner.clip(text).samples
        samples[: len(said)] = said[: len(samples)]
        return Clip(text, samples)

    def speak_as(self, pace: float, voice: str | None = None, *, clear: bool = False) -> None:
        """Speak faster (above 1) or slower from now on."""
        super().speak_as(pace)
        self._inner.speak_as(pace, voice, clear=clear)
