"""Fetching a recognition model: downloaded, checked, unpacked beside, and moved into its place as a whole.

Nothing is unpacked before length and checksum are right. What stops a download, a key or a power cut, leaves a
``.part`` file, and the next attempt goes on where it ended.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from assistant.fetching.destination import alone_in, download_checked
from assistant.fetching.downloading import TIMEOUT_S, Progress, not_the_file
from assistant.fetching.part_file import PartFile, writing_to
from assistant.fetching.receipt import NAME as RECEIPT
from assistant.fetching.receipt import still_holds, write_receipt
from assistant.fetching.unpacking import ArchiveRefused, unpack
from assistant.home import folders
from models import Model


def models_folder() -> Path:
    """Where fetched models go unless another folder is named."""
    return folders.data() / "models"


def fetched_model(model: Model, destination: Path) -> Path | None:
    """The folder of a model that was fetched before and is still in order, else None."""
    folder = destination / model.name
    return folder if still_holds(folder, model.sha256) else None


def fetch_model(model: Model, destination: Path, progress: Progress, *, timeout_s: float = TIMEOUT_S) -> Path:
    """Download a model, check it and unpack it, unless it is there already.

    Args:
        model: Which.
        destination: Folder in which the model's folder will be; made where it is missing.
        progress: Told how far the download is; not called where there is nothing to do.
        timeout_s: How long to wait for a server that sends nothing.

    Returns:
        The model's folder. One of that name that is damaged or came from elsewhere has been replaced.

    Raises:
        DownloadFailed: No connection, no such file, a wrong answer, or another process is fetching.
        ModelCorrupt: What was sent is not the model.
        FileUnwritable: The disk is full or the folder can't be written.
    """
    if there := fetched_model(model, destination):
        return there
    with alone_in(destination):
        if there := fetched_model(model, destination):  # another process has just been faster
            return there
        part = PartFile(destination / f"{model.name}.zip.part", model)
        download_checked(model, part, progress, timeout_s)
        with writing_to(destination):
            _install(model, part, destination)
            part.discard()
    return destination / model.name


def _install(model: Model, part: PartFile, destination: Path) -> None:
    """Unpack beside and move into place, so that there is never half a model."""
    work = destination / ".unpacking"  # two deep, so that nobody takes what is in it for a model
    if work.exists():
        shutil.rmtree(work)
    work.mkdir(mode=0o700)
    fresh, replaced, place = work / "fresh", work / "replaced", destination / model.name
    try:
        with part.path.open("rb") as archive:
            unpack(archive, fresh)
        if (fresh / RECEIPT).exists():
            raise ArchiveRefused(f"The archive brings a {RECEIPT} of its own.")
        write_receipt(fresh, model.sha256)
        if place.is_symlink() or place.exists():
            place.rename(replaced)
        try:
            fresh.rename(place)
        except OSError:
            if replaced.is_symlink() or replaced.exists():
                replaced.rename(place)
            raise
    except ArchiveRefused as error:
        part.discard()
        raise not_the_file(model, error.why) from error
    finally:
        shutil.rmtree(work, ignore_errors=True)
