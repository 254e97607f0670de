"""What the recognisers are judged by: real people who were not trained on, held-out synthetic voices, noise.

Recordings are read from outside the project and never copied into it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from assistant.audio.files import read_recording
from assistant.audio.formats import Samples
from intents.graph import Arc, WordGraph
from scripts.testbed.rooms import level
from scripts.testbed.speech import speech_index
from scripts.train_model.corpora import HoldOut, divide, read_corpora
from scripts.train_model.synthesis import HELD_OUT_ACCENT, HELD_OUT_FLITE

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

_PHASES = {"yes": "screening", "no": "screening", "go": "positioning", "start": "positioning", "stop": "holding",
           "repeat": "holding", "help": "holding"}  # fmt: skip
"""In which phase AN4's commands are said."""

_LONGEST_PHRASE = 5
_WAKE_COUNT = re.compile(r"\[(\d+) x (.+)\]")


@dataclass(frozen=True)
class Item:
    """A recording and what is said in it.

    Attributes:
        sound: Reads it.
        text: What is said.
        times: How often, with pauses between.
        means: What means the same, in the plainest words; None: `text` itself does.
        contrary: Where only that matters: what it must not be heard as.
    """

    sound: Callable[[], Samples]
    text: str
    times: int = 1
    means: str | None = None
    contrary: str | None = None


@dataclass(frozen=True)
class RecordingSet:
    """Recordings that are heard with one grammar.

    Attributes:
        name: The measure; several sets may belong to one.
        what: Who speaks, and how they relate to the training.
        grammar: What may be said; or the name of a phase, whose sentences are heard with the product's decision.
        items: The recordings.
    """

    name: str
    what: str
    grammar: WordGraph | str
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


def sets_of_people(speech: Path, noises: Sequence[Samples], snr_db: float, hold_out: HoldOut) -> list[RecordingSet]:
    """Real people who were not trained on.

    Args:
        speech: The folder with the recordings.
        noises: That were not trained with.
        snr_db: How far they are below the speech, where there are any.
        hold_out: Who was not trained on; of the corpora for training, nobody else is heard.
    """
    people = _people(speech, hold_out)
    noisy = [found.in_noise(noises, snr_db) for found in people if found.name.startswith("AN4")]
    return [*people, *noisy, _wake_words(speech)]


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
        *(
            RecordingSet("AN4 commands in their phases", unseen, phase, _items(said))
            for phase in sorted(set(_PHASES.values()))
            if (said := [(path, text) for path, text in commands if _PHASES.get(text) == phase])
        ),
        RecordingSet("AN4 numbers", unseen, strings_of(NUMBERS, longest), _items(numbers)),
        RecordingSet("word clips", f"crowd's microphones, {unseen}", words, _items(clips)),
        RecordingSet("read phrases", f"Mandarin accents, {unseen}", short, _items(phrases)),
    ]


def _wake_words(speech: Path) -> RecordingSet:
    """A corpus that is never trained on: clip after clip of the same phrase, in each file another."""
    found = []
    for row in speech_index(speech):
        match = _WAKE_COUNT.fullmatch(row["transcript"])
        if match and "/" not in match[2]:
            sound = speech / row["path"]
            found.append(Item(partial(read_recording, sound), match[2], int(match[1])))
    graph = one_of([*COMMANDS, *(item.text for item in found)])
    return RecordingSet("wake words", "a corpus not trained on, nor its words", graph, found)


def _items(recordings: Iterable[tuple[Path, str]]) -> list[Item]:
    return [Item(partial(read_recording, path), text) for path, text in recordings]
