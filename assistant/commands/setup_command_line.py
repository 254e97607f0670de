"""Commands by which a user chooses what hears and what speaks, and looks whether it does."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Optional

import typer
from rich.console import Console

from assistant.commands.options import EngineOption, ModelOption
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


def devices() -> None:
    """List the microphones and loudspeakers that can be used."""
    from assistant.commands.session import show_devices  # noqa: PLC0415

    show_devices(Console())


def microphone(
    context: typer.Context,
    mic: Annotated[Optional[Path], typer.Option("--mic", help="Judge this recording instead of the device.")] = None,  # noqa: UP045
    microphone: Annotated[Optional[str], typer.Option(help="Number or part of the name of the device.")] = None,  # noqa: UP045
    loudspeaker: Annotated[Optional[str], typer.Option(help="Number or part of the name of the device.")] = None,  # noqa: UP045
    engine: EngineOption = None,
    model: ModelOption = None,
) -> None:
    """Whether it will hear you from where you lie, and what to change."""
    from assistant.commands.microphone_check import check_device, check_recording  # noqa: PLC0415

    settings = context.obj.settings(microphone=microphone, loudspeaker=loudspeaker, engine=engine, model=model)
    if mic is not None:
        check_recording(settings, mic, _tell)
    else:
        check_device(settings, _tell)


def _tell(line: str) -> None:
    print(line, flush=True)
