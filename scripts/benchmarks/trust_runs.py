"""One engine on one recording, in a worker process: what it takes as commands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal

import numpy as np

from assistant.audio.formats import BLOCK, RATE, Samples, silence
from assistant.hearing.listener import AnyListener, Utterance
from assistant.loop.vocabulary import Vocabulary
from assistant.routines.loading import load_routines, own_routine_files
from scripts.benchmarks.engines import Engine
from scripts.benchmarks.trust_recordings import (
    CONDITIONS,
    NoCommands,
    Said,
    an4_commands,
    no_commands,
    noises_for_judging,
    synthetic_commands,
)
from scripts.train_model.corpora import HoldOut

Kind = Literal["no_commands", "an4", "synthetic"]

PARTS = {"no_commands": 5, "an4": 1, "synthetic": 1}
"""Into how many parts a task is divided; recordings are dealt out to them in turn."""

_AFTER_S = 1.5


@dataclass(frozen=True)
class TrustTask:
    """Something to be measured by one worker.

    Attributes:
        number: The engine's place among all.
        engine: The engine.
        phase: Whose sentences are taken; None for commands, which bring their own.
        kind: Which recordings.
        share: The part of them that is heard.
        part: Of the recordings: those whose place leaves this remainder, divided by the number of parts.
    """

    number: int
    engine: Engine
    phase: str | None
    kind: Kind
    share: float
    part: int = 0

    def parts(self) -> list[TrustTask]:
        """The same in pieces that can be measured at the same time."""
        return [replace(self, part=part) for part in range(PARTS[self.kind])]


@dataclass(frozen=True)
class FalseAccept:
    """Something taken for a command that was none."""

    phase: str
    kind: str
    file: str
    at_s: float
    said: str
    text: str
    intent: str
    confidence: float

    def row(self) -> dict[str, Any]:
        """As a JSON object."""
        return asdict(self)


@dataclass(frozen=True)
class Recalled:
    """A command that was said, and what was made of it; `confidence` is that of what was right."""

    source: str
    condition: str
    text: str
    intent: str
    right: bool
    heard: str
    confidence: float


@dataclass
class TrustOutcome:
    """What came of a task; `seconds` of recordings without commands by phase."""

    engine: int
    seconds: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    accepted: list[FalseAccept] = field(default_factory=list)
    recalled: list[Recalled] = field(default_factory=list)


@dataclass(frozen=True)
class Context:
    """What all tasks of a run share."""

    speech: Path
    hold_out: HoldOut
    synthetic: int


_contexts: list[Context] = []


def begin_worker(context: Context) -> None:
    """Called once in each worker process."""
    _contexts[:] = [context]


@cache
def _vocabulary() -> Vocabulary:
    return Vocabulary(load_routines(own_routine_files())[0].values())


def every_word() -> frozenset[str]:
    """All words of all phases."""
    return _vocabulary().everything.graph().words


@cache
def _no_commands(context: Context) -> list[NoCommands]:
    return no_commands(context.speech, _vocabulary(), context.hold_out)


@cache
def _noises(speech: Path) -> list[Samples]:
    return noises_for_judging(speech)


@cache
def _commands(context: Context, kind: Kind) -> list[Said]:
    if kind == "an4":
        return an4_commands(context.speech, _vocabulary(), context.hold_out)
    return synthetic_commands(_vocabulary(), "holding", context.synthetic)


def run_task(task: TrustTask) -> TrustOutcome:
    """Measure; called in a worker process."""
    context = _contexts[0]
    recogniser = task.engine.recogniser(every_word())
    outcome = TrustOutcome(task.number)
    try:
        if task.kind == "no_commands":
            assert task.phase is not None
            for recording in _no_commands(context)[task.part :: PARTS[task.kind]]:
                listener = task.engine.listener(recogniser, _vocabulary().named(task.phase))
                sound = recording.sound()
                sound = sound[: round(len(sound) * task.share)]
                outcome.seconds[task.phase] += len(sound) / RATE
                heard = hear(listener, np.concatenate([sound, silence(_AFTER_S)]))
                outcome.accepted += false_accepts(recording, task.phase, heard)
        else:
            said = _commands(context, task.kind)
            said = said[: max(1, round(len(said) * task.share))][task.part :: PARTS[task.kind]]
            for phase in sorted({one.phase for one in said}):
                sentences = _vocabulary().named(phase)
                listener = task.engine.listener(recogniser, sentences)
                for one in (one for one in said if one.phase == phase):
                    command = sentences.match(one.text)
                    assert command is not None
                    for condition in CONDITIONS:
                        sound = one.under(condition, _noises(context.speech))
                        outcome.recalled.append(recalled(one, condition, command.intent, hear(listener, sound)))
    finally:
        recogniser.close()
    return outcome


def hear(listener: AnyListener, sound: Samples) -> list[tuple[float, Utterance]]:
    """Everything heard in a sound, each with the second by which it was decided; the stream ends with it."""
    found = [(at / RATE, utterance) for at, block in _blocks(sound) for utterance in listener.accept(block)]
    return [*found, *((len(sound) / RATE, utterance) for utterance in listener.flush())]


def _blocks(sound: Samples) -> Iterator[tuple[int, Samples]]:
    for at in range(0, len(sound), BLOCK):
        block = sound[at : at + BLOCK]
        yield at + len(block), block


def false_accepts(recording: NoCommands, phase: str, heard: Sequence[tuple[float, Utterance]]) -> Iterator[FalseAccept]:
    """What was taken for a command, and what sounded there when it was decided."""
    for decided_s, utterance in heard:
        if utterance.command is not None:
            # The utterance's own times are on its stream's clock, which may have run through other recordings.
            spoken_s = max(0.0, decided_s - 0.5)
            span = recording.at(round(spoken_s * RATE))
            yield FalseAccept(
                phase,
                recording.kind,
                span.name,
                round(decided_s - span.begin / RATE, 2),
                span.text,
                utterance.text,
                utterance.command.intent,
                round(utterance.confidence, 4),
            )


def recalled(said: Said, condition: str, intent: str, heard: Sequence[tuple[float, Utterance]]) -> Recalled:
    """Right is exactly one command, and it means what was said."""
    commands = [utterance for _, utterance in heard if utterance.command is not None]
    intents = [utterance.command.intent for utterance in commands if utterance.command is not None]
    right = intents == [intent]
    texts = ", ".join(
        f"{u.text!r}" if u.command else f"{u.text!r} ({u.rejected})" for _, u in heard if u.command or u.text
    )
    reasons = ", ".join(str(u.rejected) for _, u in heard)
    confidence = round(commands[0].confidence, 4) if right else 0.0
    return Recalled(said.source, condition, said.text, intent, right, texts or reasons or "nothing", confidence)
