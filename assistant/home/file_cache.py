"""What can be made again, kept on disk from one run to the next. Where that is impossible, nobody is troubled."""

from __future__ import annotations

import hashlib
import logging
import os
import secrets
import time
from pathlib import Path

_DIGEST_BYTES = hashlib.sha256().digest_size
_KEPT_AFTER_PRUNING = 0.9
_ABANDONED_AFTER_S = 3600.0

_log = logging.getLogger(__name__)


class FileCache:
    """Bytes by what they were made from, one file each.

    A file is the format's name, the checksum of the content, and the content. It is written beside its place and then
    moved there, so several assistants may share a folder. The folder and its files are for the user alone: what
    somebody is told, or calls their routines, says something of their health.

    Args:
        folder: Made if it is not there.
        limit_bytes: Beyond this, those that were not used for longest are deleted.
        form: First bytes of every file; another form makes all older files worthless.
        ending: Of the files' names.
    """

    def __init__(self, folder: Path, limit_bytes: int, form: bytes, ending: str) -> None:
        self._folder = folder
        self._limit_bytes = limit_bytes
        self._form = form
        self._ending = ending
        self._bytes: int | None = None  # not known before the first file is stored
        self._writable = True

    def load(self, *made_from: str | int) -> bytes | None:
        """What was made from these parts, or None if it is not here or was damaged."""
        path = self._path(made_from)
        try:
            file = path.read_bytes()
        except OSError:
            return None
        content = file[len(self._form) + _DIGEST_BYTES :]
        if file != self._packed(content):
            _log.info("ignored what is damaged: %s", path)
            return None
        try:
            os.utime(path)  # most recently used
        except OSError:
            _log.debug("its time can't be set: %s", path)
        return content

    def store(self, content: bytes, *made_from: str | int) -> None:
        """Keep something under the parts it was made from; after a first failure, nothing is kept."""
        if not self._writable:
            return
        packed = self._packed(content)
        try:
            if self._bytes is None:
                self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                self._bytes = sum(size for _, size, _ in self._files())
            self._write(self._path(made_from), packed)
            self._bytes += len(packed)
            if self._bytes > self._limit_bytes:
                self._prune()
        except OSError as error:
            _log.info("nothing is kept from now on: %s", error)
            self._writable = False

    def _path(self, made_from: tuple[str | int, ...]) -> Path:
        name = hashlib.sha256("\0".join(map(str, made_from)).encode()).hexdigest()
        return self._folder / (name + self._ending)

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
        """When used last, size and path of every file; what a killed assistant left half written is deleted."""
        files = []
        for path in self._folder.iterdir():
            try:
                status = path.stat()
                if path.suffix == self._ending:
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

    def _packed(self, content: bytes) -> bytes:
        return self._form + hashlib.sha256(content).digest() + content
