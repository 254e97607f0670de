"""From text to clips, ahead of time: a worker thread over the child process, and a cache in memory and on disk."""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import json
import os
import queue
import sys
import tempfile
import threading
from collections.abc import Iterable
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Self

import numpy as np

from assistant.errors import VoiceUnavailable
from assistant.voice.clip import Clip, make_clip
from assistant.voice.process import VoiceProcess

_CACHE_FORMAT = 1
_MOST_CACHED_BYTES = 200_000_000
_URGENT, _AHEAD, _LAST = 0, 1, -1
SLOWEST, FASTEST = 80, 300


@dataclass(frozen=True, slots=True)
class VoiceSettings:
    """How it speaks.

    Attributes:
        voice: The engine's name of a voice; on Linux espeak-ng's, variants such as ``en-us+f3`` included. None: a
            British one on Linux, the system's own elsewhere.
        rate: Words a minute, 80 to 300.
    """

    voice: str | None = None
    rate: int = 150


class Synthesiser:
    """Makes clips; a context manager.

    Args:
        settings: How to speak.
        cache: Folder for rendered clips; None keeps them in memory only.
        process: The child; for tests with a short deadline.
    """

    def __init__(
        self, settings: VoiceSettings | None = None, cache: Path | None = None, process: VoiceProcess | None = None
    ) -> None:
        self._settings = settings or VoiceSettings()
        self._rate = self._settings.rate
        self._cache = cache
        self._process = process or VoiceProcess()
        self._clips: dict[tuple[str, int], Future[Clip]] = {}
        self._lock = threading.Lock()
        self._order = itertools.count()
        self._jobs: queue.PriorityQueue[tuple[int, int, str, int, Future[Clip] | None]] = queue.PriorityQueue()
        self._thread = threading.Thread(target=self._work, name="synthesiser", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def clip(self, text: str) -> Clip:
        """The clip of a text; waits for it.

        Raises:
            VoiceUnavailable: It can't be spoken.
            ValueError: There is nothing to say.
        """
        return self.request(text).result()

    def request(self, text: str) -> Future[Clip]:
        """The clip of a text, as soon as it is there; before everything that is only rendered ahead.

        Raises:
            ValueError: There is nothing to say.
        """
        return self._enqueue(text, _URGENT)

    def prepare(self, texts: Iterable[str]) -> None:
        """Render these when there is nothing else to do."""
        for text in texts:
            self._enqueue(text, _AHEAD)

    def set_pace(self, factor: float) -> None:
        """Speak so much faster than the settings say, from the next request on."""
        self._rate = max(SLOWEST, min(FASTEST, round(self._settings.rate * factor)))

    def close(self) -> None:
        """End the worker and the child; requests that wait are cancelled."""
        self._jobs.put((_LAST, next(self._order), "", 0, None))
        self._thread.join(timeout=10.0)
        self._process.close()
        if self._cache is not None:
            with contextlib.suppress(OSError):
                _keep_small(self._cache)

    def _enqueue(self, text: str, priority: int) -> Future[Clip]:
        if not text.strip():
            raise ValueError("there is nothing to say")
        with self._lock:
            known = self._clips.get((text, self._rate))
            if known is not None and not (known.done() and known.exception() is not None):
                if priority == _URGENT and not known.done():
                    self._jobs.put((priority, next(self._order), text, self._rate, known))
                return known
            future: Future[Clip] = Future()
            self._clips[text, self._rate] = future
        self._jobs.put((priority, next(self._order), text, self._rate, future))
        return future

    def _work(self) -> None:
        while True:
            _, _, text, rate, future = self._jobs.get()
            if future is None:
                break
            if future.done():
                continue
            try:
                future.set_result(self._make(text, rate))
            except VoiceUnavailable as error:
                future.set_exception(error)
        for waiting in self._clips.values():
            if not waiting.done():
                with contextlib.suppress(CancelledError):
                    waiting.cancel()

    def _make(self, text: str, rate: int) -> Clip:
        path = self._path(text, rate)
        cached = _load(path) if path else None
        if cached is not None:
            return Clip(text, cached)
        pcm, engine_rate = self._process.render(text, self._settings.voice, rate)
        clip = make_clip(text, pcm, engine_rate)
        if path:
            self._store(path, clip)
        return clip

    def _path(self, text: str, rate: int) -> Path | None:
        if self._cache is None:
            return None
        what = [_CACHE_FORMAT, sys.platform, version("pyttsx3"), self._settings.voice, rate, text]
        return self._cache / (hashlib.sha256(json.dumps(what).encode()).hexdigest() + ".npy")

    def _store(self, path: Path, clip: Clip) -> None:
        """Keep a clip on disk; where that can't be done, do without from now on."""
        assert self._cache is not None
        try:
            self._cache.mkdir(parents=True, exist_ok=True, mode=0o700)
            with tempfile.NamedTemporaryFile(dir=self._cache, suffix=".part", delete=False) as file:
                np.save(file, clip.samples, allow_pickle=False)
            os.replace(file.name, path)  # noqa: PTH105
        except OSError:
            self._cache = None


def _load(path: Path) -> np.ndarray[tuple[int], np.dtype[np.int16]] | None:
    """A clip from disk; None if it isn't there or is damaged."""
    try:
        samples = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    return samples if samples.ndim == 1 and samples.dtype == np.int16 else None


def _keep_small(folder: Path) -> None:
    files = sorted(folder.glob("*.npy"), key=lambda file: file.stat().st_mtime)
    excess = sum(file.stat().st_size for file in files) - _MOST_CACHED_BYTES
    for file in files:
        if excess <= 0:
            return
        excess -= file.stat().st_size
        file.unlink(missing_ok=True)
