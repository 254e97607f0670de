"""Sessions on the simulated card for measuring: a user who is told what to do, a room, and all that happened."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cache
from typing import ClassVar

import numpy as np

from assistant.audio.formats import RATE, Samples, to_int16
from assistant.audio.room import Room
from assistant.audio.simulated import SimulatedCard, Speaker
from assistant.hearing.listener import AnyListener, Utterance
from assistant.home.settings import Settings
from assistant.keeping.journal import Journal, Row
from assistant.loop.builder import assemble, texts_to_prepare
from assistant.loop.conversation import Conversation
from assistant.loop.library import load_library
from assistant.loop.session_keeper import guest
from assistant.loop.speaking import make_synthesiser
from assistant.stage.simulated_session import SimulatedSession
from assistant.voice.natural import FALLBACK, is_natural
from intents.sentences import Sentences
from scripts.benchmarks.engines import OURS, OURS_POCKETSPHINX, Engine
from scripts.testbed.answers import GOES_ALONG
from scripts.testbed.rooms import FLOOR_LEVEL, convolved, level, room_response

NEAR_LEVEL = 800.0
"""How loud the user is at the microphone, as RMS of the louder half: about 32 dB below full scale."""

ECHO_DELAY_S = 0.04
"""From the sample being rendered to its arriving at the microphone: a usual loudspeaker's latency."""

ECHO_DIRECT_DB = 3.0
"""The loudspeaker stands nearer to the microphone than the walls do."""


@dataclass
class TimedListener:
    """A listener that measures the processor's time.

    Attributes:
        inner: What hears.
        spent_s: Of the block taken last, in seconds.
        changes: Sample of the microphone's stream and the sentences that are taken from there on.
    """

    inner: AnyListener
    spent_s: float = 0.0
    changes: list[tuple[int, Sentences]] = field(default_factory=list)
    _heard: int = 0

    @property
    def suspects(self) -> bool:
        """See `AnyListener`."""
        return self.inner.suspects

    @property
    def at_rest(self) -> bool:
        """See `AnyListener`."""
        return self.inner.at_rest

    def listen_for(self, sentences: Sentences) -> None:
        """Take these sentences from now on."""
        if sentences is not self.changes[-1][1]:
            self.changes.append((self._heard, sentences))
        self.inner.listen_for(sentences)

    def accept(self, block: Samples, *, over_voice: bool = False) -> list[Utterance]:
        """Take the next block of sound."""
        self._heard += len(block)
        begun = time.thread_time()
        found = self.inner.accept(block, over_voice=over_voice)
        self.spent_s = time.thread_time() - begun
        return found

    def replace_last(self, sound: Samples) -> None:
        """Hear what was given last anew as this."""
        self.inner.replace_last(sound)

    def flush(self) -> list[Utterance]:
        """The stream has ended."""
        return self.inner.flush()


class User:
    """Somebody in the room: a microphone's source and a journal's sink. Subclasses say what is done when.

    Words can be fed as text, which is no sound and can't be misheard, or spoken.

    Attributes:
        rows: All rows of the journal so far.
        fed: When words were fed as text, in seconds.
        exhausted: Whether there is nothing more to be done: then the session ends.
        leave_at: When the assistant is switched off at the latest, in seconds.
    """

    def __init__(self) -> None:
        self.leave_at = 3600.0
        self.rows: list[Row] = []
        self.fed: list[float] = []
        self.exhausted = False
        self.conversation: Conversation | None = None
        self.listener: TimedListener | None = None
        self._speaker = Speaker()
        self._noise = np.random.default_rng(17)
        self._texts: list[tuple[float, str]] = []

    def __call__(self, row: Row) -> None:
        """Take note of what happened."""
        self.rows.append(row)
        self.notice(row)

    def read(self, frames: int) -> Samples:
        """What the microphone gets besides the echo: speech, and the noise of a quiet room."""
        now = self._speaker.mixer.clock / RATE
        due = [words for at, words in self._texts if at <= now]
        self._texts = [(at, words) for at, words in self._texts if at > now]
        assert self.conversation is not None
        for words in due:
            self.fed.append(self.conversation.now)
            self.conversation.hear_text(words)
        if now >= self.leave_at:
            self.leave_at = math.inf
            self.feed("goodbye for now", now)
        self.act(now)
        said = self._speaker.read(frames) + self._noise.normal(0.0, FLOOR_LEVEL, frames)
        return to_int16(said)

    def feed(self, words: str, at: float) -> None:
        """Have words taken as heard at a time, in seconds."""
        self._texts.append((at, words))

    def speak(self, clip: Samples, at: float) -> None:
        """Say something from a time on."""
        self._speaker.say(clip, at=round(at * RATE))

    def notice(self, row: Row) -> None:
        """Something happened."""

    def act(self, now: float) -> None:
        """A block of time passes."""

    @property
    def by_sound(self) -> list[Row]:
        """Commands that were taken from sound: rows of what was heard and not fed."""
        return [row for row in self.rows if row["kind"] == "heard" and not self._was_fed(row)]

    def _was_fed(self, row: Row) -> bool:
        return row["start_s"] == row["end_s"] and any(abs(row["t"] - at) < 1e-6 for at in self.fed)


