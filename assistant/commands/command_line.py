"""The command ``stretch-assistant``: commands, options, exit codes, and how an error is shown.

Every error a user can cause ends in three lines (what happened, why, what to do) on standard error; exit code 2 for
a wrong call, 1 for a failure. The traceback appears under ``--verbose`` only.
"""

from __future__ import annotations

import gc
import os
import sys
import traceback
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, NoReturn, Optional

import typer
from rich.console import Console

from assistant.commands import kept_places, streams
from assistant.commands.diary.command_line import diary_app
from assistant.commands.home_command_line import service_app, wyoming
from assistant.commands.options import (
    CountOption,
    DiaryOption,
    EngineOption,
    ModelOption,
    ScreenOption,
    State,
    check_apart,
)
from assistant.commands.reminders_command_line import remind, reminders
from assistant.commands.routines.command_line import routines_app
from assistant.commands.setup_command_line import devices, fetch_model, microphone, voices
from assistant.errors import INTERRUPTED, SERVICE_VARIABLE, AssistantError, OutputUnwritable, UsageError
from assistant.version import VERSION
from assistant.voice.natural import CALM

app = typer.Typer(
    name="stretch-assistant",
    help="A voice at your side while you stretch. Without a command: listens and speaks.",
    no_args_is_help=False,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    epilog=kept_places.in_short(),
)
app.add_typer(routines_app, name="routines")
app.add_typer(diary_app, name="diary")
app.add_typer(service_app, name="service")
app.command("fetch-model")(fetch_model)
app.command()(voices)
app.command()(devices)
app.command()(microphone)
app.command()(wyoming)
app.command()(reminders)
app.command()(remind)

GARBAGE_AT_START = 100_000
"""Objects after which garbage is looked for: a start makes a million that stay, and looking through them takes a third
of it. A session that speaks goes back to `gc`'s own, so that no look holds up the sound for long."""


def main() -> NoReturn:
    """Run the command line; every way out is an exit code."""
    verbose = "--verbose" in sys.argv[1:]
    gc.set_threshold(GARBAGE_AT_START)
    streams.prepare()
    streams.leave_on_signals()
    try:
        result = app(standalone_mode=False)
        sys.stdout.flush()  # now, while it can still be told
        if result == INTERRUPTED:  # typer makes that of a Ctrl-C
            print("Stopped.", file=sys.stderr)
        _leave(result if isinstance(result, int) else 0)
    except OutputUnwritable as error:
        streams.drop_output()
        _show(error.lines(), verbose)
        _leave(error.exit_code)
    except (typer.Abort, KeyboardInterrupt):
        _leave(0)
    except streams.NoReader:
        streams.drop_output()
        _leave(0)
    except (AssistantError, typer.TyperException, OSError) as error:
        _show(streams.lines_of(error), verbose)
        lasts = SERVICE_VARIABLE in os.environ and not getattr(error, "mends_itself", True)
        _leave(UsageError.exit_code if lasts else getattr(error, "exit_code", 1))


def _leave(code: int) -> NoReturn:
    try:
        sys.stdout.flush()
    except (streams.NoReader, OutputUnwritable):
        streams.drop_output()
    sys.exit(code)


