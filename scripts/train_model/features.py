"""Kaldi's MFCCs of whole utterances, and a store of them on disk.

The numbers are those of `assistant.hearing.vosk_model.Features`, which the exported ``conf/mfcc.conf`` is written from.
"""

from __future__ import annotations

import csv
import json
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.audio.formats import FULL_SCALE, Sound
from assistant.hearing.vosk_model import Features
from scripts.testbed.mfcc import mfcc as kaldi_mfcc

Matrix = npt.NDArray[np.float32]

FEATURES = Features()
_DATA, _INDEX, _SUMMARY = "features.f16", "features.tsv", "features.json"


def mfcc(sound: Sound) -> Matrix:
    """Features of a sound within ±1; shape (frames, 40), 100 frames a second."""
    return kaldi_mfcc(sound * np.float32(FULL_SCALE), FEATURES)


@dataclass(frozen=True)
class Stored:
    """An utterance's place in the store.

    Attributes:
        corpus: Where it comes from.
        speaker: Who says it.
        text: What is said.
        offset: Its first frame.
        frames: How many there are.
    """

    corpus: str
    speaker: str
    text: str
    offset: int
    frames: int


def part_of(utterances: Sequence[Stored], shares: Mapping[str, float], chance: random.Random) -> list[Stored]:
    """Those whose turn it is: of each corpus that is named about this share, of the others all."""
    return [each for each in utterances if chance.random() < shares.get(each.corpus, 1.0)]


def write_store(folder: Path, made: Iterable[tuple[str, str, str, Matrix]], *, add: bool = False) -> Counter[str]:
    """Store features as they come, in half precision: corpus, speaker, text, features.

    Args:
        folder: Where to.
        made: The utterances.
        add: Keep what is there, and put these behind it.

    Returns:
        Frames by corpus.
    """
    folder.mkdir(parents=True, exist_ok=True)
    frames: Counter[str] = Counter()
    mode = "a" if add else "w"
    offset = max((stored.offset + stored.frames for stored in read_index(folder)), default=0) if add else 0
    with (
        (folder / _DATA).open(f"{mode}b") as data,
        (folder / _INDEX).open(mode, encoding="utf-8", newline="") as index,
    ):
        rows = csv.writer(index, delimiter="\t", quoting=csv.QUOTE_NONE)
        for corpus, speaker, text, features in made:
            data.write(features.astype("<f2").tobytes())
            rows.writerow([corpus, speaker, text, offset, len(features)])
            offset += len(features)
            frames[corpus] += len(features)
    return frames


def write_summary(folder: Path, summary: dict[str, Any]) -> None:
    """Keep what the model card needs to know about the features."""
    (folder / _SUMMARY).write_text(json.dumps(summary, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def read_summary(folder: Path) -> dict[str, Any]:
    """What `write_summary` kept."""
    return dict(json.loads((folder / _SUMMARY).read_text(encoding="utf-8")))


class Store:
    """The stored features of all utterances."""

    def __init__(self, folder: Path) -> None:
        self.utterances: Sequence[Stored] = tuple(read_index(folder))
        data = np.memmap(folder / _DATA, "<f2", "r")
        end = max((utterance.offset + utterance.frames for utterance in self.utterances), default=0)
        if len(data) < end * FEATURES.coefficients:
            raise SystemExit(f"The features in {folder} are damaged or incomplete. Make them anew: step features.")
        self._data = data[: end * FEATURES.coefficients].reshape(-1, FEATURES.coefficients)

    def features(self, utterance: Stored) -> Matrix:
        """Shape (frames, 40)."""
        return np.asarray(self._data[utterance.offset : utterance.offset + utterance.frames], np.float32)


def read_index(folder: Path) -> Iterator[Stored]:
    """What is in the store, without the features themselves."""
    with (folder / _INDEX).open(encoding="utf-8", newline="") as file:
        for corpus, speaker, text, offset, frames in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            yield Stored(corpus, speaker, text, int(offset), int(frames))
