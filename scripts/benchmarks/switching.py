"""``scripts/bench switching``: what a phase costs the first time, from the cache, and when a session goes over into it.

All of it is the processor's time of this process, in ms: what else runs on the machine does not count. Beside it
stands what bare Vosk takes in the same run: a model with the same words is loaded and given a grammar of the phase's;
and where the phase changes, it is given another.
"""

from __future__ import annotations

import gc
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import vosk

from assistant.audio.formats import BLOCK, RATE, silence
from assistant.dialogue.foreseeing import foreseen
from assistant.dialogue.state.phases import Holding, Idle, Phase
from assistant.dialogue.state.session import Session
from assistant.dialogue.state.user import Health, User
from assistant.hearing.listener import Listener
from assistant.hearing.recogniser import Recogniser
from assistant.hearing.vosk.decoder import load_model
from assistant.home.folders import HOME_VARIABLE
from assistant.loop.engines import load_recogniser
from assistant.loop.vocabulary import Vocabulary
from assistant.routines.loading import load_exercises, load_routines, own_routine_files
from assistant.routines.safety import own_safety
from intents.graph import WordGraph
from scripts.benchmarks.engines import lexicon_model
from scripts.benchmarks.targets import Figure, show, wide_console
from scripts.testbed.product import our_model
from scripts.testbed.watched_world import WatchedWorld

MOST_FIRST_MS, MOST_CACHED_MS, MOST_SWITCH_MS = 1000.0, 50.0, 5.0

PEER = "bare Vosk"

SESSIONS = (
    ("start sciatic stretch", "the left side", "ready", "pause", "resume", "it hurts", "easier"),
    ("start lower back", "two", "ready", "please stop", "no", "longer", "stop"),
    ("start cool down", "zero", "why", "skip", "how long left", "goodbye"),
)
"""What is said in the sessions whose changes of phase are measured; each has all its time afterwards."""

_BETWEEN_S = 15.0
_WITHIN_S = 1500.0
_HEARD_S = 1.0  # of sound before each change, so that there is something to take along
_TIMES = 5


@dataclass
class _Product:
    """What is measured, and with which routines."""

    model: Path
    vocabulary: Vocabulary
    session: Session

    def recogniser(self) -> Recogniser:
        return load_recogniser("vosk", self.model)

    def changes(self) -> Iterator[tuple[Session, float, Phase]]:
        """How each phase began, when, and the one after it, in all the sessions."""
        for said in SESSIONS:
            world = WatchedWorld(self.session).start()
            for words in said:
                world.pass_time(_BETWEEN_S)
                command = self.vocabulary.of_phase(type(world.session.phase)).match(words)
                if command is not None:
                    world.obey(command)
            world.pass_time(_WITHIN_S)
            began = [world.history[0]]
            began += [b for a, b in pairwise(world.history) if type(a[0].phase) is not type(b[0].phase)]
            yield from ((*one, after.phase) for one, (after, _) in pairwise(began))


def main(model: Path | None, out: Path) -> None:
    """Measure, show, and write it down.

    Args:
        model: One of our own models; None is the product's.
        out: The file.
    """
    with tempfile.TemporaryDirectory(prefix="switching-") as home:
        os.environ[HOME_VARIABLE] = home  # an empty cache
        routines, exercises = load_routines(own_routine_files())[0], load_exercises()
        user = User(Health({one.key: False for one in own_safety().questions}, complete=True), screened=True)
        vocabulary = Vocabulary(routines.values(), exercises.values())
        session = Session(routines=routines, exercises=exercises, user=user)
        figures = measure(_Product(our_model(model), vocabulary, session), Path(home))
    show(wide_console(), figures)
    out.write_text(json.dumps([figure.row() for figure in figures], indent=2) + "\n", encoding="utf-8")


