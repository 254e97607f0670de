"""A real Vosk model that is made in a second: every letter is a phone, and every phone is a tone.

`speak` spells words in these tones; the network, one linear layer over Kaldi's own MFCCs of such tones, tells them
apart; the unchanged libvosk loads and decodes it. Nothing of the recogniser is replaced: only the language is
one that is learnt at once.
"""

from __future__ import annotations

import math
import string
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.audio.formats import FULL_SCALE, RATE, Samples, silence, to_int16
from assistant.hearing.vosk.compiled_sentences import PHONES as PHONES_FILE
from assistant.hearing.vosk.graph_cache import CHECKSUMS, checksums_text
from assistant.hearing.vosk_model import (
    END,
    Decoding,
    Endpointing,
    Features,
    Filler,
    Layer,
    Network,
    PhoneOutputs,
    PhoneSet,
    WordPairs,
    acoustic_files,
    lexicon_graph_files,
    sentence_graph_files,
    write_model_folder,
)
from assistant.hearing.vosk_model.phones import POSITIONS, SILENCE
from intents.graph import Arc, WordGraph
from scripts.testbed.mfcc import Matrix, mfcc

PHONES = PhoneSet(tuple(string.ascii_lowercase))

LETTER_S = 0.09
"""Three of the decoder's frames: every letter has one to itself."""

GAP_S = 0.06
"""Silence between two words."""

UNKNOWN_COST = 2.0
FEATURES = Features()

DECODING = Decoding(
    acoustic_scale=0.1,  # the network is far too sure of itself where two letters meet within a frame
    endpointing=Endpointing(nothing_s=3.0, sentence_s=0.4, likely_sentence_s=0.5, words_s=0.6),
)


def speak(text: str, loudness: float = 0.3) -> Samples:
    """Words in tones, letter by letter, with a short silence between words.

    Args:
        text: Words of the letters a to z.
        loudness: Peak, from 0 to 1 of full scale.
    """
    words = [np.concatenate([_tone(letter, LETTER_S, loudness) for letter in word]) for word in text.split()]
    gap = silence(GAP_S)
    return np.concatenate([part for word in words for part in (gap, word)][1:])


def word_times(text: str, start_s: float = 0.0) -> list[tuple[str, float, float]]:
    """Where each word of `speak` lies: its letters, begin and end in seconds."""
    times = []
    for word in text.split():
        end_s = start_s + len(word) * LETTER_S
        times.append((word, start_s, end_s))
        start_s = end_s + GAP_S
    return times


def sentences(*texts: str) -> WordGraph:
    """A graph of these sentences, each as likely as the others."""
    final, states = 1, 2
    arcs: list[Arc] = []
    for text in texts:
        words = text.split()
        path = [0, *range(states, states + len(words) - 1), final]
        states += len(words) - 1
        log_probs = [-math.log(len(texts)), *[0.0] * (len(words) - 1)]
        arcs += map(Arc, path[:-1], path[1:], words, log_probs)
    return WordGraph(states, final, tuple(arcs))


def lexicon_model(
    folder: Path, words: Iterable[str], unknown_cost: float | None = UNKNOWN_COST, decoding: Decoding | None = None
) -> Path:
    """Write a model for a grammar at run time that knows these words."""
    graph = lexicon_graph_files(PHONES, spelling(words), unknown_cost)
    write_model_folder(folder, _acoustic(decoding or DECODING), graph)
    return folder


def sentence_model(folder: Path, graph: WordGraph, filler_cost: float | None = UNKNOWN_COST) -> Path:
    """Write a model that has these sentences compiled into it."""
    files = sentence_graph_files(
        PHONES, graph, spelling(graph.words), None if filler_cost is None else Filler(filler_cost)
    )
    write_model_folder(folder, _acoustic(DECODING), files)
    return folder


def acoustic_model(folder: Path, usual: WordPairs | None = None) -> Path:
    """Write a model without any words, or with those of ordinary language, into which sentences can be compiled."""
    files = {**_acoustic(DECODING), PHONES_FILE: "\n".join(PHONES.names).encode("ascii")}
    if usual is not None:
        words = [word for word in usual.words if word != END]
        files |= lexicon_graph_files(PHONES, spelling(words), UNKNOWN_COST, usual=usual)
    write_model_folder(folder, files, {CHECKSUMS: checksums_text(files.items()).encode("ascii")})
    return folder


