"""The commands that speak: the live session, the typed one, the demo, and the list of devices."""

from __future__ import annotations

import gc
import queue
import sys
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from assistant.allocator import give_large_pieces_back
from assistant.audio import portaudio
from assistant.audio.paced import PacedCard
from assistant.audio.real import RealCard
from assistant.commands import streams
from assistant.commands.reminders import follow
from assistant.commands.terminal import Terminal
from assistant.errors import ExtraMissing, MicrophoneUnavailable, SoundLibraryMissing, SpeakerUnavailable
from assistant.hearing.front_end.front_end import DeafFrontEnd
from assistant.hearing.listener import Listener
from assistant.home.mqtt_settings import MqttSettings
from assistant.home.settings import Settings
from assistant.keeping import memory
from assistant.keeping.diary_keeper import DiaryKeeper, diary_file
from assistant.keeping.journal import EventFile, Journal
from assistant.keeping.kept_audio import AudioKeeper, AudioRing, KeepingCard, audio_folder
from assistant.keeping.kept_events import KeptEvents
from assistant.keeping.only_session import OnlySession
from assistant.keeping.progress import Progress, usual_path
from assistant.keeping.reminder_keeper import ReminderKeeper
from assistant.loop.builder import Assembled, assemble, texts_to_prepare
from assistant.loop.engines import load_recogniser
from assistant.loop.library import Library, load_library
from assistant.loop.live import Card, Inbox, LiveSession
from assistant.loop.observers import Observer
from assistant.loop.rendering_ahead import RenderingAhead
from assistant.loop.session_keeper import SessionKeeper
from assistant.loop.speaking import begin_to_speak
from assistant.loop.supervised_recogniser import LoadedFrontEnd, LoadFrontEnd, SupervisedRecogniser
from assistant.reminders.store import reminders_file
from assistant.voice.natural import called
from assistant.voice.synthesiser import Synthesiser
from intents.sentences import Sentences

if TYPE_CHECKING:
    from assistant.home_hub.mqtt import MqttHub
    from assistant.loop.publisher import Publisher

_LOOKS_FOR_GARBAGE = (700, 10, 10)
"""As Python does it from the outset, often and for a short time; see `command_line.GARBAGE_AT_START`."""


def run_live(settings: Settings, console: Console, events: Path | None, voice: Synthesiser, *, or_demo: bool) -> None:
    """Listen and speak on the machine's own devices until the user says goodbye or presses Ctrl-C.

    Args:
        settings: The user's settings.
        console: Where to show it.
        events: File for the events.
        voice: Speaks.
        or_demo: Run the demo where there is no sound device.

    Raises:
        MicrophoneUnavailable: There is no microphone, and the demo was not asked for.
        SpeakerUnavailable: There is no loudspeaker, and the demo was not asked for.
        AssistantError: A model, a file or the voice fails.
    """
    card = RealCard(settings.microphone, settings.loudspeaker)
    try:
        _run(settings, console, events, card, voice, typed=False)
    except (MicrophoneUnavailable, SpeakerUnavailable, SoundLibraryMissing) as error:
        if not or_demo:
            raise
        for line in error.lines():
            console.print(escape(line), highlight=False, soft_wrap=True)
        console.print(
            "\nHere is the demo instead: a whole session, spoken and heard without a sound device.\n", soft_wrap=True
        )
        show_demo(settings, console, Path("demo"))


def run_typed(settings: Settings, console: Console, events: Path | None, voice: Synthesiser) -> None:
    """Take commands from the keyboard or a pipe; speaks where there is a loudspeaker, else shows the words only.

    Raises:
        AssistantError: A file or the voice fails.
    """
    try:
        _run(settings, console, events, RealCard(None, settings.loudspeaker, listen=False), voice, typed=True)
    except (SpeakerUnavailable, SoundLibraryMissing) as error:
        console.print(f"[yellow]{escape(error.what)} The words are shown instead.[/]", highlight=False)
        _run(settings, console, events, PacedCard(), voice, typed=True)


