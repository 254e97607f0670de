"""The last minutes of sound, kept on the user's own disk when they ask for it: to find out what went wrong.

Left the microphone, right what was played, in short files for the user alone; never more minutes than were asked for,
those of earlier sessions counted in. Nothing here is ever sent anywhere, and no session fails for want of it.
"""

from __future__ import annotations

import io
import os
import queue
import re
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

import numpy as np
import soundfile

from assistant.audio.card import Hear, Render, SoundCard
from assistant.audio.formats import BLOCK, RATE, Samples, silence
from assistant.home import folders

SEGMENT_S = 10
"""Length of a file: what a power cut loses at the most, and the step in which old sound goes."""

_OURS = re.compile(r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ-\d{4}\.flac")
_QUEUED_BLOCKS = 20 * RATE // BLOCK  # both sides of ten seconds, while the disk is busy
_PLAYED_AHEAD = RATE  # samples of what was played that wait for the microphone's


def audio_folder() -> Path:
    """Where sound is kept."""
    return folders.state() / "audio"


def kept_files(folder: Path) -> list[Path]:
    """The files of kept sound, the oldest first."""
    with suppress(OSError):
        return sorted(path for path in folder.iterdir() if _OURS.fullmatch(path.name))
    return []


def kept_seconds(path: Path) -> float:
    """How long a kept file lasts; 0 if it is damaged."""
    try:
        return float(soundfile.info(path).duration)
    except (soundfile.SoundFileError, OSError):
        return 0.0


class AudioRing:
    """Short files of sound in a folder, the oldest of which make room for new ones.

    Args:
        folder: Where; made for the user alone.
        minutes: How much is kept.
        now: The time of day, for the files' names.
    """

    def __init__(self, folder: Path, minutes: float, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._folder = folder
        self._most_s = minutes * 60
        self._now = now

    def add(self, sound: Samples) -> None:
        """Keep a piece of sound, and let go of what is then too old.

        Args:
            sound: int16, 16 kHz, shape ``(n, 2)``, at most `SEGMENT_S` long.

        Raises:
            OSError: The disk refuses it.
        """
        folders.make_private(self._folder)
        self._folder.chmod(0o700)
        self.make_room(len(sound) / RATE)
        encoded = io.BytesIO()
        soundfile.write(encoded, sound, RATE, format="FLAC", subtype="PCM_16")
        path = self._free_name()
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(encoded.getvalue())
        except OSError:
            path.unlink(missing_ok=True)  # half a file is of no use, and takes the room that is missing
            raise

    def make_room(self, seconds: float = 0.0) -> None:
        """Delete the oldest files until so many more seconds may be kept.

        Raises:
            OSError: A file can't be deleted.
        """
        room_s = self._most_s - seconds
        for path in reversed(kept_files(self._folder)):
            length_s = kept_seconds(path)
            room_s -= length_s
            if room_s < 0 or length_s == 0.0:
                path.unlink(missing_ok=True)

    def _free_name(self) -> Path:
        for number in range(10_000):
            path = self._folder / f"{self._now():%Y-%m-%dT%H-%M-%SZ}-{number:04d}.flac"
            if not path.exists():
                return path
        raise FileExistsError(f"{self._folder} is full of files of this second")


class AudioKeeper:
    """Keeps the sound of a session, in a thread of its own: ``with AudioKeeper(ring, tell) as keeper``.

    Args:
        ring: Where it goes.
        tell: Called once, from the thread, with a sentence for the user if the disk refuses it.

    Attributes:
        dropped: Blocks that came while the disk was too busy.
    """

    def __init__(self, ring: AudioRing, tell: Callable[[str], None]) -> None:
        self._ring = ring
        self._tell = tell
        self._told = False
        self._queue: queue.Queue[tuple[bool, Samples] | None] = queue.Queue(_QUEUED_BLOCKS)
        self._played = silence(0)
        self._waiting: list[Samples] = []
        self._thread = threading.Thread(target=self._run, name="keeping audio", daemon=True)
        self.dropped = 0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(queue.Full):
            self._queue.put(None, timeout=1.0)
        self._thread.join(timeout=5.0)

    @property
    def backlog(self) -> int:
        """Blocks that wait for the disk."""
        return self._queue.qsize()

    def heard(self, block: Samples) -> None:
        """Take what the microphone brought; never waits."""
        self._put(True, block)

    def played(self, block: Samples) -> None:
        """Take what the loudspeaker was given; never waits."""
        self._put(False, block)

    def _put(self, from_microphone: bool, block: Samples) -> None:
        try:
            self._queue.put_nowait((from_microphone, block))
        except queue.Full:
            self.dropped += 1

    def _run(self) -> None:
        length = 0
        while (item := self._queue.get()) is not None:
            from_microphone, block = item
            if not from_microphone:
                # Each side has its own clock, so they are laid side by side as they come.
                self._played = np.concatenate([self._played, block])[-_PLAYED_AHEAD:]
                continue
            while len(block):
                part, block = np.split(block, [SEGMENT_S * RATE - length])
                self._waiting.append(self._beside(part))
                length = (length + len(part)) % (SEGMENT_S * RATE)
                if not length:
                    self._keep()
        self._keep()

    def _beside(self, heard: Samples) -> Samples:
        """A piece of both sides, shape ``(n, 2)``."""
        played, self._played = self._played[: len(heard)], self._played[len(heard) :]
        both = np.zeros((len(heard), 2), np.int16)
        both[:, 0] = heard
        both[: len(played), 1] = played
        return both

    def _keep(self) -> None:
        waiting, self._waiting = self._waiting, []
        if not waiting:
            return
        try:
            self._ring.add(np.concatenate(waiting))
        except OSError as error:  # the next piece is tried again: somebody may make room
            if not self._told:
                self._told = True
                self._tell(f"The sound can't be kept: {error.strerror or error}. The session goes on without.")


class Reopening(SoundCard, Protocol):
    """A sound card whose devices may come back."""

    def reopen(self, *, interrupt: bool = True) -> None:
        """Look again which devices are there and start them; if it may not interrupt what works, only the others."""


class KeepingCard:
    """A sound card that lets a keeper have all that passes.

    Args:
        card: The card.
        keeper: Is given both sides.
    """

    def __init__(self, card: Reopening, keeper: AudioKeeper) -> None:
        self._card = card
        self._keeper = keeper

    @property
    def lost(self) -> str | None:
        """See `SoundCard.lost`."""
        return self._card.lost

    def open(self, render: Render, hear: Hear) -> None:
        """See `SoundCard.open`."""

        def rendered(frames: int) -> Samples:
            sound = render(frames)
            self._keeper.played(sound)
            return sound

        def heard(block: Samples, sounding: float) -> None:
            self._keeper.heard(block)
            hear(block, sounding)

        self._card.open(rendered, heard)

    def reopen(self, *, interrupt: bool = True) -> None:
        """See `Reopening.reopen`."""
        self._card.reopen(interrupt=interrupt)

    def close(self) -> None:
        """See `SoundCard.close`."""
        self._card.close()


def erase_audio(folder: Path) -> int:
    """Delete all kept sound.

    Returns:
        How many files there were.

    Raises:
        OSError: One can't be deleted.
    """
    files = kept_files(folder)
    for path in files:
        path.unlink(missing_ok=True)
    return len(files)
