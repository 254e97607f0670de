"""Commands by which a user chooses what hears and what speaks: ``fetch-model`` and ``voices``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Optional

import typer
from rich.console import Console

from assistant.errors import INTERRUPTED


def fetch_model(
    name: Annotated[Optional[str], typer.Argument(help="Which; the usual one if left out.")] = None,  # noqa: UP045
    to: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("--to", help="Folder for it, instead of the usual one.", metavar="FOLDER"),
    ] = None,
) -> None:
    """Download a Vosk model or a voice; a stopped one goes on. Only this and `diary export --to` use the network."""
    from assistant.commands.fetch_model import STOPPED, fetch_and_show  # noqa: PLC0415

    try:
        print(fetch_and_show(name, to, Console(stderr=True)))
    except KeyboardInterrupt:
        print(STOPPED, file=sys.stderr)
        sys.exit(INTERRUPTED)


def voices(
    context: typer.Context,
    name: Annotated[Optional[str], typer.Argument(help="The voice to speak with from now on.")] = None,  # noqa: UP045
    out: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("--out", help="Folder for a sample of each, or of the one that is named.", metavar="FOLDER"),
    ] = None,
) -> None:
    """What can speak here, the voice that does marked; a name takes that one from now on."""
    from assistant.commands.voices import set_voice, show_voices, write_samples  # noqa: PLC0415

    settings, console = context.obj.settings(), Console()
    if out is not None:
        write_samples(settings, name, out, console)
    elif name is not None:
        set_voice(settings, name, context.obj.config, console)
    else:
        show_voices(settings, console)
