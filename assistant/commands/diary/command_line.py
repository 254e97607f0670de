"""The commands ``stretch-assistant diary``: look at it, hand it over, take it back, forget it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer
from rich.console import Console

from assistant.commands.options import check_apart
from assistant.errors import SettingsInvalid, UsageError

if TYPE_CHECKING:
    from assistant.diary.naming import Names

diary_app = typer.Typer(help="Your diary: look at it, hand it over, erase it.", no_args_is_help=False)

_FORMATS = ("csv", "fhir", "pdf")


def _names(context: typer.Context) -> Names:
    """What exercises and routines are called; the user's own, too, where their settings can be read."""
    from assistant.home.settings import Settings  # noqa: PLC0415
    from assistant.loop.library import load_library  # noqa: PLC0415

    try:
        settings = context.obj.settings()
    except SettingsInvalid:
        settings = Settings()
    return load_library(settings).names


@diary_app.callback(invoke_without_command=True)
def diary(context: typer.Context) -> None:
    """A calendar of the last weeks, and the course of the pain."""
    if context.invoked_subcommand is None:
        from assistant.commands.diary.actions import show_overview  # noqa: PLC0415 - each command loads what it needs

        show_overview(Console(), _names(context))


@diary_app.command()
def show(
    context: typer.Context, day: Annotated[str, typer.Argument(metavar="DATE", help="2026-03-02, today or yesterday.")]
) -> None:
    """What was done and said on a day."""
    from assistant.commands.diary.actions import day_of, show_day  # noqa: PLC0415

    show_day(Console(), day_of(day), _names(context))


@diary_app.command()
def plot(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The picture; ends in .svg or .png.")],
    since: Annotated[Optional[str], typer.Option("--since", metavar="DATE", help="From this day on.")] = None,  # noqa: UP045
) -> None:
    """Draw the course of the pain and the stretching."""
    from assistant.commands.diary.actions import day_of, draw  # noqa: PLC0415

    print(draw(file, day_of(since) if since else None, _names(context)))


@diary_app.command(context_settings={"allow_extra_args": True})
def export(
    context: typer.Context,
    *,
    csv: Annotated[Path | None, typer.Option("--csv", metavar="FILE", help="A table, to keep and to import.")] = None,
    fhir: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("--fhir", metavar="FILE", help="A FHIR R4 bundle (JSON), for clinical software."),
    ] = None,
    pdf: Annotated[Optional[Path], typer.Option("--pdf", metavar="FILE", help="One page for the physio.")] = None,  # noqa: UP045
    since: Annotated[Optional[str], typer.Option("--since", metavar="DATE", help="From this day on.")] = None,  # noqa: UP045
    to: Annotated[str | None, typer.Option("--to", metavar="URL", help="--fhir to this server, not to a file.")] = None,
    patient: Annotated[Optional[str], typer.Option(help="Who you are there, for instance Patient/17.")] = None,  # noqa: UP045
    token: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(help="Where its token is: env:NAME or file:PATH.", metavar="PLACE"),
    ] = None,
    header: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(help='A header that it wants, and where its value is: "X-Api-Key: env:NAME".'),
    ] = None,
) -> None:
    """Write the diary into a file that you can hand over. It is sent to nobody, unless you name a server with --to."""
    from assistant.commands.diary import actions as diary_commands  # noqa: PLC0415

    fhir, to = _server(context, fhir, to)
    if to is not None:
        from assistant.commands.diary.handing_over import hand_over, headers_of  # noqa: PLC0415

        headers = headers_of(token, header or [])
        day = diary_commands.day_of(since) if since else None
        print(hand_over(to, _names(context), first=day, headers=headers, patient=patient))
        return
    files = dict(zip(_FORMATS, (csv, fhir, pdf), strict=True))
    if not any(files.values()):
        raise UsageError(
            "Nothing was exported.",
            "It takes a file for at least one of --csv, --fhir and --pdf.",
            "Type: stretch-assistant diary export --pdf FILE.pdf",
        )
    check_apart(*files.values())
    first, names = diary_commands.day_of(since) if since else None, _names(context)
    for kind, file in files.items():
        if file is not None:
            print(diary_commands.export(kind, file, first, names))


def _server(context: typer.Context, fhir: Path | None, to: str | None) -> tuple[Path | None, str | None]:
    """The file and the server: typer knows no option that may lack a value, and takes ``--to`` for that of --fhir."""
    if fhir == Path("--to") and len(context.args) == 1:
        fhir, to = None, context.args[0]
    elif context.args:
        raise UsageError(
            f"{context.args[0]!r} is one word too many.", "Every file has its option.", "Type: diary export --help"
        )
    if fhir is not None and to is not None:
        raise UsageError(
            "It goes to a file or to a server.", "--fhir names a file, and --to a server.", "Leave one out."
        )
    return fhir, to


@diary_app.command("import")
def take_in(
    context: typer.Context, file: Annotated[Path, typer.Argument(metavar="FILE", help="What export --csv wrote.")]
) -> None:
    """Take an exported table back; what is there already is recognised and left as it is."""
    from assistant.commands.diary.actions import import_file  # noqa: PLC0415

    print(import_file(file, _names(context)))


@diary_app.command()
def erase(
    context: typer.Context,
    before: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--before", metavar="DATE", help="Only what lies before this day."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Erase without asking.")] = False,
) -> None:
    """Erase the diary, or what lies before a day, so that nothing of it stays."""
    from assistant.commands.diary import actions as diary_commands  # noqa: PLC0415
    from assistant.commands.report import at_a_terminal  # noqa: PLC0415

    day = diary_commands.day_of(before) if before else None
    if not yes and not at_a_terminal():
        raise UsageError(
            "Nothing was erased.",
            "Before that you are asked; there is no terminal to ask at.",
            "Type it at a terminal, or add --yes.",
        )
    names = _names(context)
    for line in diary_commands.what_goes(day, names):
        print(line)
    if not yes and not diary_commands.confirmed():
        print("Nothing was erased.")
        return
    print(diary_commands.erase(day, names))
