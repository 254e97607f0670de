"""Clips kept on disk from one run to the next."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from assistant.audio.formats import Samples
from assistant.home.file_cache import FileCache

LIMIT_BYTES = 200_000_000
"""About an hour and three quarters of speech."""

_FORM = b"clip 1\n"


class ClipCache:
    """Samples by what they were made from.

    Args:
        folder: Made if it is not there.
        limit_bytes: Beyond this, those that were not used for longest are deleted.
    """

    def __init__(self, folder: Path, limit_bytes: int = LIMIT_BYTES) -> None:
        self._files = FileCache(folder, limit_bytes, _FORM, ".clip")

    def load(self, *made_from: str | int) -> Samples | None:
        """The samples made from these parts, or None if they are not here or were damaged."""
        content = self._files.load(*made_from)
        return None if content is None or len(content) % 2 else np.frombuffer(content, "<i2").astype(np.int16)

    def store(self, samples: Samples, *made_from: str | int) -> None:
        """Keep samples under the parts they were made from; after a first failure, none are kept."""
        self._files.store(samples.astype("<i2").tobytes(), *made_from)
