"""A child process that loads a model and decodes a second of sound with it: ``python -m … FOLDER``.

libvosk ends the whole process over some damaged files, and never returns over others. What would do so to the
assistant does so here first. Exit code 0 means that the model can be used; libvosk's own messages go to stderr.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import numpy as np
import vosk

from assistant.audio.formats import RATE
from assistant.hearing.vosk_model.model_check import REFUSED

_ERRORS_ONLY = -2
_SPARE_MEMORY_BYTES = 4 << 30


class Folder(str):
    """A folder's name as libvosk's binding takes it: it encodes that as UTF-8, whatever bytes the name is made of."""

    __slots__ = ()

    def encode(self, encoding: str = "", errors: str = "") -> bytes:  # noqa: ARG002 - as of any text
        """The name's bytes."""
        return os.fsencode(str(self))


def main(folder: Path) -> int:
    """Load the model in a folder and decode with it; the exit code."""
    _limit_memory(folder)
    vosk.SetLogLevel(_ERRORS_ONLY)
    try:
        model = vosk.Model(Folder(folder))
        recognisers = [vosk.KaldiRecognizer(model, RATE)]
        if model.vosk_model_find_word("[unk]") >= 0:
            recognisers.append(vosk.KaldiRecognizer(model, RATE, json.dumps(["[unk]"])))
    except Exception:  # noqa: BLE001 - libvosk's binding raises nothing narrower; what it means is on stderr
        return REFUSED
    random = np.random.default_rng(0)
    sound = np.concatenate([np.zeros(RATE // 4), random.normal(0.0, 1000.0, RATE * 3 // 4)]).astype(np.int16)
    for recogniser in recognisers:
        recogniser.SetWords(True)
        for at in range(0, len(sound), RATE // 10):
            recogniser.AcceptWaveform(sound[at : at + RATE // 10].tobytes())
            recogniser.PartialResult()
        recogniser.FinalResult()
    return 0


def _limit_memory(folder: Path) -> None:
    """Let a size that was altered to something huge fail at once, instead of filling the machine's memory."""
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard == resource.RLIM_INFINITY:
        resource.setrlimit(resource.RLIMIT_AS, (4 * size + _SPARE_MEMORY_BYTES, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
