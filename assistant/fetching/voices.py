"""Fetching a voice of Piper: two files, each downloaded beside its place, checked, and then moved there."""

from __future__ import annotations

import hashlib
from pathlib import Path

from assistant.fetching.destination import alone_in, download_checked
from assistant.fetching.downloading import TIMEOUT_S, Progress
from assistant.fetching.part_file import PartFile, writing_to
from models import Download, Voice


def fetched_voice(voice: Voice, destination: Path) -> Path | None:
    """The file of a voice that was fetched before and is still in order, else None."""
    if all(_is_there(file, destination) for file in voice.files()):
        return destination / voice.files()[-1].name
    return None


def fetch_voice(voice: Voice, destination: Path, progress: Progress, *, timeout_s: float = TIMEOUT_S) -> Path:
    """Download a voice and check it, unless it is there already.

    Args:
        voice: Which.
        destination: Folder in which its files will be; made where it is missing.
        progress: Told how far the download of each file is; not called for what is there.
        timeout_s: How long to wait for a server that sends nothing.

    Returns:
        The file to name for the voice. What lay in its place and is another file has been replaced.

    Raises:
        DownloadFailed: No connection, no such file, a wrong answer, or another process is fetching.
        ModelCorrupt: What was sent is another file.
        FileUnwritable: The disk is full or the folder can't be written.
    """
    with alone_in(destination):
        for file in voice.files():
            if not _is_there(file, destination):
                part = PartFile(destination / f"{file.name}.part", file)
                download_checked(file, part, progress, timeout_s)
                with writing_to(destination):
                    part.path.replace(destination / file.name)
                    part.discard()
    return destination / voice.files()[-1].name


def _is_there(file: Download, destination: Path) -> bool:
    try:
        with (destination / file.name).open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest() == file.sha256
    except OSError:
        return False
