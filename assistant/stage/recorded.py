"""Sessions without a sound device: on a recording, on a script, and the demo."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from assistant.audio.files import WavWriter, stream_recording
from assistant.audio.formats import BLOCK, Samples
from assistant.audio.simulated import MicrophoneSource, Recording, SimulatedCard
from assistant.diary.files import put_in_place
from assistant.errors import FileUnwritable
from assistant.hearing.front_end.front_end import DeafFrontEnd, FrontEnd
from assistant.hearing.listener import Listener
from assistant.home.settings import Settings
from assistant.keeping.diary_keeper import DiaryKeeper
from assistant.keeping.journal import EventFile, Journal, Row
from assistant.loop.builder import Assembled, assemble
from assistant.loop.engines import load_recogniser
from assistant.loop.library import load_library
from assistant.loop.session_keeper import SessionKeeper, guest
from assistant.loop.speaking import make_synthesiser
from assistant.stage.demo import PARTS, PARTS_WITH_DIARY
from assistant.stage.demo_user import DemoUser
from assistant.stage.simulated_session import Cue, SimulatedSession
from assistant.stage.timeline import draw_timeline
from assistant.stage.transcript import transcript
from assistant.voice.settings import VoiceSettings
from assistant.voice.synthesiser import Synthesiser

Attend = Callable[[Assembled, Journal], Callable[[float], None]]
"""Lets somebody watch a session: given its parts before it begins, gives what is called before each block of time."""


def unattended(_parts: Assembled, _journal: Journal) -> Callable[[float], None]:
    """Nobody watches: it is as fast as the processor allows."""
    return lambda _: None


DEMO_USER = VoiceSettings(rate=173, voice="en-us+f3")
"""The demo's user: another voice than the assistant's."""

LONGEST_DEMO_S = 1800.0
"""All of its sound is drawn: an hour of it takes a quarter of a gigabyte."""


@dataclass(frozen=True, slots=True)
class DemoFiles:
    """What the demo leaves behind."""

    sound: Path
    events: Path
    transcript: Path
    timeline: Path
    engine: str
    seconds: float
    whole: bool
    """Whether the user came to say everything."""


def run_recording(
    settings: Settings,
    microphone: Path,
    speaker: Path | None,
    events: Path | None,
    *,
    known: bool = False,
    diary: DiaryKeeper | None = None,
    attend: Attend = unattended,
) -> list[Row]:
    """A session on a recording of what the microphone heard.

    Args:
        settings: The user's settings.
        microphone: The recording.
        speaker: Where the spoken part goes.
        events: Where the events go.
        known: Whether the user has been here before; a new one hears the disclaimer and is asked about health.
        diary: The diary that it is written into; None: none.
        attend: Lets it be watched.

    Returns:
        The journal's rows.

    Raises:
        AssistantError: The recording can't be read, a result can't be written, an engine fails.
    """
    source = Recording(stream_recording(microphone, BLOCK))
    return _run(settings, guest(known=known, diary=diary), speaker, events, attend, source)


def run_script(
    settings: Settings,
    script: Sequence[Cue],
    speaker: Path | None,
    events: Path | None,
    *,
    known: bool = False,
    diary: DiaryKeeper | None = None,
    attend: Attend = unattended,
) -> list[Row]:
    """A session on words that are taken as heard at their times.

    Args:
        settings: The user's settings.
        script: The words.
        speaker: Where the spoken part goes.
        events: Where the events go.
        known: Whether the user has been here before.
        diary: The diary that it is written into; None: none.
        attend: Lets it be watched.

    Returns:
        The journal's rows.

    Raises:
        AssistantError: A result can't be written, or the voice fails.
    """
    return _run(settings, guest(known=known, diary=diary), speaker, events, attend, script=script)


def _run(
    settings: Settings,
    keeper: SessionKeeper,
    speaker: Path | None,
    events: Path | None,
    attend: Attend,
    microphone: MicrophoneSource | None = None,
    script: Sequence[Cue] = (),
) -> list[Row]:
    rows: list[Row] = []
    with ExitStack() as stack:
        journal = Journal(rows.append)
        if events is not None:
            journal.add(stack.enter_context(EventFile(events)))
        writer = stack.enter_context(WavWriter(speaker)) if speaker is not None else None
        synthesiser = stack.enter_context(make_synthesiser(settings))
        parts = assemble(settings, load_library(settings).routines, synthesiser, journal, keeper)
        front_end: FrontEnd = DeafFrontEnd()
        if microphone is not None:
            recogniser = stack.enter_context(closing(load_recogniser(settings.engine, settings.model)))
            front_end = parts.direct_front_end(Listener(recogniser, parts.conversation.sentences))

        def tap(_: Samples, played: Samples) -> None:
            if writer is not None:
                writer.write(played)

        pace = attend(parts, journal)
        SimulatedSession(parts, SimulatedCard(microphone, tap=tap), front_end, list(script), pace).run()
    return rows


def run_demo(
    settings: Settings, folder: Path, diary: DiaryKeeper | None = None, attend: Attend = unattended
) -> DemoFiles:
    """The demo: spoken by two synthetic voices, really heard; leaves its files in the folder.

    Args:
        settings: The user's settings.
        folder: Where the files go.
        diary: The diary that it is written into; None: none.
        attend: Lets it be watched.

    Raises:
        FileUnwritable: The folder can't be written.
        AssistantError: An engine fails.
    """
    files = DemoFiles(
        folder / "session.wav",
        folder / "events.jsonl",
        folder / "transcript.txt",
        folder / "timeline.png",
        "",
        0.0,
        whole=False,
    )
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileUnwritable(
            f"The demo can't write to {folder}.", f"{error.strerror or error}.", "Name another folder with --out."
        ) from error
    rows: list[Row] = []
    sides: list[tuple[Samples, Samples]] = []
    with ExitStack() as stack:
        user_voice = stack.enter_context(Synthesiser(DEMO_USER))
        said = PARTS if diary is None else PARTS_WITH_DIARY
        clips = {part.words: user_voice.clip(part.words).samples for part in said}
        person = DemoUser(said, lambda words: clips[words])
        journal = Journal(rows.append, stack.enter_context(EventFile(files.events)), person)
        writer = stack.enter_context(WavWriter(files.sound, channels=2))
        synthesiser = stack.enter_context(make_synthesiser(settings))
        recogniser = stack.enter_context(closing(load_recogniser(settings.engine, settings.model)))
        parts = assemble(settings, load_library(settings).routines, synthesiser, journal, guest(diary=diary))
        front_end = parts.direct_front_end(Listener(recogniser, parts.conversation.sentences))

        def tap(heard: Samples, played: Samples) -> None:
            writer.write(np.stack([heard, played], axis=1))
            sides.append((heard, played))

        card = SimulatedCard(person, tap=tap)
        SimulatedSession(parts, card, front_end, pace=attend(parts, journal), longest_s=LONGEST_DEMO_S).run()
        engine, seconds = recogniser.name, parts.conversation.now
    with put_in_place(files.transcript, "transcript") as part:
        part.write_text(transcript(rows), encoding="utf-8")
    user, assistant = (np.concatenate(side) for side in zip(*sides, strict=True))
    draw_timeline(files.timeline, rows, user, assistant)
    return replace(files, engine=engine, seconds=seconds, whole=person.said_all)
