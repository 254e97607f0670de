"""The commands by which the assistant is at home in a house: ``service``."""

from __future__ import annotations

from typing import Annotated

import typer

service_app = typer.Typer(help="Begin with your login: a unit of systemd of your own.", no_args_is_help=True)


@service_app.command("install")
def install_service(
    waits: Annotated[
        bool, typer.Option("--wyoming", help="Wait for a satellite to ask for a session, with the microphone closed.")
    ] = False,
) -> None:
    """Write the unit and begin it; again: with what is asked for now."""
    from assistant.commands import service  # noqa: PLC0415 - each command loads what it needs

    for line in service.install(waits=waits):
        print(line)


@service_app.command("remove")
def remove_service() -> None:
    """End it and remove the unit."""
    from assistant.commands import service  # noqa: PLC0415

    for line in service.remove():
        print(line)


@service_app.command("status")
def service_status() -> None:
    """Whether it is installed and runs."""
    from assistant.commands import service  # noqa: PLC0415

    for line in service.status():
        print(line)