def run_asked(settings: Settings, console: Console, inbox: Inbox, watch: Observer) -> bool:
    """The live session that somebody elsewhere in the house has asked for, in the room of this machine.

    Args:
        settings: The user's settings.
        console: Where to show it.
        inbox: Where commands from elsewhere arrive.
        watch: Told of each transition.

    Returns:
        Whether it was ended by a goodbye, and not by Ctrl-C.

    Raises:
        AssistantError: As in `run_live`.
    """
    card = RealCard(settings.microphone, settings.loudspeaker)
    with begin_to_speak(settings, streams.telling(console)) as voice:
        return _run(settings, console, None, card, voice, inbox, [watch], typed=False)


def _run(
    settings: Settings,
    console: Console,
    events: Path | None,
    devices: RealCard | PacedCard,
    voice: Synthesiser,
    inbox: Inbox | None = None,
    watching: Iterable[Observer] = (),
    *,
    typed: bool,
) -> bool:
    give_large_pieces_back()
    inbox = queue.SimpleQueue() if inbox is None else inbox
    with OnlySession(), ExitStack() as stack:
        devices.look()
        tell = streams.telling(console)
        library = load_library(settings)
        _show_errors(console, library)
        diary = DiaryKeeper(diary_file(), tell, names=library.names)
        stack.callback(diary.close)
        journal = Journal(stack.enter_context(KeptEvents(tell)))
        card: Card = devices
        if settings.keep_audio and not typed:
            ring = AudioRing(audio_folder(), settings.keep_audio)
            card = KeepingCard(card, stack.enter_context(AudioKeeper(ring, tell)))
            tell(_keeping(settings.keep_audio))
        if events is not None:
            journal.add(stack.enter_context(EventFile(events, tell)))
        keeper = _keeper(diary, tell, stack)
        parts = assemble(settings, library.routines, voice, journal, keeper, lambda: inbox.put(None))
        publisher: Publisher | None = None
        if settings.screen != "off" or settings.mqtt is not None:
            from assistant.loop.publisher import publish  # noqa: PLC0415 - only where somebody watches

            publisher = publish(parts, journal, inbox.put, lambda: devices.sounding_s)
            if settings.screen != "off":
                from assistant.commands.screen import show_on_screen  # noqa: PLC0415 - it loads a server

                show_on_screen(settings, publisher, console, stack)
            stack.enter_context(publisher)
        engine, make = ("typed", _nobody_listens) if typed else _recognisers(settings, parts)
        recogniser = SupervisedRecogniser(make, parts.conversation.sentences, inbox.put)
        terminal = Terminal(console, engine)
        journal.add(terminal)
        parts.conversation.observers += [terminal.observe, *watching]
        ahead = RenderingAhead(voice, parts.performer.text_of, texts_to_prepare)
        parts.conversation.observers.append(stack.enter_context(ahead))
        if settings.mqtt is not None and publisher is not None:
            hub = stack.enter_context(_hub(settings.mqtt, parts, publisher, diary, tell))
            parts.conversation.observers.append(hub.observe)
        speaks = called(voice.settings.voice)
        live = LiveSession(parts, card, inbox, recogniser, terminal.refresh)
        gc.set_threshold(*_LOOKS_FOR_GARBAGE)
        gc.freeze()  # what is there now stays: looking it through again would hold up the sound for a tenth of a second
        try:
            with terminal:
                live.run(sys.stdin if typed else None, lambda: _greet(console, engine, speaks, typed=typed))
        except KeyboardInterrupt:
            pass  # the usual way to leave; everything is closed on the way out
    console.print("Goodbye.")
    return parts.conversation.finished


def _keeper(diary: DiaryKeeper, tell: Callable[[str], None], stack: ExitStack) -> SessionKeeper:
    """What keeps the user's own session, beside the diary: memory, reminders, how far it is."""
    remembered = memory.usual_memory(diary.today)
    if remembered.notice:
        tell(remembered.notice)
    remembered.tell = tell
    reminders = ReminderKeeper(reminders_file(), tell, on_change=follow)
    stack.callback(reminders.close)
    return SessionKeeper(remembered, diary, Progress(usual_path(), tell), reminders=reminders)


