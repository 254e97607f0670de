"""Compiled graphs on disk: each a model folder of its own, whose large files are links to the model it belongs to."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from assistant.errors import FileUnwritable
from assistant.hearing.vosk_model import write_model_folder
from assistant.hearing.vosk_model.graph_parts import ModelFiles

CHECKSUMS = "SHA256SUMS"

CACHED = 64
"""Graphs that stay on disk; the one not used for longest goes first."""

_IN_USE_S = 3600.0  # what was used since then, another process may be about to load


class GraphCache:
    """A folder of compiled graphs.

    Args:
        folder: It; made where it is missing.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def get(self, ingredients: object, make: Callable[[], ModelFiles], links: Mapping[str, Path]) -> Path:
        """The model folder of a graph; made where it isn't there, or not as it was made.

        Args:
            ingredients: All that the graph is made of; the same ones give the same folder. Its ``repr`` tells.
            make: Gives the files.
            links: Files and folders of the model that it is completed with, by their paths within the folder.

        Raises:
            FileUnwritable: The cache can't be written.
        """
        folder = self.folder / hashlib.sha256(repr(ingredients).encode()).hexdigest()[:32]
        with _one_at_a_time(self.folder):
            intact = _intact(folder)
            if intact:
                _complete(folder, links)
        if not intact:
            files = make()  # takes a second, in which others may have theirs
            with _one_at_a_time(self.folder):
                if not _intact(folder):
                    write_model_folder(folder, files, {CHECKSUMS: checksums_text(files.items()).encode("ascii")})
                    self._forget_oldest(keep=folder)
                _complete(folder, links)
        return folder

    def _forget_oldest(self, keep: Path) -> None:
        try:
            found = [path for path in self.folder.iterdir() if path != keep and not path.name.startswith(".")]
            used = sorted((path.stat().st_mtime, path) for path in found)
            for used_at, path in used[: max(0, len(found) + 1 - CACHED)]:
                if used_at < time.time() - _IN_USE_S:
                    shutil.rmtree(path, ignore_errors=True)
        except OSError:
            pass  # another process is at it, too


def _intact(folder: Path) -> bool:
    """Whether a graph is there as it was made: libvosk ends the process over a damaged one."""
    return folder.is_dir() and first_altered(folder) is None


def _complete(folder: Path, links: Mapping[str, Path]) -> None:
    """Put the model's own files beside a graph, which is used just now."""
    try:
        folder.touch()
        for name, original in links.items():
            _link(folder / name, original.resolve())
    except OSError as error:
        raise _unwritable(folder, error) from error


def checksums_text(files: Iterable[tuple[str, bytes]]) -> str:
    """The text of a model's list of checksums."""
    return "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(files))


def first_altered(folder: Path) -> str | None:
    """The first file that is missing or not the one in the list of checksums; the list itself where it is none."""
    try:
        lines = [line.split("  ", 1) for line in (folder / CHECKSUMS).read_text("ascii").splitlines()]
        listed = [(digest, name) for digest, name in lines]
    except (OSError, ValueError):
        return CHECKSUMS
    for digest, name in sorted(listed, key=lambda one: _size(folder / one[1])):  # what is large takes its time
        try:
            if hashlib.sha256((folder / name).read_bytes()).hexdigest() != digest:
                return name
        except OSError:
            return name
    return None if listed else CHECKSUMS


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except (OSError, ValueError):
        return 0  # it is found missing first


def _link(place: Path, original: Path) -> None:
    """Put a file or folder of the model in its place: a link, where the system has them."""
    if place.is_symlink() and place.readlink() == original:
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place)
    place.unlink(missing_ok=True)
    try:
        place.symlink_to(original)
    except OSError:
        if original.is_dir():
            shutil.copytree(original, place)
        else:
            shutil.copyfile(original, place)


@contextmanager
def _one_at_a_time(cache: Path) -> Iterator[None]:
    """Only one process at a time: another one that wants the same graph would load it half made."""
    try:
        cache.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.fdopen(os.open(cache.with_name(f".{cache.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600))
        with suppress(OSError):  # older versions left them open to everybody: they hold names that the user gave
            cache.chmod(0o700)
            os.fchmod(lock.fileno(), 0o600)
    except OSError as error:
        raise _unwritable(cache, error) from error
    with lock:  # closing it lets the next one in
        with suppress(OSError):  # some network disks can't be locked
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _unwritable(folder: Path, error: OSError) -> FileUnwritable:
    return FileUnwritable(
        f"The recognition graph in {folder} could not be made.",
        f"{error.strerror or error}.",
        "Make room on the disk, or set STRETCH_ASSISTANT_HOME to a folder that you may write to.",
    )
