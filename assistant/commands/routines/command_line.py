"""The commands ``stretch-assistant routines``: list, show and check them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer
from rich.console import Console

from assistant.commands import streams
from assistant.errors import UsageError

routines_app = typer.Typer(help="The routines: list, show, check.", no_args_is_help=False)


@routines_app.callback(invoke_without_command=True)
def routines(context: typer.Context) -> None:
    """List the routines, ours and your own."""
    if context.invoked_subcommand is not None:
        return
    from assistant.commands.routines.sheet import overview  # noqa: PLC0415
    from assistant.loop.library import load_library, users_routine_files  # noqa: PLC0415

    settings = context.obj.settings()
    library = load_library(settings)
    Console().print(overview(library.routines, {path.stem for path in users_routine_files(settings)}))
    for error in library.errors:
        streams.complain(error.lines())


@routines_app.command("show")
def show_routine(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Its key, title or a name.")],
    as_yaml: Annotated[bool, typer.Option("--yaml", help="As a file to begin your own with.")] = False,
    html: Annotated[
        Optional[Path], typer.Option(metavar="FILE", help="Into a web page with figures, to print or hand over.")  # noqa: UP045
    ] = None,
) -> None:
    """Show a routine with its doses, cautions and sources."""
    from assistant.commands.routines.sheet import find_routine, sheet  # noqa: PLC0415
    from assistant.loop.library import load_library, routine_files  # noqa: PLC0415
    from assistant.routines.loading import load_exercises, written_out  # noqa: PLC0415

    settings = context.obj.settings()
    routine = find_routine(load_library(settings).routines, name)
    if html is not None:
        from assistant.commands.routines.html_sheet import write_sheet  # noqa: PLC0415

        write_sheet(html, routine, load_exercises())
        print(f"Written to {html}.")
        return
    paths = {path.stem: path for path in routine_files(settings)}
    print(written_out(paths[routine.key]) if as_yaml else sheet(routine, load_exercises()), end="")


@routines_app.command("check")
def check_routines(
    context: typer.Context,
    files: Annotated[Optional[list[Path]], typer.Argument(metavar="[FILE]...", help="Routine files.")] = None,  # noqa: UP045
    everything: Annotated[
        bool, typer.Option("--all", help="All routines, ours and yours, the exercises and the spoken lines.")
    ] = False,
) -> int:
    """Check routine files; says what is wrong with each, where, and what was expected."""
    from assistant.commands.routines import check, language_check  # noqa: PLC0415
    from assistant.loop.library import routine_files  # noqa: PLC0415

    if everything == bool(files):
        raise UsageError(
            "Nothing was checked.",
            "It takes routine files, or --all for everything there is.",
            "Type: stretch-assistant routines check --all",
        )
    results = [language_check.check_library()] if everything else []
    paths = files or routine_files(context.obj.settings())
    results.append(check.check_routines(paths))
    for line in (line for result in results for line in result.fine):
        print(line)
    found = [error for result in results for error in result.found]
    for error in found:
        streams.complain(error.lines())
    return 1 if found else 0