def measure(product: _Product, folder: Path) -> list[Figure]:
    """All figures; the first compiling comes first, for it fills the cache."""
    vocabulary = product.vocabulary
    vocabulary.of_phase(Idle).graph()  # as in every session; the templates that phases have in common are read then
    gc.freeze()  # as a live session does
    largest = vocabulary.of_phase(Holding)
    words = _ms(largest.graph)
    recogniser = product.recogniser()
    first = _ms(lambda: recogniser.listen_for(largest.graph()))
    recogniser.close()
    cached = []
    for _ in range(_TIMES):
        recogniser = product.recogniser()
        cached.append(_ms(lambda: recogniser.listen_for(largest.graph())))  # noqa: B023 - called at once
        recogniser.close()
    load, change = _bare(product.model, largest.graph(), folder)
    switches, caught_up = (list(column) for column in zip(*_switches(product), strict=True))
    of = f"{len(switches)} changes of phase in {len(SESSIONS)} sessions"

    def figure(measure: str, value: float, target: float | None, peer: float | None, what: str) -> Figure:
        return Figure(measure, value, target, "ms", at_least=False, peers={PEER: peer}, of=what)

    return [
        figure("graph of words, first time", words, None, None, "the largest phase"),
        figure("compiled and loaded, first time", first, MOST_FIRST_MS, load, "the largest phase"),
        figure("loaded from the cache", statistics.median(cached), MOST_CACHED_MS, load, "the largest phase"),
        figure("change of phase, median", statistics.median(switches), MOST_SWITCH_MS, change, of),
        figure("change of phase, nineteen of twenty", _high(switches), MOST_SWITCH_MS, change, of),
        figure("change of phase, slowest", max(switches), None, change, of),
        figure("the sound so far heard anew, slowest", max(caught_up), None, None, of),
    ]


def _switches(product: _Product) -> Iterator[tuple[float, float]]:
    """What each change costs whoever hears, with all ready that the session was told to be ready for.

    And what the block after it costs, with the sound before it, of which something may have been said.
    """
    noise = np.random.default_rng(1)
    listener: Listener | None = None
    recogniser = product.recogniser()
    for before, now, after in product.changes():
        sentences = product.vocabulary.of_phase(type(before.phase))
        listener = listener or Listener(recogniser, sentences)
        listener.listen_for(sentences)
        for kind in foreseen(before, now):  # in a session another thread does it while this phase lasts
            listener.prepare(product.vocabulary.of_phase(kind))
        for _ in range(round(_HEARD_S * RATE / BLOCK)):
            listener.accept(noise.normal(0.0, noise.uniform(50.0, 2000.0), BLOCK).astype(np.int16))
        following = product.vocabulary.of_phase(type(after))
        change = _ms(lambda: listener.listen_for(following))  # noqa: B023 - called at once
        yield change, _ms(lambda: listener.accept(silence(BLOCK / RATE)))  # noqa: B023
    recogniser.close()


def _bare(model: Path, graph: WordGraph, folder: Path) -> tuple[float, float]:
    """Vosk as it is customary: loading a model and a grammar of the phase's words, and another grammar."""
    lexicon = lexicon_model(model, graph.words, folder)
    grammar = json.dumps([*graph.covering_sentences(), "[unk]"])
    loads, changes = [], []
    for _ in range(_TIMES):
        loaded: list[object] = []
        loads.append(_ms(lambda: loaded.append(vosk.KaldiRecognizer(load_model(lexicon), RATE, grammar))))  # noqa: B023
        kept = load_model(lexicon)
        changes.append(_ms(lambda: loaded.append(vosk.KaldiRecognizer(kept, RATE, grammar))))  # noqa: B023
    return statistics.median(loads), statistics.median(changes)


def _ms(do: Callable[[], object]) -> float:
    """The processor's time that it takes."""
    begun = time.process_time()
    do()
    return round(1000 * (time.process_time() - begun), 2)


def _high(values: list[float]) -> float:
    """What nineteen of twenty stay below."""
    return sorted(values)[round(0.95 * (len(values) - 1))]
