"""Carrying actions out: words to clips, clips and tones onto the mixer's timeline, and back: what has been spoken.

There is one voice. Lines wait for each other; a count that would fall into a line is left out, its tick is not.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Protocol

from assistant.audio.formats import RATE, silence
from assistant.audio.mixer import MAX_GAIN, VOICE_LAYER, Mixer, SoundCut, SoundFinished, SoundStarted
from assistant.audio.tones import tone
from assistant.dialogue.actions import Chime, ChimeKind, Hush, Say, Tick, Tune
from assistant.dialogue.events import SpeechFinished
from assistant.dialogue.line import Line, Slot
from assistant.dialogue.state.plan import BETWEEN_LINES_S, LETTERS_A_SECOND
from assistant.dialogue.state.session import STEP_PACE
from assistant.errors import VoiceUnavailable
from assistant.hearing.front_end.own_voice import OwnVoice
from assistant.keeping.journal import Journal
from assistant.voice.clip import Clip
from assistant.voice.wording import Wording
from intents.spoken import read_aloud

STEP_DB = 3.0

_COUNT, _TONE, _MARK = "count", "tone", "mark"


def words_of_line(wording: Wording, line: Line, turn: Callable[[str], int], later: int = 0) -> str:
    """The words of a line with those of the lines in it.

    Args:
        wording: Has the words.
        line: The line.
        turn: Which of the alternatives of a key has its turn.
        later: How many of this key come before it.
    """

    def filled(value: Slot) -> str | int:
        if not isinstance(value, tuple):
            return value
        return wording.listed([words_of_line(wording, inner, turn) for inner in value])

    text = wording.text(line.key, {name: filled(value) for name, value in line.slots}, turn(line.key) + later)
    # Names and numbers may open a sentence; a bare count is none.
    return text[:1].upper() + text[1:] if text.endswith((".", "?", "!")) else text


class Voice(Protocol):
    """What the performer needs of the synthesiser."""

    def request(self, text: str) -> Future[Clip]:
        """A clip of the text, as soon as it is there."""

    def speak_as(self, pace: float, voice: str | None = None, *, clear: bool = False) -> None:
        """Speak faster (above 1) or slower than the user's own rate from now on, in a voice of that name, clearly."""


@dataclass(frozen=True, slots=True)
class _Spoken:
    line: Line
    text: str


@dataclass(frozen=True, slots=True)
class _Counted:
    line: Line
    text: str


@dataclass(frozen=True, slots=True)
class _Toned:
    kind: ChimeKind


@dataclass(frozen=True, slots=True)
class _Ticked:
    remaining: int


