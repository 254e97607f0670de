"""The commands by which the assistant is at home in a house: ``wyoming`` and ``service``."""

from __future__ import annotations

from typing import Annotated, Optional

import typer
from rich.console import Console

from assistant.commands import streams
from assistant.errors import UsageError

service_app = typer.Typer(help="Begin with your login: a unit of systemd of your own.", no_args_is_help=False)


@service_app.callback(invoke_without_command=True)
def service(context: typer.Context) -> None:
    """Whether it begins with your login."""
    if context.invoked_subcommand is None:
        service_status()


@service_app.command("install")
def install_service(
    context: typer.Context,
    waits: Annotated[
        bool, typer.Option("--wyoming", help="Wait for a satellite to ask for a session, with the microphone closed.")
    ] = False,
) -> None:
    """Write the unit and begin it; again: with what is asked for now."""
    from assistant.commands import service  # noqa: PLC0415 - each command loads what it needs

    context.obj.settings()  # wrong ones are told here, and not to a journal
    for line in service.install(waits=waits, config=context.obj.config):
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


def wyoming(
    context: typer.Context,
    port: Annotated[Optional[int], typer.Option(min=0, max=65_535, help="0 takes one that is free.")] = None,  # noqa: UP045
    host: Annotated[Optional[str], typer.Option(help="Serve this address only, for instance 127.0.0.1.")] = None,  # noqa: UP045
    announce: Annotated[bool, typer.Option(help="Whether it is found by itself on your network (zeroconf).")] = True,
    health: Annotated[bool, typer.Option("--health", help="Tell what your diary says, too, to whoever asks.")] = False,
) -> None:
    """Take commands from satellites in other rooms; the session they begin is in this room. Needs the extra 'home'."""
    from assistant.commands.wyoming import run_wyoming  # noqa: PLC0415

    if host is not None and not host.strip():  # a variable that is not set; it would serve everybody
        raise UsageError("--host names no address.", "It is empty.", "Name one, or leave --host out to serve them all.")
    console = Console(file=streams.of_a_session())
    run_wyoming(context.obj.settings(), console, host, port, announce=announce, tell_health=health)
