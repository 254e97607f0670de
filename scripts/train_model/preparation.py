"""The step ``features``: every recording and synthetic utterance, in several guises, as stored features."""

from __future__ import annotations

import multiprocessing
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
import soxr

from assistant.audio.formats import RATE, Sound
from scripts.train_model.augmentation import Noises, augmented, without_speech
from scripts.train_model.corpora import (
    AN4,
    NATURAL,
    SYNTHETIC,
    WORD_CLIPS,
    CorpusUtterance,
    HoldOut,
    augmentation_noises,
    augmentation_rooms,
    natural_utterances,
    read_corpora,
)
from scripts.train_model.features import Matrix, Stored, mfcc, read_index, read_summary, write_store, write_summary
from scripts.train_model.rooms import made_rooms, real_rooms
from scripts.train_model.synthesis import SpeechFailed, SyntheticUtterance, planned, speak

COPIES = {
    AN4: 12, "speechocean": 3, "kathleen": 3, WORD_CLIPS: 2, "phones": 10, "keywords": 4, "digits": 10, NATURAL: 10,
    SYNTHETIC: 1,
}  # fmt: skip
"""How many guises each utterance gets. AN4 is short, and the only commands that native speakers give; and people must
not drown in what machines say: with a third of the guises theirs, strangers' recordings were heard no better for
hours of natural voices."""

NOISE = "noise"
NOISE_UTTERANCES = 1_200

_SHORTEST_S = 0.15
_BABBLING = ("speechocean", "kathleen")
_BABBLE_UTTERANCES = 250
_MADE_ROOMS = 400
_REAL_ROOMS_WEIGHT = 3
_REPORT_S = 20.0


@dataclass(frozen=True)
class Nobody:
    """Some seconds in which nobody speaks: noise, near-silence or digital silence."""

    speaker: str = "nobody"
    text: str = ""


@dataclass(frozen=True)
class Job:
    """One guise of one utterance; `number` seeds its randomness."""

    number: int
    source: CorpusUtterance | SyntheticUtterance | Nobody

    @property
    def corpus(self) -> str:
        """Where the utterance comes from."""
        if isinstance(self.source, CorpusUtterance):
            return self.source.corpus
        return SYNTHETIC if isinstance(self.source, SyntheticUtterance) else NOISE


@dataclass(frozen=True)
class Made:
    """The outcome of a job: features, or why there are none."""

    job: Job
    features: Matrix | None
    why_not: str = ""


def read_sound(path: Path) -> Sound:
    """A sound file as one channel at `RATE`, within ±1."""
    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    mono = samples.mean(axis=1)
    return np.asarray(mono if rate == RATE else soxr.resample(mono, rate, RATE), np.float32)


def read_utterance(utterance: CorpusUtterance) -> Sound:
    """The sound of what is said; as `read_sound`."""
    sound = read_sound(utterance.path)
    if utterance.span_s is None:
        return sound
    begin, end = (round(at * RATE) for at in utterance.span_s)
    return sound[begin:end]


