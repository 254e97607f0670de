"""The commands ``reminders`` and ``remind``."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Optional

import typer

from assistant.errors import UsageError


class TimerChoice(StrEnum):
    """What the system's timer does."""

    SPEAK = "speak"
    NOTIFY = "notify"
    OFF = "off"


def reminders(
    context: typer.Context,
    *,
    at: Annotated[Optional[str], typer.Option("--at", metavar="TIME", help="For instance 8:00.")] = None,  # noqa: UP045
    days: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--days", help="daily, weekdays, weekend, mon,wed,fri, tomorrow, or a date; daily if left out."),
    ] = None,
    zone: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--zone", help="Always by the clocks of this zone, for instance Europe/Berlin."),
    ] = None,
    ics: Annotated[Path | None, typer.Option("--ics", metavar="FILE", help="A calendar file of all of them.")] = None,
    timer: Annotated[
        Optional[TimerChoice],  # noqa: UP045
        typer.Option(
            "--timer", help="Have a timer of systemd speak, or show it on the desktop, also without a session."
        ),
    ] = None,
    gone: Annotated[bool, typer.Option("--remove", help="Remove all, or those at --at and on --days.")] = False,
) -> None:
    """When to remind you to stretch: list, set, remove; as a calendar file, or by a timer."""
    from assistant.commands import reminders as reminding  # noqa: PLC0415 - each command loads what it needs

    if gone and (ics or timer or zone):
        raise UsageError(
            "--remove takes no --ics, --timer or --zone.",
            "It only removes.",
            "Type: stretch-assistant reminders --remove --at 8:00",
        )
    if at is None and (zone is not None or (days is not None and not gone)):
        raise UsageError(
            "No reminder was set.", "It needs a time.", "Type: stretch-assistant reminders --at 8:00 --days mon,wed,fri"
        )
    if gone:
        told = reminding.remove(at, days)
    else:
        wanted = None if at is None else reminding.schedule_of(at, "daily" if days is None else days, zone)
        told = reminding.change(context.obj.settings(), wanted, ics, timer.value if timer else None)
    for line in told:
        print(line)


def remind(context: typer.Context) -> None:
    """Say the reminders that are due, once: this is what the timer runs."""
    from assistant.commands import reminders as reminding  # noqa: PLC0415

    for line in reminding.remind(context.obj.settings()):
        print(line)
