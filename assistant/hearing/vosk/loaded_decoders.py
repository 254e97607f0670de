"""Decoders that stay loaded, each with the graph of its sentences: the one in use, and those asked for last.

Any of them may be loaded ahead by another thread, so that nobody waits for it when the phase changes.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

import vosk

from assistant.allocator import give_back
from assistant.audio.formats import RATE
from assistant.hearing.vosk.decoder import Decoder, load_model, translated
from intents.graph import WordGraph

LOADED = 3
"""How many stay loaded: the one in use, and two that may be next. Each takes 12 to 17 MB, acoustic model and graph, and
is loaded anew in 20 ms."""

ALTERNATIVES = 20
"""Things that an utterance may have been at most; the search keeps fewer."""


class LoadedDecoders:
    """Loads decoders and keeps a few of them; from any thread.

    Args:
        compiled: Gives the model folder of a graph; may take seconds.
        most: How many stay loaded, the one in use among them.
    """

    def __init__(self, compiled: Callable[[WordGraph], Path], most: int = LOADED) -> None:
        self._compiled = compiled
        self._most = most
        self._lock = threading.Lock()
        self._loaded: OrderedDict[str, Future[Decoder]] = OrderedDict()
        self._in_use: str | None = None
        self._ahead: set[str] = set()  # those that were prepared since another one has been in use

    def use(self, graph: WordGraph) -> Decoder:
        """The decoder for a graph, which stays loaded until another one is used; waits for it if need be.

        Raises:
            AssistantError: It can't be compiled or loaded.
        """
        decoder = self._get(graph)
        with self._lock:
            if self._in_use != graph.fingerprint:
                self._in_use = graph.fingerprint
                self._ahead.clear()
        return decoder

    def prepare(self, graph: WordGraph) -> None:
        """Load the decoder for a graph that may be used soon; where there is no room for it, it is only compiled.

        Raises:
            AssistantError: It can't be compiled or loaded.
        """
        with self._lock:
            room = len(self._ahead | {graph.fingerprint, self._in_use}) <= self._most
            if room:
                self._ahead.add(graph.fingerprint)
        if room:
            self._get(graph).refresh()
        else:
            self._compiled(graph)

    def close(self) -> None:
        """Free all of them."""
        with self._lock:
            self._loaded.clear()
            self._in_use = None
            self._ahead.clear()

    def _get(self, graph: WordGraph) -> Decoder:
        key = graph.fingerprint
        with self._lock:
            future = self._loaded.get(key)
            wanted_first = future is None
            if future is None:
                self._make_room()
                future = self._loaded[key] = Future()
            self._loaded.move_to_end(key)
        if wanted_first:
            try:
                future.set_result(self._load(graph))
            except BaseException as error:  # noqa: BLE001 - it is raised below, and where it is waited for
                with self._lock:
                    if self._loaded.get(key) is future:
                        del self._loaded[key]
                future.set_exception(error)
        return future.result()

    def _make_room(self) -> None:
        """Let go of those that were not asked for the longest; before another is loaded, not after."""
        idle = sorted((key for key in self._loaded if key != self._in_use), key=lambda key: key in self._ahead)
        for key in idle[: max(0, len(self._loaded) + 1 - self._most)]:
            del self._loaded[key]

    def _load(self, graph: WordGraph) -> Decoder:
        folder = self._compiled(graph)
        model = load_model(folder)
        with translated(folder):
            decoder = Decoder(lambda: vosk.KaldiRecognizer(model, RATE), ALTERNATIVES)
        give_back()  # what compiling and loading took for a moment
        return decoder
