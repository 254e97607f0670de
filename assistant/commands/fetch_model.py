"""Fetching a model or a voice as the user sees it: how far it is, where it went, that a stopped one goes on later."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn, TransferSpeedColumn
from rich.progress import Progress as ProgressBar

from assistant.fetching.downloading import Progress
from assistant.fetching.models import fetch_model, fetched_model, models_folder
from assistant.fetching.named import named
from assistant.fetching.voices import fetch_voice, fetched_voice
from assistant.home import folders
from models import Voice

STOPPED = "Stopped. Type it again: it goes on where it stopped."


def fetch_and_show(name: str | None, to: Path | None, console: Console) -> str:
    """Fetch a model or a voice, with a bar where the console is a terminal.

    Args:
        name: Which; None for the first model of the manifest.
        to: The folder in which it will be; None for the user's data folder.
        console: Where the bar goes.

    Returns:
        What to tell the user: where it is, and how to use it.

    Raises:
        UsageError: There is nothing of that name.
        DownloadFailed: See `fetch_model`.
        ModelCorrupt: See `fetch_model`.
        FileUnwritable: See `fetch_model`.
    """
    wanted = named(name)
    if isinstance(wanted, Voice):
        folder = to or folders.voices()
        there = fetched_voice(wanted, folder)
        with _bar(wanted.name, console) as progress:
            file = there or fetch_voice(wanted, folder, progress)
        use = f"voices {wanted.speaker if to is None else file}"
    else:
        folder = to or models_folder()
        there = fetched_model(wanted, folder)
        with _bar(wanted.name, console) as progress:
            file = there or fetch_model(wanted, folder, progress)
        use = f"--model {file}"  # the model that comes along is the first choice: no session looks for another
    told = f"{wanted.name} is there already: {file}" if there else f"{wanted.name} is in {file}"
    return f"{told}\nType: stretch-assistant {use}"


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
