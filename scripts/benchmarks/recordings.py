"""What the recognisers are judged by: real people who were not trained on, held-out synthetic voices, noise.

Recordings are read from outside the project and never copied into it.
"""

from __future__ import annotations

import math
import random
import re
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from assistant.audio.files import read_recording
from assistant.audio.formats import FULL_SCALE, RATE, Samples
from assistant.loop.vocabulary import Vocabulary
from assistant.routines.loading import load_routines, own_routine_files
from intents.graph import Arc, WordGraph
from intents.loading import load_sentences
from scripts.testbed.rooms import level
from scripts.testbed.speech import speech_index
from scripts.train_model.corpora import HoldOut, divide, judging_noises, read_corpora
from scripts.train_model.synthesis import HELD_OUT_ACCENT, HELD_OUT_FLITE, SyntheticUtterance, speak

COMMANDS = ("yes", "no", "go", "stop", "start", "repeat", "help", "next", "pause", "resume", "ready", "back", "left",
            "right", "why", "enter", "erase", "one", "two", "five", "six", "nine")  # fmt: skip
"""22 words that can be taken for each other; AN4 has recordings of seven."""

NUMBERS = ("zero", "oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
           "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
           "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety", "hundred", "thousand")  # fmt: skip

HELD_OUT_VOICES = (
    ("flite", HELD_OUT_FLITE),
    ("espeak-ng", HELD_OUT_ACCENT),
    ("espeak-ng", f"{HELD_OUT_ACCENT}+f2"),
    ("espeak-ng", "en-us+m4"),
    ("espeak-ng", "en-gb+f3"),
    ("espeak-ng", "en-us+steph"),
)

ORDERS = """
language: en
intents:
  Order:
    data:
      - sentences:
          - "<asking> ([{count}];[{size}];[{temperature}];[{flavour}]) {drink} [with {milk}] [please]"
expansion_rules:
  asking: "[i would like|can i have|give me]"
lists:
  count: {range: {from: 1, to: 9}}
  size: {values: [small, medium, large]}
  temperature: {values: [hot, iced]}
  flavour: {values: [vanilla, caramel, hazelnut]}
  drink: {values: [latte, cappuccino, americano, mocha, espresso, tea]}
  milk: {values: [oat milk, soy milk, skimmed milk, cream]}
"""

_LONGEST_PHRASE = 5
_WAKE_COUNT = re.compile(r"\[(\d+) x (.+)\]")


@dataclass(frozen=True)
class Item:
    """A recording and what is said in it, `times` over with pauses between."""

    sound: Callable[[], Samples]
    text: str
    times: int = 1


@dataclass(frozen=True)
class RecordingSet:
    """Recordings that are heard with one grammar.

    Attributes:
        name: For tables.
        what: Who speaks, and how they relate to the training.
        graph: What may be said.
        items: The recordings.
    """

    name: str
    what: str
    graph: WordGraph
    items: Sequence[Item]

    def in_noise(self, noises: Sequence[Samples], snr_db: float) -> RecordingSet:
        """The same with household noise at a ratio of speech to noise."""
        items = [
            replace(item, sound=partial(_in_noise, item.sound, noises[n % len(noises)], snr_db, n))
            for n, item in enumerate(self.items)
        ]
        return replace(self, name=f"{self.name}, {snr_db:g} dB", items=items)


def _in_noise(speech: Callable[[], Samples], noise: Samples, snr_db: float, seed: int) -> Samples:
    return mixed(speech(), noise, snr_db, seed)


def mixed(speech: Samples, noise: Samples, snr_db: float, seed: int) -> Samples:
    """Speech in noise; the level of speech is that of its louder half, so that pauses don't count."""
    rng = np.random.default_rng(seed)
    around = np.resize(np.roll(noise, rng.integers(len(noise))), len(speech)).astype(np.float64)
    around *= math.hypot(level(speech), 1.0) / (around.std() + 1.0) * 10 ** (-snr_db / 20)
    both = speech + around
    both *= min(1.0, 30_000 / np.abs(both).max())
    return both.astype(np.int16)


def one_of(phrases: Iterable[str]) -> WordGraph:
    """A graph of phrases, all equally likely."""
    distinct = sorted(set(phrases))
    arcs: list[Arc] = []
    states = 2
    for phrase in distinct:
        words = phrase.split()
        path = [0, *range(states, states + len(words) - 1), 1]
        states += len(words) - 1
        log_probs = [-math.log(len(distinct)), *[0.0] * (len(words) - 1)]
        arcs += map(Arc, path[:-1], path[1:], words, log_probs)
    return WordGraph(states, 1, tuple(arcs))