def _warn(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _show(lines: tuple[str, str, str], verbose: bool) -> None:
    if verbose:
        traceback.print_exc()
    streams.complain(lines)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"stretch-assistant {VERSION}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def live(
    context: typer.Context,
    *,
    typed: Annotated[bool, typer.Option("--typed", help="Take commands from the keyboard or a pipe.")] = False,
    microphone: Annotated[Optional[str], typer.Option(help="Number or part of the name of the device.")] = None,  # noqa: UP045
    loudspeaker: Annotated[Optional[str], typer.Option(help="Number or part of the name of the device.")] = None,  # noqa: UP045
    voice: Annotated[Optional[str], typer.Option(help="Name of a voice, or auto.")] = None,  # noqa: UP045
    rate: Annotated[Optional[int], typer.Option(help="Words a minute, 80 to 300.")] = None,  # noqa: UP045
    volume: Annotated[Optional[float], typer.Option(help="0 to 1.")] = None,  # noqa: UP045
    count: CountOption = None,
    engine: EngineOption = None,
    model: ModelOption = None,
    events: Annotated[Optional[Path], typer.Option(help="Write what happens to this file.")] = None,  # noqa: UP045
    keep_audio: Annotated[
        Optional[int],  # noqa: UP045
        typer.Option(help="Keep the last so many minutes of sound on your disk, for a bug report.", metavar="MINUTES"),
    ] = None,
    screen: ScreenOption = None,
    config: Annotated[Optional[Path], typer.Option(help="Another settings file.")] = None,  # noqa: UP045
    or_demo: Annotated[bool, typer.Option("--or-demo", hidden=True)] = False,
    natural: Annotated[bool, typer.Option("--natural", hidden=True)] = False,
    verbose: Annotated[bool, typer.Option("--verbose", help="Show tracebacks.")] = False,  # noqa: ARG001
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True)] = False,  # noqa: ARG001
) -> None:
    """A voice at your side while you stretch. Without a command: listens and speaks."""
    state = State(config, CALM if natural else {})
    context.obj = state
    if context.invoked_subcommand is not None:
        return
    settings = state.settings(
        microphone=microphone,
        loudspeaker=loudspeaker,
        voice=voice,
        rate=rate,
        volume=volume,
        count=count,
        engine=engine,
        model=model,
        keep_audio=keep_audio,
        screen=screen,
    )
    console = Console(file=streams.of_a_session())
    from assistant.loop.speaking import begin_to_speak  # noqa: PLC0415

    with begin_to_speak(settings, streams.telling(console)) as speaking:
        from assistant.commands.session import run_live, run_typed  # noqa: PLC0415 - while the voice gets ready

        if typed:
            run_typed(settings, console, events, speaking)
        else:
            run_live(settings, console, events, speaking, or_demo=or_demo)


@app.command()
def demo(
    context: typer.Context,
    out: Annotated[Path, typer.Option("--out", help="Folder for the files.")] = Path("demo"),
    engine: EngineOption = None,
    model: ModelOption = None,
    count: CountOption = None,
    diary: DiaryOption = False,
    screen: ScreenOption = None,
) -> None:
    """A whole session without a sound device: spoken by two voices, really heard. Leaves its sound and its course."""
    from assistant.commands.session import show_demo  # noqa: PLC0415
    from assistant.keeping.diary_keeper import diary_if  # noqa: PLC0415
    from assistant.loop.library import load_library  # noqa: PLC0415

    settings = context.obj.settings(engine=engine, model=model, count=count, screen=screen)
    with diary_if(diary, _warn, lambda: load_library(settings).names) as kept:
        show_demo(settings, Console(), out, kept)


@app.command()
def session(
    context: typer.Context,
    mic: Annotated[Optional[Path], typer.Option("--mic", help="What the microphone heard.")] = None,  # noqa: UP045
    script: Annotated[Optional[Path], typer.Option("--script", help="Lines 'SECONDS words', taken as heard.")] = None,  # noqa: UP045
    speaker: Annotated[Optional[Path], typer.Option("--speaker", help="Where the spoken part goes (WAV).")] = None,  # noqa: UP045
    events: Annotated[Optional[Path], typer.Option("--events", help="Where the events go (JSON lines).")] = None,  # noqa: UP045
    engine: EngineOption = None,
    model: ModelOption = None,
    count: CountOption = None,
    known: Annotated[
        bool, typer.Option("--known", help="As somebody who has answered the questions about health before.")
    ] = False,
    diary: DiaryOption = False,
    screen: ScreenOption = None,
) -> None:
    """A session on a recording, or on a script, at the speed of the processor; you are somebody new."""
    from assistant.commands.screen import attend_on_screen  # noqa: PLC0415
    from assistant.keeping.diary_keeper import diary_if  # noqa: PLC0415
    from assistant.loop.library import load_library  # noqa: PLC0415
    from assistant.stage.recorded import run_recording, run_script  # noqa: PLC0415
    from assistant.stage.simulated_session import read_script  # noqa: PLC0415
    from assistant.stage.transcript import transcript  # noqa: PLC0415

    if (mic is None) == (script is None):
        raise UsageError(
            "A session needs to know what is said.",
            "It takes exactly one of --mic and --script.",
            "Type: stretch-assistant session --mic IN.wav --speaker OUT.wav --events EVENTS.jsonl",
        )
    check_apart(mic, script, speaker, events)
    settings = context.obj.settings(engine=engine, model=model, count=count, screen=screen)
    with diary_if(diary, _warn, lambda: load_library(settings).names) as kept, ExitStack() as stack:
        attend = attend_on_screen(settings, Console(stderr=True), stack)
        if mic is not None:
            rows = run_recording(settings, mic, speaker, events, known=known, diary=kept, attend=attend)
        else:
            assert script is not None
            rows = run_script(settings, read_script(script), speaker, events, known=known, diary=kept, attend=attend)
    print(transcript(rows), end="")


