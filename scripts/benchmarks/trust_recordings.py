"""What trust is measured with: recordings without any command, and commands of real people and held-out voices.

Nobody of them was trained on. Nothing was ever tuned on the read speech; the costs by hand were raised after false
accepts on AN4, the noises and ``not_commands``, which is not heard here any more: it was tuned on.
"""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from assistant.audio.files import read_recording
from assistant.audio.formats import RATE, Samples, silence
from assistant.loop.vocabulary import Vocabulary
from scripts.benchmarks.recordings import HELD_OUT_VOICES, NUMBERS
from scripts.testbed.rooms import level, three_metres_away, with_floor
from scripts.train_model.corpora import CorpusUtterance, HoldOut, divide, judging_noises, read_corpora
from scripts.train_model.synthesis import SyntheticUtterance, speak

PAUSE_S = 1.0
"""Between AN4's utterances where they are joined."""

JOINED_S = 300.0
"""About how long the joined recordings are."""

BEFORE_S, AFTER_S = 0.6, 1.6
"""The quiet room before and after a command; what reaches the endpoint later than that has not been understood."""

_DRAWN = 60  # sentences of each intent, of which many are the same

NOISE_SNR_DB = 10.0
CONDITIONS = ("clean", "10 dB noise", "3 m room")

ALLOWED_IN = {"Stop": "holding", "Repeat": "holding", "Help": "holding", "Yes": "confirming", "No": "confirming",
              "Ready": "positioning"}  # fmt: skip
"""A phase in which AN4's commands are taken, by what they mean."""


@dataclass(frozen=True)
class SoundSpan:
    """What sounds from a sample of a joined recording on."""

    begin: int
    name: str
    text: str


@dataclass(frozen=True)
class NoCommands:
    """A recording in which nothing is a command.

    Attributes:
        kind: ``noise``, or the corpus of those who speak.
        name: Its own.
        sound: Reads it.
        spans: What is in it, in order; at least one.
    """

    kind: str
    name: str
    sound: Callable[[], Samples]
    spans: Sequence[SoundSpan]

    def at(self, sample: int) -> SoundSpan:
        """What sounds there, or sounded last."""
        return [self.spans[0], *(span for span in self.spans if span.begin <= sample)][-1]


@dataclass(frozen=True)
class Said:
    """A command somebody says.

    Attributes:
        source: ``an4`` or ``synthetic``.
        phase: Where it is said.
        text: The words.
        sound: Reads the recording.
        seed: Of its room and its place in the noise.
    """

    source: str
    phase: str
    text: str
    sound: Callable[[], Samples]
    seed: int

    def under(self, condition: str, noises: Sequence[Samples]) -> Samples:
        """As the microphone hears it in one of `CONDITIONS`, with the quiet room before and after.

        Args:
            condition: Which.
            noises: Household noises, to be mixed in where the condition asks for noise.
        """
        speech = self.sound()
        arrived = three_metres_away(speech, self.seed) if condition == "3 m room" else speech
        padded = np.concatenate([silence(BEFORE_S), arrived.astype(np.float64), silence(AFTER_S)])
        if condition == "10 dB noise":
            padded = padded + noise_around(padded, level(speech), noises[self.seed % len(noises)], self.seed)
        return with_floor(padded, self.seed)


def noise_around(sound: Samples, speech_level: float, noise: Samples, seed: int) -> Samples:
    """Noise of the sound's length, so many dB below the speech; begins anywhere in the recording, loud as a whole."""
    begin = int(np.random.default_rng([seed, 5]).integers(len(noise)))
    around = np.resize(np.roll(noise, -begin), len(sound)).astype(np.float64)
    around *= speech_level * 10 ** (-NOISE_SNR_DB / 20) / max(1.0, math.sqrt((around**2).mean()))
    return np.rint(around)


def no_commands(speech: Path, vocabulary: Vocabulary, hold_out: HoldOut) -> list[NoCommands]:
    """The recordings without a command by whom no model was trained.

    Args:
        speech: The folder with the recordings.
        vocabulary: What is a command.
        hold_out: Who was not trained on.
    """
    noises = [
        NoCommands("noise", path.name, partial(read_recording, path), [SoundSpan(0, path.name, "")])
        for path in judging_noises(speech)
    ]
    _, held_out = divide(read_corpora(speech).utterances, hold_out)
    read = [u for u in held_out if u.corpus == "speechocean" and vocabulary.everything.match(u.text) is None]
    others = other_utterances(held_out, vocabulary)
    return [*noises, *_joined("an4", others), *_joined("speechocean", read)]


