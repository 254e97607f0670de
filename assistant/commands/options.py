"""The options that several commands take."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Optional

import typer

from assistant.errors import UsageError

EngineOption = Annotated[Optional[str], typer.Option("--engine", help="auto, vosk or pocketsphinx.")]  # noqa: UP045
ModelOption = Annotated[Optional[Path], typer.Option("--model", help="Folder of a Vosk model.")]  # noqa: UP045
DiaryOption = Annotated[
    bool, typer.Option("--diary", help="Write it into your own diary, and be asked for the pain; else you are a guest.")
]
CountOption = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option("--count", help="Which seconds of a hold are counted: all, 'last five' or tones."),
]
ScreenOption = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option(
        "--screen",
        help="Show it on a page: 'here' for a browser on this machine, 'network' for a phone, tablet or television.",
    ),
]


def check_apart(*files: Path | None) -> None:
    """Make sure that no result is written over what is read, or over another result.

    Raises:
        UsageError: Two of them are one file.
    """
    places = [os.path.realpath(file) for file in files if file is not None]
    if len(set(places)) < len(places):
        raise UsageError("A file is named twice.", "One would be written over the other.", "Name another file.")


class State:
    """The options before the command, for all commands.

    Args:
        config: Another settings file.
        defaults: What holds where the settings name nothing.
    """

    def __init__(self, config: Path | None, defaults: Mapping[str, Any]) -> None:
        self.config = config
        self.defaults = defaults

    def settings(self, **options: Any) -> Any:
        """The settings with the options that were given."""
        from assistant.home.settings import load_settings, with_options  # noqa: PLC0415 - pydantic takes its time

        return with_options(load_settings(self.config, **self.defaults), **options)
