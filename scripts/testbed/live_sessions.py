"""The real command on a real sound server: it is spoken to by microphone, and its events tell what it does."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

import soundfile

from assistant.audio.formats import RATE, Samples, Sound
from assistant.home.folders import HOME_VARIABLE
from assistant.keeping.journal import Row
from scripts.testbed.sound_server import SoundServer, wait_until

Voice: TypeAlias = Callable[[str], Samples | Sound]

WITHIN_S = 60.0


class LiveSession:
    """A running ``stretch-assistant`` and the events it has written so far.

    Args:
        server: Where it speaks and is spoken to.
        process: It.
        folder: Where its events are, and what is said to it.
        voice: Makes sound of words.
        begun: When it was started.
    """

    def __init__(
        self, server: SoundServer, process: subprocess.Popen[str], folder: Path, voice: Voice, begun: float
    ) -> None:
        self._server = server
        self._folder = folder
        self._voice = voice
        self._begun = begun
        self.process = process

    @property
    def rows(self) -> list[Row]:
        """The events so far; a line that is being written is left for the next time."""
        events = self._folder / "events.jsonl"
        whole = events.read_text(encoding="utf-8").rpartition("\n")[0] if events.exists() else ""
        return [json.loads(line) for line in whole.splitlines()]

    def until_listening(self) -> float:
        """Seconds from its start to its saying that it listens."""
        assert self.process.stdout is not None
        said = ""
        while not said.startswith("Listening") and time.perf_counter() < self._begun + WITHIN_S:
            said = self.process.stdout.readline()
        return time.perf_counter() - self._begun

    def wait_for(self, what: str, holds: Callable[[Row], bool]) -> None:
        """Wait until something holds of one of its events."""

        def happened() -> bool:
            assert self.process.poll() is None, "the session has ended by itself"
            return any(holds(row) for row in self.rows)

        wait_until(happened, what, WITHIN_S)

    def say(self, words: str) -> None:
        """Say words to it, to their end."""
        path = self._folder / "said.wav"
        soundfile.write(path, self._voice(words), RATE)
        assert self._server.play_to_microphone(path).wait(20) == 0


@contextmanager
def live_session(
    server: SoundServer, home: Path, folder: Path, voice: Voice, *options: str, **environment: str
) -> Iterator[LiveSession]:
    """Start it; it is killed in the end.

    Args:
        server: Where it speaks and is spoken to.
        home: Takes the place of the user's folders.
        folder: Where it runs, and writes its events to.
        voice: Makes sound of the words that are said to it.
        options: Of its command line.
        environment: Beside the server's.
    """
    events = folder / "events.jsonl"
    events.unlink(missing_ok=True)
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as a shell starts what runs in its background
        signal.signal(signal.SIGINT, signal.default_int_handler)  # else the session would be deaf to it, too
    begun = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "assistant", "--events", str(events), *options],
        env={**server.env, HOME_VARIABLE: str(home), **environment},
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            yield LiveSession(server, process, folder, voice, begun)
        finally:
            process.kill()
