"""The parts of the reaction measurement that one worker process does at a time."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from assistant.audio.files import read_recording
from assistant.audio.formats import BLOCK, RATE
from scripts.benchmarks.engines import Engine
from scripts.benchmarks.recordings import HELD_OUT_VOICES
from scripts.benchmarks.sessions import Guide, Recorded, at_near_level, echo_room, run_session
from scripts.benchmarks.stop_trials import (
    ROUTINES,
    Answered,
    Asker,
    CommandVoice,
    Interrupter,
    Trial,
    Tried,
    trials,
)
from scripts.benchmarks.trust_recordings import spoken_sound
from scripts.testbed.rooms import spoken_part
from scripts.train_model.corpora import HoldOut, read_corpora
from scripts.train_model.synthesis import SyntheticUtterance

LONGEST_ROUTINE_S = 480.0
ASKED = (("HowLong", "how long left"), ("Repeat", "repeat"), ("Next", "next"))
_PACES = (135, 165)


@dataclass(frozen=True)
class Where:
    """What the workers read.

    Attributes:
        speech: The folder with the recordings.
        hold_out: Who was not trained on.
    """

    speech: Path
    hold_out: HoldOut


@dataclass(frozen=True)
class Stops:
    """Some of the trials of "stop" at one echo level.

    Attributes:
        engine: What hears.
        where: The recordings.
        echo_db: Level of the echo against the user; None for no echo.
        count: How many trials.
        seed: Of the room, the places and the order of those who say it.
        voice: The assistant's, over which it is said.
    """

    engine: Engine
    where: Where
    echo_db: float | None
    count: int
    seed: int
    voice: str


@dataclass(frozen=True)
class Whole:
    """A whole session in which nobody speaks.

    Attributes:
        engine: What hears.
        peers: What is given the same sound afterwards, with the same sentences at the same time.
        routine: The routine's place in `ROUTINES`.
        echo_db: Level of the echo against the user.
        voice: The assistant's.
    """

    engine: Engine
    peers: tuple[Engine, ...]
    routine: int
    echo_db: float
    voice: str


@dataclass(frozen=True)
class Questions:
    """Commands in holds: so many, by several people, to one voice of the assistant's."""

    engine: Engine
    count: int
    voice: str


@dataclass(frozen=True)
class Triggers:
    """Commands taken in a session in which nobody spoke: intents by engine's name, and its length."""

    routine: str
    echo_db: float
    voice: str
    seconds: float
    finished: bool
    taken: dict[str, list[str]]


Job = Stops | Whole | Questions
Result = list[Tried] | Triggers | list[Answered]


def run_job(job: Job) -> Result:
    """Do it; called in a worker process."""
    match job:
        case Stops():
            return run_stops(job)
        case Whole():
            return run_whole(job)
        case Questions():
            return run_questions(job)


def stop_voices(where: Where) -> list[CommandVoice]:
    """Everybody who says "stop": AN4's speakers and held-out synthetic voices in turn."""
    people = [
        CommandVoice(
            u.speaker, where.hold_out.leaves_out("an4", u.speaker), at_near_level(spoken_part(read_recording(u.path)))
        )
        for u in read_corpora(where.speech).utterances
        if u.corpus == "an4" and u.text == "stop"
    ]
    synthetic = [_synthetic("stop", place, pace) for pace in _PACES for place in range(len(HELD_OUT_VOICES))]
    mixed: list[CommandVoice] = []
    for number in range(max(len(people), len(synthetic))):
        mixed += [*people[number : number + 1], *synthetic[number : number + 1]]
    return mixed


def _synthetic(words: str, place: int, pace: int) -> CommandVoice:
    engine, voice = HELD_OUT_VOICES[place]
    clip = spoken_part(spoken_sound(SyntheticUtterance(engine, voice, words, words_a_minute=pace)))
    return CommandVoice(f"{engine} {voice}", True, at_near_level(clip))


def run_stops(job: Stops) -> list[Tried]:
    """Trials in as few sessions as it takes: one that ends early, by a misheard goodbye, is begun anew."""
    voices = stop_voices(job.where)
    turn = job.seed * job.count % len(voices)
    wanted = trials([*voices[turn:], *voices[:turn]], job.count, job.seed)
    room = None if job.echo_db is None else echo_room(job.echo_db, job.seed, job.voice)
    done: list[Tried] = []
    while len(done) < len(wanted):
        user = Interrupter(wanted[len(done) :])
        recorded = run_session(job.engine, user, room, job.voice)
        done += user.results(recorded.played)
        if len(done) < len(wanted):
            done.append(_lost(wanted[len(done)], user))
    return done


def _lost(trial: Trial, user: Interrupter) -> Tried:
    misheard = tuple(row["intent"] for row in user.by_sound[-1:])
    return Tried(trial, False, (*misheard, "the session ended"), None, 0.0)


def run_whole(job: Whole) -> Triggers:
    """A routine from beginning to end, led by text; what was taken from the echo alone."""
    user = Guide(ROUTINES[job.routine], leave_at=LONGEST_ROUTINE_S)
    recorded = run_session(job.engine, user, echo_room(job.echo_db, 10 + job.routine, job.voice), job.voice)
    taken = {job.engine.name: [row["intent"] for row in user.by_sound]}
    for peer in job.peers:
        taken[peer.name] = replayed(peer, recorded)
    finished = user.exhausted and any(row["kind"] == "said" and row["line"] == "closing.words" for row in user.rows)
    seconds = len(recorded.heard) / RATE
    return Triggers(ROUTINES[job.routine], job.echo_db, job.voice, seconds, finished, taken)


def replayed(peer: Engine, recorded: Recorded) -> list[str]:
    """Intents that an engine takes from a session's microphone, with the session's sentences at their times."""
    words = frozenset(word for _, sentences in recorded.changes for word in sentences.graph().words)
    recogniser = peer.recogniser(words)
    try:
        listener = peer.listener(recogniser, recorded.changes[0][1])
        changes = list(recorded.changes[1:])
        taken: list[str] = []
        for at in range(0, len(recorded.heard), BLOCK):
            while changes and changes[0][0] <= at:
                listener.listen_for(changes.pop(0)[1])
            taken += [u.command.intent for u in listener.accept(recorded.heard[at : at + BLOCK]) if u.command]
        return taken + [u.command.intent for u in listener.flush() if u.command]
    finally:
        recogniser.close()


def run_questions(job: Questions) -> list[Answered]:
    """Commands in holds, without echo: from the end of each to its answer."""
    commands = []
    for number in range(job.count):
        intent, words = ASKED[number % len(ASKED)]
        place = number // len(ASKED)
        pace = _PACES[place // len(HELD_OUT_VOICES) % len(_PACES)]
        commands.append((intent, _synthetic(words, place % len(HELD_OUT_VOICES), pace)))
    user = Asker(commands)
    recorded = run_session(job.engine, user, None, job.voice)
    return user.results(recorded.played)
