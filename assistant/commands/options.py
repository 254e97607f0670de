"""The options that several commands take."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Optional

import typer

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