def strings_of(words: Sequence[str], longest: int) -> WordGraph:
    """A graph of all strings of one to so many of the words."""
    arcs = [
        Arc(place, place + 1, word, -math.log(2 * len(words)) if place else -math.log(len(words)))
        for place in range(longest)
        for word in words
    ]
    arcs += [Arc(place, longest, None, -math.log(2)) for place in range(1, longest)]
    return WordGraph(longest + 1, longest, tuple(arcs), frozenset(range(1, longest)))


def recording_sets(speech: Path, folder: Path, hold_out: HoldOut) -> list[RecordingSet]:
    """All sets.

    Args:
        speech: The folder with the recordings.
        folder: Where synthetic speech and sentence files may be put.
        hold_out: Who was not trained on; of the corpora for training, nobody else is heard.
    """
    clean = [*_people(speech, hold_out), *_wake_words(speech), *_synthetic(folder)]
    noises = [read_recording(path) for path in judging_noises(speech)]
    people = [found for found in clean if not found.name.startswith("synthetic")]
    return [*clean, *(found.in_noise(noises, 10.0) for found in people)]


def _people(speech: Path, hold_out: HoldOut) -> list[RecordingSet]:
    _, held_out = divide(read_corpora(speech).utterances, hold_out)
    an4 = [(u.path, u.text) for u in held_out if u.corpus == "an4"]
    commands = [(path, text) for path, text in an4 if text in COMMANDS]
    numbers = [(path, text) for path, text in an4 if set(text.split()) <= set(NUMBERS) and text not in COMMANDS]
    longest = max(len(text.split()) for _, text in numbers)
    clips = [(u.path, u.text) for u in held_out if u.corpus == "words"]
    read = [(u.path, u.text) for u in held_out if u.corpus == "speechocean"]
    phrases = [(path, text) for path, text in read if 2 <= len(text.split()) <= _LONGEST_PHRASE]
    words = one_of([*COMMANDS, *(text for _, text in clips)])
    unseen = "speakers not trained on"
    short = one_of(text for _, text in phrases)
    return [
        RecordingSet("AN4 commands", unseen, one_of(COMMANDS), _items(commands)),
        RecordingSet("AN4 numbers", unseen, strings_of(NUMBERS, longest), _items(numbers)),
        RecordingSet("word clips", f"crowd's microphones, {unseen}", words, _items(clips)),
        RecordingSet("read phrases", f"Mandarin accents, {unseen}", short, _items(phrases)),
    ]


def _wake_words(speech: Path) -> list[RecordingSet]:
    """A corpus that is never trained on: clip after clip of the same phrase, in each file another."""
    found = []
    for row in speech_index(speech):
        match = _WAKE_COUNT.fullmatch(row["transcript"])
        if match and "/" not in match[2]:
            sound = speech / row["path"]
            found.append(Item(partial(read_recording, sound), match[2], int(match[1])))
    graph = one_of([*COMMANDS, *(item.text for item in found)])
    return [RecordingSet("wake words", "a corpus not trained on, nor its words", graph, found)]


def _items(recordings: Iterable[tuple[Path, str]]) -> list[Item]:
    return [Item(partial(read_recording, path), text) for path, text in recordings]


def _synthetic(folder: Path) -> list[RecordingSet]:
    routines, _ = load_routines(own_routine_files())
    commands = Vocabulary(routines.values()).named("session").graph()
    orders_file = folder / "orders.yaml"
    orders_file.write_text(ORDERS, encoding="utf-8")
    orders = load_sentences([orders_file]).graph()
    return [
        RecordingSet("synthetic commands", "voices not trained on, all commands", commands, _spoken(commands, 240, 1)),
        RecordingSet("synthetic orders", "voices not trained on, five slots", orders, _spoken(orders, 120, 2)),
    ]


def _spoken(graph: WordGraph, count: int, seed: int) -> list[Item]:
    choice = random.Random(seed)  # noqa: S311 - the same sentences every time
    items = []
    for number in range(count):
        words = graph.sample(lambda weights: choice.choices(range(len(weights)), weights)[0])
        engine, voice = HELD_OUT_VOICES[number % len(HELD_OUT_VOICES)]
        spoken = SyntheticUtterance(engine, voice, " ".join(words), words_a_minute=choice.randint(125, 180))
        items.append(Item(partial(_sound, spoken), spoken.text))
    return items


def _sound(spoken: SyntheticUtterance) -> Samples:
    return np.clip(speak(spoken) * 32_000, -FULL_SCALE, FULL_SCALE - 1).astype(np.int16)


def temporary_folder() -> tempfile.TemporaryDirectory[str]:
    """A folder for what is synthesised."""
    return tempfile.TemporaryDirectory(prefix="hearing-")


def seconds(sound: Samples) -> float:
    """How long a sound lasts."""
    return len(sound) / RATE
