"""Whatever is read or typed: damaged in any way it may be refused with an `AssistantError`, and nothing else."""

from __future__ import annotations

import io
import os
import random
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import soundfile

from assistant.audio.files import read_recording
from assistant.dialogue.state.takes import TAKES
from assistant.diary.csv_file import read_csv
from assistant.errors import AssistantError
from assistant.hearing.vosk.compiled_sentences import CompiledSentences
from assistant.home.settings import Settings
from assistant.keeping.memory import load_remembered
from assistant.keeping.progress import Progress
from assistant.loop.vocabulary import users_sentences
from assistant.routines.exercise_loading import load_exercise, own_exercise_files
from assistant.routines.loading import load_routine, own_routine_files, written_out
from assistant.stage.simulated_session import read_script
from intents.language import ENGLISH, Language
from scripts.simulation import fuzz_home
from scripts.simulation.fuzz_kinds import MADE, READERS_OF_MADE
from scripts.testbed.product import our_model, own_vocabulary

_SETTINGS = b'count = "all"\nready-after = 20\nrate = 150\nvolume = 0.5\nvoice = "en-gb"\nengine = "vosk"\n'
_REMEMBERED = (
    b'{"sore_side": "left", "answers": {"chest": false}, "met": ["press-up"], '
    b'"done": {"press-up": 2}, "done_on": "2026-03-01"}'
)
_PROGRESS = (
    b'{"at":"2026-03-01T12:00:00Z","run":"ab","count":3,"owed":[{"kind":"SetDone","exercise":"press-up"}],"unfinished":'
    b'{"routine":"chair","steps":["a","b"],"step":1,"side":"left","round":1,"moment":"hold","seconds":20.0,'
    b'"remaining":7.5,"rep":1,"form":"usual","extra_seconds":0,"extra_reps":0,"extra_pace":0,"stale":false}}'
)
_DIARY = (
    b"session,started_at,n,kind,at_s,routine,exercise,side,seconds,reps,level,a_day,whole,yes,detail\n"
    b"a1,2026-03-01T10:00:00+01:00,1,routine begun,0.0,Lower back stretch,,,,,,,,,\n"
    b"a1,2026-03-01T10:00:00+01:00,2,held,41.5,Lower back stretch,press up,left,12.5,,,,no,,\n"
    b"a1,2026-03-01T10:00:00+01:00,3,pain,80.0,,,,,,4,,,,after\n"
)
_EXERCISE = next(path for path in own_exercise_files() if path.stem == "single-knee-to-chest")  # it has all there is
_MODEL_FILES = ("phones.txt", "conf/mfcc.conf", "conf/model.conf")
_SCRIPT = b"# a comment\n8 start sciatic stretch\n12.5 no\n17 left\n"
_SENTENCES = b"""language: en
intents:
  Order:
    data:
      - sentences: ["[please] (bring|get) me {drink}", "{0..10:cups} cups of {drink}"]
        requires_context: {session: true}
lists:
  drink: {values: [tea, coffee]}
"""
_PIECES = (
    *(b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"[" * 500, b"{" * 500, b"- " * 200, b"&a *a", b"<<: *a", b"!!python/x"),
    *(b"9" * 400, b"-1", b"NaN", b"1e999", b"null", b"true", b'"', b"'", b"\n", b"\r\n", b"\t", b": ", b"| ", b"()"),
    *("é".encode(), "\u202e".encode(), b"\xed\xa0\x80", b"RIFF", b"data", b"\x7f\xff\xff\xff", b"fLaC", b"..", b"/"),
)