def _hub(
    mqtt: MqttSettings, parts: Assembled, publisher: Publisher, diary: DiaryKeeper, tell: Callable[[str], None]
) -> MqttHub:
    """The session as a device of Home Assistant. Only here is what connects to a broker loaded.

    Raises:
        ExtraMissing: The extra ``home`` is not installed.
        SettingsInvalid: A file that the settings name can't be read.
    """
    try:
        from assistant.home_hub.mqtt import MqttHub  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise ExtraMissing(
            "The broker that [mqtt] in the settings names can't be told of the session.",
            f"The packages of the extra 'home' are not installed: {error}.",
            "Type: pip install 'stretch-assistant[home]', or take [mqtt] out of the settings.",
        ) from error
    return MqttHub(mqtt, parts.conversation.session, publisher, diary, tell)


def _recognisers(settings: Settings, parts: Assembled) -> tuple[str, LoadFrontEnd]:
    """The name of what listens, and what loads it. The first is loaded here: what is wrong with it ends the command."""
    loaded = [load_recogniser(settings.engine, settings.model)]

    def make(sentences: Sentences) -> LoadedFrontEnd:
        recogniser = loaded.pop() if loaded else load_recogniser(settings.engine, settings.model)
        listener = Listener(recogniser, sentences)
        return LoadedFrontEnd(parts.echo_front_end(listener), recogniser.close, listener.prepare)

    return loaded[0].name, make


def _nobody_listens(_sentences: Sentences) -> LoadedFrontEnd:
    """Where commands are typed, the microphone is not opened."""
    return LoadedFrontEnd(DeafFrontEnd(), lambda: None)


def _keeping(minutes: int) -> str:
    return (
        f"The last {minutes} {'minute' if minutes == 1 else 'minutes'} of sound, yours and mine, are kept in "
        f"{audio_folder()}, for you alone. To delete them: stretch-assistant report --erase"
    )


def _greet(console: Console, engine: str, speaks: str, *, typed: bool) -> None:
    how = "Type what you would say, for instance" if typed else f"Listening with {engine}, speaking with {speaks}. Say"
    console.print(f"{how}: start sciatic stretch. Ctrl-C ends.", highlight=False)


def _show_errors(console: Console, library: Library) -> None:
    for error in library.errors:
        for line in error.lines():
            console.print(f"[yellow]{escape(line)}[/]", highlight=False)


def show_demo(settings: Settings, console: Console, folder: Path, diary: DiaryKeeper | None = None) -> None:
    """Run the demo and say where its files are.

    Args:
        settings: The user's settings.
        console: Where to show it.
        folder: Where its files go.
        diary: The diary that it is written into; None: none.

    Raises:
        AssistantError: A file can't be written, or an engine fails.
    """
    from assistant.commands.screen import attend_on_screen  # noqa: PLC0415 - no session waits for what it loads
    from assistant.stage.recorded import run_demo  # noqa: PLC0415

    with ExitStack() as stack:
        files = run_demo(settings, folder, diary, attend_on_screen(settings, console, stack))
    console.print(escape(files.transcript.read_text(encoding="utf-8")), highlight=False, soft_wrap=True)
    if not files.whole:
        console.print(
            "[yellow]The person in the demo waited in vain for a cue: by your settings or routines it goes another "
            "way.[/]",
            soft_wrap=True,
        )
    console.print(f"A session of {files.seconds:.0f} seconds, heard by {files.engine}. Its files:", highlight=False)
    for path, what in (
        (files.sound, "both voices: the user left, the assistant right"),
        (files.events, "what happened when, to the sample"),
        (files.transcript, "the text above"),
        (files.timeline, "the session as a picture"),
    ):
        console.print(f"  {path}  ({what})", highlight=False, soft_wrap=True)


def show_devices(console: Console) -> None:
    """List the sound devices.

    Raises:
        SoundLibraryMissing: PortAudio is not installed.
    """
    found = portaudio.devices()
    if not found:
        console.print("There is no sound device on this machine.")
        return
    table = Table("number", "name", "microphone", "loudspeaker", box=None, pad_edge=False)
    for device in found:
        microphone = "default" if device.is_default_input else "yes" if device.inputs else ""
        loudspeaker = "default" if device.is_default_output else "yes" if device.outputs else ""
        table.add_row(str(device.index), device.name, microphone, loudspeaker)
    console.print(table)
