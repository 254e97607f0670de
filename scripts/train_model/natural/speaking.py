"""The step ``voices``: processes that speak for a while and write what they said, one clip after the other."""

# ruff: noqa: S311 - chance in training keeps no secrets
from __future__ import annotations

import csv
import multiprocessing
import random
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
import soxr

from assistant.audio.formats import RATE, Sound
from scripts.train_model.augmentation import with_peak
from scripts.train_model.natural.downloads import KokoroFiles, Style
from scripts.train_model.natural.sentences import Sentences
from scripts.train_model.natural.voices import HELD_OUT, Speaker, drawn_speaker

CORPUS = "kokoro"
_PAUSE = ". "  # what is between two things said in one clip, for the voice and in the index
_PEAK_DBFS = -6.0
_REPORT_S = 60.0


@dataclass(frozen=True)
class Clip:
    """A sound file with several things that a natural voice says.

    Attributes:
        path: The file.
        speaker: Its voices, joined by ``+``.
        parts: What is said, with a pause after each.
    """

    path: Path
    speaker: str
    parts: tuple[str, ...]


def speak_for(files: KokoroFiles, folder: Path, budget_s: float, processes: int, seed: int) -> None:
    """Let voices that may be trained on speak for a while; a later call goes on where this one stopped.

    Args:
        files: Kokoro's weights and voices.
        folder: Where the clips go, and an index for each process.
        budget_s: How long to go on.
        processes: How many speak at the same time, one on a core each.
        seed: The same seed gives the same clips.
    """
    (folder / CORPUS).mkdir(parents=True, exist_ok=True)
    _run(_speak, [(files, folder, budget_s, seed, part) for part in range(processes)])


def speak_held_out(files: KokoroFiles, folder: Path, texts: Sequence[str], processes: int) -> None:
    """Let every held-out voice say every text, one a clip, into a folder that training never reads."""
    (folder / CORPUS).mkdir(parents=True, exist_ok=True)
    voices = sorted(HELD_OUT)
    _run(_speak_held_out, [(files, folder, texts, voices[part::processes], part) for part in range(processes)])


def _run(work: Callable[..., None], arguments: Sequence[tuple[object, ...]]) -> None:
    context = multiprocessing.get_context("spawn")  # onnxruntime's threads don't survive a fork
    members = [context.Process(target=work, args=each) for each in arguments]
    for member in members:
        member.start()
    for member in members:
        member.join()
    if any(member.exitcode for member in members):
        raise SystemExit("A process that should have spoken broke down; its last lines above say why.")


def read_clips(folder: Path) -> Iterator[Clip]:
    """All clips in a folder that `speak_for` or `speak_held_out` has written."""
    for index in sorted(folder.glob("index-*.tsv")):
        with index.open(encoding="utf-8", newline="") as file:
            for path, speaker, said in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                yield Clip(folder / path, speaker, tuple(said.rstrip(".").split(_PAUSE)))


def refuse_held_out(speakers: Iterable[str]) -> None:
    """Make sure that nobody who is kept for judging is among these speakers, alone or in a blend.

    Raises:
        ValueError: Somebody is.
    """
    for speaker in speakers:
        if found := HELD_OUT & set(speaker.split("+")):
            raise ValueError(f"{', '.join(sorted(found))} must not be trained on")


class _Voice:
    """Kokoro on one core."""

    def __init__(self, files: KokoroFiles) -> None:
        import onnxruntime  # noqa: PLC0415 - only the processes that speak need it
        from kokoro_onnx import Kokoro  # noqa: PLC0415

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # two processes of one thread each do more than one of two
        session = onnxruntime.InferenceSession(str(files.weights), options, providers=["CPUExecutionProvider"])
        self._kokoro = Kokoro.from_session(session, str(files.voices))
        self.voices: dict[str, Style] = dict(np.load(files.voices))

    def said(self, speaker: Speaker, parts: Sequence[str]) -> Sound:
        """The sound of it at `RATE`, with its peak where headroom is left."""
        samples, rate = self._kokoro.create(
            _PAUSE.join(parts) + ".", voice=speaker.style(self.voices), speed=speaker.speed, lang=speaker.language
        )
        return with_peak(np.asarray(soxr.resample(samples, rate, RATE), np.float32), _PEAK_DBFS)


def _speak(files: KokoroFiles, folder: Path, budget_s: float, seed: int, part: int) -> None:
    begin = reported = time.monotonic()
    index = folder / f"index-{part}.tsv"
    before = [parts.parts for parts in read_clips(folder) if parts.path.name.startswith(f"{part}-")]
    sentences = Sentences(Counter(text for parts in before for text in parts))
    voice = _Voice(files)
    number, spoken_s = len(before), 0.0
    while (now := time.monotonic()) - begin < budget_s:
        chance = random.Random(f"{seed} {part} {number}")
        speaker, parts = drawn_speaker(voice.voices, chance), sentences.clip(chance)
        refuse_held_out([speaker.name])
        sound = voice.said(speaker, parts)
        path = f"{CORPUS}/{part}-{number:05d}.flac"
        soundfile.write(folder / path, sound, RATE)
        _append(index, path, speaker.name, parts)
        number, spoken_s = number + 1, spoken_s + len(sound) / RATE
        if now - reported > _REPORT_S:
            print(f"voice {part}: {number} clips, {spoken_s / 60:.1f} min in {(now - begin) / 60:.1f} min", flush=True)
            reported = now


def _speak_held_out(files: KokoroFiles, folder: Path, texts: Sequence[str], voices: Sequence[str], part: int) -> None:
    present = {clip.path.name for clip in read_clips(folder)}
    voice = _Voice(files)
    for number, text in enumerate(texts):  # stopped half-way, everybody has said the first of them
        for name in voices:
            path = f"{CORPUS}/{name}-{number:03d}.flac"
            if Path(path).name not in present:
                soundfile.write(folder / path, voice.said(Speaker(((name, 1.0),)), [text]), RATE)
                _append(folder / f"index-{part}.tsv", path, name, [text])


def _append(index: Path, path: str, speaker: str, parts: Sequence[str]) -> None:
    with index.open("a", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter="\t", quoting=csv.QUOTE_NONE).writerow([path, speaker, _PAUSE.join(parts) + "."])