class Performer:
    """Hands the dialogue's actions to mixer and voice.

    Args:
        mixer: The timeline.
        voice: Makes clips.
        wording: Has the words.
        journal: Is told what was said and sounded, on which sample.
        own_voice: Is told what is said when, so that hearing knows it again.
        on_clip: Called, from any thread, when a clip that was waited for is there. None: clips are waited for, so
            that what follows is the same every time.
        volume: The user's own, 0 to 1.
        session: The number of this session: the alternatives of a line take turns from one to the next, too.
    """

    def __init__(
        self,
        mixer: Mixer,
        voice: Voice,
        wording: Wording,
        journal: Journal,
        own_voice: OwnVoice,
        on_clip: Callable[[], None] | None = None,
        volume: float = 1.0,
        session: int = 0,
    ) -> None:
        self._mixer = mixer
        self._voice = voice
        self._wording = wording
        self._journal = journal
        self._on_clip = on_clip
        self._volume = volume
        self._queue: deque[tuple[_Spoken, Future[Clip]]] = deque()
        self._sounding: _Spoken | None = None
        self._began: dict[object, int] = {}
        self._free_at = 0
        self._counts: deque[tuple[int, int]] = deque(maxlen=4)
        self._session = session
        self._turns: dict[str, int] = {}
        self._own_voice = own_voice

    @property
    def busy(self) -> bool:
        """Whether a line is being said or waits to be said."""
        return self._sounding is not None or bool(self._queue)

    def text_of(self, line: Line, later: int = 0) -> str:
        """The words of a line, if it is said after so many others of its key."""
        return words_of_line(self._wording, line, lambda key: self._session + self._turns.get(key, 0), later)

    def say(self, action: Say) -> None:
        """Queue a line, or put it on its exact sample."""
        text = self.text_of(action.line)
        self._turns[action.line.key] = self._turns.get(action.line.key, 0) + 1
        future = self._voice.request(text)
        if action.at is None:
            self._mixer.cancel(lambda tag: isinstance(tag, _Counted))
            self._queue.append((_Spoken(action.line, text), future))
            if self._on_clip is not None:
                future.add_done_callback(lambda _: self._on_clip() if self._on_clip else None)
            self.advance()
        else:
            self._count(action.line, text, future, round(action.at * RATE))

    def _count(self, line: Line, text: str, future: Future[Clip], at: int) -> None:
        if self.busy:
            return
        still_counting = at < self._free_at  # a slow voice needs longer for some numbers than they last
        if still_counting or (self._on_clip is not None and not future.done()):
            self._mixer.play(tone("tick"), _Toned("tick"), at=at, layer=_TONE)
            return
        try:
            clip = future.result()
        except VoiceUnavailable:
            self._mixer.play(tone("tick"), _Toned("tick"), at=at, layer=_TONE)
            return
        self._own_voice.say(self._read_aloud(text), at / RATE, len(clip.samples) / RATE)
        self._mixer.play(clip.samples, _Counted(line, text), at=at, layer=_COUNT)
        self._counts.append((at, at + len(clip.samples)))
        self._free_at = max(self._free_at, at + len(clip.samples))

    def chime(self, action: Chime) -> None:
        """Put a tone on its exact sample."""
        self._mixer.play(tone(action.kind), _Toned(action.kind), at=round(action.at * RATE), layer=_TONE)

    def tick(self, action: Tick) -> None:
        """Mark a counted second on its exact sample."""
        self._mixer.play(silence(0), _Ticked(action.remaining), at=round(action.at * RATE), layer=_MARK)

    def hush(self, action: Hush) -> None:
        """Fall silent and forget what waits."""
        self._queue.clear()
        self._sounding = None
        self._mixer.hush(None if action.scheduled else VOICE_LAYER)
        self._free_at = self._mixer.clock
        if not action.scheduled:  # a count that sounds is not hushed, and so is waited for
            clock = self._free_at
            self._free_at = max([clock, *(over for begun, over in self._counts if begun < clock)])

    def tune(self, action: Tune) -> None:
        """Change pace, loudness and voice from the next line on."""
        self._voice.speak_as(STEP_PACE**action.pace, action.voice, clear=action.clear)
        self._mixer.gain = min(MAX_GAIN, self._volume * 10 ** (action.loudness * STEP_DB / 20))

    def advance(self) -> None:
        """Begin the next line if the voice is free and the line's clip is there."""
        if self._sounding is not None or not self._queue:
            return
        spoken, future = self._queue[0]
        if self._on_clip is not None and not future.done():
            return
        self._queue.popleft()
        try:
            samples = future.result().samples
        except VoiceUnavailable as error:
            # The session goes on: what can't be said is shown, for as long as saying it would take.
            self._journal.voice_failed(self._mixer.clock / RATE, spoken.text, error.why)
            samples = silence(len(spoken.text) / LETTERS_A_SECOND)
        self._sounding = spoken
        at = max(self._mixer.clock, self._free_at)
        self._free_at = at + len(samples)
        self._journal.saying(at / RATE, spoken.line.key, spoken.text)
        read_aloud = self._read_aloud(spoken.text)
        self._own_voice.say(read_aloud, at / RATE, len(samples) / RATE)  # before it can be heard
        self._mixer.play(samples, spoken, at=at, layer=VOICE_LAYER)

    def _read_aloud(self, text: str) -> str:
        return read_aloud(text, self._wording.language)

    def collect(self) -> list[SpeechFinished]:
        """What has been spoken to its end since the last call; the rest goes into the journal."""
        finished: list[SpeechFinished] = []
        for notice in self._mixer.notices():
            match notice:
                case SoundStarted(tag=_Toned(kind), sample=sample):
                    self._journal.chime(sample / RATE, kind)
                case SoundStarted(tag=_Ticked(remaining), sample=sample):
                    self._journal.tick(sample / RATE, remaining)
                case SoundStarted(tag=tag, sample=sample):
                    self._began[id(tag)] = sample
                case SoundFinished(tag=_Spoken() as spoken, sample=sample):
                    self._note_said(spoken, sample, cut=False)
                    if self._sounding is spoken:
                        self._sounding = None
                        self._free_at = sample + round(BETWEEN_LINES_S * RATE)
                    finished.append(SpeechFinished(spoken.line))
                case SoundFinished(tag=_Counted() as counted, sample=sample):
                    self._note_said(counted, sample, cut=False)
                case SoundCut(tag=_Spoken() | _Counted() as cut, sample=sample, started=True):
                    self._note_said(cut, sample, cut=True)
                case _:
                    pass
        return finished

    def _note_said(self, spoken: _Spoken | _Counted, end: int, *, cut: bool) -> None:
        start = self._began.pop(id(spoken), end)
        self._journal.said(spoken.line.key, spoken.text, start / RATE, end / RATE, cut=cut)
