"""What happens in a simulated session, all of it drawn from its seed."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from assistant.audio.simulated import Side
from assistant.dialogue.state.user import Counting

FaultKind: TypeAlias = Literal[
    "microphone gone",
    "loudspeaker gone",
    "blocks late",
    "blocks dropped",
    "blocks doubled",
    "recogniser crashes",
    "recogniser hangs",
    "voice dies",
    "voice stalls",
    "disk full",
    "clock jumps",
    "killed",
]
FAULTS: tuple[FaultKind, ...] = get_args(FaultKind)

LOSES: dict[str, Side] = {"microphone gone": "microphone", "loudspeaker gone": "loudspeaker"}
"""The faults that take a device away."""

QUIET_END_S = 25.0
"""At the end nothing is wrong any more: the session must still be alive, stop, and switch itself off."""

SOUND_SHARE = 1 / 20
"""Part of the seeds that are real sound, really heard over noise and an echo; the others are words taken as heard."""

_USUAL_KILLS = 0.35


@dataclass(frozen=True, slots=True)
class Fault:
    """Something goes wrong.

    Attributes:
        kind: What.
        at: When, in seconds of the world's time.
        lasts: For how long.
        by_itself: Of a device: whether it goes on where it stopped (a suspended one) or is dead until it is reopened.
        jump_s: Of the clock: by how much.
        writes: Of a kill: how many more writes to the disk the process lives to see; None: it dies between two blocks.
    """

    kind: FaultKind
    at: float
    lasts: float = 0.0
    by_itself: bool = True
    jump_s: float = 0.0
    writes: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """A session before it runs.

    Attributes:
        seed: What it was drawn from.
        sound: Whether it is real sound; else words.
        length_s: How long it is, in seconds of the world's time.
        block: Samples in a block.
        newcomer: Whether the person was never asked about health.
        answers_yes: How likely a question about health is answered with yes.
        counting: Which seconds are counted aloud.
        ready_after: Seconds after which the person is taken to be in position.
        obliging: How likely a question is answered as it is meant.
        chatter: Things said unasked, a minute.
        noise: Of the room, as RMS.
        echo: Of the loudspeaker in the microphone, as a factor.
        faults: What goes wrong, in order of time.
    """

    seed: int
    sound: bool
    length_s: float
    block: int
    newcomer: bool
    answers_yes: float
    counting: Counting
    ready_after: int | None
    obliging: float
    chatter: float
    noise: float
    echo: float
    faults: tuple[Fault, ...]


def plan_of(seed: int, *, sound: bool | None = None) -> Plan:
    """The session of a seed.

    Args:
        seed: Any number.
        sound: Real sound or words; None leaves it to the seed.
    """
    chance = random.Random(seed)  # noqa: S311 - the same session every time
    is_sound = chance.random() < SOUND_SHARE
    sound = is_sound if sound is None else sound
    length = chance.uniform(40, 70) if sound else chance.choice((60.0, 90.0, 150.0, 300.0))
    return Plan(
        seed=seed,
        sound=sound,
        length_s=length,
        block=320 if sound else chance.choice((320, 1000, *(1600,) * 14)),
        newcomer=not sound and chance.random() < 0.15,
        answers_yes=chance.choice((0.0, 0.0, 0.1)),
        counting=chance.choice(get_args(Counting)),
        ready_after=chance.choice((None, None, None, 10)),
        obliging=chance.choice((0.6, 0.9, 1.0)),
        chatter=chance.choice((0.0, 1.0, 4.0, 12.0)),
        noise=chance.choice((5.0, 20.0, 60.0)),
        echo=chance.choice((0.0, 0.05, 0.3)),
        faults=tuple(sorted(_faults(chance, length - QUIET_END_S), key=lambda fault: fault.at)),
    )


def _faults(chance: random.Random, until: float) -> list[Fault]:
    found = [
        _fault(chance, chance.choice(FAULTS), chance.uniform(0.0, until), until)
        for _ in range(chance.choice((0, 1, 2, 4, 8)))
    ]
    if chance.random() < _USUAL_KILLS:
        found.append(_fault(chance, "killed", chance.uniform(0.0, until), until))
    return found


def _fault(chance: random.Random, kind: FaultKind, at: float, until: float) -> Fault:
    lasts = min(chance.choice((0.3, 1.0, 3.0, 8.0, 20.0, 90.0)), max(0.1, until - at))
    return Fault(
        kind,
        at,
        lasts=min(lasts, 1.5) if kind.startswith("blocks") else lasts,
        by_itself=chance.random() < 0.5,
        jump_s=chance.choice((-90_000.0, -3600.0, -5.0, 3.0, 4000.0, 50_000.0)),
        writes=chance.choice((None, 0, 1, 2, 3)),
    )
