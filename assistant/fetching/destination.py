"""The folder into which something is fetched, by one process at a time, and only what has the right checksum."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.fetching.downloading import Progress, download, not_fetched, not_the_file
from assistant.fetching.part_file import PartFile, writing_to
from assistant.home import folders
from models import Download


@contextmanager
def alone_in(destination: Path) -> Iterator[None]:
    """Make the folder, and keep a second fetch out; the system lets go also when the process is killed.

    Raises:
        DownloadFailed: Another process is fetching into it, or it can't be locked.
        FileUnwritable: It can't be made or written.
    """
    with writing_to(destination):
        folders.make_private(destination)
        lock = (destination / ".fetching.lock").open("ab")
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            why = f"Another process is fetching into {destination}."
            raise not_fetched(why, "Wait until it is done, then type it again.") from error
        except OSError as error:
            raise not_fetched(
                f"{destination} can't be locked: {error.strerror}.", "Use a folder on a local disk."
            ) from error
        yield


def download_checked(wanted: Download, part: PartFile, progress: Progress, timeout_s: float) -> None:
    """Bring a part file to its full length, with the right checksum.

    Raises:
        DownloadFailed: See `download`.
        ModelCorrupt: What was sent is another file.
        FileUnwritable: The disk is full or refuses.
    """
    while True:
        resumed = part.kept() > 0
        download(wanted, part, progress, timeout_s)
        if part.is_right():
            return
        part.discard()
        # What was kept from an earlier attempt may have been bad: one attempt from the start, then no more.
        if not resumed:
            raise not_the_file(wanted, "Its checksum is not the one it should have.")
