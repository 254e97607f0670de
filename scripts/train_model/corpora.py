"""The recordings that are trained on, with their speakers, and who is left out.

The recordings lie outside this repository and are only read. Who is left out follows from the speaker's name alone
(a hash), so it is the same in every run and on every machine.
"""

from __future__ import annotations

import csv
import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import soundfile

from scripts.train_model.natural.cutting import spans_of_parts
from scripts.train_model.natural.speaking import read_clips, refuse_held_out
from scripts.train_model.texts import normal_text

AN4 = "an4"
SYNTHETIC = "synthetic"
WORD_CLIPS = "words"
NATURAL = "kokoro"
_MOST_WORD_CLIPS = 2_500
"""Five words, thousands of clips: more of them would only make the model expect these words."""

_UNKNOWN_SPEAKERS = {"wake", "kw?", "kwrpi"}
"""Names in the index that stand for many people at once: nothing can be held out by them."""

_HELD_OUT_IN_TEN = 1


@dataclass(frozen=True)
class CorpusUtterance:
    """A recording of somebody who says something.

    Attributes:
        corpus: The corpus, which is also the folder's name.
        path: The sound file.
        speaker: The speaker's name within the corpus.
        text: What is said, lower-case words.
        span_s: Where in the file it is said; None: the whole file.
    """

    corpus: str
    path: Path
    speaker: str
    text: str
    span_s: tuple[float, float] | None = None


@dataclass
class Corpora:
    """All recordings, and what had to be skipped.

    Attributes:
        utterances: In the order of the indexes.
        skipped: How many were skipped, by reason.
    """

    utterances: list[CorpusUtterance] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class HoldOut:
    """Who is not trained on.

    Attributes:
        fold: Which part of AN4's speakers, from 0; None holds none of them out.
        folds: In how many parts they are divided.
        corpus: A corpus that is left out as a whole; None for none.
        tenth: Whether a tenth of the other corpora's speakers is left out too.
    """

    fold: int | None = 0
    folds: int = 3
    corpus: str | None = None
    tenth: bool = True

    def leaves_out(self, corpus: str, speaker: str) -> bool:
        """Whether this speaker is kept for judging the model."""
        if corpus == self.corpus:
            return True
        if corpus == AN4:
            return self.fold is not None and _hash(AN4 + speaker) % self.folds == self.fold
        if corpus in (SYNTHETIC, NATURAL) or not self.tenth or speaker in _UNKNOWN_SPEAKERS or speaker == corpus:
            return False
        return _hash(corpus + speaker) % 10 < _HELD_OUT_IN_TEN


def read_corpora(speech: Path) -> Corpora:
    """All recordings that may be trained on.

    Args:
        speech: The folder that holds ``train/`` and ``an4/``. Its ``not_commands/`` is for judging alone
            and never read.
    """
    corpora = Corpora()
    for index, wanted in ((speech / "train" / "index.tsv", None), (speech / "index.tsv", AN4)):
        _read_index(index, wanted, corpora)
    clips = sorted((u for u in corpora.utterances if u.corpus == WORD_CLIPS), key=lambda u: _hash(u.path.name))
    surplus = set(clips[_MOST_WORD_CLIPS:])
    corpora.skipped["word clips beyond the first 2500"] += len(surplus)
    corpora.utterances = [utterance for utterance in corpora.utterances if utterance not in surplus]
    return corpora


def natural_utterances(folder: Path) -> list[CorpusUtterance]:
    """What the natural voices said: each clip as a whole, and each of the things in it where they can be told apart.

    Args:
        folder: Where the step ``voices`` wrote; there is nothing where it doesn't exist.

    Raises:
        ValueError: A voice that is kept for judging is among them.
    """
    utterances = []
    for clip in read_clips(folder):
        refuse_held_out([clip.speaker])
        texts = [normal_text(part) for part in clip.parts]
        if None in texts:
            continue
        utterances.append(CorpusUtterance(NATURAL, clip.path, clip.speaker, " ".join(text for text in texts if text)))
        spans = spans_of_parts(soundfile.read(clip.path, dtype="float32")[0], len(texts)) if len(texts) > 1 else []
        utterances += [
            CorpusUtterance(NATURAL, clip.path, clip.speaker, text, span)
            for text, span in zip(texts, spans, strict=False)
            if text
        ]
    return utterances


def augmentation_noises(speech: Path) -> list[Path]:
    """The half of the noise recordings that may be mixed in while training; the other half is for judging."""
    return _half(speech / "noise")


def judging_noises(speech: Path) -> list[Path]:
    """The half of the noise recordings that was not trained with."""
    return sorted(set((speech / "noise").glob("*.flac")) - set(augmentation_noises(speech)))


def augmentation_rooms(speech: Path) -> list[Path]:
    """The half of the real room's responses that speech may be put into while training."""
    return _half(speech / "rooms")


def judging_rooms(speech: Path) -> list[Path]:
    """The half of the real room's responses that was not trained with."""
    return sorted(set((speech / "rooms").glob("*.flac")) - set(augmentation_rooms(speech)))


def divide(
    utterances: Iterable[CorpusUtterance], hold_out: HoldOut
) -> tuple[Sequence[CorpusUtterance], Sequence[CorpusUtterance]]:
    """Those to train on and those held out; no speaker is in both."""
    trained: list[CorpusUtterance] = []
    held_out: list[CorpusUtterance] = []
    for utterance in utterances:
        (held_out if hold_out.leaves_out(utterance.corpus, utterance.speaker) else trained).append(utterance)
    return trained, held_out


def _read_index(index: Path, wanted: str | None, corpora: Corpora) -> None:
    with index.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            path = index.parent / row["path"]
            corpus = Path(row["path"]).parts[0]
            if wanted not in (None, corpus):
                continue
            text = normal_text(row["transcript"] or "")
            if text is None:
                corpora.skipped["no plain transcript"] += 1
            elif not path.is_file():
                corpora.skipped["file missing"] += 1
            else:
                corpora.utterances.append(CorpusUtterance(corpus, path, row["speaker"], text))


def _half(folder: Path) -> list[Path]:
    files = sorted(folder.glob("*.flac"), key=lambda path: _hash(path.name))
    return files[: len(files) // 2]


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode("utf-8")).digest()[:8], "big")