def other_utterances(utterances: Sequence[CorpusUtterance], vocabulary: Vocabulary) -> list[CorpusUtterance]:
    """AN4's utterances that are neither commands nor numbers."""
    everything = vocabulary.everything
    return [
        u
        for u in utterances
        if u.corpus == "an4" and everything.match(u.text) is None and not set(u.text.split()) <= set(NUMBERS)
    ]


def _joined(corpus: str, utterances: Sequence[CorpusUtterance]) -> Iterator[NoCommands]:
    part: list[CorpusUtterance] = []
    length = 0.0
    number = 1
    for utterance in utterances:
        part.append(utterance)
        length += len(read_recording(utterance.path)) / RATE + PAUSE_S
        if length >= JOINED_S or utterance is utterances[-1]:
            yield joined(corpus, f"{corpus} {number}", part)
            part, length, number = [], 0.0, number + 1


def joined(corpus: str, name: str, utterances: Sequence[CorpusUtterance]) -> NoCommands:
    """One recording of several, each followed by a pause."""
    spans, begin = [], 0
    for utterance in utterances:
        spans.append(SoundSpan(begin, utterance.path.name, utterance.text))
        begin += len(read_recording(utterance.path)) + round(PAUSE_S * RATE)

    def sound() -> Samples:
        pause = silence(PAUSE_S)
        return np.concatenate([piece for u in utterances for piece in (read_recording(u.path), pause)])

    return NoCommands(corpus, name, sound, spans)


def an4_commands(speech: Path, vocabulary: Vocabulary, hold_out: HoldOut) -> list[Said]:
    """Single commands of AN4's speakers who were not trained on, each in a phase that takes it."""
    found = []
    for number, utterance in enumerate(read_corpora(speech).utterances):
        if utterance.corpus != "an4" or not hold_out.leaves_out("an4", utterance.speaker):
            continue
        for phase in dict.fromkeys(ALLOWED_IN.values()):
            command = vocabulary.named(phase).match(utterance.text)
            if command is not None and ALLOWED_IN.get(command.intent) == phase:
                sound = partial(read_recording, utterance.path)
                found.append(Said("an4", phase, utterance.text, sound, number))
                break
    return found


def synthetic_commands(vocabulary: Vocabulary, phase: str, count: int) -> list[Said]:
    """A phase's sentences by voices that were not trained on, every intent about equally often."""
    choice = random.Random(11)  # noqa: S311 - the same sentences every time
    sentences = vocabulary.named(phase).weighted({})  # how easy one is to trigger is not how often it is said
    by_intent: dict[str, list[str]] = defaultdict(list)
    for intent in sorted(sentences.intents):  # one after the other: some have a thousand times as many wordings
        graph = sentences.only((intent,)).graph()
        for _ in range(_DRAWN):
            text = " ".join(graph.sample(lambda weights: choice.choices(range(len(weights)), weights)[0]))
            if (command := sentences.match(text)) is not None and text not in by_intent[command.intent]:
                by_intent[command.intent].append(text)
    intents = sorted(by_intent)
    found = []
    for number in range(count):
        texts = by_intent[intents[number % len(intents)]]
        engine, voice = HELD_OUT_VOICES[number % len(HELD_OUT_VOICES)]
        text = texts[number // len(intents) % len(texts)]
        spoken = SyntheticUtterance(engine, voice, text, words_a_minute=choice.randint(125, 180))
        found.append(Said("synthetic", phase, text, partial(spoken_sound, spoken), number))
    return found


def spoken_sound(spoken: SyntheticUtterance) -> Samples:
    """A synthetic voice's sound, peaks at a quarter of full scale: about as loud as AN4."""
    sound = speak(spoken)
    scaled: Samples = np.rint(sound * (8_000 / float(np.abs(sound).max()))).astype(np.int16)
    return scaled


def noises_for_judging(speech: Path) -> list[Samples]:
    """The household noises that were not trained with."""
    return [read_recording(path) for path in judging_noises(speech)]