class Guide(User):
    """Leads a session through a routine by text, saying only what is needed to begin and to go on.

    Args:
        routine: The routine's spoken name.
        answers: What is said, by the line that asks for it.
        leave_at: When the assistant is switched off at the latest, in seconds.
    """

    ANSWERS: ClassVar[Mapping[str, str]] = {
        **GOES_ALONG,
        "leg.ask": "no leg pain",
        # What nobody should have asked; answered so that the session comes to its end all the same.
        "confirm.other": "no",
        "confirm.start_over": "no",
        "hurts.offer": "skip",
        "hurts.offer_rest": "skip",
        "pause.paused": "resume",
    }

    def __init__(self, routine: str, answers: Mapping[str, str] = ANSWERS, leave_at: float = 3600.0) -> None:
        super().__init__()
        self.leave_at = leave_at
        self._routine = routine
        self._answers = answers
        self._begun = False

    def notice(self, row: Row) -> None:
        """Answer what is asked; leave when it is over."""
        if row["kind"] == "said" and row["line"] == "greeting.welcome" and not self._begun:
            self._begun = True
            self.feed(f"start {self._routine}", row["t"] + 1.0)
        elif row["kind"] == "said" and row["line"] in self._answers:
            self.feed(self._answers[row["line"]], row["t"] + 1.0)
        elif row["kind"] == "phase" and row["phase"] == "idle" and self._begun:
            self.exhausted = True


@dataclass(frozen=True)
class Recorded:
    """What a session left: both sides' samples from its first to its last, and which sentences were taken when."""

    heard: Samples
    played: Samples
    changes: Sequence[tuple[int, Sentences]]


def run_session(engine: Engine, user: User, room: Room | None, voice: str = FALLBACK) -> Recorded:
    """Run a session to its end.

    Args:
        engine: What hears.
        user: Is given every row and read as the microphone.
        room: What of the loudspeaker comes back to the microphone.
        voice: Which speaks, as it is set.
    """
    settings = spoken_with(voice)
    heard: list[Samples] = []
    played: list[Samples] = []

    def tap(microphone: Samples, loudspeaker: Samples) -> None:
        heard.append(microphone)
        played.append(loudspeaker)

    with ExitStack() as stack:
        synthesiser = stack.enter_context(make_synthesiser(settings))
        parts = assemble(
            settings,
            load_library(settings).routines,
            synthesiser,
            Journal(user),
            guest(screened=True),
        )
        recogniser = engine.recogniser(parts.vocabulary.everything.graph().words)
        stack.callback(recogniser.close)
        sentences = parts.conversation.sentences
        listener = TimedListener(engine.listener(recogniser, sentences), changes=[(0, sentences)])
        user.conversation, user.listener = parts.conversation, listener
        card = SimulatedCard(user, room=room, tap=tap)
        # The bare engines have nobody who would cancel the echo for them.
        ours = engine.name in {OURS, OURS_POCKETSPHINX}
        front_end = parts.echo_front_end(listener) if ours else parts.direct_front_end(listener)
        SimulatedSession(parts, card, front_end).run()
    return Recorded(np.concatenate(heard), np.concatenate(played), listener.changes)


def echo_room(echo_db: float, seed: int, voice: str = FALLBACK) -> Room:
    """A room whose echo of the assistant's voice is so much louder than the user.

    Args:
        echo_db: Level of the voice at the microphone against `NEAR_LEVEL`.
        seed: Of the room.
        voice: Which speaks.
    """
    response = room_response(seed, direct_to_reverberant_db=ECHO_DIRECT_DB)
    spoken = reference_voice(voice)
    arrived = level(convolved(spoken, response)[: len(spoken)])
    return Room(response, NEAR_LEVEL * 10 ** (echo_db / 20) / arrived, ECHO_DELAY_S)


def spoken_with(voice: str) -> Settings:
    """A voice as it is heard: scripts/run has the natural one speak more slowly than espeak-ng is set to."""
    return Settings(voice=voice, rate=150) if is_natural(voice) else Settings(voice=voice)


@cache
def reference_voice(voice: str) -> Samples:
    """A voice of the assistant's, saying what a routine says for certain."""
    settings = spoken_with(voice)
    routine = next(iter(load_library(settings).routines.values()))
    with make_synthesiser(settings) as synthesiser:
        return np.concatenate([synthesiser.clip(text).samples for text in texts_to_prepare(routine)])


def at_near_level(clip: Samples) -> Samples:
    """A recording of somebody, as loud as the user is."""
    scaled = clip * (NEAR_LEVEL / max(level(clip), 1e-9))
    return to_int16(scaled)