def _typed(path: Path) -> None:
    words = " ".join(path.read_bytes().decode("utf-8", "replace").lower().split())
    for phase in list(TAKES)[:: max(1, len(TAKES) // 4)]:
        own_vocabulary().of_phase(phase).match(words)


def _progress(path: Path) -> None:
    Progress(path).owed()


def _model(path: Path) -> None:
    """A model in which this is one of the small files: it must be refused before libvosk, which ends the process."""
    content, folder = path.read_bytes(), path.with_name("model")
    whole = zip(_MODEL_FILES, samples("model"), strict=True)
    name = next((name for name, intact in whole if intact[-16:] == content[-16:]), _MODEL_FILES[0])
    if not folder.exists():
        shutil.copytree(our_model(), folder, copy_function=os.symlink)
    (folder / name).unlink()
    (folder / name).write_bytes(content)
    try:
        CompiledSentences(folder, path.with_name("graphs")).close()
    finally:
        (folder / name).unlink()
        (folder / name).symlink_to(our_model() / name)


def _exercise(path: Path) -> None:
    load_exercise(path.rename(path.with_name(_EXERCISE.name)))


def _words(path: Path) -> None:
    """The words of an exercise, in a language of which there is nothing else."""
    language = Language(path.with_name("language"))
    language.file("exercises").mkdir(parents=True, exist_ok=True)
    shutil.copy(path, language.file("exercises", _EXERCISE.name))
    load_exercise(_EXERCISE, language)


READERS: Mapping[str, Callable[[Path], object]] = {
    "routine": load_routine,
    "exercise": _exercise,
    "words": _words,
    "sentences": users_sentences,
    "settings": Settings.load,
    "script": read_script,
    "sound": read_recording,
    "memory": load_remembered,
    "progress": _progress,
    "typed": _typed,
    "diary": read_csv,
    "model": _model,
    **READERS_OF_MADE,
    **fuzz_home.READERS,
}
_ENDINGS = {
    "routine": "yaml",
    "exercise": "yaml",
    "words": "yaml",
    "sentences": "yaml",
    "settings": "toml",
    "broker": "toml",
    "sound": "wav",
    "header": "wav",
    "number": "yaml",
    "shape": "yaml",
}


_FORMATS = (("WAV", "PCM_16"), ("WAV", "PCM_24"), ("WAV", "FLOAT"), ("FLAC", "PCM_16"), ("WAV", "ULAW"))


def _sounds() -> list[bytes]:
    found = []
    noise = np.random.default_rng(1).uniform(-0.5, 0.5, (400, 8))
    for channels in (1, 2, 8):
        for kind, subtype in (
            ("WAV", "PCM_16"),
            ("WAV", "PCM_24"),
            ("WAV", "FLOAT"),
            ("FLAC", "PCM_16"),
            ("WAV", "ULAW"),
        ):
            for rate in (8000, 16_000, 48_000):
                made = io.BytesIO()
                soundfile.write(made, noise[:, :channels], rate, format=kind, subtype=subtype)
                found.append(made.getvalue())
    return [*found, b"", b"RIFF", found[0][:44]]


@cache
def samples(reader: str) -> tuple[bytes, ...]:
    """Valid input of a kind."""
    match reader:
        case "routine":
            return tuple(written_out(path).encode() for path in own_routine_files())
        case "exercise":
            return (_EXERCISE.read_bytes(),)
        case "words":
            return (ENGLISH.file("exercises", _EXERCISE.name).read_bytes(),)
        case "sound":
            return tuple(_sounds())
        case "model":
            return tuple((our_model() / name).read_bytes() for name in _MODEL_FILES)
        case "typed":
            first = (b"start lower back stretch", b"how long left", b"my physio said ten press ups", b"pain eight")
            return (*first, b"remind me every day at half past six")
        case _ if reader in fuzz_home.SAMPLES:
            return fuzz_home.SAMPLES[reader]
        case _:
            kinds = {"sentences": _SENTENCES, "settings": _SETTINGS, "script": _SCRIPT, "memory": _REMEMBERED}
            return ({**kinds, "diary": _DIARY}.get(reader, _PROGRESS),)


def damaged(reader: str, seed: int) -> bytes:
    """Input of a kind, damaged or made in a way that the seed decides."""
    chance = random.Random(f"{reader} {seed}")  # noqa: S311
    if reader in MADE:
        return MADE[reader](chance)
    content = bytearray(chance.choice(samples(reader)))
    for _ in range(chance.choice((0, 1, 1, 2, 4, 12))):
        at = chance.randrange(len(content) + 1)
        length = chance.choice((1, 1, 2, 4, 30, 200))
        match chance.randrange(7):
            case 0:
                del content[at:]
            case 1:
                del content[at : at + length]
            case 2:
                content[at:at] = chance.choice(_PIECES)
            case 3:
                content[at : at + length] = chance.randbytes(length)
            case 4:
                content[at:at] = content[at : at + length] * chance.choice((1, 3))
            case 5 if at < len(content):
                content[at] ^= 1 << chance.randrange(8)
            case _:
                other = chance.choice(samples(reader))
                cut = chance.randrange(len(other) + 1)
                content[at:] = other[cut:]
    return bytes(content[:200_000])


def read(reader: str, content: bytes, folder: Path) -> str | None:
    """Have it read.

    Returns:
        Why it was refused; None: it was taken.

    Raises:
        Exception: Anything but an `AssistantError`: a defect.
    """
    path = folder / f"input.{_ENDINGS.get(reader, 'txt')}"
    path.write_bytes(content)
    try:
        READERS[reader](path)
    except AssistantError as error:
        assert all(line.strip() for line in error.lines())
        return error.why
    return None


def main(count: int = 20_000, only: Sequence[str] = ()) -> None:
    """So many inputs of each kind, or of some; prints what came of them, and fails on a defect."""
    defects = []
    with tempfile.TemporaryDirectory() as folder:
        for reader in only or READERS:
            begun, refused, slowest = time.monotonic(), 0, 0.0
            for seed in range(count):
                content = damaged(reader, seed)
                started = time.monotonic()
                try:
                    refused += read(reader, content, Path(folder)) is not None
                except Exception as error:  # noqa: BLE001 - that is what is looked for
                    defects.append(f"{reader} {seed}: {type(error).__name__}: {error}"[:300])
                slowest = max(slowest, time.monotonic() - started)
            took = time.monotonic() - begun
            print(f"{reader:10} {count} inputs, {refused} refused, slowest {slowest:.2f} s, {took:.0f} s", flush=True)
    print(*defects[:30], sep="\n")
    if defects:
        raise SystemExit(f"{len(defects)} inputs led to something else than an AssistantError.")