def prepare(
    folder: Path,
    speech: Path,
    synthetic: int,
    seed: int,
    processes: int,
    limit: int | None = None,
    *,
    natural: Path | None = None,
    add: bool = False,
) -> None:
    """Make and store all features.

    Args:
        folder: Where to.
        speech: The folder of recordings.
        synthetic: How many synthetic utterances.
        seed: The same seed gives the same features.
        processes: How many at a time.
        limit: Take so many jobs only, evenly spread: for a trial.
        natural: Where the step ``voices`` wrote.
        add: Keep what is there, and make what is missing: what the voices have said meanwhile, more guises.
    """
    corpora = read_corpora(speech)
    skipped = corpora.skipped
    if natural is not None:
        corpora.utterances += natural_utterances(natural)
    jobs = planned_jobs(corpora.utterances, synthetic, seed)
    if add:
        jobs = not_among(read_index(folder), jobs)
    if limit is not None:
        jobs = jobs[:: max(1, len(jobs) // limit)]
    context = multiprocessing.get_context("fork")
    with context.Pool(processes, _set_up, (speech, seed)) as pool:
        made = pool.imap(_make, jobs, chunksize=16)
        frames = write_store(folder, _reported(made, len(jobs), skipped), add=add)
    if add:
        frames.update({corpus: round(360_000 * hours) for corpus, hours in read_summary(folder)["hours"].items()})
    summary: dict[str, Any] = {
        "hours": {corpus: round(count / 360_000, 2) for corpus, count in frames.items()},
        "copies": COPIES,
        "skipped": {why: count for why, count in skipped.items() if count},
        "recordings": Counter(utterance.corpus for utterance in corpora.utterances),
        "speakers": _speakers(corpora.utterances),
        "noises": [path.name for path in augmentation_noises(speech)],
        "rooms": len(augmentation_rooms(speech)),
        "made_rooms": _MADE_ROOMS,
        "synthetic": synthetic,
        "seed": seed,
    }
    write_summary(folder, summary)
    print(f"Features are ready: {summary['hours']} hours; skipped: {summary['skipped']}", flush=True)


def planned_jobs(utterances: Sequence[CorpusUtterance], synthetic: int, seed: int) -> list[Job]:
    """Every guise of everything, in an order that mixes all of it."""
    # What held-out speakers say may be said by synthetic voices, what is measured is their voices; but AN4's commands
    # are drawn from no transcript at all.
    transcripts = sorted(
        {utterance.text for utterance in utterances if utterance.corpus not in (AN4, WORD_CLIPS, NATURAL)}
    )
    sources: list[CorpusUtterance | SyntheticUtterance | Nobody] = [Nobody()] * NOISE_UTTERANCES
    for utterance in utterances:
        sources += [utterance] * COPIES.get(utterance.corpus, 1)
    sources += planned(synthetic, transcripts, seed)
    order = np.random.default_rng(seed).permutation(len(sources))
    return [Job(number, sources[place]) for number, place in enumerate(order)]


def not_among(stored: Iterable[Stored], jobs: Sequence[Job]) -> list[Job]:
    """The guises that are still missing: as many as are planned of a corpus, speaker and text, less those stored."""
    present = Counter((utterance.corpus, utterance.speaker, utterance.text) for utterance in stored)
    missing = []
    for job in jobs:
        key = (job.corpus, job.source.speaker, job.source.text)
        if present[key] > 0:
            present[key] -= 1
        else:
            missing.append(job)
    return missing


def _reported(made: Iterator[Made], total: int, skipped: Counter[str]) -> Iterator[tuple[str, str, str, Matrix]]:
    begin = last = time.monotonic()
    for done, outcome in enumerate(made, 1):
        source = outcome.job.source
        if outcome.features is None:
            skipped[outcome.why_not] += 1
        else:
            yield outcome.job.corpus, source.speaker, source.text, outcome.features
        now = time.monotonic()
        if now - last > _REPORT_S or done == total:
            left_s = (now - begin) / done * (total - done)
            print(f"features {done}/{total}, {sum(skipped.values())} skipped, {left_s / 60:.1f} min left", flush=True)
            last = now


def _speakers(utterances: Sequence[CorpusUtterance]) -> dict[str, int]:
    by_corpus: dict[str, set[str]] = {}
    for utterance in utterances:
        by_corpus.setdefault(utterance.corpus, set()).add(utterance.speaker)
    return {corpus: len(speakers) for corpus, speakers in by_corpus.items()}


_seed = 0
_speech = Path()


def _set_up(speech: Path, seed: int) -> None:
    global _seed, _speech  # a worker process has nowhere else to keep what it was started with
    _seed, _speech = seed, speech


@cache
def _noises() -> Noises:
    """Noise and babble for this process; nobody who is ever held out babbles."""
    hold_out = HoldOut()
    others = [
        utterance
        for utterance in read_corpora(_speech).utterances
        if utterance.corpus in _BABBLING and not hold_out.leaves_out(utterance.corpus, utterance.speaker)
    ]
    step = max(1, len(others) // _BABBLE_UTTERANCES)
    return Noises(
        recordings=[read_sound(path) for path in augmentation_noises(_speech)],
        speech=[read_sound(utterance.path) for utterance in others[::step]],
        rooms=[
            *real_rooms(augmentation_rooms(_speech)) * _REAL_ROOMS_WEIGHT,
            *made_rooms(_MADE_ROOMS, np.random.default_rng(_seed)),
        ],
    )


def _make(job: Job) -> Made:
    random = np.random.default_rng([_seed, job.number])
    if isinstance(job.source, Nobody):
        return Made(job, mfcc(without_speech(random, _noises())))
    try:
        sound = read_utterance(job.source) if isinstance(job.source, CorpusUtterance) else speak(job.source)
    except SpeechFailed:
        return Made(job, None, "synthetic voice failed")
    except (OSError, RuntimeError):  # soundfile's errors are RuntimeErrors
        return Made(job, None, "file unreadable")
    if len(sound) < _SHORTEST_S * RATE or not np.any(sound):
        return Made(job, None, "too short or silent")
    features = mfcc(augmented(sound, random, _noises()))
    if not np.all(np.isfinite(features)):
        return Made(job, None, "features not finite")
    return Made(job, features.astype(np.float16).astype(np.float32))
