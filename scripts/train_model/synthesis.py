"""Synthetic voices: espeak-ng in many variants, flite, and festival where it is installed."""

# ruff: noqa: S311 - chance in training keeps no secrets
from __future__ import annotations

import io
import random
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
import soxr

from assistant.audio.formats import RATE, Sound
from scripts.train_model.texts import drawn_texts

_ESPEAK_ACCENTS = (
    "en-us",
    "en-us",
    "en-us",
    "en-gb",
    "en-gb-x-rp",
    "en-029",
    "en-us-nyc",
    "en-gb-x-gbclan",
    "en-gb-scotland",
)
_ESPEAK_VARIANTS = (
    "", "m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "f1", "f2", "f3", "f4", "f5", "klatt", "klatt2", "klatt3",
    "klatt4", "klatt6", "Alex", "Alicia", "Andrea", "Annie", "Gene", "Hugo", "Lee", "Michael", "adam", "belinda",
    "boris", "david", "ed", "edward", "grandma", "grandpa", "iven", "john", "linda", "max", "miguel", "norbert",
    "paul", "pedro", "quincy", "rob", "robert", "shelby", "steph", "travis", "victor", "zac", "croak", "whisper",
)  # fmt: skip
_FLITE = ("slt", "rms", "awb", "kal16")
_FESTIVAL = "kal_diphone"
_PATIENCE_S = 30

HELD_OUT_ACCENT = "en-gb-scotland"
HELD_OUT_VARIANTS = ("m4", "f3", "steph")
HELD_OUT_FLITE = "rms"


@dataclass(frozen=True)
class SyntheticUtterance:
    """A text and the synthetic voice that is to say it.

    Attributes:
        engine: ``espeak-ng``, ``flite`` or ``festival``.
        voice: The engine's name for the voice.
        text: The words.
        words_a_minute: The pace, for engines that take one.
        pitch: From 0 to 99, for engines that take one; 50 is the voice's own.
        stretch: The length relative to the voice's own, for engines that take that.
    """

    engine: str
    voice: str
    text: str
    words_a_minute: int = 160
    pitch: int = 50
    stretch: float = 1.0

    @property
    def speaker(self) -> str:
        """The voice's name with its engine."""
        return f"{self.engine}:{self.voice}"

    @property
    def held_out(self) -> bool:
        """Whether this voice is kept for judging."""
        accent, _, variant = self.voice.partition("+")
        return self.voice == HELD_OUT_FLITE or accent == HELD_OUT_ACCENT or variant in HELD_OUT_VARIANTS


class SpeechFailed(Exception):
    """An engine made no sound of a text."""


def planned(count: int, transcripts: Sequence[str], seed: int, *, held_out: bool = False) -> list[SyntheticUtterance]:
    """Who says what.

    Args:
        count: How many utterances.
        transcripts: Texts of recordings, for a part of what is said.
        seed: The same seed gives the same plan.
        held_out: Whether the voices are those that are kept for judging, or those that are trained on.
    """
    chance = random.Random(f"{seed} {held_out}")
    spoken = []
    for text in drawn_texts(count, transcripts, chance):
        while (drawn := _draw_voice(text, chance)).held_out != held_out:
            pass
        spoken.append(drawn)
    return spoken


def speak(spoken: SyntheticUtterance) -> Sound:
    """The sound of it, at `RATE`.

    Raises:
        SpeechFailed: The engine failed or was silent.
    """
    try:
        if spoken.engine == "espeak-ng":
            data = _run_for_output(
                [
                    "espeak-ng",
                    "-v",
                    spoken.voice,
                    "-s",
                    str(spoken.words_a_minute),
                    "-p",
                    str(spoken.pitch),
                    "--stdout",
                ],
                spoken.text,
            )
        elif spoken.engine == "flite":
            stretch = f"duration_stretch={spoken.stretch:.2f}"
            data = _run_for_file(["flite", "-voice", spoken.voice, "--setf", stretch, "-t", spoken.text, "-o"], "")
        else:
            data = _run_for_file(["text2wave", "-eval", f"(voice_{spoken.voice})", "-o"], spoken.text)
        samples, rate = soundfile.read(io.BytesIO(data), dtype="float32")
    except (OSError, subprocess.SubprocessError, soundfile.SoundFileError) as error:
        raise SpeechFailed(str(error)) from error
    if len(samples) == 0 or not np.any(samples):
        raise SpeechFailed("no sound came")
    return np.asarray(soxr.resample(samples, rate, RATE), np.float32)


def _draw_voice(text: str, chance: random.Random) -> SyntheticUtterance:
    festival = shutil.which("text2wave") is not None and chance.random() < 0.03  # it takes a second for each
    if festival:
        return SyntheticUtterance("festival", _FESTIVAL, text)
    if chance.random() < 0.22 and shutil.which("flite") is not None:
        return SyntheticUtterance("flite", chance.choice(_FLITE), text, stretch=chance.uniform(0.85, 1.3))
    variant = chance.choice(_ESPEAK_VARIANTS)
    accent = chance.choice(_ESPEAK_ACCENTS)
    voice = f"{accent}+{variant}" if variant else accent
    return SyntheticUtterance("espeak-ng", voice, text, chance.randint(115, 205), chance.randint(25, 75))


def _run_for_output(command: Sequence[str], text: str) -> bytes:
    done = subprocess.run(command, input=text.encode(), capture_output=True, check=True, timeout=_PATIENCE_S)
    return done.stdout


def _run_for_file(command: Sequence[str], text: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "speech.wav")
        subprocess.run([*command, str(path)], input=text.encode(), capture_output=True, check=True, timeout=_PATIENCE_S)
        return path.read_bytes()