def spelling(words: Iterable[str]) -> Mapping[str, Sequence[Sequence[str]]]:
    """Every word is pronounced as its letters."""
    return {word: [tuple(word)] for word in words}


@cache
def _acoustic(decoding: Decoding) -> Mapping[str, bytes]:
    outputs = [PhoneOutputs(SILENCE, 0, 0)]
    for index, name in enumerate(PHONES.names, 1):
        outputs += [PhoneOutputs(PHONES.phone_id(name, position), index, index) for position in POSITIONS]
    return acoustic_files(outputs, _network(), FEATURES, decoding)


_HUM, _HUM_HZ = 0.5, 120.0


def _tone(letter: str, seconds: float, loudness: float) -> Samples:
    """A letter's tone, over a hum as all of a voice has; the letters are evenly spaced on the mel scale."""
    mel = np.linspace(500.0, 2500.0, len(PHONES.names))[PHONES.names.index(letter)]
    hertz = 700.0 * (10.0 ** (mel / 2595.0) - 1.0)
    time_s = np.arange(round(seconds * RATE)) / RATE
    edge = np.clip(np.minimum(time_s, time_s[::-1]) / 0.005, 0.0, 1.0)
    wave = (np.sin(2 * np.pi * hertz * time_s) + _HUM * np.sin(2 * np.pi * _HUM_HZ * time_s)) / (1.0 + _HUM)
    tone: Samples = ((FULL_SCALE - 1) * loudness * edge * wave).astype(np.int16)
    return tone


@cache
def _network() -> Network:
    """From one frame to silence or a letter: Gaussians of one covariance, which come down to a linear layer."""
    features, labels = _training_frames()
    means = np.stack([features[labels == label].mean(axis=0) for label in range(1 + len(PHONES.names))])
    spread = features - means[labels]
    covariance = spread.T @ spread / len(spread) + 0.5 * np.eye(features.shape[1])
    weights = np.linalg.solve(covariance, means.T).T
    biases = -0.5 * np.sum(weights * means, axis=1)
    layer = Layer("letters", weights.astype(np.float32), biases.astype(np.float32), activation="log_softmax")
    return Network(FEATURES.coefficients, (layer,))


def _training_frames() -> tuple[Matrix, npt.NDArray[np.int64]]:
    """Frames of words and of silence, at several levels and with a little noise, with their classes.

    Words, not single tones: half the frames that the decoder sees lie across the edge of two letters.
    """
    random = np.random.default_rng(7)
    frames, labels = [], []
    for loudness in (0.03, 0.3, 0.8):
        for noise in (0.0, 3.0, 30.0):
            letters = [letter for _ in range(4) for letter in random.permutation(PHONES.names)]
            pieces = [_tone(letter, LETTER_S, loudness) for letter in letters]
            pieces[::9] = [silence(LETTER_S)] * len(pieces[::9])
            letters[::9] = [""] * len(pieces[::9])
            found = mfcc(_with_noise(np.concatenate(pieces), noise, random).astype(np.float32), FEATURES)
            centres_s = 0.01 * np.arange(len(found)) + 0.0125
            spoken = [letters[min(int(centre_s / LETTER_S), len(letters) - 1)] for centre_s in centres_s]
            frames.append(found)
            labels.append(np.array([1 + PHONES.names.index(letter) if letter else 0 for letter in spoken]))
    for noise in (0.0, 1.0, 3.0, 10.0, 30.0, 100.0):
        frames.append(mfcc(_with_noise(silence(1.0), noise, random).astype(np.float32), FEATURES))
        labels.append(np.zeros(len(frames[-1]), np.int64))
    return np.concatenate(frames), np.concatenate(labels)


def _with_noise(samples: Samples, level: float, random: np.random.Generator) -> Samples:
    return to_int16(samples + random.normal(0.0, level, len(samples)))
