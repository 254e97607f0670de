"""A quick judgement during development: the real libvosk on people and voices that were not trained on.

Every set is decoded with a graph of its own sentences (a closed grammar) and the filler beside them, as the product
does it. The full benchmark beside other engines is ``scripts/bench``.
"""

from __future__ import annotations

import json
import math
import re
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from assistant.hearing.pronunciation import pronounce_all
from assistant.hearing.vosk_decoder import load_model
from assistant.hearing.vosk_model import sentence_graph_files, write_model_folder
from assistant.hearing.vosk_model.phones import UNKNOWN_WORD
from intents.graph import Arc, WordGraph
from scripts.train_model.augmentation import RATE, Noises, Sound, drawn_noise, rms
from scripts.train_model.corpora import AN4, WORD_CLIPS, HoldOut, Utterance, judging_noises, read_corpora
from scripts.train_model.export import PHONE_SET
from scripts.train_model.preparation import read_sound
from scripts.train_model.synthesis import SpeechFailed, planned, speak

COMMANDS = ("yes", "no", "go", "stop", "start", "repeat", "help", "enter", "erase", "rubout")
_DIGITS = ("zero", "oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS = ("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety", "hundred")
_NUMBER_WORDS = _DIGITS + _TEENS + _TENS
_LONGEST_NUMBER = 11
_FILLER_COST = 5.0
_BLOCK = RATE // 5


@dataclass(frozen=True)
class Item:
    """A sound and what it says; the empty text is for what should be rejected."""

    sound: Sound
    text: str


def evaluate(model: Path, speech: Path, hold_out: HoldOut, figures: Path, seed: int) -> None:
    """Decode all sets, print accuracies and confusions, keep them as JSON.

    Args:
        model: The model's folder.
        speech: The recordings.
        hold_out: Who was not trained on; nobody else is measured.
        figures: The file to write.
        seed: Of the synthetic voices' texts and of the noise.
    """
    found: dict[str, Any] = {}
    held_out = [u for u in read_corpora(speech).utterances if hold_out.leaves_out(u.corpus, u.speaker)]
    an4 = [u for u in held_out if u.corpus == AN4]
    commands = [u for u in an4 if u.text in COMMANDS]
    number_texts = [u for u in an4 if set(u.text.split()) <= set(_NUMBER_WORDS)]
    command_graph, number_graph = sentences(COMMANDS), loop(_NUMBER_WORDS, _LONGEST_NUMBER)
    noises = Noises(recordings=[read_sound(path) for path in judging_noises(speech)])
    for snr_db in (None, 20, 10, 5):
        tail = "" if snr_db is None else f", noise {snr_db} dB"
        chance = np.random.default_rng(seed)
        for name, utterances, graph in (
            ("AN4 commands", commands, command_graph),
            ("AN4 numbers", number_texts, number_graph),
        ):
            items = (with_noise(item, snr_db, chance, noises) for item in read_items(utterances))
            found[name + tail] = judge(name + tail, model, graph, items)
    clips = [u for u in held_out if u.corpus == WORD_CLIPS]
    words = sorted({u.text for u in clips})
    if words:
        found["word clips"] = judge("word clips", model, sentences([*words, *COMMANDS]), read_items(clips))
    read_aloud = [u for u in held_out if u.corpus in ("speechocean", "kathleen")]
    texts = sorted({u.text for u in read_aloud})
    if texts:
        found["read sentences"] = judge("read sentences", model, sentences(texts), read_items(read_aloud[:300]))
    spoken = list(_synthetic(400, seed))
    graph = sentences(sorted({item.text for item in spoken}))
    found["synthetic voices held out"] = judge("synthetic voices held out", model, graph, spoken)
    others = [u for u in an4 if u not in commands and u not in number_texts]
    spelled = [Item(item.sound, "") for item in read_items(others)]
    found["rejected: other AN4 speech"] = judge("rejected: other AN4 speech", model, command_graph, spelled)
    measured = {"command": f"scripts/train-model evaluate --seed {seed}", "figures": found}
    figures.write_text(json.dumps(measured, indent=1) + "\n", encoding="utf-8")


def judge(name: str, model: Path, graph: WordGraph, items: Iterable[Item]) -> dict[str, Any]:
    """Share of the items heard exactly right, with the confusions."""
    right = count = 0
    sound_s = 0.0
    confusions: Counter[str] = Counter()
    with compiled(model, graph) as vosk_model:
        begin = time.process_time()
        for item in items:
            heard = decode(vosk_model, item.sound)
            count += 1
            sound_s += len(item.sound) / RATE
            right += heard == item.text
            if heard != item.text:
                confusions[f"{item.text or '(other speech)'} -> {heard or '(nothing)'}"] += 1
        spent_s = time.process_time() - begin
    share = right / count if count else math.nan
    print(f"{name}: {right}/{count} = {100 * share:.1f} %", flush=True)
    for confusion, times in confusions.most_common(8):
        print(f"    {times} x {confusion}", flush=True)
    return {
        "right": right,
        "count": count,
        "real_time_factor": round(spent_s / max(sound_s, 1e-9), 4),
        "confusions": dict(confusions.most_common(30)),
    }


@contextmanager
def compiled(model: Path, graph: WordGraph) -> Iterator[Any]:
    """The acoustic model with these sentences compiled in, loaded by libvosk."""
    acoustic = {
        str(path.relative_to(model)): path.read_bytes() for part in ("am", "conf") for path in (model / part).iterdir()
    }
    with tempfile.TemporaryDirectory() as folder:
        files = sentence_graph_files(PHONE_SET, graph, pronounce_all(graph.words), _FILLER_COST)
        write_model_folder(Path(folder, "model"), acoustic, files)
        yield load_model(Path(folder, "model"))


def decode(vosk_model: Any, sound: Sound) -> str:
    """All that is heard in a sound, without unknown words."""
    import vosk  # noqa: PLC0415 - its binding announces itself on import

    recogniser = vosk.KaldiRecognizer(vosk_model, RATE)
    quiet = np.zeros(RATE // 2, np.float32)
    samples = (np.concatenate([quiet, sound, quiet]) * 32_767).astype("<i2")
    texts = [
        json.loads(recogniser.Result())["text"]
        for start in range(0, len(samples), _BLOCK)
        if recogniser.AcceptWaveform(samples[start : start + _BLOCK].tobytes())
    ]
    texts.append(json.loads(recogniser.FinalResult())["text"])
    return " ".join(re.sub(re.escape(UNKNOWN_WORD), " ", " ".join(texts)).split())


def sentences(texts: Sequence[str]) -> WordGraph:
    """A graph of these sentences, each as likely as the others."""
    arcs: list[Arc] = []
    states = 2
    for text in texts:
        words = text.split()
        path = [0, *range(states, states + len(words) - 1), 1]
        states += len(words) - 1
        costs = [-math.log(len(texts)), *[0.0] * (len(words) - 1)]
        arcs += map(Arc, path[:-1], path[1:], words, costs)
    return WordGraph(states, 1, tuple(arcs))


def loop(words: Sequence[str], longest: int) -> WordGraph:
    """A graph of any row of these words up to a length."""
    cost = -math.log(len(words) + 1)
    arcs = [Arc(n, n + 1, word, cost) for n in range(longest) for word in words]
    arcs += [Arc(n, longest + 1, None, cost) for n in range(1, longest + 1)]
    return WordGraph(longest + 2, longest + 1, tuple(arcs))


def read_items(utterances: Iterable[Utterance]) -> Iterator[Item]:
    """The sounds of recordings."""
    for utterance in utterances:
        yield Item(read_sound(utterance.path), utterance.text)


def with_noise(item: Item, snr_db: float | None, chance: np.random.Generator, noises: Noises) -> Item:
    """An item with recorded noise that was not trained with."""
    if snr_db is None:
        return item
    noise = drawn_noise(len(item.sound), chance, noises)
    mixed = item.sound + noise * np.float32(rms(item.sound) * 10 ** (-snr_db / 20))
    return Item(mixed / max(1.0, float(np.abs(mixed).max())), item.text)


def _synthetic(count: int, seed: int) -> Iterator[Item]:
    failed = 0
    for spoken in planned(count, [], seed + 1, held_out=True):
        try:
            yield Item(speak(spoken), spoken.text)
        except SpeechFailed:
            failed += 1
    if failed:
        print(f"{failed} synthetic utterances failed and were skipped", flush=True)
