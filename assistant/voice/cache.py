"""Clips kept on disk from one run to the next. Where that is impossible, nothing is kept and nobody is troubled."""

from __future__ import annotations

import hashlib
import logging
import os
import secrets
import time
from pathlib import Path

import numpy as np

from assistant.audio.formats import Samples

LIMIT_BYTES = 200_000_000
"""About an hour and three quarters of speech."""

_FORMAT = b"clip 1\n"
"""First bytes of every file; another number makes all older files worthless."""

_ENDING = ".clip"
_DIGEST_BYTES = hashlib.sha256().digest_size
_KEPT_AFTER_PRUNING = 0.9
_ABANDONED_AFTER_S = 3600.0

_log = logging.getLogger(__name__)


class ClipCache:
    """Samples by what they were made from, one file each.

    A file is the format's name, the checksum of the samples, and the samples. It is written beside its place and then
    moved there, so several assistants may share a folder. The folder and its files are for the user alone: what
    somebody is told says something of their health.

    Args:
        folder: Made if it is not there.
        limit_bytes: Beyond this, those that were not used for longest are deleted.
    """

    def __init__(self, folder: Path, limit_bytes: int = LIMIT_BYTES) -> None:
        self._folder = folder
        self._limit_bytes = limit_bytes
        self._bytes: int | None = None  # not known before the first file is stored
        self._writable = True

    def load(self, *made_from: str | int) -> Samples | None:
        """The samples made from these parts, or None if they are not here or were damaged."""
        path = self._path(made_from)
        try:
            content = path.read_bytes()
        except OSError:
            return None
        samples = content[len(_FORMAT) + _DIGEST_BYTES :]
        if content != _packed(samples) or len(samples) % 2:
            _log.info("ignored a damaged clip: %s", path)
            return None
        try:
            os.utime(path)  # most recently used
        except OSError:
            _log.debug("the clip's time can't be set: %s", path)
        return np.frombuffer(samples, "<i2").astype(np.int16)

    def store(self, samples: Samples, *made_from: str | int) -> None:
        """Keep samples under the parts they were made from; after a first failure, none are kept."""
        if not self._writable:
            return
        content = _packed(samples.astype("<i2").tobytes())
        try:
            if self._bytes is None:
                self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                self._bytes = sum(size for _, size, _ in self._files())
            self._write(self._path(made_from), content)
            self._bytes += len(content)
            if self._bytes > self._limit_bytes:
                self._prune()
        except OSError as error:
            _log.info("clips are not kept from now on: %s", error)
            self._writable = False

    def _path(self, made_from: tuple[str | int, ...]) -> Path:
        name = hashlib.sha256("\0".join(map(str, made_from)).encode()).hexdigest()
        return self._folder / (name + _ENDING)

    def _write(self, path: Path, content: bytes) -> None:
        partial = path.with_name(f".{secrets.token_hex(6)}.partial")
        try:
            descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)

    def _files(self) -> list[tuple[float, int, Path]]:
        """When used last, size and path of every clip; what a killed assistant left half written is deleted."""
        files = []
        for path in self._folder.iterdir():
            try:
                status = path.stat()
                if path.suffix == _ENDING:
                    files.append((status.st_mtime, status.st_size, path))
                elif path.suffix == ".partial" and time.time() - status.st_mtime > _ABANDONED_AFTER_S:
                    path.unlink()
            except FileNotFoundError:
                continue  # another assistant was quicker
        return files

    def _prune(self) -> None:
        files = sorted(self._files())
        total = sum(size for _, size, _ in files)
        for _, size, path in files:
            if total <= self._limit_bytes * _KEPT_AFTER_PRUNING:
                break
            path.unlink(missing_ok=True)
            total -= size
        self._bytes = total


def _packed(samples: bytes) -> bytes:
    return _FORMAT + hashlib.sha256(samples).digest() + samples
