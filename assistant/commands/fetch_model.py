"""Fetching a model as the user sees it: how far it is, where it went, and that a stopped one goes on later."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn, TransferSpeedColumn
from rich.progress import Progress as ProgressBar

from assistant.fetching.downloading import Progress
from assistant.fetching.models import fetch_model, fetched_model, model_named, models_folder

STOPPED = "Stopped. Type it again: it goes on where it stopped."


def fetch_and_show(name: str | None, to: Path | None, console: Console) -> str:
    """Fetch a model, with a bar where the console is a terminal.

    Args:
        name: The model; None for the first of the manifest.
        to: The folder in which its folder will be; None for the user's data folder.
        console: Where the bar goes.

    Returns:
        What to tell the user: where the model is.

    Raises:
        UsageError: There is no such model.
        DownloadFailed: See `fetch_model`.
        ModelCorrupt: See `fetch_model`.
        FileUnwritable: See `fetch_model`.
    """
    model = model_named(name)
    destination = models_folder() if to is None else to
    if there := fetched_model(model, destination):
        return _where(f"{model.name} is there already: {there}", there)
    with _bar(model.name, console) as progress:
        folder = fetch_model(model, destination, progress)
    return _where(f"{model.name} is in {folder}", folder)


def _where(told: str, folder: Path) -> str:
    # The model that comes along is the first choice: no session looks for another by itself.
    return f"{told}\nType: stretch-assistant --model {folder}"


@contextmanager
def _bar(name: str, console: Console) -> Iterator[Progress]:
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with ProgressBar(
        *columns, TimeRemainingColumn(), console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task(name, start=False)

        def progress(done: int, whole: int) -> None:
            if not bar.tasks[0].started or done < bar.tasks[0].completed:
                # What was kept of an earlier attempt is no part of the speed.
                bar.reset(task, total=whole, completed=done)
            bar.update(task, completed=done)

        yield progress