@app.command()
def hear(
    context: typer.Context,
    files: Annotated[Optional[list[Path]], typer.Argument(help="Recordings.", metavar="FILE...")] = None,  # noqa: UP045
    words: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("--words", help="Written utterances instead, a line each; a phase and a tab may lead."),
    ] = None,
    phase: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--phase", help="Only what is taken there: idle, session, or a phase's name."),
    ] = None,
    sentences: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("--sentences", help="Your own sentence file instead of ours."),
    ] = None,
    engine: EngineOption = None,
    model: ModelOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="A JSON object a line.")] = False,
) -> None:
    """What it makes of recordings, or of words: each utterance, its meaning, or why it was not taken."""
    from assistant.commands.hear import run_hear  # noqa: PLC0415

    if phase is not None and sentences is not None:
        raise UsageError(
            "--phase and --sentences don't go together.", "Phases are those of our own sentences.", "Leave one out."
        )
    if not files and words is None:
        raise UsageError("There is nothing to hear.", "It takes recordings, or --words.", "Name a recording.")
    settings = context.obj.settings(engine=engine, model=model)
    run_hear(settings, files or [], words, phase, sentences, as_json=as_json)


@app.command()
def phrases(as_markdown: Annotated[bool, typer.Option("--markdown", help="As the README has them.")] = False) -> None:
    """What you may say, by what it is for."""
    from assistant.commands import phrases as said  # noqa: PLC0415

    print(said.as_markdown() if as_markdown else said.as_text())


@app.command()
def paths(context: typer.Context) -> None:
    """Where everything lies that is kept on this machine."""
    for line in kept_places.lines(context.obj.settings):
        print(line)


@app.command()
def report(
    context: typer.Context,
    out: Annotated[Optional[Path], typer.Option("--out", help="The file, instead of a new one here.")] = None,  # noqa: UP045
    yes: Annotated[bool, typer.Option("--yes", help="Write it without asking.")] = False,
    erase: Annotated[bool, typer.Option("--erase", help="Delete what was kept, and write nothing.")] = False,
) -> None:
    """Pack what a bug report needs into one file on your disk, after showing what is in it. Nothing is sent."""
    from datetime import datetime  # noqa: PLC0415

    from assistant.commands import report as reports  # noqa: PLC0415

    if erase:
        if yes or out:
            raise UsageError("--erase goes alone.", "It writes no report.", "Type: stretch-assistant report --erase")
        sound, words, tokens = reports.erase()
        print(f"Deleted: {sound} files of sound, {words} of words" + (", the key to the screen." if tokens else "."))
        return
    if not yes and not reports.at_a_terminal():
        raise UsageError(
            "No report was written.",
            "Before one is, you are shown what is in it and asked; there is no terminal to ask at.",
            "Type it at a terminal, or add --yes.",
        )
    headings = reports.collect(context.obj.settings())
    for line in reports.lines_of(headings):
        print(line)
    if not yes and not reports.confirmed():
        print("Nothing was written.")
        return
    file = out or reports.default_file(datetime.now())
    reports.write_report(file, headings)
    print(f"The report lies in {file}\nIt was sent to nobody. Look into it before you pass it on.")
