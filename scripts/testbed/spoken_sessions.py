"""Whole sessions on real sound: a synthetic person speaks, the real recogniser hears, the real voice answers."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.audio.files import read_recording
from assistant.audio.formats import RATE, Samples, to_int16
from assistant.audio.room import Room
from assistant.audio.simulated import SimulatedCard
from assistant.hearing.listener import Listener
from assistant.home.settings import Settings
from assistant.keeping.journal import Journal, Row
from assistant.loop.builder import assemble
from assistant.loop.engines import EngineName, load_recogniser
from assistant.loop.library import load_library
from assistant.loop.session_keeper import SessionKeeper, guest
from assistant.loop.speaking import make_synthesiser
from assistant.stage.demo_user import DemoUser, Part
from assistant.stage.simulated_session import SimulatedSession

VOICES = ("espeak-ng en-us", "espeak-ng en-gb+f4", "flite slt", "flite rms")


def speak(words: str, voice: str, folder: Path) -> Samples:
    """Words in one of several voices, none of which is the assistant's."""
    engine, name = voice.split()
    path = folder / f"{words} {name}.wav".replace(" ", "-")
    if not path.exists():
        if engine == "flite":
            subprocess.run(["flite", "-voice", name, "-t", words, "-o", path], check=True)
        else:
            subprocess.run(["espeak-ng", "-v", name, "-s", "140", "-w", path, words], check=True)
    return read_recording(path)


class PatientPerson(DemoUser):
    """Goes away after a time, however much was left to say."""

    PATIENCE_S = 900.0

    def __init__(self, parts: Sequence[Part], clip: Callable[[str], Samples]) -> None:
        super().__init__(parts, clip)
        self._waited = 0

    @property
    def exhausted(self) -> bool:
        return super().exhausted or self._waited > self.PATIENCE_S * RATE

    def read(self, frames: int) -> Samples:
        self._waited += frames
        return super().read(frames)


class ObligingPerson(PatientPerson):
    """Says what leads on whenever it is asked for, and goes once the routine is over.

    Args:
        first: What is said after the greeting.
        answers: Words by the line that asks for them.
        clip: Makes sound of words.
    """

    def __init__(self, first: str, answers: Mapping[str, str], clip: Callable[[str], Samples]) -> None:
        super().__init__((Part(first, {"kind": "said", "line": "greeting.welcome"}),), clip)
        self._answers = answers
        self._over = False

    @property
    def exhausted(self) -> bool:
        return self._over or self._waited > self.PATIENCE_S * RATE

    def __call__(self, row: Row) -> None:
        super().__call__(row)
        if row["kind"] != "said":
            return
        self._over = self._over or row["line"] == "closing.words"
        words = self._answers.get(row["line"])
        if words is not None:
            self._speaker.say(self._clip(words), at=round((row["t"] + 0.8) * RATE))


@dataclass(frozen=True)
class SessionOutcome:
    """What came of a session: the journal's rows, and what the loudspeaker played."""

    rows: list[Row]
    played: Samples

    def of_kind(self, kind: str) -> list[Row]:
        return [row for row in self.rows if row["kind"] == kind]

    @property
    def intents(self) -> list[str]:
        return [row["intent"] for row in self.of_kind("heard")]

    def held(self) -> list[list[Row]]:
        """The ticks of each hold, by round and side, in the order in which they came."""
        holds: list[list[Row]] = []
        for row in self.rows:
            if row["kind"] == "chime" and row["tone"] == "start":
                holds.append([])
            elif row["kind"] == "tick":
                holds[-1].append(row)
        return [hold for hold in holds if hold]


def run_session(
    parts: Sequence[Part],
    clip: Callable[[str], Samples],
    *,
    settings: Settings | None = None,
    keeper: SessionKeeper | None = None,
    engine: EngineName = "auto",
    hook: Callable[[SimulatedCard], Callable[[Row], None]] | None = None,
    room: Room | None = None,
    person: PatientPerson | None = None,
) -> SessionOutcome:
    """Run a session to its end.

    Args:
        parts: What the person says when.
        clip: Makes sound of words.
        settings: The user's settings.
        keeper: Knows the person, and keeps the session; None: a guest who has just been asked how they are.
        engine: The recogniser.
        hook: Given the card, makes a sink of rows: a way to interfere.
        room: What of the loudspeaker comes back to the microphone.
        person: Who speaks, instead of somebody who says the parts.
    """
    settings = settings or Settings()
    rows: list[Row] = []
    played: list[Samples] = []
    with ExitStack() as stack:
        person = person or PatientPerson(parts, clip)
        journal = Journal(rows.append, person)
        synthesiser = stack.enter_context(make_synthesiser(settings))
        recogniser = load_recogniser(engine, None)
        stack.callback(recogniser.close)
        assembled = assemble(
            settings,
            load_library(settings).routines,
            synthesiser,
            journal,
            keeper or guest(screened=True),
        )
        listener = Listener(recogniser, assembled.conversation.sentences)
        card = SimulatedCard(person, room=room, tap=lambda _, sound: played.append(sound))
        if hook is not None:
            journal.add(hook(card))
        front_end = assembled.direct_front_end if room is None else assembled.echo_front_end
        SimulatedSession(assembled, card, front_end(listener)).run()
    return SessionOutcome(rows, np.concatenate(played))


def timed(words: Sequence[tuple[float, str]], clip: Callable[[str], Samples], length_s: float) -> Samples:
    """A recording in which words are said at given times, over the hiss of a quiet room."""
    sound = np.random.default_rng(7).normal(0.0, 6.0, round(length_s * RATE))
    for at, said in words:
        samples = clip(said)
        begin = round(at * RATE)
        sound[begin : begin + len(samples)] += samples * 0.5
    return to_int16(sound)
