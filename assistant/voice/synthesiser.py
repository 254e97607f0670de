"""Texts in, clips out, as early as possible: from memory, from disk, or from the speech engine."""

from __future__ import annotations

import logging
import threading
import unicodedata
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from assistant.closing import ClosedAfterUse
from assistant.errors import VoiceUnavailable
from assistant.voice.cache import ClipCache
from assistant.voice.clip import Clip, at_volume, make_clip
from assistant.voice.natural import FALLBACK, is_natural
from assistant.voice.renderer import Renderer
from assistant.voice.settings import VoiceSettings
from assistant.voice.spoken_form import spoken_form
from intents.language import ENGLISH, Language
from intents.spoken import read_aloud

_MAKING = "2"
"""Part of what a kept clip is made from: to be changed with everything that `make_clip` does to the samples."""

_log = logging.getLogger(__name__)


class Synthesiser(ClosedAfterUse):
    """The assistant's voice. Its methods may be called from any thread and, but for `clip`, do not wait.

    What is asked for is rendered in the order in which it was asked for, and before what is rendered ahead. A clip
    once made stays in memory, so the same words in the same settings are the same samples to the end.

    Args:
        settings: How to speak.
        cache_folder: Where clips are kept from one run to the next; None keeps none.
        renderer: The engine; closed with this. None starts the usual one when the first clip is wanted.
        tell: Told once, from any thread, when the voice can't speak and another one can: `FALLBACK` does from then on.
        find: What a voice is for the engine that a user chooses by name.
        language: How texts are read aloud.
    """

    def __init__(
        self,
        settings: VoiceSettings,
        cache_folder: Path | None = None,
        renderer: Renderer | None = None,
        tell: Callable[[VoiceUnavailable], None] = lambda _: None,
        find: Callable[[str], str] = str,
        language: Language = ENGLISH,
    ) -> None:
        self._settings = settings
        self._wanted = settings
        self._find = find
        self._language = language
        self._cache = ClipCache(cache_folder) if cache_folder else None
        self._renderer = renderer or Renderer()
        self._tell = tell
        self._mute: set[str] = set()
        self._clips: dict[tuple[str, VoiceSettings], Clip] = {}
        self._ahead: dict[str, None] = {}
        self._next: deque[str] = deque()
        self._asked = ThreadPoolExecutor(1, "voice")
        self._preparing = ThreadPoolExecutor(1, "voice-ahead")
        self._engine_free = threading.Lock()
        self._state = threading.Condition()
        self._waiting = 0
        self._closed = False

    @property
    def settings(self) -> VoiceSettings:
        """The user's own settings, without what was wanted otherwise since."""
        return self._settings

    def clip(self, text: str) -> Clip:
        """The text as a clip; waits until it is there.

        Raises:
            ValueError: There is nothing to say: a defect in the caller.
            VoiceUnavailable: The voice is unknown, or the engine failed.
        """
        return self.request(text).result()

    def request(self, text: str) -> Future[Clip]:
        """The text as a clip, as soon as it is there. The future fails with `VoiceUnavailable`.

        Raises:
            ValueError: There is nothing to say: a defect in the caller.
        """
        key = (speakable(text), self._wanted)
        if key in self._clips:
            ready: Future[Clip] = Future()
            ready.set_result(self._clips[key])
            return ready
        with self._state:
            self._waiting += 1
        future = self._asked.submit(self._make, *key)
        future.add_done_callback(self._answered)
        return future

    def prepare(self, texts: Iterable[str]) -> Future[None]:
        """Render texts ahead while nothing else is asked for, now and again after every change of settings.

        Returns:
            Done when all of them are there, or will not be: the settings have changed or the engine has failed.

        Raises:
            ValueError: One of them has nothing to say: a defect in the caller.
        """
        spoken = [speakable(text) for text in texts]
        with self._state:
            self._ahead.update(dict.fromkeys(spoken))
            return self._preparing.submit(self._prepare, spoken, self._wanted)

    def prepare_next(self, texts: Iterable[str]) -> Future[None]:
        """Render what is about to be said, before all that is rendered ahead. It replaces what was given before.

        Raises:
            ValueError: One of them has nothing to say: a defect in the caller.
        """
        spoken = deque(speakable(text) for text in texts)
        with self._state:
            self._next = spoken
            return self._preparing.submit(self._prepare, [], self._wanted)

    def change(self, settings: VoiceSettings) -> None:
        """Speak like this from the next request on."""
        self._settings = settings
        self._apply(settings)

    def speak_as(self, pace: float, voice: str | None = None, *, clear: bool = False) -> None:
        """Speak otherwise than the settings say, from the next request on.

        Args:
            pace: So many times as fast.
            voice: In another voice, by its name; None: the one that is set.
            clear: For ears that hear little, also where that is not set.
        """
        own = self._settings
        other = replace(own, voice=own.voice if voice is None else self._find(voice), clear=own.clear or clear)
        self._apply(other.at_pace(pace))

    @property
    def process_id(self) -> int | None:
        """The engine's process, if one has been started."""
        return self._renderer.pid

    def close(self) -> None:
        """End the engine; what has not been rendered will not be. Clips already made stay valid."""
        with self._state:
            self._closed = True
            self._state.notify_all()
        self._renderer.close()
        for pool in (self._asked, self._preparing):
            pool.shutdown(cancel_futures=True)

    def _apply(self, wanted: VoiceSettings) -> None:
        with self._state:
            before, self._wanted = self._wanted, wanted
            if wanted != before and self._ahead:
                self._preparing.submit(self._prepare, list(self._ahead), wanted)

    def _prepare(self, texts: list[str], settings: VoiceSettings) -> None:
        waiting = deque(texts)
        while True:
            with self._state:
                self._state.wait_for(lambda: self._closed or not self._waiting)
                first = self._next or waiting
                if self._closed or not first or settings != self._wanted:
                    return
                text = first.popleft()
            try:
                self._make(text, settings)
            except VoiceUnavailable as error:
                _log.info("nothing is rendered ahead: %s", error.why)
                return

    def _answered(self, _: Future[Clip]) -> None:
        with self._state:
            self._waiting -= 1
            self._state.notify_all()

    def _make(self, text: str, settings: VoiceSettings) -> Clip:
        with self._engine_free:
            key = (text, settings)
            if key not in self._clips:
                self._clips[key] = at_volume(self._full_volume(text, settings), settings.volume)
            return self._clips[key]

    def _full_volume(self, text: str, settings: VoiceSettings) -> Clip:
        if settings.voice not in self._mute:
            try:
                return self._rendered(text, settings)
            except VoiceUnavailable as error:
                if settings.voice == FALLBACK or self._closed:
                    raise
                try:
                    clip = self._rendered(text, replace(settings, voice=FALLBACK))
                except VoiceUnavailable:
                    raise error from None
                self._mute.add(settings.voice)
                self._tell(error)
                return clip
        return self._rendered(text, replace(settings, voice=FALLBACK))

    def _rendered(self, text: str, settings: VoiceSettings) -> Clip:
        said = read_aloud(text, self._language)
        spoken = spoken_form(said, self._language) if is_natural(settings.voice) else said
        made_from: tuple[str | int, ...] = (
            _MAKING,
            settings.voice,
            settings.words_a_minute,
            str(settings.pitch),
            spoken,
        )
        if self._cache is not None:
            made_from = (*made_from, self._renderer.engine(settings.voice))
            kept = self._cache.load(*made_from)
            if kept is not None:
                return Clip(text, kept)
        sound, samples_a_second = self._renderer.render(spoken, settings.voice, settings.words_a_minute)
        clip = make_clip(text, sound, samples_a_second * settings.pitch)
        if self._cache is not None:
            self._cache.store(clip.samples, *made_from)
        return clip


def speakable(text: str) -> str:
    """The text without what no engine can say: control characters, broken characters, line ends, double spaces.

    Raises:
        ValueError: Nothing is left: a defect in the caller.
    """
    spoken = " ".join("".join(" " if unicodedata.category(c) in ("Cc", "Cs") else c for c in text).split())
    if not spoken:
        raise ValueError(f"there is nothing to say in {text!r}")
    return spoken
